"""Duties at work: one issue a period, whoever looks and whatever happens to it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.jobs.desk import Repository
from tests.jobs.test_receiving import dispatched

from respondby.cli.output.duties import duty_lines
from respondby.jobs.effects import duties
from respondby.jobs.listing import duties_now
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: Europe/Brussels
people: { ann: {}, bob: { away: [2026-01-14] } }
roles: { staff: { people: [ann, bob] }, first: ann, second: bob }
channels: { pager: { console: LOG } }
fields: { product: { label: product/ } }
products: { shop: { name: Web shop, live: 2026-01-20 }, lab: { name: Lab } }
commands: { /done: { by: staff }, /close: { by: staff } }
duties:
  review:
    name: Weekly review
    schedule: { every: 1 week, at: wednesday 10:00 }
    owner: first
    checklist: { first: [Read the numbers, Write to the team], second: [Check the alarms] }
    stop: all ticked
    target: 4h
    ladder: [{ at: due, notify: second }]
"""
BACKUP = """
  backup:
    schedule: { every: 1 day, at: "06:00" }
    for: product
    silent: true
    expects: dispatch backup-done
    owner: first
    within: 3h
    target: 2h
    ladder: [{ at: start, page: first, via: pager }]
"""


@pytest.fixture
def desk(sandbox: Sandbox) -> Repository:
    return Repository.make(sandbox, POLICY)


def issues(desk: Repository, state: str = "all") -> list[dict[str, Any]]:
    """The duties' issues, oldest first."""
    found = desk.act("ann", "GET", f"/issues?state={state}&per_page=100&direction=asc")
    return [issue for issue in found if issue["title"] != "The log of Help desk" and issue["user"]["type"] == "Bot"]


def test_each_period_opens_one_issue_with_its_owner_and_its_checklist(desk: Repository) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    assert issues(desk) == []
    desk.sweep_at("2026-01-07T08:59:00Z")
    assert issues(desk) == []
    desk.sweep_at("2026-01-07T09:00:00Z")
    (one,) = issues(desk)
    assert one["title"] == "Weekly review: Wed 7 Jan 2026"
    assert [person["login"] for person in one["assignees"]] == ["ann"]
    assert "### First (@ann)\n\n- [ ] Read the numbers\n- [ ] Write to the team\n\n### Second (@bob)" in one["body"]
    assert desk.sweep_at("2026-01-07T09:05:00Z").performed == 0
    assert len(issues(desk)) == 1
    desk.sweep_at("2026-01-14T09:00:00Z")
    assert len(issues(desk)) == 2


def test_its_clock_counts_from_the_period_however_late_the_issue_was_opened(desk: Repository) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    desk.sweep_at("2026-01-07T12:00:00Z")
    (one,) = issues(desk)
    ((_, card),) = desk.comments(one["number"])
    assert "Wed 7 Jan 2026, 14:00" in card
    desk.sweep_at("2026-01-07T13:00:00Z")
    assert [body.split("\n")[0] for _, body in desk.comments(one["number"])][1:] == [
        "@bob: “Weekly review” was due Wed 7 Jan 2026, 14:00 (Europe/Brussels)."
    ]


def test_periods_that_were_missed_are_one_issue_that_names_them_all(desk: Repository) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    desk.sweep_at("2026-01-22T09:00:00Z")
    (one,) = issues(desk)
    assert one["title"] == "Weekly review: Wed 7 Jan 2026 – Wed 21 Jan 2026"
    assert [line for line in one["body"].splitlines() if line.startswith("- W")] == [
        "- Wed 7 Jan 2026",
        "- Wed 14 Jan 2026",
        "- Wed 21 Jan 2026",
    ]


def tick(desk: Repository, number: int, who: str, *boxes: str) -> None:
    """Tick boxes in the issue's text, as the page does."""
    body = desk.act(who, "GET", f"/issues/{number}")["body"]
    for box in boxes:
        assert f"- [ ] {box}" in body
        body = body.replace(f"- [ ] {box}", f"- [x] {box}")
    desk.act(who, "PATCH", f"/issues/{number}", {"body": body})


def test_it_is_done_when_every_box_is_ticked(desk: Repository) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    desk.sweep_at("2026-01-07T09:00:00Z")
    (one,) = issues(desk)
    tick(desk, one["number"], "ann", "Read the numbers", "Check the alarms")
    desk.sweep_at("2026-01-07T10:00:00Z")
    assert "in time so far" in desk.comments(one["number"])[0][1]
    tick(desk, one["number"], "ann", "Write to the team")
    desk.sweep_at("2026-01-07T11:00:00Z")
    assert "done in time, Wed 7 Jan 2026, 11:00" in desk.comments(one["number"])[0][1]
    desk.sweep_at("2026-01-07T14:00:00Z")
    assert len(desk.comments(one["number"])) == 1


