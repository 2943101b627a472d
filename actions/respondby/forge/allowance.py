"""What a token may still do: what GitHub says of its hour, and how long its clients have waited for it.

Shared by all clients of one token. Each answer says of one resource (REST and GraphQL are counted apart) how many
requests or points are left, and when there will be all of them again; the last answer counts.
"""

from __future__ import annotations

from collections.abc import Mapping

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Hour:
    """What is left of an hour: of `limit` requests or points `remaining`, until all are there again at `reset`."""

    limit: int
    remaining: int
    reset: Instant


class Allowance:
    """The token's hours by resource; `waited` counts seconds, `limited` says which limit ended a run (empty: none)."""

    def __init__(self) -> None:
        self.hours: dict[str, Hour] = {}
        self.waited = 0.0
        self.limited = ""

    def tell(self, headers: Mapping[str, str]) -> None:
        """Take note of what an answer's headers say; they are in lower case."""
        said = [headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remaining", "reset")]
        if all(text.isdigit() for text in said):
            limit, remaining, reset = map(int, said)
            self.hours[headers.get("x-ratelimit-resource", "core")] = Hour(limit, remaining, reset)

    @property
    def scarcest(self) -> Hour | None:
        """The hour of which the smallest share is left; None before an answer has told."""
        return min(self.hours.values(), key=lambda hour: hour.remaining / max(1, hour.limit), default=None)
