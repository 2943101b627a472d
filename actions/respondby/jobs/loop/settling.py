"""Bring cases to rest: decide, apply, read again, until there is nothing to do.

Reading again after writing is what makes two runs at once harmless (law 5): a twin comment removes itself, a record
that the other run overwrote is merged back, and an answer that never came is looked up instead of repeated. A case that
was read a while ago is read again before anything is done: somebody may have answered meanwhile.

Cases go in small groups, and what has to be read again of a group is read in one request.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from functools import partial
from typing import TypeVar

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.known import NOTHING_KNOWN, Companion, Known
from respondby.desk.ledger import EMPTY, Ledger
from respondby.forge.errors import CaseError, CaseGone, ForgeError, PartialAnswer, TooHeavy
from respondby.forge.gathering import gather_again
from respondby.jobs.effects import locked
from respondby.jobs.inputs.asking import ask_assignees, ask_pagers
from respondby.jobs.loop.budget import REST, urgency
from respondby.jobs.loop.deciding import Decided, decided, stands_alone, watched
from respondby.jobs.loop.report import Report, Settled
from respondby.jobs.loop.run import Run, mistake

LOG = logging.getLogger(__name__)

#: How often one case is read again in one run. Two runs that meet need two rounds, a companion one more; the
#: rest is left to the next sweep.
ROUNDS = 6

#: How many cases are read again at once.
TOGETHER = 10
#: A case that was read more than so many seconds ago, by the forge's clock, is read again before anything is done.
FRESH = 10

T = TypeVar("T")


@dataclass(slots=True)
class AtWork:
    """One case on its way to rest: what the run knows of it beside what the forge tells.

    `known` is what this run knows of it; `first` is what was decided when it was gathered. `resting` says that nothing
    is left to do, or that the next run has to go on.
    """

    case: Case
    now: Instant
    settled: Settled
    known: Known = NOTHING_KNOWN
    first: Decided | None = None
    asked: bool = False
    resting: bool = False
    done: bool = False

    def decide(self, run: Run) -> Decided:
        """What is to be done now, with what the run knows."""
        return decided(run.policy, self.case, self.now, run.others, run.log, self.known)

    def step(self, run: Run) -> None:
        """Do what is to be done now. Raises ForgeErrors that end the run, and what concerns this case alone."""
        found = self.first or self.decide(run)
        self.first = None
        if found.case.locked and found.plan and not run.whole:
            self._note(run, found)  # whom the last sweep called is known to sweeps alone
            self.resting = True
            return
        if found.plan and not self.asked:
            self.asked = True
            heard = ask_pagers(found.policy, found.history, run.secrets, self.now, run.applier.hung)
            self.settled.remarks.extend(heard.silent)
            found_out = heard.kept.merge(ask_assignees(run.client, found.history, found.plan, self.now))
            if found_out:
                self.known = self.known.remembering(found_out)
                found = self.decide(run)
        self._note(run, found)
        if found.plan.inside and not run.preview:
            companion = self._look_for_companion(run, found.case, found.history.ledger)
            if companion.problem and not found.plan:
                self.settled.failures.append(companion.problem)
            found = self.decide(run)
            self._note(run, found)
        if found.plan and not run.preview:
            self._apply(run, found)
        else:
            self.resting = True

    def _apply(self, run: Run, found: Decided) -> None:
        self.done = True
        applied = run.applier.apply(found.plan, found.history, self.now)
        self.known = self.known.remembering(applied.ledger)
        if found.case.locked and applied.ledger:
            locked.remember(run.logbook, found.case, applied.ledger, self.now)
        if self.known.companion is not None:
            self._look_for_companion(run, found.case, self.known.ledger(found.case))
        self.settled.done.extend(applied.done)
        self.settled.remarks.extend(applied.remarks)
        if applied.failures and not applied.uncertain:
            self.fail(*applied.failures)

    def _look_for_companion(self, run: Run, case: Case, ledger: Ledger) -> Companion:
        companion, gained = run.applier.others.companion_of(case, ledger)
        self.known = replace(self.known.remembering(gained), companion=companion)
        return companion

    def _note(self, run: Run, found: Decided) -> None:
        settled, plan = self.settled, found.plan
        run.latest[settled.number] = found
        settled.assessment, settled.next = found.assessment, plan.next
        settled.alone, settled.watched = stands_alone(found), watched(run.policy, found)
        settled.planned = settled.planned or plan
        settled.remarks.extend(remark for remark in plan.remarks if remark not in settled.remarks)

    def fail(self, *failures: str) -> None:
        """Leave it to the next run."""
        self.settled.failures.extend(failures)
        self.settled.next = self.now
        self.resting = True

    def vanish(self) -> None:
        """The issue is gone: nothing is owed on it any more."""
        self.settled.gone, self.settled.next = True, None
        self.resting = True


@dataclass(slots=True)
class _Ended(Exception):
    """The run cannot go on: at which case, and why."""

    ref: str
    error: ForgeError
    tried: set[int] = field(default_factory=set)


def settle_cases(run: Run, report: Report) -> None:
    """Bring every case of the run to rest, each within its fence; the report names them in their order."""
    cases = run.cases or []
    work = [_at_work(run, case) for case in cases]
    busy = sorted((at_work for at_work in work if not _rests(run, at_work)), key=_urgency)
    try:
        for group in _groups(busy):
            _settle(run, group)
    except _Ended as ended:
        report.failed.append(f"{ended.ref}: {ended.error}")
        report.complete = False
        left = [
            at_work
            for at_work in busy
            if at_work.settled.number not in ended.tried and not at_work.resting and not at_work.done
        ]
        if left:
            report.failed.append(
                f"the sweep ended there; {len(left)} case{'s were' if len(left) > 1 else ' was'} not looked at"
            )
        work = [at_work for at_work in work if at_work not in left and at_work.settled.number not in ended.tried]
    for one in _in_order(run, work):
        if isinstance(one, AtWork):
            _report(run, report, one)
        else:
            report.cases.append(one)
    run.finished = report.complete


def _in_order(run: Run, work: Sequence[AtWork]) -> Sequence[AtWork | Settled]:
    """What was gathered, by number, with what was let go as it was read; then what this run has opened or fetched."""
    if run.selection.numbers is not None:
        return work
    resting = run.resting.settled
    gathered = {case.number for case in run.gathered.cases}

    def place(one: AtWork | Settled) -> int:
        number = one.settled.number if isinstance(one, AtWork) else one.number
        return number if number in gathered or number in resting else sys.maxsize

    return sorted((*work, *resting.values()), key=place)


def _urgency(at_work: AtWork) -> tuple[int, int, int]:
    """The most urgent first, so that a limit in the middle cuts off the others; what could not be looked at last."""
    return (REST, at_work.now, at_work.settled.number) if at_work.first is None else urgency(at_work.first)


def _at_work(run: Run, case: Case) -> AtWork:
    settled = Settled(case.ref, case.number, case.title, next=run.now)
    return AtWork(
        case,
        run.now,
        settled,
        known=Known(
            run.selection.memory.get(case.number, EMPTY),
            updates=run.updates.get(case.number, {}),
            related=run.related.get(case.number, ()),
        ),
        first=run.decided.get(case.number),
    )


def _rests(run: Run, at_work: AtWork) -> bool:
    """Whether nothing is to be done, as the first look has shown; whether a companion follows its case is seen only by
    looking at it.
    """
    found = at_work.first
    if found is None or (found.plan and not run.preview) or (found.plan.inside and not run.preview):
        return False
    at_work._note(run, found)
    at_work.resting = True
    return True


def _groups(work: Sequence[AtWork]) -> Iterator[Sequence[AtWork]]:
    for first in range(0, len(work), TOGETHER):
        yield work[first : first + TOGETHER]


def _settle(run: Run, group: Sequence[AtWork]) -> None:
    """Rounds of deciding and applying, with one request between them that reads the whole group again."""
    for _ in range(ROUNDS):
        for place, at_work in enumerate(group):
            if not run.preview and run.client.clock - at_work.now > FRESH:
                _read_again(run, group[place:])
            if not at_work.resting:
                _fenced(at_work, partial(at_work.step, run))
        group = [at_work for at_work in group if not at_work.resting]
        if not group:
            return
        _read_again(run, group)
    for at_work in group:
        if not at_work.resting:
            at_work.fail(f"{at_work.case.ref} did not come to rest in {ROUNDS} rounds; the next run goes on")


def _read_again(run: Run, group: Iterable[AtWork]) -> None:
    """The cases as they are now."""
    waiting = {at_work.case.number: at_work for at_work in group if not at_work.resting}
    if not waiting:
        return
    first = next(iter(waiting.values()))
    try:
        again = gather_again(run.client, list(waiting), run.gathered.us)
    except ForgeError as error:
        raise _Ended(first.case.ref, error) from error
    for number, at_work in waiting.items():
        if number in again.gone:
            at_work.vanish()
        elif number in again.failed:
            at_work.fail(again.failed[number])
        else:
            at_work.case, at_work.now, at_work.first = again.cases[number], again.now, None


def _fenced(at_work: AtWork, step: Callable[[], None]) -> None:
    try:
        step()
    except CaseGone:
        at_work.vanish()
    except (CaseError, TooHeavy, PartialAnswer) as error:
        at_work.fail(str(error))
    except ForgeError as error:
        raise _Ended(at_work.case.ref, error, {at_work.case.number}) from error
    except Exception as error:
        LOG.exception("%s: a mistake in respondby", at_work.case.ref)
        at_work.fail(mistake(error))


def _report(run: Run, report: Report, at_work: AtWork) -> None:
    settled, opened = at_work.settled, run.opened.done
    settled.done[:0] = [opened[settled.number]] if settled.number in opened else []
    report.cases.append(settled)
    report.failed.extend(f"{settled.ref}: {failure}" for failure in settled.failures)
    if run.whole and not settled.failures:
        run.revisited.visited(run.log, at_work.case, settled.next, run.now)
