"""Which repository is swept by which job: parts of equal work, by what the last sweeps took.

GitHub's matrix runs the jobs, and nothing of ours hands out work: a plan is made once a run, and travels with it.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence

from respondby.dataclass import dataclass
from respondby.fleet.figures import Figure
from respondby.fleet.members import Member

#: Who was never swept is taken to need so many seconds, and so many more for each open issue.
FIRST_SECONDS, ISSUE_SECONDS = 0.5, 0.02
#: A job that has less to do than this is no help: it is billed a minute, and starting it takes a part of that.
WORTH_A_JOB = 60.0


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of the fleet that one job sweeps: its number (from 1), its repositories, and seconds that it will take."""

    number: int
    repositories: tuple[str, ...]
    seconds: float


def shards(members: Sequence[Member], figures: Mapping[str, Figure], most: int) -> tuple[Shard, ...]:
    """At most so many parts of about equal work, the longest first into the emptiest; none that is not worth a job.

    Within a part those come first that were swept longest ago, so that what a limit cuts off is not always the same.
    """
    work = {member.name: _seconds(member, figures) for member in members}
    count = min(most, len(members), max(1, math.ceil(sum(work.values()) / WORTH_A_JOB)))
    parts: list[tuple[float, int, list[str]]] = [(0.0, number, []) for number in range(1, count + 1)]
    for name in sorted(work, key=lambda name: (-work[name], name.lower())):
        seconds, number, names = heapq.heappop(parts)
        names.append(name)
        heapq.heappush(parts, (seconds + work[name], number, names))
    return tuple(
        Shard(number, tuple(sorted(names, key=lambda name: _last(name, figures))), round(seconds, 2))
        for seconds, number, names in sorted(parts, key=lambda part: part[1])
    )


def imbalance(parts: Sequence[Shard]) -> float:
    """By what share of the mean the longest part is longer than the shortest; 0 for one part."""
    if len(parts) < 2:
        return 0.0
    seconds = [part.seconds for part in parts]
    mean = sum(seconds) / len(seconds)
    return (max(seconds) - min(seconds)) / mean if mean else 0.0


def _seconds(member: Member, figures: Mapping[str, Figure]) -> float:
    known = figures.get(member.name.lower())
    return FIRST_SECONDS + ISSUE_SECONDS * member.open_issues if known is None else known.seconds


def _last(name: str, figures: Mapping[str, Figure]) -> tuple[int, str]:
    known = figures.get(name.lower())
    return (0 if known is None else known.at, name.lower())
