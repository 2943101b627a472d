"""Which facts a card shows: what was asked, what is promised, what is missing; each by a story."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises import test_windows as works
from tests.promises.stories import HEAD, shown, story_of, when

from respondby.desk.case import Actor, Mark, MarkKind, Moment
from respondby.desk.records import Kept
from respondby.rules.card_facts import CardClock, CardFacts, CardWindow
from respondby.rules.cards import card_facts

FORMS = """forms:
  ask: { name: Ask, about: Ask us., ask: { what: What happened? }, choose: [priority] }
  other: { name: Other, about: Else., ask: { why: Why? } }
commands:
"""
POLICY = (
    HEAD.replace("commands:\n", FORMS)
    .replace("tess: {} }", "tess: {}, carla: { timezone: Asia/Tokyo }, lena: { timezone: Europe/Brussels } }")
    .replace("fields:\n", "fields:\n  product: { label: product/ }\n")
    + "\nincidents: { when: { priority: high } }\nproducts: { shop: { name: Web shop } }\n"
)
CLOCKS = """
  answer:
    start: opened
    stop: comment by staff
    pause: waiting
    target: { priority: { high: 1h, normal: { within: 4h, calendar: office }, low: none } }
  news: { start: answer stops, stop: /update, target: 2h }
  revert: { each: true, start: /workaround, stop: /reverted, target: { by: /workaround.until } }
  again: { start: reopened, stop: /ack, target: 1h }
  long: { start: /hold, stop: /resume, target: 8h, survives: close }
"""
ASKED = '10:00 carla opens "### What happened?\\n\\nIt burns\\n\\n### Priority\\n\\n_No response_"\n'
UNTIL = 'bob says "/workaround 2026-03-02T'


def facts(story: str, at: str = "11:15", author: str = "carla") -> CardFacts:
    """The card's facts at that time."""
    told = story_of(CLOCKS, f"{ASKED}{story}".replace("carla", author), head=POLICY)
    return card_facts(told.policy, told.history, told.assessed(at))


def told(clock: CardClock) -> str:
    """A clock in a line, with whatever is not as usual."""
    calendar = f" on {clock.calendar}" if clock.calendar else ""
    about = f" ({clock.about})" if clock.about else ""
    stands = (
        "paused" if clock.paused else f"{clock.state} {shown(clock.ended if clock.ended is not None else clock.due)}"
    )
    until = f" until {shown(clock.until)}" if clock.until is not None else ""
    return f"{clock.clock}{about}: {clock.promise}{calendar}, {stands}{until}"


@pytest.mark.parametrize(
    "story, kind, fields",
    [
        ("", "Ask", {"Priority": None}),  # it was asked for
        ("10:10 bob labels priority/normal", "Ask", {"Priority": "Normal"}),
        ("10:10 bob labels priority/urgent", "Ask", {"Priority": None}),  # no value of the policy
        ("10:10 bob labels product/shop", "Ask", {"Product": "Web shop", "Priority": None}),
        ("10:10 bob labels state/hold", "Ask", {"Priority": None, "State": "On hold"}),
        # The type is the card's kind, and no field of it; what was asked stays what was asked.
        ("10:05 bob unlabels type/ask\n10:10 bob labels type/other", "Other", {"Priority": None}),
    ],
)
def test_fields_that_have_a_value_or_were_asked_for(story: str, kind: str, fields: dict[str, str | None]) -> None:
    found = facts(story)
    assert (found.kind, {field.title: field.value for field in found.fields}) == (kind, fields)


@pytest.mark.parametrize(
    "story, clocks",
    [
        ("", []),
        ("10:10 bob labels priority/low", []),  # nothing is promised
        ("10:10 bob labels priority/normal", ["answer: 4h on office, running 14:10"]),
        ("10:10 bob labels priority/high", ["answer: 1h, breached 11:10"]),
        ('10:10 bob labels priority/high\n10:20 bob says "/wait"', ["answer: 1h, paused"]),
        ('10:10 bob labels priority/high\n10:20 bob says "Hi"', ["answer: 1h, met 10:20", "news: 2h, running 12:20"]),
        # Of one clock's runs in a row the last is shown, of those side by side all that are open.
        (f'10:20 {UNTIL}12:00"\n10:30 {UNTIL}13:00"',
         ["revert (1): /workaround.until, running 12:00", "revert (2): /workaround.until, running 13:00"]),
        (f'10:20 {UNTIL}12:00"\n10:30 {UNTIL}13:00"\n10:40 bob says "/reverted 1"',
         ["revert (2): /workaround.until, running 13:00"]),
        (f'10:20 {UNTIL}12:00"\n10:30 {UNTIL}13:00"\n10:40 bob says "/reverted 2"',
         ["revert (1): /workaround.until, running 12:00", "revert (2): /workaround.until, met 10:40"]),
        # Opened again, it shows this turn's promises, and what has run on since the one before.
        ("10:10 bob labels priority/high\n10:20 bob closes\n10:30 carla reopens", ["again: 1h, running 11:30"]),
        ('10:10 bob says "/hold"\n10:20 bob closes\n10:30 carla reopens',
         ["long: 8h, running 18:10", "again: 1h, running 11:30"]),
        ('10:10 bob says "/hold"\n10:20 bob closes\n10:30 carla reopens\n10:40 bob says "/resume"',
         ["again: 1h, running 11:30"]),
        ("10:10 bob labels priority/high\n10:20 bob closes", []),  # called off, nobody cares for it
    ],
)  # fmt: skip
def test_promises_that_somebody_still_cares_for(story: str, clocks: list[str]) -> None:
    assert [told(clock) for clock in facts(story).clocks] == clocks


