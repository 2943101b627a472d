"""A campaign: many schedules over many scenarios, on every processor, and what is told of it in the end.

What must hold for each: nothing is left to do, everything stands as after the undisturbed play, and what went out is
that play's, each person once for each key, each comment once. A call that was made again under its own key (the run was
taken away between the call and its record) and a comment whose twin removed itself (two runs met) are allowed as often
as what went wrong explains them, and told. In the undisturbed play nothing goes out twice.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from tests.faults.outcome import Outcome
from tests.faults.playing import PAGER, Called, Played, disturbed, undisturbed
from tests.faults.schedules import KINDS, Kind, Schedule, draw

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
    twins: int = 0


def scenarios(paths: Sequence[str] = ()) -> list[str]:
    """The scenarios of these paths, or all, as paths below the checkout."""
    found = scenario_files([ROOT / path for path in paths or FOLDERS])
    return [file.resolve().relative_to(ROOT).as_posix() for file in found]


def judge(file: str, seed: int) -> Verdict:
    """Play the schedule of a seed over a scenario, and compare with the undisturbed play.

    A play that breaks off is a verdict, and not the end of a campaign.
    """
    try:
        calm = _calm(file)
    except Exception:  # noqa: BLE001 - whatever it is, it is told
        return Verdict(Schedule(file, seed, ()), [f"undisturbed, the play broke off: {traceback.format_exc(limit=-6)}"])
    return judge_schedule(draw(file, seed, calm.sent), calm)


def judge_schedule(schedule: Schedule, calm: Played | None = None) -> Verdict:
    """Play a schedule, and compare with the undisturbed play."""
    file = schedule.file
    calm = calm or _calm(file)
    broken = [f"undisturbed, this is not kept: {line}" for line in calm.broken]
    verdict = Verdict(schedule, [*broken, *calm.restless], kept=calm.kept)
    try:
        played = disturbed(ROOT / file, schedule, calm)
    except Exception:  # noqa: BLE001 - as above
        verdict.wrong.append(f"the play broke off: {traceback.format_exc(limit=-6)}")
        return verdict
    verdict.struck.update(played.struck)
    verdict.wrong += played.restless
    kinds = [KINDS[kind] for kind in played.struck]
    _compare_calls(verdict, calm, played, kinds)
    _compare_made(verdict, calm, played, sum(kind.twins for kind in kinds))
    bare = any(kind.way == "call" for kind in kinds)
    verdict.wrong += differences(*(whoever_by(one.outcome) if bare else one.outcome for one in (calm, played)))
    return verdict


def _compare_calls(verdict: Verdict, calm: Played, played: Played, kinds: Sequence[Kind]) -> None:
    """Who was called: by key and channel; where a channel has failed, by another one, which may know no keys."""
    before, now = Counter(calm.calls), Counter(played.calls)
    if not calm.stumbled:
        verdict.wrong += [f"undisturbed, called more than once: {_words(call)}" for call in calm.twice]
    cases = dict(before)  # several cases of the desk's own may have one name here: each is owed its call
    if calm.stumbled:  # what was called again where the forge stumbled may not have to be
        before = Counter({call: 1 if call.keyed else count for call, count in before.items()})
    if any(kind.way == "call" for kind in kinds):
        before, now = (
            Counter(replace(call, key="", channel="", keyed=False) for call in calls.elements() if call.person != PAGER)
            for calls in (before, now)
        )
    most = sum(kind.again for kind in kinds)
    verdict.doubled = sum(1 for call in now if call not in before)
    verdict.lost = sum(1 for call in before if now[call] < before[call])
    again = {call: count - before[call] for call, count in now.items() if call in before and count > before[call]}
    verdict.again = sum(again.values())
    verdict.wrong += [f"called, and should not have been: {_words(call)}" for call in now if call not in before]
    verdict.wrong += [f"not called: {_words(call)}" for call in before if now[call] < before[call]]
    verdict.wrong += [
        f"called {count} times more under its own key, where {most} could be explained: {_words(call)}"
        for call, count in again.items()
        if count > most * cases.get(call, 1) + max(0, cases.get(call, 1) - before[call])
    ]
    expected, seen = calm.paged, played.paged
    if any(one.sweeps for one in verdict.schedule.disturbances):  # what comes later may come after an expectation
        expected, seen = ([sorted(chain.from_iterable(paged))] for paged in (expected, seen))
    if any(kind.what.get("taken") for kind in kinds):  # once by the channel that took it, once by the next
        expected, seen = ([sorted(set(paged)) for paged in play] for play in (expected, seen))
    verdict.wrong += [
        f"paged up to the expectation {number}: {now}, and undisturbed {before}"
        for number, (before, now) in enumerate(zip(expected, seen, strict=True))
        if now != before
    ]


def _compare_made(verdict: Verdict, calm: Played, played: Played, most: int) -> None:
    """What the desk ever said: whoever is mentioned in a comment has heard of it, also where it is deleted again."""
    before, now = Counter(calm.made), Counter(played.made)
    more, less = now - before, before - now
    verdict.twins = sum(more.values())
    verdict.wrong += [
        f"said {count} times more than undisturbed, where {most} could be explained: {one}"
        for one, count in more.items()
        if count > (most if one in before else 0)
    ]
    verdict.wrong += [f"said {count} times less than undisturbed: {one}" for one, count in less.items()]


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


def forget() -> None:
    """Undisturbed plays are played again: the desk has changed."""
    _calm.cache_clear()


def whoever_by(outcome: Outcome | None) -> Outcome | None:
    """An outcome without the channels by which people were called, and what pagers among them were told."""
    return outcome and {
        ref: {
            **issue,
            "records": {
                name: (at, what, sorted({did[:2] for did in came if did[0] in ("page", "notify")}))
                for name, (at, what, came) in issue["records"].items()
            },
        }
        if "records" in issue
        else issue
        for ref, issue in outcome.items()
    }


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
    names = ("doubled", "lost", "again", "twins")
    doubled, lost, again, twins = (sum(getattr(one, name) for one in verdicts) for name in names)
    lines = [
        f"{len(files)} scenarios undisturbed: {sum(files.values())} expectations kept.",
        f"{len(verdicts)} schedules over them, {struck.total()} runs disturbed:",
    ]
    lines += [f"  {struck[kind]:5d}  {kind}" for kind in KINDS if struck[kind]]
    lines.append(
        f"{doubled} doubled, {lost} lost; {again} calls made again under their own key (a pager joins them), {twins}"
        f" comments made twice, one of which removed itself; {len(failed)} schedules ended otherwise than undisturbed."
    )
    return lines


def told(verdict: Verdict) -> list[str]:
    """What a failed schedule tells, its replay first."""
    lines = [f"seed {verdict.schedule.seed} of {verdict.schedule.file} failed; replay: {verdict.schedule.command}"]
    lines += [f"  went wrong: {one}" for one in verdict.schedule.disturbances]
    return lines + [f"  {line[:1500]}" for line in verdict.wrong[:8]]
