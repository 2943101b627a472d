"""The queue's issue: what to answer next, as it stands.

Links to cases are relative: an address, or `#7`, would leave a cross-reference in each case's timeline.
"""

from __future__ import annotations

from collections.abc import Iterable

from respondby.letters.neutral import flat, inline
from respondby.letters.report.markdown import section_text
from respondby.letters.report.paper import Cell, PaperSection
from respondby.letters.report.words import Voice
from respondby.letters.templates import with_marker
from respondby.policy.model.policy import Policy
from respondby.reports.queue_standing import StandingQueue, StandingRow

#: In place of what is not there.
_NONE = Cell("–")


def queue_title(policy: Policy, voice: Voice) -> str:
    """The title of the issue."""
    return flat(voice.say("queue", "title", desk=voice.name(policy.desk)), 200)


def render_queue(standing: StandingQueue, policy: Policy, marker: str, voice: Voice) -> str:
    """Its whole text."""
    parts = [voice.say("queue", "lead", zone=inline(policy.timezone))]
    parts += [section_text(section) for section in _sections(standing, voice)]
    if not standing.rows:
        parts.append(voice.say("queue", "empty"))
    if standing.more:
        parts.append(voice.say("queue", "more"))
    return with_marker("\n\n".join(parts), marker, voice.speaking)


def _sections(standing: StandingQueue, voice: Voice) -> Iterable[PaperSection]:
    late = [row for row in standing.rows if row.part == "owed" and row.overdue]
    owed = [row for row in standing.rows if row.part == "owed" and not row.overdue]
    for name, rows in (("past-due", late), ("owed", owed)):
        yield from _section(
            name, voice, ("case", "due", "promise", "owner", "turn"),
            [
                (_case(row), _due(row, voice), _promise(row, voice), _owner(row, voice), _turn(row, voice))
                for row in rows
            ],
        )  # fmt: skip
    yield from _section(
        "unpromised", voice, ("case", "opened", "owner"),
        [
            (_case(row), Cell(voice.moment(row.opened)), _owner(row, voice))
            for row in standing.rows if row.part == "unpromised"
        ],
    )  # fmt: skip
    yield from _section(
        "waiting", voice, ("case", "paused", "turn", "owner"),
        [
            (_case(row), _paused(row, voice), _turn(row, voice), _owner(row, voice))
            for row in standing.rows if row.part == "waiting"
        ],
    )  # fmt: skip


def _section(name: str, voice: Voice, columns: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> Iterable[PaperSection]:
    if rows:
        yield PaperSection(name, voice.say("queue", name), voice.column(*columns), tuple(rows))


def _case(row: StandingRow) -> Cell:
    return Cell(f"#{row.number} {row.title}", f"../issues/{row.number}")


def _promise(row: StandingRow, voice: Voice) -> Cell:
    return Cell(f"{voice.clock(row.clock)} ({row.group})" if row.group else voice.clock(row.clock))


def _due(row: StandingRow, voice: Voice) -> Cell:
    return _NONE if row.due is None else Cell(voice.moment(row.due))


def _owner(row: StandingRow, voice: Voice) -> Cell:
    return Cell(", ".join(row.owners) or voice.say("nobody"))


def _turn(row: StandingRow, voice: Voice) -> Cell:
    return Cell(voice.say("state", {"us": "us", "customer": "customer", "hold": "others"}[row.turn]))


def _paused(row: StandingRow, voice: Voice) -> Cell:
    """Which clocks stand still since when; since when it waits, where none does."""
    pauses = [voice.say("queue", "since", clock=voice.clock(clock), at=voice.moment(at)) for clock, at in row.paused]
    if not pauses and row.since is not None:
        pauses = [voice.moment(row.since)]
    return Cell(", ".join(pauses)) if pauses else _NONE
