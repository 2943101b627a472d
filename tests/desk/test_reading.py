"""How moments become facts: whose, when, from which source. Who may say what is tests/desk/test_speech.py; what facts
do to clocks is tests/promises.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import HEAD, PEOPLE, shown, story_of, when

from respondby.desk.case import Actor, Moment
from respondby.desk.history import Fact
from respondby.desk.keeping import KINDS, fact_args, in_order, keep, key_of, origin
from respondby.desk.records import Kept, Record
from respondby.desk.ticks import all_ticked

CLOCKS = "  answer: { start: opened, stop: comment by staff, pause: waiting, target: 1h }"
OPENED = '10:00 carla opens "Nothing works"'
FORMS = HEAD.replace("priority/, values", "priority/, default: normal, values") + """
forms:
  problem: { name: Problem, about: A problem., choose: [priority], ask: { what: { ask: "What?", kind: text } } }
rules:
  - { when: { priority: high }, label: hot, set: { state: hold } }
  - { when: { state: hold }, label: held }
  - { when: { priority: low }, unlabel: hot }
"""  # fmt: skip
BODY = "### Priority\\n\\n{}\\n\\n### What?\\n\\nNothing works"


def facts(story: str, head: str = HEAD) -> list[str]:
    """Every fact but the opening, in a line: `10:05 bob field priority=high (IC_1:1)`."""
    return [_line(fact) for fact in story_of(CLOCKS, f"{OPENED}\n{story}", head=head).history.facts[1:]]


def _line(fact: Fact) -> str:
    value = f"={fact.value}" if fact.value is not None else ""
    what = f"{fact.kind} {fact.name}{value}".strip() if fact.name or value else fact.kind
    return f"{shown(fact.at)} {fact.by.login if fact.by else '-'} {what} ({fact.source})"


@pytest.mark.parametrize(
    "story, expected",
    [
        ('10:05 bob says "Hello"', ["10:05 bob comment (IC_1)"]),
        ('10:05 bob says "/ack"', ["10:05 bob command /ack (IC_1:1)"]),
        (
            '10:05 bob says "Hello\\n/ack\\n/priority high"',
            [
                "10:05 bob comment (IC_1)",
                "10:05 bob command /ack (IC_1:2)",
                "10:05 bob field priority=high (IC_1:3)",
            ],
        ),
        (
            '10:05 bob says "/resolved"',
            ["10:05 bob command /resolved (IC_1:1)", "10:05 bob field state=resolved (IC_1:1)"],
        ),
        (
            '10:05 bob says "/wait"\n10:10 bob says "/wait"\n10:15 carla says "Here"\n10:20 carla says "Well?"',
            [
                "10:05 bob command /wait (IC_1:1)",
                "10:05 bob waiting (IC_1:1)",
                "10:10 bob command /wait (IC_2:1)",
                "10:15 carla resumed reply=waiting (IC_3)",
                "10:15 carla comment (IC_3)",
                "10:20 carla comment (IC_4)",
            ],
        ),
        (
            '10:05 bob says "/assign"',
            ["10:05 bob command /assign (IC_1:1)", "10:05 bob assigned =bob (IC_1:1)"],
        ),
        (
            '10:05 carla says "/close"\n10:06 desk closes\n10:07 carla reopens',
            ["10:05 carla command /close (IC_1:1)", "10:05 carla closed (IC_1:1)", "10:07 carla reopened (X_3)"],
        ),
        ('10:05 carla says "/ack"', []),
        ('10:05 gateway says "Delivered\\n/ack"', []),
        ('10:05 desk says "Hello"', []),
        ("10:05 bob labels priority/high", ["10:05 bob field priority=high (X_1)"]),
        ("10:05 bob labels priority/unknown", []),
        (
            "10:05 bob labels priority/high\n10:06 bob labels priority/high\n10:07 bob unlabels priority/high",
            ["10:05 bob field priority=high (X_1)", "10:07 bob field priority (X_3)"],
        ),
        (
            "10:05 bob labels priority/high\n10:06 bob labels priority/low\n10:07 bob unlabels priority/high",
            ["10:05 bob field priority=high (X_1)", "10:06 bob field priority=low (X_2)"],
        ),
        (
            "10:05 bob labels vip\n10:06 bob labels VIP\n10:07 bob unlabels vip",
            ["10:05 bob label vip (X_1)", "10:07 bob unlabel vip (X_3)"],
        ),
        ("10:05 desk labels priority/high\n10:06 desk labels vip", []),
        ("10:05 bob assigns ann", ["10:05 bob assigned =ann (X_1)"]),
        ("10:05 desk assigns ann", ["10:05 github-actions[bot] desk assigned =ann (X_1)"]),
        ("10:05 bob unassigns ann", ["10:05 bob unassigned =ann (X_1)"]),
        ("10:05 bob closes\n10:06 ann closes", ["10:05 bob closed (X_1)"]),
        ("10:05 bob closes\n10:06 desk reopens", []),
        ("10:05 bob merges\n10:06 bob delivers", ["10:05 bob merged (X_1)", "10:06 bob post-mortem merged (X_2)"]),
        ("10:01 desk posts\n10:02 desk posts", ["10:01 github-actions[bot] card (IC_1)"]),
    ],
)  # fmt: skip
def test_each_moment_is_the_facts_that_it_says(story: str, expected: list[str]) -> None:
    assert facts(story) == expected


@pytest.mark.parametrize(
    "priority, fields",
    [
        ("High", {"type": "problem", "priority": "high", "state": "hold"}),
        ("Low", {"type": "problem", "priority": "low"}),
        ("_No response_", {"type": "problem", "priority": "normal"}),
    ],
)
def test_a_form_sets_fields_and_what_it_leaves_open_has_its_default(priority: str, fields: dict[str, str]) -> None:
    history = story_of(CLOCKS, f'10:00 carla opens "{BODY.format(priority)}"', head=FORMS).history
    assert history.form == "problem"
    assert history.state.fields == fields
    by = {fact.name: fact.by.login if fact.by else None for fact in history.facts if fact.kind == "field"}
    assert by["type"] == "carla"
    assert by["priority"] == (None if priority == "_No response_" else "carla")


def test_rules_act_once_each_time_they_become_true_and_set_each_other_off() -> None:
    story = f'10:00 carla opens "{BODY.format("High")}"\n10:05 bob labels priority/low\n10:10 bob labels priority/high'
    history = story_of(CLOCKS, story, head=FORMS).history
    assert [(fired.rule, shown(fired.at)) for fired in history.fired] == [
        (history.fired[0].rule, "10:00"),
        (history.fired[1].rule, "10:00"),
        (history.fired[2].rule, "10:05"),
        (history.fired[0].rule, "10:10"),
    ]
    labels = [(fact.kind, fact.name, shown(fact.at)) for fact in history.facts if "label" in fact.kind]
    assert labels == [
        ("label", "hot", "10:00"),
        ("label", "held", "10:00"),
        ("unlabel", "hot", "10:05"),
        ("label", "hot", "10:10"),
    ]
    assert history.state.labels == {"hot", "held"}


def test_within_an_instant_come_moments_then_edits_then_records() -> None:
    story = '10:05 bob says "/ack"\n10:10 bob edits 1 "/ack\\n/update"\n10:10 ann says "Hello"'
    case = story_of(CLOCKS, f"{OPENED}\n{story}")
    recorded = case.with_ledger([Record("answer/I_1/50%/0", when("10:10"), when("10:30"), labels=("late",))])
    assert [_line(fact) for fact in recorded.history.facts[2:]] == [
        "10:10 ann comment (IC_2)",
        f"10:10 bob command /update (IC_1:{when('10:10')}:2)",
        "10:10 - label late (answer/I_1/50%/0)",
    ]


def test_a_closing_until_somebody_else_reopens_is_a_closing() -> None:
    assert facts("10:05 bob closes\n10:06 desk reopens\n10:07 bob closes\n10:08 carla reopens") == [
        "10:07 bob closed (X_3)",
        "10:08 carla reopened (X_4)",
    ]


def test_the_ghost_of_a_deleted_author_is_nobody_in_particular() -> None:
    case = story_of(CLOCKS, f'{OPENED}\n10:05 ghost says "Hello"')
    by = case.history.facts[-1].by
    assert by is not None
    assert replace(by, standing="") == Actor("ghost")
    assert case.stands("10:30") == "answer due 11:00"


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_every_kind_that_is_kept_is_read_back() -> None:
    story = "\n".join(
        [
            "10:01 desk posts",
            '10:05 bob says "Hello\\n/agree 2026-03-02T15:00\\n/wait\\n/priority high\\n/assign ann"',
            '10:10 carla says "Here\\n/close"',
        ]
    )
    history = story_of(CLOCKS, f"{OPENED}\n{story}").history
    facts = [fact for fact in history.facts if origin(fact.source).startswith("IC_")]
    # `reopened` is kept, too: of a comment that opened a case which was closed until then (tests/rules). And so are the
    # labels of commands (test_remembered).
    # What was merged stands in no comment (tests/jobs/test_merges).
    # What ties a request to an incident is looked at first (tests/jobs/test_incident_requests).
    elsewhere = {"reopened", "label", "unlabel", "merged", "post-mortem merged", "tied"}
    assert {fact.kind for fact in facts} == set(KINDS) - elsewhere
    kept = {key_of(fact): keep(fact) for fact in facts}
    assert len(kept) == len(facts)
    alone = story_of(CLOCKS, f"{OPENED}\n{story}\n10:20 bob deletes 1\n10:20 bob deletes 2\n10:20 bob deletes 3")
    again = alone.with_ledger(kept=reversed(kept.values())).history
    assert [replace(fact, number=0) for fact in history.facts] == list(again.facts), "what people stood as, too"
    assert [(said.word, said.args) for said in again.commands] == [
        (said.word, said.args) for said in history.commands if said.word != "/priority"
    ]
    assert again.state.fields == history.state.fields
    assert again.state.open is False


def test_kept_facts_stand_in_the_order_in_which_they_were_said() -> None:
    fact = Fact(1, "command", "IC_1:2", PEOPLE["bob"], "/ack")
    later = [replace(fact, source=source) for source in ("IC_1:10", "IC_2", "IC_2:1", "IC_10")]
    kept = [keep(one) for one in (fact, *later)]
    assert in_order(reversed(kept)) == kept


@pytest.mark.parametrize("value", ["", "no JSON", "[1]", "{"])
def test_the_arguments_of_a_damaged_record_are_none(value: str) -> None:
    assert fact_args(Kept("IC_1:1 command /agree", 1, "bob", "MEMBER", "command", "/agree", value)) == {}


def test_what_a_later_version_kept_is_left_alone() -> None:
    case = story_of(CLOCKS, OPENED).with_ledger(kept=[Kept("IC_9 dream", 10, "bob", "MEMBER", "dream")])
    assert len(case.history.facts) == 1


# -- task lists --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, ticked",
    [
        ("- [x] one", True),
        ("- [X] one\n* [x] two\n+ [x] three\n1. [x] four\n2) [x] five", True),
        ("- [x] one\n  - [x] nested", True),
        ("- [x] one\n- [ ] two", False),
        ("- [ ] one", False),
        ("- []", False),
        ("- [x]one", False),
        ("[x] one", False),
        ("Read this [x] first", False),
        ("", False),
        ("- [x] one\n\n```\n- [ ] code\n```", True),
        ("```\n- [x] code\n```", False),
        ("> - [x] quoted", False),
        ("- [x] one\r\n- [x] two\r\n", True),
    ],
)
def test_a_task_list_is_done_when_all_of_its_boxes_are_ticked(text: str, ticked: bool) -> None:
    assert all_ticked(text) is ticked


def test_moments_of_no_meaning_are_no_facts() -> None:
    case = story_of(CLOCKS, OPENED)
    odd = Moment(when("10:05"), "no duplicate", PEOPLE["bob"], "D_1", "acme/support#3")
    assert replace(case, case=replace(case.case, moments=(*case.case.moments, odd))).history.facts == case.history.facts
