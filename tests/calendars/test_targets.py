"""Targets as they are written after `within` and `by`."""

from datetime import datetime

import pytest
from tests.calendars.support import at

from respondby.calendars.durations import Duration
from respondby.calendars.errors import TimeError
from respondby.calendars.targets import (
    At,
    ByArgument,
    EndOf,
    Handover,
    Promise,
    Within,
    parse_by,
    parse_promise,
    parse_within,
)


@pytest.mark.parametrize(
    "text, target",
    [
        ("end of business day", EndOf("business day", following=False)),
        ("end of next business day", EndOf("business day", following=True)),
        ("End of  Week", EndOf("week", following=False)),
        ("end of next week", EndOf("week", following=True)),
        ("end of sprint", EndOf("sprint", following=False)),
        ("end of next sprint", EndOf("sprint", following=True)),
        ("2026-12-01T17:00", At(datetime(2026, 12, 1, 17))),
        ("2026-12-01", At(datetime(2026, 12, 1))),
        ("/agree.until", ByArgument("/agree", "until")),
        ("/workaround.revert-by", ByArgument("/workaround", "revert-by")),
        ("handover", Handover()),
    ],
)
def test_a_by_is_read_and_written_back(text: str, target: Promise) -> None:
    assert parse_by(text) == target
    assert parse_promise(str(target)) == target


def test_a_within_is_written_back_too() -> None:
    assert (
        parse_promise("within 4 business hours") == parse_within("4 business hours") == Within(Duration(14_400, True))
    )


@pytest.mark.parametrize(
    "text, says",
    [
        ("end of day", "did you mean “end of business day”"),
        ("end of buisness day", "did you mean “end of business day”"),
        ("end of the next week", "did you mean “end of next week”"),
        ("friday", "write end of business day"),
        ("", "write end of business day"),
        ("/agree", "write end of business day"),
        ("/agree.until.then", "write end of business day"),
        ("2026-02-30", "day is out of range"),
        ("2026-12-01T25:00", "00:00 to 24:00"),
        ("4 business hours", "is not a time"),
        (5, "must be text"),
    ],
)
def test_what_is_no_by_says_what_to_write(text: object, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        parse_by(text)


@pytest.mark.parametrize("text", ["30m", "until friday", ""])
def test_a_target_without_its_kind_is_refused(text: str) -> None:
    with pytest.raises(TimeError, match="begins with within or by"):
        parse_promise(text)


def test_an_instant_is_a_target_too() -> None:
    assert At.instant(at("2026-12-01T17:00")).resolved("Asia/Karachi") == at("2026-12-01T17:00")
    assert str(At.instant(at("2026-12-01T17:00"))) == "by 2026-12-01T16:00Z"
