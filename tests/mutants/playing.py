"""Mutants met by the tests: each in a fork, where the tests that get to its place run, the fastest first."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.mutants.changing import Mutant, put_in_place
from tests.mutants.forking import BROKEN, Work, forked
from tests.mutants.reaching import Way, run

#: Exit codes of a fork in which a mutant was met.
SURVIVED, KILLED, OUT_OF_REACH = 0, 1, 99
_WORDS = {SURVIVED: "survived", OUT_OF_REACH: "out of reach", None: "hung"}

#: A mutant hangs where its tests take that many times as long as without it, and at least so many seconds.
TIMES, SECONDS = 4, 8.0


@dataclass(frozen=True, slots=True)
class Met:
    """A mutant and what became of it: `killed`, `hung` (which kills it too), `survived`, `out of reach`."""

    mutant: Mutant
    what: str
    tests: int
    """How many tests get to its place."""


def against(mutant: Mutant, ways: Iterable[Way]) -> list[Way]:
    """The ways that lead to a mutant, in the order in which they are gone: the fast before the slow, laws last.

    Of tests that take about as long, those of one file follow each other, for they may share what is dear to set up.
    """
    found = [way for way in ways if mutant.statement in way.reached]
    return sorted(found, key=lambda way: (way.is_law, math.ceil(math.log2(max(way.seconds, 0.05)))))


def play(drawn: Sequence[Mutant], ways: Mapping[str, Sequence[Way]], minutes: float, workers: int) -> Iterator[Met]:
    """What became of each mutant, by the ways of its room. None is begun after the time."""
    until = time.monotonic() + minutes * 60
    leading = {mutant: against(mutant, ways[mutant.room]) for mutant in drawn}

    def works() -> Iterator[Work[Mutant]]:
        for mutant in drawn:
            if time.monotonic() < until:
                seconds = max(SECONDS, TIMES * sum(way.seconds for way in leading[mutant]))
                tests = [way.test for way in leading[mutant]]
                yield Work(mutant, functools.partial(meet, mutant, tests), seconds)

    for done in forked(works(), workers):
        if done.code == BROKEN:
            raise SystemExit(f"{done.subject}: could not be met\n{done.error}")
        yield Met(done.subject, _WORDS.get(done.code, "killed"), len(leading[done.subject]))


def meet(mutant: Mutant, tests: Sequence[pytest.Item], folder: Path) -> int:
    """In a fork: change the code, run the tests."""
    if not put_in_place(mutant):
        return OUT_OF_REACH
    return SURVIVED if run(tests) else KILLED