MADE = f'10:20 {UNTIL}12:00"\n10:30 {UNTIL}13:00"\n10:40 bob closes\n10:50 carla reopens\n'


@pytest.mark.parametrize(
    "story, changes",
    [
        ("", []),
        (f'10:20 {UNTIL}12:00"', []),  # its promise is shown, which says it
        (MADE, ["1 until 12:00", "2 until 13:00"]),  # closed, it was promised no more, and is still there
        (f'{MADE}10:55 bob says "/reverted 1"', ["2 until 13:00"]),
        (f'{MADE}10:55 bob says "/reverted 2"\n10:56 bob says "/reverted 1"', []),
    ],
)
def test_temporary_changes_that_are_in_place_and_that_no_promise_tells_of(story: str, changes: list[str]) -> None:
    assert [f"{one.what} until {shown(one.until)}" for one in facts(story).temporary] == changes


@pytest.mark.parametrize(
    "of, says, repeats",
    [
        (None, True, None),
        ("acme/support#3", True, "#3"),
        ("Acme/Support#3", True, "#3"),
        ("acme/secret#3", True, ""),  # whoever reads this may not read there
        ("", True, ""),
        ("acme/support#3", False, None),
    ],
)
def test_what_it_repeats_is_named_where_its_readers_may_read_it(
    of: str | None, says: bool, repeats: str | None
) -> None:
    told = story_of(CLOCKS, ASKED, head=POLICY)
    bob = Actor("bob", "MEMBER")
    marked = [] if of is None else [Moment(when("10:10"), "duplicate", bob, "DE_1", of)]
    taken_back = [] if says else [Moment(when("10:20"), "no duplicate", bob, "DE_2", of or "")]
    told = replace(told, case=replace(told.case, moments=(*told.case.moments, *marked, *taken_back)))
    assert card_facts(told.policy, told.history, told.assessed("11:15")).duplicate_of == repeats


@pytest.mark.parametrize(
    "story, window",
    [
        ([works.ASKED], CardWindow(when("14:00"), when("15:00"), False, False)),
        ([works.ASKED, "09:00 ann closes"], CardWindow(when("14:00"), when("15:00"), False, True)),
        ([works.asked("08:00", "08:30", "09:00", urgent="Yes")], CardWindow(when("08:30"), when("09:00"), True, False)),
        ([works.asked("08:00", "09:00", "10:00")], None),
    ],
)
def test_a_maintenance_window_is_shown_as_it_stands_or_was_called_off(
    story: list[str], window: CardWindow | None
) -> None:
    told = works.case(*story)
    found = card_facts(told.policy, told.history, told.assessed("10:00"))
    assert found.window == window
    assert bool(found.problems) is (window is None)


@pytest.mark.parametrize(
    "kept, part_of", [([], ""), ([Kept("tie/MC_1 tied", when("10:05"), "bob", "MEMBER", "tied", "", "12")], "12")]
)
def test_the_incident_that_a_request_is_part_of(kept: list[Kept], part_of: str) -> None:
    told = story_of(CLOCKS, ASKED, head=POLICY).with_ledger(kept=kept)
    assert card_facts(told.policy, told.history, told.assessed("11:15")).part_of == part_of


@pytest.mark.parametrize(
    "author, timezone", [("carla", "Asia/Tokyo"), ("CARLA", "Asia/Tokyo"), ("lena", None), ("dora", None)]
)
def test_times_are_said_in_the_requesters_own_timezone_where_that_is_another(author: str, timezone: str | None) -> None:
    found = facts("", author=author)
    assert (found.timezone, found.customer_timezone) == ("Europe/Brussels", timezone)


@pytest.mark.parametrize(
    "story, at, milestones",
    [
        ("", "11:15", {}),
        ("10:10 bob labels priority/high", "11:15", {"started": False, "detected": False}),
        ('10:10 bob labels priority/high\n10:20 bob says "/resolved"', "11:15",
         {"started": False, "detected": False, "resolved": False}),
        ("10:10 bob labels priority/high\n10:20 bob unlabels priority/high", "11:15", {}),
    ],
)  # fmt: skip
def test_an_incident_shows_what_it_has_come_to(story: str, at: str, milestones: dict[str, bool]) -> None:
    assert {one.name: one.corrected for one in facts(story, at).milestones} == milestones


@pytest.mark.parametrize("kind, name", [("duty", "weekly"), ("item", "action-item")])
def test_what_an_issue_of_a_duty_or_an_action_item_shows_is_for_the_desk_alone(kind: MarkKind, name: str) -> None:
    story = story_of(CLOCKS, f"{ASKED}10:10 bob labels priority/high\n10:20 carla says /ack", head=POLICY)
    mark = Mark(kind, {"duty": "weekly", "first": "0", "last": "0", "opens": "0"})
    case = replace(story.case, mark=mark)
    duty = replace(story, case=case)
    found = card_facts(duty.policy, duty.history, duty.assessed("11:15"))
    assert (found.duty, found.kind, found.fields, found.customer_timezone) == (name, None, (), None)
    assert found.timezone == "Europe/Brussels"
