"""An answer at a pager that another system dispatches: the person's own act, kept on the card, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.channels.pagerduty import dedup_key
from respondby.jobs.loop.report import Report
from respondby.jobs.receiving import receive
from respondby.jobs.runs import sweep
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

ANSWERED = (
    POLICY.replace("people: { ann: {}, bob: {} }", "people: { ann: { pager: PANN }, bob: {} }")
    .replace("channels: {", "channels: { phone: { webhook: PHONE, answers: page-answered }, ")
    .replace("commands:", "commands:\n  /ack: { by: staff }")
    .replace("stop: comment by staff", "stop: [/ack by staff, comment by staff]")
    .replace("ladder: [", "ladder: [{ at: start, page: [ann, bob], via: phone }, ")
)


class Paged:
    """A case whose people were paged at nine."""

    def __init__(self, repository: Repository, receiver: Receiver) -> None:
        self.repository, self.receiver = repository, receiver
        repository.opens()
        self.sweep("09:00:00")

    def sweep(self, at: str) -> Report:
        self.repository.at(at)
        desk = replace(self.repository.desk(), secrets={"PHONE": self.receiver.address("webhook", "PHONE")}.get)
        return sweep(desk)

    def dispatched(self, payload: dict[str, Any], at: str = "09:20:00", run: str = "1") -> Report:
        self.repository.at(at)
        event = {"action": "page-answered", "client_payload": payload, "sender": {"login": "relay"}}
        return receive(self.repository.desk(), event, run)

    def key(self, person: str) -> str:
        (key,) = [post.body["key"] for post in self.receiver.posts if post.body["to"] == person]
        return dedup_key(key)

    def kept(self) -> list[tuple[str, int]]:
        """The acts that the record keeps, with how many seconds after the opening they were."""
        kept = self.repository.case().ledger.kept.values()
        return [(one.by, one.at - 1_767_603_600) for one in kept if one.kind == "command"]


@pytest.fixture
def paged(sandbox: Sandbox) -> Iterator[Paged]:
    with Receiver() as receiver:
        yield Paged(Repository.make(sandbox, ANSWERED), receiver)


def test_the_clock_stops_at_the_pagers_time_and_nobody_is_told_at_the_due(paged: Paged) -> None:
    report = paged.dispatched({"key": paged.key("bob"), "by": "PANN", "at": "2026-01-05T09:17:00Z"})
    assert report.failed == []
    assert paged.kept() == [("ann", 17 * 60)]
    paged.sweep("10:30:00")
    assert "late" not in paged.repository.labels()
    assert "done in time" in paged.repository.comments()[0][1]


@pytest.mark.parametrize(
    "payload, who",
    [
        ({"by": "bob"}, "bob"),
        ({"by": "BOB"}, "bob"),
        ({"by": "PSTRANGER"}, "ann"),
        ({}, "ann"),
    ],
)
def test_who_answered_is_a_login_or_a_user_of_the_pager_and_else_who_was_called(
    paged: Paged, payload: dict[str, Any], who: str
) -> None:
    paged.dispatched({"key": paged.key("ann"), **payload})
    assert paged.kept() == [(who, 20 * 60)]


def test_a_system_that_knows_no_key_names_the_case_and_the_person(paged: Paged) -> None:
    assert paged.dispatched({"case": f"{paged.repository.name}#1", "by": "ann"}).failed == []
    assert paged.kept() == [("ann", 20 * 60)]


def test_the_same_dispatch_again_changes_nothing(paged: Paged) -> None:
    payload = {"key": paged.key("ann"), "by": "ann"}
    paged.dispatched(payload)
    before = paged.repository.comments()
    assert paged.dispatched(payload, at="09:40:00", run="2").failed == []
    assert paged.kept() == [("ann", 20 * 60)]
    assert [body for _, body in paged.repository.comments()] == [body for _, body in before]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"key": "acme/other#1/answer/x/start/0/ann"},
        {"case": "acme/other#1", "by": "ann"},
        {"by": "ann"},
        {"key": 7},
    ],
)
def test_what_answers_no_page_is_a_failure_that_says_what_to_send(paged: Paged, payload: dict[str, Any]) -> None:
    (why,) = paged.dispatched(payload).failed
    assert "answers no page that went out: send client_payload with the page's `key`" in why
    assert paged.kept() == []
