"""Policies that this process has read before. Reading is pure, so whoever has the same texts gets the same policy.

A run reads one policy, but a rehearsal plays every scenario of a desk by it, and a process that forks for its runs
(`rehearsal.forked`) hands on what it has read. A policy is known by all of its texts, so none can be out of date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from respondby.policy.model.policy import Policy

#: A policy's text, its path, and the texts of the files that it names, by path and in order.
Texts = tuple[str, str, tuple[tuple[str, str], ...]]

#: So many are kept, those read last: the policy of today, and a few of yesterday's.
MOST = 8

_KEPT: dict[Texts, Policy] = {}


def texts_of(text: str, path: str, files: Mapping[str, str]) -> Texts:
    """What a policy is known by."""
    return text, path, tuple(sorted(files.items()))


def kept(texts: Texts, read: Callable[[], Policy]) -> Policy:
    """The policy of these texts; `read` reads it where it was not read before, and raises where it cannot."""
    policy = _KEPT.get(texts)
    if policy is None:
        policy = read()
        if len(_KEPT) >= MOST:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[texts] = policy
    return policy


def all_kept() -> tuple[Texts, ...]:
    """The texts of the policies that are kept, in the order in which they were read."""
    return tuple(_KEPT)
