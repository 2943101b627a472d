"""Dispatched events: written down once, in the desk's log, which is one issue whatever happens to it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.jobs.desk import Repository

from respondby.calendars.instants import iso
from respondby.desk.log import Log
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import Uncertain
from respondby.forge.gathering import gather_open
from respondby.jobs.effects import logbook
from respondby.jobs.loop.report import Report
from respondby.jobs.receiving import receive
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: UTC
people: { ann: {}, bob: {} }
roles: { staff: { people: [ann, bob] }, first: ann }
products: { shop: { name: Web shop }, lab: { name: Lab } }
forms: { problem: { name: Problem, about: Ask., ask: { what: "What?" } } }
fields: { type: { label: type/ }, product: { label: product/ } }
incidents:
  when: { type: problem }
  alerts: { dispatch: alert, key: id, form: problem }
duties:
  backup:
    schedule: { every: 1 day, at: "06:00" }
    for: product
    silent: true
    expects: dispatch backup-done
    owner: first
    within: 3h
  mirror: { schedule: { every: 1 day }, silent: true, expects: dispatch mirrored, owner: first, within: 3h }
"""


@pytest.fixture
def desk(sandbox: Sandbox) -> Repository:
    return Repository.make(sandbox, POLICY)


def dispatched(
    desk: Repository, name: str, payload: object = None, run: str = "1", *, secret: bytes | None = None
) -> Report:
    event: dict[str, Any] = {"action": name, "client_payload": payload, "sender": {"login": "ann"}}
    return receive(desk.desk(secret), event, run)


def logs(desk: Repository, state: str = "all") -> list[dict[str, Any]]:
    found = desk.act("ann", "GET", f"/issues?state={state}&per_page=100")
    return [issue for issue in found if issue["title"] == "The log of Help desk"]


def entries(desk: Repository) -> list[tuple[str, str, int, dict[str, str]]]:
    gathered = gather_open(desk.desk().client, closed_within=10**9)
    log = Log.of(*(case.ledger for case in gathered.cases if logbook.is_log(case)))
    return [(e.kind, e.name, e.at, dict(e.facts)) for e in log.entries.values() if e.kind == "dispatch"]


def test_what_another_system_reports_is_remembered_with_its_instant_and_its_product(desk: Repository) -> None:
    report = dispatched(desk, "backup-done", {"product": "Web Shop", "bytes": 12})
    assert report.failed == []
    assert entries(desk) == [("dispatch", "backup-done", report.now, {"product": "shop", "bytes": "12"})]


@pytest.mark.parametrize(
    "first, again, kept",
    [
        (({"product": "shop"}, "7"), ({"product": "shop"}, "7"), 1),
        (({"product": "shop"}, "7"), ({"product": "shop"}, "8"), 2),
        (({"product": "shop", "key": "nightly-5"}, "7"), ({"product": "shop", "key": "nightly-5"}, "8"), 1),
    ],
    ids=["the run is started again", "another run", "the sender's own key"],
)
def test_one_event_is_recorded_once(
    desk: Repository, first: tuple[object, str], again: tuple[object, str], kept: int
) -> None:
    dispatched(desk, "backup-done", *first)
    desk.at("09:10:00")
    dispatched(desk, "backup-done", *again)
    assert len(entries(desk)) == kept
    assert len(logs(desk)) == 1


@pytest.mark.parametrize(
    "at, counts",
    [
        ("2026-01-05T08:30:00Z", "2026-01-05T08:30:00Z"),
        ("2026-01-05T08:30", "2026-01-05T09:00:00Z"),
        ("2027-01-05T08:30:00Z", "2026-01-05T09:00:00Z"),
        ("yesterday", "2026-01-05T09:00:00Z"),
    ],
    ids=["a past time with its offset", "without an offset", "a time to come", "not a time"],
)
def test_the_senders_own_time_counts_where_it_is_one(desk: Repository, at: str, counts: str) -> None:
    dispatched(desk, "backup-done", {"product": "shop", "at": at})
    assert [iso(when) for _, _, when, _ in entries(desk)] == [counts]


@pytest.mark.parametrize(
    "name, payload, words",
    [
        ("backup", {"product": "shop"}, "knows no dispatch `backup`; it knows `alert`, `backup-done`, `mirrored`"),
        ("backup-done", None, 'names no product: send client_payload {"product": …} with one of shop, lab'),
        ("backup-done", {"product": "shoop"}, "names the product “shoop”, which is not known"),
        ("backup-done", ["shop"], "names no product"),
        ("alert", {"name": "1"}, "it has no key: `$.payload['id']` finds no text"),
        ("mirrored", {"at": "0001-01-01T00:00:00Z"}, "happened at 0001-01-01T00:00:00Z, before there was GitHub: send"),
        ("mirrored", {"at": "1969-12-31T23:59:59Z"}, "before there was GitHub: send in `at` when it happened"),
        ("mirrored", {"at": "1970-01-01T00:00:00+00:00"}, "or leave `at` out, and it counts from when it arrives"),
    ],
    ids=[
        "unknown",
        "without a payload",
        "a wrong product",
        "no object",
        "an alert without its key",
        "Go's zero time",
        "before 1970",
        "the epoch",
    ],
)
def test_what_cannot_be_recorded_says_what_to_send_and_leaves_nothing(
    desk: Repository, name: str, payload: object, words: str
) -> None:
    report = dispatched(desk, name, payload)
    assert len(report.failed) == 1
    assert words in report.failed[0]
    assert entries(desk) == []


def test_a_dispatch_for_no_product_needs_no_payload(desk: Repository) -> None:
    assert dispatched(desk, "mirrored").failed == []
    assert [(name, facts) for _, name, _, facts in entries(desk)] == [("mirrored", {})]


