"""Which roles a person has whatever the case is, and a value that the policy has no more."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, policy, story_of, when

from respondby.desk.records import Kept
from respondby.desk.standings import _lasting_roles

CLOCKS = "  answer: { start: opened, stop: comment by staff, target: 1h }"


@pytest.mark.parametrize(
    "roles, lasting",
    [
        ("", ["bots", "lead", "staff"]),
        ("  boss: { role: staff }\n", ["boss", "bots", "lead", "staff"]),
        ("  owner: { role: author }\n", ["bots", "lead", "staff"]),
        ("  owner: { role: author }\n  deep: { role: owner }\n", ["bots", "lead", "staff"]),
        ("  either: [{ role: staff }, { role: assignee }]\n", ["bots", "lead", "staff"]),
    ],
)
def test_a_role_lasts_unless_it_rests_on_the_cases_own_people(roles: str, lasting: list[str]) -> None:
    assert list(_lasting_roles(policy(CLOCKS, HEAD.replace("roles:\n", f"roles:\n{roles}")))) == lasting


def test_a_value_that_was_set_then_stands_also_of_a_field_that_the_policy_has_no_more() -> None:
    story = story_of(CLOCKS, '10:00 carla opens "X"')
    kept = Kept("command/IC_9:1 field former", when("10:10"), "bob", "", "field", "former", "yes")
    assert story.with_ledger(kept=[kept]).history.state.fields["former"] == "yes"
