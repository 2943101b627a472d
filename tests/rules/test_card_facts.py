"""The digest of what a card shows is the same from version to version: another one would write every card anew."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from json import dumps

import pytest
from tests.letters.facts import CLOCK, FACTS

from respondby.desk.refusals import Condition, Refusal, Usage
from respondby.policy.model.requests import Argument
from respondby.rules.card_facts import CardChange, CardFacts, CardProblem, CardWindow

USAGE = Usage("/wait", (Argument("until", "time", optional=True),))
SHOWN = {
    "a request": FACTS,
    "a window and a change": replace(FACTS, window=CardWindow(1, 2, True, False), temporary=(CardChange("x", None),)),
    "what was refused": replace(
        FACTS,
        problems=(
            CardProblem("/wait", Refusal.of("argument-missing", argument="until", kind="time", usage=USAGE)),
            CardProblem("/x", Refusal.of("only-with", word="/x", conditions=(Condition("Priority", ("High",)),))),
        ),
    ),
    "nothing that runs": replace(FACTS, clocks=(), void=True, duplicate_of="#7"),
    "a clock that is paused": replace(FACTS, clocks=(replace(CLOCK, due=None, paused=True),)),
}


@pytest.mark.parametrize("facts", SHOWN.values(), ids=SHOWN)
def test_the_digest_is_that_of_all_members(facts: CardFacts) -> None:
    text = dumps(asdict(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    assert facts.digest() == hashlib.sha256(text.encode()).hexdigest()[:16]


def test_every_fact_counts() -> None:
    assert len({facts.digest() for facts in SHOWN.values()}) == len(SHOWN)
