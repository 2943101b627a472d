"""Faults on request: which requests fail, how, and whether their effect took place.

A plan names requests by method and path, by a text that their body holds, those of GraphQL by their operation's name,
and of these by number (`nth`, or `from` and `times`) or by chance with a seed; it lets each fail `before` or `after`
its effect: by a status, a cut connection, a body cut in half, or a delay.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from respondby.sandbox.store.problems import Problem

_MATCH = {"method", "path", "operation", "body", "nth", "from", "times", "chance", "seed"}
_DO = {"status", "body", "headers", "cut", "cut_body", "delay"}


@dataclass(slots=True)
class Fault:
    """One plan. `seen` counts the requests that it was compared with and that it names."""

    method: str | None
    path: re.Pattern[str]
    operation: str | None
    holds: str | None
    first: int
    last: float
    chance: float | None
    when: str
    status: int | None
    body: Any
    headers: dict[str, str]
    cut: bool
    cut_body: bool
    delay: float
    dice: random.Random
    seen: int = 0

    def strikes(self, method: str, path: str, operation: str | None, sent: bytes = b"") -> bool:
        """Count a request that the plan names, and return whether it is to fail."""
        if (self.method and self.method != method) or not self.path.fullmatch(path):
            return False
        if self.operation is not None and self.operation != operation:
            return False
        if self.holds is not None and self.holds.encode() not in sent:
            return False
        self.seen += 1
        if not self.first <= self.seen <= self.last:
            return False
        return self.chance is None or self.dice.random() < self.chance

    def message(self) -> tuple[int, Any]:
        """Return the status and body to answer with; the body is a short JSON message unless it was given."""
        status = self.status or 500
        if self.body is not None:
            return status, self.body
        phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Error"
        return status, {"message": "Server Error" if status == 502 else phrase}


def read(plan: Mapping[str, Any]) -> Fault:
    """Return the fault that a plan in JSON describes. Raises Problem (422) that names what is wrong with it."""
    match, do, when = plan.get("match", {}), plan.get("do", {}), plan.get("when", "before")
    unknown = (set(plan) - {"match", "when", "do"}) | (set(match) - _MATCH) | (set(do) - _DO)
    if unknown:
        raise Problem(422, f"a fault has no key {', '.join(sorted(unknown))}")
    if when not in ("before", "after"):
        raise Problem(422, f'when is "before" or "after", not {when!r}')
    if not do:
        raise Problem(422, "do says nothing: give status, cut, cut_body or delay")
    first = match.get("nth", match.get("from", 1))
    last = first if "nth" in match else first + match["times"] - 1 if "times" in match else float("inf")
    try:
        path = re.compile(match.get("path", ".*"))
    except re.error as error:
        raise Problem(422, f"path is no regular expression: {error}") from None
    return Fault(
        method=match.get("method"),
        path=path,
        operation=match.get("operation"),
        holds=match.get("body"),
        first=first,
        last=last,
        chance=match.get("chance"),
        when=when,
        status=do.get("status"),
        body=do.get("body"),
        headers={str(name).lower(): str(value) for name, value in do.get("headers", {}).items()},
        cut=bool(do.get("cut")),
        cut_body=bool(do.get("cut_body")),
        delay=float(do.get("delay", 0)),
        dice=random.Random(match.get("seed", 0)),  # noqa: S311 - a test must be able to repeat it
    )


@dataclass(slots=True)
class Faults:
    """The plans in force. The first that strikes decides; all of them count."""

    plans: list[Fault] = field(default_factory=list)

    @property
    def read_bodies(self) -> bool:
        """Whether a plan asks for what a request sends: a text in it, or the operation of a GraphQL request."""
        return any(plan.operation is not None or plan.holds is not None for plan in self.plans)

    def choose(self, method: str, path: str, operation: str | None = None, sent: bytes = b"") -> Fault | None:
        """Return the fault that this request suffers, if any."""
        struck = [plan for plan in self.plans if plan.strikes(method, path, operation, sent)]
        return struck[0] if struck else None
