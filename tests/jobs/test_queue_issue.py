"""The queue's issue: kept by the sweep with one write at most, known by its own marker, never a case."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.forge.errors import ForgeError
from respondby.jobs.explaining import NoCase, explained
from respondby.jobs.inputs.sweep_cache import SweepCache
from respondby.jobs.loop.report import Report
from respondby.jobs.queueing import queue_input
from respondby.jobs.report_facts import report_input
from respondby.jobs.runs import run_event, sweep
from respondby.playground.standing import standing
from respondby.reports.queue_standing import MOST
from respondby.sandbox.server import Sandbox

QUEUE = POLICY.replace("desk: Help desk\n", "desk: Help desk\nqueue: { pinned: true }\n").replace(
    "  /close: {", "  /wait: { by: staff }\n  /close: {"
).replace("stop: comment by staff\n", "stop: [comment by staff, closed]\n    pause: waiting\n")  # fmt: skip
WRITES = ("POST", "PATCH", "PUT", "DELETE")


@pytest.fixture
def desk(sandbox: Sandbox) -> Repository:
    made = Repository.make(sandbox, QUEUE)
    made.at("09:00")
    made.opens("carla", "Nothing works")
    return made


def pinned(desk: Repository) -> list[int]:
    owner, name = desk.name.split("/")
    found = "pinnedIssues(first: 9) { nodes { issue { number } } }"
    query = f'{{ repository(owner: "{owner}", name: "{name}") {{ {found} }} }}'
    answer = desk.sandbox.call("POST", "/graphql", desk.sandbox.token("ann"), {"query": query})[1]
    return [node["issue"]["number"] for node in answer["data"]["repository"]["pinnedIssues"]["nodes"]]


def pin(desk: Repository, number: int, act: str = "pinIssue") -> None:
    node = desk.act("ann", "GET", f"/issues/{number}")["node_id"]
    query = f'mutation {{ {act}(input: {{issueId: "{node}"}}) {{ clientMutationId }} }}'
    assert "errors" not in desk.sandbox.call("POST", "/graphql", desk.sandbox.token("ann"), {"query": query})[1]


def issue(desk: Repository, number: int = 2) -> Any:
    return desk.act("ann", "GET", f"/issues/{number}")


def told(report: Report) -> list[str]:
    """What a sweep says that it did to the queue."""
    return [done for case in report.cases for done in case.done if "queue" in done]


def shown(desk: Repository, number: int = 2) -> list[str]:
    """The rows and titles that people see."""
    text = issue(desk, number)["body"].partition("<!--")[0]
    return [line for line in text.splitlines() if line.startswith(("##", "| [", "Nothing", "More"))]


def test_it_is_opened_labelled_and_pinned_and_says_what_to_answer(desk: Repository) -> None:
    report = desk.sweep()
    assert report.failed == []
    assert told(report) == ["open the queue", "pin the queue"]
    made = issue(desk)
    assert (made["title"], [label["name"] for label in made["labels"]]) == ("Help desk: what to answer next", ["queue"])
    assert pinned(desk) == [2]
    assert shown(desk) == [
        "## To answer",
        "| [\\#\u200b1 Nothing works](../issues/1) | Mon 5 Jan 2026, 10:00 | First response | nobody | us |",
    ]


def test_nothing_is_written_where_nothing_changed(desk: Repository) -> None:
    desk.sweep()
    before = issue(desk)
    for time in ("09:05", "09:10", "09:55"):
        desk.at(time)
        assert told(desk.sweep()) == []
    assert issue(desk) == before


def test_a_sweep_writes_it_once_at_most(desk: Repository) -> None:
    desk.sweep()
    desk.at("09:10")
    desk.opens("carla", "Another")
    desk.opens("carla", "And another")
    desk.says("bob", "/wait", 3)
    assert told(desk.sweep()) == ["write the queue"]
    desk.at("10:00")
    assert told(desk.sweep()) == ["write the queue"]  # what ran out is past due now
    assert [line.split("|")[1].strip() if line.startswith("|") else line for line in shown(desk)] == [
        "## Past due",
        "[\\#\u200b1 Nothing works](../issues/1)",
        "## To answer",
        "[\\#\u200b4 And another](../issues/4)",
        "## Waits for somebody else",
        "[\\#\u200b3 Another](../issues/3)",
    ]
    assert told(desk.sweep()) == []


def test_an_empty_desk_says_so(sandbox: Sandbox) -> None:
    made = Repository.make(sandbox, QUEUE)
    made.sweep()
    assert shown(made, 1) == ["Nothing is open."]


def test_it_leaves_no_trace_on_the_cases(desk: Repository) -> None:
    desk.sweep()
    kinds = [event.get("event") for event in desk.act("ann", "GET", "/issues/1/timeline")]
    assert "cross-referenced" not in kinds
    assert "@" not in issue(desk)["body"].partition("<!--")[0]


def test_it_is_never_a_case(desk: Repository) -> None:
    desk.sweep()
    desk.says("carla", "@help is anybody there?", 2)
    report = run_event(desk.desk(), "comment", 2)
    assert (report.performed, report.failed) == (0, [])
    assert [case.number for case in queue_input(desk.desk()).facts.cases] == [1]
    assert [case.number for case in report_input(desk.desk()).facts.cases] == [1]
    desk.at("11:30")
    assert [case.done for case in desk.sweep().cases if case.number == 2] == [["write the queue"]]  # 1 is past due
    assert len(desk.comments(2)) == 1


def test_another_issue_of_the_same_title_is_somebodys_request(desk: Repository) -> None:
    number = desk.opens("carla", "Help desk: what to answer next")
    desk.sweep()
    assert (number, pinned(desk)) == (2, [3])
    assert "first-response" not in issue(desk, 2)["body"]
    assert len(desk.comments(2)) == 1  # it has a card as any request


def test_a_marker_that_somebody_copied_is_no_queue(desk: Repository) -> None:
    desk.sweep()
    number = desk.opens("carla", "Mine", issue(desk)["body"])
    desk.at("09:30")
    desk.sweep()
    assert len(desk.comments(number)) == 1
    assert pinned(desk) == [2]


def test_what_somebody_writes_into_it_is_written_over(desk: Repository) -> None:
    desk.sweep()
    body = issue(desk)["body"]
    for text in ("Emptied", body.replace("Nothing works", "All is well")):
        desk.act("ann", "PATCH", "/issues/2", {"body": text})
        assert told(desk.sweep()) == ["write the queue"]
        assert issue(desk)["body"] == body
        assert told(desk.sweep()) == []


def test_closed_by_hand_it_is_opened_again(desk: Repository) -> None:
    desk.sweep()
    desk.act("ann", "PATCH", "/issues/2", {"state": "closed"})
    desk.at("09:05")
    assert told(desk.sweep()) == ["open the queue again"]
    assert issue(desk)["state"] == "open"
    assert told(desk.sweep()) == []


def test_deleted_it_is_opened_anew(desk: Repository) -> None:
    desk.sweep()
    node = issue(desk)["node_id"]
    query = f'mutation {{ deleteIssue(input: {{issueId: "{node}"}}) {{ clientMutationId }} }}'
    desk.sandbox.member(desk.name, "ann", "OWNER", "admin")
    assert "errors" not in desk.sandbox.call("POST", "/graphql", desk.sandbox.token("ann"), {"query": query})[1]
    assert told(desk.sweep()) == ["open the queue", "pin the queue"]
    assert pinned(desk) == [3]


def test_who_unpins_it_has_decided_so(desk: Repository) -> None:
    desk.sweep()
    pin(desk, 2, "unpinIssue")
    desk.at("09:30")
    desk.opens("carla", "Another")
    assert told(desk.sweep()) == ["write the queue"]
    assert pinned(desk) == []
    pin(desk, 2)
    desk.opens("carla", "And another")
    assert told(desk.sweep()) == ["write the queue"]
    assert pinned(desk) == [2]


def test_three_pinned_issues_are_said_and_nothing_is_lost(desk: Repository) -> None:
    for number in (desk.opens("ann", "One"), desk.opens("ann", "Two"), desk.opens("ann", "Three")):
        pin(desk, number)
    report = desk.sweep()
    (remark,) = [remark for case in report.cases for remark in case.remarks if "pinned" in remark]
    assert "could not be pinned" in remark
    assert "Maximum 3 pinned issues" in remark
    assert "unpin one, or write `queue: { pinned: false }`" in remark
    assert (told(report), report.failed) == (["open the queue"], [])
    assert "| [" in issue(desk, 5)["body"]
    again = desk.sweep()  # it is not asked again before there is something to write
    assert (told(again), [remark for case in again.cases for remark in case.remarks]) == ([], [])
    pin(desk, 2, "unpinIssue")
    desk.at("09:30")
    desk.opens("ann", "Four")
    assert told(desk.sweep()) == ["write the queue, pin the queue"]
    assert pinned(desk) == [3, 4, 5]


def test_the_policy_decides_whether_it_is_pinned_and_how_it_is_labelled(desk: Repository) -> None:
    desk.sweep()
    change = QUEUE.replace("pinned: true", "pinned: false, label: next")
    desk.sandbox.files(desk.name, {".github/support.yml": change})
    assert told(desk.sweep()) == ["write the queue, label the queue, unpin the queue"]
    assert (pinned(desk), desk.labels(2)) == ([], ["next", "queue"])
    assert told(desk.sweep()) == []


def test_without_the_key_it_is_closed_and_with_it_opened_again(desk: Repository) -> None:
    desk.sweep()
    desk.sandbox.files(desk.name, {".github/support.yml": QUEUE.replace("queue: { pinned: true }\n", "")})
    assert told(desk.sweep()) == ["unpin the queue, close the queue"]
    assert (issue(desk)["state"], pinned(desk)) == ("closed", [])
    assert told(desk.sweep()) == []
    desk.sandbox.files(desk.name, {".github/support.yml": QUEUE})
    assert told(desk.sweep()) == ["open the queue again"]
    assert told(desk.sweep()) == []


def test_of_two_queues_the_younger_is_closed(desk: Repository) -> None:
    desk.sweep()
    body = issue(desk)["body"]
    status, twin = desk.sandbox.call("POST", f"/repos/{desk.name}/issues", desk.bot, {"title": "Twin", "body": body})
    assert status == 201
    assert told(desk.sweep()) == [f"close #{twin['number']}, a second queue"]
    assert (issue(desk)["state"], issue(desk, twin["number"])["state"]) == ("open", "closed")
    assert told(desk.sweep()) == []


def test_a_dry_run_and_a_shadow_write_nothing(sandbox: Sandbox) -> None:
    for policy, dry in ((QUEUE, True), (QUEUE.replace("desk: Help", "mode: shadow\ndesk: Help"), False)):
        made = Repository.make(sandbox, policy)
        report = made.sweep(dry=dry)
        assert [remark for case in report.cases for remark in case.remarks] == ["would open it"]
        assert made.act("ann", "GET", "/issues?state=all") == []


@pytest.mark.parametrize("last", range(1, 9))
@pytest.mark.parametrize("first", [True, False], ids=["the one that opens it", "one that writes it"])
def test_a_sweep_that_dies_after_any_of_its_requests_is_made_good_by_the_next(
    desk: Repository, last: int, first: bool
) -> None:
    """The answer to the last one never comes, though it took effect; nothing goes through after it."""
    if not first:
        desk.sweep()
        desk.at("09:30")
        desk.opens("carla", "Another")
    dies = [
        {"match": {"nth": last}, "when": "after", "do": {"cut": True}},
        {"match": {"from": last}, "do": {"cut": True}},
    ]
    desk.sandbox.faults(dies)
    with suppress(ForgeError):
        desk.sweep()
    desk.sandbox.clear_faults()
    assert desk.sweep().failed == []
    desk.at("10:00")
    assert desk.sweep().failed == []
    (ours,) = [one for one in desk.act("ann", "GET", "/issues?state=open") if one["title"].endswith("answer next")]
    assert pinned(desk) == [ours["number"]]
    assert "[\\#\u200b1 Nothing works](../issues/1)" in ours["body"]
    assert ours["labels"][0]["name"] == "queue"
    assert told(desk.sweep()) == []


class Watched:
    """Sweeps with a cache, each with what it read beside the first page."""

    def __init__(self, desk: Repository) -> None:
        self.desk, self.cache = desk, SweepCache(None, "")

    def __call__(self) -> tuple[list[str], int]:
        report = sweep(self.desk.desk(), cache=self.cache)
        assert report.failed == []
        return told(report), report.requests


def test_a_sweep_that_leaves_cases_at_rest_knows_them_from_what_stands(desk: Repository) -> None:
    desk.opens("carla", "Second")
    look = Watched(desk)
    look()
    desk.at("09:20")
    look()
    number = desk.opens("carla", "Third")
    changed, _ = look()
    assert changed == ["write the queue"]
    assert [line.split("](")[0] for line in shown(desk, 3)] == [
        "## To answer",
        "| [\\#\u200b1 Nothing works",
        "| [\\#\u200b2 Second",
        f"| [\\#\u200b{number} Third",
    ]
    desk.at("09:40")
    desk.act("carla", "PATCH", "/issues/2", {"state": "closed"})
    assert look()[0] == ["write the queue"]
    assert [line.split("](")[0] for line in shown(desk, 3)][1:] == [
        "| [\\#\u200b1 Nothing works",
        f"| [\\#\u200b{number} Third",
    ]
    whole = issue(desk, 3)["body"]
    assert told(desk.sweep()) == []  # a sweep that reads everything comes to the same
    assert issue(desk, 3)["body"] == whole


def test_what_is_longer_than_the_issue_is_read_only_where_the_next_row_is_wanted(sandbox: Sandbox) -> None:
    made = Repository.make(sandbox, QUEUE)
    made.at("08:00")
    first = [made.opens("carla", f"Question {number}") for number in range(MOST + 2)]
    look = Watched(made)
    look()
    queue = first[-1] + 1
    assert shown(made, queue)[-1].startswith("More is open")
    assert len([line for line in shown(made, queue) if line.startswith("|")]) == MOST
    made.at("08:20")
    look()
    made.act("carla", "PATCH", f"/issues/{first[-1]}", {"state": "closed"})  # it was not among those that stand
    assert look()[0] == []
    made.act("carla", "PATCH", f"/issues/{first[0]}", {"state": "closed"})
    assert look()[0] == ["write the queue"]
    rows = [line.split("](")[0] for line in shown(made, queue) if line.startswith("|")]
    assert len(rows) == MOST
    assert rows[-1].endswith(f"Question {MOST}")
    whole = issue(made, queue)["body"]
    assert told(made.sweep()) == []
    assert issue(made, queue)["body"] == whole


def test_a_hundred_edits_cost_no_request_to_read(desk: Repository) -> None:
    desk.sweep()
    for number in range(12):
        desk.at(f"09:{number + 10}")
        desk.act("ann", "PATCH", "/issues/1", {"title": f"Nothing works {number}"})
        assert told(desk.sweep()) == ["write the queue"]
    desk.at("09:40")
    quiet = desk.sweep()
    assert quiet.requests == 1


def test_nothing_is_explained_of_it_nor_of_the_log_since_nothing_is_promised_there(desk: Repository) -> None:
    desk.sweep()
    with pytest.raises(NoCase, match="#2 is an issue that the desk keeps for itself, and no case"):
        explained(desk.desk(), 2)
    assert explained(desk.desk(), 1)["clocks"]


def test_a_game_has_no_time_left_there(sandbox: Sandbox) -> None:
    sandbox.clock("2026-01-05T09:00:00Z")
    sandbox.repo("acme", "support", files={".github/support.yml": QUEUE})
    token = sandbox.workflow_token("acme/support", {"issues": "write", "contents": "read"})
    played = Repository(sandbox, "acme/support", token)
    played.opens("carla", "Nothing works")
    played.sweep()
    assert issue(played)["title"] == "Help desk: what to answer next"
    assert standing(sandbox.url, token, {"LOG": "log"}.get, 0).cases.keys() == {1}
