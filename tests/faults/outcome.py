"""What stands at the end of a play, without what differs from one play to the next.

Node ids, commits and numbers differ, since a play in which more goes wrong makes more of them. So everything that a
person did has a name by its place ("CASE 1", "MOMENT 1.3"), and whatever the desk made is one of ours. The desk's log
is compared by what it holds: how that is spread over its comments is of no account, nor are closed twins of what the
desk opened.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from respondby.desk.case import Case
from respondby.desk.records import Record
from respondby.desk.results import Deferred, Tracked, Tried
from respondby.forge.client import Client
from respondby.forge.gathering import Identity, gather_case
from respondby.policy.loading.bots import bots_of
from respondby.rehearsal.ground import DESK, INSIDE, OWNER, SIGNING
from respondby.rehearsal.observing import mentioned, visible
from respondby.rehearsal.running import Start
from respondby.rehearsal.stage import Stage

#: The desk's accounts: here, and in the other repositories that it writes to.
_DESKS = (DESK, INSIDE)

#: By repository and issue, what stands there; texts of comments are counted.
Outcome = Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """A comment or an issue that the desk made, whether or not it stands: where, in which words, for whom to hear."""

    where: str
    words: str
    mentioned: tuple[str, ...]


_NODE = re.compile(r"\b[A-Z]{1,5}_(?=[A-Za-z0-9_-]*[a-z])[A-Za-z0-9_-]{8,}")
_NUMBER = re.compile(r"issuecomment-(\d+)")
_COMMIT = re.compile(r"\b[0-9a-f]{40}\b")
_REF = re.compile(r"\b([\w.-]+/[\w.-]+)(?:#|/issues/)(\d+)\b")
_RUN = re.compile(r"\brun[ _]\d+\b")
#: What a reminder adds where sweeps had been dropped: true, and not said in the undisturbed play.
_LATE = re.compile(r" This comes [\w ]+ late, because our own run was late\.")
_ADDRESS = re.compile(r"127\.0\.0\.1:\d+")


def outcome(stage: Stage, start: Start) -> tuple[Outcome, list[Made], Plain]:
    """Everything that stands on the stage, all that the desk ever made there but its log, and what takes the ids out of
    other texts about it.
    """
    found: dict[str, tuple[Mapping[str, Any], Case]] = {}
    for repository in _repositories(stage):
        token = stage.token(OWNER)
        status, issues = stage.forge.call(
            "GET", f"/repos/{repository}/issues?state=all&per_page=100&direction=asc", token
        )
        assert status == 200, issues
        for issue in (one for one in issues if "pull_request" not in one):
            found[f"{repository}#{issue['number']}"] = (issue, _case(stage, repository, int(issue["number"])))
    plain = Plain([case for _, case in found.values()])
    logs = {ref for ref, (_, case) in found.items() if case.mark is not None and case.mark.kind == "log"}
    stands = {}
    for ref, (issue, case) in sorted(found.items(), key=lambda item: not item[1][1].open):
        if case.mark is not None and case.mark.kind == "log":
            log = {"open": case.open, "kept": sorted(plain(name) for name in case.ledger.kept)}
            stands.setdefault(plain(ref), log)
        else:
            stands.setdefault(plain(ref), _issue(stage, issue, case, start, plain))
    return stands, list(_made(stage, plain, logs)), plain


def _made(stage: Stage, plain: Plain, logs: Container[str]) -> Iterator[Made]:
    """From the forge's own events: what was deleted again has been heard all the same."""
    for delivery in stage.forge.deliveries(0):
        payload, did = delivery["payload"], (delivery["event"], delivery["action"])
        if delivery["actor"] not in _DESKS or did not in (("issue_comment", "created"), ("issues", "opened")):
            continue
        ref = f"{payload['repository']['full_name']}#{payload['issue']['number']}"
        if ref in logs:
            continue
        body = visible((payload["comment"] if did[0] == "issue_comment" else payload["issue"])["body"] or "")
        words = body if did[0] == "issue_comment" else f"{payload['issue']['title']}: {body}"
        yield Made(plain(ref), plain(words), mentioned(body, stage.people()))


def _repositories(stage: Stage) -> list[str]:
    world = stage.forge._world
    rows = world.all("SELECT u.login AS owner, r.name FROM repos r JOIN users u ON u.id = r.owner_id ORDER BY r.id")
    return [f"{row['owner']}/{row['name']}" for row in rows]


