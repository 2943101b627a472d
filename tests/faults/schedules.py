"""What goes wrong in one play of a scenario, drawn from a seed: the same seed and scenario give the same schedule."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

#: Requests of each run of an undisturbed play, as (verb, last part of the path).
Sent = Sequence[Sequence[tuple[str, str]]]

Way = Literal["kill", "fault", "late", "meet", "lost"]

_LIMITED = '{"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}'
_IN_QUERY = '{"data": null, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}'
_IN_PART = (
    '{"data": {"viewer": null, "repository": null},'
    ' "errors": [{"path": ["repository", "labels"], "message": "Something broke"}]}'
)
_PROXY = "<html><title>Sign in to the proxy</title></html>"


def _status(status: int, when: str, body: str = "<html>Sorry</html>", **headers: str) -> Mapping[str, Any]:
    return {"when": when, "do": {"status": status, "body": body, "headers": headers}}


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can go wrong: how it is done, and with what. `on` is what it can happen to."""

    way: Way
    what: Mapping[str, Any]
    on: Literal["any", "write", "query"] = "any"


#: Every kind, by the name under which the summary counts it.
KINDS: Mapping[str, Kind] = {
    "killed before a request": Kind("kill", {"when": "before"}),
    "killed after a request": Kind("kill", {"when": "after"}),
    "killed after a write": Kind("kill", {"when": "after"}, "write"),
    "500 before": Kind("fault", _status(500, "before", "{}")),
    "500 after": Kind("fault", _status(500, "after", "{}"), "write"),
    "502 before": Kind("fault", _status(502, "before")),
    "502 after": Kind("fault", _status(502, "after"), "write"),
    "503 before": Kind("fault", _status(503, "before")),
    "504 after": Kind("fault", _status(504, "after")),
    "cut before": Kind("fault", {"when": "before", "do": {"cut": True}}),
    "cut after": Kind("fault", {"when": "after", "do": {"cut": True}}, "write"),
    "half an answer": Kind("fault", {"when": "after", "do": {"cut_body": True}}),
    "403 secondary limit": Kind("fault", _status(403, "before", _LIMITED, **{"retry-after": "7"})),
    "403 limit past the run's patience": Kind("fault", _status(403, "before", _LIMITED, **{"retry-after": "3000"})),
    "429": Kind("fault", _status(429, "before", _LIMITED)),
    "RATE_LIMITED in a 200": Kind("fault", _status(200, "before", _IN_QUERY, **{"retry-after": "2"}), "query"),
    "an answer in part": Kind("fault", _status(200, "before", _IN_PART), "query"),
    "401": Kind("fault", _status(401, "before", '{"message": "Bad credentials"}')),
    "a proxy's page": Kind("fault", _status(200, "before", _PROXY)),
    "a write taken for lost that comes late": Kind("late", {}, "write"),
    "a slow answer": Kind("fault", {"when": "after", "do": {"delay": 0.02}}),
    "an event that is lost": Kind("lost", {}),
    "two runs that meet": Kind("meet", {"runs": 2}),
    "three runs that meet": Kind("meet", {"runs": 3}),
    "two runs that meet, one killed": Kind("meet", {"runs": 2, "killed": True}),
}


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What goes wrong in the run with that number (0 is the play's first), at its request with that number.

    `later` is how many requests a late one takes; `order` whose turn it is, request by request, where runs meet.
    """

    kind: str
    run: int
    request: int
    later: int = 1
    order: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} (run {self.run}, request {self.request})"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A scenario's file, the seed, and what goes wrong."""

    file: str
    seed: int
    disturbances: tuple[Disturbance, ...]

    @property
    def command(self) -> str:
        """What replays it."""
        return f"python -m tests.faults --seed {self.seed} {self.file}"


def draw(file: str, seed: int, sent: Sent) -> Schedule:
    """The schedule of a seed: one to three runs disturbed, the first by the kind whose turn it is.

    `sent` is what the runs of an undisturbed play of the scenario send. Where the kind finds nothing to happen to (a
    scenario without writes), another is drawn.
    """
    dice = random.Random(f"{seed} {file.rpartition('/')[2]}")
    names = list(KINDS)
    wanted = [names[seed % len(names)], *(dice.choice(names) for _ in range(dice.choice((0, 0, 1, 2))))]
    found: dict[int, Disturbance] = {}
    for name in wanted:
        places = _places(KINDS[name], sent)
        while not places:
            name = dice.choice(names)
            places = _places(KINDS[name], sent)
        run, request = dice.choice(places)
        runs = KINDS[name].what.get("runs", 0)
        order = tuple(dice.randrange(runs) for _ in range(60)) if runs else ()
        found.setdefault(run, Disturbance(name, run, request, dice.choice((1, 2, 99)), order))
    return Schedule(file, seed, tuple(found[run] for run in sorted(found)))


def _places(kind: Kind, sent: Sent) -> list[tuple[int, int]]:
    """Where it can happen: (run, request). Runs that write anything count five times over those that only look."""
    places: list[tuple[int, int]] = []
    for run, requests in enumerate(sent):
        weight = 5 if any(_is_write(verb, path) for verb, path in requests) else 1
        for number, (verb, path) in enumerate(requests):
            if kind.on == "any" or (kind.on == "write") == _is_write(verb, path):
                places += [(run, number)] * weight
    return places


def _is_write(verb: str, path: str) -> bool:
    return verb != "GET" and path != "graphql"
