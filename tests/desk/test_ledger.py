"""The laws of `desk.ledger`: it only grows, and whoever merges, the result is the same."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from tests.desk.ledgers import ledgers

from respondby.desk.ledger import EMPTY, VERSION, Ledger, LedgerError
from respondby.desk.records import Record
from respondby.desk.results import Tried

RECORD = Record("answer/I_1/due/0", 100, 160)


@given(ledgers(), ledgers())
def test_merging_is_commutative(one: Ledger, other: Ledger) -> None:
    assert one.merge(other) == other.merge(one)


@given(ledgers(), ledgers(), ledgers())
def test_merging_is_associative(one: Ledger, other: Ledger, third: Ledger) -> None:
    assert one.merge(other).merge(third) == one.merge(other.merge(third))


@given(ledgers(), ledgers())
def test_merging_again_changes_nothing(one: Ledger, other: Ledger) -> None:
    assert one.merge(one) == one
    assert one.merge(other).merge(other) == one.merge(other)


@given(ledgers(), ledgers())
def test_a_ledger_only_grows(one: Ledger, other: Ledger) -> None:
    merged = one.merge(other)
    for mine in (one, other):
        assert mine.records.keys() <= merged.records.keys()
        assert mine.pins.keys() <= merged.pins.keys()
        assert mine.kept.keys() <= merged.kept.keys()
        for key, record in mine.records.items():
            assert set(record.results) <= set(merged.records[key].results)
            assert set(record.outstanding) >= set(merged.records[key].outstanding)


@given(ledgers(), ledgers())
def test_what_one_holds_without_the_other_makes_up_the_union(one: Ledger, other: Ledger) -> None:
    assert other.merge(one.without(other)) == other.merge(one)
    assert not one.without(one)


@given(ledgers())
def test_two_halves_are_the_whole_and_smaller(ledger: Ledger) -> None:
    first, second = ledger.halves()
    assert first.merge(second) == ledger
    sizes = [sum(len(getattr(one, part.name)) for part in fields(one)) for one in (first, second, ledger)]
    assert sizes[0] + sizes[1] == sizes[2]
    assert abs(sizes[1] - sizes[0]) <= 1


@given(ledgers())
def test_the_json_form_reads_back_and_is_canonical(ledger: Ledger) -> None:
    text = json.dumps(ledger.to_json())
    read = Ledger.from_json(json.loads(text))
    assert read == ledger
    assert json.dumps(read.to_json()) == text


@given(ledgers(), ledgers())
def test_equal_ledgers_have_one_text_whatever_the_order_they_grew_in(one: Ledger, other: Ledger) -> None:
    assert json.dumps(one.merge(other).to_json()) == json.dumps(other.merge(one).to_json())


@pytest.mark.parametrize(
    "ours, theirs, wins",
    [
        (RECORD, replace(RECORD, done=170), RECORD),
        (replace(RECORD, outcome="overtaken"), replace(RECORD, done=170), replace(RECORD, done=170)),
        (
            replace(RECORD, results=(Tried("page", "ann", "chat"),)),
            replace(RECORD, done=150, results=(Tried("page", "bob", "chat", "failed", "500"),)),
            replace(
                RECORD,
                done=150,
                results=(Tried("page", "ann", "chat"), Tried("page", "bob", "chat", "failed", "500")),
            ),
        ),
        (
            replace(RECORD, outstanding=("assign", "react")),
            replace(RECORD, done=150, outstanding=("react",)),
            replace(RECORD, done=150, outstanding=("react",)),
        ),
        (replace(RECORD, outstanding=("assign",)), RECORD, RECORD),
    ],
    ids=["the earlier one", "done beats overtaken", "no call is forgotten", "what is done is done", "nothing is owed"],
)
def test_of_two_records_of_one_rung_one_wins(ours: Record, theirs: Record, wins: Record) -> None:
    merged = EMPTY.with_records(ours).with_records(theirs)
    assert merged.records == {RECORD.key: wins}


@pytest.mark.parametrize(
    "data, problem",
    [
        (None, "not an object"),
        ([], "not an object"),
        ({}, "version None"),
        ({"v": VERSION + 1}, "update respondby"),
        ({"v": VERSION, "records": [{"key": "a"}]}, "known shape"),
        ({"v": VERSION, "records": [{"key": "a", "at": 1, "done": 1, "outcome": "perhaps"}]}, "known shape"),
        ({"v": VERSION, "records": [{"key": "a", "at": float("inf"), "done": 1}]}, "known shape"),
        ({"v": VERSION, "records": [{"key": "a", "at": 1.5, "done": 1}]}, "known shape"),
        ({"v": VERSION, "records": [{"key": "a", "at": -(10**15), "done": 1}]}, "known shape"),
        ({"v": VERSION, "records": [{"key": "a", "at": 1, "done": 1, "mood": "good"}]}, "known shape"),
        ({"v": VERSION, "records": [{"key": "a", "at": 1, "done": 1, "results": [["sang", "ann"]]}]}, "known shape"),
        ({"v": VERSION, "records": [{"key": "a", "at": 1, "done": 1, "results": [["page", "ann"]]}]}, "known shape"),
        ({"v": VERSION, "records": [{"key": "a", "at": 1, "done": 1, "results": [["said", "yes"]]}]}, "known shape"),
        ({"v": VERSION, "records": [{"key": "a", "at": 1, "done": 1, "results": ["page"]}]}, "known shape"),
        ({"v": 1, "records": [{"key": "a", "at": 1, "done": 1, "calls": [["ann", "chat", "yes", ""]]}]}, "known shape"),
        (
            {"v": 1, "records": [{"key": "a", "at": 1, "done": 1, "calls": [["a", "held", False, "x"]]}]},
            "known shape",
        ),
        ({"v": True}, "version True"),
        ({"v": VERSION, "records": ["a"]}, "known shape"),
        ({"v": VERSION, "records": 7}, "known shape"),
        ({"v": VERSION, "pins": [["a"]]}, "known shape"),
        ({"v": VERSION, "kept": [["a", "noon", "", "", "", "", ""]]}, "known shape"),
        ({"v": VERSION, "kept": {"a": 1}}, "known shape"),
    ],
)
def test_what_is_no_ledger_of_ours_is_refused_and_never_guessed_at(data: object, problem: str) -> None:
    with pytest.raises(LedgerError, match=problem):
        Ledger.from_json(data)
