"""Rotas against brute force: every start in a list, every instant looked up by walking it."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendars.support import at

from respondby.calendars.instants import resolve, zone
from respondby.calendars.overrides import read_away
from respondby.calendars.rotas import Rota

ZONES = ["America/Chicago", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "America/Sao_Paulo", "UTC"]
PEOPLE = ["ann", "bob", "cid", "dan"]
BEGINNINGS = ["2026-03-07T02:30", "2026-10-03T02:15", "2026-02-14T02:00", "2011-12-29T12:00", "2018-11-03T00:00"]
EVERY = [timedelta(hours=1), timedelta(hours=7), timedelta(days=1), timedelta(weeks=1)]


@st.composite
def rotas(draw: st.DrawFn) -> tuple[dict[str, object], timedelta, dict[str, object]]:
    begin = draw(st.sampled_from(BEGINNINGS))
    every = draw(st.sampled_from(EVERY))
    members = draw(st.lists(st.one_of(st.sampled_from(PEOPLE), st.just(["ann", "dan"])), min_size=1, max_size=4))
    first = datetime.fromisoformat(begin)

    def span() -> tuple[datetime, datetime]:
        start = first + timedelta(hours=draw(st.integers(-20, 200)))
        return start, start + timedelta(hours=draw(st.integers(3, 60)))

    overrides = []
    for _ in range(draw(st.integers(0, 3))):
        start, end = span()
        entry = {"from": start.isoformat(), "until": end.isoformat(), "on": draw(st.sampled_from(PEOPLE))}
        if draw(st.booleans()):
            entry["instead-of"] = draw(st.sampled_from(PEOPLE))
        overrides.append(entry)
    away = {
        person: {"away": ["/".join(time.isoformat() for time in span())]} for person in PEOPLE if draw(st.booleans())
    }
    hours = every // timedelta(hours=1)
    return (
        {
            "timezone": draw(st.sampled_from(ZONES)),
            "handover": {"every": f"{hours} hours", "from": begin},
            "members": members,
            "overrides": overrides,
        },
        every,
        away,
    )


@settings(max_examples=60)
@given(rotas(), st.integers(-30 * 3600, 220 * 3600))
def test_who_is_on_call_is_what_walking_the_list_says(
    case: tuple[dict[str, object], timedelta, dict[str, object]], offset: int
) -> None:
    mapping, every, away = case
    timezone = str(mapping["timezone"])
    handover, members, overrides = mapping["handover"], mapping["members"], mapping["overrides"]
    assert isinstance(handover, dict)
    assert isinstance(members, list)
    assert isinstance(overrides, list)
    first = datetime.fromisoformat(handover["from"])
    instant = resolve(first, zone(timezone)) + offset
    gone = {
        person: [at(text, timezone) for text in facts["away"][0].split("/")]  # type: ignore[index]
        for person, facts in away.items()
    }

    people: list[str] = []
    for k, (start, end) in enumerate(pairwise(resolve(first + k * every, zone(timezone)) for k in range(400))):
        if start <= instant < end:
            for step in range(len(members)):
                member = members[(k + step) % len(members)]
                there = [person for person in ([member] if isinstance(member, str) else member)
                         if person not in gone or not gone[person][0] <= instant < gone[person][1]]  # fmt: skip
                if there:
                    people = there
                    break
    for entry in overrides:
        if at(entry["from"], timezone) <= instant < at(entry["until"], timezone):
            if "instead-of" not in entry:
                people = [entry["on"]]
            elif entry["instead-of"] in people:
                swapped = [entry["on"] if person == entry["instead-of"] else person for person in people]
                people = list(dict.fromkeys(swapped))

    rota = Rota.from_mapping(mapping, read_away(away, timezone))
    assert list(rota.on_call(instant).people) == people


@settings(max_examples=60)
@given(rotas())
def test_shifts_follow_each_other_without_gap_or_overlap(
    case: tuple[dict[str, object], timedelta, dict[str, object]],
) -> None:
    mapping, _, away = case
    rota = Rota.from_mapping(mapping, read_away(away, str(mapping["timezone"])))
    handover = mapping["handover"]
    assert isinstance(handover, dict)
    begin = at(handover["from"], str(mapping["timezone"])) - 86_400
    shifts = list(rota.shifts(begin, begin + 12 * 86_400))
    assert shifts[0].since is None or shifts[0].since <= begin
    for one, two in pairwise(shifts):
        assert one.until == two.since
    for shift in shifts:
        assert shift.since is None or rota.on_call(shift.since) == shift
        assert shift.until is None or rota.on_call(shift.until - 1) == shift
