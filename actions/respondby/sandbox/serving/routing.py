"""Finding who answers a request: by its method and its path.

A template's segments are literal, or `{name}`, `{name:int}`, or at its end `{name:path}`, which takes the rest, slashes
included. Routes are looked up by method and number of segments; what takes a rest comes last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import cache
from typing import Any

from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Route = tuple[str, str, App]
"""A method, a template, and who answers."""

_HOLE = re.compile(r"\{(\w+)(?::(int|path))?\}")
_KINDS = {"": "[^/]+", "int": "[0-9]{1,18}", "path": ".*"}


@cache
def _pattern(template: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Return a template as a regular expression, and which of its names are numbers."""
    text, at, numbers = "", 0, []
    for hole in _HOLE.finditer(template):
        kind = hole[2] or ""
        text += re.escape(template[at : hole.start()]) + f"(?P<{hole[1]}>{_KINDS[kind]})"
        at = hole.end()
        if kind == "int":
            numbers.append(hole[1])
    return re.compile(text + re.escape(template[at:]), re.DOTALL), tuple(numbers)


class Router:
    """The ASGI application that hands each request to its route; 404 in GitHub's words for one that has none."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._exact: dict[tuple[str, int], list[tuple[str, App]]] = {}
        self._open: dict[str, list[tuple[str, App]]] = {}
        for method, template, app in routes:
            if template.endswith(":path}"):
                self._open.setdefault(method, []).append((template, app))
            else:
                self._exact.setdefault((method, template.count("/")), []).append((template, app))

    def find(self, method: str, path: str) -> tuple[App, dict[str, Any]] | None:
        """Return who answers a request, and what the holes of the template hold."""
        asked = "GET" if method == "HEAD" else method
        for template, app in (*self._exact.get((asked, path.count("/")), ()), *self._open.get(asked, ())):
            pattern, numbers = _pattern(template)
            found = pattern.fullmatch(path)
            if found is not None:
                values: dict[str, Any] = found.groupdict()
                for name in numbers:
                    values[name] = int(values[name])
                return app, values
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = self.find(scope["method"], scope["path"])
        if found is None:
            await refuse(send, Problem(404, "Not Found"))
            return
        app, scope["path_params"] = found
        await app(scope, receive, send)


async def read_body(receive: Receive) -> bytes:
    """Return a request's whole body."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def read_json(body: bytes) -> Json:
    """Return the JSON object in a body; an empty one for an empty body; 400 for anything else."""
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
        if b"\\ud" in body.lower():
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except ValueError:
        raise Problem(400, "Problems parsing JSON") from None
    if not isinstance(value, dict | list):
        raise Problem(400, "Body should be a JSON object")
    return {"": value} if isinstance(value, list) else value


async def reply(
    send: Send, status: int, content: bytes, headers: dict[str, str], kind: str = "application/json; charset=utf-8"
) -> None:
    """Send a whole response."""
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    if status not in (204, 304):
        raw += [(b"content-type", kind.encode()), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})


async def refuse(send: Send, problem: Problem) -> None:
    """Send a refusal that no endpoint made."""
    await reply(send, problem.status, json.dumps(problem.body()).encode(), problem.headers)
