"""A case explained: a pause over a weekend, a raise, a chain; and the card says the same to the second."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from tests.promises.stories import Story, policy, story_of, when

from respondby.calendars.instants import iso
from respondby.cli.output.explain import explain_markdown, explain_text
from respondby.promises.explaining import explanation
from respondby.promises.pins import pin_of
from respondby.rules.cards import card_facts

OFFICE = "calendar: office, "
PAUSED = story_of(
    "  answer: { start: opened, stop: comment by staff, pause: waiting, target: { within: 4h, calendar: office } }",
    'fri 15:00 carla opens "Help"\nfri 16:00 bob says /wait\nmon+1 10:00 carla says "Here it is"',
)
RAISED = story_of(
    "  answer: { start: opened, stop: comment by staff,\n"
    "    target: { priority: { high: { within: 30m }, low: { within: 8h } } } }",
    '10:00 carla opens "Help"\n10:00 bob labels priority/low\n11:00 bob labels priority/high\n11:40 bob says "Done"',
)
CHAIN = story_of(
    "  first: { start: opened, stop: comment by staff, target: 30m }\n"
    "  update: { start: [first stops, update stops], stop: /update, target: 1h }",
    '10:00 carla opens "Help"\n10:20 bob says "On it"\n11:00 bob says "/update still at it"',
)


def explained(case: Story, at: str) -> str:
    now = when(at)
    assessment = case.assessed(at)
    return explain_text(explanation(case.policy, case.history, assessment) | {"now": iso(now)})


def test_a_pause_over_a_weekend_is_told_span_by_span() -> None:
    assert explained(PAUSED, "mon+1 11:00").splitlines() == [
        "acme/support#7  Nothing works",
        "  open · as of Mon 9 Mar 2026, 11:00 (Europe/Brussels)",
        "",
        "answer: running, due Mon 9 Mar 2026, 13:00",
        "  promised: 4h, in open time on the calendar office (rule 1)",
        "  Fri 6 Mar 2026, 15:00  started (4h): due Mon 9 Mar 2026, 11:00",
        "  Fri 6 Mar 2026, 16:00  paused (rule 6)",
        "  Mon 9 Mar 2026, 10:00  goes on (rule 6): due Mon 9 Mar 2026, 13:00",
        "    Fri 6 Mar 2026, 15:00 – Fri 6 Mar 2026, 16:00             1 h          1 h",
        "    Mon 9 Mar 2026, 10:00 – Mon 9 Mar 2026, 11:00             1 h          2 h",
        "    counted: 2 h",
        "",
        "Next: Mon 9 Mar 2026, 13:00: answer is due",
    ]


def test_times_in_the_hour_that_autumn_repeats_are_told_apart() -> None:
    case = story_of(
        "  answer: { start: opened, stop: comment by staff, target: 1h }",
        '10:15 carla opens "Help"\n11:30 bob says "Hello"',
    )
    data = json.dumps(explanation(case.policy, case.history, case.assessed("12:00")))
    for march, october in (("2026-03-02T09", "2026-10-25T00"), ("2026-03-02T10", "2026-10-25T01")):
        data = data.replace(march, october)
    assert explain_text(json.loads(data)).splitlines()[3:7] == [
        "answer: late (rule 8), due Sun 25 Oct 2026, 02:15 UTC+1",
        "  promised: 1h, in elapsed time (rule 1)",
        "  Sun 25 Oct 2026, 02:15 UTC+2 started (1h): due Sun 25 Oct 2026, 02:15 UTC+1",
        "  Sun 25 Oct 2026, 02:30 UTC+1 stopped by bob: late (rule 8)",
    ]


def test_a_raise_is_told_with_its_rule() -> None:
    text = explained(RAISED, "12:00")
    assert "answer: late (rule 8), due Mon 2 Mar 2026, 11:30" in text
    assert "  promised: 30m for priority high, in elapsed time (rule 1)" in text
    assert "Mon 2 Mar 2026, 10:00  started (8h for priority low): due Mon 2 Mar 2026,\n" in text
    assert "Mon 2 Mar 2026, 11:00  raised (rule 11) (30m for priority high): due Mon 2 Mar\n" in text
    assert "Mon 2 Mar 2026, 11:40  stopped by bob: late (rule 8)" in text


def test_a_promise_that_an_edit_left_alone_says_so() -> None:
    edited = replace(RAISED, policy=policy("  answer: { start: opened, stop: comment by staff, target: 5m }"))
    clock = RAISED.policy.clocks["answer"]
    assessment = edited.assessed("10:30", {"answer/I_1": pin_of(RAISED.policy, clock, "answer/I_1")})
    text = explain_text(explanation(edited.policy, edited.history, assessment))
    assert "promised: 8h for priority low, in elapsed time (rule 1), as the policy said\n    when" in text


def test_what_comes_says_why() -> None:
    clocks = (
        "  answer: { start: opened, stop: comment by staff, target: 1h }\n"
        "  late: { when: { during: office }, start: opened, stop: /ack, target: 8h }"
    )
    text = explained(story_of(clocks, '10:00 carla opens "Help"'), "10:10")
    assert text.endswith("Next: Mon 2 Mar 2026, 11:00: answer is due\n      Mon 2 Mar 2026, 18:00: late is due")
    text = explained(story_of(clocks, '10:00 carla opens "Help"\n10:05 bob says Hi'), "11:10")
    assert text.endswith(
        "Next: Mon 2 Mar 2026, 17:00: a condition of a clock may turn (rule 9)\n"
        "      Mon 2 Mar 2026, 18:00: late is due"
    )
    assert explained(story_of(clocks, '10:00 carla opens "Help"\n10:05 bob closes'), "11:10").endswith(
        "Next: nothing comes by itself"
    )


def test_a_chain_is_told_clock_by_clock() -> None:
    text = explained(CHAIN, "11:10")
    assert [line for line in text.splitlines() if line.startswith(("first", "update"))] == [
        "first: met (rule 8), due Mon 2 Mar 2026, 10:30",
        "update: met (rule 8), due Mon 2 Mar 2026, 11:20",
        "update: running, due Mon 2 Mar 2026, 12:00",
    ]


@pytest.mark.parametrize("case", [PAUSED, RAISED, CHAIN], ids=["a pause", "a raise", "a chain"])
@pytest.mark.parametrize("at", ["mon 10:30", "mon 11:10", "mon+1 11:00"])
def test_the_card_and_the_explanation_agree_to_the_second(case: Story, at: str) -> None:
    if when(at) < case.case.created:
        at = "mon+1 12:00"
    assessment = case.assessed(at)
    shown = {(clock.clock, clock.source): clock for clock in card_facts(case.policy, case.history, assessment).clocks}
    told_of = {
        (run["clock"], run["source"]): run for run in explanation(case.policy, case.history, assessment)["clocks"]
    }
    for key, clock in shown.items():
        run = told_of[key]
        assert (clock.state, iso(clock.started)) == (run["state"], run["started"])
        assert (clock.due and iso(clock.due), clock.ended and iso(clock.ended)) == (run["due"], run["ended"])
    assert shown


def test_every_line_fits_a_terminal() -> None:
    assert all(
        len(line) <= 80 for case in (PAUSED, RAISED, CHAIN) for line in explained(case, "mon+1 11:00").splitlines()
    )


def test_a_hostile_title_is_no_markup() -> None:
    data = explanation(CHAIN.policy, CHAIN.history, CHAIN.assessed("11:10"))
    page = explain_markdown(data | {"title": "<img src=x> | @ann [x](http://evil.example)\n# Big"})
    html = MarkdownIt("commonmark").enable("table").render(page)
    assert not any(tag in html for tag in ("<img", "<a ", "<h1"))
    assert html.count("<table>") == 2 * len(data["clocks"])


def test_what_comes_is_said_once() -> None:
    told_of = explanation(PAUSED.policy, PAUSED.history, PAUSED.assessed("mon+1 11:00"))
    rung = {"at": told_of["coming"][0]["at"], "clock": "answer", "source": "opened", "what": "due"}
    text = explain_text(told_of | {"coming": [*told_of["coming"], rung]})
    assert text.count("answer is due") == 1
    assert explain_markdown(told_of | {"coming": [*told_of["coming"], rung]}).count("answer is due") == 1
