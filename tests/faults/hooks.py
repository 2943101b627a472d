"""Where a test lays its hands on a run: at each of its requests and calls, and between those of two runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from respondby.channels.message import Sent
from respondby.forge.answers import Answer
from respondby.forge.client import Client, _Cut


class Killed(BaseException):
    """The runner was taken away: nothing of ours runs after it."""


class Hook:
    """What is told of each request and call of a run. It may raise, which the run meets in the request's place."""

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        """Request `number` of the run (0 is the first) is about to go out; `send` sends it."""

    def after(self, number: int) -> None:
        """Its answer has come."""

    def body(self, number: int, body: Any) -> Any:
        """What request `number` sends in place of its body."""
        return body

    def call(self, number: int, send: Callable[[], Sent]) -> Sent:
        """Call `number` of the run (0 is the first) is about to go out by a channel; what the run hears of it."""
        return send()


class HookedClient(Client):
    """A client that tells a hook before and after each request. What writes by GraphQL is told as `…/mutation`."""

    hook: Hook | None = None
    sent = 0

    def _once(self, verb: Any, url: str, body: Any, own: Mapping[str, str]) -> Answer:
        number, self.sent = self.sent, self.sent + 1
        if self.hook is not None:
            body = self.hook.body(number, body)
        sends = partial(super()._once, verb, url, body, own)
        if isinstance(body, dict) and str(body.get("query", "")).startswith("mutation LabelsAndCard"):
            url = url.removesuffix("graphql") + "mutation"
        if self.hook is not None:
            self.hook.before(number, sends, verb, url)
        answer = sends()
        if self.hook is not None:
            self.hook.after(number)
        return answer


class Counting(Hook):
    """Writes down what is sent, as (verb, last part of the path); a call is (CALL, ""), where `calls` count.

    They do not in a story in which somebody answers at the pager: a channel that fails leaves nothing to answer there.
    """

    def __init__(self, *, calls: bool = True) -> None:
        self.calls = calls
        self.sent: list[tuple[str, str]] = []

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        self.sent.append((verb, url.rsplit("/", 1)[-1]))

    def call(self, number: int, send: Callable[[], Sent]) -> Sent:
        if self.calls:
            self.sent.append(("CALL", ""))
        return send()


@dataclass
class KillAt(Hook):
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
class Doing(Hook):
    """Does something just before one request goes out, and something just after it was answered."""

    number: int
    do: Callable[[], None]
    then: Callable[[], None] = lambda: None

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        if number == self.number:
            self.do()

    def after(self, number: int) -> None:
        if number == self.number:
            self.then()


@dataclass
class Spoiling(Hook):
    """In one mutation one of its variables names what is not there any more, so that a part of it is refused."""

    number: int
    variable: str

    def body(self, number: int, body: Any) -> Any:
        given = dict(body["variables"]) if number == self.number else {}
        if self.variable not in given:
            return body
        given[self.variable] = ["LA_gone"] if isinstance(given[self.variable], list) else "IC_gone"
        return {**body, "variables": given}


@dataclass
class Late(Hook):
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

    def arrive(self) -> None:
        """What is still under way reaches the forge."""
        while self.waiting:
            self.waiting.pop()()


@dataclass
class Lagging(Hook):
    """After one write, so many reads are answered by a replica that has not heard of it.

    `keep` keeps the forge as it is; within what it returns, the forge answers from that.
    """

    number: int
    reads: int
    keep: Callable[[], Callable[[], AbstractContextManager[object]]]
    replica: Callable[[], AbstractContextManager[object]] | None = None
    answering: AbstractContextManager[object] | None = None

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        if number == self.number:
            self.replica = self.keep()
        elif self.replica is not None and self.reads > 0 and (verb == "GET" or url.endswith("/graphql")):
            self.reads -= 1
            self.answering = self.replica()
            self.answering.__enter__()

    def after(self, number: int) -> None:
        if self.answering is not None:
            self.answering.__exit__(None, None, None)
            self.answering = None


@dataclass
class Calling(Hook):
    """A channel fails at one call, or at `all` of a run; where it is `taken`, only its answer. Or the run is killed."""

    number: int
    all: bool = False
    taken: bool = False
    killed: bool = False

    def call(self, number: int, send: Callable[[], Sent]) -> Sent:
        if number != self.number and not self.all:
            return send()
        if self.taken or self.killed:
            send()
        if self.killed:
            raise Killed
        return Sent(False, "it answered 500")


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
class TakingTurns(Hook):
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

    def call(self, number: int, send: Callable[[], Sent]) -> Sent:
        self.turns.take(self.who)
        return send()
