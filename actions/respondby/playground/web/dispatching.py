"""Other systems: the events that the policy knows, each with a payload to start from, sent as such a system would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from respondby.alerts.shipped import shipped
from respondby.calendars.instants import iso
from respondby.playground.web.serving import Asked, Handler, Reply, Wrong, go
from respondby.playground.web.site import HERE, Site
from respondby.policy.model.incidents import Alerts
from respondby.policy.model.policy import Policy
from respondby.policy.repository.dispatches import DispatchUse, known_dispatches
from respondby.rehearsal.ground import OWNER, REPOSITORY

#: As many keys as GitHub lets a payload have.
_MOST_KEYS = 10

_FOR = {
    "alert": "An alert fires.",
    "resolved alert": "An alert is over.",
    "duty": "What the duty {name} waits for has happened.",
    "answer": "Somebody has answered a page.",
}


def routes(site: Site) -> Iterator[tuple[str, str, Handler]]:
    """The routes of this file."""

    def show(asked: Asked) -> Reply:
        return _page(site, asked)

    def send(asked: Asked) -> Reply:
        name, text = asked.field("name"), asked.field("payload")
        try:
            payload = json.loads(text or "{}")
        except ValueError as error:
            return _page(site, asked, status=422, problem=f"This payload is no JSON: {error}.")
        if not isinstance(payload, dict):
            return _page(site, asked, status=422, problem="A payload is a JSON object: {…}.")
        status, answer = site.home.call(OWNER, "POST", "/dispatches", {"event_type": name, "client_payload": payload})
        if status >= 400:
            words = (answer or {}).get("message", "refused")
            return _page(site, asked, status=422, problem=f"GitHub would refuse this: {words}.")
        site.game.settle()
        return go(f"{HERE}/issues")

    yield "GET", "/play/dispatch", show
    yield "POST", "/play/dispatch", send


def _page(site: Site, asked: Asked, *, status: int = 200, problem: str = "") -> Reply:
    policy = site.home.policy
    known = known_dispatches(policy)
    if not known:
        raise Wrong(404, "This policy knows no events of other systems.")
    now, given = iso(site.game.now), {asked.field("name"): asked.field("payload")}
    events = [
        {
            "name": name,
            "words": " ".join(dict.fromkeys(_FOR[use.purpose].format(name=use.name) for use in uses)),
            "payload": given.get(name) or json.dumps(_example(policy, uses[0], now), indent=2, ensure_ascii=False),
        }
        for name, uses in known.items()
    ]
    return site.page(
        "dispatch.html", asked, status=status, problem=problem, title="Another system", tab="issues", events=events
    )


def _example(policy: Policy, use: DispatchUse, now: str) -> Any:
    """A payload to start from: what the source's own map has as its example, else the keys that the policy reads."""
    if use.purpose == "duty":
        return {"key": "1", "at": now}
    if use.purpose == "answer":
        return {"case": f"{REPOSITORY}#1", "by": next(iter(policy.people), ""), "at": now}
    assert policy.incidents is not None, "only incidents have alerts"
    alerts = policy.incidents.alerts[int(use.name)]
    if alerts.source is None or not shipped(alerts.source).examples:
        return _plain(alerts)
    payload = shipped(alerts.source).examples[0].payload
    return payload if isinstance(payload, dict) and len(payload) <= _MOST_KEYS else {"body": payload}


def _plain(alerts: Alerts) -> dict[str, str]:
    words = {
        alerts.key or "key": "db-cpu",
        "summary": "The database has no processor time left",
        "source": "monitoring",
    }
    return {**words, **{part: words.get(part, "?") for _, part in alerts.answers if part not in ("at", "key")}}
