"""Writing: each function is one request, and says what it made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import responses
from tests.forge.desks import Desk

from respondby.forge import writing
from respondby.forge.errors import CaseGone, CommentTooLong, NotGranted, Refused
from respondby.forge.gathering import gather_case, gather_open
from respondby.forge.pulls import create_branch

NINE = 1767603600


def test_a_comment_is_made_rewritten_and_deleted(desk: Desk) -> None:
    number = desk.opens()
    made = writing.create_comment(desk.client, number, "one")
    assert (made.at, made.url.endswith(f"#issuecomment-{made.id}")) == (NINE, True)
    assert writing.edit_comment(desk.client, made.id, "two").node_id == made.node_id
    assert gather_case(desk.client, number).cases[0].moments[1].revisions[-1].text == "two"
    writing.delete_comment(desk.client, made.id)
    writing.delete_comment(desk.client, made.id)
    with pytest.raises(CaseGone):
        writing.edit_comment(desk.client, made.id, "three")


@pytest.mark.parametrize("label", ["late", "priority/P0", "wörk in prögress", "a b?c#d%e", "x" * 50])
def test_a_label_is_put_on_and_taken_off_whatever_its_name(desk: Desk, label: str) -> None:
    number = desk.opens()
    writing.ensure_label(desk.client, label, "ff0000", "why")
    writing.ensure_label(desk.client, label, "00ff00")
    writing.add_labels(desk.client, number, [label])
    found = gather_case(desk.client, number)
    assert found.cases[0].labels == {label}
    assert found.labels == {label: ("ff0000", "why")}
    writing.remove_label(desk.client, number, label)
    writing.remove_label(desk.client, number, label)
    assert gather_case(desk.client, number).cases[0].labels == frozenset()


def test_a_slash_in_a_label_is_no_slash_of_the_path(desk: Desk) -> None:
    with responses.RequestsMock() as wire:
        url = f"{desk.sandbox.url}/repos/{desk.repository}/issues/1/labels/priority%2FP0%3F"
        wire.add("DELETE", url, json=[])
        writing.remove_label(desk.client, 1, "priority/P0?")
        assert wire.calls[0].request.url == url


def test_a_label_that_cannot_be_is_refused_with_githubs_reason(desk: Desk) -> None:
    with pytest.raises(Refused, match="422"):
        writing.ensure_label(desk.client, "late", "no colour")


def test_people_who_cannot_be_assigned_are_told_back(desk: Desk) -> None:
    number = desk.opens()
    desk.sandbox.user("stranger")
    assert writing.assign(desk.client, number, ["Ann", "stranger"]) == ("stranger",)
    assert gather_case(desk.client, number).cases[0].assignees == ("ann",)


def test_closing_twice_is_closing_once(desk: Desk) -> None:
    number = desk.opens()
    writing.close(desk.client, number, "not_planned")
    writing.close(desk.client, number, "not_planned")
    closed = [moment for moment in gather_case(desk.client, number).cases[0].moments if moment.kind == "closed"]
    assert [moment.text for moment in closed] == ["not_planned"]


def test_a_reaction_is_made_once(desk: Desk) -> None:
    number = desk.opens()
    comment = desk.says("carla", number, "/ack")
    writing.react(desk.client, number, comment, "eyes")
    writing.react(desk.client, number, comment, "eyes")
    assert desk.sent("POST", "/reactions") == 2
    assert desk.does("carla", "GET", f"/issues/comments/{comment}")["reactions"]["eyes"] == 1


def test_an_issue_is_opened_with_labels_and_people(desk: Desk) -> None:
    made = writing.open_issue(desk.client, "Rota", "Who is next?", labels=["duty"], assignees=["ann"])
    (case,) = gather_open(desk.client).cases
    assert (case.number, case.node_id, case.created, case.url) == (made.number, made.node_id, made.at, made.url)
    assert (case.labels, case.assignees, case.moments[0].ours) == ({"duty"}, ("ann",), True)


@pytest.mark.parametrize(
    "write",
    [
        lambda client, body: writing.create_comment(client, 1, body),
        lambda client, body: writing.edit_comment(client, 1, body),
        lambda client, body: writing.open_issue(client, "x", body),
    ],
    ids=["comment", "edit", "issue"],
)
def test_a_text_that_github_would_refuse_is_not_sent(desk: Desk, write: Callable[..., Any]) -> None:
    with pytest.raises(CommentTooLong, match=r"65537 characters"):
        write(desk.client, "x" * (writing.LONGEST + 1))
    assert desk.client.requests == 0


def test_the_longest_text_that_github_takes_is_sent(desk: Desk) -> None:
    number = desk.opens()
    body = "ü" * writing.LONGEST
    writing.create_comment(desk.client, number, body)
    assert gather_case(desk.client, number).cases[0].moments[1].revisions[0].text == body


WRITES: dict[str, Callable[[Desk, int, int], Any]] = {
    "create_comment": lambda desk, issue, _: writing.create_comment(desk.client, issue, "x"),
    "edit_comment": lambda desk, _, comment: writing.edit_comment(desk.client, comment, "x"),
    "delete_comment": lambda desk, _, comment: writing.delete_comment(desk.client, comment),
    "add_labels": lambda desk, issue, _: writing.add_labels(desk.client, issue, ["late"]),
    "remove_label": lambda desk, issue, _: writing.remove_label(desk.client, issue, "late"),
    "ensure_label": lambda desk, *_: writing.ensure_label(desk.client, "other", "ff0000"),
    "assign": lambda desk, issue, _: writing.assign(desk.client, issue, ["ann"]),
    "close": lambda desk, issue, _: writing.close(desk.client, issue),
    "react": lambda desk, number, comment: writing.react(desk.client, number, comment, "eyes"),
    "open_issue": lambda desk, *_: writing.open_issue(desk.client, "x", "y"),
}


@pytest.mark.parametrize("name", WRITES)
def test_each_write_is_one_request(desk: Desk, name: str) -> None:
    number = desk.opens()
    comment = writing.create_comment(desk.client, number, "card").id
    writing.add_labels(desk.client, number, ["late"])
    before = desk.client.requests
    WRITES[name](desk, number, comment)
    assert desk.client.requests == before + 1


@pytest.mark.parametrize("name", WRITES)
def test_each_write_without_the_permission_names_it(desk: Desk, name: str) -> None:
    number = desk.opens()
    comment = desk.says("carla", number, "hello")
    desk.does("ann", "POST", f"/issues/{number}/labels", {"labels": ["late"]})
    desk.client = desk.connect(desk.sandbox.workflow_token(desk.repository, {"issues": "read", "contents": "read"}))
    with pytest.raises(NotGranted, match=r"issues: ?write"):
        WRITES[name](desk, number, comment)


@pytest.mark.parametrize(
    "status, message, made",
    [
        (422, "Reference already exists", False),
        (422, "Object does not exist", None),
        (409, "Reference already exists", None),
    ],
)
def test_a_branch_that_is_there_is_not_made_and_every_other_refusal_is_told(
    status: int, message: str, made: bool | None
) -> None:
    class Refusing:
        def rest(self, *_: object, **__: object) -> None:
            raise Refused("creating the branch", status, message)

    client: Any = Refusing()
    if made is None:
        with pytest.raises(Refused, match=message):
            create_branch(client, "postmortem/1", "abc")
    else:
        assert create_branch(client, "postmortem/1", "abc") is made
