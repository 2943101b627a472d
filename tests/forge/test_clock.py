"""The forge's clock, from what its answers tell of it."""

from __future__ import annotations

import pytest
import responses

from respondby.forge.client import Client
from respondby.forge.headers import REMEMBERED, ForgeClock


def test_before_an_answer_nothing_is_known() -> None:
    assert ForgeClock().now(7.0) == 0.0


@pytest.mark.parametrize(
    "told, at, now",
    [
        ([(100, 10.0)], 10.0, 100.0),
        ([(100, 10.0)], 12.5, 102.5),
        # The second answer was under way for longer, or came earlier in its second: the first tells more.
        ([(100, 10.0), (101, 11.75)], 12.0, 102.0),
        ([(100, 10.75), (102, 11.0)], 12.0, 103.0),
        ([(100, 10.75), (102, 11.0), (103, 12.25)], 13.0, 104.0),
        # What was told first is forgotten after ten minutes, not before.
        ([(100, 10.0), (700, 610.0 + 0.5)], 611.0, 700.5),
        ([(100, 10.0), (699, 10.0 + REMEMBERED)], 611.0, 701.0),
        ([(100, 10.0), (150, 60.5), (699, 10.5 + REMEMBERED)], 611.0, 700.5),
    ],
)
def test_the_answer_that_came_the_quickest_tells_most(told: list[tuple[int, float]], at: float, now: float) -> None:
    clock = ForgeClock()
    for date, arrived in told:
        clock.tell(date, arrived)
    assert clock.now(at) == now


def test_a_client_tells_the_forges_time_from_its_answers_and_how_long_ago_they_came() -> None:
    ticks = [50.0]
    client = Client("https://api.example.test", "token", "acme/desk", pace=None, monotonic=lambda: ticks[0])
    assert client.time() == 0.0
    with responses.RequestsMock() as wire:
        date = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}
        wire.add("POST", "https://api.example.test:443/graphql", json={"data": {}}, headers=date)
        client.graphql("query { viewer { login } }", {}, doing="asking")
    assert client.time() == 1767603600.0
    ticks[0] += 2.5
    assert client.time() == 1767603602.5
