"""Rotas: turns, overrides, absences and assignments (rule 5)."""

import pytest
from tests.calendars.support import at

from respondby.calendars.instants import FOREVER, iso
from respondby.calendars.overrides import read_away
from respondby.calendars.rotas import Rota, Shift

WEEKLY = {"every": "1 week", "at": "monday 10:00", "from": "2026-01-05"}


def rota(
    *members: object, overrides: object = (), away: object = None, handover: object = None, **more: object
) -> Rota:
    """A Brussels rota, by default of three people and weekly."""
    mapping = {"timezone": "Europe/Brussels", "handover": handover or WEEKLY, "overrides": overrides, **more}
    mapping["members"] = list(members) or ["ann", "bob", "cid"]
    return Rota.from_mapping(mapping, read_away(away or {}, "Europe/Brussels"))


def on_call(who: Rota, instant: str) -> tuple[str, str | None, str | None]:
    """Who, since and until, as local times of the day on which they are."""
    return shown(who.on_call(at(instant)))


def shown(shift: Shift | None) -> tuple[str, str | None, str | None]:
    assert shift is not None
    since, until = (None if edge is None else iso(edge) for edge in (shift.since, shift.until))
    return " ".join(shift.people), since, until


def january(text: str | None) -> str | None:
    """`14 18:00` and `14` are in January 2026; whatever is longer is whole."""
    return local(text if text is None or text.startswith("2026") else "2026-01-" + text.replace(" ", "T"))


def local(text: str | None) -> str | None:
    return None if text is None else iso(at(text))


SWAP = {"from": "2026-01-14T18:00", "until": "2026-01-15T09:00", "on": "cid", "instead-of": "bob"}


case = pytest.param


