"""Alerts as they are received: one incident a key, nothing dropped, and few requests however many come at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.jobs.desk import Repository

from respondby.desk.log import Log
from respondby.forge.gathering import gather_open
from respondby.jobs.effects import logbook
from respondby.jobs.loop.report import Report
from respondby.jobs.receiving import receive
from respondby.jobs.runs import sweep
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: UTC
people: { ann: {}, bob: {} }
roles: { staff: { people: [ann, bob] }, first: ann }
channels: { pager: { console: LOG } }
fields:
  type: { label: type/ }
  severity: { label: severity/, set-by: staff, values: { high: High, low: Low } }
forms:
  incident:
    name: Incident
    about: Broken.
    ask: { what: "What?", where: { ask: "Where?", optional: true }, since: { ask: "Since?", optional: true } }
clocks:
  answer:
    when: { type: incident }
    start: opened
    stop: comment by staff
    target: 15m
    ladder: [{ at: start, page: first, via: pager }]
incidents:
  when: { type: incident }
  reopen-within: 10m
  alerts:
    - dispatch: alertmanager
      source: alertmanager
      form: incident
      answers: { what: summary, where: link }
      set: { severity: { from: level, values: { critical: high } } }
    - { dispatch: own, map: .github/alerts/own.yml, form: incident, answers: { what: summary, since: at } }
    - { dispatch: wrong, source: nagios, form: incident }
"""

OWN = """
source: own
about: Our own
key: $.payload.name
state: { path: $.payload.is, firing: [bad], resolved: [good] }
summary: $.payload.name
at: $.payload.at
examples: [{ says: one, payload: '{"name": "a", "is": "bad"}', alerts: [{ key: a, state: firing }] }]
"""


@pytest.fixture
def desk(sandbox: Sandbox) -> Repository:
    return Repository.make(sandbox, POLICY, **{".github/alerts/own.yml": OWN})


def dispatched(desk: Repository, name: str, payload: object, run: str = "1") -> Report:
    return receive(desk.desk(), {"action": name, "client_payload": payload, "sender": {"login": "ann"}}, run)


def group(*alerts: dict[str, Any]) -> dict[str, Any]:
    return {"alerts": list(alerts)}


def alert(
    fingerprint: str, status: str = "firing", *, starts: str = "2026-01-05T08:50:00Z", **more: Any
) -> dict[str, Any]:
    ends = "2026-01-05T08:55:00Z" if status == "resolved" else "0001-01-01T00:00:00Z"
    return {"fingerprint": fingerprint, "status": status, "startsAt": starts, "endsAt": ends, **more}


def incidents(desk: Repository) -> list[dict[str, Any]]:
    found = desk.act("ann", "GET", "/issues?state=all&per_page=100&direction=asc")
    return [issue for issue in found if issue["title"] != "The log of Help desk"]


def called(desk: Repository) -> int:
    """How many calls all cards record."""
    cases = gather_open(desk.desk().client, closed_within=10**9).cases
    return sum(len(record.results) for case in cases for record in case.ledger.records.values())


def entries(desk: Repository, kind: str) -> list[str]:
    gathered = gather_open(desk.desk().client, closed_within=10**9)
    log = Log.of(*(case.ledger for case in gathered.cases if logbook.is_log(case)))
    return [entry.facts.get("why", entry.facts.get("key", "")) for entry in log.entries.values() if entry.kind == kind]


def test_an_alert_whose_incident_owes_something_soon_starts_a_watch(sandbox: Sandbox) -> None:
    files = {".github/workflows/watch.yml": "on: workflow_dispatch\njobs: {}\n"}
    policy = POLICY.replace("via: pager }]", "via: pager }, { at: due, label: late }]") + "watch: {}\n"
    made = Repository.make(sandbox, policy, **files)
    granted = {"issues": "write", "contents": "read", "actions": "write"}
    made = replace(made, bot=sandbox.workflow_token(made.name, granted))
    event = {"action": "alertmanager", "client_payload": group(alert("a")), "sender": {"login": "ann"}}
    report = receive(replace(made.desk(), wakes=True), event, "1")
    started = [one for one in sandbox.deliveries() if one["event"] == "workflow_dispatch"]
    assert (len(started), report.failed) == (1, [])


