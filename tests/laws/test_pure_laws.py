"""Laws 1 to 4 over generated policies, timelines and sweep times (CONTRIBUTING.md, Laws)."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.laws.generated import CARLA, STAFF, START, Step, happen, policies, steps, with_clocks
from tests.laws.world import World, opened

from respondby.desk.results import Mentioned, Tried
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.promises.assessment import Assessment
from respondby.rules.decide import decide
from respondby.rules.plan import Plan

BODY = "### priority\n\nNormal\n\n### What?\n\nsomething\n"
LAST = START + 6 * 86_400

#: Generated desks are a little slow to make; the laws matter more than the count.
laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def sweep_times() -> st.SearchStrategy[list[int]]:
    """When somebody looks: at random, or every so many hours."""
    random = st.lists(st.integers(START, LAST), max_size=12)
    regular = st.sampled_from([3600, 3 * 3600, 17 * 3600]).map(lambda every: list(range(START, LAST, every)))
    return st.one_of(random, regular).map(sorted)


def play(policy: Policy, timeline: list[Step], sweeps: list[int]) -> World:
    """Everything happens in its order; the desk looks at these times, and at the end."""
    world = opened(policy, START, BODY, CARLA)
    if sweeps:  # an event's own run comes in the second of the event
        sweeps = [START, *sweeps, *(START + step.after for step in timeline)]
    happen(world, timeline, sweeps)
    world.sweep(LAST)
    return world


def told(assessment: Assessment) -> list[object]:
    """What an assessment says, without what only the desk's own instants can change."""
    return [(r.clock, r.cycle, r.source, r.state, r.started, r.due, r.ended, r.pauses) for r in assessment.runs]


@laws
@given(policies(), steps(), sweep_times())
def test_the_same_inputs_give_the_same_plan(policy: Policy, timeline: list[Step], sweeps: list[int]) -> None:
    world = play(policy, timeline, sweeps[:2])
    for now in (LAST, LAST + 3600):
        assert world.look(now) == world.look(now)


TWICE_CLOSED = """
version: 1
desk: Closed twice
timezone: Europe/Brussels
people: { ann: {}, bob: {} }
roles: { staff: { people: [ann, bob] } }
fields: { type: { label: type/ } }
forms: { question: { name: Question, about: Ask., ask: { what: { ask: "What?", kind: text } } } }
commands: { /close: { by: [author, staff] } }
clocks: { answer: { start: [opened, reopened], stop: comment by staff, target: 30m } }
"""


def test_a_command_after_a_closing_by_hand_changes_nothing_however_often_somebody_looks() -> None:
    policy = load(TWICE_CLOSED)
    timeline = [Step(60, CARLA, "closed"), Step(60, CARLA, "/close"), Step(300, CARLA, "Any news?")]
    worlds = [play(policy, timeline, sweeps) for sweeps in ([], range(START, LAST, 3600), range(START, LAST, 43_200))]
    looks = [told(world.look(LAST)[0]) for world in worlds]
    assert [state for _, _, _, state, *_ in looks[0]] == ["cancelled"]
    assert looks[0] == looks[1] == looks[2]


def test_a_closing_after_a_reopening_of_the_same_second_stands_however_often_somebody_looks() -> None:
    policy = load(TWICE_CLOSED.replace("/close:", "/reopen: { by: anyone, reopen: true }, /close:"))
    timeline = [Step(60, CARLA, "/reopen"), Step(60, CARLA, "/close")]
    worlds = [play(policy, timeline, sweeps) for sweeps in ([], range(START, LAST, 3600), range(START, LAST, 43_200))]
    assert [world.case.open for world in worlds] == [False] * 3
    assert [len(world.look(LAST)[0].runs) for world in worlds] == [1] * 3


@laws
@given(policies(), steps(), sweep_times(), st.lists(st.integers(START, LAST + 3600), min_size=1, max_size=4))
def test_a_history_is_the_same_before_and_after_it_was_assessed_and_decided_on(
    policy: Policy, timeline: list[Step], sweeps: list[int], instants: list[int]
) -> None:
    history = play(policy, timeline, sweeps[:2]).read(LAST)
    before = repr(history)

    def plan(now: int) -> Plan:
        return decide(policy, history, assess(policy, history, now, history.ledger.pins))

    alone = plan(LAST)
    for now in instants:
        plan(now)
    assert plan(LAST) == alone
    assert repr(history) == before


@laws
@given(policies(), steps(), sweep_times())
def test_a_plan_applied_and_read_again_leaves_nothing_to_do(
    policy: Policy, timeline: list[Step], sweeps: list[int]
) -> None:
    world = play(policy, timeline, sweeps)
    before = world.case, list(world.called)
    world.sweep(LAST)
    assert (world.case, world.called) == before


#: A rung that raises what a customer raises again later, and a clock that starts at the first of the two.
RAISED = """
  slow: { start: opened, stop: /resolved, target: 30m, survives: close,
    ladder: [{ at: due, raise: { priority: high }, assign: first, repeat: { every: 10m, times: 2 } }] }
  quick: { start: priority set, stop: comment by staff, target: 30m,
    ladder: [{ at: due, label: sla/breached, page: first, via: pager }] }
"""
RAISED_TWICE = [Step(600, STAFF["ann"], "We look."), Step(900, CARLA, "/close"), Step(3600, CARLA, "@help it burns")]


