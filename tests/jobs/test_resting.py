"""A full reading lets a case go as soon as it is read, where nothing is to be done to it and nobody asks for it later:
the sweep does and tells what it would have done and told, and keeps no text of it.
"""

from __future__ import annotations

import gc
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.desk.keys import read_keys
from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.forge import paging
from respondby.forge.again import LATER, Again
from respondby.forge.gathering import gather_open
from respondby.forge.intake import keep
from respondby.jobs.effects import locked
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.effects.queue_issue import queues_in
from respondby.jobs.inputs.policy_in_force import run_policy
from respondby.jobs.inputs.sweep_cache import SweepCache
from respondby.jobs.loop import deciding, taking_back
from respondby.jobs.loop.resting import Resting
from respondby.jobs.loop.run import Selection
from respondby.jobs.runs import sweep
from respondby.jobs.sweep_gathering import gather_sweep
from respondby.sandbox.server import Sandbox

WORKS = "  works: { name: Works, about: Ask., ask: { from: { ask: From, kind: time }, to: { ask: To, kind: time } } }"
EVERYTHING = (
    (
        POLICY.replace("desk: Help desk\n", "desk: Help desk\nqueue: {}\nvoid: { state: void }\n")
        .replace("{ resolved: Resolved }", "{ resolved: Resolved, void: Void }")
        .replace("  state: {", "  product: { label: product/ }\n  state: {")
        .replace("  question: {", f"{WORKS}\n  question: {{")
        .replace("  /close: {", "  /part-of: { by: staff }\n  /wait: { by: staff }\n  /close: {")
        .replace("stop: comment by staff\n", "stop: comment by staff\n    pause: waiting\n")
    )
    + """  fix: { when: { priority: high }, start: opened, stop: merged, target: 8h }
  review:
    { start: /resolved, stop: comment by ann, target: 30 days, survives: close, ladder: [{ at: 90%, label: old }] }
products: { shop: { name: Shop } }
incidents: { when: { priority: high } }
uptime: { by: product, maintenance: { form: works, notice: 1h, notify: staff, via: log } }
"""
)


@pytest.fixture
def desk(sandbox: Sandbox) -> Repository:
    """A desk on which all that can matter to another case does; its first two cases are at rest."""
    made = Repository.make(sandbox, EVERYTHING)
    for number in (1, 2):
        opened(made, f"The words of number {number}")
    return made


def opened(desk: Repository, text: str = "How do I log in?", kind: str = "question") -> int:
    """A case that has its card and is at rest."""
    question = (
        "### From\n\n2026-01-09T10:00\n\n### To\n\n2026-01-09T11:00\n" if kind == "works" else f"### What?\n\n{text}\n"
    )
    number = desk.opens(body=f"### Priority\n\nNormal\n\n{question}")
    desk.act("ann", "POST", f"/issues/{number}/labels", {"labels": [f"type/{kind}"]})
    assert desk.triage(number).failed == []
    return number


def incident(desk: Repository) -> int:
    number = opened(desk)
    desk.says("ann", "/priority high", number)
    desk.triage(number)
    return number


def in_pieces(desk: Repository, parent: int, number: int) -> int:
    child = {"sub_issue_id": desk.act("ann", "GET", f"/issues/{number}")["id"]}
    desk.act("ann", "POST", f"/issues/{parent}/sub_issues", child)
    return number


def tied(desk: Repository) -> int:
    number = opened(desk)
    desk.says("ann", f"/part-of #{incident(desk)}", number)
    desk.triage(number)
    return number


def locked_issue(desk: Repository) -> int:
    number = opened(desk)
    desk.act("acme", "PUT", f"/issues/{number}/lock")
    return number


def asked_to_tie(desk: Repository) -> int:
    number = opened(desk)
    desk.says("ann", f"/part-of #{incident(desk)}", number)
    return number


def answered(desk: Repository) -> int:
    number = opened(desk)
    desk.says("ann", "In the usual way.", number)
    desk.triage(number)
    return number


def closed(desk: Repository) -> int:
    number = answered(desk)
    desk.act("ann", "PATCH", f"/issues/{number}", {"state": "closed"})
    desk.triage(number)
    return number


def closed_with_something_to_come(desk: Repository) -> int:
    number = answered(desk)
    desk.says("ann", "/resolved", number)
    desk.act("ann", "PATCH", f"/issues/{number}", {"state": "closed"})
    desk.triage(number)
    return number


def nothing_owed(desk: Repository) -> int:
    number = opened(desk)
    desk.says("ann", "/state void", number)
    desk.triage(number)
    return number


