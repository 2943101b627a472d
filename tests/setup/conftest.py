"""One sandbox for all tests of this folder; each test makes its own repository in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.jobs.desk import Repository

from respondby.sandbox.server import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def repository(sandbox: Sandbox) -> Repository:
    return Repository.make(sandbox)
