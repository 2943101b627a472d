"""Which duties are due: tables of what a log and its issues say, and what is opened then."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from dateutil import tz

from respondby.calendars.instants import parse_time
from respondby.calendars.rotas import Rota
from respondby.desk.case import Actor, Case, Mark, Moment
from respondby.desk.log import Entry, Log
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.promises.periods import Period, ends
from respondby.rules.duties import DutyIssue, DutyPlan, decide_duties, opened_entry
from respondby.rules.duty_cases import clock_of

HEAD = """
version: 1
desk: Help desk
timezone: Europe/Brussels
people: { ann: {}, bob: {} }
roles: { staff: { people: [ann, bob] }, first: ann }
fields: { product: { label: product/ } }
stages: { building: { promises: none }, live: { from: live } }
products: { shop: { name: Web shop, live: 2026-01-20 }, lab: { name: Lab } }
rotas:
  week:
    timezone: Europe/Brussels
    handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }
    members: [ann, bob]
duties:
"""


def policy(*duties: str, head: str = HEAD) -> Policy:
    return load(head + "".join(f"  {duty}\n" for duty in duties))


def at(text: str) -> int:
    """A local time in Brussels."""
    return parse_time(text, tz.gettz("Europe/Brussels"))


@dataclass
class Desk:
    """A desk that does what the plan says, in memory."""

    policy: Policy
    log: Log = field(default_factory=Log)
    cases: list[Case] = field(default_factory=list)
    opened: list[tuple[str, str, tuple[int, ...]]] = field(default_factory=list)

    def sweep(self, time: str | int) -> DutyPlan:
        """One sweep; what it opens is remembered by the next one, unless the log is lost before."""
        now = at(time) if isinstance(time, str) else time
        plan = decide_duties(self.policy, self.log, self.cases, now)
        self.log = self.log.with_entries(plan.remember)
        for opening in plan.open:
            facts = {
                "duty": opening.duty,
                "first": str(opening.periods[0].at),
                "last": str(opening.last.at),
                "opens": str(opening.last.opens),
                **({"product": opening.subject} if opening.subject else {}),
            }
            self.cases.append(issue(len(self.cases) + 1, facts, now))
            self.opened.append((opening.duty, opening.subject, tuple(period.at for period in opening.periods)))
        return plan

    def names(self) -> list[str]:
        """What was opened: `duty subject: local times`."""
        return [f"{duty} {subject}: {', '.join(local(at) for at in periods)}" for duty, subject, periods in self.opened]


def local(instant: int) -> str:
    return datetime.fromtimestamp(instant, tz.gettz("Europe/Brussels")).strftime("%m-%d %H:%M")


def issue(number: int, facts: dict[str, str], now: int, *moments: Moment) -> Case:
    """A duty's open issue."""
    return Case(
        repository="acme/desk",
        number=number,
        node_id=f"I_{number}",
        url="",
        title="",
        author=Actor("desk[bot]", bot=True),
        created=now,
        open=True,
        labels=frozenset(),
        assignees=(),
        moments=moments,
        mark=Mark("duty", facts),
    )


WEEKLY = "review: { schedule: { every: 1 week, at: wednesday 10:00 }, owner: first, checklist: [Look] }"
MONTHLY = "audit: { schedule: { every: 1 month, at: 1 09:00 }, owner: first, checklist: [Look] }"
HOURLY = "look: { schedule: { every: 6 hours, from: 2026-01-05T00:00 }, owner: first, checklist: [Look] }"
SHIFT = "notes: { schedule: { rota: week, ahead: 1 day }, owner: first, checklist: [Write] }"
READY = "ready: { schedule: { after: live, within: 1 day }, for: product, owner: first, checklist: [Look] }"
LIVE = WEEKLY.replace("owner", "for: product, when: { stage: live }, owner").replace("review", "test")
DAILY = "backup: { schedule: { every: 1 day, at: '06:00' }, silent: true, expects: dispatch done, within: 3h }"


