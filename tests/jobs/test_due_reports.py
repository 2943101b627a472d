"""Reports that duties ask for: each made once, proposed as a pull request, sent whole, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.jobs.desk import BODY, POLICY, Repository

from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.report_duties import run_reports
from respondby.letters.report.plain import split
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

WEBHOOK = POLICY.replace("channels: {", "channels: { hook: { webhook: HOOK_URL }, chat: { apprise: CHAT_URL },")
MONTHLY = """
duties:
  monthly: { schedule: { every: 1 month, at: 1 09:00 }, do: { report: monthly, to: staff, via: hook } }
"""
DAILY = """
duties:
  sheet: { schedule: { every: 1 day, at: "22:00" }, do: { report: requests, as: csv } }
"""


class Reporting:
    """A repository whose reports are made by runs with the permissions of the workflow."""

    def __init__(self, sandbox: Sandbox, policy: str, receiver: Receiver) -> None:
        self.repository = Repository.make(sandbox, policy)
        permissions = {"issues": "write", "contents": "write", "pull-requests": "write"}
        self.repository.bot = sandbox.workflow_token(self.repository.name, permissions)
        self.receiver = receiver

    def run(self, at: str, *, dry: bool = False) -> Report:
        self.repository.at(at)
        address = {kind: self.receiver.address(kind, kind.upper()) for kind in ("webhook", "apprise")}
        desk: Desk = self.repository.desk()
        secrets = {"HOOK_URL": address["webhook"], "CHAT_URL": address["apprise"]}
        return run_reports(replace(desk, secrets=secrets.get), dry=dry)

    @property
    def pulls(self) -> list[str]:
        return [pull["title"] for pull in self.repository.act("ann", "GET", "/pulls?state=all")]

    def files(self, number: int) -> list[str]:
        return [file["filename"] for file in self.repository.act("ann", "GET", f"/pulls/{number}/files")]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def number_of(reporting: Reporting, title: str) -> int:
    found = reporting.repository.act("ann", "GET", "/pulls?state=all")
    return next(int(pull["number"]) for pull in found if pull["title"] == title)


def test_a_monthly_report_is_made_once_and_sent_to_each(sandbox: Sandbox, receiver: Receiver) -> None:
    reporting = Reporting(sandbox, WEBHOOK + MONTHLY, receiver)
    reporting.repository.act("carla", "POST", "/issues", {"title": "Help", "body": BODY})
    assert reporting.run("2026-01-05T10:00:00Z").performed == 0  # seen for the first time: it counts from now on
    assert reporting.run("2026-02-01T08:59:00Z").performed == 0
    made = reporting.run("2026-02-01T09:40:00Z")
    assert (made.failed, made.performed) == ([], 3)
    assert reporting.pulls == ["Report for January 2026"]
    names = [f"docs/reports/2026-01.{form}" for form in ("csv", "html", "json", "md")]
    assert sorted(reporting.files(number_of(reporting, "Report for January 2026"))) == names
    assert [post.body["to"] for post in receiver.posts] == ["ann", "bob"]
    assert all("AT A GLANCE" in post.body["body"] for post in receiver.posts)
    again = reporting.run("2026-02-01T10:40:00Z")
    assert (again.failed, again.performed, len(receiver.posts)) == ([], 0, 2)


def test_months_that_were_missed_are_made_up_for(sandbox: Sandbox, receiver: Receiver) -> None:
    reporting = Reporting(sandbox, WEBHOOK + MONTHLY, receiver)
    reporting.run("2026-01-05T10:00:00Z")
    assert reporting.run("2026-04-02T10:00:00Z").failed == []
    assert sorted(reporting.pulls) == ["Report for January 2026"]
    number = number_of(reporting, "Report for January 2026")
    assert {path.partition(".")[0] for path in reporting.files(number)} == {
        f"docs/reports/2026-0{month}" for month in (1, 2, 3)
    }


def test_a_month_that_failed_is_made_later_though_the_next_one_was_made(sandbox: Sandbox, receiver: Receiver) -> None:
    reporting = Reporting(sandbox, WEBHOOK + MONTHLY, receiver)
    reporting.run("2026-01-05T10:00:00Z")
    log = reporting.repository.desk()
    reporting.repository.at("2026-03-02T10:00:00Z")
    sandbox.faults([{"match": {"method": "POST", "path": ".*/pulls", "nth": 1}, "do": {"status": 422}}])
    failed = run_reports(log)
    sandbox.clear_faults()
    assert failed.failed
    assert reporting.run("2026-03-02T11:00:00Z").failed == []
    files = {path for pull in reporting.pulls for path in reporting.files(number_of(reporting, pull))}
    assert {path.partition(".")[0] for path in files} == {"docs/reports/2026-01", "docs/reports/2026-02"}
    assert reporting.run("2026-03-02T12:00:00Z").performed == 0


def test_a_daily_report_goes_into_the_pull_request_that_is_open(sandbox: Sandbox, receiver: Receiver) -> None:
    reporting = Reporting(sandbox, POLICY + DAILY, receiver)
    reporting.run("2026-01-05T10:00:00Z")
    for day in (5, 6, 7):
        assert reporting.run(f"2026-01-{day:02}T22:30:00Z").failed == []
    assert len(reporting.pulls) == 1
    assert len(reporting.files(number_of(reporting, reporting.pulls[0]))) == 3


def test_who_could_not_be_reached_is_told_later_and_nobody_twice(sandbox: Sandbox, receiver: Receiver) -> None:
    reporting = Reporting(sandbox, WEBHOOK.replace("HOOK_URL", '"HOOK_{PERSON}"') + MONTHLY, receiver)
    reporting.run("2026-01-05T10:00:00Z")
    desk = reporting.repository.desk()
    only_ann = {"HOOK_ANN": receiver.address("webhook", "ANN")}
    reporting.repository.at("2026-02-01T09:40:00Z")
    failed = run_reports(replace(desk, secrets=only_ann.get))
    assert ["bob could not be sent it" in failure for failure in failed.failed] == [True]
    both = only_ann | {"HOOK_BOB": receiver.address("webhook", "BOB")}
    reporting.repository.at("2026-02-01T10:40:00Z")
    assert run_reports(replace(reporting.repository.desk(), secrets=both.get)).failed == []
    assert [post.body["to"] for post in receiver.posts] == ["ann", "bob"]
    assert reporting.pulls == ["Report for January 2026"]


def test_a_dry_run_writes_nothing(sandbox: Sandbox, receiver: Receiver) -> None:
    reporting = Reporting(sandbox, WEBHOOK + MONTHLY, receiver)
    reporting.run("2026-01-05T10:00:00Z")
    told = reporting.run("2026-02-01T10:00:00Z", dry=True)
    assert [case.remarks for case in told.cases] == [["would make “Report for January 2026”"]]
    assert (reporting.pulls, receiver.posts) == ([], [])


@pytest.mark.parametrize("most", [200, 500, 5_000])
def test_a_long_report_is_split_and_never_cut(most: int) -> None:
    text = "".join(f"line {number} {'x' * (number * 7 % 400)}\n" for number in range(60))
    parts = split(text, most)
    assert "".join(parts) == text
    assert all(len(part) <= most for part in parts)
