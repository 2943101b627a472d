"""The periods of a duty: by what instant each is named, when its issue opens, and which comes next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rules.test_duties import ASSIGNED, DAILY, HEAD, READY, SHIFT, WEEKLY, at, local

from respondby.calendars.rotas import Rota
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.promises.periods import Period, ends, next_period, periods, state_of, subjects

#: January 2026 begins on a Thursday; the week's rota changes on Mondays.
OFFICE = """calendar: office
calendars: { office: { timezone: Europe/Brussels, hours: { mon-fri: ["09:00-17:00"] } } }
people:"""
BUSINESS = DAILY.replace("within: 3h", "within: 1 business day")
LATER = READY.replace("after: live", "after: live + 2 days")
BUSINESS_LATER = READY.replace("after: live", "after: live + 3 business days")
AHEAD = SHIFT.replace("ahead: 1 day", "ahead: 1 business day")


def policy(duty: str) -> Policy:
    return load(HEAD.replace("people:", OFFICE, 1) + f"  {duty}\n")


def told(period: Period | None) -> str:
    """`01-07 10:00`, and when it opens where that is another instant."""
    if period is None:
        return ""
    return local(period.at) if period.at == period.opens else f"{local(period.at)}, {local(period.opens)}"


@pytest.mark.parametrize(
    "duty, after, now, found",
    [
        (WEEKLY, "01-07T10:00", "01-14T09:59", []),
        (WEEKLY, "01-07T10:00", "01-14T10:00", ["01-14 10:00"]),
        (WEEKLY, "01-07T09:59", "01-14T10:00", ["01-07 10:00", "01-14 10:00"]),
        # What waits for an event opens when its time is over; what is done anyway opens at once.
        (DAILY, "01-09T00:00", "01-09T08:59", []),
        (DAILY, "01-09T00:00", "01-09T09:00", ["01-09 06:00, 01-09 09:00"]),
        (DAILY.replace("silent: true, ", "owner: first, "), "01-09T00:00", "01-09T09:00", ["01-09 06:00"]),
        (BUSINESS, "01-09T00:00", "01-12T17:00", ["01-09 06:00, 01-09 17:00", "01-10 06:00, 01-12 17:00",
                                                  "01-11 06:00, 01-12 17:00", "01-12 06:00, 01-12 17:00"]),
        (SHIFT, "01-12T10:00", "01-19T10:00", ["01-19 10:00, 01-18 10:00"]),
        (SHIFT, "01-12T09:59", "01-12T10:00", ["01-12 10:00, 01-11 10:00"]),
        (AHEAD, "01-12T09:59", "01-12T10:00", ["01-12 10:00, 01-09 10:00"]),
        (READY, "01-19T23:59", "01-20T00:00", ["01-20 00:00"]),
        (READY, "01-20T00:00", "01-21T00:00", []),
        (LATER, "01-20T00:00", "01-25T00:00", ["01-22 00:00"]),
        (BUSINESS_LATER, "01-20T00:00", "01-25T00:00", ["01-22 17:00"]),
    ],
)  # fmt: skip
def test_a_period_is_named_by_its_own_instant(duty: str, after: str, now: str, found: list[str]) -> None:
    made = policy(duty)
    (one,) = made.duties.values()
    subject = "shop" if one.for_ == "product" else ""
    assert [told(each) for each in periods(made, one, subject, at(f"2026-{after}"), at(f"2026-{now}"))] == found


@pytest.mark.parametrize(
    "duty, after, now, found",
    [
        (WEEKLY, "01-01T00:00", "01-07T09:59", "01-07 10:00"),
        (WEEKLY, "01-01T00:00", "01-07T10:00", "01-14 10:00"),
        (WEEKLY, "01-21T10:00", "01-07T10:00", "01-28 10:00"),
        (DAILY, "01-01T00:00", "01-09T08:59", "01-09 06:00, 01-09 09:00"),
        (DAILY, "01-01T00:00", "01-09T09:00", "01-10 06:00, 01-10 09:00"),
        (BUSINESS, "01-01T00:00", "01-11T12:00", "01-10 06:00, 01-12 17:00"),
        (BUSINESS.replace("1 b", "20 b"), "01-01T00:00", "02-25T12:00", "01-29 06:00, 02-25 17:00"),
        (BUSINESS.replace("1 b", "80 b"), "01-01T00:00", "05-21T12:00", "01-30 06:00, 05-21 17:00"),
        (SHIFT, "01-01T00:00", "01-11T09:59", "01-12 10:00, 01-11 10:00"),
        (SHIFT, "01-01T00:00", "01-11T10:00", "01-19 10:00, 01-18 10:00"),
        (READY, "01-01T00:00", "01-19T23:59", "01-20 00:00"),
        (READY, "01-01T00:00", "01-20T00:00", ""),
        (LATER, "01-01T00:00", "01-20T00:00", "01-22 00:00"),
    ],
)
def test_the_next_period_is_the_first_that_opens_later(duty: str, after: str, now: str, found: str) -> None:
    made = policy(duty)
    (one,) = made.duties.values()
    subject = "shop" if one.for_ == "product" else ""
    assert told(next_period(made, one, subject, at(f"2026-{after}"), at(f"2026-{now}"))) == found


@pytest.mark.parametrize("now, found", [("10-11T12:00", ""), ("10-12T12:00", "01-20 12:00")])
def test_a_period_that_applies_is_looked_for_among_the_next_hundred(now: str, found: str) -> None:
    noon = WEEKLY.replace("every: 1 week, at: wednesday 10:00", "every: 1 day, at: '12:00'")
    made = policy(noon.replace("owner", "for: product, when: { stage: live }, owner"))
    moment = at(f"2025-{now}")
    assert told(next_period(made, made.duties["review"], "shop", moment, moment)) == found


def test_a_rota_written_entry_by_entry_changes_where_one_ends() -> None:
    written = policy(SHIFT)
    made = replace(written, rotas={"week": replace(written.rotas["week"], rota=ASSIGNED)})
    shifts, first = made.duties["notes"], at("2026-01-12T10:00")

    def after(moment: int) -> list[str]:
        return [local(period.at) for period in periods(made, shifts, "", moment, at("2027-01-01T00:00"))]

    assert after(first - 1) == ["01-12 10:00", "01-15 10:00", "01-17 10:00"]
    assert after(first) == ["01-15 10:00", "01-17 10:00"]
    ended = [ends(made, shifts, Period(moment, moment)) for moment in (first - 1, first, at("2026-01-17T10:00"))]
    assert ended == [first, at("2026-01-15T10:00"), None]


@pytest.mark.parametrize("again, found", [("2027-02-17T09:59", True), ("2027-02-17T10:00", False)])
def test_of_a_rota_that_pauses_for_longer_than_four_hundred_days_no_end_is_known(again: str, found: bool) -> None:
    entries = [
        {"from": "2026-01-12T10:00", "until": "2026-01-13T10:00", "on": "ann"},
        {"from": again, "until": "2027-03-01T10:00", "on": "bob"},
    ]
    written = policy(SHIFT)
    rota = Rota.from_mapping({"timezone": "Europe/Brussels", "assigned": entries})
    made = replace(written, rotas={"week": replace(written.rotas["week"], rota=rota)})
    last = at("2026-01-13T10:00")
    assert ends(made, made.duties["notes"], Period(last, last)) == (at(again) if found else None)


def test_what_waits_through_a_long_closing_is_still_to_come() -> None:
    closed = OFFICE.replace('"] } }', '"] }, closed: [2026-02-02/2026-02-20] }')
    made = load(HEAD.replace("people:", closed, 1) + f"  {BUSINESS}\n")
    found = next_period(made, made.duties["backup"], "", at("2026-01-01T00:00"), at("2026-02-20T12:00"))
    assert told(found) == "01-31 06:00, 02-23 17:00"


@pytest.mark.parametrize(
    "duty, subject, product, customer",
    [
        (WEEKLY, "", None, None),
        (READY, "shop", "shop", None),
        (WEEKLY.replace("owner", "for: customer, owner"), "acme", None, "acme"),
    ],
)
def test_a_duty_is_judged_by_whom_it_comes_for(
    duty: str, subject: str, product: str | None, customer: str | None
) -> None:
    made = load(f"{HEAD}  {duty}\ncustomers: {{ acme: {{ members: [carla] }} }}\n")
    (one,) = made.duties.values()
    assert subject in subjects(made, one)
    state = state_of(made, one, subject)
    assert (state.field("product"), state.customer) == (product, made.customers.get(customer or ""))
