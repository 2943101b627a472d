"""What clocks make of what the desk learns of milestones: when one was reached after all, or that it was not.

Of several milestones, and acts, that stop a clock the earliest counts, in whatever order they are learned. The time
during which a milestone seemed to be reached does not count.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.desk.milestones import Learned
from respondby.promises.clocks import Clocks
from respondby.promises.running import LiveRun
from respondby.promises.triggers import Happening


class LearningClocks(Clocks):
    """The clocks of one case, which follow its milestones."""

    def learn(self, learned: Learned, *, new_cycle: bool) -> Happening | None:
        """A milestone was reached, at another time than was known, or is not any more. What it started and stopped
        follows it; what others may start and stop at it is told by what comes back.
        """
        self.moved = True
        if learned.at is None:
            self.reached.pop(learned.name, None)
            self.started_by.pop(learned.name, None)
            self._undone(learned, goes_on=learned.goes_on and not new_cycle)
            return None
        again = learned.name in self.reached
        self.reached[learned.name] = learned
        for run in self.started_by.get(learned.name, ()):
            run.start_again(learned.at, learned.said, learned.source, learned.name, self.args)
        for index, run in self._stopped_at(learned.name):
            first = min((self.reached[name] for name in self.known.ends[index] if name in self.reached), key=_reached)
            if run.own is not None and run.own[0] <= _reached(first):
                run.stop_again(*run.own)
            else:
                run.stop_again(_reached(first), first.by.login if first.by is not None else "", first.source)
        heard = None if again else self.known.heard.get(learned.name)
        return None if heard is None else (heard, learned.source, learned.by, None)

    def _undone(self, learned: Learned, *, goes_on: bool) -> None:
        """A milestone is not reached any more: of what stopped at it, the last run goes on, where it is owed still."""
        for index, run in reversed(list(self._stopped_at(learned.name))):
            run.final = True
            still = any(name in self.reached for name in self.known.ends[index]) or run.own is not None
            if goes_on and not still and not self.live[index]:
                run.final = False
                run.go_on(learned.said, learned.source)
                self.live[index].append(run)
                self.paused = self.paused or index in self.pausing

    def _stopped_at(self, name: str) -> Iterator[tuple[int, LiveRun]]:
        """This cycle's runs that were stopped, of the clocks that stop at a milestone."""
        for index, names in enumerate(self.known.ends):
            if name in names:
                clock = self.known.clocks[index].name
                for run in self.runs:
                    if (
                        run.clock.name == clock
                        and run.cycle == self.cycle
                        and run.reached is not None
                        and not run.final
                    ):
                        yield index, run


def _reached(milestone: Learned) -> Instant:
    assert milestone.at is not None, "what stands was reached"
    return milestone.at
