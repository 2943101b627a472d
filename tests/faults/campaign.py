"""A campaign: many schedules over many scenarios, on every processor, and what is told of it in the end.

What must hold for each: nothing is left to do, everything stands as after the undisturbed play, and the calls that went
out are that play's, each person once for each key. A call that was made again under its own key (the run was taken away
between the call and its record) is told, for a pager joins it to the first and a chat shows it twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.faults.playing import Called, Played, disturbed, undisturbed
from tests.faults.schedules import KINDS, Schedule, draw

from respondby.rehearsal.finding import scenario_files

ROOT = Path(__file__).parents[2]

#: Where scenarios lie.
FOLDERS = ("docs/examples", "docs/processes")


@dataclass(slots=True)
class Verdict:
    """What one schedule came to. `wrong` says what differs, in words; `struck` counts what went wrong by kind."""

    schedule: Schedule
    wrong: list[str] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    doubled: int = 0
    lost: int = 0
    again: int = 0


def scenarios(paths: Sequence[str] = ()) -> list[str]:
    """The scenarios of these paths, or all, as paths below the checkout."""
    found = scenario_files([ROOT / path for path in paths or FOLDERS])
    return [file.resolve().relative_to(ROOT).as_posix() for file in found]


def judge(file: str, seed: int) -> Verdict:
    """Play the schedule of a seed over a scenario, and compare with the undisturbed play."""
    calm = _calm(file)
    schedule = draw(file, seed, calm.sent)
    played = disturbed(ROOT / file, schedule)
    broken = [f"undisturbed, this is not kept: {line}" for line in calm.broken]
    verdict = Verdict(schedule, [*broken, *played.restless], Counter(played.struck), calm.kept)
    before, now = Counter(calm.calls), Counter(played.calls)
    verdict.doubled = sum(1 for call in now if call not in before)
    verdict.lost = sum(1 for call in before if call not in now)
    verdict.again = sum(count - before[call] for call, count in now.items() if call in before and count > before[call])
    verdict.wrong += [f"called, and should not have been: {_words(call)}" for call in now if call not in before]
    verdict.wrong += [f"not called: {_words(call)}" for call in before if call not in now]
    verdict.wrong += differences(calm.outcome, played.outcome)
    return verdict


def campaign(pairs: Sequence[tuple[str, int]], workers: int) -> Iterator[Verdict]:
    """The verdict of each (scenario, seed); a scenario stays with the worker that knows it."""
    if workers == 1:
        yield from (judge(file, seed) for file, seed in pairs)
        return
    groups: dict[str, list[int]] = {}
    for file, seed in pairs:
        groups.setdefault(file, []).append(seed)
    with ProcessPoolExecutor(workers) as pool:
        for verdicts in pool.map(_judge_all, groups.items()):
            yield from verdicts


def _judge_all(group: tuple[str, list[int]]) -> list[Verdict]:
    file, seeds = group
    return [judge(file, seed) for seed in seeds]


@cache
def _calm(file: str) -> Played:
    return undisturbed(ROOT / file)


def differences(expected: Any, seen: Any, at: str = "") -> list[str]:
    """Where two outcomes differ, by place; a handful is enough to go by."""
    if isinstance(expected, Mapping) and isinstance(seen, Mapping):
        return [
            line
            for name in sorted({*expected, *seen}, key=str)
            for line in differences(expected.get(name), seen.get(name), f"{at}/{name}" if at else str(name))
        ]
    return [] if expected == seen else [f"{at}: {expected!r}, but now {seen!r}"]


def _words(call: Called) -> str:
    return f"{call.person} by {call.channel} ({call.key})"


def summary(verdicts: Sequence[Verdict]) -> list[str]:
    """What a campaign tells in the end."""
    struck: Counter[str] = sum((verdict.struck for verdict in verdicts), Counter())
    files = {verdict.schedule.file: verdict.kept for verdict in verdicts}
    failed = [verdict for verdict in verdicts if verdict.wrong]
    doubled, lost, again = (sum(getattr(one, name) for one in verdicts) for name in ("doubled", "lost", "again"))
    lines = [
        f"{len(files)} scenarios undisturbed: {sum(files.values())} expectations kept.",
        f"{len(verdicts)} schedules over them, {struck.total()} runs disturbed:",
    ]
    lines += [f"  {struck[kind]:5d}  {kind}" for kind in KINDS if struck[kind]]
    lines.append(
        f"{doubled} doubled, {lost} lost; {again} calls made again under their own key (a pager joins them);"
        f" {len(failed)} schedules ended otherwise than undisturbed."
    )
    return lines


def told(verdict: Verdict) -> list[str]:
    """What a failed schedule tells, its replay first."""
    lines = [f"seed {verdict.schedule.seed} of {verdict.schedule.file} failed; replay: {verdict.schedule.command}"]
    lines += [f"  went wrong: {one}" for one in verdict.schedule.disturbances]
    return lines + [f"  {line[:1500]}" for line in verdict.wrong[:8]]
