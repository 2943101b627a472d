"""Laws 2 and 5 for duties, over HTTP: each period is one issue and one call, whoever is killed and whoever meets.

A trial is two acts: the desk is new, and a period of a duty comes whose event is missing. After each act an undisturbed
run brings it to rest.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from tests.faults.hooks import KillAt, Killed
from tests.laws import fire
from tests.laws.fire import Receiver, Trial

from respondby.jobs.inputs.desk import Desk
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
ACTS = ("2026-01-05T09:00:00Z", "2026-01-06T10:00:00Z")


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Sandbox, Receiver]]:
    with Sandbox() as sandbox, fire.receiver() as pager:
        yield sandbox, pager


class Duties(Trial):
    """A desk with duties and no requests."""

    def run(self, number: int, hook: Any = None) -> Report:
        return sweep(Desk(self.client(hook), {"PAGER": self.pager.url}.get))

    def act(self, number: int) -> None:
        self.sandbox.clock(ACTS[number])

    def stands(self) -> dict[str, Any]:
        """What people see in the end."""
        token = self.sandbox.token("ann")
        _, found = self.sandbox.call("GET", f"/repos/{self.repository}/issues?state=all&per_page=100", token)
        open_ = [issue for issue in found if issue["state"] == "open"]
        duties = [issue for issue in open_ if issue["title"] != "The log of Under fire"]
        return {
            "open": sorted(issue["title"] for issue in open_),
            "assigned": [[person["login"] for person in issue["assignees"]] for issue in duties],
            "comments": [issue["comments"] for issue in duties],
            "paged": list(dict(self.calls()).values()),
        }


def begin(stage: tuple[Sandbox, Receiver], monkeypatch: pytest.MonkeyPatch) -> Duties:
    monkeypatch.setattr(fire, "POLICY", POLICY)
    made = fire.begin(*stage)
    token = made.sandbox.token("acme")
    _, issue = made.sandbox.call("GET", f"/repos/{made.repository}/issues/1", token)
    query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { clientMutationId } }"
    made.sandbox.call("POST", "/graphql", token, {"query": query, "variables": {"id": issue["node_id"]}})
    return Duties(made.sandbox, made.pager, made.repository, made.bot, made.staff, made.first_post)


EXPECTED = {
    "open": ["Backup: Tue 6 Jan 2026", "The log of Under fire"],
    "assigned": [["ann"]],
    "comments": [1],
    "paged": ["tess"],
}


def test_an_undisturbed_desk_comes_to_rest(stage: tuple[Sandbox, Receiver], monkeypatch: pytest.MonkeyPatch) -> None:
    trial = begin(stage, monkeypatch)
    for number in range(len(ACTS)):
        trial.act(number)
        assert trial.run(number).failed == []
        assert trial.run(number).performed == 0
    assert trial.stands() == EXPECTED


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("act", [1])
def test_a_run_that_is_killed_at_any_request_opens_nothing_twice_and_loses_nothing(
    stage: tuple[Sandbox, Receiver], monkeypatch: pytest.MonkeyPatch, act: int, when: str
) -> None:
    for request in range(40):
        trial = begin(stage, monkeypatch)
        killed = False
        for number in range(len(ACTS)):
            trial.act(number)
            if number == act:
                try:
                    trial.run(number, KillAt(request, when))
                except Killed:
                    killed = True
            trial.run(number)
            trial.run(number)
        assert trial.stands() == EXPECTED, f"killed {when} request {request} of act {act}"
        if not killed:
            assert request > 3, "no run was killed"
            return
    pytest.fail("the runs have more requests than were tried")


@pytest.mark.parametrize("seed", range(4))
def test_two_runs_that_meet_leave_one_issue_a_period(
    stage: tuple[Sandbox, Receiver], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    order = random.Random(seed)
    trial = begin(stage, monkeypatch)
    for number in range(len(ACTS)):
        trial.act(number)
        if number == seed % 2:
            trial.meet(number, [order.randrange(2) for _ in range(80)])
        trial.run(number)
        trial.run(number)
    assert trial.stands() == EXPECTED
