"""Fetching a repository with git, over git's plain protocol: its refs, and each of its objects as git itself keeps it.

A client that asks for the newer protocol takes the plain answer as well. There is no pushing: what is proposed is
written through the API.
"""

from __future__ import annotations

import zlib
from base64 import b64decode
from collections.abc import Iterator

from respondby.sandbox.serving.routing import Receive, Route, Scope, Send, reply
from respondby.sandbox.store import access, objects, people
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, not_found
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World


class Cloning:
    """The repositories of one world, as git asks for them."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[Route]:
        """Return what git asks for."""
        return [
            ("GET", f"/{{owner}}/{{repo}}.git/{rest}", self)
            for rest in ("HEAD", "info/refs", "objects/{begin}/{end}", "objects/info/{what}")
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. A private repository is there for whoever has a token that may see it."""
        try:
            content = self._answer(scope["path"].partition(".git/")[2], scope)
        except Problem as problem:
            headers = {"www-authenticate": 'Basic realm="GitHub"'} if problem.status == 401 else {}
            await reply(send, problem.status, problem.message.encode(), headers, "text/plain")
            return
        await reply(send, 200, content, {"cache-control": "no-cache"}, "text/plain")

    def _answer(self, asked: str, scope: Scope) -> bytes:
        params = scope["path_params"]
        viewer = self._viewer(scope)
        if viewer is None and (repo := access.named(self.world, params["owner"], params["repo"])) and repo["private"]:
            raise Problem(401, "Repository not found.")
        repo = access.repository(self.world, viewer, params["owner"], params["repo"])
        if asked == "HEAD":
            return f"ref: refs/heads/{repo['default_branch']}\n".encode()
        if asked == "info/refs":
            return "".join(f"{oid}\t{name}\n" for name, oid in sorted(self._refs(repo))).encode()
        found = objects.find(self.world, f"{params.get('begin', '')}{params.get('end', '')}")
        if found is None:  # there are no packs, and no other place to look
            raise not_found()
        return zlib.compress(f"{found['type']} {len(found['content'])}\0".encode() + found["content"], 1)

    def _viewer(self, scope: Scope) -> Viewer | None:
        """Who asks: git sends a token as the password of any name."""
        given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"), "")
        scheme, _, words = given.partition(" ")
        if scheme.lower() == "basic":
            try:
                given = f"Bearer {b64decode(words, validate=True).decode().partition(':')[2]}"
            except ValueError:
                raise Problem(401, "Bad credentials") from None
        return people.viewer_of(self.world, given or None)

    def _refs(self, repo: Row) -> Iterator[tuple[str, str]]:
        for row in self.world.all("SELECT name, oid FROM refs WHERE repo_id = ?", repo["id"]):
            yield row["name"], row["oid"]
        heads = "SELECT i.number, p.head_sha FROM pulls p JOIN issues i ON i.id = p.issue_id WHERE i.repo_id = ?"
        for row in self.world.all(heads, repo["id"]):
            yield f"refs/pull/{row['number']}/head", row["head_sha"]
