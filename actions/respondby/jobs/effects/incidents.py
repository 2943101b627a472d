"""Incidents at work: open the issues of alerts that were received, close twins, and say what cards shall keep.

Alerts are written down before anything is opened (`jobs.receiving`), so a run that is killed loses none: any later run
opens what is missing. The rest of the laws are those of `own_issues`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk import markers
from respondby.desk.case import Case, Mark
from respondby.desk.ledger import Ledger
from respondby.forge import writing
from respondby.forge.errors import CaseError, NotGranted
from respondby.forge.gathering import Gathered
from respondby.jobs.effects.own_issues import Doubled, OpenedIssues, OwnIssues
from respondby.letters.incident import incident_title, render_incident
from respondby.rules.incidents import (
    IncidentPlan,
    OpenIncident,
    decide_incidents,
    labels_of,
    source_name,
)
from respondby.rules.labelling import label_style


@dataclass(slots=True)
class OpenedIncidents(OpenedIssues):
    """What a run did about alerts. `memory` is what cards shall keep, by number; `planned` is what a run that only
    reads would open.
    """

    memory: Mapping[int, Ledger] = field(default_factory=dict)
    planned: tuple[OpenIncident, ...] = ()


class Incidents(OwnIssues[IncidentPlan, OpenIncident, OpenedIncidents]):
    """The incidents of one run."""

    what = "incidents"

    def settle(self, *, dry: bool) -> OpenedIncidents:
        """Do what is due."""
        opened = OpenedIncidents()
        self._labels = set(self._gathered.label_ids)
        plan = self._decide(self._gathered.cases, self._gathered.now)
        opened.planned = plan.open
        self._note(plan, opened)
        return opened if dry else self._perform(plan, plan.open, opened)

    def _decide(self, cases: Iterable[Case], _: Instant) -> IncidentPlan:
        return decide_incidents(self._policy, self._logbook.log, cases)

    def _doubled(self, plan: IncidentPlan) -> Iterator[Doubled]:
        for number, stays in plan.twins:
            yield Doubled(number, f"#{stays} is the same incident")

    def _note(self, plan: IncidentPlan, opened: OpenedIncidents) -> None:
        opened.memory, opened.closed_twins = plan.memory, plan.closed_twins

    def _cases_of(self, again: Gathered) -> list[Case]:
        """The cases that were gathered first and are not open are incidents still."""
        self._logbook.read_again(again)
        present = {case.number for case in again.cases}
        return [*again.cases, *(case for case in self._gathered.cases if case.number not in present)]

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


def _mark(opening: OpenIncident) -> Mark:
    facts = {
        "source": source_name(opening.alerts),
        "key": opening.incident.key,
        "at": str(opening.first.at),
        "form": opening.alerts.form,
    }
    return Mark("incident", facts)
