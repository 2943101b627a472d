"""Prints scenarios while they are played: one after the other, also where they are played side by side.

The first that has not ended is printed as it goes on; the lines of the others wait until it is their turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock

from respondby.calendars.instants import zone
from respondby.policy.model.policy import Policy
from respondby.rehearsal.observing import Checked, Happening
from respondby.rehearsal.play import Played
from respondby.rehearsal.story import Scenario
from respondby.rehearsal.transcript import Transcript, ending, opening


class Progress:
    """Prints nothing. Scenarios have the numbers of their order, the first is 0."""

    def begins(self, number: int, scenario: Scenario, policy: Policy) -> None:
        """A scenario is about to be played."""

    def goes_on(self, number: int, entry: Happening | Checked) -> None:
        """Something happened in it, or was expected."""

    def ends(self, number: int, played: Played) -> None:
        """It has been played to its end."""


class PrintedProgress(Progress):
    """Prints by `print_line`, which gets whole lines."""

    def __init__(self, print_line: Callable[[str], None]) -> None:
        self._print_line = print_line
        self._lock = Lock()
        self._turn = 0
        self._stories: dict[int, Transcript] = {}
        self._waiting: dict[int, list[str]] = {}
        self._ended: set[int] = set()

    def begins(self, number: int, scenario: Scenario, policy: Policy) -> None:
        """Its name, and what is promised."""
        self._stories[number] = Transcript(zone(scenario.timezone))
        self._print(number, opening(scenario, policy))

    def goes_on(self, number: int, entry: Happening | Checked) -> None:
        """A line, or none yet."""
        self._print(number, self._stories[number].goes_on(entry))

    def ends(self, number: int, played: Played) -> None:
        """The last lines; then it is the turn of the next."""
        self._print(number, [*self._stories.pop(number).ends(), *ending(played), ""])
        with self._lock:
            self._ended.add(number)
            while self._turn in self._ended:
                self._turn += 1
                self._out(self._waiting.pop(self._turn, []))

    def _print(self, number: int, lines: Iterable[str]) -> None:
        with self._lock:
            if number == self._turn:
                self._out(lines)
            else:
                self._waiting.setdefault(number, []).extend(lines)

    def _out(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._print_line(line)
