"""`via: stage`: the channels of the stage that the case's product is in when somebody is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from respondby.calendars.instants import UTC, parse_time
from respondby.desk.state import first_state
from respondby.policy.loading.loader import load
from respondby.policy.text.problems import PolicyError
from respondby.rules.ways import all_ways, ways

TEXT = """
version: 1
desk: Stages
people: { ann: {} }
roles: { staff: { people: [ann] } }
channels:
  project: { apprise: "PROJECT_{PRODUCT}", fallback: ops }
  ops: { apprise: OPS }
  cross: { apprise: CROSS, fallback: ops }
fields: { type: { label: type/ }, product: { label: product/ } }
forms: { question: { name: Question, about: Ask., choose: [product], ask: { what: "What?" } } }
stages:
  building: {}
  launch: { from: launched, channels: [cross, project] }
  live: { from: signed-off, channels: ops }
products: { shop: { name: Shop, launched: 2026-10-05, signed-off: 2026-11-05 }, lab: { name: Lab } }
rules: [{ when: { type: question }, notify: staff, via: stage }]
"""
POLICY = load(TEXT)


@pytest.mark.parametrize(
    "product, at, found",
    [
        ("shop", "2026-10-04", ()),
        ("shop", "2026-10-05", ("cross", "ops", "project")),
        ("shop", "2026-11-05", ("ops",)),
        ("lab", "2026-11-05", ()),
        (None, "2026-11-05", ()),
        ("wiki", "2026-11-05", ()),
    ],
    ids=[
        "a stage without channels",
        "with several",
        "the next one",
        "a product without dates",
        "no product",
        "none of ours",
    ],
)
def test_a_call_by_the_stage_takes_its_channels_in_order(product: str | None, at: str, found: tuple[str, ...]) -> None:
    state = replace(first_state(POLICY, "carla", "acme/support"), fields={"product": product} if product else {})
    instant = parse_time(f"{at}T12:00", UTC)
    assert ways(POLICY, "stage", state, instant) == found
    assert ways(POLICY, "project", state, instant) == ("project", "ops")
    assert ways(POLICY, None, state, instant) == ()


def test_a_test_call_goes_by_every_channel_that_a_stage_may_take() -> None:
    assert all_ways(POLICY, "stage") == ("cross", "ops", "project")
    assert all_ways(POLICY, "cross") == ("cross", "ops")


def test_no_channel_is_called_stage() -> None:
    with pytest.raises(PolicyError, match="A channel cannot have this name"):
        load(TEXT.replace("  ops: {", "  stage: { apprise: STAGE }\n  ops: {"))
