"""Issues on project boards: `track`, against the sandbox's Projects over HTTP."""

from __future__ import annotations

import itertools
from base64 import b64decode
from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.jobs.desk import OPENED, POLICY, Repository
from tests.jobs.refused_writes import on_comments

from respondby.desk.results import Tracked
from respondby.forge.client import Client, Patience
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.sandbox.server import Sandbox

BOARD = """
rules: [{ when: { type: [question, unset] }, track: { project: acme/%(board)s, due: Due, of: solution, token: BOARD } }]
"""
SOLVED = """  solution:
    start: opened
    stop: /resolved
    pause: waiting
    target: { priority: { high: 24h, normal: 3 days } }
"""
WAIT = "  /wait: { by: staff }\n  /resume: { by: staff }\n"
_serial = itertools.count(100)


@dataclass
class Boards(Repository):
    """A desk with a project board, and the token for it."""

    board: int = 0
    token: str = ""

    @classmethod
    def build(
        cls, sandbox: Sandbox, change: tuple[str, str] = ("", ""), fields: dict[str, str] | None = None
    ) -> Boards:
        number = next(_serial)
        sandbox.clock(OPENED)
        sandbox.user("acme", "Organization")
        sandbox.team("acme", "boards", ["ann", "acme-board"])
        sandbox.project("acme", "Delivery", {"Due": "DATE"} if fields is None else fields, number=number)
        text = POLICY.replace("  /close:", WAIT + "  /close:") + SOLVED + (BOARD % {"board": number})
        made = Repository.make(sandbox, text.replace(*change, 1) if change[0] else text)
        return cls(made.sandbox, made.name, made.bot, number, sandbox.token("acme-board"))

    def hidden(self) -> Boards:
        """The same desk in a repository that strangers cannot read."""
        policy = self.act("ann", "GET", "/contents/.github/support.yml")["content"]
        name = f"hidden-{self.board}"
        self.sandbox.repo("acme", name, private=True, files={".github/support.yml": b64decode(policy).decode()})
        for login in ("ann", "bob", "carla"):
            self.sandbox.member(f"acme/{name}", login, "MEMBER")
        bot = self.sandbox.workflow_token(f"acme/{name}", {"issues": "write", "contents": "read"})
        return replace(self, name=f"acme/{name}", bot=bot)

    def desk(self, secret: bytes | None = None) -> Desk:
        client = Client(
            self.sandbox.url, self.bot, self.name, pace=None, patience=Patience(tries=2), sleep=lambda _: None
        )
        return Desk(client, {"LOG": "log", "BOARD": self.token}.get, secret)

    def ask(self, query: str, **variables: Any) -> Any:
        """One GraphQL request of somebody who may write to the board."""
        body = {"query": query, "variables": variables}
        _, answer = self.sandbox.call("POST", "/graphql", self.sandbox.token("ann"), body)
        assert "errors" not in answer, answer
        return answer["data"]

    def project(self) -> Any:
        """The board: its id, and its items with their dates and when they were touched."""
        found = self.ask(
            'query($number: Int!) { organization(login: "acme") { projectV2(number: $number) { id items(first: 9) {'
            ' nodes { id updatedAt content { ... on Issue { number } } fieldValueByName(name: "Due") {'
            " ... on ProjectV2ItemFieldDateValue { date } } } } } } }",
            number=self.board,
        )
        return found["organization"]["projectV2"]

    def items(self) -> list[tuple[int, str | None]]:
        """What is on the board: (issue, date)."""
        nodes = self.project()["items"]["nodes"]
        return [(node["content"]["number"], (node["fieldValueByName"] or {}).get("date")) for node in nodes]

    def change(self, mutation: str) -> None:
        """Somebody changes the board or its only item by hand."""
        project = self.project()
        item = project["items"]["nodes"][0]["id"] if project["items"]["nodes"] else ""
        given = f'projectId: "{project["id"]}"' + (f', itemId: "{item}"' if "Item" in mutation else "")
        more = ", closed: true" if mutation == "updateProjectV2" else ""
        self.ask(f"mutation {{ {mutation}(input: {{ {given}{more} }}) {{ clientMutationId }} }}")


def touched(boards: Boards) -> str:
    return str(boards.project()["items"]["nodes"][0]["updatedAt"])


def test_an_issue_is_put_on_the_board_with_its_due_date_and_an_idle_sweep_writes_nothing(sandbox: Sandbox) -> None:
    boards = Boards.build(sandbox)
    boards.opens()
    report = boards.triage()
    assert report.failed == []
    assert f"track in acme/{boards.board}, due 2026-01-08" in report.cases[0].done
    assert boards.items() == [(1, "2026-01-08")]
    boards.at("10:00:00")
    boards.sweep()
    boards.at("10:05:00")
    idle = boards.sweep()
    assert (idle.performed, boards.items(), touched(boards)) == (0, [(1, "2026-01-08")], OPENED)


def test_the_date_moves_with_the_due_in_one_write(sandbox: Sandbox) -> None:
    boards = Boards.build(sandbox)
    boards.opens()
    boards.triage()
    boards.says("ann", "Looking.\n/priority high")
    report = boards.triage()
    assert f"move it in acme/{boards.board}, due 2026-01-06" in report.cases[0].done
    assert boards.items() == [(1, "2026-01-06")]
    boards.at("11:00:00")
    boards.says("ann", "/wait")
    boards.triage()
    boards.at("2026-01-09T11:00:00Z")
    boards.sweep()
    assert boards.items() == [(1, "2026-01-06")], "while it is paused nobody knows when it is due"
    boards.says("carla", "Here is what you asked for")
    boards.triage()
    assert boards.items() == [(1, "2026-01-10")]
    moved = touched(boards)
    boards.at("2026-01-09T12:00:00Z")
    boards.says("ann", "/resolved")
    boards.triage()
    assert (boards.items(), touched(boards)) == ([(1, "2026-01-10")], moved), "a met promise leaves the date as it is"


