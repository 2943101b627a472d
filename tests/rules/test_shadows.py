"""A rota's shadows are told when whoever is on call is called: never paged, recorded, held by their quiet hours."""

from __future__ import annotations

import pytest
from tests.promises.stories import policy, when
from tests.rules.desk import CHANNELS, HEAD, called, sweep, world

from respondby.rules.plan import Call

ASKED = '10:00 carla opens "Help"'
CLOCK = "  answer: { start: opened, stop: comment by staff, target: 1h, ladder: [%s] }"
ROTAS = """
rotas:
  week: { timezone: Europe/Brussels, handover: { every: 1 week, from: 2026-01-05 }, members: [ann], shadows: learner }
  late: { timezone: Europe/Brussels, handover: { every: 1 week, from: 2026-01-05 }, members: [tess] }
"""
ROLES = """\
  learner: bob
  engineer: { rota: week }
  first: [{ when: { priority: high }, rota: late }, { role: engineer }]
"""
DESK = HEAD.replace("  lead:", f"{ROLES}  lead:") + ROTAS


@pytest.mark.parametrize(
    "rung, expected",
    [
        ("{ at: due, page: engineer, via: pager }", ["11:00 page ann pager", "11:00 notify bob pager"]),
        ("{ at: due, page: engineer, via: events }", ["11:00 page ann events", "11:00 notify bob chat"]),
        ("{ at: due, page: engineer, via: phone }", ["11:00 page ann phone", "11:00 notify bob chat"]),
        ("{ at: due, notify: engineer, via: phone }", ["11:00 notify ann phone", "11:00 notify bob phone"]),
        ("{ at: due, page: engineer, via: alone }", ["11:00 page ann alone", "11:00 mention bob mention"]),
        ("{ at: due, notify: engineer }", ["11:00 mention ann mention", "11:00 mention bob mention"]),
        ("{ at: due, page: first, via: events }", ["11:00 page ann events", "11:00 notify bob chat"]),
        ("{ at: due, page: ann, via: events }", ["11:00 page ann events"]),
        ("{ at: due, page: lead, via: events }", ["11:00 page tess events"]),
        ("{ at: due, page: [engineer, bob], via: events }", ["11:00 page ann events", "11:00 page bob events"]),
    ],
    ids=[
        "a shared pager that is a chat",
        "a pager is no chat",
        "an address for each person may be a telephone",
        "unless nobody is paged by it",
        "no chat at all",
        "a mention",
        "through a role of a role",
        "whoever is named is not on call",
        "whoever holds another role neither",
        "who is paged anyway is told by the page",
    ],
)
def test_shadows_are_told_with_the_call(rung: str, expected: list[str]) -> None:
    channels = (
        "  events: { pagerduty: EVENTS, fallback: chat }\n  phone: { apprise: 'PHONE_{PERSON}', fallback: chat }\n"
        "  alone: { pagerduty: ALONE }\n"
    )
    head = DESK.replace("  lead:", "  lead: tess\n  old-lead:") if "lead" in rung else DESK
    desk = world(CLOCK % rung, ASKED, head=head, more=channels)
    sweep(desk, "11:00", "11:01", "12:00")
    assert sorted(called(desk)) == sorted(expected)


def test_only_the_rota_that_is_called_tells_its_shadows() -> None:
    rung = "{ at: due, page: first, via: pager }"
    desk = world(CLOCK % rung, f"{ASKED}\n10:01 ann labels priority/high", head=DESK)
    sweep(desk, "11:01")
    assert called(desk) == ["11:01 page tess pager"]


def test_quiet_hours_hold_a_shadow_and_not_the_page() -> None:
    channels = "  events: { pagerduty: EVENTS, fallback: chat }\n"
    desk = world(
        CLOCK % "{ at: due, page: engineer, via: events }", '22:00 carla opens "Help"', head=DESK, more=channels
    )
    sweep(desk, "23:00", "23:30", "tue 07:00", "tue 08:00")
    assert called(desk) == ["23:00 page ann events", "tue 07:00 notify bob chat"]


def test_a_shadow_who_was_not_reached_is_told_again_and_still_not_paged() -> None:
    desk = world(CLOCK % "{ at: due, page: engineer, via: pager }", ASKED, head=DESK)
    desk.unreachable = {"bob"}
    sweep(desk, "11:00")
    desk.unreachable = set()
    sweep(desk, "11:01", "11:02")
    assert [line for line in called(desk) if " bob " in line] == ["11:01 notify bob pager"]
    assert [line for line in called(desk) if " ann " in line] == ["11:00 page ann pager"]


def test_shadows_that_come_later_hear_nothing_of_what_was_called_before() -> None:
    rung = CLOCK % "{ at: due, page: engineer, via: pager }"
    desk = world(rung, ASKED, head=DESK.replace(", shadows: learner", ""))
    sweep(desk, "11:00")
    desk.policy = policy(rung, DESK + CHANNELS)
    sweep(desk, "11:01")
    assert called(desk) == ["11:00 page ann pager"]


def test_a_stop_that_came_first_tells_no_shadow() -> None:
    story = f'{ASKED}\n11:30 ann says "Here"'
    desk = world(CLOCK % "{ at: due, page: engineer, via: pager }", story, head=DESK)
    sweep(desk, "12:00")
    assert called(desk) == []


def test_a_command_tells_shadows_once_and_is_answered_once() -> None:
    head = DESK.replace("  /ack:", "  /page: { by: anyone, page: engineer, via: pager }\n  /ack:")
    desk = world(CLOCK % "{ at: due, notify: tess }", f'{ASKED}\n10:05 carla says "/page"', head=head)
    sweep(desk, "10:05", "10:06")
    assert called(desk) == ["10:05 page ann pager", "10:05 notify bob pager"]
    assert [verb for _, _, verb, _, _ in desk.called].count("react") == 1


def test_a_call_to_a_shadow_says_that_it_is_one() -> None:
    desk = world(CLOCK % "{ at: due, page: engineer, via: pager }", ASKED, head=DESK)
    _, plan = desk.look(when("11:00"))
    found = {
        action.to: all(one.shadow for one in action.because) for action in plan.actions if isinstance(action, Call)
    }
    assert found == {"ann": False, "bob": True}


def test_nobody_is_called_in_the_place_of_a_shadow_who_is_away() -> None:
    rungs = "{ at: due, page: engineer, via: pager }, { at: due + 30m, page: tess, via: pager }"
    desk = world(CLOCK % rungs, ASKED, head=DESK.replace("bob: {}", "bob: { away: [2026-03-02] }"))
    sweep(desk, "11:00", "11:01", "11:30")
    assert called(desk) == ["11:00 page ann pager", "11:30 page tess pager"]
