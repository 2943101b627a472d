"""Which alerts open an incident, and which incident an alert belongs to: `decide_incidents` is pure.

An alert that was received stands in the desk's log; an incident's issue names the alert that opened it in its text.
Laws:

- What an incident is follows from the alerts' own times (law 9): a run that looks late, or again, comes to the same.
- Each incident of a key is one issue, opened once: the issue names its key and the time of one of its alerts, which is
  how it is found again. Of two that two runs have opened for one incident the younger is a twin, which is closed.
- An alert's facts are kept on its incident's card, so that the case can be read without the log.
- An incident that was over before anybody looked is opened all the same: it happened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import field

from respondby.alerts.episodes import Incident, incidents
from respondby.alerts.model import STATES, Alert, State
from respondby.calendars.instants import Instant, iso
from respondby.dataclass import dataclass
from respondby.desk.alerts import ALERT, keep_alert
from respondby.desk.case import Case
from respondby.desk.ledger import Ledger
from respondby.desk.log import Entry, Log
from respondby.desk.records import Kept
from respondby.policy.model.incidents import Alerts
from respondby.policy.model.policy import Policy

#: The kind of a log entry that holds what could not be read of an alert; one that was read has `ALERT`.
UNREAD = "alert not read"
#: The kind of a log entry that says which issue an incident was opened as.
OPENED = "incident opened"

#: What stands for a part of an alert in the log: short names, since a storm writes many.
_FACTS = ("summary", "level", "link")


@dataclass(frozen=True, slots=True)
class IncidentIssue:
    """An issue of ours for an incident: which key of which source, and when the alert that opened it happened."""

    case: Case
    source: str
    key: str
    at: Instant


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """Open an issue for this incident. `first` is the alert that fills in the form; `before` is the issue of the same
    key's incident before it, where there is one.
    """

    alerts: Alerts
    incident: Incident
    first: Alert
    before: IncidentIssue | None = None


@dataclass(frozen=True, slots=True)
class IncidentPlan:
    """What is to be done about alerts: issues to open, what the log is to remember, twins to close with the number that
    stays, those that a run has closed already, and what cards shall keep, by number.
    """

    open: tuple[OpenIncident, ...] = ()
    remember: tuple[Entry, ...] = ()
    twins: tuple[tuple[int, int], ...] = ()
    closed_twins: frozenset[int] = frozenset()
    memory: Mapping[int, Ledger] = field(default_factory=dict)


def alert_entry(alert: Alert, by: str) -> Entry:
    """An alert as the desk's log remembers it: named by all that it says, so that a repeated delivery is one entry."""
    facts = {"key": alert.key, "id": alert.id, "state": alert.state}
    facts |= {name: text for name in _FACTS if (text := getattr(alert, name))}
    facts |= {f".{name}": text for name, text in alert.parts.items()}
    name = hashlib.sha256(json.dumps([alert.key, alert.id, alert.state, alert.at]).encode()).hexdigest()[:20]
    return Entry(ALERT, alert.source, name, alert.at, by, facts)


def opened_entry(issue: IncidentIssue) -> Entry:
    """That an incident was opened, and as which issue: its issue may be out of sight one day."""
    facts = {"key": issue.key, "number": str(issue.case.number)}
    digest = hashlib.sha256(issue.key.encode()).hexdigest()[:12]
    return Entry(OPENED, issue.source, f"{digest} {issue.at}", issue.at, "", facts)


def unread_entry(source: str, name: str, at: Instant, by: str, why: str) -> Entry:
    """What could not be read of a payload, with the reason."""
    digest = hashlib.sha256(why.encode()).hexdigest()[:12]
    return Entry(UNREAD, source, f"{name} {digest}", at, by, {"why": why})


def alert_of(entry: Entry) -> Alert | None:
    """The alert that an entry holds; None for what is none. The entry is ours, but it is read as if it were not."""
    facts = entry.facts
    state = next((known for known in STATES if known == facts.get("state")), None)
    if state is None or not facts.get("key"):
        return None
    parts = {name[1:]: text for name, text in facts.items() if name.startswith(".")}
    key, summary, level, link = (facts.get(name, "") for name in ("key", *_FACTS))
    return Alert(entry.name, key, facts.get("id", key), state, entry.at, summary, level, link, parts)


def states_of(log: Log, source: str) -> dict[tuple[str, str], State]:
    """As what each alert of a source was told last, by its key and id."""
    alerts = (alert_of(entry) for entry in log.of_kind(ALERT, source))
    return {(alert.key, alert.id): alert.state for alert in alerts if alert is not None}


def repeats(stood: State | None, state: State) -> bool:
    """Whether this, told now, changes nothing of an alert that was told as that last."""
    return state == stood or (state == "firing" and stood == "acknowledged")


def issue_of_incident(case: Case) -> IncidentIssue | None:
    """The incident's issue that a case is; None for all others."""
    if case.mark is None or case.mark.kind != "incident":
        return None
    facts = case.mark.facts
    try:
        at = int(facts["at"])
    except (KeyError, ValueError):
        return None
    return IncidentIssue(case, facts.get("source", ""), facts.get("key", ""), at)


def source_name(alerts: Alerts) -> str:
    """What the alerts of a source are called in records: its map's name, or its dispatch's."""
    return alerts.source or alerts.map or alerts.dispatch