def test_a_due_at_midnight_belongs_to_the_day_that_ends_then(sandbox: Sandbox) -> None:
    boards = Boards.build(sandbox, ("normal: 3 days", "normal: 63h"))
    boards.opens()
    boards.triage()
    assert boards.items() == [(1, "2026-01-07")]


@pytest.mark.parametrize("by_hand", ["deleteProjectV2Item", "archiveProjectV2Item"])
def test_what_a_person_takes_off_the_board_stays_off(sandbox: Sandbox, by_hand: str) -> None:
    boards = Boards.build(sandbox)
    boards.opens()
    boards.triage()
    boards.change(by_hand)
    stands = boards.items()
    boards.says("ann", "/priority high")
    report = boards.triage()
    assert report.failed == []
    assert f"find it taken off acme/{boards.board}" in report.cases[0].done
    boards.says("ann", "/priority normal")
    report = boards.triage()
    assert (report.failed, boards.items()) == ([], stands)
    assert not any("acme/" in done for done in report.cases[0].done)


def _fails(boards: Boards, said: str) -> None:
    report = boards.triage()
    (failure,) = report.failed
    assert said in failure
    assert len(boards.comments()) == 1, "the card stands: everything else is done"
    assert boards.triage().failed == report.failed, "nothing is forgotten: the next run tries again"


def _mended(boards: Boards) -> None:
    report = boards.triage()
    assert (report.failed, boards.items()) == ([], [(1, "2026-01-08")])
    assert boards.triage().performed == 0


def test_without_its_token_the_run_fails_saying_so_and_goes_on_once_it_is_there(sandbox: Sandbox) -> None:
    boards = Boards.build(sandbox)
    boards.opens()
    _fails(replace(boards, token=""), "the secret BOARD has no value, so nothing can be put on acme/")
    _fails(replace(boards, token="ghp_wrong"), "with the token in BOARD (GitHub does not know it)")
    _fails(replace(boards, token=sandbox.token("acme-board", scopes=["repo"])), "has not been granted the required")
    _fails(replace(boards, token=boards.bot), "Resource not accessible by integration")
    _mended(boards)


def test_no_token_named_is_told_too(sandbox: Sandbox) -> None:
    boards = Boards.build(sandbox, (", token: BOARD", ""))
    boards.opens()
    _fails(boards, "no workflow's own token reaches: store another token as a secret")


@pytest.mark.parametrize(
    "fields, said",
    [
        ({"Deadline": "DATE"}, "has no field “Due”: its date fields are Deadline"),
        ({"Due": "TEXT"}, "the field “Due” of the project acme/%d holds no date: it has no date field"),
    ],
)
def test_a_field_that_is_missing_or_no_date(sandbox: Sandbox, fields: dict[str, str], said: str) -> None:
    boards = Boards.build(sandbox, fields=fields)
    boards.opens()
    _fails(boards, said % boards.board if "%d" in said else said)
    assert boards.items() == []


def test_a_closed_project_and_one_that_is_not_there(sandbox: Sandbox) -> None:
    boards = Boards.build(sandbox)
    boards.opens()
    boards.change("updateProjectV2")
    _fails(boards, f"the project acme/{boards.board} is closed: open it again")
    gone = Boards.build(sandbox, ("project: acme/", "project: nobody-there/"))
    gone.opens()
    _fails(gone, f"there is no project nobody-there/{gone.board} that the token in BOARD may know of")


def test_a_token_that_does_not_see_the_repository(sandbox: Sandbox) -> None:
    boards = Boards.build(sandbox, ("project: acme/", "project: elsewhere-inc/")).hidden()
    boards.opens()
    sandbox.user("elsewhere-inc", "Organization")
    sandbox.team("elsewhere-inc", "boards", ["outsider"])
    sandbox.project("elsewhere-inc", "Theirs", {"Due": "DATE"}, number=boards.board)
    blind = replace(boards, token=sandbox.token("outsider"))
    _fails(blind, f"the token in BOARD sees no issue {boards.name}#1")


def test_a_run_that_dies_after_it_was_put_there_adds_nothing_twice(sandbox: Sandbox) -> None:
    boards = Boards.build(sandbox)
    boards.opens()
    sandbox.faults(on_comments({"status": 403}))
    first: Report = boards.triage()
    sandbox.clear_faults()
    assert first.failed
    boards.sweep()
    assert (boards.items(), boards.sweep().performed) == ([(1, "2026-01-08")], 0)


def test_how_it_stands_on_a_board_is_what_was_written_last() -> None:
    from respondby.desk.records import Record

    put, moved = Tracked("acme/1", "P", "2026-01-08", 10), Tracked("acme/1", "P", "2026-01-06", 20)
    gone = Tracked("acme/1", "P", "2026-01-07", 20, "gone")
    failed = Tracked("acme/1", outcome="failed")
    assert Record("r", 1, 1, results=(moved, put)).tracked == moved
    assert Record("r", 1, 1, results=(gone, put, moved)).tracked == gone
    assert (Record("r", 1, 1, results=(failed,)).untracked, Record("r", 1, 1, results=(failed, put)).pending) == (
        True,
        False,
    )
