"""The words of a policy that judge a case are those that were in force: kept once, then what changed, from when."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.laws.generated import CARLA
from tests.laws.test_what_was_decided_stays import BODY, told
from tests.laws.world import World, opened

from respondby.calendars.instants import parse_time, zone
from respondby.desk.case import Actor, Moment, Revision
from respondby.desk.folding import state_at
from respondby.desk.in_force import IN_FORCE, in_force, roles_in_force
from respondby.desk.ledger import Ledger
from respondby.desk.reading import read
from respondby.desk.records import Kept
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy

START = parse_time("2026-10-23T09:00", zone("UTC"))
HOUR = 3600
POLICY = """
version: 1
desk: In force
timezone: UTC
people: { ann: {}, bob: {}, dora: {} }
calendars:
  night: { timezone: UTC, hours: { mon-sun: ["18:00-22:00"] } }
  day: { timezone: UTC, hours: { mon-sun: ["08:00-18:00"] } }
roles: { staff: { people: [ann, bob] }, lead: { role: staff }, owner: { association: member } }
fields:
  type: { label: type/ }
  priority: { label: priority/, default: high, values: { high: High, normal: Normal } }
  product: { label: product/, default: shop }
products: { shop: { name: Shop, live: 2026-10-01 } }
stages: { trial: { promises: none }, live: { from: live } }
forms: { question: { name: Question, about: Ask., choose: [priority], ask: { what: { ask: "What?", kind: text } } } }
commands: { /ack: { by: staff }, /again: { by: anyone }, /high: { by: anyone, set: { priority: high } } }
incidents: { when: { priority: high }, milestones: { mitigated: /again } }
clocks:
  answer: { start: opened, stop: comment by staff, target: 4h, ladder: [{ at: due, label: late }] }
  again: { start: /again, stop: /ack by lead, target: { within: 8h, calendar: day } }
  better: { start: opened, stop: mitigated, when: { during: day }, target: 2h }
