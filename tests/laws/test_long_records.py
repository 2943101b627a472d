"""A record that outgrows the card goes on in comments of its own, and nothing is lost or doubled by that."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

import pytest
from tests.laws import fire
from tests.laws.fire import Receiver, Trial

from respondby.desk import markers
from respondby.desk.ledger import Ledger
from respondby.desk.reading import read
from respondby.desk.records import Record
from respondby.desk.results import Tried
from respondby.forge.gathering import gather_case
from respondby.forge.writing import LONGEST
from respondby.jobs.effects import recording
from respondby.jobs.effects.labels_and_card import LabelsAndCard
from respondby.jobs.inputs.policy_in_force import policy_in_force
from respondby.jobs.loop.deciding import decided
from respondby.letters.messages import Messages
from respondby.rules.cards import card_facts
from respondby.rules.plan import WriteCard
from respondby.sandbox.server import Sandbox


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that a handful of records fills."""
    monkeypatch.setattr(recording, "CARD_HOLDS", 400)
    monkeypatch.setattr(recording, "COMMENT_HOLDS", 700)


class Long(Trial):
    """The usual story; what stands in the end must not depend on where the record stands."""

    def stands(self) -> dict[str, Any]:
        return {**super().stands(), "comments": None, "cards": len(self.case().cards)}


def records(trial: Trial) -> list[Ledger]:
    return [comment.ledger for comment in trial.case().own if comment.kind == "record"]


def many(count: int) -> Ledger:
    """As many records as years of repetitions leave, with words that hardly compress."""
    dice = random.Random(7)
    keys = [f"update/{dice.randbytes(9).hex()}/due/{number}" for number in range(count)]
    results = (Tried("page", "ann", "pager"), Tried("notify", "bob", "chat", "failed", "the receiver answered 503"))
    return Ledger(
        {key: Record(key, 1_700_000_000 + at, 1_700_000_000 + at, results=results) for at, key in enumerate(keys)}
    )


def test_a_record_of_six_thousand_rungs_stands_in_comments_that_github_takes(stage: tuple[Sandbox, Receiver]) -> None:
    trial = Long.begin(*stage)
    trial.act(0)
    trial.run(0)
    client = trial.client()
    gathered = gather_case(client, 1)
    (case,) = gathered.cases
    held = policy_in_force(client, gathered)
    assessment = decided(held.policy, case, gathered.now).assessment
    facts = card_facts(held.policy, read(held.policy, case), assessment)
    grown = many(6_000)
    assert len(markers.write("card", case.node_id, "", grown)) > LONGEST
    action = WriteCard(case.cards[0].id, facts.digest())
    cards = LabelsAndCard(client, held.policy, gathered.label_ids, None, Messages({}, ""))
    cards.write(action, case, facts, case.ledger.merge(grown), None, [], [])
    after = trial.case()
    assert after.ledger == case.ledger.merge(grown)
    assert max(comment.size for comment in after.own) <= LONGEST
    assert 2 <= len(records(trial)) <= 8
    assert after.cards[0].size < 5_000
    report = trial.run(0)
    assert (report.failed, report.performed) == ([], 0)


@pytest.mark.usefixtures("small")
def test_a_story_whose_record_overflows_ends_as_one_whose_record_does_not(
    stage: tuple[Sandbox, Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    overflowing = Long.begin(*stage).play()
    with monkeypatch.context() as patched:
        patched.setattr(recording, "CARD_HOLDS", 40_000)
        usual = Long.begin(*stage).play()
    assert (len(records(overflowing)) > 0, records(usual)) == (True, [])
    assert overflowing.stands() == usual.stands()
    assert [overflowing.run(3).performed for _ in range(2)] == [0, 0]


@pytest.mark.usefixtures("small")
def test_a_run_killed_while_its_record_overflows_is_made_good_by_the_next(stage: tuple[Sandbox, Receiver]) -> None:
    expected = Long.begin(*stage).play().stands()
    assert fire.kill_everywhere(partial(Long.begin, *stage), expected, 2, "before", first=2) > 2


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("act", [0, 2])
@pytest.mark.parametrize("order", [[0, 1] * 20, [0, 0, 1, 1] * 10], ids=["by ones", "by twos"])
def test_two_runs_whose_records_overflow_at_once_leave_no_twin(
    stage: tuple[Sandbox, Receiver], act: int, order: list[int]
) -> None:
    expected = Long.begin(*stage).play().stands()
    trial = Long.begin(*stage)
    trial.play(act, lambda: trial.meet(act, order))
    assert trial.stands() == expected
    stands = Ledger()
    for ledger in records(trial):
        assert ledger.without(stands), "this comment says nothing that the ones before it do not"
        stands = stands.merge(ledger)
