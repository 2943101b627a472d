"""What people type and read at `respondby deadline`: times relative to now, and an explanation at 80 columns."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

from respondby.calendars.dated import read_span
from respondby.calendars.durations import people_seconds
from respondby.calendars.errors import TimeError
from respondby.calendars.explaining import Explanation, Step
from respondby.calendars.instants import (
    FOREVER,
    Instant,
    iso,
    parse_time,
    people_clock,
    people_date,
    people_instant,
    people_time,
    read_date,
    read_time,
    resolve,
    wall,
    zone,
)
from respondby.calendars.spans import Pair
from respondby.calendars.weeks import read_weekday
from respondby.terminal import fitted, width

# More rows than this are shown by their beginning and their end.
_MOST_ROWS = 24

#: What a step is takes so many columns at least beside its times; else it stands below them.
_LEAST = 26

_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1}
_SPOKEN = re.compile(r"(?:(?P<day>[a-z]+) +)?(?P<clock>\d\d:\d\d)", re.ASCII)


def read_begin(text: str, now: Instant, where: tzinfo) -> Instant:
    """`now`, `16:00`, `tomorrow 09:00`, `fri 16:00` (today or the first one to come) or ISO 8601, local in `where`."""
    words = text.strip().lower()
    if words == "now":
        return now
    spoken = _SPOKEN.fullmatch(words)
    if not spoken:
        return parse_time(text, where)
    today = wall(now, where).date()
    day = spoken["day"] or "today"
    days = _DAYS[day] if day in _DAYS else (read_weekday(day) - today.weekday()) % 7
    return resolve(read_time(f"{today + timedelta(days=days)}T{spoken['clock']}"), where)


def is_day(text: str) -> bool:
    """Is it a day as people say it: `tomorrow`, `fri`, `2026-12-24`?"""
    try:
        read_day(text, 0, zone("UTC"))
    except TimeError:
        return False
    return True


def read_day(text: str, now: Instant, where: tzinfo) -> date:
    """`today`, `tomorrow`, `yesterday`, a weekday (today or the first one to come) or a date."""
    words = text.strip().lower()
    today = wall(now, where).date()
    if words in _DAYS:
        return today + timedelta(days=_DAYS[words])
    if words[:1].isalpha():
        return today + timedelta(days=(read_weekday(words) - today.weekday()) % 7)
    return read_date(words)


def read_pause(text: str, where: tzinfo) -> Pair:
    """A pause, `T/T` as in a policy; without its end (`T/`) it goes on."""
    if text.endswith("/"):
        return parse_time(text[:-1], where), FOREVER
    return read_span(text).pair(where)


def as_data(explanation: Explanation) -> dict[str, object]:
    """An explanation as JSON: instants in UTC, an unended pause's end and the due that it holds null."""
    return {
        "target": str(explanation.target),
        "from": iso(explanation.start),
        "due": _iso(explanation.due),
        "timezone": explanation.timezone,
        "rules": [{"rule": reason.rule, "text": reason.text} for reason in explanation.reasons],
        "steps": [
            {
                "from": iso(step.begin),
                "to": _iso(step.end),
                "is": step.kind,
                "seconds": step.counted,
                "total": step.total,
                "why": list(step.why),
            }
            for step in explanation.steps
        ],
    }


def as_text(explanation: Explanation, said: str, calendar: str) -> str:
    """An explanation as a table of its steps between the question and the answer."""
    where = zone(explanation.timezone)
    measured = f"on {calendar}" if explanation.on_calendar else "in elapsed time"
    question = f"{said} from {people_time(explanation.start, where)}, {measured} ({explanation.timezone})"
    lines = [*_wrapped(question, ""), ""]
    if explanation.steps:
        lines += [*_table(explanation.steps, where), ""]
    for reason in explanation.reasons:
        lines += _wrapped(f"{reason.text} ({_kept(f'rule {reason.rule}')})", "  ")
    lines += [*([""] if explanation.reasons else []), _due_line(explanation, where)]
    return "\n".join(fitted(line.replace("\xa0", " ") for line in lines))


def _due_line(explanation: Explanation, where: tzinfo) -> str:
    if explanation.due == FOREVER:
        return "due  not while it is paused"
    return f"due  {people_instant(explanation.due, where)}"


def _table(steps: tuple[Step, ...], where: tzinfo) -> Iterator[str]:
    """A row for each step that says something: nights and lunches show by the times around them."""
    rows = [step for step in steps if step.kind != "closed" or step.why or step is steps[0]]
    left_out = len(rows) - _MOST_ROWS
    if left_out > 0:
        half = _MOST_ROWS // 2
        yield from _rows(rows[:half], where)
        yield f"  … {left_out} more spans …"
        rows = rows[-half:]
    yield from _rows(rows, where)


def _rows(steps: Sequence[Step], where: tzinfo) -> Iterator[str]:
    spans, shown = [], None
    for step in steps:
        begin = wall(step.begin, where)
        spans.append(_span(begin, None if step.end == FOREVER else wall(step.end, where), shown))
        shown = begin.date()
    column = max(map(len, spans)) + 2
    if width() - column < _LEAST:
        for step, span in zip(steps, spans, strict=True):
            yield span
            yield from textwrap.wrap(_what(step), width(), initial_indent=" " * 6, subsequent_indent=" " * 8)
        return
    for step, span in zip(steps, spans, strict=True):
        first, *more = textwrap.wrap(_what(step), max(width() - column, 12))
        yield f"{span:<{column}}{first}".rstrip(" \xa0")
        yield from (f"{'':{column}}{line}" for line in more)


def _what(step: Step) -> str:
    if step.kind == "running":
        total = "" if step.total == step.counted else f" = {people_seconds(step.total)}"
        return f"{_kept(f'+ {people_seconds(step.counted):<11}')}{total}"
    if not step.why:
        return step.kind
    return f"{step.kind}: " + ", ".join(_kept(when) + bracket + why for when, bracket, why in _split(step.why))


def _split(reasons: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    return (reason.partition(" (") for reason in reasons)


def _kept(text: str) -> str:
    """Words that stay on one line."""
    return text.replace(" ", "\xa0")


def _span(begin: datetime, end: datetime | None, shown: date | None) -> str:
    """`  Fri 20 Nov 16:00 – 17:30`, the date only where it is another than the line above shows."""
    first = _day(begin) if begin.date() != shown else ""
    if end is None:
        last = "…"
    elif end.date() == begin.date():
        last = people_clock(end)
    else:
        last = f"{_day(end)} {people_clock(end)}"
    return f"  {first:<10} {people_clock(begin)} – {last}"


def _day(time: datetime) -> str:
    return people_date(time)[:-5]


def _iso(instant: Instant) -> str | None:
    return None if instant == FOREVER else iso(instant)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, width(), initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)
