"""Where a test lays its hands on a run: before and after each of its requests, and between the requests of two runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from respondby.forge.answers import Answer
from respondby.forge.client import Client, _Cut


class Killed(BaseException):
    """The runner was taken away: nothing of ours runs after it."""


class Hook(Protocol):
    """What is told of each request of a run. It may raise, which the run meets in the request's place."""

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        """Request `number` of the run (0 is the first) is about to go out; `send` sends it."""

    def after(self, number: int) -> None:
        """Its answer has come."""


class HookedClient(Client):
    """A client that tells a hook before and after each request."""

    hook: Hook | None = None
    sent = 0

    def _once(self, verb: Any, url: str, body: Any) -> Answer:
        number, self.sent = self.sent, self.sent + 1
        if self.hook is not None:
            self.hook.before(number, lambda: super(HookedClient, self)._once(verb, url, body), verb, url)
        answer = super()._once(verb, url, body)
        if self.hook is not None:
            self.hook.after(number)
        return answer


class Counting:
    """Writes down what is sent, as (verb, last part of the path)."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        self.sent.append((verb, url.rsplit("/", 1)[-1]))

    def after(self, number: int) -> None:
        """Nothing."""


@dataclass
class KillAt:
    """Takes the runner away at one request: `before` it goes out, or `after` it was performed."""

    number: int
    when: str

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        if (self.when, self.number) == ("before", number):
            raise Killed

    def after(self, number: int) -> None:
        if (self.when, self.number) == ("after", number):
            raise Killed


@dataclass
class Doing:
    """Does something just before one request goes out."""

    number: int
    do: Callable[[], None]

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        if number == self.number:
            self.do()

    def after(self, number: int) -> None:
        """Nothing."""


@dataclass
class Late:
    """One request is given up by its sender and reaches the forge all the same, `later` requests after that.

    With no request left in the run it arrives when the run is over: `arrive`.
    """

    number: int
    later: int
    waiting: list[Callable[[], Answer]] = field(default_factory=list)

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        if number == self.number:
            self.waiting.append(send)
            raise _Cut("no answer came within 20 seconds")
        if number == self.number + self.later:
            self.arrive()

    def after(self, number: int) -> None:
        """Nothing."""

    def arrive(self) -> None:
        """What is still under way reaches the forge."""
        while self.waiting:
            self.waiting.pop()()


class Turns:
    """Lets runs take turns at each request, by a list of their numbers; who has ended no longer takes turns."""

    def __init__(self, order: Sequence[int]) -> None:
        self._order = list(order)
        self._ended: set[int] = set()
        self._changed = threading.Condition()

    def take(self, who: int) -> None:
        """Return when it is the turn of run `who`."""
        with self._changed:
            while self._order and self._order[0] != who and self._order[0] not in self._ended:
                self._changed.wait(5)
            if self._order:
                self._order.pop(0)
            self._changed.notify_all()

    def end(self, who: int) -> None:
        """Run `who` is over."""
        with self._changed:
            self._ended.add(who)
            self._changed.notify_all()


@dataclass
class TakingTurns:
    """The hook of one of several runs that meet; `also` is told after its turn has come."""

    turns: Turns
    who: int
    also: Hook | None = None

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        self.turns.take(self.who)
        if self.also is not None:
            self.also.before(number, send, verb, url)

    def after(self, number: int) -> None:
        if self.also is not None:
            self.also.after(number)
