"""An issue that the desk opens says in its text what it is; nothing else says so, and nothing written around it."""

from __future__ import annotations

import json

import pytest

from respondby.desk import markers
from respondby.desk.case import Mark
from respondby.desk.ledger import EMPTY, LedgerError

HERE = "R_1"
KEY, OTHER = b"a key of the desk", b"another key"
MARK = Mark("duty", {"duty": "review", "first": "1"})


def written(**payload: object) -> str:
    """An unsigned marker with this in it."""
    return f"<!-- respondby:- {json.dumps(payload)} -->"


@pytest.mark.parametrize("secret", [None, KEY])
def test_what_an_issue_says_of_itself_is_read(secret: bytes | None) -> None:
    body = f"Look at it.\n\n{markers.write_mark(MARK, HERE, secret=secret)}"
    assert markers.read_mark(body, HERE, secret=secret) == MARK
    assert markers.read_mark(body, "R_2", secret=secret) is None
    assert markers.read_mark(body, "", secret=secret) is None
    assert markers.without_marker(body) == "Look at it."


def test_signed_by_another_it_says_nothing() -> None:
    assert markers.read_mark(markers.write_mark(MARK, HERE, secret=OTHER), HERE, secret=KEY) is None
    assert markers.read_mark(markers.write_mark(MARK, HERE), HERE, secret=KEY) is None


@pytest.mark.parametrize(
    "body", ["", "Look at it.", markers.write("card", HERE, "", EMPTY), f"{markers.write_mark(MARK, HERE)} and more"]
)
def test_a_text_without_it_says_nothing(body: str) -> None:
    assert markers.read_mark(body, HERE) is None


@pytest.mark.parametrize("facts", [None, [], "duty", 7])
def test_facts_that_are_none_are_left_out(facts: object) -> None:
    assert markers.read_mark(written(issue="duty", **{"in": HERE}, facts=facts), HERE) == Mark("duty", {})
    assert markers.read_mark(written(issue="duty", **{"in": HERE}), HERE) == Mark("duty", {})


def test_facts_are_texts() -> None:
    found = markers.read_mark(written(issue="duty", **{"in": HERE}, facts={"first": 1}), HERE)
    assert found == Mark("duty", {"first": "1"})


def test_it_says_for_which_repository_it_was_made() -> None:
    assert markers.read_mark(written(issue="duty", facts={}), HERE) is None
    assert markers.read_mark(written(**{"in": HERE}, facts={}), HERE) is None


def test_a_kind_of_a_later_version_is_an_error_and_not_nothing() -> None:
    with pytest.raises(LedgerError, match="an issue of ours is of the unknown kind 'delusion': update respondby"):
        markers.read_mark(written(issue="delusion", **{"in": HERE}, facts={}), HERE)
