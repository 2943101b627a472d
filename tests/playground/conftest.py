"""One playground for all tests of a worker: a desk is loaded anew for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.playground.visiting import MONDAY, Visitor

from respondby.playground.choices import OWN, choice
from respondby.playground.serving import Place, playground
from respondby.rehearsal.forking import forks
from respondby.rehearsal.running import Start

#: How long a test waits for the desk, in seconds: a slow machine is no mistake of ours.
PATIENCE = 120

ROOT = Path(__file__).parents[2]
DESK = ROOT / "tests/playground/desk/support.yml"


@pytest.fixture(scope="session")
def start() -> Iterator[Start]:
    """What starts the command line, once for every playground."""
    with forks(ROOT) as starts:
        yield starts


@pytest.fixture(scope="session")
def place(start: Start) -> Iterator[Place]:
    """A playground that is open."""
    with playground(0, own=DESK, begins=MONDAY, start=start, patience=PATIENCE) as opened:
        yield opened


@pytest.fixture
def visitor(place: Place) -> Visitor:
    """Somebody at a desk that has just been loaded: Harbour support, Monday 09:00 UTC."""
    place.game.load(choice(OWN, DESK), MONDAY)
    return Visitor(place.url)
