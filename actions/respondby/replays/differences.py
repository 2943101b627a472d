"""What is another under the other policy, of one case: promises by the moment that began them, calls by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.replays.playing import CallMade, Outcome, PromiseOutcome, Replay


class Moved(NamedTuple):
    """A promise that is another. `clock` is its name under the head; a side is None where it is not promised."""

    clock: str
    before: PromiseOutcome | None
    after: PromiseOutcome | None

    @property
    def by(self) -> int:
        """By how many seconds its due moved; 0 where it did not, or there is none on one side."""
        if self.before is None or self.after is None or self.before.due is None or self.after.due is None:
            return 0
        return self.after.due - self.before.due

    @property
    def outcomes(self) -> tuple[Outcome | None, Outcome | None]:
        """What became of it before and after; None where it was not promised."""
        return (
            None if self.before is None else self.before.outcome,
            None if self.after is None else self.after.outcome,
        )


@dataclass(frozen=True, slots=True)
class PlayedTwice:
    """A case under both policies; `opened` is when it was."""

    ref: str
    url: str
    title: str
    opened: Instant
    before: Replay
    after: Replay

    @property
    def customer(self) -> str:
        """Whose case it is, by the head where that knows it."""
        return self.after.customer or self.before.customer


@dataclass(frozen=True, slots=True)
class Difference:
    """What is another in one case: its promises, calls that are made no more, and calls that are made instead."""

    case: PlayedTwice
    moved: tuple[Moved, ...] = ()
    gone: tuple[CallMade, ...] = ()
    new: tuple[CallMade, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.moved or self.gone or self.new)


def compare(case: PlayedTwice, renamed: Mapping[str, str]) -> Difference:
    """The difference of one case. `renamed` has the names of then of clocks that have another one under the head."""
    before = {(renamed.get(one.clock, one.clock), one.source): one for one in case.before.promises}
    after = {(one.clock, one.source): one for one in case.after.promises}
    moved = tuple(
        Moved(key[0], before.get(key), after.get(key))
        for key in dict.fromkeys((*before, *after))
        if _differ(before.get(key), after.get(key))
    )
    return Difference(
        case,
        moved,
        tuple(_beyond(case.before.calls, case.after.calls)),
        tuple(_beyond(case.after.calls, case.before.calls)),
    )


def _differ(before: PromiseOutcome | None, after: PromiseOutcome | None) -> bool:
    """Whether a promise is another; what promises nothing on either side is none."""
    if before is not None and after is not None:
        return before[2:] != after[2:]
    either = before or after
    return either is not None and either.outcome != "none"


def _beyond(ours: tuple[CallMade, ...], theirs: tuple[CallMade, ...]) -> Iterator[CallMade]:
    """Calls that the other side does not make: the same person in the same way at the same instant is the same call."""
    left = Counter(_same(call) for call in theirs)
    for call in ours:
        if left[_same(call)]:
            left[_same(call)] -= 1
        else:
            yield call


def _same(call: CallMade) -> tuple[Instant, str, str, str]:
    return call.at, call.person.lower(), call.verb, call.night
