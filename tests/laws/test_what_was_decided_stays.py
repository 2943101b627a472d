"""What happened is judged by its own time: no edit of who belongs where, or of what is asked, changes what was seen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.laws.generated import CARLA, START, Step, policy_texts, steps
from tests.laws.world import World, opened

from respondby.policy.loading.loader import load
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
    "a command is gone": [("  /ack: { by: staff }\n", "")],
    "a command does something else": [("set: { state: resolved }", "set: { priority: low }")],
    "a command is for others": [("/ack: { by: staff }", "/ack: { by: anyone }")],
}


def told(assessment: Assessment) -> list[object]:
    """What an assessment says."""
    return [(r.clock, r.cycle, r.source, r.state, r.started, r.due, r.ended, r.pauses) for r in assessment.runs]


def seen(text: str, timeline: list[Step], sweeps: list[int]) -> World:
    """A case in which everything has happened, seen by runs at these times and at the end."""
    world = opened(load(text), START, BODY, CARLA)
    happenings = [(START + step.after, 0, step.moment(number)) for number, step in enumerate(timeline)]
    for at, kind, moment in sorted([*happenings, *((at, 1, None) for at in sweeps)], key=lambda one: one[:2]):
        if kind == 0 and moment is not None:
            world.happen(moment)
        else:
            world.sweep(at)
    world.sweep(LAST)
    return world


def edited(text: str, edit: str) -> str:
    """The policy after that edit. `/ack` may be what a clock listens to: then it stays."""
    for old, new in EDITS[edit]:
        assert old in text, edit
        gone = text.replace(old, new)
        if "/ack" in old and not new and "/ack" in gone:
            return text
        text = gone
    return text


@laws
@given(policy_texts(), steps(), st.lists(st.integers(START, LAST), max_size=3), st.sampled_from(sorted(EDITS)))
def test_no_edit_of_people_customers_questions_or_commands_changes_what_a_run_has_seen(
    text: str, timeline: list[Step], sweeps: list[int], edit: str
) -> None:
    text = text.replace("clocks:\n", CUSTOMERS + PLAN)
    world = seen(text, timeline, sweeps)
    before, called, labels = told(world.look(LAST)[0]), list(world.called), world.case.labels
    world.policy = load(edited(text, edit))
    assert told(world.look(LAST)[0]) == before, edit
    world.sweep(LAST)
    world.sweep(LAST + 60)
    after = told(world.look(LAST)[0])
    assert after == before
    assert world.called[len(called) :] == [], "nobody is called because the policy was edited"
    assert world.case.labels == labels


def together(after: int) -> int:
    """The same in few instants, so that several things happen in one second."""
    return after - after % 14_400


@laws
@given(policy_texts(), steps(), st.lists(st.integers(START, LAST), max_size=3), st.sets(st.integers(0, 12)))
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
