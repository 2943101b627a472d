"""Dispatched events: what another system told the repository (`repository_dispatch`).

GitHub gives the event's type as `action`, up to ten keys of the sender's as `client_payload`, and no instant. Laws:

- What is in a payload is data: only texts, numbers and truths of it are read, each as a text of bounded length.
- A dispatch is named by the sender's own `key`, where it has one, and else by the run that received it: a run that is
  started again records nothing twice.
- Its instant is the sender's `at`, where that is a time (with its offset) that has come, and else the forge's clock
  when the run that received it looked first. A time before there was GitHub is nobody's: it comes from a program that
  was given none (Go's zero time, the year 1; the epoch, 1970), and such a dispatch is not recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from respondby.alerts.paths import one_line
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, parse_time
from respondby.dataclass import dataclass
from respondby.desk.log import Entry

#: As many keys as GitHub lets a payload have, and as many characters as are kept of a value.
MOST_KEYS = 10
MOST_CHARACTERS = 200

KIND = "dispatch"

#: No event that GitHub was told of happened before there was GitHub.
EARLIEST: Instant = parse_time("2008-01-01T00:00:00Z", None)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One dispatched event: its type, what names it, when it happened, who sent it, and its payload as plain texts.

    `problem` says why it cannot be recorded, and what to send instead.
    """

    name: str
    key: str
    at: Instant
    by: str
    payload: Mapping[str, str]
    problem: str = ""

    def entry(self) -> Entry:
        """The dispatch as the desk's log remembers it."""
        return Entry(KIND, self.name, self.key, self.at, self.by, self.payload)


def read_dispatch(event: Mapping[str, Any], run: str, now: Instant) -> Dispatch:
    """The dispatch of an event's payload; `run` is the id of the run that received it."""
    payload = _plain(event.get("client_payload"))
    sender = event.get("sender")
    by = str(sender.get("login", "")) if isinstance(sender, dict) else ""
    key, at = payload.get("key"), _instant(payload.get("at"), now)
    problem = ""
    if at < EARLIEST:
        problem = (
            f"the dispatch `{event.get('action') or ''}` says that it happened at {payload.get('at', '')}, before there"
            " was GitHub: send in `at` when it happened, or leave `at` out, and it counts from when it arrives"
        )
    return Dispatch(
        name=one_line(str(event.get("action") or "")),
        key=f"key {key}" if key else f"run {run}",
        at=at,
        by=by,
        payload=payload,
        problem=problem,
    )


def _plain(payload: object) -> dict[str, str]:
    if not isinstance(payload, dict):
        return {}
    plain = {}
    for name, value in list(payload.items())[:MOST_KEYS]:
        said = one_line(str(name))[:MOST_CHARACTERS]
        if isinstance(value, bool):
            plain[said] = "true" if value else "false"
        elif isinstance(value, (str, int, float)) and str(value).strip():
            plain[said] = one_line(str(value))[:MOST_CHARACTERS]
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