#: A rule that time makes true while the case is closed, and a word of the customer's that opens it again.
CLOSED_AT_NIGHT = with_clocks(
    "  quick: { start: priority set, stop: [/ack, resolved], target: 30m, ladder: [] }"
).replace("rules:\n", "rules:\n  - { when: { outside: office, priority: normal }, set: { priority: high } }\n")
OPENED_AGAIN = [Step(9660, CARLA, "/close"), Step(272_639, CARLA, "Any news?")]


@laws
@given(policies(), steps(), sweep_times())
@example(load(CLOSED_AT_NIGHT), OPENED_AGAIN, [START + 51_979])
@example(load(with_clocks(RAISED)), RAISED_TWICE, list(range(START, LAST, 3600)))
@example(
    load(with_clocks(RAISED.replace("30m,\n", "30m, survives: close,\n"))), RAISED_TWICE, [*range(START, LAST, 3600)]
)
def test_how_often_somebody_looks_changes_no_assessment_and_no_recorded_rung(
    policy: Policy, timeline: list[Step], sweeps: list[int]
) -> None:
    seldom, often = play(policy, timeline, []), play(policy, timeline, sweeps)
    assert told(seldom.look(LAST)[0]) == told(often.look(LAST)[0])
    rungs = [
        # An `after:` rung counts from when the one before was really performed (law 3's own exception).
        {key: record.at for key, record in world.case.ledger.records.items() if "/after " not in key}
        for world in (seldom, often)
    ]
    assert rungs[0] == rungs[1]
    assert seldom.case.labels == often.case.labels


@laws
@given(policies(), steps(), sweep_times())
def test_nobody_is_called_twice_under_one_key_nor_under_two_for_one_rung(
    policy: Policy, timeline: list[Step], sweeps: list[int]
) -> None:
    world = play(policy, timeline, sweeps)
    assert len(world.called) == len({(key, verb, to) for _, key, verb, to, _ in world.called})
    for record in world.case.ledger.records.values():
        reached = [call.to for call in record.results if isinstance(call, Tried | Mentioned) and call.ok]
        assert sorted(reached) == sorted(set(reached)), record


@laws
@given(policies(), steps())
def test_between_now_and_next_nothing_changes_by_itself(policy: Policy, timeline: list[Step]) -> None:
    world = play(policy, timeline, [])
    at, horizon = LAST, LAST + 20 * 86_400
    for _ in range(40):
        plan = world.sweep(at)
        if plan.next is None or plan.next > horizon:
            break
        assert plan.next > at
        middle = at + (plan.next - at) // 2
        assert not world.look(middle)[1], "a sweep before `next` found something to do"
        at = plan.next


@laws
@given(policies(), steps(), st.integers(0, 12), st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_next_is_never_too_late_wherever_the_story_stands(
    policy: Policy, timeline: list[Step], happened: int, places: list[float]
) -> None:
    """From any point of the story on, with nothing more happening: a sweep before `next` has nothing to do."""
    world = opened(policy, START, BODY, CARLA)
    at = START
    world.sweep(at)
    for number, step in enumerate(timeline[:happened]):
        at = START + step.after
        world.happen(step.moment(number))
        world.sweep(at)
    horizon = at + 12 * 86_400
    for _ in range(30):
        plan = world.sweep(at)
        until = plan.next if plan.next is not None else horizon
        assert until > at
        for between in sorted({at + int((until - 1 - at) * place) for place in places} | {until - 1}):
            assert not world.look(between)[1], "a sweep before `next` found something to do"
        if until >= horizon:
            break
        at = until


@laws
@given(policies(), steps(), sweep_times())
def test_a_breach_that_was_slept_through_is_still_a_breach(
    policy: Policy, timeline: list[Step], sweeps: list[int]
) -> None:
    """Level, not edge: whoever looks once at the end finds what was past due and not done."""
    world = play(policy, timeline, sweeps)
    assessment, _ = world.look(LAST)
    for run in assessment.runs:
        if run.live and run.due is not None and run.due <= LAST:
            assert run.state == "breached"
            due = [rung for rung in policy.clocks[run.clock].ladder if rung.at.text == "due"]
            assert all(f"{run.key}/{rung.id}/0" in world.case.ledger.records for rung in due)


def test_what_rungs_change_and_all_that_follows_from_it_is_one_plan() -> None:
    world = opened(load(with_clocks(RAISED)), START, BODY, CARLA)
    for number, step in enumerate(RAISED_TWICE):
        world.happen(step.moment(number))
    plan = world.look(LAST)[1]
    assert {"slow/I_1/due/0", "slow/I_1/due/1", "slow/I_1/due/2"} < {record.key for record in plan.records}
    assert any(record.key.startswith("rule/") for record in plan.records), "the rule that the first of them makes true"
    world.sweep(LAST, rounds=2)  # the second look finds nothing to do
    assert "hot" in world.case.labels
