"""Running the sandbox: in a thread of this process (`Sandbox`), or in the foreground (`serve`)."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import uvicorn

from respondby.sandbox.app import build
from respondby.sandbox.control.acts import Control
from respondby.sandbox.serving.routing import App, Message, Scope
from respondby.sandbox.store import clock
from respondby.sandbox.store.people import WORKFLOW_BOT
from respondby.sandbox.store.world import OldFile, World

MONDAY_MORNING = "2026-01-05T09:00:00Z"
"""Where the clock of a new sandbox stands unless told otherwise."""


#: Seconds after which who waits for an answer gives up.
PATIENCE = 30


class _Server(uvicorn.Server):
    """uvicorn's server, which says at once that it has started and stops as soon as it is told to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._over: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def ask(self, app: App, scope: Scope, body: bytes) -> tuple[int, bytes]:
        """The status and the body that an application answers to a request that came by no connection; safe to call
        from another thread. The application works in the loop of the others that this server answers.
        """
        assert self._loop is not None, "it has started"
        answer: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            answer.append(message)

        async def answered() -> None:
            await app(scope, receive, send)

        asyncio.run_coroutine_threadsafe(answered(), self._loop).result(PATIENCE)
        return answer[0]["status"], b"".join(message.get("body", b"") for message in answer[1:])

    async def main_loop(self) -> None:
        """Wait until told to stop."""
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self.ready.set()
        await self._over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything now; a request that is still being answered is cut."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.close()

    def stop(self) -> None:
        """Stop; safe to call from another thread."""
        self.should_exit = self.force_exit = True
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        date_header=False,
        server_header=False,
        timeout_keep_alive=600,
    )


def _listen(port: int) -> socket.socket:
    # The protocol is named so that asyncio sees TCP and sends small answers at once, without waiting for an ACK.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


class Sandbox(Control):
    """A sandbox in a thread of this process, on a port of 127.0.0.1 (0: a free one).

    `path` is a database file (None: in memory), `now` where its clock stands, `accepted` what `serve` accepts. Use it
    as a context manager; `url` is its address for clients, and the methods of `Control` do what the control API does.
    `around` may put an application of its own before the sandbox's, at the same address. Raises OSError and OldFile.
    """

    def __init__(
        self,
        path: Path | str | None = None,
        now: str = MONDAY_MORNING,
        accepted: Collection[str] = (),
        *,
        port: int = 0,
        wrap: Callable[[App], App] = lambda app: app,
    ) -> None:
        self._socket = _listen(port)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        try:
            self._world = World(None if path is None else Path(path), clock.Clock(clock.parse(now)), self.url)
        except OldFile:
            self._socket.close()
            raise
        front, control = build(self._world, accepted)
        super().__init__(self._world, front.faults, control._limits, front)
        self._app = wrap(front)
        self._server = _Server(_config(self._app))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        self._server.ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join()
        self._socket.close()
        self._world.db.close()

    def clock(self, now: str) -> str:
        """Move the clock; it stands still there. Returns the instant."""
        return self.set_clock(now)

    def workflow_token(self, repository: str, permissions: Mapping[str, str]) -> str:
        """Return a token such as a workflow of this repository gets for its `permissions:`."""
        return self.token(WORKFLOW_BOT, permissions, repository)

    def call(self, method: str, path: str, token: str | None = None, body: Any = None) -> tuple[int, Any]:
        """Send one request to the API and return (status, JSON or None)."""
        status, _, value = self.exchange(method, path, token, body)
        return status, value

    def direct(self, method: str, path: str, token: str | None = None, body: Any = None) -> tuple[int, Any]:
        """As `call`, without a connection, which costs more than most answers. No fault can cut what has none."""
        target, _, query = path.partition("?")
        headers = [(b"host", urlsplit(self.url).netloc.encode()), (b"content-type", b"application/json")]
        if token is not None:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(target),
            "raw_path": target.encode("ascii"),
            "query_string": query.encode("ascii"),
            "headers": headers,
        }
        status, content = self._server.ask(self._app, scope, b"" if body is None else json.dumps(body).encode())
        return status, json.loads(content) if content else None

    def exchange(
        self,
        method: str,
        path: str,
        token: str | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, str], Any]:
        """Send one request to the API and return (status, headers in lower case, JSON or None)."""
        from http.client import HTTPConnection  # a sandbox that only serves needs no client

        connection = HTTPConnection("127.0.0.1", self._socket.getsockname()[1], timeout=PATIENCE)
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        try:
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        received = {name.lower(): value for name, value in response.getheaders()}
        return response.status, received, json.loads(content) if content else None


def serve(
    port: int, path: Path | None, now: str | None, tell: Callable[[str], None], accepted: Collection[str] = ()
) -> None:
    """Run a sandbox in the foreground until it is interrupted; `tell` is told its address once it listens.

    Pages and control API are served to this machine's own names and to the host names `accepted`.

    Without `now` its clock runs with the machine's. Raises OSError if the port cannot be had, and OldFile
    for a database of another version.
    """
    listening = _listen(port)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    own = clock.Clock(int(time.time()), running=True) if now is None else clock.Clock(clock.parse(now))
    try:
        world = World(path, own, url)
    except OldFile:
        listening.close()
        raise
    front, _ = build(world, accepted)
    tell(url)
    uvicorn.Server(_config(front)).run(sockets=[listening])
