"""A duty's issue as a case: when its clock starts and stops, whose it is, and what follows when it is done."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rules.test_duties import READY, SHIFT, WEEKLY, at, issue, policy

from respondby.desk.case import Actor, Case, Moment
from respondby.policy.model.policy import Policy
from respondby.rules.duty_cases import as_case, clock_of

FOLLOWED = WEEKLY.replace("checklist", "done: { notify: first }, checklist")
ENTRY = "01-12T10:00"


def made(duty: str, opened: str = ENTRY, opens: str = ENTRY) -> tuple[Policy, Case]:
    """The issue of a duty's period on Monday the twelfth, as it is assessed."""
    found = policy(duty)
    (one,) = found.duties.values()
    moments = [Moment(at(f"2026-{opened}"), kind, Actor("desk[bot]", bot=True), "I_1") for kind in ("opened", "closed")]
    facts = {"duty": one.name, "first": str(at("2026-01-05T10:00")), "last": str(at(f"2026-{ENTRY}"))}
    return as_case(found, issue(1, {**facts, "opens": str(at(f"2026-{opens}"))}, at(f"2026-{opened}"), *moments))


@pytest.mark.parametrize(
    "opened, opens, counts",
    [
        ("01-12T10:00", "01-12T10:00", "01-12T10:00"),
        ("01-12T14:00", "01-12T10:00", "01-12T10:00"),  # a late run opened it
        ("01-11T14:00", "01-12T10:00", "01-11T14:00"),
    ],
)
def test_it_counts_from_when_it_was_due_to_open(opened: str, opens: str, counts: str) -> None:
    _, case = made(WEEKLY, opened, opens)
    assert case.created == at(f"2026-{counts}")
    assert [moment.at for moment in case.moments] == [at(f"2026-{counts}"), at(f"2026-{opened}")]


@pytest.mark.parametrize(
    "duty, clocks, ladder",
    [
        (WEEKLY, ["review"], ["owner"]),
        (FOLLOWED, ["review", "review done"], ["owner"]),
        (SHIFT, ["notes"], ["owner ann bob"]),  # a swap before the change is another rung
        (SHIFT.replace("owner: first, ", ""), ["notes"], []),
    ],
)
def test_it_has_one_clock_and_one_more_for_what_follows(duty: str, clocks: list[str], ladder: list[str]) -> None:
    alone, _ = made(duty)
    assert list(alone.clocks) == clocks
    first, *others = alone.clocks.values()
    assert [rung.id for rung in first.ladder] == ladder
    assert (first.duty, first.survives_close, [stop.kind for stop in first.stop]) == (True, False, ["closed"])
    for after in others:
        assert (after.duty, after.survives_close, [start.kind for start in after.start], after.stop) == (
            True, True, ["clock stops"], (),
        )  # fmt: skip
        assert [rung.verbs.notify for rung in after.ladder] == [("first",)]


def test_everything_else_of_the_policy_is_left_out() -> None:
    alone, _ = made(SHIFT)
    assert (alone.rules, {field.default for field in alone.fields.values()}) == ((), {None})
    whole = policy(WEEKLY)
    assert made(WEEKLY)[0].roles == whole.roles
    nobodys = issue(1, {"duty": "gone", "first": "1", "last": "1", "opens": "1"}, 9)
    assert as_case(whole, nobodys)[0].clocks == {}
    request = replace(nobodys, mark=None)
    assert as_case(whole, request) == (whole, request)


def test_a_target_by_the_handover_is_the_change_that_names_the_period() -> None:
    duty = policy(SHIFT.replace("owner", "target: { by: handover }, owner")).duties["notes"]
    (promise,) = clock_of(duty, at(f"2026-{ENTRY}")).target.choices
    assert (promise.by, promise.none) == ("2026-01-12T09:00:00Z", False)
    other = policy(READY.replace("owner", "target: 2 days, owner")).duties["ready"]
    (promise,) = clock_of(other, at(f"2026-{ENTRY}")).target.choices
    assert (promise.by, promise.none, promise.text) == (None, False, "2 days")
