"""Cases that are read by themselves: again, all there are, or one of a repository that is no desk."""

from __future__ import annotations

import pytest
import responses
from tests.forge.desks import POLICY, Desk

from respondby.desk import markers
from respondby.desk.keys import Keys, Use
from respondby.desk.ledger import EMPTY
from respondby.forge import paging, writing
from respondby.forge.again import LATER
from respondby.forge.client import Client
from respondby.forge.errors import CaseGone, KeyReturned, RepositoryMissing, TooHeavy
from respondby.forge.gathering import (
    Gathered,
    Identity,
    gather_again,
    gather_all,
    gather_case,
    gather_issue,
    gather_open,
)
from respondby.forge.nodes import Us

NINE = 1767603600
US = Us("github-actions[bot]")


class Seen:
    """What is told of how far a reading is."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.had: list[tuple[int, int]] = []

    def asks(self, doing: str) -> None:
        self.asked.append(doing)

    def has(self, done: int, of: int) -> None:
        self.had.append((done, of))


def delete(desk: Desk, number: int) -> None:
    desk.sandbox.member(desk.repository, "olga", "OWNER", "admin")
    node = desk.does("olga", "GET", f"/issues/{number}")["node_id"]
    desk.asks("olga", f'mutation {{ deleteIssue(input: {{issueId: "{node}"}}) {{ clientMutationId }} }}')


def spoil(desk: Desk, number: int) -> None:
    """The card of a later version, which cannot be read."""
    case = desk.does("ann", "GET", f"/issues/{number}")["node_id"]
    text = markers.write("card", case, "", EMPTY).replace('"v":2', '"v":99')
    writing.create_comment(desk.client, number, text)


def test_cases_are_read_again_in_one_request_and_each_is_told_of(desk: Desk) -> None:
    good, gone, spoilt, edited = (desk.opens() for _ in range(4))
    delete(desk, gone)
    spoil(desk, spoilt)
    desk.sandbox.clock("2026-01-05T09:30:00Z")
    before = desk.client.requests
    found = gather_again(desk.client, [good, gone, spoilt, edited], US)
    assert desk.client.requests - before == 1
    assert (found.now, sorted(found.cases), sorted(found.failed), found.gone) == (
        NINE + 1800, [good, edited], [spoilt], {gone},
    )  # fmt: skip
    assert found.cases[good].ref == f"{desk.repository}#{good}"
    assert "update respondby" in found.failed[spoilt]
    alone = gather_again(desk.client, [spoilt], US)
    assert (sorted(alone.cases), sorted(alone.failed), alone.gone) == ([], [spoilt], set())


@pytest.mark.parametrize(
    "numbers, faults, requests",
    [
        (1, 1, 2),  # one is read again with less of it
        (2, 1, 1 + 2),
        (3, 1, 1 + 2),
        (4, 1, 1 + 2),
        (4, 2, 1 + 1 + 2 + 1),
    ],
)
def test_what_is_too_heavy_together_is_read_in_halves(desk: Desk, numbers: int, faults: int, requests: int) -> None:
    opened = [desk.opens() for _ in range(numbers)]
    desk.sandbox.faults([{"match": {"path": "/graphql", "times": faults}, "do": {"status": 502}}])
    before = desk.client.requests
    found = gather_again(desk.client, opened, US)
    assert (sorted(found.cases), found.failed, found.gone) == (opened, {}, set())
    assert desk.client.requests - before == requests


def test_what_is_too_heavy_alone_fails_alone_and_says_which(desk: Desk) -> None:
    numbers = [desk.opens() for _ in range(2)]
    desk.sandbox.faults([{"match": {"path": "/graphql"}, "do": {"status": 502}}])
    found = gather_again(desk.client, numbers, US)
    assert (found.now, found.cases, sorted(found.failed), found.gone) == (LATER, {}, numbers, set())
    for number in numbers:
        assert f"reading {desk.repository}#{number}" in found.failed[number]
    before = desk.client.requests
    gather_again(desk.client, numbers[:1], US)
    assert desk.client.requests - before == 5  # of 100, 50, 25, 12 and 6 happenings
    with pytest.raises(TooHeavy):
        gather_case(desk.client, numbers[0])
    assert desk.client.requests - before == 5 + 5


@pytest.mark.parametrize("numbers, told", [(3, "3 cases of {0}"), (2, "2 cases of {0}"), (1, "{0}#1")])
def test_who_waits_is_told_what_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch, numbers: int, told: str) -> None:
    seen = Seen()
    monkeypatch.setattr(desk.client, "progress", seen)
    gather_again(desk.client, [desk.opens() for _ in range(numbers)], US)
    assert seen.asked == [f"reading {told.format(desk.repository)}"]


def test_a_repository_that_is_gone_is_told_of_all(desk: Desk) -> None:
    desk.client.repository = "acme/nowhere"
    with pytest.raises(RepositoryMissing):
        gather_again(desk.client, [1, 2], US)


def test_an_issue_that_goes_while_the_rest_of_it_is_read_is_gone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_ITEMS", 1)
    first, second = desk.opens(), desk.opens()
    for number in (first, second):
        desk.says("carla", number, "one")
        desk.says("carla", number, "two")
    query = Client.graphql

    def goes(client: Client, *args, **more):
        answer = query(client, *args, **more)
        monkeypatch.setattr(Client, "graphql", query)
        delete(desk, first)
        return answer

    monkeypatch.setattr(Client, "graphql", goes)
    found = gather_again(desk.client, [first, second], US)
    assert (sorted(found.cases), found.failed, found.gone) == ([second], {}, {first})
    monkeypatch.setattr(Client, "graphql", lambda *args, **more: goes(*args, **more))
    first = second
    with pytest.raises(CaseGone):
        gather_issue(desk.client, second, Identity())


def test_an_issue_of_a_repository_that_is_no_desk_is_read_with_all_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "_ITEMS", 2)
    number = desk.opens(title="Printer")
    for text in range(5):
        desk.says("carla", number, str(text))
    desk.edits("carla", desk.says("carla", number, "before"), "after")
    mine = writing.create_comment(desk.client, number, "ours")
    found = gather_issue(desk.client, number, Identity())
    assert (found.ref, found.title, found.author.login) == (f"{desk.repository}#{number}", "Printer", "carla")
    texts = [[revision.text for revision in moment.revisions] for moment in found.moments[1:]]
    assert texts[:6] == [*([str(text)] for text in range(5)), ["before", "after"]]
    assert [moment.ours for moment in found.moments] == [*[False] * 7, True]
    assert found.moments[-1].source == mine.node_id
    with pytest.raises(CaseGone, match=f"{desk.repository}#4711"):
        gather_issue(desk.client, 4711, Identity())


def test_an_issue_too_heavy_for_a_page_is_read_with_less_of_it(desk: Desk) -> None:
    number = desk.opens()
    desk.sandbox.faults([{"match": {"path": "/graphql", "times": 4}, "do": {"status": 502}}])
    before = desk.client.requests
    assert gather_issue(desk.client, number, Identity()).number == number
    assert desk.client.requests - before == 5
    desk.sandbox.clear_faults()
    desk.sandbox.faults([{"match": {"path": "/graphql"}, "do": {"status": 502}}])
    before = desk.client.requests
    with pytest.raises(TooHeavy):
        gather_issue(desk.client, number, Identity())
    assert desk.client.requests - before == 5  # of 100, 50, 25, 12 and 6 happenings


def test_all_cases_come_page_by_page_newest_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_ISSUES", 2)
    numbers = [desk.opens() for _ in range(5)]
    desk.does("ann", "PATCH", f"/issues/{numbers[1]}", {"state": "closed"})
    spoil(desk, numbers[0])
    seen = Seen()
    monkeypatch.setattr(desk.client, "progress", seen)
    pages: list[Gathered] = []
    for page in gather_all(desk.client):
        pages.append(page)
        desk.sandbox.clock("2026-01-05T09:30:00Z")
    assert [[case.number for case in page.cases] for page in pages] == [[4, 5], [2, 3], []]
    assert [[ref for ref, _ in page.failed] for page in pages] == [[], [], [f"{desk.repository}#1"]]
    assert [page.requests for page in pages] == [1, 2, 3]
    assert {(page.now, page.policy.text, page.repository) for page in pages} == {(NINE, POLICY, desk.repository)}
    assert seen.had == [(2, 5), (4, 5), (5, 5)]


def test_all_cases_of_a_desk_without_any_are_one_empty_page(desk: Desk) -> None:
    (page,) = gather_all(desk.client)
    assert (page.cases, page.failed, page.requests) == ((), (), 1)


CURRENT, BEFORE = b"the key in use", b"the key before it"


def signed(desk: Desk, number: int, keys: Keys | bytes) -> None:
    case = desk.does("ann", "GET", f"/issues/{number}")["node_id"]
    writing.create_comment(desk.client, number, markers.write("say", case, "", EMPTY, secret=keys))


@pytest.mark.parametrize(
    "on_the_case, on_another, use, requests",
    [
        # A case that nobody has written on tells nothing, and needs nothing.
        ([], [Keys(CURRENT, use=Use(100, 50))], Use(NINE, NINE), 1),
        ([Keys(CURRENT, use=Use(100, 50))], [], Use(100, 50), 1),
        # What an old key has signed does not tell since when the new one is in use: the other cases do.
        ([BEFORE], [Keys(CURRENT, use=Use(100, 50))], Use(100, 0), 2),
        ([BEFORE], [], Use(NINE, 0), 2),
        ([Keys(BEFORE, use=Use(70, 60)), Keys(CURRENT, use=Use(100, 100))], [], Use(100, 60), 1),
    ],
)
def test_since_when_a_key_is_in_use_is_told_by_what_it_has_signed(
    desk: Desk, on_the_case: list[Keys | bytes], on_another: list[Keys | bytes], use: Use, requests: int
) -> None:
    case, another = desk.opens(), desk.opens()
    for number, keys in ((case, on_the_case), (another, on_another)):
        for one in keys:
            signed(desk, number, one)
    keys = Keys(CURRENT, (BEFORE,))
    found = gather_case(desk.client, case, identify=lambda _: Identity(secret=keys))
    assert isinstance(found.us.secret, Keys)
    assert (found.us.secret.use, found.requests) == (use, requests)
    together = gather_open(desk.client, identify=lambda _: Identity(secret=keys))
    assert together.requests == 1


def test_a_key_that_was_replaced_and_comes_back_is_refused(desk: Desk) -> None:
    number = desk.opens()
    home = gather_open(desk.client).us.home
    replaced = Keys(CURRENT, (BEFORE,)).in_use([], [], NINE, (), home)
    signed(desk, number, replaced)
    for keys in (Keys(BEFORE, (CURRENT,)), Keys(BEFORE)):
        with pytest.raises(KeyReturned):
            gather_case(desk.client, number, identify=lambda _, keys=keys: Identity(secret=keys))
    for keys in (Keys(CURRENT, (BEFORE,)), Keys(CURRENT)):  # what was replaced stays so
        found = gather_case(desk.client, number, identify=lambda _, keys=keys: Identity(secret=keys))
        assert isinstance(found.us.secret, Keys)
        assert found.us.secret.replaced == replaced.replaced


def test_a_repository_that_was_renamed_is_written_to_by_its_new_name(desk: Desk) -> None:
    facts = {
        "id": "R_1",
        "nameWithOwner": "acme/renamed",
        "isPrivate": False,
        "defaultBranchRef": {"name": "trunk", "target": {"oid": "c0ffee", "committedDate": "2026-01-05T08:00:00Z"}},
        "policy": None,
        "labels": {"nodes": [{"id": "L_1", "name": "Late", "color": "ff0000", "description": None}],
                   "pageInfo": {"hasNextPage": False}},
        "open": {"totalCount": 0, "nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}},
    }  # fmt: skip
    with responses.RequestsMock() as wire:
        answer = {"data": {"viewer": {"login": "me"}, "repository": facts}}
        date = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}
        wire.add("POST", f"{desk.sandbox.url}/graphql", json=answer, headers=date)
        found = gather_open(desk.client)
    assert desk.client.repository == found.repository == "acme/renamed"
    assert (found.default_branch, found.commit, found.committed) == ("trunk", "c0ffee", NINE - 3600)
    assert (found.labels, found.label_ids) == ({"Late": ("ff0000", "")}, {"late": "L_1"})
    assert (found.us.viewer, found.us.home) == ("me", "R_1")
