"""Drafts of duties: their parts, which part of the past they look back on, and what is coming."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rules.test_duties import ASSIGNED, DAILY, HEAD, LIVE, MONTHLY, READY, SHIFT, WEEKLY, at, local, policy

from respondby.calendars.rotas import Rota
from respondby.policy.model.policy import Policy, RotaPlan
from respondby.rules.drafts import (
    PARTS,
    Coming,
    Rest,
    _absences,
    _duties,
    _period_before,
    _shift_after,
    _shift_before,
    draft,
    parts_of,
    rests,
)
from respondby.rules.shift_facts import Calls

ONCE = WEEKLY.replace("every: 1 week, at: wednesday 10:00", "every: 1 week, at: wednesday 10:00, from: 2026-01-14")


@pytest.mark.parametrize(
    "duty, time, since",
    [
        (WEEKLY, "01-14T10:00", "01-07 10:00"),
        (MONTHLY, "03-01T09:00", "02-01 09:00"),
        (ONCE, "01-14T10:00", "01-07 10:00"),  # before the first one: a week
        (ONCE, "01-21T10:00", "01-14 10:00"),
        # What comes by no cadence looks back on a week.
        (SHIFT, "01-12T10:00", "01-05 10:00"),
        (READY, "01-20T00:00", "01-13 00:00"),
    ],
)
def test_a_review_looks_back_to_the_one_before(duty: str, time: str, since: str) -> None:
    (one,) = policy(duty).duties.values()
    assert local(_period_before(one, at(f"2026-{time}"))) == since


def plan(rota: Rota | None = None, **rule: int | str) -> RotaPlan:
    week = policy(WEEKLY).rotas["week"]
    return replace(week, rota=rota or week.rota, **{f"rest_{name}": value for name, value in rule.items()})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "rota, time, before, after",
    [
        (None, "01-19T10:00", "01-12 10:00", "01-26 10:00"),
        (None, "01-19T10:01", "01-19 10:00", "01-26 10:00"),
        (None, "01-05T10:00", "01-01 01:00", "01-12 10:00"),  # the first one has begun long ago
        (ASSIGNED, "01-15T10:00", "01-12 10:00", "01-17 10:00"),
        (ASSIGNED, "01-12T10:00", "01-01 01:00", "01-15 10:00"),
        (ASSIGNED, "01-17T10:00", "01-15 10:00", "01-24 10:00"),  # after the last one a week is looked at
    ],
)
def test_a_shift_lasts_from_one_change_to_the_next(rota: Rota | None, time: str, before: str, after: str) -> None:
    moment = at(f"2026-{time}")
    assert (local(_shift_before(plan(rota), moment)), local(_shift_after(plan(rota), moment))) == (before, after)


HARD, NIGHTS = {"suggest": "1 day", "after_pages": 5}, {"suggest": "1 day", "after_nights": 2}


@pytest.mark.parametrize(
    "rule, counted, rested",
    [
        ({}, Calls("ann", 9, 9, 9), False),
        (HARD, Calls("ann", 3, 1, 1), False),
        (HARD, Calls("ann", 3, 2, 1), True),
        (HARD, Calls("ann", 0, 6, 1), True),
        (HARD, Calls("ANN", 5, 0, 0), True),
        (HARD, Calls("bob", 9, 9, 9), False),  # who comes has not had that shift
        (NIGHTS, Calls("ann", 9, 1, 1), False),
        (NIGHTS, Calls("ann", 0, 2, 2), True),
        (HARD | NIGHTS, Calls("ann", 5, 0, 0), True),
        (HARD | NIGHTS, Calls("ann", 0, 2, 2), True),
        (HARD | NIGHTS, Calls("ann", 1, 1, 1), False),
    ],
)
def test_a_rest_is_proposed_to_who_goes_after_a_hard_shift(
    rule: dict[str, int | str], counted: Calls, rested: bool
) -> None:
    expected = (Rest(counted.person, counted.day + counted.night, counted.nights, "1 day"),) if rested else ()
    assert rests(policy(WEEKLY), plan(**rule), [counted], at("2026-01-12T10:00")) == expected  # ann goes, bob comes


def test_duties_to_come_are_those_whose_issues_open_in_the_shift() -> None:
    monthly = "month: { schedule: { every: 1 month, at: 14 09:00 }, do: { report: monthly } }"
    made = policy(WEEKLY, READY, DAILY, SHIFT, monthly, LIVE)
    found = _duties(made, at("2026-01-13T00:00"), at("2026-01-21T10:00"))
    assert [(local(due.at), due.duty, due.subject) for due in found] == [
        ("01-14 10:00", "review", ""),
        ("01-19 10:00", "notes", ""),
        ("01-20 00:00", "ready", "shop"),
    ]
    hourly = policy("look: { schedule: { every: 6 hours, from: 2026-01-05T00:00 }, owner: first, checklist: [Look] }")
    assert len(_duties(hourly, at("2026-01-06T00:00"), at("2026-02-06T00:00"))) == 30


@pytest.mark.parametrize(
    "begin, end, absent",
    [
        ("01-12T00:00", "01-19T00:00", ["ann"]),
        ("01-15T00:00", "01-16T00:00", ["ann"]),
        ("01-16T00:00", "01-19T00:00", []),
        ("01-10T00:00", "01-14T00:00", []),
        ("01-10T00:00", "01-14T00:01", ["ann"]),
        ("01-10T00:00", "02-20T00:00", ["ann", "bob"]),
    ],
)
def test_absences_are_those_of_the_rotas_people_that_meet_the_shift(begin: str, end: str, absent: list[str]) -> None:
    days = {"Ann": "2026-01-14/2026-01-15", "bob": "2026-02-01/2026-02-02", "cid": "2026-01-01/2026-03-01"}
    away = f"people: {{ {', '.join(f'{login}: {{ away: [{when}] }}' for login, when in days.items())} }}"
    made = policy(WEEKLY, head=HEAD.replace("people: { ann: {}, bob: {} }", away, 1))
    found = _absences(made, made.rotas["week"], at(f"2026-{begin}"), at(f"2026-{end}"))
    assert [one.person.lower() for one in found] == absent


FOLLOWED = "incidents: { when: { product: any }, post-mortem: { reviewers: first, actions: { target: 5 days } } }\n"


def test_items_are_a_part_where_they_are_followed() -> None:
    plain, followed = policy(WEEKLY), policy(WEEKLY, head=FOLLOWED + HEAD)
    for made, left_out in ((plain, {"items"}), (followed, set())):
        for kind, parts in PARTS.items():
            assert parts_of(made, kind) == tuple(part for part in parts if part not in left_out)


@pytest.mark.parametrize(
    "duty, parts",
    [
        (WEEKLY, ()),
        (WEEKLY.replace("checklist: [Look]", "draft: incidents"), parts_of(policy(WEEKLY), "incidents")),
        (SHIFT.replace("checklist: [Write]", "draft: hand-over"), PARTS["hand-over"]),
    ],
)
def test_a_draft_has_the_parts_of_its_kind(duty: str, parts: tuple[str, ...]) -> None:
    made: Policy = policy(duty)
    (one,) = made.duties.values()
    moment = at("2026-01-12T10:00")
    found = draft(made, one, [], moment, moment)
    assert tuple(part.name for part in found) == parts
    assert len({part.digest for part in found if isinstance(part.facts, Coming)}) == (1 if "coming" in parts else 0)