@pytest.mark.parametrize("log_too", [False, True], ids=["the issue", "and the log"])
@pytest.mark.parametrize("how", ["closed", "deleted"])
def test_a_duty_whose_issue_is_gone_is_not_opened_again(desk: Repository, how: str, log_too: bool) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    desk.sweep_at("2026-01-07T09:00:00Z")
    (one,) = issues(desk)
    gone = [one]
    if log_too:
        gone += [i for i in desk.act("ann", "GET", "/issues?state=all") if i["title"] == "The log of Help desk"]
    for issue in gone:
        if how == "closed":
            desk.act("ann", "PATCH", f"/issues/{issue['number']}", {"state": "closed"})
        else:
            delete(desk, issue)
    for time in ("2026-01-07T09:01:00Z", "2026-01-08T09:00:00Z", "2026-01-14T08:59:00Z"):
        desk.sweep_at(time)
    assert len(issues(desk)) == (1 if how == "closed" else 0)
    desk.sweep_at("2026-01-14T09:00:00Z")
    assert len(issues(desk)) == (2 if how == "closed" else 1)


def delete(desk: Repository, issue: dict[str, Any]) -> None:
    """Somebody deletes an issue."""
    query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { clientMutationId } }"
    sent = {"query": query, "variables": {"id": issue["node_id"]}}
    desk.sandbox.call("POST", "/graphql", desk.sandbox.token("acme"), sent)


def silent(sandbox: Sandbox) -> Repository:
    """A desk that expects a backup a day of each product, and has begun."""
    desk = Repository.make(sandbox, POLICY[: POLICY.index("  review:")] + BACKUP.removeprefix("\n"))
    desk.sweep_at("2026-01-05T09:00:00Z")
    return desk


def test_what_is_silent_says_nothing_while_all_is_well(sandbox: Sandbox) -> None:
    desk = silent(sandbox)
    for day in ("06", "07"):
        desk.at(f"2026-01-{day}T05:30:00Z")
        for product in ("shop", "lab"):
            assert dispatched(desk, "backup-done", {"product": product}, f"{day}-{product}").failed == []
        desk.sweep_at(f"2026-01-{day}T08:00:00Z")
    assert issues(desk) == []


def test_what_is_silent_speaks_when_the_event_is_missing_and_closes_when_it_comes_late(sandbox: Sandbox) -> None:
    desk = silent(sandbox)
    desk.at("2026-01-06T05:30:00Z")
    dispatched(desk, "backup-done", {"product": "shop"})
    assert desk.sweep_at("2026-01-06T07:59:00Z").performed == 0
    desk.sweep_at("2026-01-06T08:00:00Z")
    (one,) = issues(desk)
    assert one["title"] == "Backup (Lab): Tue 6 Jan 2026"
    assert one["body"].startswith("**Backup** for **Lab**: “backup-done” was expected, and has not come in time.")
    assert [label["name"] for label in desk.act("ann", "GET", f"/issues/{one['number']}")["labels"]] == ["product/lab"]
    desk.at("2026-01-06T08:30:00Z")
    assert dispatched(desk, "backup-done", {"product": "lab"}, "2").failed == []
    assert issues(desk)[0]["state"] == "closed"
    assert "done in time, Tue 6 Jan 2026, 09:30" in desk.comments(one["number"])[0][1]
    assert desk.sweep_at("2026-01-06T12:00:00Z").performed == 0


def test_the_next_days_event_closes_nothing_of_the_day_before(sandbox: Sandbox) -> None:
    desk = silent(sandbox)
    desk.sweep_at("2026-01-06T08:00:00Z")
    desk.at("2026-01-07T05:30:00Z")
    for product in ("shop", "lab"):
        dispatched(desk, "backup-done", {"product": product}, product)
    desk.sweep_at("2026-01-07T08:00:00Z")
    assert [issue["state"] for issue in issues(desk)] == ["open", "open"]


