"""The bots that a policy names, read before the policy itself: whose comments are ours must be known to read a case."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from respondby.policy.loading.loader import DEFAULT_PATH
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import Node, read


@lru_cache(maxsize=8)  # each gather asks again
def bots_of(text: str | None) -> frozenset[str]:
    """The logins under `roles: bots: people`; none where it is missing or broken: the last valid policy serves."""
    if text is None:
        return frozenset()
    try:
        named = _at(read(text, path=DEFAULT_PATH), "roles", "bots")
    except PolicyError:
        return frozenset()
    return frozenset(_names(named))


def _names(node: Node | None) -> Iterator[str]:
    """`bots: login`, `bots: {people: [login, …]}`, or a list of such alternatives."""
    if node is None:
        return
    if node.kind == "text":
        yield str(node.value)
    elif node.kind == "list":
        for item in node.value:
            yield from _names(item)
    elif node.kind == "mapping":
        yield from _names(node.value.get("people"))


def _at(node: Node | None, *path: str) -> Node | None:
    for part in path:
        if node is None or node.kind != "mapping":
            return None
        node = node.value.get(part)
    return node
