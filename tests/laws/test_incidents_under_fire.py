"""Laws 2 and 5 for alerts, over HTTP: each key is one incident and one call, whoever is killed and whoever meets.

A trial is two dispatches: three keys fire at once, some of them twice; then one is over, and one fires for the first
time. A run that is killed before it has written its dispatch down is run again, as a failed job is; of one that had
written it down, a sweep makes good what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from tests.faults.hooks import Hook
from tests.laws import fire
from tests.laws.fire import Receiver, Trial

from respondby.desk.log import Log
from respondby.forge.gathering import gather_open
from respondby.jobs.effects import logbook
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


#: What is dispatched in each act.
ALERTS = (
    [alert("disk"), alert("mail"), alert("disk"), alert("shop", at="08:59:00"), alert("mail")],
    [alert("mail", "resolved", "09:03:00"), alert("queue", at="09:04:00")],
)
EXPECTED = {
    "open": ["The log of Under fire", "disk", "mail", "queue", "shop"],
    "labels": [["priority/high", "type/incident"]] * 4,
    "comments": [1, 1, 1, 1],
    "paged": ["ann"] * 4,
    "mitigated": ["mail"],
}


class Incidents(Trial):
    """A desk that has no requests, and hears alerts."""

    POLICY, ASKED = POLICY, False
    ACTS = ("09:00:00", "09:05:00")

    def run(self, number: int, hook: Hook | None = None) -> Report:
        event: Mapping[str, Any] = {"action": "alert", "client_payload": {"alerts": ALERTS[number]}}
        return receive(self.desk(hook), event, str(number))

    def rest(self, number: int) -> None:
        """A job that failed is run again; what it had written down before, sweeps make good."""
        if not self.written_down(number):
            super().rest(number)
        assert sweep(self.desk()).failed == []
        assert sweep(self.desk()).performed == 0

    def written_down(self, number: int) -> bool:
        """Whether the act's dispatch is in the log, whole."""
        gathered = gather_open(self.client())
        log = Log.of(*(case.ledger for case in gathered.cases if logbook.is_log(case)))
        known = {(entry.facts["key"], entry.facts["state"]) for entry in log.of_kind("alert", "alertmanager")}
        return {(one["fingerprint"], one["status"]) for one in ALERTS[number]} <= known

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


def test_an_undisturbed_desk_comes_to_rest(stage: tuple[Sandbox, Receiver]) -> None:
    trial = Incidents.begin(*stage)
    for number in range(len(Incidents.ACTS)):
        trial.act(number)
        assert trial.run(number).failed == []
        assert trial.run(number).performed == 0
        assert sweep(trial.desk()).performed == 0
    assert trial.stands() == EXPECTED


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("act", range(len(Incidents.ACTS)))
def test_a_run_that_is_killed_at_any_request_opens_nothing_twice_and_loses_nothing(
    stage: tuple[Sandbox, Receiver], act: int, when: str
) -> None:
    assert fire.kill_everywhere(partial(Incidents.begin, *stage), EXPECTED, act, when) > 6


@pytest.mark.parametrize("seed", range(4))
def test_two_runs_that_meet_leave_one_incident_a_key(stage: tuple[Sandbox, Receiver], seed: int) -> None:
    trial = Incidents.begin(*stage)
    fire.let_two_meet(trial, seed % 2, seed)
    assert trial.stands() == EXPECTED
