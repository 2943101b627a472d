"""Laws 2 and 5 for duties, over HTTP: each period is one issue and one call, whoever is killed and whoever meets.

A trial is two acts: the desk is new, and a period of a duty comes whose event is missing. After each act an undisturbed
run brings it to rest.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from tests.faults.hooks import Hook
from tests.laws import fire
from tests.laws.fire import Receiver, Trial

from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Under fire
timezone: UTC
people: { ann: {}, bob: {}, tess: {} }
roles: { staff: { people: [ann, bob, tess] }, first: ann, lead: tess }
channels: { pager: { webhook: PAGER } }
duties:
  backup:
    schedule: { every: 1 week, at: tuesday 06:00 }
    owner: first
    silent: true
    expects: dispatch done
    within: 4h
    target: 2h
    ladder: [{ at: start, page: lead, via: pager }]
"""
EXPECTED = {
    "open": ["Backup: Tue 6 Jan 2026", "The log of Under fire"],
    "assigned": [["ann"]],
    "comments": [1],
    "paged": ["tess"],
}


class Duties(Trial):
    """A desk with duties and no requests."""

    POLICY, ASKED = POLICY, False
    ACTS = ("2026-01-05T09:00:00Z", "2026-01-06T10:00:00Z")

    def run(self, number: int, hook: Hook | None = None) -> Report:
        return sweep(self.desk(hook))

    def act(self, number: int) -> None:
        self.sandbox.clock(self.ACTS[number])

    def rest(self, number: int) -> None:
        super().rest(number)
        super().rest(number)

    def stands(self) -> dict[str, Any]:
        """What people see in the end."""
        _, found = self.sandbox.call("GET", f"/repos/{self.repository}/issues?state=all&per_page=100", self.staff)
        open_ = [issue for issue in found if issue["state"] == "open"]
        duties = [issue for issue in open_ if issue["title"] != "The log of Under fire"]
        return {
            "open": sorted(issue["title"] for issue in open_),
            "assigned": [[person["login"] for person in issue["assignees"]] for issue in duties],
            "comments": [issue["comments"] for issue in duties],
            "paged": list(dict(self.calls()).values()),
        }


def test_an_undisturbed_desk_comes_to_rest(stage: tuple[Sandbox, Receiver]) -> None:
    trial = Duties.begin(*stage)
    for number in range(len(Duties.ACTS)):
        trial.act(number)
        assert trial.run(number).failed == []
        assert trial.run(number).performed == 0
    assert trial.stands() == EXPECTED


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_is_killed_at_any_request_opens_nothing_twice_and_loses_nothing(
    stage: tuple[Sandbox, Receiver], when: str
) -> None:
    assert fire.kill_everywhere(partial(Duties.begin, *stage), EXPECTED, 1, when) > 3


@pytest.mark.parametrize("seed", range(4))
def test_two_runs_that_meet_leave_one_issue_a_period(stage: tuple[Sandbox, Receiver], seed: int) -> None:
    trial = Duties.begin(*stage)
    fire.let_two_meet(trial, seed % 2, seed)
    assert trial.stands() == EXPECTED
