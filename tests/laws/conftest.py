"""A sandbox and a pager for the trials of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.laws import fire
from tests.laws.fire import Receiver

from respondby.sandbox.server import Sandbox


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Sandbox, Receiver]]:
    """Where the trials of one file are held."""
    with Sandbox() as sandbox, fire.receiver() as pager:
        yield sandbox, pager
