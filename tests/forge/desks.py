"""A repository in a sandbox with people around it, for tests of the forge."""

from __future__ import annotations

from itertools import count
from typing import Any

from respondby.forge.client import Client, Patience
from respondby.sandbox.server import Sandbox

POLICY = "version: 1\ndesk: Acme\n"
GRANTS = {"issues": "write", "contents": "read"}

_numbers = count(1)


class Desk:
    """A fresh repository: carla is a customer, ann a member; `client` is the desk's own connection."""

    def __init__(self, sandbox: Sandbox, **repository: Any) -> None:
        self.sandbox = sandbox
        self.repository = f"acme/desk-{next(_numbers)}"
        owner, name = self.repository.split("/")
        sandbox.repo(owner, name, **{"files": {".github/support.yml": POLICY}} | repository)
        sandbox.user("carla")
        sandbox.member(self.repository, "ann", "MEMBER")
        self.slept: list[float] = []
        self.client = self.connect()

    def connect(self, token: str | None = None, **more: Any) -> Client:
        """A connection that never sleeps."""
        token = token or self.sandbox.workflow_token(self.repository, GRANTS)
        patience = more.pop("patience", Patience())
        return Client(
            self.sandbox.url, token, self.repository, pace=None, patience=patience, sleep=self.slept.append, **more
        )

    def does(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """Somebody does something to the repository; `path` is below it."""
        status, answer = self.sandbox.call(method, f"/repos/{self.repository}{path}", self.sandbox.token(who), body)
        assert status < 300, (status, answer)
        return answer

    def opens(self, who: str = "carla", title: str = "Help", body: str = "It broke.") -> int:
        """Somebody opens an issue; returns its number."""
        return int(self.does(who, "POST", "/issues", {"title": title, "body": body})["number"])

    def says(self, who: str, number: int, body: str) -> int:
        """Somebody comments; returns the comment's id."""
        return int(self.does(who, "POST", f"/issues/{number}/comments", {"body": body})["id"])

    def edits(self, who: str, comment: int, body: str) -> None:
        """Somebody edits a comment."""
        self.does(who, "PATCH", f"/issues/comments/{comment}", {"body": body})

    def asks(self, who: str, query: str) -> Any:
        """Somebody sends GraphQL."""
        status, answer = self.sandbox.call("POST", "/graphql", self.sandbox.token(who), {"query": query})
        assert (status, "errors" in answer) == (200, False), answer
        return answer["data"]

    def sent(self, method: str, ending: str = "") -> int:
        """How many requests of that method, to a path that ends so, this repository has seen (and GraphQL)."""
        return sum(
            request["method"] == method and request["path"].endswith(ending)
            for request in self.sandbox.requests()
            if self.repository in request["path"] or request["path"] == "/graphql"
        )
