"""What a sweep reads: everything, or, with a cache, what was touched and what has come due since the one before.

Laws:

- With the cache a sweep does what it would have done without; what it does not read is what cannot have changed.
- Whatever an earlier sweep's knowledge rested on and is not a case's own timeline (the policy's texts, its teams, the
  repository's labels, maintenance windows of other cases) is part of its basis: where that differs, everything is read.
- A case that depends on more than that (an issue of ours, a locked one, one that waits for a merge or has a companion)
  is read each time.
- What could not be looked at is due at once; a sweep that ended early leaves the cache as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.forge.gathering import Gathered, gather_open
from respondby.forge.intake import LetGo
from respondby.forge.touched import gather_touched
from respondby.jobs.inputs.desk import CLOSED_LATELY, Desk
from respondby.jobs.inputs.maintenance import maintenance_windows
from respondby.jobs.inputs.policy_in_force import RunPolicy, run_policy, with_versions
from respondby.jobs.inputs.sweep_cache import OVERLAP, Rest, SweepCache, basis_of, rested
from respondby.jobs.loop.report import Report
from respondby.jobs.loop.resting import Resting


@dataclass(frozen=True, slots=True)
class SweepInput:
    """What a sweep has read. `rest` says which cases it need not look at (None: it read them all); `basis` names what
    rest may be decided by from here on. `resting` are the cases that were read and let go.
    """

    gathered: Gathered
    policy: RunPolicy
    rest: Rest | None = None
    basis: str = ""
    resting: Resting = field(default_factory=Resting)

    @property
    def read(self) -> frozenset[int]:
        """The numbers of all cases that were read."""
        return frozenset(self.resting.settled.keys() | {case.number for case in self.gathered.cases})


def gather_sweep(desk: Desk, cache: SweepCache | None) -> SweepInput:
    """Read what this sweep has to look at. Raises NoPolicy, and ForgeErrors."""
    known = cache.load() if cache is not None else None
    if cache is None or known is None:
        return _everything(desk)
    gathered = gather_touched(
        desk.client, max(0, known.at - OVERLAP), known.always, due=known.due, identify=desk.identify
    )
    why = known.fails_at(gathered.now)
    if why is not None:
        cache.remark = why
        return _everything(desk)
    policy = run_policy(desk, gathered)
    basis = _basis(gathered, policy)
    if basis != known.basis or policy.in_force.policy.mode != "live":
        return _everything(desk)
    return SweepInput(gathered, policy, known, basis)


def keep_rest(cache: SweepCache, found: SweepInput, report: Report) -> None:
    """What the next sweep may rely on, from what this one has found; tells in its report when the rest is due."""
    known, remark = found.rest, cache.remark
    if report.complete and not report.dry and found.policy.in_force.policy.mode == "live":
        next_looks: dict[int, Instant | None] = dict.fromkeys(found.read)
        gone = {settled.number for settled in report.cases if settled.gone}
        next_looks.update((case.number, case.next) for case in report.cases if case.number and not case.gone)
        always = next_looks.keys() - {settled.number for settled in report.cases if settled.alone}
        watched = {settled.number for settled in report.cases if settled.watched}
        for number in _unread(found.gathered):
            next_looks[number] = found.gathered.now
        if known is not None:  # read for, and not there any more
            asked = known.always | known.due(found.gathered.now)
            gone |= asked - next_looks.keys()
        cache.save(rested(known, found.gathered.now, found.basis, next_looks, gone, always, watched))
    report.remarks.extend(why for why in (remark, cache.remark) if why)
    if known is not None:
        report.resting = len(known.next_looks) - len(found.gathered.cases)
        comings = (report.coming, known.next_of_others(found.read))
        report.coming = min((at for at in comings if at is not None), default=None)
    report.wanted_at = report.wanted(None if known is None else known.next_of_others(found.read, watched=True))


def _everything(desk: Desk) -> SweepInput:
    """Every case is looked at as it is read; the policy comes with the first page of them."""
    resting = Resting()
    known: list[RunPolicy] = []

    def looking(about: Gathered) -> LetGo:
        known.append(run_policy(desk, about))
        return resting.looking(known[0].in_force.policy, about.now)

    gathered = gather_open(desk.client, identify=desk.identify, closed_within=CLOSED_LATELY, looking=looking)
    policy = with_versions(known[0], desk, gathered)
    return SweepInput(gathered, policy, None, _basis(gathered, policy), resting)


def _basis(gathered: Gathered, policy: RunPolicy) -> str:
    in_force = policy.in_force
    windows = maintenance_windows(in_force.policy, gathered.cases)
    return basis_of(
        gathered.us.home,
        gathered.default_branch,
        gathered.policy.text,
        sorted(in_force.files.items()),
        sorted(in_force.policy.teams.items()),
        sorted(gathered.labels.items()),
        [repr(window) for window in windows],
    )


def _unread(gathered: Gathered) -> Iterator[int]:
    """The numbers of cases that could not be read."""
    for ref, _ in gathered.failed:
        number = ref.rpartition("#")[2]
        if number.isdigit():
            yield int(number)
