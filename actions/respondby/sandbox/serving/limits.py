"""Rate limits: what a token has left in the hour of the sandbox's clock, and how much it may do at once.

Both count by the sandbox's clock, so moving it is waiting. Nobody is refused until limits are enforced by `Control`:
most stories set up more within one standing instant than GitHub allows in an hour.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from respondby.sandbox.store.clock import Clock
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem

HOUR, MINUTE = 3600, 60
_DOCS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
READ, WRITE = 1, 5
"""Points of the secondary limit: what reads and what changes something."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is enforced; None enforces nothing. GitHub's own numbers are those of `GITHUB`."""

    requests_an_hour: int | None = None
    creations_a_minute: int | None = None
    creations_an_hour: int | None = None
    points_a_minute: int | None = None
    graphql_points_a_minute: int | None = None


GITHUB = Rules(creations_a_minute=80, creations_an_hour=500, points_a_minute=900, graphql_points_a_minute=2000)
"""GitHub's secondary limits; the primary one is that of the token's kind."""


def limit_of(viewer: Viewer | None) -> int:
    """Return how many requests an hour GitHub allows: a workflow 1,000, anybody else with a token 5,000."""
    if viewer is None:
        return 60
    return 1000 if viewer.is_workflow else 5000


@dataclass(slots=True)
class Limits:
    """Counts requests (REST) and points (GraphQL) per token, resource and hour, and what a token did lately."""

    clock: Clock
    rules: Rules = Rules()
    enforced: bool = False
    _used: dict[tuple[str, str, int], int] = field(default_factory=dict)
    _points: dict[tuple[str, str], deque[tuple[int, int]]] = field(default_factory=dict)
    _created: dict[str, deque[tuple[int, int]]] = field(default_factory=dict)

    def enforce(self, rules: Rules | None) -> None:
        """Refuse from now on what these rules and the primary limit do not allow; None refuses nobody."""
        self.rules, self.enforced = replace(rules or Rules()), rules is not None
        self._used.clear()
        self._points.clear()
        self._created.clear()

    def _limit(self, viewer: Viewer | None) -> int:
        return limit_of(viewer) if self.rules.requests_an_hour is None else self.rules.requests_an_hour

    def spend(self, viewer: Viewer | None, resource: str, cost: int) -> tuple[int, int, int, int]:
        """Count a cost and return (limit, used, remaining, reset); the last is an instant. Where nobody is refused,
        nobody has to save either: half of it is always left.
        """
        start = self.clock.now() // HOUR * HOUR
        key = (viewer.token if viewer else "", resource, start)
        used = self._used[key] = self._used.get(key, 0) + cost
        limit = self._limit(viewer)
        return limit, used, max(limit - used, 0 if self.enforced else limit // 2), start + HOUR

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

    def spent(self, viewer: Viewer | None, resource: str) -> bool:
        """Return whether a token has nothing left in this hour."""
        limit, used, _, _ = self.spend(viewer, resource, 0)
        return self.enforced and used >= limit

    def allow(self, viewer: Viewer | None, resource: str, writes: bool, creates: bool) -> None:
        """Count a request that is about to be served; refuse one too many.

        Raises Limited: beyond the primary limit, with nothing left until its reset; beyond a secondary one, with the
        seconds after which to try again. A refused request counts for nothing.
        """
        if not self.enforced:
            return
        if resource == "core" and self.spent(viewer, resource):
            raise Limited(exceeded(viewer))
        now, token = self.clock.now(), viewer.token if viewer else ""
        points = self._points.setdefault((token, resource), deque())
        created = self._created.setdefault(token, deque())
        cost = WRITE if writes else READ
        rules = self.rules
        most = rules.graphql_points_a_minute if resource == "graphql" else rules.points_a_minute
        waits = [_wait(points, now, MINUTE, most, cost)]
        if creates:
            waits.append(_wait(created, now, HOUR, rules.creations_an_hour, 1))
            waits.append(_wait(created, now, MINUTE, rules.creations_a_minute, 1))
        if any(waits):
            raise Limited(SECONDARY, retry_after=max(waits))
        points.append((now, cost))
        if creates:
            created.append((now, 1))


SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


def exceeded(viewer: Viewer | None) -> str:
    """Return GitHub's words for a primary limit that is spent."""
    if viewer is None:
        return "API rate limit exceeded for 127.0.0.1."
    return f"API rate limit exceeded for {'installation' if viewer.is_bot else 'user'} ID {viewer.id}."


def _wait(done: deque[tuple[int, int]], now: int, span: int, most: int | None, cost: int) -> int:
    """Return how many seconds are left until something of this cost fits into what may be done in a span; 0: none."""
    while done and done[0][0] <= now - HOUR:
        done.popleft()
    if most is None:
        return 0
    recent = [(at, what) for at, what in done if at > now - span]
    over = sum(what for _, what in recent) + cost - most
    for at, what in recent:
        if over <= 0:
            break
        over -= what
        if over <= 0:
            return at + span - now
    return 0


class Limited(Problem):
    """A request too many. `retry_after` is in seconds; None for the primary limit, whose reset says when."""

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(403, message)
        self.docs = f"{_DOCS}#about-{'primary' if retry_after is None else 'secondary'}-rate-limits"
        self.headers = {} if retry_after is None else {"retry-after": str(retry_after)}
