"""A server on this machine that speaks as a system does: what it is asked, and what it answers."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request, as it arrived; `target` is its path with its query, as they were written."""

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """A status, a body (JSON, or text or bytes as they are), and headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """What the service answers to something that is not of its format."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(body)
        self.answer = Answer(status, body)


class Service(ABC):
    """`asked` are all requests; the next answers are those of `says`, before the service itself has a word."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.says: list[Answer] = []

    @abstractmethod
    def take(self, asked: Asked) -> Answer:
        """What this system answers."""

    def answer(self, asked: Asked) -> Answer:
        """What is answered: as told, or by the system's own rules."""
        self.asked.append(asked)
        if self.says:
            return self.says.pop(0)
        try:
            return self.take(asked)
        except Refused as refused:
            return refused.answer


def must(held: bool, status: int, body: Any) -> None:
    """Refuse with this answer unless that holds."""
    if not held:
        raise Refused(status, body)


class Answering(Protocol):
    """Whatever answers requests."""

    def answer(self, asked: Asked) -> Answer:
        """What is answered."""


def _as_bytes(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else "" if body is None else json.dumps(body)).encode()


class _Handler(BaseHTTPRequestHandler):
    service: Answering

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts = urlsplit(self.path)
        try:
            body = json.loads(text) if text else None
        except ValueError:
            body = text
        query = dict(parse_qsl(parts.query))
        asked = Asked(self.command, self.path, unquote(parts.path), query, dict(self.headers), body)
        answer = self.service.answer(asked)
        said = _as_bytes(answer.body)
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(said)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(service: Answering) -> Iterator[str]:
    """The service at an address of this machine: `http://127.0.0.1:port`."""
    handler = type("Handler", (_Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
