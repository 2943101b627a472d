"""Clocks that listen to clocks: chains, cadences, runs side by side, and starts before the desk began."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, shown, story_of

from respondby.desk.keeping import origin

OPENED = '10:00 carla opens "Nothing works"'

ESCALATION = """
  engineer: { start: opened, stop: &answer [/ack by staff, comment by staff], target: 10m }
  manager: { start: engineer due, stop: *answer, target: 5m }
  somebody: { start: opened, stop: *answer, target: 20m }
"""


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ("", "10:09:59", "engineer due 10:10; somebody due 10:20"),
        ("", "10:10", "engineer breached 10:10; somebody due 10:20; manager due 10:15"),
        ("", "10:30", "engineer breached 10:10; somebody breached 10:20; manager breached 10:15"),
        ('10:10 bob says "/ack"', "10:30", "engineer met 10:10; somebody met 10:10"),
        ('10:12 bob says "/ack"', "10:30", "engineer late 10:12; somebody met 10:12; manager met 10:12"),
        ('10:17 bob says "/ack"', "10:30", "engineer late 10:17; somebody met 10:17; manager late 10:17"),
    ],
    ids=[
        "before the due",
        "a due starts the next clock",
        "which has a due of its own",
        "an answer in the due second starts nothing",
        "one answer stops all of them",
        "each by its own measure",
    ],
)
def test_a_clock_starts_at_anothers_due(story: str, at: str, stands: str) -> None:
    assert story_of(ESCALATION, f"{OPENED}\n{story}").stands(at) == stands


UPDATES = """
  update:
    when: { state: unset }
    start: [opened, update stops]
    stop: /update
    target: 2h
"""


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ("", "10:30", "update due 12:00"),
        ('11:00 bob says "/update 1"', "11:30", "update met 11:00; update due 13:00"),
        (
            '11:00 bob says "/update 1"\n13:30 bob says "/update 2"',
            "14:00",
            "update met 11:00; update late 13:30; update due 15:30",
        ),
        ('11:00 bob says "/update"\n11:30 bob labels state/hold', "12:00", "update met 11:00; update cancelled 11:30"),
        (
            "11:00 bob labels state/hold\n12:00 bob unlabels state/hold",
            "12:30",
            "update cancelled 11:00; update due 14:00",
        ),
        (
            '11:00 bob labels state/hold\n11:30 bob says "/update 1"\n12:00 bob unlabels state/hold',
            "12:30",
            "update cancelled 11:00; update due 14:00",
        ),
        ('11:00 bob says "/update 1"\n11:30 bob closes', "12:00", "update met 11:00; update cancelled 11:30"),
    ],
    ids=[
        "it starts once",
        "each update starts the wait for the next",
        "a late one too",
        "until it is cancelled",
        "it goes on when its condition is true again",
        "and does so after an update that nobody waited for",
        "or until the case is closed",
    ],
)  # fmt: skip
def test_a_clock_that_starts_on_its_own_stop_is_a_cadence(story: str, at: str, stands: str) -> None:
    assert story_of(UPDATES, f"{OPENED}\n{story}").stands(at) == stands


REVERTS = """
  revert: { each: true, start: /workaround, stop: /reverted, target: { by: /workaround.until } }
