"""A receiver for every test of a channel, and Apprise loaded once."""

import warnings
from collections.abc import Iterator

import pytest
from tests.channels.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of its own."""
    with receiving() as listening:
        yield listening


@pytest.fixture(scope="session", autouse=True)
def apprise_loaded() -> None:
    """Its first address makes Apprise load all its services; some of their libraries warn of Python's future."""
    import apprise

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert apprise.Apprise().add("json://localhost")
