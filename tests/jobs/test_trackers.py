"""What is filed in a tracker is filed beside whatever else a person is told: once a case, and each case for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.jobs.loop.report import Report
from respondby.jobs.page_tests import channels_of
from respondby.jobs.runs import sweep
from respondby.policy.loading.loader import load
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

TRACKING = (
    POLICY.replace(
        "channels: {",
        "channels: { tracker: { webhook: TRACKER, body: open.json, resolve: over.json }, chat: { webhook: CHAT }, ",
    )
    .replace(
        "clocks:",
        "rules:\n  - { when: { type: question }, notify: first, via: chat }\n"
        "  - { when: { type: question }, notify: first, via: tracker }\nclocks:",
    )
    .replace("ladder: [", "ladder: [{ at: start, page: first, via: chat }, ")
)
FILES = {"open.json": '{"about": "{case}", "to": "{to}"}', "over.json": '{"over": "{case}"}'}


class Tracked:
    """A repository whose tracker and chat are a receiver on this machine."""

    def __init__(self, repository: Repository, receiver: Receiver) -> None:
        self.repository, self.receiver = repository, receiver
        self.secrets = {name: receiver.address("webhook", name) for name in ("TRACKER", "CHAT")}

    def sweep(self, at: str) -> Report:
        self.repository.at(f"2026-01-05T{at}Z")
        return sweep(replace(self.repository.desk(), secrets=self.secrets.get))

    def told(self, where: str) -> list[object]:
        """The bodies that came to one of them."""
        return [post.body for post in self.receiver.posts if post.secret == where]


@pytest.fixture
def tracked(sandbox: Sandbox) -> Iterator[Tracked]:
    with Receiver() as receiver:
        repository = Repository.make(sandbox, TRACKING, **FILES)
        yield Tracked(repository, receiver)


def test_a_case_is_filed_although_its_person_is_paged_and_told_at_the_same_time(tracked: Tracked) -> None:
    tracked.repository.opens()
    assert tracked.sweep("09:00:00").failed == []
    case = f"{tracked.repository.name}#1"
    assert tracked.told("TRACKER") == [{"about": case, "to": "ann"}]
    assert [body["verb"] for body in tracked.told("CHAT")] == ["page"]  # type: ignore[index]
    assert tracked.sweep("09:05:00").performed == 0


def test_two_cases_of_one_sweep_are_filed_each_for_itself_and_closed_each_for_itself(tracked: Tracked) -> None:
    tracked.repository.opens()
    tracked.repository.opens()
    tracked.sweep("09:00:00")
    name = tracked.repository.name
    assert tracked.told("TRACKER") == [{"about": f"{name}#{number}", "to": "ann"} for number in (1, 2)]
    tracked.repository.at("09:10:00")
    tracked.repository.act("ann", "PATCH", "/issues/2", {"state": "closed"})
    assert tracked.sweep("09:30:00").failed == []
    assert tracked.told("TRACKER")[2:] == [{"over": f"{name}#2"}]
    assert tracked.sweep("09:40:00").performed == 0


def test_a_test_page_files_nothing() -> None:
    policy = load(TRACKING, files=FILES)
    assert channels_of(policy, "ann", "acme/desk") == ("chat", "log")
