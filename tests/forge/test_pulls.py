"""Pull requests that the desk opens: where they come from, how they stand, and what is in their files."""

from __future__ import annotations

import base64

import pytest
import responses
from tests.forge.desks import Desk

from respondby.forge import pulls
from respondby.forge.client import Client
from respondby.forge.errors import NotGranted, Refused
from respondby.forge.pulls import FileThere, ProposalsOff

DATE = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}
HERE = {"full_name": "Acme/Desk"}


def at(path: str) -> str:
    return f"https://api.example.test:443/repos/acme/desk{path}"


@pytest.fixture
def client() -> Client:
    return Client("https://api.example.test", "token", "acme/desk", pace=None)


@pytest.fixture
def writer(desk: Desk) -> Client:
    """A connection that may do all that a proposal takes."""
    grants = {"issues": "write", "contents": "write", "pull-requests": "write"}
    return desk.connect(desk.sandbox.workflow_token(desk.repository, grants))


def pull(number: int, branch: str = "respondby/a", **more: object) -> dict[str, object]:
    return {
        "number": number, "html_url": f"https://x.test/{number}", "state": "open", "merged_at": None, "body": None,
        "head": {"ref": branch, "repo": HERE}, "requested_reviewers": [], "requested_teams": [], **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    "more, state, asked",
    [
        ({}, "open", False),
        ({"requested_reviewers": [{"login": "ann"}]}, "open", True),
        ({"requested_teams": [{"slug": "staff"}]}, "open", True),
        ({"state": "closed"}, "closed", False),
        ({"state": "closed", "merged_at": "2026-01-05T08:00:00Z"}, "merged", False),
    ],
)
def test_how_a_pull_request_stands(client: Client, more: dict[str, object], state: str, asked: bool) -> None:
    with responses.RequestsMock() as wire:
        others = [pull(8, "respondby/ab"), pull(9, **more)]
        wire.add("GET", at("/pulls"), json=others, headers=DATE)
        (found,) = pulls.proposals_from(client, "respondby/a")
        assert "head=acme%3Arespondby%2Fa&" in str(wire.calls[0].request.url)
    assert (found.number, found.url, found.state, found.asked) == (9, "https://x.test/9", state, asked)


def test_open_ones_are_those_of_the_repositorys_own_branches(client: Client) -> None:
    there = [
        pull(9, body="text", requested_reviewers=[{"login": "ann"}]),
        pull(8, "feature/a"),
        pull(7, head={"ref": "respondby/a", "repo": {"full_name": "evil/desk"}}),
        pull(6, head={"ref": "respondby/a", "repo": None}),  # the fork is gone
        pull(5, "respondby/b"),
    ]
    with responses.RequestsMock() as wire:
        wire.add("GET", at("/pulls"), json=there, headers=DATE)
        found = pulls.open_from(client, "respondby/")
    assert [(one.number, one.branch, one.body, one.asked) for one in found] == [
        (5, "respondby/b", "", False),
        (9, "respondby/a", "text", True),
    ]


@pytest.mark.parametrize("status, message, made", [(201, "", True), (422, "Reference already exists", False)])
def test_a_branch_is_begun_once(client: Client, status: int, message: str, made: bool) -> None:
    with responses.RequestsMock() as wire:
        wire.add("POST", at("/git/refs"), status=status, json={"message": message}, headers=DATE)
        assert pulls.create_branch(client, "respondby/a", "c0ffee") is made


@pytest.mark.parametrize("status, message", [(422, "Object does not exist"), (409, "it already exists")])
def test_a_branch_that_cannot_be_is_refused(client: Client, status: int, message: str) -> None:
    with responses.RequestsMock() as wire:
        wire.add("POST", at("/git/refs"), status=status, json={"message": message}, headers=DATE)
        with pytest.raises(Refused, match=message):
            pulls.create_branch(client, "respondby/a", "c0ffee")


@pytest.mark.parametrize(
    "message, error", [("GitHub Actions is not permitted to create pull requests", ProposalsOff), ("No.", NotGranted)]
)
def test_where_workflows_may_open_none_it_says_what_to_switch_on(
    client: Client, message: str, error: type[Exception]
) -> None:
    with responses.RequestsMock() as wire:
        wire.add("POST", at("/pulls"), status=403, json={"message": message}, headers=DATE)
        with pytest.raises(error):
            pulls.open_proposal(client, "Title", "Text", "respondby/a", "main")


