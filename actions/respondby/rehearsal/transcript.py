"""What a rehearsal prints: for a person at a terminal of 80 columns, and for a machine as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from typing import Any

from respondby.calendars.instants import iso, people_clock, people_date, wall
from respondby.policy.model.policy import Policy
from respondby.rehearsal.observing import Checked, Happening
from respondby.rehearsal.play import Played
from respondby.rehearsal.story import Scenario
from respondby.rehearsal.times import time_words
from respondby.rehearsal.wording import promise_lines
from respondby.terminal import width

_MARKS = {"act": " ", "desk": "·", "told": "→", "run": "!", "stage": "~"}
_CLOCK = 9


def opening(scenario: Scenario, policy: Policy) -> Iterator[str]:
    """What is printed of a scenario before it is played: its name, and what the policy promises in it."""
    yield from _wrapped(scenario.name, "", "")
    yield from _wrapped(scenario.file, "  ", "  ")
    yield ""
    yield from _wrapped(f"Promised by {policy.desk}", "", "")
    for depth, words in promise_lines(policy, scenario):
        yield from _wrapped(words, "  " * depth, "  " * depth + "  ")
    yield ""
    yield f"What happened ({scenario.timezone})"


def ending(played: Played) -> Iterator[str]:
    """What is printed of a scenario when it has been played: counts, and what it proves."""
    yield ""
    yield from _wrapped(_counts(played), "", "  ")
    for kept in played.scenario.keeps:
        proof = "proved" if played.kept else "NOT proved"
        yield from _wrapped(f"{proof}: “{kept.says}” by {', '.join(kept.by)}", "", "  ")


class Transcript:
    """The lines of a story while it is played, an entry at a time.

    Runs that fail one after the other for one reason are printed once, when the next entry comes or the story ends. The
    cases are named by number from the second one on.
    """

    def __init__(self, where: tzinfo) -> None:
        self._where = where
        self._day: date | None = None
        self._clock = ""
        self._case: int | None = None
        self._several = False
        self._failing: Happening | None = None
        self._again: list[Happening] = []

    def goes_on(self, entry: Happening | Checked) -> Iterator[str]:
        """The lines that can be printed now."""
        if isinstance(entry, Happening) and entry.kind == "run":
            if self._failing is not None and entry.text == self._failing.text:
                self._again.append(entry)
                return
            yield from self.ends()
            self._failing = entry
            return
        yield from self.ends()
        yield from self._line(entry)

    def ends(self) -> Iterator[str]:
        """The lines that were waiting for what follows."""
        if self._failing is not None:
            yield from self._line(self._failing, self._again)
        self._failing, self._again = None, []

    def _line(self, entry: Happening | Checked, again: Sequence[Happening] = ()) -> Iterator[str]:
        if isinstance(entry, Happening) and entry.case is not None:
            self._several = self._several or self._case not in (None, entry.case)
            self._case = entry.case
        local = wall(entry.at, self._where)
        if local.date() != self._day:
            self._day, self._clock = local.date(), ""
            yield f"  {people_date(self._day)}"
        clock = people_clock(local)
        first = f"  {clock if clock != self._clock else '':<{_CLOCK}}"
        self._clock = clock
        words = _entry(entry, several=self._several)
        if again:
            until = time_words(again[-1].at, self._where, day=self._day)
            words += f" (and {_many(len(again), 'time')} more until {until})"
        yield from _wrapped(words, first, " " * (_CLOCK + 6))


def summed_up(all_played: Sequence[Played]) -> Iterator[str]:
    """The last lines, after all scenarios."""
    checks = [check for played in all_played for check in played.checked]
    broken = [check for check in checks if not check.kept]
    scenarios = _many(len(all_played), "scenario")
    if broken:
        bad = sum(not played.kept for played in all_played)
        yield f"{bad} of {scenarios} failed: {len(broken)} of {_many(len(checks), 'expectation')} not kept."
        for played in all_played:
            for check in played.checked:
                if not check.kept:
                    place = f"{played.scenario.file}:{check.line}"
                    yield from _wrapped(f"{place}: {check.about}: {check.expected}, but {check.seen}", "  ", "    ")
    else:
        yield f"{scenarios}, {_many(len(checks), 'expectation')}: all kept."


def as_json(all_played: Sequence[Played]) -> dict[str, Any]:
    """Everything, for machines; instants in UTC."""
    return {
        "kept": all(played.kept for played in all_played),
        "scenarios": [_scenario_json(played) for played in all_played],
    }


def _scenario_json(played: Played) -> dict[str, Any]:
    scenario = played.scenario
    return {
        "scenario": scenario.name,
        "file": scenario.file,
        "kept": played.kept,
        "keeps": [{"says": item.says, "by": list(item.by), "proved": played.kept} for item in scenario.keeps],
        "story": [_entry_json(entry) for entry in played.story],
        "runs": {"performed": played.runs, "failed": played.failed},
        "sweeps": {"performed": played.sweeps, "skipped": played.skipped},
        "requests": played.requests,
    }


def _entry_json(entry: Happening | Checked) -> dict[str, Any]:
    if isinstance(entry, Happening):
        what = {"kind": entry.kind, "who": entry.who, "text": entry.text, "case": entry.case}
    else:
        what = {"kind": "expect", "line": entry.line, "about": entry.about, "expected": entry.expected}
        what |= {"seen": entry.seen, "kept": entry.kept}
    return {"at": iso(entry.at), **what}


def _entry(entry: Happening | Checked, *, several: bool) -> str:
    if isinstance(entry, Checked):
        words = f"{entry.about}: {entry.expected}"
        return f"✓ {words}" if entry.kept else f"✗ {words}, but {entry.seen} (line {entry.line})"
    who = "the desk " if entry.kind == "desk" else f"{entry.who} " if entry.kind in ("act", "told") else ""
    case = f"#{entry.case} " if several and entry.case is not None else ""
    return f"{_MARKS[entry.kind]} {case}{who}{entry.text}"


def _counts(played: Played) -> str:
    failed = f" ({played.failed} failed)" if played.failed else ""
    return (
        f"{_many(played.runs, 'run')}{failed}, of them {_many(played.sweeps, 'sweep')}; "
        f"{_many(played.skipped, 'sweep')} skipped, which could change nothing; {_many(played.requests, 'request')}"
    )


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text, width(), initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
