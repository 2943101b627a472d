"""What rotas ask of people: differences between two versions, and figures of fairness."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendars.support import at
from tests.calendars.test_rotas_oracle import rotas

from respondby.calendars.coverage import Change, Figures, changes, figures, stretches
from respondby.calendars.instants import resolve, zone
from respondby.calendars.overrides import read_away
from respondby.calendars.rotas import Rota

WEEKLY = {"every": "1 week", "at": "monday 10:00", "from": "2026-01-05"}
BRUSSELS = zone("Europe/Brussels")


def rota(*members: object, overrides: object = ()) -> Rota:
    mapping = {"timezone": "Europe/Brussels", "handover": WEEKLY, "members": list(members), "overrides": overrides}
    return Rota.from_mapping(mapping)


def shown(change: Change) -> tuple[str, str, Change]:
    return " ".join(change.before), " ".join(change.after), change


SWAP = {"from": "2026-01-14T18:00", "until": "2026-01-15T09:00", "on": "cid", "instead-of": "bob"}
SWAPPED = ("2026-01-14T18:00", "2026-01-15T09:00")


@pytest.mark.parametrize(
    "before, after, expected",
    [
        (rota("ann", "bob"), rota("ann", "bob"), []),
        (rota(["ann", "bob"]), rota(["bob", "ann"]), []),
        (rota("ann", "bob"), rota("ann", "bob", overrides=[SWAP]), [("bob", "cid", *SWAPPED)]),
        (rota("ann", "bob", overrides=[SWAP]), rota("ann", "bob"), [("cid", "bob", *SWAPPED)]),
        (
            rota("ann", "bob"),
            rota("bob", "ann"),
            [("ann", "bob", "2026-01-05T10:00", "2026-01-12T10:00"), ("bob", "ann", "2026-01-12T10:00", "2026-01-18")],
        ),
        (None, rota("ann"), [("", "ann", "2026-01-05T10:00", "2026-01-18")]),
        (rota("ann"), None, [("ann", "", "2026-01-05T10:00", "2026-01-18")]),
        (None, None, []),
        # Two swaps alike, with a day between them, are two.
        (
            rota("ann", "bob"),
            rota(
                "ann",
                "bob",
                overrides=[{**SWAP, "until": "2026-01-15"}, {**SWAP, "from": "2026-01-16", "until": "2026-01-17"}],
            ),
            [("bob", "cid", "2026-01-14T18:00", "2026-01-15"), ("bob", "cid", "2026-01-16", "2026-01-17")],
        ),
    ],
)  # fmt: skip
def test_two_versions_differ_where_other_people_are_on_call(
    before: Rota | None, after: Rota | None, expected: list[tuple[str, str, str, str]]
) -> None:
    found = changes(before, after, at("2026-01-01"), at("2026-01-18"))
    assert [(" ".join(one.before), " ".join(one.after), one.begin, one.end) for one in found] == [
        (was, will, at(begin), at(end)) for was, will, begin, end in expected
    ]


def test_who_stays_of_a_pair_neither_gains_nor_loses() -> None:
    [change] = changes(rota(["ann", "bob"]), rota(["ann", "cid"]), at("2026-01-06"), at("2026-01-07"))
    assert (change.gain, change.lose) == (("cid",), ("bob",))


@settings(max_examples=25)
@given(rotas(), rotas(), st.lists(st.integers(0, 10 * 86_400), min_size=1, max_size=20))
def test_changes_are_exactly_where_people_differ(one: object, other: object, offsets: list[int]) -> None:
    (first, _, gone), (second, _, absent) = one, other  # type: ignore[misc]
    begin = at(first["handover"]["from"], first["timezone"]) - 86_400
    end = begin + 11 * 86_400
    left = Rota.from_mapping(first, read_away(gone, first["timezone"]))
    right = Rota.from_mapping(second, read_away(absent, second["timezone"]))
    found = changes(left, right, begin, end)
    for instant in (begin + offset for offset in offsets):
        inside = [change for change in found if change.begin <= instant < change.end]
        was, will = left.on_call(instant).people, right.on_call(instant).people
        assert bool(inside) == (set(was) != set(will))
        assert all((change.before, change.after) == (was, will) for change in inside)
    mirrored = changes(right, left, begin, end)
    assert [(one.after, one.before, one.begin, one.end) for one in mirrored] == [
        (one.before, one.after, one.begin, one.end) for one in found
    ]


CHRISTMAS = frozenset({datetime(2026, 12, 25).toordinal()})


@pytest.mark.parametrize(
    "begin, end, expected",
    [
        ("2026-01-05T10:00", "2026-01-12T10:00", Figures(1, 7 * 86_400, 7, 2, 0)),
        ("2026-01-05T10:00", "2026-01-06T03:00", Figures(1, 17 * 3600, 0, 0, 0)),
        ("2026-01-05T10:00", "2026-01-06T03:00:01", Figures(1, 17 * 3600 + 1, 1, 0, 0)),
        ("2026-01-06T03:00", "2026-01-06T10:00", Figures(1, 7 * 3600, 1, 0, 0)),
        ("2026-01-06T03:00:01", "2026-01-06T10:00", Figures(1, 7 * 3600 - 1, 0, 0, 0)),
        ("2026-01-10T11:59", "2026-01-10T12:00", Figures(1, 60, 0, 0, 0)),
        ("2026-01-10T12:00", "2026-01-10T12:01", Figures(1, 60, 0, 1, 0)),
        ("2026-12-25T08:00", "2026-12-25T20:00", Figures(1, 12 * 3600, 0, 0, 1)),
        # The night in which 02:00 to 03:00 does not exist, and the one in which it comes twice, are a night each.
        ("2026-03-28T22:00", "2026-03-29T08:00", Figures(1, 9 * 3600, 1, 0, 0)),
        ("2026-10-24T22:00", "2026-10-25T08:00", Figures(1, 11 * 3600, 1, 0, 0)),
    ],
)
def test_what_a_stretch_counts_as(begin: str, end: str, expected: Figures) -> None:
    holidays = {2026: CHRISTMAS}
    held = [("ann", (at(begin), at(end)))]
    assert figures(held, lambda _: BRUSSELS, lambda year: holidays.get(year, frozenset())) == {"ann": expected}


def test_a_night_is_one_on_the_persons_own_clock() -> None:
    held = [(who, (at("2026-01-06T02:00"), at("2026-01-06T04:00"))) for who in ("ann", "sam")]
    zones = {"ann": BRUSSELS, "sam": zone("Australia/Sydney")}
    found = figures(held, zones.__getitem__, lambda _: frozenset())
    assert (found["ann"].nights, found["sam"].nights) == (1, 0)


def test_a_date_that_never_was_is_no_night() -> None:
    apia = zone("Pacific/Apia")
    held = [("ann", (at("2011-12-29T12:00", "Pacific/Apia"), at("2011-12-31T12:00", "Pacific/Apia")))]
    assert figures(held, lambda _: apia, lambda _: frozenset())["ann"].nights == 1


def test_times_that_overlap_are_carried_once() -> None:
    times = [("2026-01-10", "2026-01-11T12:00"), ("2026-01-11", "2026-01-12")]
    held = [("ann", (at(begin), at(end))) for begin, end in times]
    assert figures(held, lambda _: BRUSSELS, lambda _: frozenset()) == {"ann": Figures(2, 2 * 86_400, 2, 2, 0)}


@settings(max_examples=25)
@given(rotas(), st.sampled_from(["Europe/Brussels", "America/Chicago", "Pacific/Apia", "Asia/Kolkata"]))
def test_every_night_is_counted_for_exactly_who_is_on_call(case: object, timezone: str) -> None:
    mapping, _, away = case  # type: ignore[misc]
    who = Rota.from_mapping(mapping, read_away(away, mapping["timezone"]))
    begin = at(mapping["handover"]["from"], mapping["timezone"]) - 86_400
    end, where = begin + 12 * 86_400, zone(timezone)
    held = [(person, (one.begin, one.end)) for one in stretches(who, begin, end) for person in one.people]
    counted = sum(one.nights for one in figures(held, lambda _: where, lambda _: frozenset()).values())
    first = datetime.fromtimestamp(begin, where).replace(hour=3, minute=0, second=0, tzinfo=None)
    threes = [first + timedelta(days=day) for day in range(-1, 15)]
    # Samoa had no 30 December 2011, and so no night of it.
    dates = [(three.date(), resolve(three, where)) for three in threes]
    nights = [night for date, night in dates if datetime.fromtimestamp(night, where).date() == date]
    assert counted == sum(len(who.on_call(night).people) for night in nights if begin <= night < end)
