"""What goes wrong in one play of a scenario, drawn from a seed: the same seed and scenario give the same schedule."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

#: Requests of each run of an undisturbed play, as (verb, last part of the path), `mutation` where GraphQL writes. A
#: call through a channel is a request too, whose verb is CALL.
Sent = Sequence[Sequence[tuple[str, str]]]

Way = Literal["kill", "fault", "late", "meet", "lost", "lag", "call", "spoil"]

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
    """One thing that can go wrong: how it is done, and with what. `on` is what it can happen to.

    `again` is how often it may make the desk call somebody once more under the same key, which cannot be helped where a
    run ends between a call and its record; `twins` how often it may make a comment or an issue twice, one of which goes
    again. `left` says that a run to which it happens may leave something to do although it ends well.
    """

    way: Way
    what: Mapping[str, Any]
    on: Literal["any", "write", "query", "call", "mutation"] = "any"
    again: int = 1
    twins: int = 0
    left: bool = False


#: Every kind, by the name under which the summary counts it.
KINDS: Mapping[str, Kind] = {
    "killed before a request": Kind("kill", {"when": "before"}),
    "killed after a request": Kind("kill", {"when": "after"}),
    "killed after a write": Kind("kill", {"when": "after"}, "write"),
    "killed between a call and its answer": Kind("call", {"killed": True}, "call"),
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
    "a write taken for lost that comes late": Kind("late", {}, "write", twins=1, left=True),
    "reads that lag behind our writes": Kind("lag", {}, "write", twins=2, left=True),
    "labels that are gone, beside the card": Kind("spoil", {"variable": "add"}, "mutation", again=0),
    "a card that is gone, beside the labels": Kind("spoil", {"variable": "card"}, "mutation", again=0, twins=1),
    "a slow answer": Kind("fault", {"when": "after", "do": {"delay": 0.02}}, again=0),
    "an event that is lost": Kind("lost", {}, again=0),
    "a channel that fails": Kind("call", {}, "call", again=0),
    "channels that fail for a run": Kind("call", {"all": True}, "call", again=0),
    "a call that is taken, its answer lost": Kind("call", {"taken": True}, "call"),
    "two runs that meet": Kind("meet", {"runs": 2}, twins=1),
    "three runs that meet": Kind("meet", {"runs": 3}, again=2, twins=2),
    "two runs that meet, one killed": Kind("meet", {"runs": 2, "killed": True}, again=2, twins=1, left=True),
}


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What goes wrong in the run with that number (0 is the play's first), at its request with that number.

    `later` is how many requests a late one takes; `order` whose turn it is, request by request, where runs meet.
    `sweeps` is how many sweeps GitHub drops before one makes it good (0: a run follows in the same instant).
    """

    kind: str
    run: int
    request: int
    later: int = 1
    order: tuple[int, ...] = ()
    sweeps: int = 0

    def __str__(self) -> str:
        after = f", made good after {self.sweeps} dropped sweeps" if self.sweeps else ""
        return f"{self.kind} (run {self.run}, request {self.request}{after})"


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
        sweeps = dice.choice((0, 0, 1, 3))
        found.setdefault(run, Disturbance(name, run, request, dice.choice((1, 2, 99)), order, sweeps))
    return Schedule(file, seed, tuple(found[run] for run in sorted(found)))


def _places(kind: Kind, sent: Sent) -> list[tuple[int, int]]:
    """Where it can happen: (run, request), calls counted apart. Runs that write count five times over those that only
    look.
    """
    places: list[tuple[int, int]] = []
    for run, all_sent in enumerate(sent):
        calls = [one for one in all_sent if one[0] == "CALL"]
        requests = [one for one in all_sent if one[0] != "CALL"]
        weight = 5 if any(_is_write(verb, path) for verb, path in requests) else 1
        if kind.on == "call":
            places += [(run, number) for number in range(len(calls))]
            continue
        for number, (verb, path) in enumerate(requests):
            if kind.on == "mutation":
                places += [(run, number)] if path == "mutation" else []
            elif kind.on == "any" or (kind.on == "write") == _is_write(verb, path):
                places += [(run, number)] * weight
    return places


def _is_write(verb: str, path: str) -> bool:
    return verb != "GET" and path != "graphql"
