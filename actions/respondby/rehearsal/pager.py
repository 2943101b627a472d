"""PagerDuty, as far as a desk sees it: events open, acknowledge and resolve incidents; people answer; its API tells.

Shapes are those of its Events API v2 and its REST API v2. A trigger with the key of an open incident joins it; an event
about a key that is not open changes nothing. An acknowledgement by an event is an integration's, and nobody's answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, Literal

from respondby.dataclass import dataclass

State = Literal["triggered", "acknowledged", "resolved"]

#: An incident's state after an event.
_AFTER: dict[str, State] = {"acknowledge": "acknowledged", "resolve": "resolved"}
#: From the state that needs most to the one that needs nothing.
_NEED: tuple[State, ...] = ("triggered", "acknowledged", "resolved")


@dataclass(slots=True)
class Incident:
    """One incident: `to` and `case` are whom and what the page was about, `log` what became of it."""

    id: str
    key: str
    to: str
    case: str
    created: str
    state: State = "triggered"
    changed: str = ""
    log: list[dict[str, Any]] = field(default_factory=list)

    def change(self, change: str, at: str, agent: Mapping[str, str]) -> None:
        """An event, or a person's answer."""
        if self.state == "resolved" or (change == "acknowledge" and self.state == "acknowledged"):
            return
        self.state, self.changed = _AFTER[change], at
        self.log.append({"type": f"{change}_log_entry", "created_at": at, "agent": dict(agent)})


class Pager:
    """All incidents of a rehearsal, in the order in which they were triggered."""

    def __init__(self) -> None:
        self.incidents: list[Incident] = []

    def take(self, event: Mapping[str, Any], now: str) -> None:
        """An event of the desk."""
        key, action = str(event["dedup_key"]), event["event_action"]
        found = [incident for incident in self.incidents if incident.key == key and incident.state != "resolved"]
        if action != "trigger":
            for incident in found:
                incident.change(action, now, {"id": "PDESK00", "type": "service_reference", "summary": "The desk"})
        elif not found:
            details = event["payload"]["custom_details"]
            place = f"Q{len(self.incidents) + 1:06}"
            self.incidents.append(Incident(place, key, details["to"], details["case"], now, changed=now))

    def answer(self, who: str, id: str, case: str, change: str, now: str) -> int:
        """A person answers every page to them about a case; how many that were."""
        agent = {"id": id, "type": "user_reference", "summary": who}
        found = [incident for incident in self._pages(who, case) if incident.state != "resolved"]
        for incident in found:
            incident.change(change, now, agent)
        return len(found)

    def state(self, who: str, case: str) -> State | None:
        """How the pages to that person about that case stand: the one that needs most. None where there is none."""
        states = {incident.state for incident in self._pages(who, case)}
        return next((state for state in _NEED if state in states), None)

    def ask(self, path: str, query: Mapping[str, str]) -> dict[str, Any] | None:
        """What its REST API answers to a GET; None where there is nothing of that path."""
        place, _, rest = path.strip("/").partition("/")
        id, _, what = rest.partition("/")
        if place != "incidents":
            return None
        if what == "log_entries":
            return next(({"log_entries": one.log[::-1], "more": False} for one in self.incidents if one.id == id), None)
        key = query.get("incident_key")
        return {"incidents": [_shown(one) for one in self.incidents if one.key == key], "more": False} if key else None

    def _pages(self, who: str, case: str) -> Iterator[Incident]:
        return (one for one in self.incidents if one.to.lower() == who.lower() and one.case == case)


def _shown(incident: Incident) -> dict[str, Any]:
    acknowledged = [entry for entry in incident.log if entry["type"] == "acknowledge_log_entry"]
    return {
        "id": incident.id,
        "type": "incident",
        "incident_key": incident.key,
        "status": incident.state,
        "created_at": incident.created,
        "last_status_change_at": incident.changed,
        "acknowledgements": [{"at": entry["created_at"], "acknowledger": entry["agent"]} for entry in acknowledged]
        if incident.state == "acknowledged"
        else [],
    }
