"""How a scenario says when: bare, relative, by weekday, or whole.

    10:05        that day's: the local date of the step before
    +20m         after the step before; elapsed time (`+1s`, `+1h30m`, `+2 days`)
    mon 09:00    the first Monday 09:00 at or after the step before
    2026-12-24T10:00, with an offset or local

What a local time means where clocks change is rule 5, in `calendars.instants`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo

from respondby.calendars.durations import parse_duration
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, parse_time, people_clock, people_date, resolve, wall

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

SAYINGS = "Write `10:05`, `+20m`, `mon 09:00` or `2026-12-24T10:00`."

_CLOCK = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?")
_WEEKDAY = re.compile(rf"(?P<day>{'|'.join(WEEKDAYS)})\s+(?P<clock>\S+)", re.IGNORECASE)
_WHOLE = re.compile(r"\d{4}-\d\d-\d\d.*")


def instant(text: str, zone: tzinfo, before: Instant) -> Instant:
    """The instant that `text` names, read after a step at `before`; a `TimeError` says what to write instead."""
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return parse_time(text, zone)
    if text.startswith("+"):
        return before + elapsed(text[1:].strip())
    day = wall(before, zone).date()
    if found := _WEEKDAY.fullmatch(text):
        return _by_weekday(WEEKDAYS.index(found["day"].lower()), _clock(found["clock"]), zone, before)
    return resolve(datetime.combine(day, _clock(text)), zone)


def elapsed(text: str) -> int:
    """Seconds of an elapsed duration (rule 1: what is measured on a calendar is none)."""
    duration = parse_duration(text)
    if duration.business:
        raise TimeError("this is open time, and a scenario has no calendar; write one such as `20m` or `2 days`")
    return duration.seconds


def time_words(at: Instant, zone: tzinfo, *, day: date | None = None) -> str:
    """An instant as the output says it: `Mon 28 Dec, 17:30`, without the date where it is that of `day`."""
    shown = wall(at, zone)
    clock = people_clock(shown)
    return clock if shown.date() == day else f"{people_date(shown).rsplit(' ', 1)[0]}, {clock}"


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise TimeError(f"this is not a time. {SAYINGS}")
    try:
        return time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        raise TimeError(f"there is no such time of day. {SAYINGS}") from None


def _by_weekday(weekday: int, clock: time, zone: tzinfo, before: Instant) -> Instant:
    first = wall(before, zone).date()
    first += timedelta(days=(weekday - first.weekday()) % 7)
    found = resolve(datetime.combine(first, clock), zone)
    return found if found >= before else resolve(datetime.combine(first + timedelta(days=7), clock), zone)
