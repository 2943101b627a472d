"""An incident's alerts as its card keeps them, read back."""

from __future__ import annotations

import json
from collections.abc import Iterable

from respondby.alerts.episodes import Episode, episodes
from respondby.alerts.model import STATES, Alert
from respondby.desk.records import Kept

#: The kind of a kept fact that is an alert; its name is the alert's state.
ALERT = "alert"


def keep_alert(name: str, alert: Alert, not_before: int) -> Kept:
    """An alert as a ledger keeps it. `name` names it for ever; as a fact of the case it comes no sooner than the case
    itself, and its own time stands beside that.
    """
    value = json.dumps([alert.id, alert.at], separators=(",", ":"))
    return Kept(f"alert/{name} alert {alert.state}", max(alert.at, not_before), "", "", ALERT, alert.state, value)


def kept_alert(kept: Kept) -> Alert | None:
    """The alert that was kept; None for another fact. The record is ours, but it is read as if it were not."""
    if kept.kind != ALERT:
        return None
    state = next((known for known in STATES if known == kept.name), None)
    if state is None:
        return None
    try:
        id, at = json.loads(kept.value)
    except (ValueError, TypeError):
        return None
    if not isinstance(id, str) or not isinstance(at, int):
        return None
    return Alert("", "", id, state, at)


def firing(kept: Iterable[Kept]) -> tuple[Episode, ...]:
    """When the incident's key fired, by the alerts' own times."""
    return episodes(alert for one in kept if (alert := kept_alert(one)) is not None)


def refires(kept: Iterable[Kept]) -> frozenset[str]:
    """Of the kept facts, those at which the incident began to fire again after it was over: by their keys."""
    alerts = [(one.key, alert) for one in kept if (alert := kept_alert(one)) is not None]
    if len(alerts) < 3:  # fires, is over, fires: nothing less fires again
        return frozenset()
    begins = {episode.start for episode in episodes(alert for _, alert in alerts)[1:]}
    return frozenset(key for key, alert in alerts if alert.state != "resolved" and alert.at in begins)
