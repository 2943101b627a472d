"""All cases of a time under two policies: the differences, what they come to, and whether replays can be trusted here.

Two checks are always made. The base is played a second time, from a second reading of its text, and differs from the
first in no case. And what a replay under the base says was promised is what the record says, of every case that has
one of this policy; a case in which it is not is told, and is in no figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.renamed import former
from respondby.policy.model.policy import Policy
from respondby.replays.differences import Difference, PlayedTwice, compare
from respondby.replays.evidence import what_people_did
from respondby.replays.limits import Code, Limit, of_case, of_policies
from respondby.replays.playing import Replay, replay
from respondby.replays.recorded import as_recorded
from respondby.replays.totals import Totals, number_of, totals


class SelfCheck(NamedTuple):
    """`same` of `played` cases came to the same when the unchanged policy was played again; `agrees` of `recorded` are
    promised as their record says. `earlier` were promised by another policy, `unrecorded` by none that wrote it down.
    """

    played: int
    same: int
    recorded: int
    agrees: int
    earlier: int
    unrecorded: int

    @property
    def holds(self) -> bool:
        """Whether nothing differs that must not."""
        return self.same == self.played and self.agrees == self.recorded


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a change of the policy would have changed, of the cases that were opened in `[since, until)`.

    `first` says that there was no policy before. `differences` are those of cases in which anything differs.
    """

    since: Instant
    until: Instant
    first: bool
    totals: Totals
    differences: tuple[Difference, ...]
    check: SelfCheck
    limits: tuple[Limit, ...]


class Foreseeing:
    """The cases so far. `base` is None where there was no policy before, `again` is a second reading of the base (of
    the head where there is no base).
    """

    def __init__(self, base: Policy | None, again: Policy, head: Policy, since: Instant, until: Instant) -> None:
        self._limits = list(of_policies(base, head))
        self._base = _candidate(base) if base is not None else None
        self._again, self._head = _candidate(again), _candidate(head)
        self._customers_stand = base is None or base.customers == head.customers
        self._since, self._until = since, until
        self._renamed = dict(former(head))
        self._differences: list[Difference] = []
        self._about: dict[Code, list[str]] = {}
        self._ends: dict[Code, str] = {}
        self._played = self._same = self._recorded = self._agrees = self._earlier = self._unrecorded = 0

    def add(self, case: Case) -> None:
        """One case more."""
        policy = self._base or self._head
        evidence = what_people_did(policy, case)
        before, again = (replay(one, evidence, self._until) for one in (policy, self._again))
        other = what_people_did(self._head, case, customers_stand=self._customers_stand)
        after = before if self._base is None else replay(self._head, other, self._until)
        if self._left_out(case.ref, before, after):
            return
        self._played += 1
        self._same += before == again
        if self._base is not None and not self._is_as_recorded(case, before):
            self._note("unlike-its-record", case.ref)
            return
        for code in of_case(self._head, case, other, after):
            self._note(code, case.ref)
        played = PlayedTwice(
            case.ref, case.url, case.title, case.created, before if self._base is not None else Replay(), after
        )
        self._differences.append(compare(played, self._renamed))

    def unread(self, failed: Iterable[tuple[str, str]]) -> None:
        """Cases that could not be read, and why."""
        self._limits.extend(Limit("unread", (ref,), why) for ref, why in failed)

    def finish(self) -> Foreseen:
        """What it all comes to."""
        self._differences.sort(key=lambda one: number_of(one.case.ref))
        return Foreseen(
            self._since,
            self._until,
            self._base is None,
            totals(self._differences, self._renamed),
            tuple(one for one in self._differences if one),
            SelfCheck(self._played, self._same, self._recorded, self._agrees, self._earlier, self._unrecorded),
            tuple(self._found()),
        )

    def _left_out(self, ref: str, before: Replay, after: Replay) -> bool:
        ends: tuple[tuple[Code, Replay], ...] = (("base-ends", before), ("head-ends", after))
        for code, played in ends:
            if played.problem:
                self._note(code, ref)
                self._ends.setdefault(code, played.problem)
                return True
        return False

    def _is_as_recorded(self, case: Case, before: Replay) -> bool:
        assert self._base is not None, "a record is compared with the policy that wrote it"
        found = as_recorded(self._base, case, self._until)
        if found.by == "this":
            self._recorded += 1
            same = Counter(found.promises) == Counter(before.promises)
            self._agrees += same
            return same
        if found.by == "earlier":
            self._earlier += 1
        else:
            self._unrecorded += 1
        return True

    def _note(self, code: Code, ref: str) -> None:
        self._about.setdefault(code, []).append(ref)

    def _found(self) -> Iterator[Limit]:
        for code, refs in self._about.items():
            ordered = tuple(sorted(refs, key=number_of))
            yield Limit(code, ordered, self._ends.get(code, ""))
        yield from self._limits


def _candidate(policy: Policy) -> Policy:
    """The policy as it would judge everything: at work, since ever, and whatever commit it is of."""
    return replace(policy, mode="live", since=None, commit=None, committed=None)
