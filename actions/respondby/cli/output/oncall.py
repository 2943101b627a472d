"""Who answers, for a terminal of 80 columns: now and next, a time as a list, a month as a table, and what each carries.

What is told is `policy.people.roster`'s data, so this text and the JSON agree to the second. Names and reasons come
from files that anybody may propose: they are shown on one line, without control characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from textwrap import wrap
from typing import Any

from respondby.calendars.coverage import NIGHT, NOON
from respondby.calendars.instants import Instant, parse_time, people_clock, people_time, resolve, wall, zone
from respondby.letters.neutral import flat
from respondby.letters.when import speaking
from respondby.terminal import fitted, width

Facts = Mapping[str, Any]

_SPEAKING = speaking("en", "UTC")
_NAMES = 24
_CELL = 11
_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def now_text(facts: Facts) -> str:
    """Each rota: who is on call, until when, and who comes."""
    at = people_time(parse_time(facts["at"], None), zone(facts["timezone"]))
    lines = [*fitted([f"At {at} ({facts['timezone']})"])]
    for role, people in facts["answering"].items():
        lines += wrap(f"answering as {flat(role, 60)}: {names(people)}", width(), subsequent_indent="  ")
    for name, rota in facts["rotas"].items():
        where = zone(rota["timezone"])
        lines += ["", *_head(name, rota)]
        until = f"ends {ends}" if (ends := _relative(rota["until"], facts["at"])) else ""
        lines += _shift("now ", rota, where, until)
        for shift in rota["next"]:
            lines += _shift("then", shift, where, _relative(shift["since"], facts["at"]))
        if facts["person"] and not rota["next"]:
            lines += fitted([f"  then  {flat(facts['person'], 60)} has no turn in the year to come"])
        elif rota["until"] is None or not rota["next"]:
            lines += fitted(["  then  nobody, and no change is known"])
        if rota["shadows"]:
            lines += fitted([f"  shadowed by {', '.join(flat(role, 60) for role in rota['shadows'])}"])
    return "\n".join(lines)


def shifts_text(facts: Facts) -> str:
    """The shifts of a time, one a line, and what each person carries of it."""
    lines = []
    for name, rota in facts["rotas"].items():
        where = zone(rota["timezone"])
        lines += [*_head(name, rota)]
        for shift in rota["shifts"]:
            lines += _shift("", shift, where)
        lines += [*([] if rota["shifts"] else ["  no shift in this time"]), ""]
    return "\n".join([*lines, *figures_text(facts)])


def month_text(facts: Facts, year: int, month: int) -> str:
    """A month of each rota as a table of weeks, hand-overs with their time, and what each person carries of it."""
    lines = []
    for name, rota in facts["rotas"].items():
        lines += [
            f"{flat(name, 60)} · {_MONTHS[month - 1]} {year} · {rota['timezone']}",
            *_weeks(rota, year, month),
            "",
        ]
    return "\n".join([*lines, *figures_text(facts)])


def figures_text(facts: Facts) -> Iterator[str]:
    """A table of what each person carries, and how it is counted."""
    people: Facts = facts["figures"]["people"]
    where = zone(facts["timezone"])
    begin, end = (people_time(parse_time(facts[key], None), where) for key in ("from", "until"))
    yield from fitted([f"From {begin} until {end} ({facts['timezone']})"])
    if not people:
        yield "  nobody is on call"
        return
    yield f"  {'who':<{_NAMES}} {'shifts':>6} {'hours':>9} {'nights':>7} {'weekend days':>13} {'holidays':>9}"
    for who, carried in people.items():
        free = "–" if carried["holidays"] is None else carried["holidays"]
        yield (
            f"  {flat(who, _NAMES):<{_NAMES}} {carried['shifts']:>6} {hours(carried['hours']):>9}"
            f" {carried['nights']:>7} {carried['weekend_days']:>13} {free:>9}"
        )
    yield from wrap(counted(facts["figures"]["holidays_of"]), width(), initial_indent="  ", subsequent_indent="  ")


def counted(calendar: str | None) -> str:
    """How nights, weekends and holidays are counted, in words."""
    free = f"Holidays are the public ones of the calendar {flat(calendar, 60)}" if calendar else (
        "No calendar here knows public holidays"
    )  # fmt: skip
    return (
        f"A night is counted for whoever is on call at {NIGHT:%H:%M}, a Saturday, Sunday or holiday for whoever is at"
        f" {NOON:%H:%M}, on that person's own clock. {free}."
    )


def hours(number: float) -> str:
    """Hours for people: `168` or `7.5`."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def names(people: Iterable[str]) -> str:
    """People on one line; `nobody` for none."""
    return ", ".join(flat(who, 60) for who in people) or "nobody"


