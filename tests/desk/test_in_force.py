"""The words of a policy that judge a case are those that were in force: kept once, then what changed, from when."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.laws.generated import CARLA
from tests.laws.test_what_was_decided_stays import BODY, told
from tests.laws.world import World, opened

from respondby.calendars.instants import parse_time, zone
from respondby.desk.case import Actor, Moment, Revision
from respondby.desk.in_force import IN_FORCE, in_force
from respondby.desk.ledger import Ledger
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
calendars: { night: { timezone: UTC, hours: { mon-sun: ["18:00-22:00"] } } }
roles: { staff: { people: [ann, bob] }, lead: { role: staff }, owner: { association: member } }
fields:
  type: { label: type/ }
  priority: { label: priority/, default: high, values: { high: High, normal: Normal } }
  product: { label: product/, default: shop }
products: { shop: { name: Shop, live: 2026-10-01 } }
stages: { trial: { promises: none }, live: { from: live } }
forms: { question: { name: Question, about: Ask., choose: [priority], ask: { what: { ask: "What?", kind: text } } } }
commands: { /ack: { by: staff }, /again: { by: anyone } }
clocks:
  answer: { start: opened, stop: comment by staff, target: 4h, ladder: [{ at: due, label: late }] }
  again: { start: /again, stop: /ack by lead, target: 8h }
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


def looked_at(made: World, after: int) -> list[tuple[object, bool]]:
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
    ],
)
def test_what_is_edited_counts_from_its_commit_on(pairs: list[tuple[str, str]]) -> None:
    """At ten somebody says something that nobody reads; at eleven the edit is committed; at noon a run comes."""
    made = world()
    said(made, "/again", HOUR, "carla")
    said(made, "We look.", HOUR + 60, "bob")
    before = looked_at(made, 2 * HOUR)
    assert [(run[3], binds) for run, binds in before] == [("met", True), ("running", True)]  # type: ignore[index]
    made.policy = edited(*pairs, committed=2 * HOUR)
    made.sweep(START + 3 * HOUR)
    assert looked_at(made, 3 * HOUR) == before
    assert "late" not in made.case.labels


def test_after_its_commit_an_edit_counts_and_before_it_does_not() -> None:
    made = world()
    said(made, "/ack", HOUR, "bob")
    made.policy = edited(("stop: comment by staff", "stop: /ack by staff"), committed=2 * HOUR)
    assert told(made.look(START + 3 * HOUR)[0])[0][3] == "running"  # type: ignore[index]
    said(made, "/ack", 3 * HOUR, "bob")
    made.sweep(START + 3 * HOUR)
    assert told(made.look(START + 3 * HOUR)[0])[0][3] == "met"  # type: ignore[index]


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
    earlier, new = in_force(made.policy, made.case, made.case.ledger)
    assert new == ()
    stops = [one.policy.clocks["answer"].stop[0].kind for one in earlier]
    assert stops == ["comment", "command", "comment"]


def test_an_edit_of_what_judges_nothing_is_no_news() -> None:
    made = world()
    made.policy = edited(("desk: In force", "desk: Another name"), ("target: 8h", "target: 9h"), committed=HOUR)
    assert in_force(made.policy, made.case, made.case.ledger) == ((), ())


@pytest.mark.parametrize(
    "value",
    ["", "[]", "nonsense", '{"clock answer": 7}', '{"commands": 7}', '{"roles": {"staff": 7}}', '{"stages": [[1]]}'],
)
def test_a_record_that_says_nothing_of_use_is_read_past(value: str) -> None:
    made = world()
    broken = Kept(f"{IN_FORCE}/9/x", START - 9, "", "", IN_FORCE, "", value)
    ledger = made.case.ledger.merge(Ledger(kept={broken.key: broken}))
    earlier, _ = in_force(made.policy, made.case, ledger)
    for one in earlier:
        assert one.policy.clocks.keys() == made.policy.clocks.keys()
