"""What happened is judged by its own time: no edit of who belongs where, of what is asked, or of what starts, stops and
follows changes what was seen; and what nobody had seen is judged by the policy in force when it happened.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.laws.generated import CARLA, START, Step, happen, policy_texts, steps, with_clocks
from tests.laws.generated import STAFF as HOUSE
from tests.laws.world import World, opened

from respondby.desk.milestones import milestones
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment

BODY = "### Priority\n\nHigh\n\n### What?\n\nsomething\n"
LAST = START + 6 * 86_400
laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

#: What is added to a generated policy: a customer, and a promise that depends on whose case it is.
CUSTOMERS = "customers: { acme: { members: [carla], plan: gold } }\nclocks:\n"
PLAN = (
    "  by-plan: { start: opened, stop: comment by staff, pause: waiting,"
    " target: [{ when: { plan: gold }, within: 2h }, { within: 26h }],"
    " ladder: [{ at: due, label: sla/breached, page: first, via: pager }] }\n"
)
#: A field that only rules set, a promise that hangs on it, and rules that move what is promised.
AREA = "  state: { label: state/,"
AREAS = "  area: { label: area/, set-by: staff, values: { fire: Fire, calm: Calm } }\n" + AREA
RULE = "  - { when: { priority: high }, set: { area: fire } }\n"
RULES = "rules:\n" + RULE + "  - { when: { state: resolved }, label: done, raise: { priority: high } }\n"
FIRE = (
    "  on-fire: { start: opened, stop: /resolved, when: { area: fire }, target: 5h,"
    " ladder: [{ at: due, label: sla/fire, page: first, via: pager }] }\n"
)
ANSWER = "by-plan: { start: opened, stop: comment by staff, pause: waiting,"
CHOICES = "choose: [priority]"
VALUES = "values: { high: High, normal: Normal, low: Low }"
QUESTION = 'ask: { what: { ask: "What?", kind: text } }'
STAFF = "staff: { people: [ann, bob, tess] }"
PEOPLE = "tess: {} }"
#: Edits of a policy, each as what is written instead of what.
EDITS: dict[str, list[tuple[str, str]]] = {
    "bob leaves": [(STAFF, "staff: { people: [ann, tess] }")],
    "ann and bob leave": [(STAFF, "staff: { people: [tess] }")],
    "carla joins": [(PEOPLE, "tess: {}, carla: {} }"), (STAFF, "staff: { people: [ann, bob, tess, carla] }")],
    "the customer leaves": [("members: [carla]", "members: [dora]")],
    "the customer gets another plan": [
        ("plan: gold } }\n", "plan: silver }, others: { members: [dora], plan: gold } }\n")
    ],
    "a colleague of the customer is on the list": [("members: [carla]", "members: [carla, bob]")],
    "the question is worded anew": [("What?", "What goes wrong?")],
    "the field has another title": [("priority: { label", "priority: { name: Urgency, label")],
    "the options are worded anew": [(VALUES, "values: { high: Very, normal: Not so, low: Little }")],
    "the field leaves the form": [(f"{CHOICES}, ", "")],
    "a question is added": [(QUESTION, 'ask: { what: { ask: "What?", kind: text }, since: { ask: "Since when?" } }')],
    "the form has another name": [("question: { name", "query: { name")],
    "the default is another": [("default: normal", "default: low")],
}
#: Edits of what judges: they also count for what no run has read, from the policy's commit on.
JUDGES: dict[str, list[tuple[str, str]]] = {
    "a command is gone": [("  /ack: { by: staff }\n", "")],
    "a command does something else": [("set: { state: resolved }, notify", "set: { priority: low }, notify")],
    "a command is for others": [("/resolved: { by: staff", "/resolved: { by: author")],
    "a command wants a condition": [("/resolved: { by: staff", "/resolved: { by: staff, only: { priority: low }")],
    "a command takes something else": [("takes: { until: duration }", "takes: { for: text }")],
    "a command asks for nothing": [
        ("/mitigated: { by: staff, takes: { at: optional time } }", "/mitigated: { by: staff }")
    ],
    "a field is for others to set": [
        ("priority: { label: priority/, set-by: staff", "priority: { label: priority/, set-by: lead")
    ],
    "a promise is another": [("target: 5h", "target: 3h")],
    "a promise has other conditions": [("{ within: 26h }", "{ when: { area: fire }, within: 1h }, { within: 20h }")],
    "the hours are others": [
        ('["09:00-12:30", "13:00-17:30"]', '["10:00-16:00"]'),
        ('["22:00-06:00"]', '["20:00-02:00"]'),
    ],
    "the default calendar is another": [("calendar: office", "calendar: night")],
    "other cases are incidents": [
        ("incidents: { when: { priority: [high, normal] }", "incidents: { when: { priority: low }")
    ],
    "milestones are others": [
        (
            "incidents: { when: { priority: [high, normal] }",
            "incidents: { when: { priority: [high, normal] }, milestones: { mitigated: /ack, resolved: comment }",
        )
    ],
    "there are no incidents": [("incidents: { when: { priority: [high, normal] } }\n", "")],
    "the zone is another": [("desk: Generated\ntimezone: Europe/Brussels", "desk: Generated\ntimezone: Asia/Tokyo")],
    "a command is new": [("  /ack:", "  /later: { by: anyone, set: { priority: low } }\n  /ack:")],
    "a rule is gone": [(RULE, "")],
    "a rule sets something else": [(RULE, RULE.replace("fire", "calm"))],
    "a rule asks for something else": [(RULE, RULE.replace("high", "[high, normal, low]"))],
    "a rule is new": [("rules:\n", "rules:\n  - { when: { priority: normal }, set: { area: fire }, notify: lead }\n")],
    "a rule that closes is new": [("rules:\n", "rules:\n  - { when: { priority: any }, close: true }\n")],
    "a clock is new": [
        ("clocks:\n", "clocks:\n  late: { start: opened, stop: /ack, target: 1h, " + FIRE.split("5h, ")[1])
    ],
    "a clock starts at something else": [(ANSWER, ANSWER.replace("opened", "comment by author"))],
    "a clock stops at something else": [(ANSWER, ANSWER.replace("comment by staff", "/ack"))],
    "a clock stops at more": [(ANSWER, ANSWER.replace("comment by staff", "[comment, closed]"))],
    "a clock is paused by nothing": [(ANSWER, ANSWER.replace(" pause: waiting,", ""))],
    "a clock is paused by something else": [(ANSWER, ANSWER.replace("waiting", "/ack"))],
    "a clock has a condition": [(ANSWER, ANSWER + " when: { area: fire },")],
    "a clock's condition is another": [(FIRE, FIRE.replace("area: fire", "area: calm"))],
    "a clock has no condition any more": [(FIRE, FIRE.replace(" when: { area: fire },", ""))],
    "a clock survives closing": [(ANSWER, ANSWER + " survives: close,")],
    "nothing is promised for some": [("version: 1\n", "version: 1\nvoid: { priority: [high, low] }\n")],
}
EDITS |= JUDGES
#: What runs of a clock that goes is cancelled: this changes what was seen, from the commit on.
GONE: dict[str, list[tuple[str, str]]] = {
    "a clock is gone": [(FIRE, "")],
    "two clocks are gone": [(FIRE, ""), (PLAN, "")],
}


def told(assessment: Assessment) -> list[tuple[Any, ...]]:
    """What an assessment says."""
    runs = sorted(assessment.every, key=lambda run: (run.started, run.key))
    return [(r.clock, r.cycle, r.source, r.state, r.started, r.due, r.ended, r.pauses) for r in runs]


def seen(text: str, timeline: list[Step], sweeps: list[int], then: Policy | None = None) -> World:
    """A case in which everything has happened, seen by runs at these times and at the end, `then` under that policy."""
    world = played(text, timeline, sweeps)
    world.policy = then or world.policy
    world.sweep(LAST)
    return world


def played(text: str, timeline: list[Step], sweeps: list[int]) -> World:
    """The same, but nobody looks at the end."""
    world = opened(load(text), START, BODY, CARLA)
    happen(world, timeline, sweeps)
    return world


def edited(text: str, edit: str) -> str:
    """The policy after that edit. `/ack` may be what a clock listens to: then it stays."""
    for old, new in (EDITS | GONE)[edit]:
        assert old in text, edit
        gone = text.replace(old, new)
        if "/ack" in old and not new and "/ack" in gone:
            return text
        text = gone
    return text


MITIGATED = with_clocks(
    "  clock-0: { start: opened, stop: mitigated, target: 30m, ladder: [], when: { priority: [high, normal] },"
    " survives: close }"
)


@laws
@given(policy_texts(), steps(), st.lists(st.integers(START, LAST), max_size=3), st.sampled_from(sorted(EDITS)))
@example(MITIGATED, [Step(18_000, HOUSE["ann"], "/mitigated")], [START], "nothing is promised for some")
def test_no_edit_of_people_customers_questions_or_commands_changes_what_a_run_has_seen(
    text: str, timeline: list[Step], sweeps: list[int], edit: str
) -> None:
    world = seen(with_more(text), with_unknown_words(timeline), sweeps)
    text = with_more(text)
    before, called, labels = told(world.look(LAST)[0]), list(world.called), world.case.labels
    world.policy = load(edited(text, edit))
    assert told(world.look(LAST)[0]) == before, edit
    world.sweep(LAST)
    world.sweep(LAST + 60)
    after = told(world.look(LAST)[0])
    assert after == before
    # A date on a board is one of the desk's zone, as that is today.
    news = [call for call in world.called[len(called) :] if not (call[2] == "move" and edit == "the zone is another")]
    assert news == [], "nobody is called because the policy was edited"
    assert world.case.labels == labels


def with_more(text: str) -> str:
    """A generated policy with what the edits are about."""
    return text.replace("clocks:\n", CUSTOMERS + PLAN + FIRE).replace("rules:\n", RULES).replace(AREA, AREAS)


def with_unknown_words(timeline: list[Step]) -> list[Step]:
    """What the customer asks looks like a command that the policy does not have yet."""
    return [replace(step, what="/later" if step.what == "Any news?" else step.what) for step in timeline]


@laws
@given(
    policy_texts(),
    steps(),
    st.lists(st.integers(START, LAST), max_size=2),
    st.integers(START, LAST),
    st.sampled_from([*sorted(JUDGES | GONE), "bob leaves", "ann and bob leave", "carla joins"]),
)
def test_what_no_run_had_read_is_judged_by_the_policy_in_force_when_it_happened(
    text: str, timeline: list[Step], sweeps: list[int], committed: int, edit: str
) -> None:
    text, timeline = with_more(text), with_unknown_words(timeline)
    after = replace(load(edited(text, edit)), committed=committed)
    looked = [START, *(at for at in sweeps if at <= committed)]
    then = played(text, timeline, [*looked, committed]).look(committed)[0]
    unread = seen(text, timeline, looked, after)
    assert told(unread.look(committed)[0]) == told(then)


def together(after: int) -> int:
    """The same in few instants, so that several things happen in one second."""
    return after - after % 14_400


HELD = with_clocks(
    "  clock-0: { start: opened, stop: comment by staff, target: 30m, ladder: [],"
    " pause: { from: /hold, until: comment by author } }"
)


@laws
@given(policy_texts(), steps(), st.lists(st.integers(START, LAST), max_size=3), st.sets(st.integers(0, 12)))
@example(HELD, [Step(60, HOUSE["ann"], "/hold 3h"), Step(60, CARLA, "Any news?")], [], {0, 1})
def test_deleting_comments_that_a_run_has_seen_changes_nothing_also_where_they_came_in_one_second(
    text: str, timeline: list[Step], sweeps: list[int], deleted: set[int]
) -> None:
    timeline = [replace(step, after=together(step.after)) for step in timeline]
    world = seen(text, timeline, sweeps)
    before, called = told(world.look(LAST)[0]), list(world.called)
    gone = {f"X_{number}" for number in deleted}
    kept = tuple(moment for moment in world.case.moments if not (moment.kind == "comment" and moment.source in gone))
    world.case = replace(world.case, moments=kept)
    assert told(world.look(LAST)[0]) == before
    world.sweep(LAST)
    assert told(world.look(LAST)[0]) == before
    assert world.called == called


#: Clocks, a comment that moves none of their runs by itself, and what happens once it is gone.
WAITED_FOR = {
    "it waits for a condition": ("start: comment by author, stop: /resolved, when: { priority: low }", CARLA, "low"),
    "it has answered what waits for a condition": (
        "start: opened, stop: comment by staff, when: { priority: low }", HOUSE["ann"], "low",
    ),
    "an incident's milestone rests on it": ("start: /ack, stop: /resolved", HOUSE["ann"], "high"),
}  # fmt: skip


@pytest.mark.parametrize("about", WAITED_FOR)
def test_deleting_a_comment_that_has_moved_no_run_yet_changes_nothing_that_comes_of_it_later(about: str) -> None:
    clock, who, then = WAITED_FOR[about]
    found = []
    for deleted in (False, True):
        world = played(with_clocks(f"  clock-0: {{ {clock}, target: 30m, ladder: [] }}"), [Step(60, who, "Hello.")], [])
        world.sweep(START + 600)
        if deleted:
            world.case = replace(world.case, moments=tuple(one for one in world.case.moments if one.kind != "comment"))
        world.happen(Step(900, HOUSE["ann"], f"+priority/{then}").moment(9))
        world.sweep(LAST)
        history = world.read(LAST)
        found.append((told(world.look(LAST)[0]), [one.at for one in milestones(world.policy, history)]))
    assert found[0] == found[1]
