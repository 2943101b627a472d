"""Duties at work: open the issues that are due, remember their periods, close twins.

Laws (5 and 7):

- An issue is opened before its period is remembered, and names the period itself: a run that is killed in between has
  opened an issue that the next run finds, and nothing is opened twice.
- After opening, a run reads again before anybody is told: of two runs that met, the later one sees both issues.
- What could not be opened is a failure of the run, and is owed still; other duties, and all cases, go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk import markers
from respondby.desk.case import Case, Mark
from respondby.desk.keys import Secret
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, NotGranted
from respondby.forge.gathering import Gathered, Identify, gather_open
from respondby.jobs.effects.drafting import placeholders
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.letters.duty import duty_title, render_duty, voice_of
from respondby.letters.messages import Messages
from respondby.policy.people.holders import holders
from respondby.policy.people.shifts import roles_at_change
from respondby.promises.periods import state_of
from respondby.rules.duties import DutyPlan, OpenDuty, Twin, decide_duties, issue_of


@dataclass(slots=True)
class Opened:
    """What a run did about duties: the cases it opened, the numbers of twins, what is said of each issue, failures."""

    cases: list[Case] = field(default_factory=list)
    twins: set[int] = field(default_factory=set)
    done: dict[int, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    planned: tuple[OpenDuty, ...] = ()
    next: Instant | None = None


class Duties:
    """The duties of one run."""

    def __init__(
        self,
        client: Client,
        gathered: Gathered,
        in_force: PolicyInForce,
        identify: Identify,
        signing: Secret,
        logbook: Logbook,
    ) -> None:
        self._client = client
        self._policy = in_force.policy
        self._messages = Messages.of(in_force.policy, in_force.files)
        self._identify = identify
        self._signing = signing
        self._home = gathered.us.home
        self._gathered = gathered
        self._logbook = logbook

    def settle(self, *, dry: bool) -> Opened:
        """Do what is due. What a run that only reads would do is `planned`."""
        opened = Opened()
        try:
            self._logbook.require()
        except CaseError as error:
            opened.failures.append(f"duties: {error}")
            return opened
        plan = self._decide(self._gathered.cases, self._gathered.now)
        opened.planned, opened.next = plan.open, plan.next
        if dry:
            return opened
        try:
            self._close(plan.twins, opened)
            self._logbook.write(plan.remember)
        except (CaseError, NotGranted) as error:
            opened.failures.append(f"duties: {error}")
            return opened  # without its record, whatever is opened might be opened again
        made = [number for opening in plan.open if (number := self._open(opening, opened)) is not None]
        if made:
            self._read_again(made, opened)
        return opened

    def _decide(self, cases: Iterable[Case], now: Instant) -> DutyPlan:
        return decide_duties(self._policy, self._logbook.log, cases, now)

    def _open(self, opening: OpenDuty, opened: Opened) -> int | None:
        policy, duty = self._policy, self._policy.duties[opening.duty]
        state = state_of(policy, duty, opening.subject)
        roles = [role for role, _ in duty.checklist if role is not None]
        at_change = policy
        if duty.schedule.rota is not None:
            at_change = replace(policy, roles=roles_at_change(policy, duty.schedule.rota, opening.last.at))
        people = {role: holders(at_change, role, self._gathered.now, state) for role in roles}
        voice = voice_of(duty, policy, self._messages)
        draft = placeholders(policy, duty.draft, voice) if duty.draft is not None else ""
        marker = markers.write_mark(_mark(opening, duty.for_), self._home, secret=self._signing)
        title = duty_title(opening, policy, messages=self._messages)
        try:
            body = render_duty(opening, policy, people, marker, draft=draft, messages=self._messages)
            made = writing.open_issue(self._client, title, body)
        except (CaseError, NotGranted) as error:
            opened.failures.append(f"the duty {_name(opening)}: {error}")
            return None
        opened.done[made.number] = f"open the duty {_name(opening)}"
        return made.number

    def _read_again(self, made: list[int], opened: Opened) -> None:
        """What stands now: the new issues are remembered, and of those that two runs have opened one is closed."""
        try:
            again = gather_open(self._client, identify=self._identify)
            plan = self._decide(again.cases, again.now)
            self._close(plan.twins, opened)
            self._logbook.write(plan.remember)
        except (CaseError, NotGranted) as error:
            opened.failures.append(f"duties: {error}")
            return
        mine = (case for case in again.cases if case.number in made and case.number not in opened.twins)
        opened.cases.extend(case for case in mine if issue_of(case) is not None)
        opened.next = plan.next

    def _close(self, twins: Iterable[Twin], opened: Opened) -> None:
        for twin in twins:
            number = twin.issue.case.number
            opened.twins.add(number)
            writing.close(self._client, number, "not_planned")
            other = f"#{twin.other.case.number} is about the same"
            opened.done[number] = (
                f"{opened.done[number]}; closed, {other}" if number in opened.done else f"close: {other}"
            )


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