@pytest.mark.parametrize(
    "duty, sweeps, opened",
    [
        (WEEKLY, ["01-05T09:00", "01-07T09:59"], []),
        (WEEKLY, ["01-05T09:00", "01-07T10:00", "01-07T10:05"], ["review : 01-07 10:00"]),
        (WEEKLY, ["01-07T10:00"], ["review : 01-07 10:00"]),
        (WEEKLY, ["01-07T10:01", "01-08T00:00"], []),
        (WEEKLY, ["01-05T09:00", "01-15T09:00"], ["review : 01-07 10:00, 01-14 10:00"]),
        (MONTHLY, ["01-15T09:00", "02-01T08:59"], []),
        (MONTHLY, ["01-15T09:00", "02-01T09:00", "03-02T09:00"], ["audit : 02-01 09:00", "audit : 03-01 09:00"]),
        (HOURLY, ["01-05T09:00", "01-05T18:00"], ["look : 01-05 12:00, 01-05 18:00"]),
        (SHIFT, ["01-11T09:00"], []),
        (SHIFT, ["01-11T10:00", "01-12T10:00", "01-18T10:00"], ["notes : 01-12 10:00", "notes : 01-19 10:00"]),
        (SHIFT, ["01-11T22:00"], ["notes : 01-12 10:00"]),
        (READY, ["01-05T09:00", "01-19T23:59"], []),
        (READY, ["01-05T09:00", "01-20T00:00", "02-20T00:00"], ["ready shop: 01-20 00:00"]),
        (READY, ["01-20T23:00"], ["ready shop: 01-20 00:00"]),
        (READY, ["01-21T00:01"], []),
        (READY, ["01-05T09:00", "03-01T09:00"], ["ready shop: 01-20 00:00"]),
        (LIVE, ["01-05T09:00", "01-15T09:00"], []),
        (LIVE, ["01-05T09:00", "01-22T09:00"], ["test shop: 01-21 10:00"]),
        (DAILY, ["01-05T09:00", "01-06T08:59"], []),
        (DAILY, ["01-05T09:00", "01-06T09:00", "01-07T05:00"], ["backup : 01-06 06:00"]),
    ],
    ids=[
        "not yet", "the instant itself, once", "first seen at the instant", "first seen after it: from the next on",
        "what was missed is one issue", "the month has not begun", "months", "hours",
        "ahead has not come", "ahead of each change of shift", "first seen between both",
        "the date has not come", "once for each product, on its date", "first seen within", "first seen too late",
        "an outage over the date", "a product that is not there yet", "only from its date on",
        "still in time", "the expected event is missing",
    ],
)  # fmt: skip
def test_what_is_due_is_opened_once(duty: str, sweeps: list[str], opened: list[str]) -> None:
    desk = Desk(policy(duty))
    for time in sweeps:
        desk.sweep(f"2026-{time}")
    assert desk.names() == opened


ASSIGNED = Rota.from_mapping(
    {
        "timezone": "Europe/Brussels",
        "assigned": [
            {"from": "2026-01-12T10:00", "until": "2026-01-15T10:00", "on": "ann"},
            {"from": "2026-01-15T10:00", "until": "2026-01-17T10:00", "on": "bob"},
        ],
    }
)


@pytest.mark.parametrize(
    "sweeps, opened",
    [
        (["01-05T09:00", "01-11T09:59"], []),
        (["01-05T09:00", "01-11T10:00", "01-14T09:59"], ["notes : 01-12 10:00"]),
        (["01-05T09:00", "01-11T10:00", "01-14T10:00"], ["notes : 01-12 10:00", "notes : 01-15 10:00"]),
        (["01-14T22:00", "02-20T10:00"], ["notes : 01-15 10:00", "notes : 01-17 10:00"]),
    ],
)
def test_a_rota_that_says_who_is_on_call_entry_by_entry_hands_over_at_each(
    sweeps: list[str], opened: list[str]
) -> None:
    written = policy(SHIFT)
    desk = Desk(replace(written, rotas={"week": replace(written.rotas["week"], rota=ASSIGNED)}))
    for time in sweeps:
        desk.sweep(f"2026-{time}")
    assert desk.names() == opened


@pytest.mark.parametrize(
    "events, opened",
    [
        (["01-06T06:00"], []),
        (["01-06T08:59"], []),
        (["01-06T05:59"], ["backup : 01-06 06:00"]),
        (["01-05T23:00"], ["backup : 01-06 06:00"]),
        (["01-07T06:00"], ["backup : 01-06 06:00"]),
        ([], ["backup : 01-06 06:00"]),
    ],
    ids=["at its instant", "just in time", "a second too early", "the evening before", "the next day's", "none"],
)
def test_what_is_expected_counts_from_the_periods_instant(events: list[str], opened: list[str]) -> None:
    desk = Desk(policy(DAILY))
    desk.sweep("2026-01-05T09:00")
    desk.log = desk.log.with_entries(Entry("dispatch", "done", str(n), at(f"2026-{e}")) for n, e in enumerate(events))
    desk.sweep("2026-01-06T09:00")
    assert desk.names() == opened


