"""Incidents at work: open the issues of alerts that were received, close twins, and say what cards shall keep.

Laws (5 and 7):

- Alerts are written down before anything is opened (`jobs.receiving`), so a run that is killed loses none: any later
  run opens what is missing.
- An issue is opened before that is remembered, and names its alert itself: nothing is opened twice. After opening, a
  run reads again: of two runs that met, both see both issues, and the younger one is closed.
- What could not be opened is a failure of the run, and is opened by the next; all other incidents, and cases, go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from respondby.dataclass import dataclass
from respondby.desk import markers
from respondby.desk.case import Case, Mark
from respondby.desk.keys import Secret
from respondby.desk.ledger import Ledger
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, NotGranted
from respondby.forge.gathering import Gathered, Identify, gather_open
from respondby.jobs.effects.logbook import Logbook
from respondby.letters.incident import incident_title, render_incident
from respondby.policy.model.policy import Policy
from respondby.rules.incidents import (
    IncidentPlan,
    OpenIncident,
    decide_incidents,
    labels_of,
    source_name,
)
from respondby.rules.labelling import label_style


@dataclass(slots=True)
class OpenedIncidents:
    """What a run did about alerts: the cases it opened, the numbers of twins, what is said of each issue, what cards
    shall keep by number, failures. `planned` is what a run that only reads would open.
    """

    cases: list[Case] = field(default_factory=list)
    twins: set[int] = field(default_factory=set)
    done: dict[int, str] = field(default_factory=dict)
    memory: Mapping[int, Ledger] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    planned: tuple[OpenIncident, ...] = ()


class Incidents:
    """The incidents of one run."""

    def __init__(
        self,
        client: Client,
        gathered: Gathered,
        policy: Policy,
        identify: Identify,
        signing: Secret,
        logbook: Logbook,
    ) -> None:
        self._client = client
        self._policy = policy
        self._identify = identify
        self._signing = signing
        self._home = gathered.us.home
        self._gathered = gathered
        self._logbook = logbook
        self._labels = {name.lower() for name in gathered.labels}

    def settle(self, *, dry: bool) -> OpenedIncidents:
        """Do what is due."""
        opened = OpenedIncidents()
        plan = self._decide(self._gathered.cases)
        opened.planned, opened.memory = plan.open, plan.memory
        if dry:
            return opened
        try:
            self._close(plan.twins, opened)
            self._logbook.write(plan.remember)
        except (CaseError, NotGranted) as error:
            opened.failures.append(f"incidents: {error}")
            return opened  # without its record, whatever is opened might be opened again
        made = [number for opening in plan.open if (number := self._open(opening, opened)) is not None]
        if made:
            self._read_again(made, opened)
        return opened

    def _decide(self, cases: Iterable[Case]) -> IncidentPlan:
        return decide_incidents(self._policy, self._logbook.log, cases)

    def _open(self, opening: OpenIncident, opened: OpenedIncidents) -> int | None:
        marker = markers.write_mark(_mark(opening), self._home, secret=self._signing)
        text = render_incident(opening, self._policy, marker)
        labels = labels_of(self._policy, opening)
        try:
            for label in labels:
                self._ensure(label)
            made = writing.open_issue(self._client, incident_title(opening), text, labels=labels)
        except (CaseError, NotGranted) as error:
            opened.failures.append(f"the incident {opening.incident.key}: {error}")
            return None
        opened.done[made.number] = f"open the incident {opening.incident.key}"
        return made.number

    def _ensure(self, label: str) -> None:
        if label.lower() not in self._labels:
            writing.ensure_label(self._client, label, *label_style(self._policy, label))
            self._labels.add(label.lower())

    def _read_again(self, made: list[int], opened: OpenedIncidents) -> None:
        """What stands now: new issues are remembered, and of those that two runs have opened one is closed."""
        try:
            again = gather_open(self._client, identify=self._identify)
            self._logbook.read_again(again)
            plan = self._decide([*again.cases, *self._closed(again)])
            self._close(plan.twins, opened)
            opened.memory = plan.memory
            self._logbook.write(plan.remember)
        except (CaseError, NotGranted) as error:
            opened.failures.append(f"incidents: {error}")
            return
        opened.cases.extend(case for case in again.cases if case.number in made and case.number not in opened.twins)

    def _closed(self, again: Gathered) -> list[Case]:
        """The cases that were gathered first and are not open: they are incidents still."""
        present = {case.number for case in again.cases}
        return [case for case in self._gathered.cases if case.number not in present]

    def _close(self, twins: Iterable[tuple[int, int]], opened: OpenedIncidents) -> None:
        for number, stays in twins:
            opened.twins.add(number)
            writing.close(self._client, number, "not_planned")
            said = f"closed, #{stays} is the same incident"
            opened.done[number] = f"{opened.done[number]}; {said}" if number in opened.done else said


def _mark(opening: OpenIncident) -> Mark:
    facts = {
        "source": source_name(opening.alerts),
        "key": opening.incident.key,
        "at": str(opening.first.at),
        "form": opening.alerts.form,
    }
    return Mark("incident", facts)
