"""A closed case that owes something long after is looked at then, though nobody has touched it."""

from __future__ import annotations

import pytest
from tests.jobs.desk import Repository

from respondby.forge.errors import TooHeavy
from respondby.jobs.inputs import closed_cases
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: UTC
people: { ann: {}, bob: {} }
rotas: { week: { timezone: UTC, handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }, members: [ann, bob] } }
roles: { staff: { people: [ann, bob] } }
fields: { type: { label: type/ } }
commands: { /workaround: { by: staff, takes: { what: text, until: time } }, /reverted: { by: staff } }
clocks:
  revert:
    each: true
    survives: close
    start: /workaround
    stop: /reverted
    target: { by: /workaround.until }
    ladder: [{ at: due, label: overdue, notify: bob }]
"""
DUTY = """
duties:
  hand-over: { schedule: { rota: week, ahead: 1 day }, owner: ann, draft: hand-over, stop: closed }
"""


@pytest.fixture
def desk(sandbox: Sandbox, request: pytest.FixtureRequest) -> Repository:
    """A case with a workaround until 1 March, closed on 5 January."""
    desk = Repository.make(sandbox, POLICY + getattr(request, "param", ""))
    desk.opens(body="x")
    desk.says("ann", "/workaround\nwhat: one disk\nuntil: 2026-03-01T12:00")
    desk.triage()
    desk.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    desk.at("2026-01-05T09:05:00Z")
    desk.triage()
    desk.sweep_at("2026-01-05T09:10:00Z")
    return desk


def test_its_time_comes_weeks_after_anybody_touched_it(desk: Repository) -> None:
    quiet = desk.sweep_at("2026-02-10T12:00:00Z")
    assert quiet.performed == 0
    assert desk.labels() == []
    desk.sweep_at("2026-03-01T12:00:00Z")
    assert desk.labels() == ["overdue"]
    assert "bob" in desk.comments()[-1][1]
    assert desk.sweep_at("2026-03-01T12:05:00Z").performed == 0


def test_what_is_undone_meanwhile_is_looked_at_once_more_and_then_forgotten(desk: Repository) -> None:
    desk.at("2026-01-06T09:00:00Z")
    desk.says("ann", "/reverted")
    desk.sweep_at("2026-02-10T12:00:00Z")
    first = desk.sweep_at("2026-03-01T12:00:00Z").requests
    desk.sweep_at("2026-03-01T12:05:00Z")
    assert desk.sweep_at("2026-03-01T12:10:00Z").requests < first
    assert desk.labels() == []


def test_a_case_that_cannot_be_fetched_is_a_failure_and_ends_no_sweep(
    desk: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def heavy(*_: object, **__: object) -> None:
        raise TooHeavy("reading the case", "GitHub answered 502")

    desk.at("2026-03-01T12:00:00Z")
    desk.opens(body="another")
    with monkeypatch.context() as patch:
        patch.setattr(closed_cases, "gather_case", heavy)
        report = desk.sweep()
    assert ["reading the case" in failure for failure in report.failed] == [True]
    assert [case.number for case in report.cases if "card" in case.done] == [3], "the others are looked at"
    desk.sweep_at("2026-03-01T12:05:00Z")
    assert desk.labels() == ["overdue"]


def test_a_case_that_is_gone_is_forgotten(desk: Repository) -> None:
    node = desk.act("ann", "GET", "/issues/1")["node_id"]
    query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { clientMutationId } }"
    desk.sandbox.call("POST", "/graphql", desk.sandbox.token("acme"), {"query": query, "variables": {"id": node}})
    desk.sweep_at("2026-03-01T12:00:00Z")
    before = desk.sweep_at("2026-03-01T12:05:00Z")
    assert before.performed == 0
    assert before.requests == desk.sweep_at("2026-02-10T12:00:00Z").requests


@pytest.mark.parametrize("desk", [DUTY], indirect=True)
def test_its_workaround_stands_in_every_hand_over(desk: Repository) -> None:
    desk.sweep_at("2026-02-08T10:00:00Z")
    found = desk.act("ann", "GET", "/issues?state=all&per_page=100&direction=desc")
    notes = next(one for one in found if one["title"].startswith("Hand over"))
    assert "1: one disk" in notes["body"]