def test_a_dispatch_for_another_product_keeps_nothing() -> None:
    desk = Desk(policy(DAILY.replace("within", "for: product, within")))
    desk.sweep("2026-01-05T09:00")
    desk.log = desk.log.with_entries([Entry("dispatch", "done", "1", at("2026-01-06T07:00"), facts={"product": "lab"})])
    desk.sweep("2026-01-06T09:00")
    assert desk.names() == ["backup shop: 01-06 06:00"]


@pytest.mark.parametrize("lost", ["log", "issues", "nothing"])
def test_the_log_remembers_what_has_no_issue_and_the_issues_what_has_no_log(lost: str) -> None:
    desk = Desk(policy(WEEKLY))
    desk.sweep("2026-01-05T09:00")
    desk.sweep("2026-01-07T10:00")
    desk.sweep("2026-01-07T10:01")
    if lost == "log":
        desk.log = Log()
    if lost == "issues":
        desk.cases.clear()
    for time in ("01-07T10:02", "01-13T09:00", "01-14T10:00", "01-14T10:01"):
        desk.sweep(f"2026-{time}")
    assert desk.names() == ["review : 01-07 10:00", "review : 01-14 10:00"]


def test_a_cadence_that_changes_in_the_middle_of_a_period_counts_from_then_on() -> None:
    desk = Desk(policy(WEEKLY))
    desk.sweep("2026-01-05T09:00")
    desk.sweep("2026-01-07T10:00")
    desk.policy = policy(WEEKLY.replace("wednesday", "thursday"))
    for time in ("01-09T09:00", "01-14T10:00", "01-15T09:59"):
        desk.sweep(f"2026-{time}")
    assert len(desk.opened) == 1
    desk.sweep("2026-01-15T10:00")
    assert desk.names() == ["review : 01-07 10:00", "review : 01-15 10:00"]


def test_a_date_that_is_written_down_after_the_fact_counts_and_moving_it_opens_nothing_twice() -> None:
    desk = Desk(policy(READY, head=HEAD.replace("name: Lab", "live: 2026-12-01").replace(", live: 2026-01-20", "")))
    desk.sweep("2026-01-05T09:00")
    desk.policy = policy(READY)
    desk.sweep("2026-02-03T09:00")
    desk.policy = policy(READY, head=HEAD.replace("2026-01-20", "2026-02-10"))
    desk.sweep("2026-02-12T09:00")
    assert desk.names() == ["ready shop: 01-20 00:00"]


def test_two_duties_with_one_title_are_two() -> None:
    desk = Desk(
        policy(
            WEEKLY.replace("{ sch", "{ name: Review, sch", 1),
            "second" + WEEKLY.replace("{ sch", "{ name: Review, sch", 1),
        )
    )
    desk.sweep("2026-01-05T09:00")
    desk.sweep("2026-01-07T10:00")
    desk.sweep("2026-01-07T10:01")
    assert desk.names() == ["review : 01-07 10:00", "secondreview : 01-07 10:00"]


@pytest.mark.parametrize(
    "first, second, closed",
    [
        ((1, 1), (1, 1), [2]),
        ((1, 3), (1, 4), [1]),
        ((1, 4), (1, 3), [2]),
        ((1, 1), (2, 2), []),
        ((1, 2), (2, 3), []),
    ],
    ids=["the younger", "the one that names less", "also when it is younger", "another period", "both have some"],
)  # fmt: skip
def test_of_two_issues_for_one_period_one_is_closed(
    first: tuple[int, int], second: tuple[int, int], closed: list[int]
) -> None:
    cases = [
        issue(number, {"duty": "review", "first": str(a), "last": str(b), "opens": str(b)}, 9)
        for number, (a, b) in ((1, first), (2, second))
    ]
    plan = decide_duties(policy(WEEKLY), Log(), cases, at("2026-01-05T09:00"))
    assert [twin.issue.case.number for twin in plan.twins] == closed


def test_a_twin_that_somebody_opens_again_stays_open() -> None:
    facts = {"duty": "review", "first": "1", "last": "1", "opens": "1"}
    ours = Moment(10, "closed", Actor("desk[bot]", bot=True), "C_1", ours=True)
    cases = [issue(1, facts, 9), issue(2, facts, 9, ours, Moment(20, "reopened", Actor("ann"), "R_1"))]
    assert decide_duties(policy(WEEKLY), Log(), cases, at("2026-01-05T09:00")).twins == ()


