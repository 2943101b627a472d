"""The rehearsal's own receiver: where every secret that a policy names points, and which writes down what it gets.

It answers as a pager and a chat do, so that a channel takes its normal way; whoever is told is read from what arrived
here, never from what the desk says that it sent. A pager's REST API is asked by GET.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from respondby.dataclass import dataclass
from respondby.policy.text.exchange import WebRequest
from respondby.rehearsal.pager import Pager

#: What PagerDuty answers to an event that it takes; other receivers do not mind more than a bare 200.
_TAKEN = {"status": "success", "message": "Event processed"}


@dataclass(frozen=True, slots=True)
class Post:
    """One thing received: the `secret` whose address it came to, the `path` below that, by which method, and the body
    (JSON where it is, else text).
    """

    secret: str
    body: Any
    path: str = ""
    method: str = "post"


class Receiver:
    """A server on this machine, from `with` to its end. `posts` grows in the order in which things arrived.

    `now` is the story's time, for what the pager writes down; `beats` counts the heartbeats. `steps` are the
    requests that webhooks' files name, by secret: each is answered by its first example.
    """

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.pager = Pager()
        self.now = ""
        self.steps: dict[str, list[WebRequest]] = {}
        self.beats = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.receiver = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def host(self) -> str:
        """`127.0.0.1:port`."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def address(self, kind: str, secret: str) -> str:
        """What a secret of a channel of that kind holds, so that the channel's messages come here."""
        if kind == "apprise":
            return f"json://{self.host}/{secret}"
        # PagerDuty's address ends in a routing key, which travels in the body.
        return f"http://{self.host}/{secret}{'/rehearsal' if kind in ('pagerduty', 'token') else ''}"

    def take(self, path: str, body: bytes, method: str = "post") -> Any:
        """Write down what was sent to a path; what is answered."""
        text = body.decode("utf-8", "replace")
        try:
            content = json.loads(text)
        except ValueError:
            content = text
        with self._lock:
            secret, _, below = unquote(path).strip("/").partition("/")
            secret = secret.partition("?")[0]
            self.posts.append(Post(secret, content, f"/{below}" if below else "", method))
            if isinstance(content, dict) and "event_action" in content:
                self.pager.take(content, self.now)
            return self._example(secret, method, below)

    def _example(self, secret: str, method: str, below: str) -> Any:
        step = step_of(self.steps.get(secret, ()), method, f"/{below}" if below else "")
        return step.examples[0] if step is not None and step.examples else _TAKEN

    def ask(self, target: str) -> Any:
        """What is answered to a GET (None: 404): a webhook's example, or what the pager knows, which has its own paths
        below its secret's name. A secret alone is a heartbeat's.
        """
        parts = urlsplit(target)
        secret, _, below = parts.path.strip("/").partition("/")
        with self._lock:
            if secret in self.steps:
                return self._example(secret, "get", unquote(target).strip("/").partition("/")[2])
            if not below:
                self.beats += 1
                return {}
            return self.pager.ask(below, dict(parse_qsl(parts.query)))

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def step_of(steps: Iterable[WebRequest], method: str, path: str) -> WebRequest | None:
    """Which of these requests was made, by its method and its path."""
    for step in steps:
        pieces = re.split(r"\{[a-z]+\}", unquote(step.path))
        if step.method == method and re.fullmatch(".+".join(map(re.escape, pieces)), path):
            return step
    return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(202, cast(_Server, self.server).receiver.take(self.path, body, self.command.lower()))

    def do_PUT(self) -> None:
        self.do_POST()

    def do_PATCH(self) -> None:
        self.do_POST()

    def do_DELETE(self) -> None:
        self.do_POST()

    def do_GET(self) -> None:
        found = cast(_Server, self.server).receiver.ask(self.path)
        self._answer(404 if found is None else 200, found or {})

    def _answer(self, status: int, content: Any) -> None:
        answer = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what arrives is told by the rehearsal."""
