"""What a pure function has made, kept by all that it was made from: the same again is not made again.

Unlike `functools.lru_cache` it tells what it holds, so that another process can make the same (`rehearsal.forked`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """The last `most` things that were made, by their names: a name says everything that a thing depends on."""

    __slots__ = ("_made", "_most")

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[K, V] = {}

    def get(self, name: K, make: Callable[[], V]) -> V:
        """The thing of that name; `make` makes it where it is not there. What `make` raises is raised, and not kept."""
        try:
            return self._made[name]
        except KeyError:
            pass
        thing = make()
        if len(self._made) >= self._most:
            self._made.pop(next(iter(self._made)), None)
        self._made[name] = thing
        return thing

    def items(self) -> tuple[tuple[K, V], ...]:
        """What there is, the oldest first."""
        return tuple(self._made.items())

    def clear(self) -> None:
        """Forget it all."""
        self._made.clear()
