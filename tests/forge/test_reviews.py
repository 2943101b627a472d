"""Who is asked to review a pull request, and the id that git gives what stands in a file."""

from __future__ import annotations

import json

import pytest
import responses
from responses import matchers
from tests.forge.desks import Desk

from respondby.forge.pulls import ask_each, blob_of


@pytest.mark.parametrize(
    "refused, asked, why",
    [
        ([], [["ann", "bob", "cid"]], []),
        (["bob"], [["ann", "bob", "cid"], ["ann"], ["bob"], ["cid"]], ["bob"]),
        (["ann", "cid"], [["ann", "bob", "cid"], ["ann"], ["bob"], ["cid"]], ["ann", "cid"]),
    ],
)
def test_where_one_may_not_review_the_others_are_asked_by_themselves(
    desk: Desk, refused: list[str], asked: list[list[str]], why: list[str]
) -> None:
    people = ["ann", "bob", "cid"]
    with responses.RequestsMock() as wire:
        for some in asked:
            status = 422 if {*some} & {*refused} else 201
            wire.add(
                "POST",
                f"{desk.sandbox.url}/repos/{desk.repository}/pulls/3/requested_reviewers",
                status=status,
                json={"message": "no collaborator"} if status == 422 else {},
                headers={"Date": "Mon, 05 Jan 2026 09:00:00 GMT"},
                match=[matchers.json_params_matcher({"reviewers": some})],
            )
        found = ask_each(desk.client, 3, people)
        assert [json.loads(call.request.body or "")["reviewers"] for call in wire.calls] == asked
    assert len(found) == len(why)
    for person, reason in zip(why, found, strict=True):
        assert f"asking {person} to review #3" in reason


@pytest.mark.parametrize(
    "text, id",
    [
        ("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
        ("hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"),
        ("é", "4b04fff51468d8ab5201ab02b725dc477bc7cb45"),
    ],
)
def test_the_id_of_a_text_is_gits(text: str, id: str) -> None:
    assert blob_of(text) == id