def waiting(desk: Repository) -> int:
    number = answered(desk)
    desk.says("ann", "/wait", number)
    desk.triage(number)
    return number


Story = Callable[[Repository], int]

LET_GO: list[Story] = [opened, answered, closed, nothing_owed, waiting]
KEPT: dict[str, Story] = {
    "something is to be done": lambda desk: desk.opens(),
    "it is locked": locked_issue,
    "it is an incident, and waits for a merge": incident,
    "it is tied to an incident": tied,
    "it asks to be tied": asked_to_tie,
    "it is a sub-issue": lambda desk: in_pieces(desk, 1, opened(desk)),
    "it may be a maintenance window": lambda desk: opened(desk, kind="works"),
    "it is closed and has something to come": closed_with_something_to_come,
}


@pytest.mark.parametrize("story", LET_GO, ids=lambda story: story.__name__)
def test_a_case_that_nobody_asks_for_is_let_go(desk: Repository, story: Story) -> None:
    number = story(desk)
    read = gather_sweep(desk.desk(), None)
    assert number in read.resting.settled
    assert number not in {case.number for case in read.gathered.cases}


@pytest.mark.parametrize("story", KEPT.values(), ids=KEPT)
def test_a_case_that_a_later_phase_asks_for_is_kept(desk: Repository, story: Story) -> None:
    number = story(desk)
    read = gather_sweep(desk.desk(), None)
    assert number in {case.number for case in read.gathered.cases}
    assert number not in read.resting.settled
    assert {1, 2} <= read.resting.settled.keys()


def test_a_request_that_nobody_has_read_since_an_edit_is_kept(desk: Repository) -> None:
    number = desk.opens()
    desk.at("09:10")
    desk.sandbox.files(desk.name, {".github/support.yml": EVERYTHING.replace("target: 1h", "target: 2h")})
    read = gather_sweep(desk.desk(), None)
    assert number in {case.number for case in read.gathered.cases}
    assert len(read.policy.in_force.policy.before) == 1


