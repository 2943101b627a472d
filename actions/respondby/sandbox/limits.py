"""Rate limits: how many requests a token has left in the hour of the sandbox's clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from respondby.sandbox.clock import Clock
from respondby.sandbox.people import Viewer

HOUR = 3600


def limit_of(viewer: Viewer | None) -> int:
    """Return how many requests an hour GitHub allows: a workflow 1,000, anybody else with a token 5,000."""
    if viewer is None:
        return 60
    return 1000 if viewer.is_workflow else 5000


@dataclass(slots=True)
class Limits:
    """Counts requests (REST) and points (GraphQL) per token, resource and hour.

    It refuses nobody, so what it reports as left is never less than one.
    """

    clock: Clock
    _used: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def spend(self, viewer: Viewer | None, resource: str, cost: int) -> tuple[int, int, int, int]:
        """Count a cost and return (limit, used, remaining, reset); the last is an instant."""
        start = self.clock.now() // HOUR * HOUR
        key = (viewer.token if viewer else "", resource, start)
        used = self._used[key] = self._used.get(key, 0) + cost
        limit = limit_of(viewer)
        return limit, used, max(limit - used, 1), start + HOUR

    def headers(self, viewer: Viewer | None, resource: str, spend: bool = True) -> dict[str, str]:
        """Count one request, unless it is free, and return the headers that tell what is left."""
        limit, used, remaining, reset = self.spend(viewer, resource, int(spend))
        return {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(remaining),
            "x-ratelimit-used": str(used),
            "x-ratelimit-reset": str(reset),
            "x-ratelimit-resource": resource,
        }