@pytest.mark.parametrize(
    "who, instant, people, since, until",
    [
        case(rota(), "12 09:59:59", "ann", "05 10:00", "12 10:00", id="a turn's last second"),
        case(rota(), "12 10:00", "bob", "12 10:00", "19 10:00", id="a turn's first second"),
        case(rota(), "2026-03-29T12:00", "cid", "2026-03-23T10:00", "2026-03-30T10:00", id="over a clock change"),
        case(rota(), "05 09:59:59", "", None, "05 10:00", id="before the first"),
        case(rota(["ann", "bob"], "cid"), "06", "ann bob", "05 10:00", "12 10:00", id="a pair"),
        # Overrides.
        case(rota(overrides=[SWAP]), "14 17:59:59", "bob", "12 10:00", "14 18:00", id="before"),
        case(rota(overrides=[SWAP]), "14 18:00", "cid", "14 18:00", "15 09:00", id="during"),
        case(rota(overrides=[SWAP]), "15 09:00", "bob", "15 09:00", "19 10:00", id="after"),
        case(
            rota(overrides=[{**SWAP, "instead-of": "ann"}]),
            "15 01:00",
            "bob",
            "12 10:00",
            "19 10:00",
            id="of somebody who is not on call",
        ),
        case(
            rota(overrides=[{**SWAP, "until": "2026-01-25"}]),
            "18",
            "cid",
            "14 18:00",
            "19 10:00",
            id="ends with the named person's turn",
        ),
        case(
            rota(overrides=[{**SWAP, "until": "2026-01-25"}]),
            "20",
            "cid",
            "19 10:00",
            "26 10:00",
            id="the next turn is not touched",
        ),
        case(
            rota(overrides=[{"from": "2026-01-14", "until": "2026-01-21", "on": "dan"}]),
            "20",
            "dan",
            "19 10:00",
            "21",
            id="without a name it goes on in the next turn",
        ),
        case(
            rota(["ann", "bob"], overrides=[{**SWAP, "instead-of": "bob"}]),
            "15 01:00",
            "ann cid",
            "14 18:00",
            "15 09:00",
            id="of one of a pair",
        ),
        case(
            rota(["ann", "cid"], overrides=[{**SWAP, "instead-of": "ann"}]),
            "15 01:00",
            "cid",
            "14 18:00",
            "15 09:00",
            id="by the other of a pair",
        ),
        case(
            rota(overrides=[{**SWAP, "on": ["dan", "eli"]}]), "15 01:00", "dan eli", "14 18:00", "15 09:00", id="by two"
        ),
        case(
            rota(
                overrides=[
                    SWAP,
                    {"from": "2026-01-14T20:00", "until": "2026-01-14T22:00", "on": "dan", "instead-of": "cid"},
                ]
            ),
            "14 21:00",
            "dan",
            "14 20:00",
            "14 22:00",
            id="of who stands in",
        ),
        case(
            rota(
                overrides=[
                    SWAP,
                    {"from": "2026-01-14T20:00", "until": "2026-01-14T22:00", "on": "dan", "instead-of": "cid"},
                ]
            ),
            "14 22:00",
            "cid",
            "14 22:00",
            "15 09:00",
            id="and back to who stands in",
        ),
        case(
            rota(overrides=[{"from": "2026-01-01", "until": "2026-01-03", "on": "dan"}]),
            "02",
            "dan",
            "01",
            "03",
            id="before the first turn",
        ),
        case(
            rota(overrides=[{**SWAP, "from": "2026-01-14T17:00Z", "until": "2026-01-15T08:00Z"}]),
            "15 01:00",
            "cid",
            "14 18:00",
            "15 09:00",
            id="with offsets",
        ),
        case(
            rota(overrides=[{"from": "2026-03-29T02:00", "until": "2026-03-29T02:30", "on": "dan"}]),
            "2026-03-29T03:00",
            "cid",
            "2026-03-23T10:00",
            "2026-03-30T10:00",
            id="swallowed by a clock change",
        ),
        # Absences.
        case(
            rota(away={"bob": {"away": ["2026-01-10/2026-01-20"]}}),
            "15",
            "cid",
            "12 10:00",
            "19 10:00",
            id="away for a turn",
        ),
        case(
            rota(away={"bob": {"away": ["2026-01-10/2026-01-20"]}}),
            "20",
            "cid",
            "19 10:00",
            "26 10:00",
            id="the order stays",
        ),
        case(rota(away={"bob": {"away": ["2026-01-15"]}}), "15 12:00", "cid", "15", "16", id="away for a day"),
        case(rota(away={"bob": {"away": ["2026-01-15"]}}), "16", "bob", "16", "19 10:00", id="and back"),
        case(
            rota(away={"bob": {"away": ["2026-01-15"], "timezone": "Asia/Karachi"}}),
            "14 20:00",
            "cid",
            "14 20:00",
            "15 20:00",
            id="away in their own zone",
        ),
        case(
            rota(away={"bob": {"away": ["2026-01-15"]}, "cid": {"away": ["2026-01-15"]}}),
            "15 12:00",
            "ann",
            "15",
            "16",
            id="two away",
        ),
        case(rota("bob", away={"bob": {"away": ["2026-01-15"]}}), "15 12:00", "", "15", "16", id="everybody away"),
        case(
            rota(["ann", "bob"], "cid", away={"bob": {"away": ["2026-01-08"]}}),
            "08 12:00",
            "ann",
            "08",
            "09",
            id="one of a pair away",
        ),
        case(
            rota(away={"bob": {"away": ["2026-01-10/2026-01-20"]}}, overrides=[SWAP]),
            "15 01:00",
            "cid",
            "12 10:00",
            "19 10:00",
            id="an override of somebody away says nothing",
        ),
        # The end of a rota.
        case(
            rota(handover={**WEEKLY, "until": "2026-01-14"}),
            "13",
            "bob",
            "12 10:00",
            "14",
            id="the last turn ends with until",
        ),
        case(
            rota(handover={**WEEKLY, "until": "2026-01-14"}),
            "2026-02-13",
            "",
            "14",
            None,
            id="and nobody is on call after",
        ),
    ],
)
def test_who_is_on_call(who: Rota, instant: str, people: str, since: str | None, until: str | None) -> None:
    assert on_call(who, january(instant)) == (people, january(since), january(until))


ASSIGNED = Rota.from_mapping(
    {
        "timezone": "Europe/Brussels",
        "assigned": [
            {"from": "2026-01-05T10:00", "until": "2026-01-08T10:00", "on": "ann"},
            {"from": "2026-01-10T10:00", "until": "2026-01-12T10:00", "on": ["bob", "cid"]},
            {"from": "2026-01-11T10:00", "until": "2026-01-14T10:00", "on": "dan"},
        ],
        "overrides": [{"from": "2026-01-06", "until": "2026-01-07", "on": "eli", "instead-of": "ann"}],
    }
)


