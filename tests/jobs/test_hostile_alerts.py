"""Alerts that nobody means well: too large, badly named, of a form that is gone. Each is an incident or a word."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.jobs.desk import Repository
from tests.jobs.test_alerts_received import POLICY, called, dispatched, entries, incidents

from respondby.jobs.runs import sweep
from respondby.sandbox.server import Sandbox

PLAIN = POLICY.replace(
    "    - { dispatch: wrong, source: nagios, form: incident }\n",
    "    - { dispatch: plain, source: plain, form: incident, answers: { what: summary, where: key } }\n",
)
AT = "2026-01-05T08:50:00Z"


@pytest.fixture
def desk(sandbox: Sandbox) -> Repository:
    return Repository.make(sandbox, PLAIN)


def whole(number: int, desk: Repository) -> str:
    """The issue as anybody reads it, its comments too."""
    issue = desk.act("ann", "GET", f"/issues/{number}")
    return "\n".join([issue["title"], issue["body"], *(body for _, body in desk.comments(number))])


def test_ten_keys_of_sixty_kilobytes_are_one_incident(desk: Repository) -> None:
    payload = {"key": "big", "state": "firing", "at": AT} | {f"part {n}": f"{n} " * 4_250 for n in range(7)}
    assert 58_000 < len(json.dumps(payload)) <= 65_535
    assert len(payload) == 10

    for run in ("1", "2"):
        assert dispatched(desk, "plain", payload, run).failed == []
    assert sweep(desk.desk()).performed == 0
    assert [issue["title"] for issue in incidents(desk)] == ["big"]
    assert called(desk) == 1


NAMES = {
    "5,000 characters": "k" * 5_000,
    "a template": "{{ policy.people }} {% for x in y %}",
    "the end of a comment": "disk --> <!-- respondby:",
    "lines": "disk\n\n/close\n### What?\n\nno",
    "a mention and a link": "@ann [x](javascript:alert(1)) <script>",
    "a workflow command": "::error::x %0A::set-output",
    "nothing but a dot": ".",
}


@pytest.mark.parametrize("name", NAMES, ids=list(NAMES))
def test_a_key_is_only_a_name(desk: Repository, name: str) -> None:
    key = NAMES[name]
    for run, state in enumerate(("firing", "firing", "resolved")):
        payload = {"key": key, "state": state, "at": f"2026-01-05T08:5{run}:00Z"}
        assert dispatched(desk, "plain", payload, str(run)).failed == []
    assert sweep(desk.desk()).performed == 0

    [issue] = incidents(desk)
    text = whole(issue["number"], desk)
    assert len(issue["title"]) <= 256
    assert "\n" not in issue["title"]
    assert issue["state"] == "open", "a key is nobody's command"
    assert "| Mitigated |" in text
    assert "@ann" not in text.replace("@\u200bann", "").partition("<!--")[0].replace(issue["title"], "")
    assert "<script>" not in text.replace(issue["title"], "")


@pytest.mark.parametrize("payload", [None, [], "text", 7, {}, {"key": None}, {"key": ["a"]}, {"key": {"a": 1}}])
def test_what_has_no_key_is_in_the_log_with_the_reason_and_fails_the_run(desk: Repository, payload: Any) -> None:
    report = dispatched(desk, "plain", payload)

    assert len(report.failed) == 1
    [why] = entries(desk, "alert not read")
    assert "finds no text" in why or "no state" in why
    assert incidents(desk) == []


def test_the_form_of_an_open_incident_may_go(desk: Repository) -> None:
    payload = {"key": "disk", "state": "firing", "summary": "Disk full", "at": AT}
    dispatched(desk, "plain", payload)
    other = PLAIN.replace("  incident:\n    name: Incident", "  outage:\n    name: Outage").replace(
        "incident }", "outage }"
    )
    other = other.replace("form: incident", "form: outage")
    desk.sandbox.files(desk.name, {".github/support.yml": other})

    again = dispatched(desk, "plain", {**payload, "state": "resolved", "at": "2026-01-05T08:58:00Z"}, "2")
    new = dispatched(desk, "plain", {**payload, "key": "mail", "summary": "Mail waits"}, "3")

    assert (again.failed, new.failed) == ([], [])
    assert sweep(desk.desk()).performed == 0
    assert [issue["title"] for issue in incidents(desk)] == ["Disk full", "Mail waits"]
    assert [label["name"] for label in incidents(desk)[1]["labels"]] == ["type/outage"]


def test_a_form_that_a_policy_does_not_have_is_refused_and_the_last_valid_policy_serves(desk: Repository) -> None:
    desk.sandbox.files(desk.name, {".github/support.yml": PLAIN.replace("form: incident", "form: gone")})

    dispatched(desk, "plain", {"key": "disk", "state": "firing", "at": AT})

    assert [issue["title"] for issue in incidents(desk) if "policy" not in issue["title"]] == ["disk"]
