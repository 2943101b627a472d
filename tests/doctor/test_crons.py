"""When a schedule is due, and how late its runs were."""

from __future__ import annotations

import re

import pytest

from respondby.calendars.crons import parse_cron
from respondby.calendars.instants import Instant, iso, parse_time
from respondby.doctor.findings import span
from respondby.jobs.inputs.lateness import Lateness, lateness


def at(text: str) -> Instant:
    """A time of January 2026: `5 09:00`, or a whole one."""
    day, _, time = text.partition(" ")
    return parse_time(text if "T" in text else f"2026-01-{int(day):02}T{time}:00Z", None)


@pytest.mark.parametrize(
    "line, after, due",
    [
        ("2-59/5 * * * *", "5 09:00", "5 09:02"),
        ("2-59/5 * * * *", "5 09:02", "5 09:07"),
        ("2-59/5 * * * *", "5 09:57", "5 10:02"),
        ("*/30 * * * *", "5 23:45", "6 00:00"),
        ("7 * * * *", "5 09:07", "5 10:07"),
        ("0 9,17 * * *", "5 09:00", "5 17:00"),
        ("0 9 * * 1-5", "9 10:00", "12 09:00"),
        ("0 9 * * MON", "5 09:00", "12 09:00"),
        ("0 9 * * SUN,6", "5 09:00", "10 09:00"),
        ("30 4 1 * *", "5 09:00", "2026-02-01T04:30:00Z"),
        ("30 4 1 mar *", "5 09:00", "2026-03-01T04:30:00Z"),
        ("0 0 29 2 *", "5 09:00", "2028-02-29T00:00:00Z"),
        ("0 0 13 * 5", "5 09:00", "9 00:00"),
        ("0 0 7 * 5", "5 09:00", "7 00:00"),
        ("10/20 0 * * *", "5 00:11", "5 00:30"),
        ("0 0 * */6 *", "5 09:00", "6 00:00"),
    ],
)
def test_a_line_is_due_next(line: str, after: str, due: str) -> None:
    found = parse_cron(line).after(at(after))
    assert found is not None
    assert iso(found) == iso(at(due))


@pytest.mark.parametrize(
    "after, due",
    [
        ("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z"),
        ("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
        ("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z"),
    ],
    ids=["the night in which it does not exist", "the night after", "the night in which it comes twice"],
)
def test_a_line_in_a_zone_goes_by_its_wall_clock(after: str, due: str) -> None:
    found = parse_cron("30 2 * * *", "Europe/Brussels").after(at(after))
    assert found is not None
    assert iso(found) == due


def test_a_line_that_no_day_satisfies_is_never_due() -> None:
    assert parse_cron("0 0 30 2 *").after(at("5 09:00")) is None


@pytest.mark.parametrize(
    "line, says",
    [
        ("* * * *", "is not five fields"),
        ("@hourly", "is not five fields"),
        ("60 * * * *", "`60` is not between 0 and 59"),
        ("* 24 * * *", "between 0 and 23"),
        ("* * 0 * *", "between 1 and 31"),
        ("* * * XYZ *", "`XYZ`"),
        ("*/0 * * * *", "has no step"),
        ("*/x * * * *", "has no step"),
        ("9-5 * * * *", "ends before it begins"),
        (", * * * *", "``"),
    ],
)
def test_a_line_that_github_would_not_take_says_why(line: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        parse_cron(line)


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../etc"])
def test_a_zone_that_does_not_exist_is_told(zone: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        parse_cron("* * * * *", zone)


@pytest.mark.parametrize(
    "runs, expected",
    [
        ([], None),
        (["5 09:00"], None),
        (["5 09:00", "5 09:05"], Lateness(3 * 60, 3 * 60, 3 * 60, 1)),
        (["5 09:00", "5 09:02"], Lateness(0, 0, 0, 1)),
        (["5 09:00", "5 12:02"], Lateness(3 * 3600, 3 * 3600, 3 * 3600, 1)),
        (["5 09:00", "5 09:02", "5 09:08", "5 09:15"], Lateness(60, 3 * 60, 3 * 60, 3)),
        (["5 09:02", "5 09:04"], Lateness(0, 0, 0, 1)),
    ],
    ids=["no run", "one run", "late", "on time", "dropped for hours", "several", "before it was due"],
)
def test_a_run_is_as_late_as_the_first_time_that_it_serves(runs: list[str], expected: Lateness | None) -> None:
    assert lateness([parse_cron("2-59/5 * * * *")], [at(run) for run in runs]) == expected


def test_of_twenty_waits_the_worst_is_no_part_of_the_95_of_100() -> None:
    starts = [at("5 09:02") + 300 * number for number in range(21)]
    starts[-1] += 3600
    found = lateness([parse_cron("2-59/5 * * * *")], starts)
    assert found == Lateness(0, 0, 3600, 20)


def test_of_two_lines_the_one_that_is_due_first_counts() -> None:
    crons = [parse_cron("0 * * * *"), parse_cron("30 * * * *")]
    assert lateness(crons, [at("5 09:10"), at("5 09:40")]) == Lateness(600, 600, 600, 1)


@pytest.mark.parametrize(
    "seconds, text",
    [
        (0, "0s"),
        (59, "59s"),
        (61, "1m"),
        (3 * 3600 + 20 * 60 + 5, "3h20m"),
        (86_400, "24h"),
        (12.5 * 86_400, "12 days"),
    ],
)
def test_lengths_are_said_for_people(seconds: float, text: str) -> None:
    assert span(seconds) == text
