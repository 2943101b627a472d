"""A locked issue: people are called once all the same, the log keeps it, and what waits is done once it is unlocked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.jobs.desk import BODY, POLICY, Repository

from respondby.desk.case import Case
from respondby.forge.gathering import gather_open
from respondby.jobs.effects.logbook import is_log
from respondby.jobs.loop.report import Report
from respondby.jobs.report_facts import report_input
from respondby.jobs.runs import run_event, sweep
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

RUNG = "{ at: due, label: late, page: first, via: pager, comment: Late. }"
PAGING = (
    POLICY.replace("channels: {", "channels: { pager: { pagerduty: PAGER }, ")
    .replace("{ at: due, label: late, notify: first }", RUNG)
    .replace("people: { ann: {}, bob: {} }", "people: { ann: {}, bob: {} }")
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


def swept(repository: Repository, receiver: Receiver, at: str, *, event: bool = False) -> Report:
    repository.at(at)
    desk = replace(repository.desk(), secrets={"PAGER": receiver.address("pagerduty", "PAGER")}.get)
    return run_event(desk, "comment", 1) if event else sweep(desk)


def test_people_are_paged_once_about_a_locked_issue_and_the_rest_waits(sandbox: Sandbox, receiver: Receiver) -> None:
    repository = Repository.make(sandbox, PAGING)
    repository.opens(body=BODY)
    swept(repository, receiver, "09:01:00")
    repository.act("acme", "PUT", "/issues/1/lock")
    before = repository.comments()
    report = swept(repository, receiver, "10:00:00")
    assert report.failed == []
    assert [post.body["dedup_key"].endswith("/due/0/ann") for post in receiver.posts] == [True]
    assert any("is locked" in remark for case in report.cases for remark in case.remarks)
    assert repository.comments() == before
    for at in ("10:01:00", "10:30:00"):
        assert swept(repository, receiver, at).failed == []
    assert swept(repository, receiver, "10:31:00", event=True).performed == 0
    assert len(receiver.posts) == 1, "the log keeps who was called"
    assert [len(case.pages) for case in report_input(repository.desk()).facts.cases] == [1], "a report knows of it"
    (log,) = [case for case in _cases(repository) if is_log(case)]
    assert "locked" in {kept.kind for kept in log.ledger.kept.values()}
    assert all("ann" not in body.partition("<!--")[0] for _, body in repository.comments(log.number))
    repository.act("acme", "DELETE", "/issues/1/lock")
    assert swept(repository, receiver, "10:40:00").failed == []
    assert len(receiver.posts) == 1
    assert "late" in repository.labels()
    assert [body for _, body in repository.comments() if "Late." in body] != []
    assert swept(repository, receiver, "10:41:00").performed == 0
    assert any(key.endswith("/due/0") for key in repository.case().ledger.records), "the card has it now"


def _cases(repository: Repository) -> list[Case]:
    return list(gather_open(repository.desk().client).cases)
