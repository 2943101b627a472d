"""What a change of the policy would have changed, of real issues in the sandbox."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jobs.desk import BODY, POLICY, Repository

from respondby.calendars.instants import iso
from respondby.jobs.impact import ForeseenHere, Proposed, impact
from respondby.jobs.runs import sweep
from respondby.policy.loading.loader import load
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

#: People who are paged, one of them far away.
CALLING = POLICY.replace(
    "channels: { log: { console: LOG } }", "channels: { log: { console: LOG }, pager: { pagerduty: PAGER } }"
).replace(
    "ladder: [{ at: due, label: late, notify: first }]",
    "ladder: [{ at: 50%, page: first, via: pager }, { at: due, label: late, page: second, via: pager }]",
).replace(
    "people: { ann: {}, bob: {} }\nroles: { staff: { people: [ann, bob] }, first: ann }",
    "people: { ann: {}, bob: { timezone: America/Los_Angeles } }\n"
    "customers: { shop: { members: [carla] } }\n"
    "roles: { staff: { people: [ann, bob] }, first: ann, second: bob }",
)  # fmt: skip
assert "second: bob" in CALLING
QUICKER = CALLING.replace("target: 1h", "target: 20m")


def foreseen(repository: Repository, head: str, base: str | None = CALLING, days: int = 90) -> ForeseenHere:
    """What is foreseen of that head."""
    proposed = Proposed(load(head), *((load(base), load(base)) if base is not None else ()))
    return impact(repository.desk(), proposed, days)


@pytest.fixture
def repository(sandbox: Sandbox) -> Repository:
    """Three requests of one morning: answered after ten minutes, after forty, and never."""
    made = Repository.make(sandbox, CALLING)
    for title in ("Soon", "Later", "Never"):
        made.triage(made.opens(title=title))
    made.at("09:10:00")
    made.says("ann", "Hello", 1)
    with Receiver() as pager:
        paging = {"PAGER": pager.address("pagerduty", "PAGER")}.get
        made.at("09:40:00")
        sweep(replace(made.desk(), secrets=paging))
        made.says("ann", "Hello", 2)
        made.at("10:30:00")
        sweep(replace(made.desk(), secrets=paging))
        assert [post.body["event_action"] for post in pager.posts].count("trigger") == 3
    return made


def refs(repository: Repository, *numbers: int) -> tuple[str, ...]:
    return tuple(f"{repository.name}#{number}" for number in numbers)


def test_a_shorter_target_says_who_would_have_been_late_and_who_called(repository: Repository) -> None:
    found = foreseen(repository, QUICKER).foreseen
    (clock,) = found.totals.clocks
    assert (clock.kept_count, clock.late_count) == ((2, 1), (1, 2))
    assert (clock.late, clock.kept) == (refs(repository, 2), ())
    assert clock.earlier == refs(repository, 1, 2, 3)
    ann, bob = found.totals.people
    assert (ann.pages, ann.nights, ann.cases) == ((2, 2), (0, 0), refs(repository, 2, 3))
    assert (bob.pages, bob.nights, bob.cases) == ((1, 2), (1, 2), refs(repository, 2, 3))
    (shop,) = found.totals.customers
    assert (shop.customer, shop.late_count, shop.late, shop.pages) == ("shop", (1, 2), refs(repository, 2), (3, 4))
    assert found.check.holds
    assert (found.check.played, found.check.recorded, found.check.agrees) == (3, 3, 3)


def test_the_same_policy_differs_in_no_case(repository: Repository) -> None:
    found = foreseen(repository, f"# A remark\n{CALLING}").foreseen
    assert (found.totals.cases, found.totals.changed, found.differences) == (3, (), ())
    assert found.check.holds


def test_a_role_with_other_people_calls_them_instead(repository: Repository) -> None:
    found = foreseen(repository, CALLING.replace("first: ann", "first: bob")).foreseen
    ann, bob = found.totals.people
    assert (ann.pages, bob.pages) == ((2, 0), (1, 3))
    assert found.totals.clocks[0].late == ()


def test_who_is_staff_no_more_has_not_answered(repository: Repository) -> None:
    head = CALLING.replace("staff: { people: [ann, bob] }", "staff: { people: [bob] }")
    (clock,) = foreseen(repository, head).foreseen.totals.clocks
    assert clock.late == refs(repository, 1, 2)


def test_a_field_that_people_are_asked_otherwise_is_judged_anew(repository: Repository) -> None:
    head = CALLING.replace("target: 1h", "target: { priority: { high: 5m, normal: 1h } }")
    repository.opens(title="Now", body=BODY.replace("Normal", "High"))
    (clock,) = foreseen(repository, head).foreseen.totals.clocks
    assert clock.earlier == refs(repository, 4)


def test_a_renamed_clock_is_compared_with_what_it_was(repository: Repository) -> None:
    head = QUICKER.replace("  first-response:\n", "  answer:\n    was: first-response\n")
    (clock,) = foreseen(repository, head).foreseen.totals.clocks
    assert (clock.clock, clock.late, clock.new, clock.gone) == ("answer", refs(repository, 2), (), ())


def test_a_first_policy_tells_what_it_would_have_promised(repository: Repository) -> None:
    found = foreseen(repository, QUICKER, None).foreseen
    (clock,) = found.totals.clocks
    assert (clock.promises, clock.new, clock.late) == ((0, 3), refs(repository, 1, 2, 3), refs(repository, 2, 3))
    assert found.check.holds
    assert found.check.recorded == 0


def test_of_no_issues_nothing_can_be_said(repository: Repository) -> None:
    repository.at("2026-06-01T09:00:00Z")
    found = foreseen(repository, QUICKER).foreseen
    assert (found.totals.cases, found.check.holds) == (0, True)


def test_cases_that_were_promised_by_an_earlier_policy_are_told_apart(repository: Repository) -> None:
    """The record says what was promised then; a replay judges all of it by the base."""
    base = CALLING.replace("target: 1h", "target: 2h")
    found = foreseen(repository, QUICKER, base).foreseen
    assert (found.check.recorded, found.check.earlier) == (0, 3)
    assert found.totals.clocks[0].late == refs(repository, 2, 3)


def test_a_calendar_that_ended_is_told_with_its_cases(repository: Repository) -> None:
    ends = "calendars: { office: { hours: { mon-fri: ['09:00-17:00'] }, sprints: SPRINTS } }\ncalendar: office\nfields:"
    sprints = "{ every: 2 weeks, at: monday 09:00, from: 2025-01-06, until: 2025-12-31 }"
    head = CALLING.replace("fields:", ends.replace("SPRINTS", sprints), 1)
    head = head.replace("target: 1h", "target: { by: end of sprint }")
    found = foreseen(repository, head).foreseen
    (limit,) = [one for one in found.limits if one.code == "head-ends"]
    assert limit.cases == refs(repository, 1, 2, 3)
    assert "sprint" in limit.said
    assert found.totals.cases == 0


def test_deleted_words_locked_and_deleted_issues_are_told(repository: Repository) -> None:
    repository.sandbox.member(repository.name, "olga", "OWNER", "admin")
    hello = repository.act("ann", "GET", "/issues/1/comments")
    (own,) = [one["id"] for one in hello if one["user"]["login"] == "ann"]
    repository.act("ann", "DELETE", f"/issues/comments/{own}")
    repository.act("ann", "PUT", "/issues/2/lock")
    gone = repository.act("olga", "GET", "/issues/3")
    query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { clientMutationId } }"
    repository.sandbox.call(
        "POST", "/graphql", repository.sandbox.token("olga"), {"query": query, "variables": {"id": gone["node_id"]}}
    )
    found = foreseen(repository, CALLING).foreseen
    about = {one.code: one.cases for one in found.limits}
    assert about["words-deleted"] == refs(repository, 1)
    assert about["locked"] == refs(repository, 2)
    assert found.totals.cases == 2
    (clock,) = found.totals.clocks
    assert clock.kept_count == (2, 2), "the deleted answer is kept by the record"
    assert found.check.holds


def test_an_issue_that_came_from_elsewhere_begins_when_it_arrived_and_one_that_left_is_not_there(
    repository: Repository,
) -> None:
    other = Repository.make(repository.sandbox, CALLING)
    repository.at("2026-01-05T10:30:00Z")
    for number in (2, 3):
        to = repository.sandbox.call("GET", f"/repos/{other.name}", repository.sandbox.token("ann"))[1]["node_id"]
        issue = repository.act("ann", "GET", f"/issues/{number}")["node_id"]
        given = f'input: {{ issueId: "{issue}", repositoryId: "{to}" }}'
        query = f"mutation {{ transferIssue({given}) {{ clientMutationId }} }}"
        status, answer = repository.sandbox.call("POST", "/graphql", repository.sandbox.token("ann"), {"query": query})
        assert (status, "errors" in answer) == (200, False), answer
    left, came = foreseen(repository, QUICKER).foreseen, foreseen(other, QUICKER).foreseen
    assert left.totals.cases == 1
    assert came.totals.cases == 2
    about = {one.code: one.cases for one in came.limits}
    assert about["arrived"] == tuple(one.case.ref for one in came.differences)
    assert [iso(one.case.opened) for one in came.differences] == ["2026-01-05T10:30:00Z"] * 2
    assert came.check.holds


def test_only_reading_is_asked_of_the_token(repository: Repository) -> None:
    readonly = repository.sandbox.workflow_token(repository.name, {"issues": "read", "contents": "read"})
    reader = replace(repository, bot=readonly)
    assert foreseen(reader, QUICKER).foreseen.totals.clocks[0].late == refs(repository, 2)


def test_issues_that_are_older_are_not_read(sandbox: Sandbox) -> None:
    made = Repository.make(sandbox, CALLING)
    for number in range(110):
        made.opens(title=f"Old {number}")
    made.at("2026-03-05T09:00:00Z")
    for number in range(30):
        made.opens(title=f"New {number}")
    found = foreseen(made, QUICKER, days=30)
    assert found.foreseen.totals.cases == 30
    assert found.requests <= 1 + 1
