"""Laws 2 and 5 for alerts, over HTTP: each key is one incident and one call, whoever is killed and whoever meets.

A trial is two dispatches: three keys fire at once, some of them twice; then one is over, and one fires for the first
time. A run that is killed before it has written its dispatch down is run again, as a failed job is; of one that had
written it down, a sweep makes good what is missing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.faults.hooks import KillAt, Killed
from tests.laws import fire
from tests.laws.fire import Receiver, Trial

from respondby.desk.log import Log
from respondby.forge.gathering import gather_open
from respondby.jobs.effects import logbook
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.receiving import receive
from respondby.jobs.runs import sweep
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Under fire
timezone: UTC
people: { ann: {}, bob: {}, tess: {} }
roles: { staff: { people: [ann, bob, tess] }, first: ann, lead: tess }
channels: { pager: { webhook: PAGER } }
fields:
  type: { label: type/ }
  priority: { name: Priority, label: priority/, values: { high: High, normal: Normal } }
forms:
  incident: { name: Incident, about: Broken., choose: [priority], ask: { what: "What?" } }
clocks:
  answer:
    start: opened
    stop: comment by staff
    target: 1h
    ladder: [{ at: start, page: first, via: pager }]
incidents:
  when: { type: incident }
  alerts: { dispatch: alert, source: alertmanager, form: incident, set: { priority: level } }
"""


def alert(key: str, state: str = "firing", at: str = "08:58:00") -> dict[str, Any]:
    ends = f"2026-01-05T{at}Z" if state == "resolved" else "0001-01-01T00:00:00Z"
    return {
        "fingerprint": key,
        "status": state,
        "startsAt": f"2026-01-05T{at}Z",
        "endsAt": ends,
        "labels": {"severity": "high", "alertname": key},
    }


ACTS: tuple[tuple[str, list[dict[str, Any]]], ...] = (
    ("09:00:00", [alert("disk"), alert("mail"), alert("disk"), alert("shop", at="08:59:00"), alert("mail")]),
    ("09:05:00", [alert("mail", "resolved", "09:03:00"), alert("queue", at="09:04:00")]),
)
EXPECTED = {
    "open": ["The log of Under fire", "disk", "mail", "queue", "shop"],
    "labels": [["priority/high", "type/incident"]] * 4,
    "comments": [1, 1, 1, 1],
    "paged": ["ann"] * 4,
    "mitigated": ["mail"],
}


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Sandbox, Receiver]]:
    with Sandbox() as sandbox, fire.receiver() as pager:
        yield sandbox, pager


class Incidents(Trial):
    """A desk that has no requests, and hears alerts."""

    def run(self, number: int, hook: Any = None) -> Report:
        event: Mapping[str, Any] = {"action": "alert", "client_payload": {"alerts": ACTS[number][1]}}
        return receive(self.desk(hook), event, str(number))

    def desk(self, hook: Any = None) -> Desk:
        return Desk(self.client(hook), {"PAGER": self.pager.url}.get)

    def act(self, number: int) -> None:
        self.sandbox.clock(f"2026-01-05T{ACTS[number][0]}Z")

    def written_down(self, number: int) -> bool:
        """Whether the act's dispatch is in the log, whole."""
        gathered = gather_open(self.client())
        log = Log.of(*(case.ledger for case in gathered.cases if logbook.is_log(case)))
        known = {(entry.facts["key"], entry.facts["state"]) for entry in log.of_kind("alert", "alertmanager")}
        return {(one["fingerprint"], one["status"]) for one in ACTS[number][1]} <= known

    def stands(self) -> dict[str, Any]:
        """What people see in the end."""
        _, found = self.sandbox.call("GET", f"/repos/{self.repository}/issues?state=all&per_page=100", self.staff)
        open_ = [issue for issue in found if issue["state"] == "open"]
        cases = [issue for issue in open_ if issue["title"] != "The log of Under fire"]
        texts = {}
        for case in cases:
            _, comments = self.sandbox.call(
                "GET", f"/repos/{self.repository}/issues/{case['number']}/comments", self.staff
            )
            texts[case["title"]] = "".join(comment["body"] for comment in comments)
        return {
            "open": sorted(issue["title"] for issue in open_),
            "labels": [sorted(label["name"] for label in issue["labels"]) for issue in cases],
            "comments": [issue["comments"] for issue in cases],
            "paged": list(dict(self.calls()).values()),
            "mitigated": sorted(title for title, text in texts.items() if "| Mitigated |" in text),
        }


def begin(stage: tuple[Sandbox, Receiver], monkeypatch: pytest.MonkeyPatch) -> Incidents:
    monkeypatch.setattr(fire, "POLICY", POLICY)
    made = fire.begin(*stage)
    token = made.sandbox.token("acme")
    _, issue = made.sandbox.call("GET", f"/repos/{made.repository}/issues/1", token)
    query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { clientMutationId } }"
    made.sandbox.call("POST", "/graphql", token, {"query": query, "variables": {"id": issue["node_id"]}})
    return Incidents(made.sandbox, made.pager, made.repository, made.bot, made.staff, made.first_post)


def test_an_undisturbed_desk_comes_to_rest(stage: tuple[Sandbox, Receiver], monkeypatch: pytest.MonkeyPatch) -> None:
    trial = begin(stage, monkeypatch)
    for number in range(len(ACTS)):
        trial.act(number)
        assert trial.run(number).failed == []
        assert trial.run(number).performed == 0
        assert sweep(trial.desk()).performed == 0
    assert trial.stands() == EXPECTED


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("act", [0, 1])
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
            if number != act or not trial.written_down(number):
                trial.run(number)
            sweep(trial.desk())
            assert sweep(trial.desk()).performed == 0
        assert trial.stands() == EXPECTED, f"killed {when} request {request} of act {act}"
        if not killed:
            assert request > 6, "no run was killed"
            return
    pytest.fail("the runs have more requests than were tried")


@pytest.mark.parametrize("seed", range(4))
def test_two_runs_that_meet_leave_one_incident_a_key(
    stage: tuple[Sandbox, Receiver], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    order = random.Random(seed)
    trial = begin(stage, monkeypatch)
    for number in range(len(ACTS)):
        trial.act(number)
        if number == seed % 2:
            trial.meet(number, [order.randrange(2) for _ in range(120)])
        trial.run(number)
        sweep(trial.desk())
    assert trial.stands() == EXPECTED
