"""Gathering: what a run learns, and in how many requests."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import responses
from tests.forge.desks import GRANTS, POLICY, Desk

from respondby.desk import markers
from respondby.desk.case import Case
from respondby.desk.ledger import Ledger
from respondby.forge import paging, queries, writing
from respondby.forge.errors import CaseGone, NotGranted, RepositoryMissing, TooHeavy
from respondby.forge.gathering import Identity, PolicyText, gather_case, gather_open
from respondby.forge.intake import Intake
from respondby.forge.nodes import Us

NINE = 1767603600


def card(desk: Desk, number: int, text: str = "card") -> str:
    case = desk.does("ann", "GET", f"/issues/{number}")["node_id"]
    return f"{text}\n" + markers.write("card", case, "d1", Ledger())


def test_one_case_comes_in_one_request_with_the_policy_and_the_repository(desk: Desk) -> None:
    writing.ensure_label(desk.client, "priority/high", "ff0000", "Now")
    number = desk.opens(title="Printer", body="on fire")
    found = gather_case(desk.client, number)
    assert (found.requests, found.now, found.repository, found.private) == (1, NINE, desk.repository, False)
    assert (found.policy.text, found.policy.problem) == (POLICY, None)
    assert found.labels == {"priority/high": ("ff0000", "Now")}
    assert found.default_branch == "main"
    assert found.commit is not None
    (case,) = found.cases
    assert (case.ref, case.title, case.author.login, case.open) == (
        f"{desk.repository}#{number}",
        "Printer",
        "carla",
        True,
    )


def test_now_is_the_clock_of_the_first_answer_whatever_comes_later(desk: Desk) -> None:
    number = desk.opens()
    desk.edits("carla", desk.says("carla", number, "one"), "two")

    def move(_: PolicyText) -> Identity:
        desk.sandbox.clock("2026-01-05T10:00:00Z")
        return Identity()

    found = gather_case(desk.client, number, identify=move)
    assert (found.requests, found.now) == (2, NINE)


def test_two_hundred_and_fifty_idle_cases_come_in_three_requests(desk: Desk) -> None:
    for _ in range(250):
        desk.opens()
    found = gather_open(desk.client, closed_within=3600)
    assert (len(found.cases), found.requests) == (250, 3)
    assert [case.number for case in found.cases] == list(range(1, 251))


def test_our_own_rewritten_cards_cost_no_further_request(desk: Desk) -> None:
    for _ in range(3):
        number = desk.opens()
        comment = writing.create_comment(desk.client, number, card(desk, number))
        writing.edit_comment(desk.client, comment.id, card(desk, number, "newer"))
    found = gather_open(desk.client)
    assert found.requests == 1
    assert [(case.cards[0].digest, case.cards[0].tampered) for case in found.cases] == [("d1", False)] * 3


def test_the_edits_of_many_cases_come_in_one_request(desk: Desk) -> None:
    for _ in range(5):
        number = desk.opens()
        desk.edits("carla", desk.says("carla", number, "first"), "second")
        desk.does("carla", "PATCH", f"/issues/{number}", {"body": "It broke again."})
    found = gather_open(desk.client)
    assert found.requests == 2
    for case in found.cases:
        opened, comment = case.moments
        assert [revision.text for revision in opened.revisions] == ["It broke.", "It broke again."]
        assert [revision.text for revision in comment.revisions] == ["first", "second"]


def test_the_edits_of_many_pages_come_in_one_request_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_ISSUES", 2)
    for _ in range(5):
        desk.edits("carla", desk.says("carla", desk.opens(), "first"), "second")
    found = gather_open(desk.client)
    assert (len(found.cases), found.requests) == (5, 3 + 1)


@pytest.mark.parametrize(
    "was_edited, states, kept", [(True, ("closed", "open"), ["Another title"]), (False, ("open", "closed"), [])]
)
def test_of_an_issue_that_came_twice_the_later_text_counts(
    desk: Desk, was_edited: bool, states: tuple[str, str], kept: list[str]
) -> None:
    number = desk.opens()
    comment = desk.says("carla", number, "first")
    if was_edited:  # then it waits for its edits
        desk.edits("carla", comment, "second")

    def closed_ones(cases: Sequence[Case]) -> set[int]:
        return {case.number for case in cases if not case.open}

    owner, name = desk.repository.split("/")
    variables = {"owner": owner, "name": name, "items": 100, "number0": number}
    intake = Intake(paging.Pages(desk.client), desk.repository, Us("github-actions[bot]"), closed_ones)
    for state in states:
        desk.does("ann", "PATCH", f"/issues/{number}", {"state": state})
        data, _ = desk.client.graphql(queries.cases(1), variables, doing="reading")
        intake.take([data["repository"]["case0"]])
        desk.does("ann", "PATCH", f"/issues/{number}", {"title": "Another title"})
        if was_edited:
            desk.does("carla", "DELETE", f"/issues/comments/{comment}")
            was_edited = False
    intake.finish()
    assert [case.title for case in intake.cases] == kept


def test_what_was_let_go_is_not_among_the_cases(desk: Desk) -> None:
    for _ in range(3):
        desk.opens()
    nothing = (), (), 0
    found = gather_open(
        desk.client,
        looking=lambda about: lambda _: {2} if (about.cases, about.failed, about.requests) == nothing else (),
    )
    assert [case.number for case in found.cases] == [1, 3]


def test_closed_cases_come_along_as_far_back_as_asked(desk: Desk) -> None:
    for number, at in enumerate(["2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z", "2026-01-05T00:00:00Z"], start=1):
        desk.sandbox.clock(at)
        desk.opens()
        if number < 3:
            desk.does("ann", "PATCH", f"/issues/{number}", {"state": "closed"})
    desk.sandbox.clock("2026-01-05T09:00:00Z")
    assert [case.number for case in gather_open(desk.client).cases] == [3]
    assert [case.number for case in gather_open(desk.client, closed_within=2 * 86_400).cases] == [2, 3]
    assert [case.number for case in gather_open(desk.client, closed_within=9 * 86_400).cases] == [1, 2, 3]


def test_closed_cases_are_read_no_further_back_than_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_ISSUES", 2)
    for hour in range(9):
        desk.sandbox.clock(f"2026-01-05T0{hour}:00:00Z")
        desk.does("carla", "PATCH", f"/issues/{desk.opens()}", {"state": "closed"})
    desk.sandbox.clock("2026-01-05T09:00:00Z")
    found = gather_open(desk.client, closed_within=3 * 3600)
    assert [case.number for case in found.cases] == [7, 8, 9]
    assert found.requests == 2


def test_pages_follow_each_other_for_issues_timelines_labels_and_edits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "_ISSUES", 2)
    monkeypatch.setattr(paging, "_ITEMS", 3)
    numbers = [desk.opens() for _ in range(5)]
    for number in (numbers[0], numbers[3]):
        for text in range(8):
            desk.says("carla", number, str(text))
    many = desk.says("carla", numbers[1], "edit 0")
    for edit in range(1, 52):
        desk.edits("carla", many, f"edit {edit}")
    for label in range(101):
        desk.does("ann", "POST", "/labels", {"name": f"label-{label}"})
    found = gather_open(desk.client)
    assert [case.number for case in found.cases] == numbers
    assert [[r.text for m in case.moments[1:] for r in m.revisions[:1]] for case in found.cases] == [
        [str(text) for text in range(8)],
        ["edit 0"],
        [],
        [str(text) for text in range(8)],
        [],
    ]
    assert [revision.text for revision in found.cases[1].moments[1].revisions] == [f"edit {edit}" for edit in range(52)]
    assert len(found.labels) == 101


@pytest.mark.parametrize("status", [502, 504])
def test_a_page_that_github_gives_up_on_is_halved_and_not_repeated(desk: Desk, status: int) -> None:
    numbers = [desk.opens() for _ in range(30)]
    desk.sandbox.faults([{"match": {"path": "/graphql", "times": 3}, "do": {"status": status}}])
    found = gather_open(desk.client)
    assert [case.number for case in found.cases] == numbers
    # 100, 50 and 25 fail; two pages of 12 and one of 6 are left to read 30.
    assert found.requests == 3 + 3
    assert desk.slept == []


def test_issues_are_halved_before_what_is_read_of_each_and_both_to_an_end(desk: Desk) -> None:
    pages = paging.Pages(desk.client)
    sizes = []

    def read() -> None:
        sizes.append((pages.issues, pages.items))
        raise TooHeavy("reading", "502")

    with pytest.raises(TooHeavy):
        pages.shrinking(read)
    issues = [(size, 100) for size in (100, 50, 25, 12, 6, 3, 1)]
    assert sizes == [*issues, (1, 50), (1, 25), (1, 12), (1, 6)]


def test_a_query_that_fails_at_its_smallest_says_so(desk: Desk) -> None:
    number = desk.opens()
    desk.sandbox.faults([{"match": {"path": "/graphql"}, "do": {"status": 502}}])
    with pytest.raises(TooHeavy, match=r"githubstatus\.com"):
        gather_case(desk.client, number)
    assert desk.client.requests < 10


def test_many_edits_are_read_in_halves_where_github_gives_up_on_them(desk: Desk) -> None:
    for _ in range(4):
        number = desk.opens()
        desk.edits("carla", desk.says("carla", number, "first"), "second")
    desk.sandbox.faults([{"match": {"path": "/graphql", "nth": 2}, "do": {"status": 502}}])
    found = gather_open(desk.client)
    assert found.requests == 1 + 1 + 2
    assert all(case.moments[1].revisions[0].text == "first" for case in found.cases)


def test_a_history_that_cannot_be_read_at_all_fails_the_gather(desk: Desk) -> None:
    number = desk.opens()
    desk.edits("carla", desk.says("carla", number, "first"), "second")
    desk.sandbox.faults([{"match": {"path": "/graphql", "from": 2}, "do": {"status": 502}}])
    with pytest.raises(TooHeavy, match="reading edited comments"):
        gather_case(desk.client, number)


def test_an_issue_that_is_not_there_is_gone(desk: Desk) -> None:
    number = desk.opens()
    node = gather_case(desk.client, number).cases[0].node_id
    desk.sandbox.member(desk.repository, "olga", "OWNER", "admin")
    desk.asks("olga", f'mutation {{ deleteIssue(input: {{issueId: "{node}"}}) {{ clientMutationId }} }}')
    for missing in (number, 4711):
        with pytest.raises(CaseGone, match=f"{desk.repository}#{missing}"):
            gather_case(desk.client, missing)


@pytest.mark.parametrize(
    "does, missed",
    [
        ("closes 1", set()),
        ("closes 6", {6}),  # it was on no page: it had not come up, and went to one that had been read
        ("opens", set()),
        ("reopens 7", set()),
        ("touches 7", {7}),
        ("deletes 2", set()),
    ],
)
def test_pages_that_shift_while_they_are_read_double_nothing_and_lose_nothing_for_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, does: str, missed: set[int]
) -> None:
    """Three issues a page: 1 to 6 are open, 7 to 12 were closed, 7 first; it happens between two pages."""
    monkeypatch.setattr(paging, "_ISSUES", 3)
    for number in range(1, 13):
        desk.sandbox.clock(f"2026-01-05T09:{number:02}:00Z")
        assert desk.opens() == number
    for number in range(7, 13):
        desk.sandbox.clock(f"2026-01-05T09:{20 + number}:00Z")
        desk.does("ann", "PATCH", f"/issues/{number}", {"state": "closed"})
    desk.sandbox.clock("2026-01-05T10:00:00Z")
    verb, _, number = does.partition(" ")

    def happens(_: PolicyText) -> Identity:  # it is asked for once the first page is there
        if verb == "opens":
            desk.opens()
        elif verb == "touches":
            desk.says("ann", int(number), "Hm.")
        elif verb == "deletes":
            desk.sandbox.member(desk.repository, "olga", "OWNER", "admin")
            node = desk.does("ann", "GET", f"/issues/{number}")["node_id"]
            desk.asks("olga", f'mutation {{ deleteIssue(input: {{issueId: "{node}"}}) {{ clientMutationId }} }}')
        else:
            desk.does("ann", "PATCH", f"/issues/{number}", {"state": "closed" if verb == "closes" else "open"})
        return Identity()

    found = gather_open(desk.client, closed_within=86_400, identify=happens)
    numbers = [case.number for case in found.cases]
    assert len(numbers) == len(set(numbers))
    assert found.failed == ()
    assert set(range(1, 13)) - set(numbers) == missed
    again = gather_open(desk.client, closed_within=86_400)
    assert missed <= {case.number for case in again.cases}


def test_an_issue_that_is_deleted_between_two_requests_is_left_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_ITEMS", 1)
    first, second = desk.opens(), desk.opens()
    for number in (first, second):
        desk.says("carla", number, "one")
        desk.says("carla", number, "two")
    node = gather_case(desk.client, first).cases[0].node_id
    desk.sandbox.member(desk.repository, "olga", "OWNER", "admin")

    def delete(_: PolicyText) -> Identity:
        desk.asks("olga", f'mutation {{ deleteIssue(input: {{issueId: "{node}"}}) {{ clientMutationId }} }}')
        return Identity()

    found = gather_open(desk.client, identify=delete)
    assert [case.number for case in found.cases] == [second]
    assert found.failed == ()


def test_a_comment_that_is_deleted_before_its_edits_are_read_has_the_text_that_was_seen(desk: Desk) -> None:
    number = desk.opens()
    comment = desk.says("carla", number, "first")
    desk.edits("carla", comment, "second")

    def delete(_: PolicyText) -> Identity:
        desk.does("carla", "DELETE", f"/issues/comments/{comment}")
        return Identity()

    (case,) = gather_case(desk.client, number, identify=delete).cases
    assert [revision.text for revision in case.moments[1].revisions] == ["second"]


def test_a_record_of_a_newer_version_fails_its_case_and_no_other(desk: Desk) -> None:
    good, bad = desk.opens(), desk.opens()
    newer = card(desk, bad).replace('"v":2', '"v":99')
    writing.create_comment(desk.client, bad, newer)
    found = gather_open(desk.client)
    assert [case.number for case in found.cases] == [good]
    ((ref, why),) = found.failed
    assert ref == f"{desk.repository}#{bad}"
    assert "update respondby" in why


def test_a_repository_without_commits_has_no_policy_and_no_commit(desk: Desk) -> None:
    empty = {
        "viewer": {"login": "me"},
        "repository": {
            "id": "R_1",
            "nameWithOwner": "acme/new",
            "isPrivate": True,
            "defaultBranchRef": None,
            "policy": None,
            "labels": {"nodes": [], "pageInfo": {"hasNextPage": False}},
            "open": {"totalCount": 0, "nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}},
        },
    }
    with responses.RequestsMock() as wire:
        date = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}
        wire.add("POST", f"{desk.sandbox.url}/graphql", json={"data": empty}, headers=date)
        found = gather_open(desk.client)
    assert (found.repository, found.private, found.default_branch, found.commit) == ("acme/new", True, None, None)
    assert (found.policy, found.cases) == (PolicyText(None), ())


@pytest.mark.parametrize(
    "text, problem",
    [("a: \0 1", "not text"), ("x" * 600_000, "too large")],
    ids=["binary", "truncated"],
)
def test_a_policy_that_is_no_readable_text_says_what_is_wrong(sandbox, text: str, problem: str) -> None:
    desk = Desk(sandbox, files={".github/support.yml": text})
    policy = gather_open(desk.client).policy
    assert policy.text is None
    assert problem in (policy.problem or "")


def test_a_policy_that_is_a_folder_says_so(sandbox) -> None:
    desk = Desk(sandbox, files={".github/support.yml/oops": "x"})
    assert "not a file" in (gather_open(desk.client).policy.problem or "")


def test_a_repository_that_does_not_exist_says_what_to_check(desk: Desk) -> None:
    desk.client.repository = "acme/nowhere"
    with pytest.raises(RepositoryMissing, match="GITHUB_REPOSITORY"):
        gather_open(desk.client)


def test_a_private_repository_without_the_permission_names_it(sandbox) -> None:
    desk = Desk(sandbox, private=True)
    number = desk.opens("ann")
    token = sandbox.workflow_token(desk.repository, {name: grant for name, grant in GRANTS.items() if name != "issues"})
    with pytest.raises(NotGranted, match="issues: read"):
        gather_case(desk.connect(token), number)