def test_an_alert_opens_an_incident_that_reads_as_if_its_form_had_been_filled_in(desk: Repository) -> None:
    report = dispatched(
        desk,
        "alertmanager",
        group(
            alert(
                "a",
                labels={"severity": "critical"},
                annotations={"summary": "Shop <down> @ann /close"},
                generatorURL="https://p.example/g",
            )
        ),
    )

    assert report.failed == []
    [issue] = incidents(desk)
    assert issue["title"] == "Shop <down> @ann /close"
    assert issue["body"].startswith(
        "### What?\n\nShop &lt;down&gt; @\u200bann /close\n\n### Where?\n\nhttps:\u200b//p.example/g"
    )
    assert {label["name"] for label in issue["labels"]} == {"type/incident", "severity/high"}
    assert issue["state"] == "open", "what an alert says is nobody's command"


def test_the_same_alert_again_opens_nothing_and_calls_nobody(desk: Repository) -> None:
    for run in ("1", "2", "2"):
        dispatched(desk, "alertmanager", group(alert("a")), run)
    sweep(desk.desk())

    assert len(incidents(desk)) == 1
    assert called(desk) == 1


def test_alerts_of_one_key_from_two_sources_are_two_incidents_and_of_two_keys_in_one_event_too(
    desk: Repository,
) -> None:
    dispatched(desk, "alertmanager", group(alert("a"), alert("b")))
    dispatched(desk, "own", {"name": "a", "is": "bad"}, "2")

    assert len(incidents(desk)) == 3


def test_what_cannot_be_read_is_in_the_log_with_its_reason_and_the_rest_is_opened(desk: Repository) -> None:
    report = dispatched(desk, "alertmanager", group(alert("a"), alert("b", status="purple"), {"status": "firing"}))

    assert len(incidents(desk)) == 1
    assert entries(desk, "alert not read") == [
        "alert 2 of 3: its state “purple” is not in the map; known are `firing`, `resolved`",
        "alert 3 of 3: it has no key: `$.alert.fingerprint` finds no text",
    ]
    [failure] = report.failed
    assert failure.startswith(
        "the dispatch `alertmanager` brought 2 that could not be read, and the desk's log keeps why:"
    )


@pytest.mark.parametrize(
    "name, files, why",
    [
        ("wrong", {".github/alerts/own.yml": OWN}, "incidents.alerts: no map of alerts is called “nagios”; there are"),
        ("own", {}, "incidents.alerts names the map .github/alerts/own.yml, and there is no such file: add it"),
        (
            "own",
            {".github/alerts/own.yml": OWN.replace("$.payload.name", "name")},
            "cannot be used: “name” is not a JSONPath",
        ),
        ("own", {".github/alerts/own.yml": "a: [b"}, "the map .github/alerts/own.yml cannot be used: "),
    ],
    ids=["no such source", "no such file", "a broken path", "no YAML"],
)
def test_an_alert_whose_map_cannot_be_used_is_in_the_log_and_fails_the_run(
    sandbox: Sandbox, name: str, files: dict[str, str], why: str
) -> None:
    desk = Repository.make(sandbox, POLICY, **files)

    report = dispatched(desk, name, {"name": "a", "is": "bad"})

    assert any(why in failure for failure in report.failed), report.failed
    assert [found for found in entries(desk, "alert not read") if why in found]


