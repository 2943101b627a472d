"""What every request passes first: the `Date` of the sandbox's clock, the log of requests, and faults."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import asdict, dataclass

from respondby.sandbox.serving.addresses import usual
from respondby.sandbox.serving.faults import Fault, Faults
from respondby.sandbox.serving.routing import App, Message, Receive, Scope, Send, read_body
from respondby.sandbox.store.values import Json
from respondby.sandbox.store.world import World

_OPERATION = re.compile(r"\s*(?:query|mutation)\s+(\w+)")


@dataclass(slots=True)
class Logged:
    """One request to the API; each endpoint fills in who sent it and, for GraphQL, its operation's name.

    `status` is None while it runs and for one whose connection was cut.
    """

    id: int
    method: str
    path: str
    status: int | None = None
    actor: str | None = None
    operation: str | None = None


class Front:
    """The outermost ASGI application; `app` is the one behind it."""

    app: App

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.log: list[Logged] = []

    def requests(self, after: int) -> list[Json]:
        """Return the log of requests after the one with this id."""
        return [asdict(entry) for entry in self.log[after:]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or let it fail."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = usual(self.world, scope)
        method, path = scope["method"], scope["path"]
        entry = scope["sandbox"] = Logged(len(self.log) + 1, method, path)
        out = self._dated(send, entry)
        if path.startswith("/_sandbox"):
            await self.app(scope, receive, out)
            return
        self.log.append(entry)
        operation, body = None, b""
        if self.faults.read_bodies:
            body = await read_body(receive)
            receive, operation = _from(body, receive), _operation(body) if path == "/graphql" else None
        fault = self.faults.choose(method, path, operation, body)
        if fault is None:
            await self.app(scope, receive, out)
        else:
            await self._fail(fault, scope, receive, send, out)

    def _dated(self, send: Send, entry: Logged) -> Send:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (b"server", b"github.com"),
                    (b"date", self.world.clock.http_date().encode()),
                    *message.get("headers", []),
                ]
                entry.status = message["status"]
            await send(message)

        return dated

    async def _fail(self, fault: Fault, scope: Scope, receive: Receive, send: Send, out: Send) -> None:
        buffered: list[Message] = []

        async def hold(message: Message) -> None:
            buffered.append(message)

        passes = fault.status is None and not fault.cut
        if fault.when == "after" or passes:
            if fault.delay and fault.when == "before":
                await asyncio.sleep(fault.delay)
            await self.app(scope, receive, hold)
        else:
            # What is still unread when a connection is closed makes the kernel take back what was sent, too.
            await read_body(receive)
        if fault.delay and (fault.when == "after" or not passes):
            await asyncio.sleep(fault.delay)
        if fault.cut:
            await _hang_up(receive, send)
        elif fault.cut_body:
            await _send_half(buffered or _messages(fault), out)
            await _hang_up(receive, send)
        else:
            for message in buffered if passes else _messages(fault):
                await out(message)


def _from(body: bytes, receive: Receive) -> Receive:
    """What receives a body that was read already, and then whatever comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _operation(body: bytes) -> str | None:
    """The name of a GraphQL document's operation, as it is written first in it."""
    try:
        query = str(json.loads(body)["query"])
    except (ValueError, KeyError, TypeError):
        return None
    found = _OPERATION.match(query)
    return found[1] if found else None


def _messages(fault: Fault) -> list[Message]:
    status, body = fault.message()
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/html" if isinstance(body, str) else "application/json; charset=utf-8"
    content = text.encode()
    headers = {"content-type": kind, "content-length": str(len(content))} | fault.headers
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return [
        {"type": "http.response.start", "status": status, "headers": raw},
        {"type": "http.response.body", "body": content},
    ]


async def _send_half(messages: list[Message], out: Send) -> None:
    for message in messages:
        if message["type"] == "http.response.start":
            await out(message)
        else:
            body = message.get("body", b"")
            await out({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


async def _hang_up(receive: Receive, send: Send) -> None:
    """Close the connection without (the rest of) an answer.

    ASGI has no message for that. The server's own `send` is a method of the request's cycle, which knows the
    transport; once it is closed, the server takes the client for gone and adds nothing.
    """
    send.__self__.transport.close()  # type: ignore[attr-defined]
    while (await receive())["type"] != "http.disconnect":
        pass
