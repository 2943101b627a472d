"""What to answer next, for a terminal of 40 columns and more: a line or two for each case, in three parts.

Titles and names are shown on one line, without control characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from respondby.calendars.durations import people_seconds
from respondby.calendars.instants import Instant, people_clock, people_date, people_instant, wall, zone
from respondby.letters.neutral import flat
from respondby.letters.when import speaking
from respondby.reports.queue import PARTS, Queue, QueueRow
from respondby.terminal import fold, width

_SPEAKING = speaking("en", "UTC")
_HEADS = {"owed": "To answer", "unpromised": "Nothing is promised", "waiting": "Waits for somebody else"}
_TURNS = {"us": "", "customer": "waits for the customer", "hold": "on hold"}
#: How wide what is left of the time stands before a case, where the terminal has room for it.
_LEFT = 14
_NARROW = 60
_TITLE = 120


def queue_lines(found: Queue) -> Iterator[str]:
    """The queue as it stood at its instant."""
    facts = found.facts
    where = zone(facts.policy.timezone)
    yield from fold(f"{_about(found)}, as of {people_instant(facts.now, where)}", "", "  ")
    for part in PARTS:
        rows = found.of(part)
        if rows:
            yield ""
            yield f"{_HEADS[part]} ({len(rows)})"
            for row in rows:
                yield from _row(row, where, facts.now)
    if not found.rows:
        yield ""
        yield "Nothing is open."


def _about(found: Queue) -> str:
    facts = found.facts
    said = [flat(facts.policy.desk, 60)]
    said += [flat(name, 60) for name in (facts.product, facts.customer) if name]
    if found.person is not None:
        said.append(f"of {flat(found.person, 60)}" if found.person else "of nobody")
    return ", ".join(said)


def _row(row: QueueRow, where: tzinfo, now: Instant) -> Iterator[str]:
    head = f"#{row.case.number} {flat(row.case.title, _TITLE)}"
    details = " · ".join(_details(row, where, now))
    left = _left(row, now)
    if width() < _NARROW:
        yield from fold(f"{left}  {head}" if left else head, "  ", "    ")
        yield from fold(details, "    ", "    ")
        return
    indent = " " * (_LEFT + 4)
    yield from fold(head, f"  {left:>{_LEFT}}  ", indent)
    yield from fold(details, indent, indent)


def _left(row: QueueRow, now: Instant) -> str:
    """What is left of the promise, or since when it waits."""
    if row.part == "owed":
        return f"{_rough(-row.left)} late" if row.overdue else _rough(row.left)
    since = row.case.opened if row.since is None else row.since
    return _SPEAKING.relative(since, now).replace(" hours", " h").replace(" minutes", " min") if now > since else ""


def _details(row: QueueRow, where: tzinfo, now: Instant) -> Iterator[str]:
    promise, case = row.promise, row.case
    if promise is not None and promise.due is not None:
        group = f" ({flat(promise.group, 40)})" if promise.group else ""
        yield f"{flat(promise.clock, 40)}{group} due {_time(promise.due, where, now)}"
    for run in row.paused:
        assert run.paused_since is not None, "only what stands still is told"
        yield f"{flat(run.clock, 40)} paused since {_time(run.paused_since, where, now)}"
    if row.part == "unpromised":
        yield f"opened {_time(case.opened, where, now)}"
    if _TURNS[row.turn]:
        yield _TURNS[row.turn]
    yield ", ".join(flat(one, 40) for one in case.assignees) or "nobody’s"
    yield from (flat(name, 40) for name in (case.product, case.customer) if name)


def _time(at: Instant, where: tzinfo, now: Instant) -> str:
    """A time of day; with its date where that is not today."""
    shown, today = wall(at, where), wall(now, where)
    clock = people_clock(shown)
    return clock if shown.date() == today.date() else f"{people_date(shown)}, {clock}"


def _rough(seconds: int) -> str:
    """To the minute where it is a minute and more: nobody plans by seconds that run away."""
    return people_seconds(seconds - seconds % 60 if seconds >= 60 else seconds)