def test_an_incident_that_was_over_before_it_was_heard_of_is_opened_in_either_order(desk: Repository) -> None:
    dispatched(desk, "alertmanager", group(alert("a", "resolved")))
    dispatched(desk, "alertmanager", group(alert("a")), "2")
    dispatched(desk, "alertmanager", group(alert("b")), "3")
    dispatched(desk, "alertmanager", group(alert("b", "resolved")), "4")

    first, second = incidents(desk)
    assert first["state"] == second["state"] == "open"


def test_a_re_fire_opens_a_closed_incident_again_soon_and_another_one_late(desk: Repository) -> None:
    dispatched(desk, "alertmanager", group(alert("a")))
    dispatched(desk, "alertmanager", group(alert("a", "resolved")), "2")
    [issue] = incidents(desk)
    desk.act("ann", "PATCH", f"/issues/{issue['number']}", {"state": "closed"})

    desk.sandbox.clock("2026-01-05T09:03:00Z")
    dispatched(desk, "alertmanager", group(alert("a", starts="2026-01-05T09:02:00Z")), "3")
    assert [found["state"] for found in incidents(desk)] == ["open"]

    desk.sandbox.clock("2026-01-05T09:40:00Z")
    dispatched(desk, "alertmanager", group({**alert("a", "resolved"), "endsAt": "2026-01-05T09:10:00Z"}), "4")
    dispatched(desk, "alertmanager", group(alert("a", starts="2026-01-05T09:39:00Z")), "5")
    assert len(incidents(desk)) == 2


def test_a_storm_costs_one_request_an_effect_and_few_beyond(desk: Repository) -> None:
    storm = [alert(f"key {number % 20}", starts=f"2026-01-05T08:50:{number % 60:02}Z") for number in range(200)]

    report = dispatched(desk, "alertmanager", group(*storm))

    assert report.failed == []
    assert len(incidents(desk)) == 20
    assert called(desk) == 20
    # Effects: of each of twenty the issue, its labels (with it, in one request) and its card; one label is made; of the
    # log its issue, the alerts, what was opened. Beyond them a run may make three.
    assert report.requests <= 3 * 20 + 1 + 3 + 3
    again = dispatched(desk, "alertmanager", group(*storm), "2")
    assert (len(incidents(desk)), called(desk)) == (20, 20)
    assert again.requests <= 4


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2099-01-01T00:00:00Z", "soon"])
def test_an_alert_whose_time_cannot_be_counts_from_its_receipt_and_is_said(desk: Repository, at: str) -> None:
    report = dispatched(desk, "own", {"name": "a", "is": "bad", "at": at})

    assert report.failed == []
    [issue] = incidents(desk)
    assert "### Since?\n\n2026-01-05T09:00:0" in issue["body"]
    assert any("counts from when it was received" in remark for case in report.cases for remark in case.remarks)


def test_a_source_that_says_no_time_fills_no_log_however_often_it_repeats_itself(desk: Repository) -> None:
    told = ["bad", "bad", "bad", "good", "good", "bad", "bad"]
    for minute, state in enumerate(told):
        desk.at(f"09:{minute:02}:00")
        dispatched(desk, "own", {"name": "a", "is": state}, str(minute))
        dispatched(desk, "own", {"name": "b", "is": "purple"}, f"{minute} b")

    assert len(entries(desk, "alert")) == 3
    assert len(entries(desk, "alert not read")) == 1
    assert [issue["title"] for issue in incidents(desk)] == ["a"]


def test_half_an_emoji_in_one_alert_keeps_no_other_from_opening_its_incident(desk: Repository) -> None:
    first = dispatched(desk, "own", {"name": "mail \ud83d", "is": "bad", "at": "2026-01-05T08:50:00Z"}, "1")
    second = dispatched(desk, "own", {"name": "web", "is": "bad", "at": "2026-01-05T08:51:00Z"}, "2")

    assert (first.failed, second.failed) == ([], [])
    assert {"mail \ufffd", "web"} <= {case.title for case in gather_open(desk.desk().client).cases}
    assert sweep(desk.desk()).performed == 0