def reason(shift: Facts) -> str:
    """Why it is not the one whose turn it is: ` for fay, who is away` or ` for fay: Thanksgiving`."""
    stands_for, away = shift.get("instead_of", []), shift.get("away", [])
    text = ""
    if stands_for:
        gone = ", who is away" if stands_for == away else ""
        text = f"for {names(stands_for)}{gone}"
    if shift.get("outside"):
        return f"outside of {flat(shift['outside'], 60)}"
    if shift.get("on_purpose"):
        text = "on purpose"
    if why := shift.get("why"):
        text = f"{text}: {flat(why, 200)}" if text else flat(why, 200)
    return text


def _head(name: str, rota: Facts) -> list[str]:
    roles = ", ".join(flat(role, 60) for role in rota["roles"])
    text = f"{flat(name, 60)} ({rota['timezone']})" + (f", answers as {roles}" if roles else "")
    return wrap(text, width(), subsequent_indent="  ", break_on_hyphens=False)


def _relative(instant: str | None, at: str) -> str:
    """`in 3 days 22 hours`, from the instant that was asked about; nothing for none."""
    return "" if instant is None else _SPEAKING.relative(parse_time(instant, None), parse_time(at, None))


def _shift(label: str, shift: Facts, where: tzinfo, relative: str = "") -> list[str]:
    since = "…" if shift["since"] is None else people_time(parse_time(shift["since"], None), where)
    until = "…" if shift["until"] is None else people_time(parse_time(shift["until"], None), where)
    text = f"{label}  {since:>22} – {until:<22} {names(shift['on_call'])}" if label else (
        f"{since:>22} – {until:<22} {names(shift['on_call'])}"
    )  # fmt: skip
    if why := reason(shift):
        text += f" ({why})"
    text += f", {relative}" if relative else ""
    indent = " " * (len(label) + 4 + 46 if label else 2 + 47)
    return wrap(
        text, width(), initial_indent="  ", subsequent_indent=indent, break_on_hyphens=False, drop_whitespace=True,
        replace_whitespace=False,
    )  # fmt: skip


def _weeks(rota: Facts, year: int, month: int) -> Iterator[str]:
    where = zone(rota["timezone"])
    shifts = [(_instant(shift["since"]), _instant(shift["until"]), shift["on_call"]) for shift in rota["shifts"]]
    yield "".join(f" {day:<{_CELL - 1}}" for day in _WEEK).rstrip()
    first = date(year, month, 1)
    day = first - timedelta(days=first.weekday())
    while (day.year, day.month) <= (year, month):
        cells = []
        for number in range(7):
            shown = day + timedelta(days=number)
            cells.append(_cell(shown, shifts, where) if shown.month == month else [])
        for row in range(max(map(len, cells))):
            yield "".join(f" {cell[row] if row < len(cell) else '':<{_CELL - 1}}" for cell in cells).rstrip()
        day += timedelta(days=7)


def _cell(day: date, shifts: list[tuple[Instant | None, Instant | None, list[str]]], where: tzinfo) -> list[str]:
    """A date: its number, who is on call as it begins, and each change of that day with its time."""
    begin, end = (resolve(datetime.combine(day, datetime.min.time()) + timedelta(days=more), where) for more in (0, 1))
    lines = [str(day.day)]
    for since, until, people in shifts:
        if (since is not None and since >= end) or (until is not None and until <= begin):
            continue
        shown = [flat(who, _CELL - 1) for who in people] or ["–"]
        if since is None or since <= begin:
            lines += shown
            continue
        clock, *twice = people_clock(wall(since, where)).split()
        together = f"{clock} {shown[0]}"
        lines += [together, *shown[1:]] if len(together) < _CELL and not twice else [clock, *twice, *shown]
    return lines


def _instant(text: str | None) -> Instant | None:
    return None if text is None else parse_time(text, None)
