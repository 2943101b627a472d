"""Labels: which are put on and taken off, what is told of one that was renamed or deleted, how they are made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import DESK, HEAD, policy, story_of

from respondby.desk.case import Case, Moment
from respondby.rules.labelling import desk_labels, gone_by_hand, label_style, relabel

CLOCKS = """
  answer:
    start: opened
    stop: comment by staff
    target: 1h
    ladder: [{ at: 75%, label: sla/soon }, { at: due, label: SLA/Breached, unlabel: sla/soon }]
"""
POLICY = policy(CLOCKS, HEAD + "queue: { label: next }\n")
OPENED = '10:00 carla opens "Nothing works"\n'


def labelled(story: str, *labels: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """What is added and removed, with these labels on the issue."""
    told = story_of(CLOCKS, OPENED + story)
    told = replace(told, case=replace(told.case, labels=frozenset(labels)))
    plan = relabel(told.policy, told.history, ())
    return None if plan is None else (plan.add, plan.remove)


@pytest.mark.parametrize(
    "story, labels, plan",
    [
        ("", (), None),
        ("", ("priority/high",), ((), ("priority/high",))),  # the state knows of no priority
        ("", ("area/x",), None),
        ("10:05 bob labels priority/high", ("priority/high",), None),
        ("10:05 bob labels priority/high", ("Priority/High",), None),
        ("10:05 bob labels priority/high", (), (("priority/high",), ())),
        ("10:05 bob labels priority/high", ("Priority/LOW", "bug"), (("priority/high",), ("Priority/LOW",))),
        ("10:05 bob labels priority/high\n10:06 bob labels priority/low", ("priority/low", "priority/high"),
         ((), ("priority/high",))),
        # What the policy has no more is left alone, with its family.
        ("10:05 bob labels priority/urgent", ("priority/urgent", "priority/low"), ((), ("priority/low",))),
        ("10:05 bob labels state/hold\n10:05 bob labels priority/low", (), (("priority/low", "state/hold"), ())),
        ("", ("sla/soon", "SLA/breached"), ((), ("sla/soon",))),
    ],
)  # fmt: skip
def test_what_stands_on_the_issue_is_made_to_say_what_the_case_is(
    story: str, labels: tuple[str, ...], plan: tuple[tuple[str, ...], tuple[str, ...]] | None
) -> None:
    assert labelled(story, *labels) == plan


def test_which_labels_the_desk_puts_on_and_takes_off() -> None:
    assert desk_labels(POLICY) == (frozenset({"sla/soon", "SLA/Breached"}), frozenset({"sla/soon"}))


def case(*ours: str, labels: tuple[str, ...] = (), theirs: str = "") -> Case:
    """A case on which the desk has put some labels, and bob one, with these standing now."""
    told = story_of(CLOCKS, OPENED).case
    put = [
        Moment(told.created + place, "labeled", DESK, f"L_{place}", name, ours=True) for place, name in enumerate(ours)
    ]
    if theirs:
        put.append(Moment(told.created, "labeled", told.author, "L_x", theirs))
    return replace(told, moments=(*told.moments, *put), labels=frozenset(labels))


@pytest.mark.parametrize(
    "given, told",
    [
        (case(), None),
        (case(theirs="priority/high"), None),
        (case("priority/low"), None),
        (case("priority/high"), "the label `priority/high` was deleted from the repository"),
        (case("Priority/HIGH"), "the label `priority/high` was deleted from the repository"),
        # What stands there now, and is nobody's, is what it was renamed to.
        (case("urgent", labels=("urgent",)), "`urgent`, which the desk put on, is no label of the policy"),
        (
            case("urgent", "b", labels=("Urgent", "b")),
            "`Urgent`, `b`, which the desk put on, is no label of the policy",
        ),
        (case("urgent", labels=("bug",)), None),
        (case("sla/soon", "sla/breached", labels=("sla/soon", "SLA/Breached")), None),
        (case("next", labels=("next",)), "`next`, which the desk put on"),
    ],
)
def test_a_label_that_is_gone_from_the_repository_is_told_where_the_desk_had_put_it_on(
    given: Case, told: str | None
) -> None:
    found = gone_by_hand(policy(CLOCKS), given, "priority/high")
    assert (found is None) == (told is None)
    assert found is None or (told is not None and told in found)


@pytest.mark.parametrize(
    "label, style",
    [
        ("priority/high", ("b60205", "Priority: High")),
        ("priority/low", ("fbca04", "Priority: Low")),
        ("state/resolved", ("d93f0b", "State: Resolved")),
        ("next", ("ededed", "What to answer next: kept by the support desk")),
        ("sla/soon", ("b60205", "Set by the support desk Told")),
        ("priority/urgent", ("b60205", "Set by the support desk Told")),
    ],
)
def test_a_label_is_made_in_a_colour_that_says_how_grave_it_is(label: str, style: tuple[str, str]) -> None:
    assert label_style(POLICY, label) == style


def test_more_values_than_colours_share_the_calmest_and_a_description_has_githubs_length() -> None:
    values = ", ".join(f"v{number}: {'x' * 120}" for number in range(9))
    many = policy(
        CLOCKS,
        HEAD.replace("high: High, normal: Normal, low: Low", values).replace(
            "  lead: { when: { priority: high }, people: tess }\n", ""
        ),
    )
    assert [label_style(many, f"priority/v{number}")[0] for number in (5, 6, 7, 8)] == [
        "5319e7",
        "c5def5",
        "c5def5",
        "c5def5",
    ]
    assert label_style(many, "priority/v0")[1] == f"Priority: {'x' * 90}"
    assert label_style(replace(many, desk="d" * 200), "sla/x")[1] == f"Set by the support desk {'d' * 76}"
