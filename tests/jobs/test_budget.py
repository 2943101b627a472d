"""What a sweep may write is planned against what its token has left: the most urgent first, the rest comes next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.jobs.desk import POLICY, Repository

from respondby.desk.results import Mentioned
from respondby.forge.client import Client, Patience
from respondby.forge.pace import Pace
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep
from respondby.sandbox.server import Sandbox
from respondby.sandbox.serving.limits import GITHUB, Rules

#: Those of `high` priority mention Ann when they are due; the others get a label.
TEXT = POLICY.replace(
    "ladder: [{ at: due, label: late, notify: first }]",
    "when: { priority: high }\n    ladder: [{ at: due, label: late, notify: first }]\n"
    "  quiet: { start: opened, stop: comment by staff, target: 1h, ladder: [{ at: due, label: slow }] }",
)
HIGH = "### Priority\n\nHigh\n\n### What?\n\nAll is down.\n"
NORMAL = "### Priority\n\nNormal\n\n### What?\n\nHow do I log in?\n"


@pytest.fixture
def limited(sandbox: Sandbox) -> Iterator[Sandbox]:
    yield sandbox
    sandbox.limits(None)


class Busy:
    """A desk whose cases come due at ten; those of `urgent` mention somebody."""

    def __init__(self, sandbox: Sandbox, urgent: list[bool]) -> None:
        self.repository = Repository.make(sandbox, TEXT)
        self.urgent = {number for number, one in enumerate(urgent, start=1) if one}
        self.all = range(1, len(urgent) + 1)
        for one in urgent:
            self.repository.opens(body=HIGH if one else NORMAL)
        self.repository.at("09:01:00")
        self.repository.sweep()

    def sweep(self, at: str, pace: Pace | None = None) -> Report:
        """One sweep of a run that waits for nothing."""
        self.repository.at(at)
        client = Client(
            self.repository.sandbox.url, self.repository.bot, self.repository.name, pace=pace,
            patience=Patience(tries=2, longest_wait=30), sleep=lambda _: None, monotonic=lambda: 0.0,
        )  # fmt: skip
        return sweep(Desk(client, {"LOG": "log"}.get))

    def done(self) -> set[int]:
        """The cases whose step was taken."""
        late = {number: {"late", "slow"} & set(self.repository.labels(number)) for number in self.all}
        return {number for number, labels in late.items() if labels}

    def mentions(self, number: int) -> int:
        """How often Ann was mentioned on a case."""
        return sum("@ann" in body for _, body in self.repository.comments(number))


def test_what_calls_somebody_comes_first_and_the_rest_in_the_next_run(limited: Sandbox) -> None:
    busy = Busy(limited, [False] * 8 + [True] * 3)
    limited.limits(Rules(requests_an_hour=16))
    report = busy.sweep("10:00:00")
    assert busy.urgent <= busy.done() < set(busy.all)
    (remark,) = [remark for remark in report.remarks if "left to the next run" in remark]
    assert "of its 16 requests left until 2026-01-05T11:00:00Z; nobody is to be called about them" in remark
    assert report.failed == []
    left = set(busy.all) - busy.done()
    assert {case.number for case in report.cases if case.next == report.now and not case.done} == left
    limited.limits(None)
    assert busy.sweep("10:05:00").failed == []
    assert busy.done() == set(busy.all)
    assert [busy.mentions(number) for number in sorted(busy.urgent)] == [1, 1, 1]


def test_somebody_who_is_not_called_for_that_is_a_failure(limited: Sandbox) -> None:
    busy = Busy(limited, [True] * 6)
    limited.limits(Rules(requests_an_hour=14))
    report = busy.sweep("10:00:00")
    assert 0 < len(busy.done()) < 6
    (failure,) = report.failed
    assert "somebody is to be called about" in failure
    first_left = min(set(busy.all) - busy.done())
    assert f"{busy.repository.name}#{first_left}" in failure


def test_a_pace_that_is_used_up_leaves_the_rest(limited: Sandbox) -> None:
    busy = Busy(limited, [False] * 6)
    report = busy.sweep("10:00:00", Pace(burst=10, seconds=0.001, minute=80, hour=4))
    assert len(busy.done()) == 3  # the label itself was made first
    assert report.failed == []
    assert any("4 of them are left" in remark for remark in report.remarks)


def test_an_hour_that_is_over_soon_is_waited_for(limited: Sandbox) -> None:
    busy = Busy(limited, [False] * 5)
    limited.limits(Rules(requests_an_hour=6))
    report = busy.sweep("10:59:45")  # 30 seconds of patience
    assert not any("left to the next run" in remark for remark in report.remarks)


def test_with_room_enough_nothing_is_left(limited: Sandbox) -> None:
    busy = Busy(limited, [True, False, False])
    limited.limits(GITHUB)
    assert busy.sweep("10:00:00").remarks == []
    assert busy.done() == {1, 2, 3}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.booleans(), min_size=1, max_size=9), st.integers(4, 40), st.integers(8, 60))
def test_whatever_is_left_of_the_hour_each_step_is_taken_once_in_the_end(
    limited: Sandbox, urgent: list[bool], first: int, second: int
) -> None:
    busy = Busy(limited, urgent)
    for hour, requests in (("10", first), ("11", second)):
        limited.limits(Rules(requests_an_hour=requests))
        report = busy.sweep(f"{hour}:00:00")
        done, failed = busy.done(), " ".join(report.failed)
        assert busy.urgent <= done or "called about" in failed or "rate limit" in failed
        if not busy.urgent <= done and not busy.urgent & done and "rate limit" not in failed:
            assert not done - busy.urgent, "nobody's label comes before somebody's call"
        limited.limits(None)
    busy.sweep("12:00:00")
    assert busy.sweep("12:05:00").performed == 0
    assert busy.done() == set(busy.all)
    assert [busy.mentions(number) for number in sorted(busy.urgent)] == [1] * len(busy.urgent)
    for number in busy.urgent:
        results = [one for record in busy.repository.case(number).ledger.records.values() for one in record.results]
        assert sum(isinstance(one, Mentioned) for one in results) == 1