"""
THREE = """
10:00 carla opens "Nothing works"
10:10 bob says "/workaround 2026-03-02T12:00"
10:20 bob says "/workaround 2026-03-02T11:00"
10:30 ann says "/workaround 2026-03-02T13:00"
"""


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ("", "10:45", "revert due 12:00; revert due 11:00; revert due 13:00"),
        ("", "11:30", "revert due 12:00; revert breached 11:00; revert due 13:00"),
        ('10:40 bob says "/reverted 1"', "10:45", "revert met 10:40; revert due 11:00; revert due 13:00"),
        ('10:40 bob says "/reverted"', "10:45", "revert due 12:00; revert due 11:00; revert due 13:00"),
        ('10:40 bob says "/reverted {}-2"', "10:45", "revert due 12:00; revert met 10:40; revert due 13:00"),
        ('11:10 bob says "/reverted {}-2"', "11:15", "revert due 12:00; revert late 11:10; revert due 13:00"),
        ('10:40 bob says "/reverted {}-22"', "10:45", "revert due 12:00; revert due 11:00; revert due 13:00"),
        ('10:40 bob says "/reverted acme/app#3"', "10:45", "revert due 12:00; revert due 11:00; revert due 13:00"),
        (
            '10:40 bob says "/reverted 3"\n10:41 bob says "/reverted #2"\n10:42 bob says "/reverted"',
            "10:45",
            "revert met 10:42; revert met 10:41; revert met 10:40",
        ),
        ("10:40 bob closes", "10:45", "revert cancelled 10:40; revert cancelled 10:40; revert cancelled 10:40"),
    ],
    ids=[
        "each has the time that its own command said",
        "and its own due",
        "a number means the one that was said as such",
        "without either nobody can tell which is meant",
        "a link to the comment means its run",
        "late or not",
        "a link to another comment means none",
        "nor does a link to an issue",
        "one after the other, until the last needs no number",
        "closing cancels them all",
    ],
)  # fmt: skip
def test_runs_stand_side_by_side(story: str, at: str, stands: str) -> None:
    link = story.format("https://github.com/acme/support/issues/7#issuecomment")
    assert story_of(REVERTS, THREE + link).stands(at) == stands


def test_what_a_later_command_says_is_no_term_of_an_earlier_run() -> None:
    assert [len(run.terms) for run in story_of(REVERTS, THREE).assessed("10:45").runs] == [1, 1, 1]


def test_two_commands_of_one_comment_are_two_runs() -> None:
    story = f'{OPENED}\n10:10 bob says "/workaround 2026-03-02T12:00\\n/workaround 2026-03-02T11:00"'
    case = story_of(REVERTS, story)
    assert case.stands("10:30") == "revert due 12:00; revert due 11:00"
    assert [run.key for run in case.assessed("10:30").runs] == ["revert/IC_1:1", "revert/IC_1:2"]


def test_what_no_command_names_stops_all_runs() -> None:
    clocks = "  turn: { each: true, start: comment by author, stop: comment by staff, target: 1h }"
    story = f'{OPENED}\n10:10 carla says "1"\n10:20 carla says "2"\n10:30 bob says "3"'
    assert story_of(clocks, story).stands("10:45") == "turn met 10:30; turn met 10:30"


def test_a_clock_of_each_chain_starts_once_for_each_of_its_dues() -> None:
    clocks = REVERTS + "  chase: { each: true, start: revert due, stop: /ack, target: 1h }\n"
    case = story_of(clocks, THREE)
    assert case.stands("12:30") == (
        "revert breached 12:00; revert breached 11:00; revert due 13:00; chase breached 12:00; chase due 13:00"
    )
    keys = [run.key for run in case.assessed("12:30").runs]
    assert keys[3:] == ["chase/revert/IC_2:1/due", "chase/revert/IC_1:1/due"]
    assert len(set(keys)) == len(keys)


def test_clocks_that_start_each_other_come_to_an_end() -> None:
    clocks = """
  ping: { each: true, start: [/ack, pong due], stop: /resolved, target: { by: /workaround.until } }
  pong: { each: true, start: ping due, stop: /resolved, target: { by: /workaround.until } }
"""
    story = f'{OPENED}\n10:10 bob says "/workaround 2026-03-02T10:30"\n10:40 bob says "/ack"'
    # What bob promised had passed when he acknowledged: ping is late at once, and that starts no clock of each.
    assert story_of(clocks, story).stands("11:00") == "ping breached 10:30"


@pytest.mark.parametrize(
    "start, repeated",
    [
        ("[opened, priority set, priority = high]", "10:00 bob labels priority/high"),
        ("[/ack, comment by staff]", '10:10 bob says "/ack\\n\\nHi"'),
    ],
)
def test_one_moment_starts_a_clock_once_however_many_words_it_listens_for(start: str, repeated: str) -> None:
    clocks = f"  answer: {{ start: {start}, stop: /resolved, target: 1h }}"
    assert len(story_of(clocks, f"{OPENED}\n{repeated}").assessed("10:30").runs) == 1


def test_one_fact_starts_one_run_of_each_clock() -> None:
    clocks = "  answer: { each: true, start: [priority set, priority = high], stop: /resolved, target: 1h }"
    assert len(story_of(clocks, f"{OPENED}\n10:10 bob labels priority/high").assessed("10:30").runs) == 1


@pytest.mark.parametrize(
    "since, stands",
    [
        ("2026-03-02", "answer due 11:00; turn due 11:30"),
        ("2026-03-02T10:00", "answer due 11:00; turn due 11:30"),
        ("2026-03-02T10:00:01", "turn due 11:30"),
        ("2026-03-03", ""),
    ],
)
def test_nothing_starts_before_the_desk_did(since: str, stands: str) -> None:
    clocks = """
  answer: { start: opened, stop: comment by staff, target: 1h }
  turn: { start: comment by author, stop: comment by staff, target: 1h }
