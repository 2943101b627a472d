"""The watch's loop over a simulated world: it acts when something is due, hands over in time, and ends in time."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from respondby.jobs.watching.loop import FAILURES, HAND_OVER, Failed, Look, watch

HOUR = 3_600


@dataclass
class Simulated:
    """A forge and its clock: `dues` are acted on by a sweep at or after their time, `events` bring new dues."""

    dues: list[float]
    idle: int = 2 * HOUR
    events: dict[float, float] = field(default_factory=dict)
    latency: float = 0.3
    at: float = 1_000_000.0
    acted: list[tuple[float, float]] = field(default_factory=list)
    seen: set[float] = field(default_factory=set)
    sweeps: int = 0
    polls: int = 0
    broken: int = 0
    started: list[float] = field(default_factory=list)
    taken_over_at: float | None = None
    exhausted_at: float | None = None
    stops_at: float | None = None
    can_start: bool = True
    few: bool = False

    def now(self) -> float:
        return self.at

    def wait(self, seconds: float) -> bool:
        assert seconds > 0
        self.at += seconds
        return self.stops_at is None or self.at < self.stops_at

    def changed(self) -> bool:
        self.polls += 1
        self.at += self.latency / 3
        self._break()
        fresh = {at for at in self.events if at <= self.at} - self.seen
        return bool(fresh)

    def slowly(self) -> bool:
        return self.few

    def sweep(self) -> Look:
        self.sweeps += 1
        now = self.at
        self.at += self.latency
        self._break()
        for at in {at for at in self.events if at <= now} - self.seen:
            self.seen.add(at)
            self.dues.append(self.events[at])
        self.acted += [(due, self.at) for due in self.dues if due <= now]
        self.dues = [due for due in self.dues if due > now]
        following = min(self.dues, default=None)
        coming = None if following is None else int(-(-following // 1))
        mine = self.taken_over_at is None or now < self.taken_over_at
        over = self.exhausted_at is not None and now >= self.exhausted_at
        return Look(coming, coming, mine, over, self.idle)

    def hand_over(self) -> bool:
        self.started.append(self.at)
        return self.can_start

    def _break(self) -> None:
        if self.broken > 0:
            self.broken -= 1
            raise Failed("the forge did not answer")


def test_a_thousand_steps_are_taken_when_they_are_due_and_none_before() -> None:
    dice = random.Random(7)
    start = 1_000_000
    world = Simulated([float(start + dice.randrange(60, 5 * HOUR)) for _ in range(1000)])
    assert watch(world, ends=start + 6 * HOUR) == "idle"
    late = sorted(acted - due for due, acted in world.acted)
    assert len(late) == 1000
    assert late[0] >= 0
    assert late[989] < 2


def test_what_happens_in_between_is_seen_within_a_poll() -> None:
    start = 1_000_000
    world = Simulated([start + HOUR * 1.5], events={start + 100.0: start + 400.0})
    watch(world, ends=start + 2 * HOUR)
    assert [round(acted - due) for due, acted in world.acted if due == start + 400.0] == [0]


def test_questions_come_360_times_an_hour_at_most_and_seldom_where_few_requests_are_left() -> None:
    start = 1_000_000
    often, seldom = Simulated([start + HOUR]), Simulated([start + HOUR], few=True)
    for world in (often, seldom):
        watch(world, ends=start + 2 * HOUR)
    assert 300 < often.polls <= 360
    assert seldom.polls <= 60


def test_a_watch_ends_when_nothing_is_due_soon() -> None:
    world = Simulated([1_000_000 + 5 * HOUR])
    assert watch(world, ends=1_000_000 + 6 * HOUR) == "idle"
    assert world.sweeps == 1


def test_a_watch_hands_over_before_its_time_is_over_and_ends_when_the_successor_has_the_lease() -> None:
    start = 1_000_000
    world = Simulated([start + 90.0 * minute for minute in range(1, 240)], taken_over_at=start + 3 * HOUR - 300)
    assert watch(world, ends=start + 3 * HOUR) == "taken over"
    assert len(world.started) == 1
    assert abs(world.started[0] - (start + 3 * HOUR - HAND_OVER)) < 15


def test_a_successor_that_cannot_be_started_leaves_the_watch_awake_until_its_end() -> None:
    start = 1_000_000
    world = Simulated([start + 90.0 * minute for minute in range(1, 240)], can_start=False)
    assert watch(world, ends=start + 3 * HOUR) == "time is over"
    assert max(due for due, _ in world.acted) > start + 3 * HOUR - 120


@pytest.mark.parametrize(
    "world, ending",
    [
        (Simulated([1_000_000 + HOUR], taken_over_at=0), "taken over"),
        (Simulated([1_000_000 + HOUR], exhausted_at=0), "month is over"),
        (Simulated([1_000_000 + HOUR], stops_at=1_000_100), "stopped"),
        (Simulated([1_000_000 + HOUR], broken=FAILURES), "failing"),
    ],
)
def test_a_watch_ends_and_says_why(world: Simulated, ending: str) -> None:
    assert watch(world, ends=1_000_000 + 5 * HOUR) == ending


def test_a_forge_that_fails_for_a_while_ends_nothing() -> None:
    world = Simulated([1_000_000.0 + 30, 1_000_000.0 + 300], broken=FAILURES - 1)
    assert watch(world, ends=1_000_000 + HOUR) == "idle"
    assert len(world.acted) == 2


def test_over_a_thousand_hand_overs_nothing_is_missed() -> None:
    """Watches of twenty minutes that follow one another, over a hundred thousand dues."""
    dice = random.Random(11)
    at = 1_000_000.0
    dues = sorted(at + dice.uniform(0, 1000 * 1200) for _ in range(100_000))
    missed, late, place = 0, [], 0
    for _ in range(1000):
        ends = at + 1200
        mine: list[float] = []
        while place < len(dues) and dues[place] < ends + 60:
            mine.append(dues[place])
            place += 1
        world = Simulated(mine, at=at, taken_over_at=ends, latency=dice.uniform(0.1, 1.2))
        watch(world, ends=int(ends) + HAND_OVER)
        late += [acted - due for due, acted in world.acted]
        place -= len(world.dues)
        at = world.at
    missed = len(dues[:place]) - len(late)
    late.sort()
    assert missed == 0
    assert len(late) > 99_000
    assert late[len(late) * 99 // 100] <= 3
