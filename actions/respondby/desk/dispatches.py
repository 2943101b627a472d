"""Dispatched events: what another system told the repository (`repository_dispatch`).

GitHub gives the event's type as `action`, up to ten keys of the sender's as `client_payload`, and no instant. Laws:

- What is in a payload is data: only texts, numbers and truths of it are read, each as a text of bounded length.
- A dispatch is named by the sender's own `key`, where it has one, and else by the run that received it: a run that is
  started again records nothing twice.
- Its instant is the sender's `at`, where that is a time (with its offset) that has come, and else the forge's clock
  when the run that received it looked first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, parse_time
from respondby.desk.log import Entry

#: As many keys as GitHub lets a payload have, and as many characters as are kept of a value.
MOST_KEYS = 10
MOST_CHARACTERS = 200

KIND = "dispatch"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One dispatched event: its type, what names it, when it happened, who sent it, and its payload as plain texts."""

    name: str
    key: str
    at: Instant
    by: str
    payload: Mapping[str, str]

    def entry(self) -> Entry:
        """The dispatch as the desk's log remembers it."""
        return Entry(KIND, self.name, self.key, self.at, self.by, self.payload)


def read_dispatch(event: Mapping[str, Any], run: str, now: Instant) -> Dispatch:
    """The dispatch of an event's payload; `run` is the id of the run that received it."""
    payload = _plain(event.get("client_payload"))
    sender = event.get("sender")
    by = str(sender.get("login", "")) if isinstance(sender, dict) else ""
    key = payload.get("key")
    return Dispatch(
        name=str(event.get("action") or ""),
        key=f"key {key}" if key else f"run {run}",
        at=_instant(payload.get("at"), now),
        by=by,
        payload=payload,
    )


def _plain(payload: object) -> dict[str, str]:
    if not isinstance(payload, dict):
        return {}
    plain = {}
    for name, value in list(payload.items())[:MOST_KEYS]:
        if isinstance(value, bool):
            plain[str(name)[:MOST_CHARACTERS]] = "true" if value else "false"
        elif isinstance(value, (str, int, float)) and str(value).strip():
            plain[str(name)[:MOST_CHARACTERS]] = " ".join(str(value).split())[:MOST_CHARACTERS]
    return plain


def _instant(text: str | None, now: Instant) -> Instant:
    """A time without an offset says no instant."""
    if text is None:
        return now
    try:
        at = parse_time(text, None)
    except TimeError:
        return now
    return min(at, now)