@pytest.mark.parametrize("stage", ["read", "assess", "decide"])
def test_one_that_cannot_be_looked_at_is_kept_and_keeps_no_other(
    desk: Repository, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = getattr(deciding, stage)

    def fails(*arguments: Any) -> Any:
        case = arguments[1] if stage == "read" else arguments[1].case
        if case.number == 1:
            raise RuntimeError("a mistake of ours")
        return works(*arguments)

    monkeypatch.setattr(deciding, stage, fails)
    read = gather_sweep(desk.desk(), None)
    assert ({case.number for case in read.gathered.cases}, read.resting.settled.keys()) == ({1}, {2})
    report = desk.sweep()
    assert [bool(case.failures) for case in report.cases if case.number in (1, 2)] == [True, False]


def test_a_desk_with_drafts_keeps_every_case(sandbox: Sandbox) -> None:
    rota = "rotas: { week: { timezone: UTC, handover: { every: 1 week, at: monday 10:00 }, members: [ann, bob] } }\n"
    duty = "duties: { turn: { schedule: { rota: week, ahead: 1 day }, draft: hand-over, owner: staff } }\n"
    desk = Repository.make(sandbox, f"{POLICY}{rota}{duty}")
    number = opened(desk)
    read = gather_sweep(desk.desk(), None)
    assert (read.resting.settled, number in {case.number for case in read.gathered.cases}) == ({}, True)


def queue_of(desk: Repository) -> tuple[int, str]:
    """The queue's issue, and what people read there."""
    (queue,) = queues_in(gather_open(desk.desk().client).cases)
    return queue.number, desk.act("ann", "GET", f"/issues/{queue.number}")["body"].partition("<!--")[0]


# -- what it does and tells -------------------------------------------------------------------------------------------


def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a full reading keeps every case."""
    monkeypatch.setattr(Resting, "looking", lambda *_: keep)


@pytest.fixture
def busy(desk: Repository) -> Repository:
    """A desk with a case of each kind."""
    for story in (*LET_GO, *KEPT.values()):
        story(desk)
    return desk


@pytest.mark.parametrize("time", ["09:30", "10:00", "12:00", "2026-01-06T09:00:00Z", "2026-02-10T09:00:00Z"])
def test_what_a_sweep_tells_is_what_one_tells_that_keeps_every_case(
    busy: Repository, time: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy.at(time)
    told = []
    for _ in range(2):
        read = gather_sweep(busy.desk(), None)
        told.append(sweep(busy.desk(), dry=True).to_json())
        keeping(monkeypatch)
    assert (len(read.resting.settled), read.gathered.failed) == (0, ())
    assert told[0] == told[1]
    assert sum(bool(case["planned"]) for case in told[0]["cases"]) > 0


def test_what_it_leaves_behind_is_what_one_leaves_that_keeps_every_case(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = []
    for _ in range(2):
        desk = Repository.make(sandbox, EVERYTHING)
        for story in (opened, *LET_GO, *KEPT.values()):
            story(desk)
        cache = SweepCache(None, "")
        report = {}
        for time in ("10:00", "10:05", "12:00"):
            desk.at(time)
            cache = SweepCache(None, "")
            report[time] = sweep(desk.desk(), cache=cache).to_json()
        known = cache.load()
        assert known is not None
        issues = desk.act("ann", "GET", "/issues?state=all&per_page=100")
        queue = queue_of(desk)[1].replace(desk.name, "")
        labels = {issue["number"]: sorted(label["name"] for label in issue["labels"]) for issue in issues}
        told = {at: [case["title"] for case in one["cases"]] for at, one in report.items()}
        done = {at: [case["done"] for case in one["cases"]] for at, one in report.items()}
        requests = {at: one["requests"] for at, one in report.items()}
        rest = (known.next_looks, known.always, known.watched)
        left.append((told, done, requests, rest, labels, queue))
        keeping(monkeypatch)
    assert left[0] == left[1]


def called_while_locked(desk: Repository) -> Record:
    """The desk's log keeps a record of case 1, which is locked no more."""
    gathered = gather_open(desk.desk().client)
    in_force = run_policy(desk.desk(), gathered).in_force
    logbook = Logbook(desk.desk().client, gathered, in_force, desk.desk().identify, None)
    record = Record("first-response/x/due/0", 0, 0, labels=("called",))
    locked.remember(logbook, gathered.cases[0], Ledger({record.key: record}), gathered.now)
    return record


def test_what_the_log_keeps_of_a_case_is_read_though_it_was_let_go(desk: Repository) -> None:
    record = called_while_locked(desk)
    assert gather_sweep(desk.desk(), None).resting.settled.keys() == {1, 2}
    report = desk.sweep()
    assert report.failed == []
    assert {case.number: bool(case.done) for case in report.cases if case.number < 3} == {1: True, 2: False}
    assert record.key in desk.case(1).ledger.records


@pytest.mark.parametrize("gone", [True, False])
def test_one_that_cannot_be_read_again_is_gone_or_a_failure_of_the_sweep(
    desk: Repository, gone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    called_while_locked(desk)
    answer = Again(LATER, {}, {} if gone else {1: "no answer"}, frozenset({1} if gone else ()))
    monkeypatch.setattr(taking_back, "gather_again", lambda *_: answer)
    cache = SweepCache(None, "")
    report = sweep(desk.desk(), cache=cache)
    assert report.failed == ([] if gone else [f"{desk.name}#1: no answer"])
    assert [(case.gone, case.next is None) for case in report.cases if case.number == 1] == [(gone, gone)]
    known = cache.load()
    assert known is not None
    assert (1 in known.next_looks, 1 in known.always) == (not gone, not gone)


def test_a_watch_that_another_one_keeps_from_looking_empties_no_queue_and_forgets_no_case(desk: Repository) -> None:
    incident(desk)
    desk.sweep()
    before = queue_of(desk)
    assert "3" in before[1]
    desk.at("09:30")
    cache = SweepCache(None, "")
    report = sweep(desk.desk(), first=lambda *_: Selection(frozenset()), cache=cache)
    assert (report.cases, queue_of(desk)) == ([], before)
    known = cache.load()
    assert known is not None
    assert known.always >= {1, 2, 3}, "what it has not looked at is read by the next sweep"


# -- memory -----------------------------------------------------------------------------------------------------------


def texts_of(root: Any) -> Iterator[str]:
    """Every text that is reached from an object."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif id(one) not in seen and not isinstance(one, type | types.ModuleType | types.FunctionType):
            seen.add(id(one))
            waiting.extend(gc.get_referents(one))


@pytest.mark.parametrize("key", [None, "a key of more than enough characters"])
def test_no_text_of_a_case_at_rest_is_kept_once_it_is_read(
    desk: Repository, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "_ISSUES", 1)
    signing = replace(desk.desk(), signing=read_keys(key, None))
    sweep(signing)
    number = desk.opens(body="### What?\n\nThe words of number 3\n")
    read = gather_sweep(signing, None)
    kept = {case.number for case in read.gathered.cases}
    assert number in kept
    found = {text for text in texts_of(read) if "The words of number" in text}
    assert {text[-2:-1] for text in found} == {"3"}, "the text of what is to be acted on, and no other"
    cards = [text for text in texts_of(read) if "What you can expect" in text]
    assert cards == []
