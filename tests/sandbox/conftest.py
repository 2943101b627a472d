"""A sandbox with one desk in it, and the people whom the stories need."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.sandbox.desk import FILES, REPO, Ask, People

from respondby.sandbox.server import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        running.user("olga")
        running.repo("acme", "desk", files=FILES)
        running.member("acme/desk", "olga", "OWNER")
        running.member("acme/desk", "ann", "MEMBER")
        running.user("carla")
        yield running


@pytest.fixture
def people(sandbox: Sandbox) -> People:
    return People(
        owner=sandbox.token("olga"),
        ann=sandbox.token("ann"),
        carla=sandbox.token("carla"),
        workflow=sandbox.workflow_token("acme/desk", {"issues": "write", "contents": "read"}),
    )


@pytest.fixture
def ask(sandbox: Sandbox, people: People) -> Ask:
    """Sends a query as the workflow, with `repository { … }` around it unless it is whole; returns the answer."""

    def asking(query: str, token: str | None = None, **variables: Any) -> Any:
        if not query.startswith(("query", "mutation", "{")):
            query = f'query {{ repository(owner: "acme", name: "desk") {{ {query} }} }}'
        body = {"query": query, "variables": variables}
        status, answer = sandbox.call("POST", "/graphql", token or people.workflow, body)
        assert status == 200
        return answer

    return asking


@pytest.fixture
def issues(sandbox: Sandbox, people: People) -> None:
    """Five issues, one a minute; the third is closed, the odd ones are labelled late."""
    for number in range(1, 6):
        sandbox.clock(f"2026-01-05T09:0{number}:00Z")
        labels = ["late"] if number % 2 else []
        sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": f"Issue {number}", "labels": labels})
    sandbox.call("PATCH", f"{REPO}/issues/3", people.ann, {"state": "closed", "state_reason": "duplicate"})