def test_two_runs_that_met_leave_one_issue(desk: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    desk.at("2026-01-07T09:00:00Z")
    real = duties.writing.open_issue

    def meets(client: Any, title: str, body: str) -> Any:
        monkeypatch.undo()
        assert desk.sweep().failed == []
        return real(client, title, body)

    monkeypatch.setattr(duties.writing, "open_issue", meets)
    assert desk.sweep().failed == []
    assert [issue["state"] for issue in issues(desk)] == ["open", "closed"]
    assert issues(desk)[1]["assignees"] == []
    assert desk.sweep_at("2026-01-07T09:05:00Z").performed == 0


def test_boxes_that_somebody_took_out_are_asked_for_and_not_done_by_the_others(desk: Repository) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    desk.sweep_at("2026-01-07T09:00:00Z")
    (one,) = issues(desk)
    body = one["body"].replace("- [ ] Check the alarms\n", "").replace("- [ ]", "- [x]")
    desk.act("bob", "PATCH", f"/issues/{one['number']}", {"body": body})
    desk.sweep_at("2026-01-07T10:00:00Z")
    card = desk.comments(one["number"])[0][1]
    assert "fewer boxes than it began with. Missing: “Check the alarms”" in card.replace("\\", "")
    assert "in time so far" in card
    assert desk.act("ann", "GET", f"/issues/{one['number']}")["body"] == body
    desk.act("bob", "PATCH", f"/issues/{one['number']}", {"body": f"{body}\n- [x] Check all alarms"})
    desk.sweep_at("2026-01-07T11:00:00Z")
    card = desk.comments(one["number"])[0][1]
    assert "done in time, Wed 7 Jan 2026, 11:00" in card
    assert "fewer boxes" not in card


def test_what_people_write_around_the_checklist_stays_and_changes_nothing(desk: Repository) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    desk.sweep_at("2026-01-07T09:00:00Z")
    (one,) = issues(desk)
    body = f"My words first.\n\n{one['body'].replace('Read the numbers', 'Read the numbers **twice**')}"
    desk.act("ann", "PATCH", f"/issues/{one['number']}", {"body": body, "title": "Mine now"})
    desk.sweep_at("2026-01-07T10:00:00Z")
    desk.sweep_at("2026-01-14T09:00:00Z")
    assert len(issues(desk)) == 2
    stands = desk.act("ann", "GET", f"/issues/{one['number']}")
    assert (stands["body"], stands["title"]) == (body, "Mine now")


def test_an_owner_who_is_away_is_nobody_and_a_maintainer_hears_of_it(sandbox: Sandbox) -> None:
    desk = Repository.make(sandbox, POLICY.replace("owner: first", "owner: second"))
    desk.sweep_at("2026-01-05T09:00:00Z")
    report = desk.sweep_at("2026-01-14T09:00:00Z")
    assert [remark for case in report.cases for remark in case.remarks] == [
        f"{desk.name}#2: nobody holds the role second, so nobody was assigned"
    ]
    assert [person["login"] for person in issues(desk)[0]["assignees"]] == []


def test_a_duty_that_left_the_policy_leaves_its_issue_alone(desk: Repository) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    desk.sweep_at("2026-01-07T09:00:00Z")
    without = POLICY[: POLICY.index("duties:")]
    desk.sandbox.files(desk.name, {".github/support.yml": without})
    report = desk.sweep_at("2026-01-14T09:00:00Z")
    assert report.failed == []
    assert [issue["state"] for issue in issues(desk)] == ["open"]


def test_a_sweep_with_nothing_due_costs_no_request_for_duties(desk: Repository, sandbox: Sandbox) -> None:
    plain = Repository.make(sandbox, POLICY[: POLICY.index("duties:")])
    for time in ("2026-01-05T09:00:00Z", "2026-01-07T09:00:00Z"):
        for one in (desk, plain):
            if not one.act("ann", "GET", "/issues?state=all"):
                one.opens()
            one.sweep_at(time)
    idle = [one.sweep_at("2026-01-07T09:05:00Z") for one in (desk, plain)]
    assert [report.performed for report in idle] == [0, 0]
    assert idle[0].requests == idle[1].requests


def test_a_dry_run_says_what_would_be_opened_and_opens_nothing(desk: Repository) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    desk.at("2026-01-07T09:00:00Z")
    told = desk.sweep(dry=True).to_json()
    (case,) = [case for case in told["cases"] if case["planned"]]
    assert case["planned"] == [{"do": "duty", "duty": "review", "for": None, "periods": ["2026-01-07T09:00:00Z"]}]
    assert issues(desk) == []


def test_the_duties_are_listed_with_who_ticked_what_and_what_comes(desk: Repository) -> None:
    desk.sweep_at("2026-01-05T09:00:00Z")
    desk.sweep_at("2026-01-07T09:00:00Z")
    (one,) = issues(desk)
    desk.at("2026-01-07T09:30:00Z")
    desk.act("bob", "PATCH", "/issues/2", {"body": one["body"].replace("- [ ] Check", "- [x] Check")})
    told = duties_now(desk.desk())
    assert told["duties"] == [
        {
            "duty": "review",
            "name": "Weekly review",
            "for": None,
            "last": "2026-01-07T09:00:00Z",
            "due": [],
            "next": {"period": "2026-01-14T09:00:00Z", "opens": "2026-01-14T09:00:00Z"},
            "issue": {
                "number": 2,
                "open": True,
                "assignees": ["ann"],
                "state": "running",
                "due": "2026-01-07T13:00:00Z",
                "boxes": [
                    {"text": "Read the numbers", "ticked": None, "by": None},
                    {"text": "Write to the team", "ticked": None, "by": None},
                    {"text": "Check the alarms", "ticked": "2026-01-07T09:30:00Z", "by": "bob"},
                ],
            },
        }
    ]
    assert list(duty_lines(told)) == [
        "Weekly review",
        "  #2 open, running, due Wed 7 Jan 2026, 14:00 (Europe/Brussels), 1 of 3 ticked",
        "    ✓ Check the alarms: bob, Wed 7 Jan 2026, 10:30 (Europe/Brussels)",
        "  next: Wed 14 Jan 2026, 10:00 (Europe/Brussels)",
    ]