"""


def world(text: str = POLICY) -> World:
    """A case that was opened and read at nine."""
    made = opened(load(text), START, BODY, CARLA)
    made.sweep(START)
    return made


def said(made: World, text: str, after: int, by: str) -> None:
    at, source = START + after, f"C_{after}"
    association = "MEMBER" if by in ("ann", "bob") else "NONE"
    made.happen(
        Moment(at, "comment", Actor(by, association), source, revisions=(Revision(at, by, text),), number=after)
    )


def edited(*pairs: tuple[str, str], committed: int | None = None) -> Policy:
    text = POLICY
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return replace(load(text), committed=None if committed is None else START + committed)


def looked_at(made: World, after: int) -> list[tuple[tuple[Any, ...], bool]]:
    """What is said of each run, and whether its promise binds."""
    assessment, _ = made.look(START + after)
    return list(zip(told(assessment), (run.binding for run in assessment.runs), strict=True))


@pytest.mark.parametrize(
    "pairs",
    [
        [("live: 2026-10-01", "live: 2026-12-01")],
        [("{ from: live }", "{ from: live, promises: informal }")],
        [("from: live }", "from: live + 90 days }")],
        [("people: [ann, bob]", "people: [dora]")],
        [("desk: In force", "desk: In force\nvoid: { priority: high }")],
        [("stop: comment by staff", "stop: [comment by staff, comment by owner, /again]")],
        [("  again: { start: /again", "  again: { start: opened")],
        [("target: 4h, ladder", "target: 4h, when: { during: night }, ladder")],
        [("target: { within: 8h, calendar: day }", "target: 1h")],
        [('mon-sun: ["08:00-18:00"]', 'mon-sun: ["20:00-21:00"]')],
        [("/again: { by: anyone }", "/again: { by: staff }")],
        [("/again: { by: anyone }", "/again: { by: anyone, only: { priority: normal } }")],
        [("/again: { by: anyone }", "/again: { by: anyone, set: { priority: normal } }")],
        [("incidents: { when: { priority: high }", "incidents: { when: { priority: normal }")],
        [("mitigated: /again", "mitigated: /ack")],
        [
            ("incidents: { when: { priority: high }, milestones: { mitigated: /again } }", ""),
            ("mitigated, when", "/ack, when"),
        ],
    ],
)
def test_what_is_edited_counts_from_its_commit_on(pairs: list[tuple[str, str]]) -> None:
    """At ten somebody says something that nobody reads; at eleven the edit is committed; at noon a run comes."""
    made = world()
    said(made, "/again", HOUR, "carla")
    said(made, "We look.", HOUR + 60, "bob")
    before = looked_at(made, 2 * HOUR)
    stood = [(run[0], run[3], binds) for run, binds in before]
    assert stood == [("answer", "met", True), ("better", "met", True), ("again", "running", True)]
    made.policy = edited(*pairs, committed=2 * HOUR)
    made.sweep(START + 3 * HOUR)
    assert looked_at(made, 3 * HOUR) == before
    assert "late" not in made.case.labels


def test_what_a_clock_that_is_gone_has_come_to_stays_and_what_ran_of_it_is_owed_no_longer() -> None:
    made = world()
    said(made, "/again", HOUR, "carla")
    said(made, "We look.", HOUR + 60, "bob")
    before = looked_at(made, 2 * HOUR)
    answer, again = (
        POLICY[POLICY.index(name) : POLICY.index(end)]
        for name, end in (("  answer:", "  again:"), ("  again:", "  better:"))
    )
    made.policy = edited((answer, ""), (again, ""), committed=2 * HOUR)
    made.sweep(START + 3 * HOUR)
    assessment, _ = made.look(START + 3 * HOUR)
    assert [(run.clock, run.state, run.ended) for run in assessment.former] == [
        ("answer", "met", START + HOUR + 60),
        ("again", "cancelled", START + 2 * HOUR + 1),
    ]
    assert [run.clock for run in assessment.runs] == ["better"]
    assert {run.clock: run.due for run in assessment.every} == {run[0]: run[5] for run, _ in before}
    made.policy = edited(committed=4 * HOUR)
    said(made, "/ack", 5 * HOUR, "bob")
    made.sweep(START + 6 * HOUR)
    assert [run.state for run in made.look(START + 6 * HOUR)[0].runs if run.clock == "again"] == ["cancelled"]


def test_a_promise_that_no_run_had_seen_is_pinned_as_it_was_made_and_applied_edits_count_at_once() -> None:
    for extra, due in (("", 4 * HOUR), ("on-policy-change: apply\n", 2 * HOUR)):
        made = world(POLICY.replace("start: opened, stop: comment by staff", "start: /ack, stop: comment by staff"))
        said(made, "/ack", HOUR, "bob")
        changes = [
            ("start: opened, stop: comment by staff, target: 4h", "start: /ack, stop: comment by staff, target: 2h")
        ]
        made.policy = edited(*changes, ("desk: In force\n", f"desk: In force\n{extra}"), committed=2 * HOUR)
        made.sweep(START + 2 * HOUR + 60)
        run = made.look(START + 2 * HOUR + 60)[0].latest("answer")
        assert run is not None
        assert run.due == run.started + due
        assert made.case.ledger.pins[run.key].target == json.dumps(
            [{"within": f"{due // HOUR}h", "text": f"{due // HOUR}h"}], separators=(",", ":"), sort_keys=True
        )


def test_after_its_commit_an_edit_counts_and_before_it_does_not() -> None:
    made = world()
    said(made, "/ack", HOUR, "bob")
    made.policy = edited(("stop: comment by staff", "stop: /ack by staff"), committed=2 * HOUR)
    assert told(made.look(START + 3 * HOUR)[0])[0][3] == "running"
    said(made, "/ack", 3 * HOUR, "bob")
    made.sweep(START + 3 * HOUR)
    assert told(made.look(START + 3 * HOUR)[0])[0][3] == "met"


def test_only_what_changed_is_kept_and_words_that_come_back_are_told_apart() -> None:
    made = world()
    other = edited(("stop: comment by staff", "stop: /ack"), committed=HOUR)
    for policy, at in ((other, HOUR), (edited(committed=2 * HOUR), 2 * HOUR), (other, 3 * HOUR)):
        made.policy = policy
        made.sweep(START + at + 60)
        made.sweep(START + at + 120)
    kept = sorted((kept for kept in made.case.ledger.kept.values() if kept.kind == IN_FORCE), key=lambda one: one.at)
    whole, *changes = [json.loads(one.value) for one in kept]
    assert {"clock answer", "clock again", "commands", "roles", "stages", "dates"} <= set(whole)
    assert [list(change) for change in changes] == [["clock answer"]] * 3
    earlier, _, new = in_force(made.policy, made.case, made.case.ledger)
    assert new == ()
    stops = [one.policy.clocks["answer"].stop[0].kind for one in earlier]
    assert stops == ["comment", "command", "comment"]


def test_an_edit_of_what_judges_nothing_is_no_news() -> None:
    made = world()
    made.policy = edited(("desk: In force", "desk: Another name"), ("label: late", "label: later"), committed=HOUR)
    assert in_force(made.policy, made.case, made.case.ledger) == ((), made.policy, ())


@pytest.mark.parametrize(
    "value",
    ["", "[]", "nonsense", '{"clock answer": 7}', '{"commands": 7}', '{"roles": {"staff": 7}}', '{"stages": [[1]]}'],
)
def test_a_record_that_says_nothing_of_use_is_read_past(value: str) -> None:
    made = world()
    broken = Kept(f"{IN_FORCE}/9/x", START - 9, "", "", IN_FORCE, "", value)
    ledger = made.case.ledger.merge(Ledger(kept={broken.key: broken}))
    earlier, _, _ = in_force(made.policy, made.case, ledger)
    for one in earlier:
        assert one.policy.clocks.keys() == made.policy.clocks.keys()


def test_how_a_case_stood_is_judged_by_the_words_of_then() -> None:
    made = world()
    said(made, "/high", HOUR, "carla")
    made.sweep(START + HOUR)
    before = made.policy
    made.policy = edited(("stop: comment by staff", "stop: /ack"), committed=2 * HOUR)
    made.sweep(START + 3 * HOUR)
    history = read(made.policy, made.case)
    stops = {at: state_at(history, START + at).policy.clocks["answer"].stop[0].kind for at in (0, HOUR, 3 * HOUR)}
    assert stops == {0: "comment", HOUR: "comment", 3 * HOUR: "command"}
    assert state_at(history, START + HOUR).fields == state_at(history, START + 3 * HOUR).fields
    assert before.clocks["answer"].stop[0].kind == "comment"


def test_which_roles_meant_the_same_as_today_is_told_since_when() -> None:
    made = world()
    made.policy = edited(("people: [ann, bob]", "people: [ann]"), committed=HOUR)
    made.sweep(START + 2 * HOUR)
    every, others = {"staff", "lead", "owner", "bots"}, {"owner", "bots"}  # a lead is one of the staff
    since = START + HOUR
    assert roles_in_force(made.policy, made.case.ledger) == ((START, others), (since, every))
    assert roles_in_force(edited(), made.case.ledger) == ((START, every), (since, others))
