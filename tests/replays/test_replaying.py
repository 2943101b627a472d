"""A replay comes to what a desk comes to that looks whenever there is something to do: over generated desks and cases.

The desk is the laws' ideal one (`tests/laws/world.py`), so this is the other way to the same answer.
"""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from tests.laws.generated import CARLA, START, Step, policies, policy_texts, steps
from tests.laws.test_pure_laws import BODY, LAST, play
from tests.laws.world import World, opened

from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.replays.evidence import what_people_did
from respondby.replays.playing import outcome_of, replay
from respondby.replays.recorded import as_recorded

laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def prompt(policy: Policy, timeline: list[Step]) -> World:
    """A desk that looks at every happening, and whenever it has said that something may change by itself."""
    world = opened(policy, START, BODY, CARLA)
    coming = [(START + step.after, number) for number, step in enumerate(timeline)]
    at = START
    while at <= LAST:
        while coming and coming[0][0] == at:
            number = coming.pop(0)[1]
            world.happen(timeline[number].moment(number))
        plan = world.sweep(at)
        following = [one for one in (plan.next, coming[0][0] if coming else None) if one is not None]
        if not following:
            break
        at = min(following)
    if at != LAST:
        world.sweep(LAST)
    return world


def told_of(world: World) -> list[tuple[int, str, str]]:
    """Every call as (instant, verb, person)."""
    verbs = {"page": "page", "notify": "notify", "mention": "notify"}
    return sorted((at, verbs[verb], who) for at, _, verb, who, _ in world.called if verb in verbs)


@laws
@given(policies(), steps())
def test_a_replay_promises_and_calls_as_a_prompt_desk_did(policy: Policy, timeline: list[Step]) -> None:
    world = prompt(policy, timeline)
    replayed = replay(policy, what_people_did(policy, world.case), LAST)
    assert sorted((call.at, call.verb, call.person) for call in replayed.calls) == told_of(world)
    assert [*replayed.promises] == [outcome_of(run) for run in world.look(LAST)[0].runs]


@laws
@given(policy_texts(), steps())
def test_the_same_policy_read_again_differs_in_nothing_and_agrees_with_the_record(
    text: str, timeline: list[Step]
) -> None:
    policy, again = load(text), load(text)
    world = play(policy, timeline, list(range(START, LAST, 3600)))
    evidence = what_people_did(policy, world.case)
    before = replay(policy, evidence, LAST)
    assert replay(again, what_people_did(again, world.case), LAST) == before
    recorded = as_recorded(policy, world.case, LAST)
    assert recorded.by == "this"
    assert sorted(recorded.promises, key=repr) == sorted(before.promises, key=repr)
