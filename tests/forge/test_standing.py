"""What is read of a repository beside its cases: how it stands, what is pinned, its issues' texts, its boards."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import responses

from respondby.desk import markers
from respondby.desk.case import Mark
from respondby.forge import projects
from respondby.forge.client import Client
from respondby.forge.pinned import PinnedIssue, pinned_issues
from respondby.forge.projects import Field, Project
from respondby.forge.standing import read_standing
from respondby.forge.texts import IssueText, issue_texts

T = TypeVar("T")

NINE = 1767603600
DATE = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}
MISSING = {"type": "NOT_FOUND", "message": "Could not resolve to a node", "path": ["node"]}
LAST = {"hasNextPage": False, "endCursor": None}


def asked(ask: Callable[[Client], T], *answers: dict[str, Any]) -> tuple[T, list[dict[str, Any]]]:
    """What is made of these answers, and the variables of each query."""
    client = Client("https://api.example.test", "token", "acme/desk", pace=None)
    with responses.RequestsMock() as wire:
        for answer in answers:
            wire.add("POST", "https://api.example.test:443/graphql", json=answer, headers=DATE)
        found = ask(client)
        return found, [json.loads(call.request.body or "")["variables"] for call in wire.calls]


def label(name: str, text: str | None = None) -> dict[str, Any]:
    return {"name": name, "color": "ff0000", "description": text}


def standing(**more: Any) -> dict[str, Any]:
    facts = {
        "nameWithOwner": "Acme/Desk", "isPrivate": True, "isArchived": False, "hasIssuesEnabled": True,
        "pushedAt": "2026-01-05T08:00:00Z", "defaultBranchRef": {"name": "main", "target": {"oid": "c0ffee"}},
        "policy": None, "fileForms": None, "fileWorkflows": None,
        "labels": {"nodes": [label("late", "Too late")], "pageInfo": LAST},
        "waiting": {"totalCount": 0, "nodes": []}, "touched": {"nodes": []}, **more,
    }  # fmt: skip
    return {"data": {"viewer": {"login": "desk[bot]"}, "repository": facts}}


def test_how_a_repository_stands() -> None:
    found, _ = asked(read_standing, standing(touched={"nodes": [{"number": 9}]}))
    assert (found.now, found.repository, found.viewer) == (NINE, "Acme/Desk", "desk[bot]")
    assert (found.private, found.archived, found.has_issues, found.pushed_at) == (True, False, True, NINE - 3600)
    assert (found.default_branch, found.commit, found.labels) == ("main", "c0ffee", {"late": ("ff0000", "Too late")})
    assert (found.waiting, found.oldest, found.touched) == (0, None, 9)
    empty, _ = asked(read_standing, standing(pushedAt=None, defaultBranchRef=None))
    assert (empty.pushed_at, empty.default_branch, empty.commit, empty.touched) == (None, None, None, None)


def test_all_its_labels_are_read() -> None:
    first = {"nodes": [label("late")], "pageInfo": {"hasNextPage": True, "endCursor": "C1"}}
    second = {"data": {"repository": {"labels": {"nodes": [label("b")], "pageInfo": LAST}}}}
    found, variables = asked(read_standing, standing(labels=first), second)
    assert (list(found.labels), variables[1]["after"]) == (["late", "b"], "C1")


def issue(by: str | None, kind: str = "Bot", at: str = "08:00") -> dict[str, Any]:
    author = None if by is None else {"__typename": kind, "login": by}
    return {"author": author, "createdAt": f"2026-01-05T{at}:00Z"}


@pytest.mark.parametrize(
    "issues, more, waiting, oldest",
    [
        ([issue("carla", "User")], 0, 1, -3600),
        ([issue("carla", "User", "07:00"), issue("carla", "User")], 5, 7, -7200),
        # The desk's own are nobody who waits, by whichever of its accounts.
        ([issue("desk"), issue("github-actions"), issue("github-actions[bot]")], 0, 0, None),
        ([issue("desk", at="06:00"), issue("carla", "User")], 3, 4, -3600),
        ([issue("desk", "User")], 0, 1, -3600),  # a person of that name
        ([issue("gateway")], 0, 1, -3600),
        ([issue(None)], 0, 1, -3600),  # the account is gone
    ],
)
def test_who_waits_is_counted_without_what_the_desk_has_opened(
    issues: list[dict[str, Any]], more: int, waiting: int, oldest: int | None
) -> None:
    found, _ = asked(read_standing, standing(waiting={"totalCount": len(issues) + more, "nodes": issues}))
    assert (found.waiting, found.oldest) == (waiting, None if oldest is None else NINE + oldest)


QUEUE = markers.write_mark(Mark("queue", {}), "R_1")


@pytest.mark.parametrize(
    "body, queue",
    [
        (f"The queue.\n\n{QUEUE}", True),
        ("The queue.", False),
        (markers.write_mark(Mark("queue", {}), "R_2"), False),  # another repository's
        (markers.write_mark(Mark("duty", {}), "R_1"), False),
        (QUEUE.replace('"queue"', '"query"'), False),  # of a newer desk
    ],
)
def test_what_is_pinned_and_whether_it_is_the_queue(body: str, queue: bool) -> None:
    pinned = {"nodes": [{"issue": {"number": 3, "title": "Now", "body": body}}, None]}
    found, _ = asked(pinned_issues, {"data": {"repository": {"id": "R_1", "pinnedIssues": pinned}}})
    assert found == (PinnedIssue(3, "Now", queue),)


def texts(first: int, last: int, cursor: str | None) -> dict[str, Any]:
    found = [
        {"number": one, "title": f"T{one}", "body": "b", "url": f"https://x.test/{one}", "viewerDidAuthor": one == 2}
        for one in range(first, last + 1)
    ]
    page = {"hasNextPage": cursor is not None, "endCursor": cursor}
    return {"data": {"repository": {"issues": {"nodes": found, "pageInfo": page}}}}


@pytest.mark.parametrize(
    "most, pages, numbers",
    [
        (9, [(1, 3, None)], [1, 2, 3]),
        (9, [(1, 3, "C1"), (4, 5, None)], [1, 2, 3, 4, 5]),
        (4, [(1, 3, "C1"), (4, 5, "C2")], [1, 2, 3, 4]),
        (3, [(1, 3, "C1")], [1, 2, 3]),  # no more is asked for
    ],
)
def test_so_many_texts_are_read_and_no_more(
    most: int, pages: list[tuple[int, int, str | None]], numbers: list[int]
) -> None:
    found, variables = asked(lambda client: issue_texts(client, most), *(texts(*page) for page in pages))
    assert [one.number for one in found] == numbers
    assert found[1] == IssueText(2, "T2", "b", "https://x.test/2", True)
    assert [one["after"] for one in variables] == [None, "C1"][: len(pages)]


FIELDS = {"nodes": [{"id": "F_1", "name": "Due", "dataType": "DATE"}, {}, None]}
BOARD = {"id": "PVT_1", "closed": False, "fields": FIELDS}


@pytest.mark.parametrize(
    "owner, errors, found",
    [
        ({"projectV2": BOARD}, [], Project("PVT_1", False, (Field("F_1", "Due", "DATE"),))),
        ({"projectV2": BOARD | {"closed": True, "fields": {"nodes": None}}}, [], Project("PVT_1", True, ())),
        ({"projectV2": None}, [MISSING], None),
        ({}, [], None),
        (None, [MISSING], None),
    ],
)
def test_a_board_is_found_where_the_token_may_know_of_it(
    owner: dict[str, Any] | None, errors: list[dict[str, Any]], found: Project | None
) -> None:
    answer = {"data": {"repositoryOwner": owner}} | ({"errors": errors} if errors else {})
    assert asked(lambda client: projects.find_project(client, "acme", 3), answer)[0] == found


def test_a_field_goes_by_any_case_of_its_name() -> None:
    board = Project("PVT_1", False, (Field("F_1", "Due", "DATE"), Field("F_2", "Start", "DATE")))
    assert board.field("DUE") == board.fields[0]
    assert board.field("start") == board.fields[1]
    assert board.field("end") is None


@pytest.mark.parametrize(
    "node, there", [({"isArchived": False}, True), ({"isArchived": True}, False), ({}, False), (None, False)]
)
def test_an_item_is_on_its_board_unless_it_is_archived_or_gone(node: dict[str, Any] | None, there: bool) -> None:
    answer = {"data": {"node": node}} | ({"errors": [MISSING]} if node is None else {})
    assert asked(lambda client: projects.is_on_board(client, "PVTI_1"), answer)[0] is there


def test_a_date_is_set_unless_the_item_is_gone() -> None:
    def sets(client: Client) -> bool:
        return projects.set_date(client, "PVT_1", "PVTI_1", "F_1", "2026-12-24")

    done, variables = asked(sets, {"data": {"updateProjectV2ItemFieldValue": {"projectV2Item": {"id": "PVTI_1"}}}})
    assert (done, variables[0]["day"]) == (True, "2026-12-24")
    assert not asked(sets, {"data": {"updateProjectV2ItemFieldValue": None}, "errors": [MISSING]})[0]
    put, _ = asked(
        lambda client: projects.add_issue(client, "PVT_1", "I_1"),
        {"data": {"addProjectV2ItemById": {"item": {"id": "PVTI_1"}}}},
    )
    assert put == "PVTI_1"
