"""One sandbox for each test file: starting one costs more than most tests; each test has its own repository."""

from collections.abc import Iterator

import pytest
from tests.forge.desks import Desk

from respondby.sandbox.server import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox whose clock stands at 2026-01-05T09:00:00Z unless a test moves it."""
    with Sandbox() as running:
        yield running


@pytest.fixture
def desk(sandbox: Sandbox) -> Iterator[Desk]:
    """A repository of its own, at the same instant, without faults."""
    sandbox.clock("2026-01-05T09:00:00Z")
    yield Desk(sandbox)
    sandbox.clear_faults()
