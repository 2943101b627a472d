"""Changes the code in small ways and looks whether the tests notice: python -m tests.mutants [--minutes M] [ROOM …]

Each mutant is one function with one place of it changed (a comparison, a condition, a number, a returned value …),
drawn by the seed from all such places of a room but those that `equivalent.txt` names. It is killed where a test of the
room, or of those beside it that TESTS names, fails or hangs. In the end: how many were killed, and every survivor with
its line, before and after, and the number of tests that get there.

A mutant is made in a fork of a process that has imported everything: the function's code is replaced, nothing is
written. First every test runs once, and which of the places it gets to is written down; a mutant then meets only those
that get to its own, the fastest first, up to the first that fails. That is why this is no ready-made tool: mutmut and
cosmic-ray write a mutated tree and start Python and the imports anew for each mutant.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TextIO

import pytest
from tests.mutants.changing import PACKAGE, ROOT, Mutant, mutants
from tests.mutants.named import equivalent
from tests.mutants.playing import play
from tests.mutants.reaching import Way, hasten, ways

#: For each room the tests that have to notice: its own first.
TESTS: Mapping[str, Sequence[str]] = {
    "rules": (
        "tests/rules",
        "tests/laws/test_pure_laws.py",
        "tests/jobs/test_alerts_received.py",
        "tests/jobs/test_boards.py",
        "tests/jobs/test_commands_answered.py",
        "tests/jobs/test_companions.py",
        "tests/jobs/test_drafts.py",
        "tests/jobs/test_following.py",
        "tests/jobs/test_incident_requests.py",
    ),
    "promises": ("tests/promises", "tests/rules", "tests/cli/test_explain.py"),
    "desk": (
        "tests/desk",
        "tests/promises",
        "tests/rules",
        "tests/laws/test_pure_laws.py",
        "tests/jobs/test_commands_answered.py",
        "tests/jobs/test_duties.py",
        "tests/jobs/test_incident_requests.py",
        "tests/jobs/test_opened_before_an_edit.py",
    ),
    "channels": ("tests/channels", "tests/jobs/test_pagers.py", "tests/jobs/test_bad_receivers.py"),
    "forge": (
        "tests/forge",
        "tests/fleet",
        "tests/setup/test_syncing.py",
        "tests/jobs/test_action_items.py",
        "tests/jobs/test_boards.py",
        "tests/jobs/test_companions.py",
        "tests/jobs/test_drafts.py",
        "tests/jobs/test_failures.py",
        "tests/jobs/test_incident_requests.py",
        "tests/jobs/test_merges.py",
        "tests/jobs/test_post_mortems.py",
        "tests/jobs/test_sweep_cache.py",
        "tests/doctor/test_health.py",
    ),
}


class Campaign:
    """A plugin of pytest that does not run the tests but lets mutants meet them, and tells what became of each."""

    def __init__(self, given: argparse.Namespace, rooms: Sequence[str], to: TextIO) -> None:
        self.given, self.rooms, self.to = given, rooms, to

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All of it: draw, run every test once, meet."""
        if session.testsfailed:
            raise session.Interrupted("tests cannot be read: mend them first")
        known = equivalent()
        found = {room: all_of(room) for room in self.rooms}
        drawn = draw({room: [one for one in found[room] if one.name not in known] for room in self.rooms}, self.given)
        hasten(session.items)
        gc.collect()
        gc.freeze()
        begin = time.monotonic()
        met = self._ways(session.items, drawn)
        self._tell(f"{len(session.items)} tests ran once in {time.monotonic() - begin:.0f} seconds")
        counted: dict[str, Counter[str]] = {room: Counter() for room in self.rooms}
        for one in play(drawn, met, self.given.minutes, self.given.workers):
            counted[one.mutant.room][one.what] += 1
            if one.what != "killed":
                self._tell(f"{one.what}: {one.mutant}  ({one.tests} tests)")
        for room, what in counted.items():
            killed, all_met = what["killed"] + what["hung"], what.total() - what["out of reach"]
            named = sum(one.name in known for one in found[room])
            self._tell(
                f"{room}: {killed} of {all_met} killed; {len(found[room])} could be made, {named} of them equivalent "
                f"(seed {self.given.seed})"
            )
        return True

    def _ways(self, tests: Sequence[pytest.Item], drawn: Sequence[Mutant]) -> dict[str, list[Way]]:
        every = ways(tests, drawn, self.given.workers)
        return {
            room: [way for way in every if any(way.test.path.is_relative_to(ROOT / part) for part in TESTS[room])]
            for room in self.rooms
        }

    def _tell(self, line: str) -> None:
        print(line, file=self.to, flush=True)


def draw(found: Mapping[str, Sequence[Mutant]], given: argparse.Namespace) -> list[Mutant]:
    """As many of each room, in an order in which no room comes last."""
    dice = random.Random(given.seed)
    each = -(-given.mutants // len(found))
    drawn = [one for some in found.values() for one in dice.sample(some, min(each, len(some)))]
    dice.shuffle(drawn)
    return drawn[: given.mutants]


def all_of(room: str) -> list[Mutant]:
    """Every mutant of a room."""
    return [one for file in sorted((PACKAGE / room).rglob("*.py")) for one in mutants(file)]


def main() -> int:
    """Read what is asked for, hand the tests to the campaign."""
    reader = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    reader.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(TESTS)} (default: all)")
    reader.add_argument(
        "--minutes", type=float, default=10, metavar="M", help="begin no mutant after that (default: 10)"
    )
    reader.add_argument("--mutants", type=int, default=200, metavar="N", help="at most so many (default: 200)")
    reader.add_argument("--seed", type=int, default=0, metavar="N", help="what draws them (default: 0)")
    reader.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    given = reader.parse_args()
    rooms = given.rooms or list(TESTS)
    if unknown := [room for room in rooms if room not in TESTS]:
        reader.error(f"no room {unknown[0]}: write one of {', '.join(TESTS)}")
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    paths = dict.fromkeys(path for room in rooms for path in TESTS[room])
    with os.fdopen(os.dup(1), "w") as to, contextlib.redirect_stdout(sys.stderr):
        # Hypothesis is here before pytest, whose assertions in it then say less.
        options = [
            "-W",
            "ignore::pytest.PytestAssertRewriteWarning",
            "-q",
            "-s",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
        ]
        return int(pytest.main([*options, *paths], plugins=[Campaign(given, rooms, to)]))


if __name__ == "__main__":
    sys.exit(main())
