"""Workarounds: temporary changes that somebody made and has to undo, several of them side by side.

Laws:

- Each has a number, from 1 in the order in which they were said on the case; it keeps it.
- `/reverted` undoes one: the one whose number or comment it names, or the only one in place. Where it names none and
  several are in place, nobody can tell, and it is refused; so is one that names what is not in place.
- A policy whose `/reverted` takes no reference undoes all that are in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import UTC, Instant, parse_time
from respondby.dataclass import dataclass
from respondby.desk.case import Actor
from respondby.desk.history import Invocation
from respondby.desk.refusals import Refusal
from respondby.policy.model.built_in import REVERTED, WORKAROUND
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import ArgumentType, Command

#: Among what a command was given: the source of what it refers to. No argument of a policy can have this name.
MEANT = "#"

_NUMBER = re.compile(r"#?(\d{1,12})")
_COMMENT = re.compile(r"issuecomment-(\d+)$")
_MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Workaround:
    """One temporary change: what was done, the value before (None: not said), until when it may stay (None: not said).

    `source` is the command's, `comment` its comment's REST id (0: gone). `reverted` is when it was undone (None: it is
    in place), by whom.
    """

    number: int
    what: str
    original: str | None
    until: Instant | None
    by: Actor
    since: Instant
    source: str
    comment: int
    reverted: Instant | None = None
    reverted_by: Actor | None = None

    @property
    def shown(self) -> str:
        """Its number and what it is, on one line."""
        line = " ".join(self.what.split())
        short = line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1].rstrip()}…"
        return f"{self.number}: {short}" if short else str(self.number)


def workarounds(policy: Policy, invocations: Iterable[Invocation]) -> tuple[Workaround, ...]:
    """Every workaround of a case, from what was said on it, in order."""
    command = policy.commands.get(WORKAROUND)
    found: list[Workaround] = []
    for invocation in invocations:
        if invocation.verdict != "accepted":
            continue
        if invocation.word == WORKAROUND and command is not None:
            found.append(_made(command, invocation, len(found) + 1))
        elif invocation.word == REVERTED:
            found = [_undone(workaround, invocation) for workaround in found]
    return tuple(found)


def standing(policy: Policy, invocations: Iterable[Invocation]) -> tuple[Workaround, ...]:
    """Those that are in place."""
    return tuple(workaround for workaround in workarounds(policy, invocations) if workaround.reverted is None)


def refer(policy: Policy, command: Command, given: Mapping[str, str], earlier: Iterable[Invocation]) -> str | Refusal:
    """The source of the workaround that a `/reverted` means, "" for all of them, or why nobody can tell."""
    open_ = standing(policy, earlier)
    if not open_:
        return Refusal.of("nothing-in-place", word=command.word)
    refs = [argument.name for argument in command.takes if argument.type == "ref"]
    if not refs:
        return ""
    reference = given.get(refs[0])
    shown = tuple(workaround.shown for workaround in open_)
    if reference is None:
        return open_[0].source if len(open_) == 1 else Refusal.of("which-in-place", word=command.word, standing=shown)
    number, comment = _NUMBER.fullmatch(reference), _COMMENT.search(reference)
    for workaround in open_:
        if (number and workaround.number == int(number[1])) or (comment and workaround.comment == int(comment[1])):
            return workaround.source
    return Refusal.of("not-in-place", said=reference, standing=shown)


def _made(command: Command, invocation: Invocation, number: int) -> Workaround:
    """The first text that the command takes is what was done, the second what was there before, the time until when."""
    texts = _given(command, invocation, "text")
    times = _given(command, invocation, "time")
    return Workaround(
        number=number,
        what=texts[0] if texts else "",
        original=texts[1] if len(texts) > 1 else None,
        until=_instant(times[0]) if times else None,
        by=invocation.by,
        since=invocation.at,
        source=invocation.source,
        comment=invocation.number,
    )


def _given(command: Command, invocation: Invocation, kind: ArgumentType) -> list[str]:
    return [
        invocation.args[argument.name]
        for argument in command.takes
        if argument.type == kind and argument.name in invocation.args
    ]


def _instant(text: str) -> Instant | None:
    """A time as it was made absolute; the record is ours, but it is read as if it were not."""
    try:
        return parse_time(text, UTC)
    except TimeError:
        return None


def _undone(workaround: Workaround, invocation: Invocation) -> Workaround:
    if workaround.reverted is not None or invocation.args.get(MEANT, workaround.source) != workaround.source:
        return workaround
    return replace(workaround, reverted=invocation.at, reverted_by=invocation.by)
