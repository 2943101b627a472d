"""Tells a rehearsal: to a person at a terminal of 80 columns, and to a machine as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from itertools import groupby
from typing import Any

from respondby.calendars.instants import iso, people_date, wall, zone
from respondby.rehearsal.observing import Checked, Happening
from respondby.rehearsal.play import Played
from respondby.rehearsal.times import said
from respondby.rehearsal.wording import promised

WIDTH = 80

_MARKS = {"act": " ", "desk": "·", "told": "→", "run": "!", "stage": "~"}
_CLOCK = 9


def told(played: Played) -> Iterator[str]:
    """The lines of one scenario."""
    scenario, where = played.scenario, zone(played.scenario.timezone)
    yield from _wrapped(scenario.name, "", "")
    yield from _wrapped(scenario.file, "  ", "  ")
    yield ""
    yield from _wrapped(f"Promised by {played.policy.desk}", "", "")
    for depth, words in promised(played.policy, scenario):
        yield from _wrapped(words, "  " * depth, "  " * depth + "  ")
    yield ""
    yield f"What happened ({scenario.timezone})"
    yield from _story(played.story, where)
    yield ""
    yield from _wrapped(_counts(played), "", "  ")
    for kept in scenario.keeps:
        proof = "proved" if played.kept else "NOT proved"
        yield from _wrapped(f"{proof}: “{kept.says}” by {', '.join(kept.by)}", "", "  ")


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


def _story(story: Sequence[Happening | Checked], where: tzinfo) -> Iterator[str]:
    day: date | None = None
    shown = ""
    several = len({entry.case for entry in story if isinstance(entry, Happening) and entry.case is not None}) > 1
    for entry, again in _without_repetitions(story):
        local = wall(entry.at, where)
        if local.date() != day:
            day, shown = local.date(), ""
            yield f"  {people_date(day)}"
        clock = local.strftime("%H:%M:%S" if local.second else "%H:%M")
        first = f"  {clock if clock != shown else '':<{_CLOCK}}"
        shown = clock
        words = _entry(entry, several=several)
        if again:
            words += f" (and {_many(len(again), 'time')} more until {said(again[-1].at, where, day=day)})"
        yield from _wrapped(words, first, " " * (_CLOCK + 6))


def _without_repetitions(
    story: Sequence[Happening | Checked],
) -> Iterator[tuple[Happening | Checked, Sequence[Happening | Checked]]]:
    """Each entry with those that only say the same again: runs that fail one after the other for one reason."""
    for _, group in groupby(enumerate(story), _sameness):
        first, *again = [entry for _, entry in group]
        yield first, again


def _sameness(numbered: tuple[int, Happening | Checked]) -> object:
    number, entry = numbered
    return entry.text if isinstance(entry, Happening) and entry.kind == "run" else number


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
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
