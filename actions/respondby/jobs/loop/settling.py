"""The loop over one case: assess, decide, apply, read again, until there is nothing to do.

Reading again after writing is what makes two runs at once harmless (law 5): a twin comment removes itself, a record
that the other run overwrote is merged back, and an answer that never came is looked up instead of repeated. A case that
was read a while ago is read again before anything is done: somebody may have answered meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from respondby.calendars.instants import Instant
from respondby.desk.case import Case, Companion
from respondby.desk.ledger import EMPTY, Ledger
from respondby.desk.log import Log
from respondby.desk.reading import read
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, CaseGone
from respondby.forge.gathering import Identify, gather_case
from respondby.jobs.effects.applying import Applier
from respondby.jobs.inputs.pager_answers import ask_pagers
from respondby.jobs.loop.joint_messages import Decided
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.promises.assessment import Assessment
from respondby.promises.windows import Window
from respondby.rules.cards import card_facts
from respondby.rules.decide import decide
from respondby.rules.duty_cases import as_case
from respondby.rules.plan import Call, Plan, Say

#: How often one case is read again in one run. Two runs that meet need two rounds, a companion one more; the
#: rest is left to the next sweep.
ROUNDS = 6


@dataclass(slots=True)
class Settled:
    """What a run did with one case. `planned` is the first plan; `failures` in words; `next` when to look again."""

    ref: str
    number: int
    title: str
    next: Instant | None = None
    done: list[str] = field(default_factory=list)
    planned: Plan | None = None
    assessment: Assessment | None = None
    failures: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    gone: bool = False

    @property
    def late(self) -> int:
        """By how many seconds the latest of what was done came late, from where that matters (law 7)."""
        if not self.done or self.planned is None:
            return 0
        told = (action.because for action in self.planned.actions if isinstance(action, (Call, Say)))
        return max((reason.late for because in told for reason in because), default=0)


def look(
    policy: Policy, case: Case, now: Instant, others: Sequence[Window] = (), log: Log | None = None
) -> tuple[Assessment, Plan]:
    """Assess and decide, without doing anything."""
    decided = look_whole(policy, case, now, others, log)
    return decided.assessment, decided.plan


def look_whole(
    policy: Policy, case: Case, now: Instant, others: Sequence[Window] = (), log: Log | None = None
) -> Decided:
    """The same, with the history that it rests on."""
    policy, case = as_case(policy, case, log)
    history = read(policy, case)
    assessment = assess(policy, history, now, case.ledger.pins)
    return Decided(case, history, assessment, decide(policy, history, assessment, others))


def reread(
    client: Client,
    policy: Policy,
    case: Case,
    now: Instant,
    *,
    identify: Identify,
    others: Sequence[Window] = (),
    log: Log | None = None,
) -> tuple[Case, Instant]:
    """The case as it is now, and when that is, where there is something to do; else as it was.

    Raises CaseGone, and CaseError where it can no longer be read.
    """
    if not look(policy, case, now, others, log)[1]:
        return case, now
    again = gather_case(client, case.number, identify=identify)
    if not again.cases:
        raise CaseError("; ".join(why for _, why in again.failed))
    return again.cases[0], again.now


def settle(
    client: Client,
    policy: Policy,
    applier: Applier,
    case: Case,
    now: Instant,
    *,
    identify: Identify,
    dry: bool,
    others: Sequence[Window] = (),
    log: Log | None = None,
    memory: Ledger = EMPTY,
) -> Settled:
    """Bring one case to rest. With `dry`, only say what would be done.

    `others` are the windows of other cases, `log` is the desk's, where it was read; `memory` is what this run knows of
    the case already and has not written down.
    """
    settled = Settled(case.ref, case.number, case.title)
    asked = False
    companion: Companion | None = None
    for _ in range(ROUNDS):
        alone, case = as_case(policy, replace(case, memory=memory, companion=companion), log)
        history = read(alone, case)
        assessment = assess(alone, history, now, case.ledger.pins)
        plan = decide(alone, history, assessment, others)
        if plan and not asked:
            asked = True
            heard = ask_pagers(alone, history, applier.secrets, now)
            settled.remarks.extend(heard.silent)
            if heard.kept:
                memory = memory.merge(heard.kept)
                case = replace(case, memory=case.memory.merge(heard.kept))
                history = read(alone, case)
                assessment = assess(alone, history, now, case.ledger.pins)
                plan = decide(alone, history, assessment, others)
        settled.assessment, settled.next = assessment, plan.next
        settled.planned = settled.planned or plan
        settled.remarks.extend(remark for remark in plan.remarks if remark not in settled.remarks)
        if plan.inside and not dry:
            companion, known = applier.others.look(case)
            memory = memory.merge(known)
            if companion.problem and not plan:
                settled.failures.append(companion.problem)
            continue
        if not plan or dry:
            return settled
        try:
            facts = card_facts(alone, history, assessment)
            applied = applier.apply(plan, case, facts, now, history.state.fields)
            memory = memory.merge(applied.ledger)
            if companion is not None:
                companion, known = applier.others.look(replace(case, memory=memory))
                memory = memory.merge(known)
            settled.done.extend(applied.done)
            settled.remarks.extend(applied.remarks)
            if applied.failures and not applied.uncertain:
                settled.failures.extend(applied.failures)
                settled.next = now
                return settled
            again = gather_case(client, case.number, identify=identify)
        except CaseGone:
            settled.gone, settled.next = True, None
            return settled
        if not again.cases:
            settled.failures.extend(why for _, why in again.failed)
            settled.next = now
            return settled
        case, now = again.cases[0], again.now
    settled.failures.append(f"{case.ref} did not come to rest in {ROUNDS} rounds; the next run goes on")
    settled.next = now
    return settled
