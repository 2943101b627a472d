"""The JSON that readers of Statuspage know: `summary.json` and the other files of its public API's second version.

Words of that API (`operational`, `investigating`, `critical`, …) are the same in every language; names and bodies are
those of the page. Whatever has no meaning here is null, as there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.letters.status.saying import Saying
from respondby.reports.public_incidents import PublicIncident, PublicMaintenance, PublicUpdate
from respondby.reports.status_page import ProductState

#: How all of it does, by the state of its worst product.
INDICATORS: Mapping[ProductState, tuple[str, str]] = {
    "operational": ("none", "All Systems Operational"),
    "under_maintenance": ("maintenance", "Service Under Maintenance"),
    "degraded_performance": ("minor", "Minor Service Outage"),
    "partial_outage": ("major", "Partial System Outage"),
    "major_outage": ("critical", "Major Service Outage"),
}

#: So many past incidents are in `incidents.json`, as there.
MOST = 50


def api(saying: Saying) -> Iterator[tuple[str, str]]:
    """Every file with its path; `summary.json` also lies at the root."""
    page = saying.page
    head = {"page": _page(saying)}
    status = {"status": _status(saying)}
    components = {"components": [*_components(saying)]}
    incidents = [_incident(one, saying) for one in page.incidents]
    unresolved = [_incident(one, saying) for one in page.incidents if one.open]
    planned = [(one, _maintenance(one, saying)) for one in reversed(page.maintenance)]
    coming = [shown for one, shown in planned if one.window.start > page.now]
    active = [shown for one, shown in planned if one.lasts(page.now)]
    summary = head | components | {"incidents": unresolved, "scheduled_maintenances": [*active, *coming]} | status
    yield "summary.json", _text(summary)
    for name, data in {
        "summary": summary,
        "status": head | status,
        "components": head | components,
        "incidents": head | {"incidents": incidents[:MOST]},
        "incidents/unresolved": head | {"incidents": unresolved},
        "scheduled-maintenances": head | {"scheduled_maintenances": [shown for _, shown in planned][:MOST]},
        "scheduled-maintenances/upcoming": head | {"scheduled_maintenances": coming},
        "scheduled-maintenances/active": head | {"scheduled_maintenances": active},
    }.items():
        yield f"api/v2/{name}.json", _text(data)


def _text(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _page(saying: Saying) -> dict[str, Any]:
    page = saying.page
    return {
        "id": saying.id("page", ""),
        "name": page.publish.title,
        "url": page.publish.url,
        "time_zone": page.timezone,
        "updated_at": _at(page.now),
    }


def _status(saying: Saying) -> dict[str, str]:
    indicator, description = INDICATORS[saying.page.worst]
    return {"indicator": indicator, "description": description}


def _components(saying: Saying) -> Iterator[dict[str, Any]]:
    """The products that are measured: what nobody measures is in no state that readers know."""
    page = saying.page
    since = _at(page.since if page.since is not None else page.now)
    for position, product in enumerate(page.products, 1):
        if product.state is None:
            continue
        yield {
            "id": saying.id("component", product.id),
            "name": product.name,
            "status": product.state,
            "created_at": since,
            "updated_at": _at(page.now),
            "position": position,
            "description": None,
            "showcase": product.whole is not None,
            "start_date": None,
            "group_id": None,
            "page_id": saying.id("page", ""),
            "group": False,
            "only_show_if_degraded": False,
        }


def _of(saying: Saying, products: tuple[str, ...]) -> list[dict[str, Any]]:
    wanted = {saying.id("component", id) for id in products}
    return [component for component in _components(saying) if component["id"] in wanted]


def _incident(incident: PublicIncident, saying: Saying) -> dict[str, Any]:
    id = saying.id("incident", incident.node_id)
    return {
        "id": id,
        "name": saying.title(incident),
        "status": incident.status,
        "created_at": _at(incident.detected),
        "updated_at": _at(incident.changed),
        "monitoring_at": _at(incident.mitigated),
        "resolved_at": _at(incident.resolved) if not incident.open else None,
        "impact": incident.impact,
        "shortlink": saying.page.publish.url + saying.path_of(incident),
        "started_at": _at(incident.started),
        "page_id": saying.id("page", ""),
        "incident_updates": _updates(incident.updates, id, saying),
        "components": _of(saying, incident.products),
        "reminder_intervals": None,
    }


def _maintenance(maintenance: PublicMaintenance, saying: Saying) -> dict[str, Any]:
    id = saying.id("maintenance", maintenance.node_id)
    now = saying.page.now
    state = "in_progress" if maintenance.lasts(now) else "scheduled" if maintenance.window.start > now else "completed"
    window = maintenance.window
    first = PublicUpdate(window.announced, "monitoring", saying.title(maintenance))
    changed = max([window.announced, *(update.at for update in maintenance.updates)])
    updates = _updates((first, *maintenance.updates), id, saying)
    for update in updates:
        update["status"] = "scheduled"
    return {
        "id": id,
        "name": saying.title(maintenance),
        "status": state,
        "created_at": _at(window.announced),
        "updated_at": _at(changed),
        "monitoring_at": None,
        "resolved_at": _at(window.end) if state == "completed" else None,
        "impact": "maintenance",
        "shortlink": f"{saying.page.publish.url}#maintenance",
        "started_at": _at(window.start),
        "page_id": saying.id("page", ""),
        "incident_updates": updates,
        "components": _of(saying, (maintenance.product,)),
        "scheduled_for": _at(window.start),
        "scheduled_until": _at(window.end),
        "reminder_intervals": None,
    }


def _updates(updates: tuple[PublicUpdate, ...], incident: str, saying: Saying) -> list[dict[str, Any]]:
    """The newest first, as there."""
    return [
        {
            "id": saying.id("update", f"{incident} {at}"),
            "status": update.status,
            "body": update.text or saying.say("change", update.status),
            "incident_id": incident,
            "created_at": _at(update.at),
            "updated_at": _at(update.at),
            "display_at": _at(update.at),
            "affected_components": None,
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }
        for at, update in reversed([*enumerate(updates)])
    ]


def _at(at: Instant | None) -> str | None:
    """As that API writes times: with thousandths, which are none here."""
    return None if at is None else iso(at).replace("Z", ".000Z")
