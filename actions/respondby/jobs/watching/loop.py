"""The watch's loop: sleep until something is due, look at what happens in between, hand over, end.

It knows neither a forge nor a clock: both are its `World`. Laws:

- Nothing is done before it is due by the forge's own clock, and nothing that was seen waits for a schedule.
- A failure ends nothing at once: the next look comes later and later, and after `FAILURES` of them the watch ends and
  says so; the sweep makes good what it would have done.
- It ends: when nothing of what it watches is due within `idle`, when its time or its month is over, when another one
  holds the lease, or when it is told to.
- Before its time is over it starts its successor, and stays awake until that one has the lease.
"""

from __future__ import annotations

from typing import Literal, Protocol

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass

#: Seconds between two questions whether something has happened: the answer “nothing” costs no request of the hourly
#: thousand. `SLOWLY` where little of them is left.
POLL, SLOWLY = 10, 60
#: A successor is started so many seconds before the end; a job may wait for a runner.
HAND_OVER = 600
#: So many looks in a row may fail.
FAILURES = 8

Ending = Literal["idle", "taken over", "time is over", "month is over", "stopped", "failing"]


@dataclass(frozen=True, slots=True)
class Look:
    """What a sweep found: when something changes next (`next`), and next of what is watched (`wanted`); `mine` says
    that this watch holds the lease, `exhausted` that the month's hours are over; `idle` is for how many seconds it
    waits for what comes next.
    """

    next: Instant | None = None
    wanted: Instant | None = None
    mine: bool = True
    exhausted: bool = False
    idle: int = 0


class World(Protocol):
    """What a watch sees and does. `sweep` and `changed` may raise `Failed`."""

    def now(self) -> float:
        """The forge's clock, never ahead of it."""

    def wait(self, seconds: float) -> bool:
        """Sleep; False where the watch is told to end."""

    def changed(self) -> bool:
        """Whether something was touched since the last question."""

    def slowly(self) -> bool:
        """Whether few requests are left."""

    def sweep(self) -> Look:
        """Do what is due, and look."""

    def hand_over(self) -> bool:
        """Start a successor; False where that cannot be done."""


class Failed(Exception):
    """A look that failed; it was reported."""


def watch(world: World, *, ends: Instant) -> Ending:
    """Stay awake until `ends` at most; why it ended."""
    look = Look(next=0)
    failures = 0
    handed_over = False
    polled = 0.0
    while True:
        try:
            if look.next is not None and world.now() >= look.next:
                look = world.sweep()
            elif world.now() - polled >= (SLOWLY if world.slowly() else POLL):
                polled = world.now()
                if world.changed():
                    look = world.sweep()
            failures = 0
        except Failed:
            failures += 1
            if failures >= FAILURES:
                return "failing"
            if not world.wait(min(2.0**failures, SLOWLY)):
                return "stopped"
            continue
        now = world.now()
        if not look.mine:
            return "taken over"
        if look.exhausted:
            return "month is over"
        if look.wanted is None or look.wanted > now + look.idle:
            return "idle"
        if now >= ends:
            return "time is over"
        if now >= ends - HAND_OVER and not handed_over:
            handed_over = world.hand_over()
            if not handed_over:
                ends = min(ends, int(now) + HAND_OVER)
        until = min(ends, polled + (SLOWLY if world.slowly() else POLL))
        if look.next is not None:
            until = min(until, look.next)
        if not world.wait(max(0.05, until - now)):
            return "stopped"
