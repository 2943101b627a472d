"""A sandbox with one desk in it, and the people whom the stories need."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from respondby.sandbox.server import Sandbox

REPO = "/repos/acme/desk"
FILES = {"README.md": "# Desk\n", ".github/support.yml": "version: 1\n", ".github/workflows/duty.yml": "on: {}\n"}


@dataclass(frozen=True, slots=True)
class People:
    """Tokens of an owner, a member, a stranger and a workflow that may write issues."""

    owner: str
    ann: str
    carla: str
    workflow: str


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