@pytest.mark.parametrize(
    "instant, people, since, until",
    [
        ("2026-01-01", "", None, "2026-01-05T10:00"),
        ("2026-01-05T12:00", "ann", "2026-01-05T10:00", "2026-01-06"),
        ("2026-01-06T12:00", "eli", "2026-01-06", "2026-01-07"),
        ("2026-01-07T12:00", "ann", "2026-01-07", "2026-01-08T10:00"),
        ("2026-01-09", "", "2026-01-08T10:00", "2026-01-10T10:00"),
        ("2026-01-10T12:00", "bob cid", "2026-01-10T10:00", "2026-01-11T10:00"),
        ("2026-01-11T12:00", "dan", "2026-01-11T10:00", "2026-01-12T10:00"),
        ("2026-01-13T12:00", "dan", "2026-01-12T10:00", "2026-01-14T10:00"),
        ("2026-02-01", "", "2026-01-14T10:00", None),
    ],
)
def test_an_assigned_rota_is_its_entries(instant: str, people: str, since: str | None, until: str | None) -> None:
    assert on_call(ASSIGNED, instant) == (people, local(since), local(until))


def test_the_next_and_the_previous_shift_are_those_of_the_hand_overs() -> None:
    night = {"from": "2026-01-19T09:00", "until": "2026-01-19T22:00", "on": "dan"}
    who = rota(overrides=[SWAP, night])
    assert shown(who.next_shift(at("2026-01-13"))) == ("dan", local("2026-01-19T10:00"), local("2026-01-19T22:00"))
    assert shown(who.previous_shift(at("2026-01-20"))) == ("dan", local("2026-01-19T09:00"), local("2026-01-19T10:00"))
    assert shown(who.previous_shift(at("2026-01-13"))) == ("ann", local("2026-01-05T10:00"), local("2026-01-12T10:00"))
    assert shown(who.next_shift(at("2020-01-01"))) == ("ann", local("2026-01-05T10:00"), local("2026-01-12T10:00"))
    assert who.previous_shift(at("2026-01-06")) is None
    assert who.previous_shift(at("2020-01-01")) is None


def test_a_rota_that_ends_has_no_next_shift() -> None:
    who = rota(handover={**WEEKLY, "until": "2026-01-14"})
    assert who.next_shift(at("2026-01-13")) is None
    assert shown(who.previous_shift(at("2026-02-13"))) == ("bob", local("2026-01-12T10:00"), local("2026-01-14"))


def test_the_neighbours_in_an_assigned_rota_are_the_next_people_and_the_last() -> None:
    assert shown(ASSIGNED.next_shift(at("2026-01-07T12:00"))) == (
        "bob cid",
        local("2026-01-10T10:00"),
        local("2026-01-11T10:00"),
    )
    assert shown(ASSIGNED.previous_shift(at("2026-01-09"))) == ("ann", local("2026-01-07"), local("2026-01-08T10:00"))
    assert ASSIGNED.next_shift(at("2026-01-13")) is None
    assert ASSIGNED.previous_shift(at("2026-01-05T12:00")) is None


def test_changes_of_shift_are_the_hand_overs() -> None:
    who = rota(overrides=[SWAP])
    assert list(who.handovers(at("2026-01-12T10:00"), at("2026-01-26T10:00"))) == [
        at("2026-01-12T10:00"), at("2026-01-19T10:00")
    ]  # fmt: skip
    begins = ["2026-01-10T10:00", "2026-01-11T10:00", "2026-01-12T10:00", "2026-01-14T10:00"]
    assert list(ASSIGNED.handovers(at("2026-01-09"), at("2026-03-01"))) == [at(begin) for begin in begins]


def test_a_rota_is_equal_by_what_it_says_and_remembers_only_so_much() -> None:
    one, other = rota(overrides=[SWAP]), rota(overrides=[SWAP])
    for week in range(1100):
        one.on_call(at("2026-01-06") + week * 7 * 86_400)
    assert one == other
    assert hash(one) == hash(other)
    assert len(one._shifts) <= 1024
    assert one.on_call(at("2026-01-06")) == other.on_call(at("2026-01-06"))
    assert one != rota()


def test_an_assigned_rota_of_nothing_is_nobody_for_ever() -> None:
    assert Rota.from_mapping({"assigned": []}).on_call(at("2026-01-05")) == Shift((), None, None)
    assert at("2026-01-05") < FOREVER
