"""How a REST request becomes a call of a handler, and a handler's answer becomes a response.

A handler is a plain function `Call -> Answer`; who asks, transactions, errors, ETags, paging and the
headers that GitHub always sends are done here, once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from respondby.sandbox.domain import moves
from respondby.sandbox.rest import media
from respondby.sandbox.serving.limits import Limited, Limits
from respondby.sandbox.serving.routing import Receive, Scope, Send, read_body, read_json, reply
from respondby.sandbox.store import access, people
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Moved, Problem, invalid
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

OLD, NEW = VERSIONS = ("2022-11-28", "2026-03-10")
"""API versions: the one that a request without the header gets, and the one whose shapes are complete here."""


@dataclass(slots=True)
class Call:
    """One request, read. `params` come from the path, `query` from the query string, `body` is JSON or empty."""

    world: World
    version: str
    viewer: Viewer | None
    url: str
    params: dict[str, Any]
    query: dict[str, str]
    body: Json
    limits: Limits
    media: str = ""
    """The form that `Accept` asks for; see `rest.media`."""

    @property
    def repo(self) -> Row:
        """The repository in the path, which the viewer may see; otherwise 404, or a redirect for an old name."""
        owner, name = self.params["owner"], self.params["repo"]
        try:
            return access.repository(self.world, self.viewer, owner, name)
        except Problem:
            row = moves.renamed(self.world, self.viewer, owner, name)
            if row is None:
                raise
        rest = self.url.partition(f"/repos/{owner}/{name}")[2]
        query = f"?{urlencode(self.query)}" if self.query else ""
        raise Moved(f"{self.world.api}/repositories/{row['id']}{rest}{query}")

    def writing(self, repo: Row, scope: str, least: Role) -> Viewer:
        """Return the viewer if they may write; see `access.may_write`."""
        return access.may_write(self.world, self.viewer, repo, scope, least)

    def writing_to(self, repo: Row, issue: Row, least: Role) -> Viewer:
        """Return the viewer if they may write to an issue's or a pull request's conversation."""
        return self.writing(repo, access.scope_of(issue), least)

    def text(self, resource: str, name: str) -> str:
        """Return a text that the body must hold."""
        value = self.body.get(name)
        if not isinstance(value, str):
            raise invalid(resource, name, "missing_field" if value is None else "invalid")
        return value

    def maybe_text(self, resource: str, name: str) -> str | None:
        """Return a text that the body may hold; None if it is absent or null."""
        return None if self.body.get(name) is None else self.text(resource, name)

    def names(self, resource: str, name: str, key: str = "name") -> list[str] | None:
        """Return a list of names in the body, given as texts or as objects with `key`; None if it is absent."""
        value = self.body.get(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise invalid(resource, name, "invalid")
        names = []
        for item in value:
            given = item.get(key) if isinstance(item, dict) else item
            if not isinstance(given, str) or not given:
                raise invalid(resource, name, "invalid")
            names.append(given)
        return names


@dataclass(slots=True)
class Answer:
    """What a handler returns: a status, a JSON value (None for an empty body), and headers of its own.

    A `free` one costs nothing of the rate limit. `raw` is sent as it is in place of JSON, as `kind`.
    """

    status: int = 200
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    free: bool = False
    raw: bytes | None = None
    kind: str = "application/json; charset=utf-8"


Handler = Callable[[Call], Answer]
Routes = Sequence[tuple[str, str, Handler]]


def page(call: Call, rows: Sequence[Any], shape: Callable[[Any], Json]) -> Answer:
    """Return one page of a list, by `per_page` (30, at most 100) and `page`, with its `Link` header."""
    size = min(_number(call.query.get("per_page"), 30), 100)
    at = _number(call.query.get("page"), 1)
    last = max(1, -(-len(rows) // size))
    links: dict[str, int] = {}
    if at > 1:
        links |= {"prev": min(at - 1, last), "first": 1}
    if at < last:
        links |= {"next": at + 1, "last": last}
    headers = {}
    if links:
        headers["link"] = ", ".join(f'<{_page_url(call, number)}>; rel="{name}"' for name, number in links.items())
    return Answer(200, [shape(row) for row in rows[(at - 1) * size : at * size]], headers)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isdecimal() and int(text) > 0 else otherwise


def _page_url(call: Call, number: int) -> str:
    return f"{call.world.api}{call.url}?{urlencode({**call.query, 'page': number})}"


class Endpoint:
    """An ASGI application for one route of the REST API."""

    def __init__(self, world: World, limits: Limits, handler: Handler) -> None:
        self.world = world
        self.limits = limits
        self.handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        body = await read_body(receive)
        viewer: Viewer | None = None
        own: dict[str, str] = {}
        try:
            with self.world.transaction():
                self.world.api = self.world.url + scope.get("sandbox_prefix", "")
                viewer = people.viewer_of(self.world, headers.get("authorization"))
                scope["sandbox"].actor = viewer.login if viewer else None
                if scope["path"] != "/rate_limit":
                    writes = scope["method"] not in ("GET", "HEAD")
                    self.limits.allow(viewer, "core", writes, creates=scope["method"] == "POST")
                answer = self._answer(scope, headers, viewer, body)
        except Problem as problem:
            if isinstance(problem, Moved) and scope["method"] not in ("GET", "HEAD"):
                problem.status, problem.message = 307, "Temporary Redirect"
            answer = Answer(problem.status, problem.body(), problem.headers, free=isinstance(problem, Limited))
        form = media.asked(headers.get("accept"))
        if form:
            answer.value = media.dressed(answer.value, form)
        content = answer.raw
        if content is None:
            content = b"" if answer.value is None else json.dumps(answer.value, separators=(",", ":")).encode()
        if scope["method"] in ("GET", "HEAD") and answer.status == 200:
            etag = f'W/"{hashlib.sha256(content).hexdigest()}"'
            own = {"etag": etag, "cache-control": "private, max-age=60, s-maxage=60"}
            if etag in [tag.strip() for tag in headers.get("if-none-match", "").split(",")]:
                answer, content = Answer(304, None, answer.headers), b""
        own |= {
            "x-github-media-type": f"github.v3; param={form}; format=json" if form else "github.v3; format=json",
            "x-github-api-version-selected": headers.get("x-github-api-version", OLD),
            "x-github-request-id": f"{scope['sandbox'].id:08X}",
            **self.limits.headers(viewer, "core", spend=answer.status != 304 and not answer.free),
            **answer.headers,
        }
        if viewer is not None and viewer.scopes is not None:
            own["x-oauth-scopes"] = ", ".join(sorted(viewer.scopes))
        await reply(send, answer.status, content, own, answer.kind)

    def _answer(self, scope: Scope, headers: dict[str, str], viewer: Viewer | None, body: bytes) -> Answer:
        version = headers.get("x-github-api-version", OLD)
        if version not in VERSIONS:
            raise Problem(400, f'API version "{version}" is not supported. Supported: {", ".join(VERSIONS)}')
        call = Call(
            world=self.world,
            version=version,
            viewer=viewer,
            url=scope["raw_path"].decode(),
            params=scope.get("path_params", {}),
            query=dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True)),
            body=read_json(body),
            limits=self.limits,
            media=media.asked(headers.get("accept")),
        )
        return self.handler(call)
