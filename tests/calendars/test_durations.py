"""Durations as they are written (rules 1 and 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondby.calendars.durations import Duration, parse_duration, people_seconds
from respondby.calendars.errors import TimeError


@pytest.mark.parametrize(
    "text, duration",
    [
        ("90s", Duration(90)),
        ("30m", Duration(1800)),
        ("1h30m", Duration(5400)),
        ("1h30m15s", Duration(5415)),
        ("24h", Duration(86_400)),
        ("1 hour", Duration(3600)),
        ("15 minutes", Duration(900)),
        ("1 hour 30 min", Duration(5400)),
        (" 2  Hours ", Duration(7200)),
        ("1 day", Duration(86_400, in_days=True)),
        ("2 days", Duration(172_800, in_days=True)),
        ("1 day 12h", Duration(129_600, in_days=True)),
        ("1 week", Duration(604_800, in_days=True)),
        ("4 business hours", Duration(14_400, business=True)),
        ("1 business hour", Duration(3600, business=True)),
        ("90 business minutes", Duration(5400, business=True)),
        ("1 business day", Duration(0, business=True, business_days=1)),
        ("10 business days", Duration(0, business=True, business_days=10)),
    ],
)
def test_a_duration_is_read_and_written_back(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration
    assert parse_duration(str(duration)) == duration


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "not a duration; write one such as"),
        ("30", "not a duration"),
        ("h", "not a duration"),
        ("-2h", "not a duration"),
        ("+2h", "not a duration"),
        ("1.5h", "not a duration"),
        ("1h30", "not a duration"),
        ("30m1h", "not a duration"),
        ("1h 1h", "not a duration"),
        ("1h and 5m", "not a duration"),
        ("tomorrow", "not a duration"),
        ("½ hour", "not a duration"),
        ("٣٠m", "not a duration"),
        ("1 business hour 30 minutes", "not a duration"),
        ("2 bussiness hours", "did you mean “business”"),
        ("2 huors", "did you mean “hours”"),
        ("5 ms", "not a duration"),
        ("3 months", "not a duration"),
        ("4 business months", "not a duration"),
        ("0m", "is zero"),
        ("0 business days", "is zero"),
        ("0h0m", "is zero"),
        ("2 business weeks", "write business days"),
        ("999999999 hours", "longer than a century"),
        ("99999 business days", "longer than a century"),
        ("99999999999 hours", "longer than a century"),
        (30, "must be text"),
        (None, "must be text"),
    ],
)
def test_what_is_no_duration_says_what_to_write(text: object, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        parse_duration(text)


@given(st.integers(1, 10**9), st.booleans(), st.booleans())
def test_any_duration_reads_back(seconds: int, business: bool, in_days: bool) -> None:
    duration = Duration(seconds, business=business)
    assert parse_duration(str(duration)) == duration
    if in_days and seconds >= 86_400:
        assert parse_duration(str(Duration(seconds, in_days=True))) == Duration(seconds, in_days=True)


@pytest.mark.parametrize(
    "seconds, text", [(0, "0 s"), (45, "45 s"), (5400, "1 h 30 min"), (7200, "2 h"), (90_061, "25 h 1 min 1 s")]
)
def test_people_read_hours_and_minutes(seconds: int, text: str) -> None:
    assert people_seconds(seconds) == text