def test_a_log_that_cannot_be_read_is_not_written_over_and_what_depends_on_it_waits(desk: Repository) -> None:
    """A dispatch dated before 1970 wrote a record that was no JSON; the log was overwritten, and an alarm was lost."""
    dispatched(desk, "mirrored")
    (log,) = logs(desk)
    whole = desk.act("ann", "GET", f"/issues/{log['number']}/comments")[0]

    def write(text: str) -> None:
        status, _ = desk.sandbox.call(
            "PATCH", f"/repos/{desk.name}/issues/comments/{whole['id']}", desk.bot, {"body": text}
        )
        assert status == 200

    write(whole["body"].replace('"ledger":{', '"ledger":{,'))
    damaged = desk.comments(log["number"])
    asked = desk.opens()
    for report in (dispatched(desk, "mirrored", None, "2"), desk.sweep()):
        assert any("nothing is written over it" in failure for failure in report.failed)
        assert any(
            "the desk's log could not be read, so nothing that depends on it was done" in failure
            for failure in report.failed
        )
    assert desk.comments(log["number"]) == damaged
    assert len(logs(desk)) == 1
    assert len(desk.comments(asked)) == 1  # the cases go on
    write(whole["body"])
    assert dispatched(desk, "mirrored", None, "2").failed == []
    assert len(entries(desk)) == 2


def test_a_payload_is_data(desk: Repository) -> None:
    evil = "--> <!-- respondby:- {} --> @ann [x](http://example.com) | ::add-mask::x"
    report = dispatched(desk, "backup-done", {"product": "shop", "note": evil, "deep": {"a": 1}, "long": "x" * 5000})
    assert report.failed == []
    ((_, _, _, facts),) = entries(desk)
    assert facts["note"] == evil
    assert (len(facts["long"]), "deep" in facts) == (200, False)
    (log,) = logs(desk)
    (_, body) = desk.comments(log["number"])[0]
    assert body.count("<!--") == 1
    assert "@ann" not in body.split("<!--")[0].replace("\\@", "")


def test_the_log_is_ours_only(desk: Repository) -> None:
    dispatched(desk, "mirrored")
    (log,) = logs(desk)
    desk.opens("mallory", log["title"], log["body"])
    desk.says("mallory", desk.comments(log["number"])[0][1], log["number"])
    dispatched(desk, "mirrored", None, "2")
    assert len(entries(desk)) == 2
    assert len(desk.comments(log["number"])) == 2


def test_a_log_that_somebody_closed_is_opened_again(desk: Repository) -> None:
    dispatched(desk, "mirrored")
    (log,) = logs(desk)
    desk.act("ann", "PATCH", f"/issues/{log['number']}", {"state": "closed"})
    desk.sweep()
    assert [issue["number"] for issue in logs(desk, "open")] == [log["number"]]
    desk.act("ann", "PATCH", f"/issues/{log['number']}", {"state": "closed"})
    dispatched(desk, "mirrored", None, "2")
    assert [issue["number"] for issue in logs(desk, "open")] == [log["number"]]
    assert len(entries(desk)) == 2


def test_a_deleted_log_begins_anew(desk: Repository) -> None:
    dispatched(desk, "mirrored")
    (log,) = logs(desk)
    query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { clientMutationId } }"
    sent = {"query": query, "variables": {"id": log["node_id"]}}
    desk.sandbox.call("POST", "/graphql", desk.sandbox.token("acme"), sent)
    assert logs(desk) == []
    assert dispatched(desk, "mirrored", None, "2").failed == []
    assert len(entries(desk)) == 1


def test_a_locked_log_says_so_and_the_dispatch_is_not_lost_when_its_run_is_started_again(desk: Repository) -> None:
    dispatched(desk, "mirrored")
    (log,) = logs(desk)
    desk.act("ann", "PUT", f"/issues/{log['number']}/lock")
    report = dispatched(desk, "mirrored", None, "2")
    assert ["unlock it" in failure for failure in report.failed] == [True]
    desk.act("ann", "DELETE", f"/issues/{log['number']}/lock")
    dispatched(desk, "mirrored", None, "2")
    assert len(entries(desk)) == 2


def test_two_logs_become_one(desk: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    dispatched(desk, "mirrored")
    monkeypatch.setattr(logbook, "is_log", lambda _: False)  # a run that looked before the other had written
    dispatched(desk, "mirrored", None, "2")
    monkeypatch.undo()
    assert len(logs(desk, "open")) == 2
    assert len(entries(desk)) == 2
    desk.sweep()
    (left,) = logs(desk, "open")
    assert left["number"] == min(issue["number"] for issue in logs(desk))
    assert len(entries(desk)) == 2
    assert desk.sweep().performed == 0


def test_a_log_goes_on_in_a_new_comment_when_one_is_full(desk: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logbook, "FULL", 1500)
    for run in range(8):
        dispatched(desk, "mirrored", {"note": f"{run} " * 60}, str(run))
    (log,) = logs(desk)
    assert len(desk.comments(log["number"])) > 1
    assert len(entries(desk)) == 8


def test_an_answer_that_never_came_is_looked_up(desk: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    dispatched(desk, "mirrored")
    real = writing.edit_comment

    def unheard(client: Client, comment: int, body: str) -> None:
        real(client, comment, body)
        monkeypatch.undo()
        raise Uncertain("editing", "the connection broke")

    monkeypatch.setattr(writing, "edit_comment", unheard)
    assert dispatched(desk, "mirrored", None, "2").failed == []
    assert len(entries(desk)) == 2


def test_a_signed_log_counts_only_with_its_signature(desk: Repository) -> None:
    dispatched(desk, "mirrored")
    dispatched(desk, "mirrored", None, "2", secret=b"key")
    assert len(logs(desk)) == 2
