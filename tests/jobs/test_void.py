"""A duplicate, or what the policy calls void, cancels every clock, and the reason is kept."""

from __future__ import annotations

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.jobs.explaining import explained
from respondby.policy.loading.loader import load
from respondby.policy.text.problems import PolicyError
from respondby.sandbox.server import Sandbox

VOID = POLICY + "void: { label: [spam, invalid] }\n"
SURVIVES = VOID.replace(
    "clocks:\n", "clocks:\n  review: { start: opened, stop: /resolved, survives: close, target: 2 days }\n"
)


@pytest.fixture
def spammed(sandbox: Sandbox) -> Repository:
    repository = Repository.make(sandbox, SURVIVES)
    repository.opens()
    repository.opens(title="Help again")
    repository.triage(1)
    repository.triage(2)
    return repository


def clocks(repository: Repository) -> dict[str, tuple[str, str | None]]:
    told = explained(repository.desk(), 2)
    return {run["clock"]: (run["state"], run["why"]) for run in told["clocks"]}


def card(repository: Repository) -> str:
    return repository.comments(2)[0][1].partition("<!-- respondby:")[0]


def test_a_label_that_the_policy_calls_void_cancels_and_its_removal_starts_again(spammed: Repository) -> None:
    spammed.at("09:30:00")
    spammed.act("ann", "POST", "/issues/2/labels", {"labels": ["Spam"]})
    assert spammed.triage(2).failed == []
    why = "void: label spam (rule 9)"
    assert clocks(spammed) == {"first-response": ("cancelled", why), "review": ("cancelled", why)}
    assert "Nothing is promised for this request." in card(spammed)
    assert explained(spammed.desk(), 2)["void"] == "void: label spam"
    spammed.at("11:00:00")
    assert next(case for case in spammed.sweep().cases if case.number == 2).done == [], "nobody is told of spam"
    spammed.act("ann", "DELETE", "/issues/2/labels/Spam")
    spammed.triage(2)
    assert clocks(spammed)["first-response"] == ("running", None)
    assert "Nothing is promised" not in card(spammed)


def test_what_is_marked_as_a_duplicate_is_answered_elsewhere(spammed: Repository) -> None:
    spammed.at("09:30:00")
    spammed.says("ann", "Duplicate of #1", 2)
    spammed.triage(2)
    assert clocks(spammed)["review"] == ("cancelled", f"marked as a duplicate of {spammed.name}#1 (rule 9)")
    assert "This request repeats #1, where it is answered." in card(spammed)


def test_a_mark_that_is_taken_away_lets_the_clocks_start_again(spammed: Repository) -> None:
    spammed.says("ann", "Duplicate of #1", 2)
    spammed.triage(2)
    first, second = (spammed.case(number).node_id for number in (1, 2))
    undo = f'unmarkIssueAsDuplicate(input: {{duplicateId: "{second}", canonicalId: "{first}"}}) {{ clientMutationId }}'
    spammed.sandbox.call("POST", "/graphql", spammed.sandbox.token("ann"), {"query": f"mutation {{ {undo} }}"})
    spammed.triage(2)
    assert clocks(spammed)["review"] == ("running", None)
    assert "repeats" not in card(spammed)


def test_what_is_closed_as_a_duplicate_cancels_also_what_survives_a_closing(spammed: Repository) -> None:
    spammed.at("09:30:00")
    spammed.act("ann", "PATCH", "/issues/2", {"state": "closed", "state_reason": "duplicate"})
    spammed.triage(2)
    why = "marked as a duplicate of another issue (rule 9)"
    assert clocks(spammed) == {"first-response": ("cancelled", why), "review": ("cancelled", why)}
    assert "This request repeats another one, where it is answered." in card(spammed)
    spammed.at("10:00:00")
    spammed.act("ann", "PATCH", "/issues/2", {"state": "open"})
    spammed.triage(2)
    assert clocks(spammed)["review"] == ("running", None)


def test_another_closing_leaves_what_survives_it_and_says_how_it_was_closed(spammed: Repository) -> None:
    spammed.at("09:30:00")
    spammed.act("ann", "PATCH", "/issues/2", {"state": "closed", "state_reason": "not_planned"})
    spammed.triage(2)
    assert clocks(spammed) == {
        "first-response": ("cancelled", "the case was closed as not planned (rule 12)"),
        "review": ("running", None),
    }


def test_a_breach_before_the_mark_stays_one(spammed: Repository) -> None:
    spammed.at("10:30:00")
    spammed.sweep()
    spammed.act("ann", "POST", "/issues/2/labels", {"labels": ["spam"]})
    spammed.triage(2)
    assert clocks(spammed)["first-response"] == ("breached", "void: label spam (rule 9)")


def test_a_request_that_is_void_from_the_start_starts_nothing(sandbox: Sandbox) -> None:
    spammer = "void: { customer: [spammer] }\ncustomers: { spammer: { members: [mallory] } }\n"
    repository = Repository.make(sandbox, POLICY + spammer)
    repository.opens("mallory")
    repository.triage(1)
    assert explained(repository.desk(), 1)["clocks"] == []
    assert "Nothing is promised" in repository.comments(1)[0][1]


@pytest.mark.parametrize("key", ["during: office", "stage: live"])
def test_what_is_void_does_not_depend_on_time(key: str) -> None:
    office = "calendars: { office: { hours: { mon: ['09:00-17:00'] } } }\nstages: { live: {} }\n"
    with pytest.raises(PolicyError, match="does not change with time"):
        load(f"{POLICY}{office}void: {{ {key} }}\n")
