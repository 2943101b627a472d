"""What follows from a policy alone is made once for it: a sweep asks for that at each of its cases."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from respondby.policy.model.policy import Policy

T = TypeVar("T")

#: A run has one policy, one more for each issue of a duty, and those that were in force while its cases were open.
_MOST = 64


def per_policy(make: Callable[[Policy], T]) -> Callable[[Policy], T]:
    """The same function, which keeps what it has made for the last few policies. A policy is known by identity."""
    known: dict[int, tuple[Policy, T]] = {}

    @wraps(make)
    def made(policy: Policy) -> T:
        found = known.get(id(policy))
        if found is not None and found[0] is policy:
            return found[1]
        if len(known) >= _MOST:
            known.clear()
        result = make(policy)
        known[id(policy)] = policy, result
        return result

    return made
