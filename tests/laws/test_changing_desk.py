"""Laws 2 and 5 where the desk itself changes: channels that fail for a while, and policies that are edited."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.laws.generated import CARLA, START, Step, policies, steps
from tests.laws.world import World, opened

from respondby.desk.results import Mentioned, Tried
from respondby.policy.model.policy import Policy
from respondby.rules.plan import Call

BODY = "### priority\n\nNormal\n\n### What?\n\nsomething\n"
DAY = 86_400
laws = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PEOPLE = st.sets(st.sampled_from(["ann", "bob", "tess", "carla"]))


def begin(policy: Policy, timeline: list[Step]) -> World:
    """A world in which everything has happened, and nobody has looked."""
    world = opened(policy, START, BODY, CARLA)
    for number, step in enumerate(timeline):
        world.happen(step.moment(number))
    return world


@laws
@given(policies(), steps(), st.lists(st.tuples(st.integers(0, 3 * DAY), PEOPLE), min_size=1, max_size=8))
def test_who_was_reached_is_never_called_again_and_who_was_not_is_called_until_reached(
    policy: Policy, timeline: list[Step], outages: list[tuple[int, set[str]]]
) -> None:
    world = begin(policy, timeline)
    for after, down in sorted(outages, key=lambda outage: outage[0]):
        world.unreachable = set(down)
        world.sweep(START + after)
    world.unreachable = set()
    for after in (4 * DAY, 4 * DAY + DAY // 2, 5 * DAY):  # the second is in the night, when the chat is quiet
        world.sweep(START + after)
    for record in world.case.ledger.records.values():
        reached = [call.to for call in record.results if isinstance(call, Tried | Mentioned) and call.ok]
        assert len(reached) == len(set(reached)), record
    left = world.look(START + 5 * DAY)[1]
    assert not [
        action
        for action in left.actions
        if isinstance(action, Call) and world.case.ledger.records.get(action.records[0])
    ]


@st.composite
def edited(draw: st.DrawFn) -> tuple[Policy, Policy]:
    """A policy and what became of it: other clocks and ladders, and perhaps without a field, a role or a command."""
    before, after = draw(policies()), draw(policies())
    if draw(st.booleans()):
        after = replace(after, rules=())
    if draw(st.booleans()):
        after = replace(after, commands={word: one for word, one in after.commands.items() if word != "/resolved"})
    if draw(st.booleans()):
        after = replace(after, fields={name: one for name, one in after.fields.items() if name != "state"})
    if draw(st.booleans()):
        after = replace(after, on_policy_change="apply")
    return before, after


@laws
@given(edited(), steps(), st.integers(0, 3 * DAY))
def test_an_edited_policy_comes_to_rest_and_calls_nobody_again(
    policies: tuple[Policy, Policy], timeline: list[Step], edit: int
) -> None:
    world = begin(policies[0], timeline)
    for after in range(0, edit, DAY // 4):
        world.sweep(START + after)
    known = dict(world.case.ledger.records)
    world.policy = policies[1]
    for after in range(edit, 5 * DAY, DAY // 2):
        world.sweep(START + after)
    world.sweep(START + 5 * DAY)
    rested = world.case
    world.sweep(START + 5 * DAY)
    assert world.case == rested
    for key, record in known.items():
        assert world.case.ledger.records[key].at == record.at, "a record was lost or changed"
    assert len(world.called) == len({(key, verb, to) for _, key, verb, to, _ in world.called})
