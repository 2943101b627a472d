"""Duties at work: open the issues that are due, remember their periods, close twins (see `own_issues` for the laws)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk import markers
from respondby.desk.case import Case, Mark
from respondby.forge import writing
from respondby.forge.errors import CaseError, NotGranted
from respondby.jobs.effects.drafting import placeholders
from respondby.jobs.effects.own_issues import Doubled, OpenedIssues, OwnIssues
from respondby.letters.duty import duty_title, render_duty, voice_of
from respondby.letters.messages import Messages
from respondby.policy.people.holders import holders
from respondby.policy.people.shifts import roles_at_change
from respondby.promises.periods import state_of
from respondby.rules.duties import DutyPlan, OpenDuty, decide_duties, issue_of


@dataclass(slots=True)
class Opened(OpenedIssues):
    """What a run did about duties. `planned` is what a run that only reads would open, `next` when one comes next."""

    planned: tuple[OpenDuty, ...] = ()
    next: Instant | None = None


class Duties(OwnIssues[DutyPlan, OpenDuty, Opened]):
    """The duties of one run."""

    what = "duties"

    def settle(self, *, dry: bool) -> Opened:
        """Do what is due. What a run that only reads would do is `planned`."""
        opened = Opened()
        try:
            self._logbook.require()
        except CaseError as error:
            opened.failures.append(f"duties: {error}")
            return opened
        plan = self._decide(self._gathered.cases, self._gathered.now)
        opened.planned, opened.next, opened.closed_twins = plan.open, plan.next, plan.closed_twins
        return opened if dry else self._perform(plan, plan.open, opened)

    def _decide(self, cases: Iterable[Case], now: Instant) -> DutyPlan:
        return decide_duties(self._policy, self._logbook.log, cases, now)

    def _doubled(self, plan: DutyPlan) -> Iterator[Doubled]:
        for twin in plan.twins:
            yield Doubled(twin.issue.case.number, f"#{twin.other.case.number} is about the same")

    def _note(self, plan: DutyPlan, opened: Opened) -> None:
        opened.cases = [case for case in opened.cases if issue_of(case) is not None]
        opened.next, opened.closed_twins = plan.next, plan.closed_twins

    def _open(self, opening: OpenDuty, opened: Opened) -> int | None:
        policy, duty = self._policy, self._policy.duties[opening.duty]
        messages = Messages.of(policy, self._in_force.files)
        state = state_of(policy, duty, opening.subject)
        roles = [role for role, _ in duty.checklist if role is not None]
        at_change = policy
        if duty.schedule.rota is not None:
            at_change = replace(policy, roles=roles_at_change(policy, duty.schedule.rota, opening.last.at))
        people = {role: holders(at_change, role, self._gathered.now, state) for role in roles}
        voice = voice_of(duty, policy, messages)
        draft = placeholders(policy, duty.draft, voice) if duty.draft is not None else ""
        marker = markers.write_mark(_mark(opening, duty.for_), self._home, secret=self._signing)
        title = duty_title(opening, policy, messages=messages)
        try:
            body = render_duty(opening, policy, people, marker, draft=draft, messages=messages)
            made = writing.open_issue(self._client, title, body)
        except (CaseError, NotGranted) as error:
            opened.failures.append(f"the duty {_name(opening)}: {error}")
            return None
        opened.done[made.number] = f"open the duty {_name(opening)}"
        return made.number


def _mark(opening: OpenDuty, kind: str | None) -> Mark:
    facts = {
        "duty": opening.duty,
        "first": str(opening.periods[0].at),
        "last": str(opening.last.at),
        "opens": str(opening.last.opens),
    }
    return Mark("duty", facts if kind is None else {**facts, kind: opening.subject})


def _name(opening: OpenDuty) -> str:
    return f"{opening.duty} for {opening.subject}" if opening.subject else opening.duty
