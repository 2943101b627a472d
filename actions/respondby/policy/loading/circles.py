"""Names that lead to each other in a circle: roles made of roles, channels that fall back, clocks that start clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from respondby.policy.model.policy import Policy
from respondby.policy.text.cursor import Cursor
from respondby.policy.text.problems import shorten

#: Roles of roles of roles: nobody needs more.
_DEEPEST = 20


def circles(graph: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Each circle of the graph once, as the names along it, the one that comes first in `graph` first."""
    done: set[str] = set()
    for start in graph:
        if start in done:
            continue
        trail = [start]
        open_edges = [iter(tuple(graph.get(start, ())))]
        while open_edges:
            following = next(open_edges[-1], None)
            if following is None:
                done.add(trail.pop())
                open_edges.pop()
            elif following in trail:
                yield tuple(trail[trail.index(following) :])
            elif following in graph and following not in done:
                trail.append(following)
                open_edges.append(iter(tuple(graph[following])))


def refuse_circles(root: Cursor, policy: Policy) -> None:
    """Note the circles in which the desk would look for somebody, or for a channel, for ever."""
    roles = {
        name: [alternative.role for alternative in role.alternatives if alternative.role is not None]
        for name, role in policy.roles.items()
    }
    for product in policy.products.values():
        for name, role in (product.roles or {}).items():
            own = [alternative.role for alternative in role.alternatives if alternative.role is not None]
            roles[name] = [*roles.get(name, ()), *own]
    _refuse(root, "roles", roles, "These roles stand for each other: nobody ever holds them.")
    _refuse_depth(root, roles)
    fallbacks = {name: [channel.fallback] for name, channel in policy.channels.items() if channel.fallback is not None}
    _refuse(root, "channels", fallbacks, "These channels fall back to each other.")


def _refuse(root: Cursor, section: str, graph: Mapping[str, Iterable[str]], message: str) -> None:
    for circle in circles(graph):
        node = root.node.value.get(section)
        line, column = node.keys.get(circle[0], (node.line, node.column)) if node is not None else (1, 1)
        shown = " → ".join((*circle, circle[0]))
        root.notes.problem(line, column, message, value=shown, hint=f"Take one out of {shorten(shown)}.", rule="circle")


def _refuse_depth(root: Cursor, roles: Mapping[str, Iterable[str]]) -> None:
    """Whoever holds a role is found by going from role to role: a chain of hundreds is no policy of people."""
    layer = set(roles)
    for _ in range(_DEEPEST):
        layer = {following for name in layer for following in roles.get(name, ())}
    circular = {name for circle in circles(roles) for name in circle}
    if layer and not circular:
        name = min(layer)
        node = root.node.value.get("roles")
        line, column = node.keys.get(name, (node.line, node.column)) if node is not None else (1, 1)
        message = f"Roles stand for roles more than {_DEEPEST} deep."
        root.notes.problem(line, column, message, value=name, hint="Let this one name people.", rule="circle")
