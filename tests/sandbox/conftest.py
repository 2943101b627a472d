"""A sandbox with one desk in it, and the people whom the stories need."""

from collections.abc import Iterator

import pytest
from tests.sandbox.desk import FILES, People

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
