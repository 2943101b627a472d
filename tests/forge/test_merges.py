"""Which pull requests are about a case, and when the merge of one counts."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.forge.desks import Desk

from respondby.calendars.instants import parse_time, zone
from respondby.forge import merges
from respondby.forge.client import Client
from respondby.forge.merges import Merged, _merged, first_written, issue_states, issues_there, merged_pulls
from respondby.sandbox.server import Sandbox

HOME = "acme/desk"
MADE, MERGED = "2026-01-05T08:00:00Z", "2026-01-05T09:00:00Z"
AT = {time: parse_time(time, zone("UTC")) for time in (MADE, MERGED)}


def pull(id: str = "PR_1", **more: Any) -> dict[str, Any]:
    """A pull request of the repository itself that ann has merged, as GraphQL tells of it."""
    return {
        "id": id, "createdAt": MADE, "state": "MERGED", "merged": True, "mergedAt": MERGED,
        "mergedBy": {"__typename": "User", "login": "ann"}, "repository": {"nameWithOwner": "Acme/Desk"},
        "isCrossRepository": False, "authorAssociation": "NONE", "files": {"nodes": [{"path": "a.md"}]}, **more,
    }  # fmt: skip


OPEN = {"state": "OPEN", "merged": False, "mergedAt": None, "mergedBy": None}
DONE = Merged("PR_1", AT[MERGED], "ann", ("a.md",))
FORK = {"isCrossRepository": True}


@pytest.mark.parametrize(
    "sources, with_open, found",
    [
        ([], True, []),
        ([{}], True, []),  # what names the case is no pull request
        ([pull()], False, [DONE]),
        ([pull(), pull()], False, [DONE]),  # it names the case twice
        ([pull(repository={"nameWithOwner": "evil/desk"})], True, []),
        ([pull(**OPEN)], False, []),
        ([pull(**OPEN)], True, [Merged("PR_1", AT[MADE], "ghost", ("a.md",), open=True)]),
        ([pull(**OPEN | {"state": "CLOSED"})], True, []),
        ([pull(**OPEN, repository={"nameWithOwner": "evil/desk"})], True, []),
        # A stranger's fork proposes what it likes.
        ([pull(**FORK)], False, [Merged("PR_1", AT[MERGED], "ann", ("a.md",), counts=False)]),
        ([pull(**FORK, authorAssociation="MEMBER")], False, [DONE]),
        ([pull("PR_2"), pull("PR_3", mergedAt=MADE), pull("PR_1")], False,
         [Merged("PR_3", AT[MADE], "ann", ("a.md",)), DONE, Merged("PR_2", AT[MERGED], "ann", ("a.md",))]),
    ],
)  # fmt: skip
def test_which_pull_requests_are_about_a_case(
    sources: list[dict[str, Any]], with_open: bool, found: list[Merged]
) -> None:
    assert list(_merged(sources, HOME, with_open=with_open)) == found


def propose(desk: Desk, path: str, body: str) -> int:
    branch = path.replace(".", "-")
    head = desk.does("ann", "GET", "/git/ref/heads/main")["object"]["sha"]
    desk.does("ann", "POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": head})
    text = {"message": "Write", "branch": branch, "content": base64.b64encode(b"text").decode()}
    desk.does("ann", "PUT", f"/contents/{path}", text)
    return int(
        desk.does("ann", "POST", "/pulls", {"title": path, "head": branch, "base": "main", "body": body})["number"]
    )


@pytest.fixture
def reader(desk: Desk) -> Client:
    grants = {"issues": "read", "contents": "read", "pull-requests": "read"}
    return desk.connect(desk.sandbox.workflow_token(desk.repository, grants))


def test_many_cases_are_asked_of_together_and_one_that_is_gone_has_none(
    desk: Desk, sandbox: Sandbox, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merges, "TOGETHER", 2)
    issues = [desk.opens() for _ in range(5)]
    nodes = [desk.does("ann", "GET", f"/issues/{number}")["node_id"] for number in issues]
    for path, number in (("a.md", issues[0]), ("b.md", issues[4])):
        desk.does("ann", "PUT", f"/pulls/{propose(desk, path, f'Fixes #{number}')}/merge", {})
    propose(desk, "c.md", f"About #{issues[1]}")
    sandbox.member(desk.repository, "olga", "OWNER", "admin")
    desk.asks("olga", f'mutation {{ deleteIssue(input: {{issueId: "{nodes[2]}"}}) {{ clientMutationId }} }}')
    before = reader.requests
    found = merged_pulls(reader, nodes)
    assert reader.requests - before == 3
    assert [[pull.paths for pull in found[node]] for node in nodes] == [[("a.md",)], [], [], [], [("b.md",)]]
    found = merged_pulls(reader, nodes[:2], with_open=True)
    assert [[(pull.paths, pull.open) for pull in found[node]] for node in nodes[:2]] == [
        [(("a.md",), False)],
        [(("c.md",), True)],
    ]


def test_which_numbers_are_issues_and_how_they_stand(desk: Desk, reader: Client) -> None:
    numbers = [desk.opens() for _ in range(4)]
    for number, reason in zip(numbers[1:], ("completed", "not_planned", "duplicate"), strict=True):
        desk.does("ann", "PATCH", f"/issues/{number}", {"state": "closed", "state_reason": reason})
    proposal = propose(desk, "d.md", "Nothing")
    assert issues_there(reader, [*numbers, proposal, 4711]) == {*numbers}
    found = issue_states(reader, [*numbers, proposal, 4711])
    assert {number: (state.open, state.reason) for number, state in found.items()} == {
        numbers[0]: (True, ""),
        numbers[1]: (False, "completed"),
        numbers[2]: (False, "not planned"),
        numbers[3]: (False, "not planned"),  # GitHub tells a duplicate apart only where that is asked for
    }
    assert found[numbers[0]].url.endswith(f"/issues/{numbers[0]}")
    many = range(1, 302)
    before = reader.requests
    assert (issues_there(reader, many), set(issue_states(reader, many))) == ({*numbers}, {*numbers})
    assert reader.requests - before == 4 + 4


def test_a_reopened_issue_has_no_reason(desk: Desk, reader: Client) -> None:
    number = desk.opens()
    for change in ({"state": "closed", "state_reason": "not_planned"}, {"state": "open"}):
        desk.does("ann", "PATCH", f"/issues/{number}", change)
    assert issue_states(reader, [number])[number].reason == ""


def test_a_file_was_first_written_by_whoever_made_its_oldest_commit(desk: Desk, reader: Client) -> None:
    assert first_written(reader, "a.md") is None
    desk.sandbox.member(desk.repository, "olga", "OWNER", "admin")
    for who, at in (("ann", "10:00"), ("olga", "11:00")):
        desk.sandbox.clock(f"2026-01-05T{at}:00Z")
        body = {"message": "Write", "content": base64.b64encode(who.encode()).decode()}
        if who == "olga":
            body["sha"] = desk.does("ann", "GET", "/contents/a.md")["sha"]
        desk.does(who, "PUT", "/contents/a.md", body)
    found = first_written(reader, "a.md")
    assert found is not None
    assert (found.at, found.by, found.paths) == (parse_time("2026-01-05T10:00:00Z", zone("UTC")), "ann", ("a.md",))