def test_a_twin_that_was_closed_is_no_case_until_somebody_opens_it_again() -> None:
    facts = {"duty": "review", "first": "1", "last": "1", "opens": "1"}
    ours = Moment(10, "closed", Actor("desk[bot]", bot=True), "C_1", ours=True)
    theirs = Moment(10, "closed", Actor("ann"), "C_1")
    opened_again = Moment(20, "reopened", Actor("ann"), "R_1")

    def closed(*moments: Moment) -> frozenset[int]:
        stands = not moments or moments[-1].kind == "reopened"
        cases = [issue(1, facts, 9), replace(issue(2, facts, 9, *moments), open=stands)]
        return decide_duties(policy(WEEKLY), Log(), cases, at("2026-01-05T09:00")).closed_twins

    assert closed(ours) == {2}
    assert closed(ours, opened_again) == closed(theirs) == closed() == set()
    alone = decide_duties(
        policy(WEEKLY), Log(), [replace(issue(2, facts, 9, ours), open=False)], at("2026-01-05T09:00")
    )
    assert alone.closed_twins == set(), "done by its checklist, or for another reason: it is the period's issue"


def test_a_plan_says_when_the_next_duty_comes() -> None:
    desk = Desk(policy(WEEKLY, SHIFT, DAILY))
    assert desk.sweep("2026-01-05T09:30").next == at("2026-01-06T09:00")
    assert desk.sweep("2026-01-06T09:00").next == at("2026-01-07T09:00")
    assert desk.sweep("2026-01-07T09:00").next == at("2026-01-07T10:00")
    assert desk.sweep("2026-01-07T10:00").next == at("2026-01-08T09:00")


def test_what_was_kept_long_ago_is_not_looked_at_again() -> None:
    desk = Desk(policy(DAILY))
    desk.sweep("2026-01-05T09:00")
    days = [at("2026-01-06T07:00") + day * 86_400 for day in range(40)]
    desk.log = desk.log.with_entries(Entry("dispatch", "done", str(day), day) for day in days)
    desk.sweep("2026-02-10T10:00")
    assert [entry.kind for entry in desk.log.entries.values() if entry.kind == "duty kept"] == ["duty kept"]
    desk.sweep("2026-02-16T10:00")
    assert desk.names() == ["backup : 02-15 06:00, 02-16 06:00"]


@pytest.mark.parametrize(
    "facts",
    [{}, {"duty": "review"}, {"duty": "review", "first": "x", "last": "1", "opens": "1"}],
    ids=["empty", "without periods", "no number"],
)
def test_a_mark_that_says_no_duty_is_none(facts: dict[str, str]) -> None:
    plan = decide_duties(policy(WEEKLY), Log(), [issue(1, facts, 9)], at("2026-01-05T09:00"))
    assert [entry.kind for entry in plan.remember] == ["duty since"]


def test_the_next_period_begins_at_the_rotas_next_change_or_the_cadences_next_time_or_never() -> None:
    subject = policy(SHIFT, WEEKLY, READY)
    monday, wednesday = at("2026-01-12T10:00"), at("2026-01-14T10:00")
    assert ends(subject, subject.duties["notes"], Period(monday, monday)) == at("2026-01-19T10:00")
    assert ends(subject, subject.duties["notes"], Period(monday - 1, monday)) == monday
    assert ends(subject, subject.duties["review"], Period(wednesday, wednesday)) == at("2026-01-21T10:00")
    assert ends(subject, subject.duties["ready"], Period(monday, monday)) is None


def test_a_duty_without_a_target_promises_no_time_and_one_until_the_handover_its_period() -> None:
    subject = policy(WEEKLY, SHIFT.replace("owner", "target: { by: handover }, owner"))
    (free,) = clock_of(subject.duties["review"], at("2026-01-14T10:00")).target.choices
    (bound,) = clock_of(subject.duties["notes"], at("2026-01-12T10:00")).target.choices
    assert (free.none, bound.none, bound.by) == (True, False, "2026-01-12T09:00:00Z")


@pytest.mark.parametrize(
    "facts, about",
    [
        ({"product": "shop", "duty": "ready"}, {"product": "shop"}),
        ({"customer": "acme"}, {"customer": "acme"}),
        ({"duty": "ready"}, {}),
        (None, {}),
    ],
)
def test_the_log_remembers_of_an_opened_issue_whom_it_is_about(
    facts: dict[str, str] | None, about: dict[str, str]
) -> None:
    case = replace(issue(3, {}, 0), mark=None if facts is None else Mark("duty", facts))
    entry = opened_entry(DutyIssue(case, "ready", "shop", 5, 7, 9))
    assert entry == Entry("duty opened", "ready", "shop@7", 7, facts=about)
