"""Pacing, by laws: bursts go out at once, and no span ever holds more than GitHub allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondby.forge.errors import LimitReached, WrongPace
from respondby.forge.pace import Pace, Pacer, read_pace


class Watch:
    """A clock that only sleeping and the test move."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def times(pace: Pace, pauses: list[float], longest: float = 1e9) -> list[float]:
    """When each write goes out, if the run does something else for `pauses` between them."""
    watch = Watch()
    pacer = Pacer(pace, watch.read, watch.sleep, longest)
    sent = []
    for pause in pauses:
        watch.now += pause
        pacer.wait()
        sent.append(watch.now)
    return sent


def test_ten_writes_go_out_at_once_and_then_one_a_second() -> None:
    assert times(Pace(), [0.0] * 14) == [0.0] * 10 + [1.0, 2.0, 3.0, 4.0]


def test_a_rest_gives_the_burst_back() -> None:
    assert times(Pace(), [0.0] * 10 + [5.0] + [0.0] * 5) == [0.0] * 10 + [5.0] * 5 + [6.0]


def test_an_hour_later_the_hour_is_free_again() -> None:
    assert times(Pace(burst=3, minute=3, hour=3), [0.0] * 3 + [3600.0] + [0.0] * 2)[3:] == [3600.0] * 3


def test_without_a_pace_nothing_waits() -> None:
    watch = Watch()
    pacer = Pacer(None, watch.read, watch.sleep, 0)
    for _ in range(1000):
        pacer.wait()
    assert watch.slept == []


def test_an_hour_that_is_full_is_said_and_not_slept_through() -> None:
    watch = Watch()
    pacer = Pacer(Pace(), watch.read, watch.sleep, longest=600)
    for _ in range(500):
        pacer.wait()
    with pytest.raises(LimitReached, match="500 writes an hour"):
        pacer.wait()
    assert max(watch.slept) <= 600


@given(st.lists(st.floats(0, 20), max_size=150), st.integers(1, 5), st.integers(5, 12), st.integers(12, 40))
def test_no_span_holds_more_than_its_limit(pauses: list[float], burst: int, minute: int, hour: int) -> None:
    sent = times(Pace(burst, 1.0, minute, hour), pauses)
    assert sent == sorted(sent)
    for start in sent:
        for span, most in ((60.0, minute), (3600.0, hour)):
            assert sum(start <= at < start + span - 1e-6 for at in sent) <= most
        for seconds in (1.0, 3.0, 7.0):
            assert sum(start <= at < start + seconds - 1e-6 for at in sent) <= burst + seconds


@pytest.mark.parametrize(
    "text, pace",
    [
        ("", Pace()),
        ("off", None),
        ("burst=3", Pace(burst=3)),
        ("seconds=0.5 hour=200", Pace(seconds=0.5, hour=200)),
        ("burst=1, seconds=2, minute=20, hour=100", Pace(1, 2.0, 20, 100)),
    ],
)
def test_a_pace_can_be_set(text: str, pace: Pace | None) -> None:
    assert read_pace(text) == pace


@pytest.mark.parametrize("text", ["fast", "burst=0", "burst=-1", "burst", "hours=5", "minute=many", "on"])
def test_a_pace_that_is_none_says_what_to_write(text: str) -> None:
    with pytest.raises(WrongPace, match="burst=10 seconds=1 minute=80 hour=500"):
        read_pace(text)
