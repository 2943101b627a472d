"""Who has answered a page at PagerDuty, by its REST API: the first person who acknowledged or resolved the incident.

Asked is one incident by its key. Most often that answer tells everything; where the incident was resolved, or rang
again after an acknowledgement, its log does, for PagerDuty then no longer lists who acknowledged it. What an
integration did (our own acknowledgement, for one) is nobody's answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, parse_time
from respondby.channels import http
from respondby.channels.message import SecretMissing, Secrets, Whom, secret_of
from respondby.channels.pagerduty import dedup_key
from respondby.policy.model.policy import Channel

ENDPOINT = "https://api.pagerduty.com"

_LOGGED = frozenset({"acknowledge_log_entry", "resolve_log_entry"})


class NotAnswered(Exception):
    """PagerDuty could not be asked; the text says why, without any address. `hung`: no answer came in time."""

    def __init__(self, why: str, *, hung: bool = False) -> None:
        super().__init__(why)
        self.hung = hung


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody answered, when; `by` is their user id at PagerDuty."""

    at: Instant
    by: str


def answer_to(channel: Channel, key: str, whom: Whom, secrets: Secrets) -> Answer | None:
    """The first answer to the page of that key, or None. Raises NotAnswered.

    The token's secret holds a REST API key, or an address that ends in one (`https://api.eu.pagerduty.com/KEY`).
    """
    assert channel.token is not None, "only a channel with a token can be asked"
    try:
        secret = secret_of(channel.token, whom, secrets)
    except SecretMissing as missing:
        raise NotAnswered(str(missing)) from None
    base, _, token = secret.rpartition("/") if "://" in secret else (ENDPOINT, "", secret)
    headers = {"Accept": "application/vnd.pagerduty+json;version=2", "Authorization": f"Token token={token}"}
    try:
        return min(_answers(base, headers, dedup_key(key)), key=lambda one: one.at, default=None)
    except http.Failed as failed:
        raise NotAnswered(str(failed), hung=failed.hung) from None
    except (KeyError, TypeError, AttributeError, TimeError):
        raise NotAnswered("its answer is not of the known shape") from None


def _answers(base: str, headers: Mapping[str, str], key: str) -> Iterator[Answer]:
    found = http.get(f"{base}/incidents", {"incident_key": key, "date_range": "all", "limit": "25"}, headers)
    for incident in found["incidents"]:
        standing = [Answer(_at(one["at"]), one["acknowledger"]["id"]) for one in _by_people(incident)]
        if incident["status"] == "acknowledged" and standing:
            yield from standing
        elif incident["status"] != "triggered" or _changed(incident):
            log = http.get(f"{base}/incidents/{incident['id']}/log_entries", {"limit": "100"}, headers)
            yield from _logged(log["log_entries"])


def _by_people(incident: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in incident.get("acknowledgements") or () if _is_person(one["acknowledger"])]


def _changed(incident: Mapping[str, Any]) -> bool:
    """Whether an incident that rings has done something else before."""
    return bool(incident.get("last_status_change_at") != incident.get("created_at"))


def _logged(entries: Iterable[Mapping[str, Any]]) -> Iterator[Answer]:
    for entry in entries:
        if entry["type"] in _LOGGED and _is_person(entry.get("agent") or {}):
            yield Answer(_at(entry["created_at"]), entry["agent"]["id"])


def _is_person(agent: Mapping[str, Any]) -> bool:
    """PagerDuty's `user` or `user_reference`; others are services and integrations."""
    return str(agent.get("type", "")).startswith("user")


def _at(text: str) -> Instant:
    return parse_time(text, None)