def _case(stage: Stage, repository: str, number: int) -> Case:
    """A case as the desk reads it."""
    client = Client(stage.forge.url, _token(stage, repository), repository, pace=None, sleep=lambda _: None)
    key = stage.secrets[SIGNING].encode()
    return gather_case(client, number, identify=lambda policy: Identity(bots_of(policy.text), key)).cases[0]


def _token(stage: Stage, repository: str) -> str:
    return stage.forge.workflow_token(repository, {"issues": "read", "contents": "read"})


def _issue(stage: Stage, issue: Mapping[str, Any], case: Case, start: Start, plain: Plain) -> Mapping[str, Any]:
    path = f"/repos/{case.repository}/issues/{case.number}/comments?per_page=100"
    _, comments = stage.forge.call("GET", path, stage.token(OWNER))
    ledger = case.ledger
    return {
        "open": case.open,
        "reason": issue["state_reason"],
        "title": issue["title"],
        "labels": sorted(case.labels),
        "assignees": sorted(case.assignees),
        "reactions": _reactions(issue),
        "comments": Counter(
            ((comment["user"] or {}).get("login", "ghost"), plain(visible(comment["body"])), _reactions(comment))
            for comment in comments
        ),
        "kinds": Counter(own.kind for own in case.own),
        "records": {
            plain(name): (
                record.at,
                record.outcome,
                _came_of(record, plain),
            )
            for name, record in ledger.records.items()
        },
        "pins": sorted(plain(name) for name in ledger.pins),
        "kept": sorted(plain(name) for name in ledger.kept),
        "clocks": _clocks(stage, case, start, plain),
    }


def _clocks(stage: Stage, case: Case, start: Start, plain: Plain) -> list[Mapping[str, Any]]:
    """What `explain` says of each run of a clock."""
    environment = {
        "GITHUB_API_URL": stage.forge.url,
        "GITHUB_REPOSITORY": case.repository,
        "GITHUB_TOKEN": _token(stage, case.repository),
        SIGNING: stage.secrets[SIGNING],
    }
    code, output, errors = start(["explain", str(case.number), "--json"], environment)
    if code:
        return [{"explain": plain(errors)}]
    return [json.loads(plain(json.dumps(clock))) for clock in json.loads(output)["clocks"]]


def _reactions(thing: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    told = thing["reactions"]
    return tuple((name, count) for name, count in told.items() if isinstance(count, int) and count)


class Plain:
    """Texts without ids."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._names: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._refs: dict[str, str] = {}
        places: dict[str, int] = {}
        for case in cases:
            ours = case.author.login in _DESKS
            place = places[case.repository] = places.get(case.repository, 0) + (not ours)
            self._refs[case.ref] = f"{case.repository}: {f'OURS {case.title}' if ours else f'CASE {place}'}"
            people = [moment for moment in case.moments if not moment.ours and moment.by.login not in _DESKS]
            for number, moment in enumerate(people):
                name = self._names[moment.source] = f"MOMENT {self._refs[case.ref]}.{number}"
                self._numbers[str(moment.number)] = name
            self._names[case.node_id] = self._refs[case.ref]

    def __call__(self, text: str) -> str:
        text = _LATE.sub("", _RUN.sub("run", text))  # a run is numbered as it comes
        text = _REF.sub(lambda found: self._refs.get(f"{found[1]}#{found[2]}", found[0]), text)
        text = _NODE.sub(lambda found: self._names.get(found[0], "OURS"), text)
        text = _NUMBER.sub(lambda found: self._numbers.get(found[1], "OURS"), text)
        return _ADDRESS.sub("FORGE", _COMMIT.sub("COMMIT", text))


def _came_of(record: Record, plain: Plain) -> list[tuple[str, ...]]:
    """Who was reached and what was done, whether by this record's own call or by a newer one's."""
    done = [result for result in record.results if getattr(result, "ok", True) and not isinstance(result, Deferred)]
    # Of a date on a board it counts where it stands: whether a run came to see each due on the way there does not.
    done = [result for result in done if not isinstance(result, Tracked)]
    if record.tracked is not None:
        done.append(replace(record.tracked, at=0))
    own = [replace(result, outcome="reached", why="") if isinstance(result, Tried) else result for result in done]
    return sorted({tuple(plain(str(part)) for part in result.unparse()) for result in own})