def decide_incidents(policy: Policy, log: Log, cases: Iterable[Case]) -> IncidentPlan:
    """What is to be done about the alerts in the log, with these cases: every open one, and those closed lately."""
    if policy.incidents is None:
        return IncidentPlan()
    issues: dict[tuple[str, str], list[IncidentIssue]] = {}
    for case in sorted(cases, key=lambda case: case.number):
        if (issue := issue_of_incident(case)) is not None:
            issues.setdefault((issue.source, issue.key), []).append(issue)
    opening: list[OpenIncident] = []
    twins: list[tuple[int, int]] = []
    closed_twins: set[int] = set()
    remember: list[Entry] = []
    memory: dict[int, Ledger] = {}
    for alerts in {source_name(alerts): alerts for alerts in policy.incidents.alerts}.values():
        source = source_name(alerts)
        received = [alert for entry in log.of_kind(ALERT, source) if (alert := alert_of(entry)) is not None]
        opened = [(entry.facts.get("key", ""), entry.at) for entry in log.of_kind(OPENED, source)]
        by_key: dict[str, list[Alert]] = {}
        for alert in received:
            by_key.setdefault(alert.key, []).append(alert)
        for incident in incidents(received, policy.incidents.reopen_within):
            mine = [alert for alert in by_key[incident.key] if _holds(incident, alert.at)]
            same_key = issues.get((source, incident.key), [])
            found = [issue for issue in same_key if _holds(incident, issue.at)]
            if found:
                stays, *others = found
                memory[stays.case.number] = _kept(policy, alerts, stays, mine)
                remember += [entry] if (entry := opened_entry(stays)) not in log else []
                doubled = [other.case for other in others if _is_twin(other, stays)]
                twins.extend((twin.number, stays.case.number) for twin in doubled if twin.open)
                closed_twins.update(twin.number for twin in doubled if not twin.open)
            elif not any(key == incident.key and _holds(incident, at) for key, at in opened):
                before = max((i for i in same_key if i.at < incident.start), key=lambda i: i.at, default=None)
                opening.append(OpenIncident(alerts, incident, _first(mine), before))
    memory = {number: kept for number, kept in memory.items() if kept}
    return IncidentPlan(tuple(opening), tuple(remember), tuple(twins), frozenset(closed_twins), memory)


def part_of(alert: Alert, name: str) -> str:
    """The part of an alert that a policy names: one of its own, or one that its map names; empty where it has none."""
    own = {
        "summary": alert.summary, "level": alert.level, "link": alert.link, "key": alert.key, "source": alert.source,
        "at": iso(alert.at), "id": alert.id,
    }  # fmt: skip
    return alert.parts.get(name) or own.get(name, "")


def fields_of(policy: Policy, alerts: Alerts, alert: Alert) -> dict[str, str]:
    """The fields that an alert sets: a value by its id, or by its name, whatever the case of letters. What says none
    of a field's values sets nothing.
    """
    found = {}
    for setting in alerts.set:
        said = part_of(alert, setting.part)
        said = setting.values.get(said.casefold(), "" if setting.values else said)
        field = policy.fields.get(setting.name)
        for value in field.values if field is not None else ():
            if said and said.casefold() in (value.id.casefold(), value.name.casefold()):
                found[setting.name] = value.id
    return found


def labels_of(policy: Policy, opening: OpenIncident) -> list[str]:
    """The labels that an incident's issue is opened with: its form's, and those of the fields that its alert sets."""
    found = {"type": opening.alerts.form, **fields_of(policy, opening.alerts, opening.first)}
    return [f"{policy.fields[name].label}{value}" for name, value in found.items() if name in policy.fields]


def _holds(incident: Incident, at: Instant) -> bool:
    """Whether an instant lies in an incident."""
    return incident.start <= at and (incident.end is None or at <= incident.end)


def _first(alerts: Iterable[Alert]) -> Alert:
    """The alert that fills in the form: the first that fires, with the most to say of those of its instant."""
    firing = [alert for alert in alerts if alert.state != "resolved"]
    return min(firing, key=lambda alert: (alert.at, -len(alert.parts), alert.id, alert.summary))


def _is_twin(younger: IncidentIssue, older: IncidentIssue) -> bool:
    """Whether two runs at once have opened it: people have done nothing there, and the alert is the same. Nothing is
    promised in one that a run has closed since, and nobody is told of it.
    """
    return younger.at == older.at and all(moment.ours or moment.kind == "opened" for moment in younger.case.moments)


def _kept(policy: Policy, alerts: Alerts, issue: IncidentIssue, received: Iterable[Alert]) -> Ledger:
    """What the incident's card shall keep and does not yet: its alerts, and the fields that the first of them set."""
    known, created = issue.case.ledger.kept, issue.case.created
    found: dict[str, Kept] = {}
    for alert in received:
        name = alert_entry(alert, "").id
        kept = keep_alert(name, alert, created)
        found[kept.key] = kept
        if alert.at == issue.at and alert.state != "resolved":
            for field, text in fields_of(policy, alerts, alert).items():
                key = f"alert/{name} field {field}"
                found[key] = Kept(key, max(alert.at, created), "", "", "field", field, text)
    return Ledger(kept={key: kept for key, kept in found.items() if key not in known})