@pytest.mark.parametrize(
    "events, asked",
    [
        ([], False),
        (["labeled", "committed"], False),
        (["labeled", "review_requested"], True),
        (["review_request_removed"], True),
        (["reviewed"], True),
    ],
)
def test_whether_anybody_was_ever_asked_to_review(client: Client, events: list[str], asked: bool) -> None:
    with responses.RequestsMock() as wire:
        wire.add("GET", at("/issues/9/timeline"), json=[{"event": event} for event in events], headers=DATE)
        assert pulls.was_asked_for_review(client, 9) is asked


def test_files_are_those_that_are_there_afterwards(client: Client) -> None:
    files = [
        {"filename": name, "status": status} for name, status in (("a", "added"), ("b", "removed"), ("c", "renamed"))
    ]
    with responses.RequestsMock() as wire:
        wire.add("GET", at("/pulls/9/files"), json=files, headers=DATE)
        assert pulls.files_of(client, 9) == ("a", "c")


@pytest.mark.parametrize(
    "answer, found",
    [
        ({"type": "file", "content": base64.b64encode("é".encode()).decode(), "sha": "b1"}, FileThere("é", "b1")),
        ({"type": "file", "content": "", "sha": "b1"}, FileThere("", "b1")),
        ({"type": "file", "content": None, "sha": "b1"}, FileThere("", "b1")),
        ({"type": "file", "content": base64.b64encode(b"\xff\xfe").decode(), "sha": "b1"}, FileThere(None, "b1")),
        ({"type": "file", "content": "a", "sha": "b1"}, FileThere(None, "b1")),  # no base64
        ({"type": "symlink", "content": "", "sha": "b1"}, None),
        ([{"type": "file"}], None),  # a folder
    ],
)
def test_a_file_of_a_branch_is_text_or_none(client: Client, answer: object, found: FileThere | None) -> None:
    with responses.RequestsMock() as wire:
        wire.add("GET", at("/contents/docs/a%20b.md"), json=answer, headers=DATE)
        assert pulls.file_on(client, "docs/a b.md", "respondby/a") == found


def test_a_proposal_goes_from_its_branch_to_its_text(desk: Desk, writer: Client) -> None:
    head = desk.does("ann", "GET", "/git/ref/heads/main")["object"]["sha"]
    assert pulls.ahead_by(writer, "respondby/a", "main") is None
    assert pulls.create_branch(writer, "respondby/a", head)
    assert not pulls.create_branch(writer, "respondby/a", head)
    assert pulls.ahead_by(writer, "respondby/a", "main") == 0
    assert pulls.commits_ahead(writer, "respondby/a", "main") == ()
    assert pulls.file_on(writer, "a.md", "respondby/a") is None
    pulls.write_file(writer, "a.md", "respondby/a", "one\n", "Say one\n\nAt length.")
    there = pulls.file_on(writer, "a.md", "respondby/a")
    assert there == FileThere("one\n", pulls.blob_of("one\n"))
    pulls.write_file(writer, "a.md", "respondby/a", "two\n", "Say two", there.sha)
    with pytest.raises(Refused):
        pulls.write_file(writer, "a.md", "respondby/a", "three\n", "Say three", there.sha)
    assert pulls.ahead_by(writer, "respondby/a", "main") == 2
    text = {"message": "Say four", "branch": "respondby/a", "content": base64.b64encode(b"four").decode()}
    desk.does("ann", "PUT", "/contents/b.md", text)
    assert pulls.commits_ahead(writer, "respondby/a", "main") == (("ann", "Say four"), ("", "Say two"), ("", "Say one"))
    assert pulls.commits_ahead(writer, "respondby/a", "no-branch") == ()
    made = pulls.open_proposal(writer, "Title", "Text", "respondby/a", "main")
    assert (made.state, made.asked) == ("open", False)
    pulls.edit_proposal(writer, made.number, "Another text")
    assert not pulls.was_asked_for_review(writer, made.number)
    assert pulls.files_of(writer, made.number) == ("a.md", "b.md")
    (found,) = pulls.open_from(writer, "respondby/")
    assert (found.number, found.body) == (made.number, "Another text")
    assert pulls.proposals_from(writer, "respondby/a") == (made,)
