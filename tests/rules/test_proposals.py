"""A proposed severity: the answers' weights summed line by line; a person decides, and no edit overrides that."""

from __future__ import annotations

from itertools import product

import pytest
from tests.promises.stories import HEAD, Story, story_of

from respondby.letters.card import render_card
from respondby.promises.assess import assess
from respondby.rules.card_facts import CardFacts
from respondby.rules.cards import card_facts

WORTH = {"none": 0, "some": 1, "much": 3}
POLICY = (
    HEAD.replace(
        "  state:",
        """  severity:
    label: severity/
    values: { P0: Down, P1: Degraded, P2: Odd }
    propose:
      none: 0
      some: 1
      much: 3
      questions: { users: { ask: "How many users?", weight: 3 }, money: { ask: "Does it cost money?", weight: 2 } }
      at-least: { P1: 5, P0: 12, P2: 1 }
  state:""",
    )
    + """
forms:
  incident: { name: Incident, about: Broken., choose: [severity.questions], ask: { what: "What?" } }
"""
)


def body(users: str = "_No response_", money: str = "_No response_") -> str:
    """The request's text as its form makes it."""
    return f"### How many users?\\n\\n{users}\\n\\n### Does it cost money?\\n\\n{money}\\n\\n### What?\\n\\nAll"


def happened(text: str, story: str = "", head: str = POLICY) -> Story:
    """A request with this text, and what happens then."""
    return story_of(
        "  answer: { start: opened, stop: /ack, target: 1h }", f'10:00 carla opens "{text}"\n{story}', head=head
    )


def card(case: Story) -> CardFacts:
    """What its card shows."""
    history = case.history
    return card_facts(case.policy, history, assess(case.policy, history, case.case.moments[-1].at))


def summed(case: Story) -> list[tuple[int, str | None, str | None]]:
    """Of each proposal the sum, the value it leads to and what a person decided."""
    return [(one.total, one.value, one.chosen) for one in card(case).proposals]


@pytest.mark.parametrize("users, money", list(product(WORTH, WORTH)))
def test_the_sum_is_each_worth_times_its_weight_and_leads_to_the_highest_value_that_it_reaches(
    users: str, money: str
) -> None:
    total = 3 * WORTH[users] + 2 * WORTH[money]
    value = "Down" if total >= 12 else "Degraded" if total >= 5 else "Odd" if total >= 1 else None
    assert summed(happened(body(users, money))) == [(total, value, None)]


@pytest.mark.parametrize(
    "text, story, found",
    [
        (body(), "", []),
        (body("much"), "", [(9, "Degraded", None)]),
        (body("a lot", "much"), "", [(6, "Degraded", None)]),
        ("It is down", "", []),
        (body("much", "much"), "10:10 bob labels severity/P2", [(15, "Down", "Odd")]),
        (body("much", "much"), '10:10 bob says "/severity P1"', [(15, "Down", "Degraded")]),
        (body("much", "much"), f'10:10 carla edits 0 "{body("some")}"', [(3, "Odd", None)]),
        (
            body("much", "much"),
            f'10:10 bob labels severity/P1\n10:20 carla edits 0 "{body("some")}"',
            [(3, "Odd", "Degraded")],
        ),
        (body("much", "much"), '10:10 carla says "/severity P2"', [(15, "Down", None)]),
        (body("much", "much"), "10:10 bob labels severity/P1\n10:20 bob unlabels severity/P1", [(15, "Down", None)]),
    ],
    ids=[
        "nothing answered", "one answered", "no option", "by no form", "a label", "a command", "an edit",
        "an edit after a decision", "not the customer's", "taken back",
    ],
)  # fmt: skip
def test_a_person_decides_and_an_edit_only_proposes_anew(
    text: str, story: str, found: list[tuple[int, str | None, str | None]]
) -> None:
    case = happened(text, story)
    assert summed(case) == found
    decided = next((chosen for _, _, chosen in found), None)
    names = {"Down": "P0", "Degraded": "P1", "Odd": "P2", None: None}
    assert case.history.state.fields.get("severity") == names[decided]


def test_a_default_is_nobodys_decision() -> None:
    head = POLICY.replace("    label: severity/\n", "    label: severity/\n    default: P2\n")
    case = happened(body("much", "much"), head=head)
    assert case.history.state.fields["severity"] == "P2"
    assert summed(case) == [(15, "Down", None)]


def test_the_card_shows_the_sum_line_by_line() -> None:
    said = render_card(card(happened(body("much"), "10:10 bob labels severity/P2")), "")
    assert (
        "| Severity: what counts | Points |\n| --- | ---: |\n"
        "| How many users? **much** | 3 × 3 = 9 |\n"
        "| Does it cost money? not answered | 0 × 2 = 0 |\n"
        "| Sum | 9 |\n\n"
        "From 5 points on, **Degraded** is proposed. Decided: **Odd**.\n"
    ) in said
    assert "A person decides." in render_card(card(happened(body("much"))), "")


KNOWN = (
    POLICY.replace(
        "      at-least:",
        "      product: { shop: 4, lab: 0 }\n      customer: { acme: 3 }\n      plan: { gold: 2 }\n      at-least:",
    )
    .replace("  state:", "  product: { name: Product, label: product/ }\n  state:", 1)
    + """
products: { shop: { name: Web shop }, lab: { name: Lab }, desk: { name: Desk } }
customers: { acme: { members: [carla], plan: gold }, other: { members: [dora], plan: free } }
"""
)  # fmt: skip


OF_CARLA = [("customer", "acme", 3), ("plan", "gold", 2)]


@pytest.mark.parametrize(
    "story, lines, total, value",
    [
        ("", [], 8, "Degraded"),
        ("10:05 bob labels product/shop", [("product", "Web shop", 4)], 12, "Down"),
        ("10:05 bob labels product/lab", [("product", "Lab", 0)], 8, "Degraded"),
        ("10:05 bob labels product/desk", [], 8, "Degraded"),
    ],
)  # fmt: skip
def test_product_customer_and_plan_add_their_points_each_on_a_line_of_its_own(
    story: str, lines: list[tuple[str, str, int]], total: int, value: str
) -> None:
    [one] = card(happened(body("some"), story, KNOWN)).proposals
    assert [(line.about, line.answer, line.worth) for line in one.lines if line.about] == [*lines, *OF_CARLA]
    assert (one.total, one.value) == (total, value)


def test_who_is_nobodys_customer_adds_nothing_and_no_points_alone_propose_anything() -> None:
    dora = story_of(
        "  answer: { start: opened, stop: /ack, target: 1h }", f'10:00 dora opens "{body("some")}"', head=KNOWN
    )
    [one] = card(dora).proposals
    assert [line.about for line in one.lines if line.about] == []
    assert list(card(happened(body(), "10:05 bob labels product/shop", KNOWN)).proposals) == []


def test_the_card_shows_points_without_a_product_of_numbers() -> None:
    text = render_card(card(happened(body("some"), "10:05 bob labels product/shop", KNOWN)), "")
    assert "| Product **Web shop** | 4 |" in text
    assert "| Customer **acme** | 3 |" in text
    assert "| Plan **gold** | 2 |" in text
    assert "| How many users? **some** | 1 × 3 = 3 |" in text