"""
    head = HEAD.replace("desk: Told", f"desk: Told\nsince: {since}")
    assert story_of(clocks, f'{OPENED}\n10:30 carla says "?"', head=head).stands("10:45") == stands


PLANS = HEAD + """
customers:
  gold: { members: [carla], plan: gold }
  silver: { repositories: [acme/silver], plan: silver }
"""  # fmt: skip
PLANNED = """
  answer:
    when: { plan: any }
    start: opened
    stop: comment by staff
    target: [{ when: { customer: gold }, within: 15m }, { plan: { silver: 1h } }]
"""


@pytest.mark.parametrize(
    "who, repository, stands",
    [
        ("carla", "acme/support", "answer due 10:15"),
        ("CARLA", "acme/support", "answer due 10:15"),
        ("dora", "acme/silver", "answer due 11:00"),
        ("dora", "Acme/Silver", "answer due 11:00"),
        ("carla", "acme/silver", "answer due 10:15"),
        ("dora", "acme/support", ""),
    ],
)
def test_customers_and_plans_have_promises_of_their_own(who: str, repository: str, stands: str) -> None:
    case = story_of(PLANNED, f'10:00 {who} opens "Nothing works"', head=PLANS, repository=repository)
    assert case.stands("10:10") == stands


def test_a_task_list_stops_a_clock_when_its_last_box_is_ticked() -> None:
    clocks = "  done: { start: opened, stop: all ticked, target: 1h }"
    story = '10:00 carla opens "- [ ] one\\n- [x] two"'
    assert story_of(clocks, story).stands("10:10") == "done due 11:00"
    assert story_of(clocks, f'{story}\n10:20 bob edits 0 "- [x] one\\n- [ ] two"').stands("10:45") == "done due 11:00"
    assert story_of(clocks, f'{story}\n10:20 bob edits 0 "- [x] one\\n- [x] two"').stands("10:45") == "done met 10:20"
    assert story_of(clocks, f'{story}\n10:20 bob edits 0 "No list"').stands("10:45") == "done due 11:00"


def test_every_run_is_named_by_its_clock_and_the_moment_that_started_it() -> None:
    case = story_of(ESCALATION + UPDATES, f'{OPENED}\n10:12 bob says "/update 1"\n10:30 bob says "/ack"')
    runs = case.assessed("10:45").runs
    assert [run.key for run in runs] == [
        "engineer/I_1",
        "somebody/I_1",
        "update/I_1",
        "manager/engineer/I_1/due",
        "update/IC_1:1",
    ]
    assert [shown(run.started) for run in runs] == ["10:00", "10:00", "10:00", "10:10", "10:12"]
    assert origin("IC_1:1") == "IC_1"


ASKED = HEAD.replace(
    "  /ack:", "  /ask: { by: staff }\n  /done: { by: staff, takes: { which: optional ref } }\n  /ack:"
)
TWICE = f'{OPENED}\n10:10 bob says "/ask"\n10:20 bob says "/ask"\n'


@pytest.mark.parametrize(
    "said, stands",
    [
        ("/done", "ask met 10:30; ask due 11:20"),
        ("/done {}-2", "ask due 11:10; ask met 10:30"),
        ("/done {}-1", "ask met 10:30; ask due 11:20"),
        ("/done {}-3", "ask due 11:10; ask due 11:20"),
        ("/done #2", "ask due 11:10; ask due 11:20"),
    ],
)
def test_a_command_that_can_name_a_comment_means_the_run_that_began_there_or_the_oldest(said: str, stands: str) -> None:
    clocks = "  ask: { each: true, start: /ask, stop: /done, target: 1h }"
    line = said.format("https://github.com/acme/support/issues/7#issuecomment")
    assert story_of(clocks, f'{TWICE}10:30 bob says "{line}"', head=ASKED).stands("10:45") == stands


def test_a_command_that_can_name_none_stops_all_runs() -> None:
    clocks = "  ask: { each: true, start: /ask, stop: /ack, target: 1h }"
    assert (
        story_of(clocks, f'{TWICE}10:30 bob says "/ack"', head=ASKED).stands("10:45") == "ask met 10:30; ask met 10:30"
    )
