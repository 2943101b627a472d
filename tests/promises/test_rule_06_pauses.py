"""Rule 6: a pause is an interval; the due moves by the open time that it covered. It ends at `/resume` or at the
customer's next comment; a comment that holds only commands is no response.
"""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, shown, story_of, when

#: Two hours of elapsed time, and four of office time.
ELAPSED = "  answer: { start: opened, stop: comment by staff, pause: waiting, target: 2h }"
OFFICE = "  answer: { start: opened, stop: comment by staff, pause: waiting, target: { within: 4h, calendar: office } }"
OPENED = '10:00 carla opens "Nothing works"'


@pytest.mark.parametrize(
    "clocks, story, at, stands",
    [
        (ELAPSED, "", "10:30", "answer due 12:00"),
        (ELAPSED, '10:30 bob says "/wait"', "11:30", "answer paused"),
        (ELAPSED, '10:30 bob says "/wait"\n11:00 bob says "/resume"', "11:30", "answer due 12:30"),
        (ELAPSED, '10:30 bob says "/wait"\n11:00 carla says "Here it is"', "11:30", "answer due 12:30"),
        (OFFICE, '16:00 bob says "/wait"\ntue 10:00 carla says "It is back"', "tue 10:30", "answer breached 14:00"),
        (OFFICE, '13:00 bob says "/wait"\ntue 10:00 carla says "It is back"', "tue 10:30", "answer due tue 11:00"),
        (OFFICE, '13:00 bob says "/wait"\n18:00 carla says "It is back"', "19:00", "answer due tue 10:00"),
        (OFFICE, '13:00 bob says "/wait"\nsat 10:00 carla says "It is back"', "sun 10:00", "answer due mon+1 10:00"),
    ],
    ids=[
        "without a pause the due stays",
        "while it lasts, the due is held",
        "the due moves by its length",
        "the customer's answer ends it",
        "one after the due changes nothing",
        "on a calendar only open time moves the due",
        "the night counts for nothing",
        "nor does a weekend",
    ],
)
def test_rule_6_a_pause_moves_the_due_by_the_open_time_that_it_covers(
    clocks: str, story: str, at: str, stands: str
) -> None:
    assert story_of(clocks, f"{OPENED}\n{story}").stands(at) == stands


@pytest.mark.parametrize(
    "story, stands",
    [
        ('11:00 carla says "Here it is"', "answer due 12:30"),
        ('11:00 bob says "/resume"', "answer due 12:30"),
        ('11:00 carla says "/ack"', "answer paused"),
        ('11:00 carla says "> quoted"', "answer due 12:30"),
        ('11:00 dora says "Me too"', "answer paused"),
        ('11:00 gateway says "Delivered"', "answer paused"),
        ('11:00 carla says "/resume"', "answer paused"),
        ("11:00 carla labels priority/high", "answer paused"),
        ('11:00 carla edits 0 "More details"', "answer due 12:30"),
        ('11:00 ann edits 0 "More details"', "answer paused"),
    ],
    ids=[
        "the customer's comment",
        "staff's /resume",
        "not the customer's mere command",
        "any words of the customer",
        "not a stranger's comment",
        "not a bot's",
        "not a /resume that they may not say",
        "not a label",
        "their edit of the request, which is an answer",
        "not somebody else's edit",
    ],
)
def test_rule_6_a_pause_ends_at_resume_or_at_the_customers_next_comment(story: str, stands: str) -> None:
    assert story_of(ELAPSED, f'{OPENED}\n10:30 bob says "/wait"\n{story}').stands("11:30") == stands


CUSTOMERS = (
    HEAD
    + """
customers:
  acme: { members: [carla, dora], plan: gold }
  other: { members: [eve] }
"""
)


@pytest.mark.parametrize(
    "who, stands", [("dora", "answer due 12:30"), ("eve", "answer paused"), ("carla", "answer due 12:30")]
)
def test_rule_6_a_colleague_of_the_same_customer_is_the_customer(who: str, stands: str) -> None:
    story = f'{OPENED}\n10:30 bob says "/wait"\n11:00 {who} says "Here it is"'
    assert story_of(ELAPSED, story, head=CUSTOMERS).stands("11:30") == stands


@pytest.mark.parametrize(
    "said, stands",
    [
        ("/ack", "answer due 12:00"),
        ("/ack\\n/wait for the log", "answer paused"),
        ("/ack\\n\\nOn it", "answer met 10:30"),
        ("On it", "answer met 10:30"),
        ("/ack\\n> quoted", "answer due 12:00"),
        ("/nonsense", "answer met 10:30"),
    ],
    ids=["one command", "two commands", "a command and words", "words", "a command and a quote", "no command of ours"],
)
def test_rule_6_a_comment_that_holds_only_commands_is_no_response(said: str, stands: str) -> None:
    assert story_of(ELAPSED, f'{OPENED}\n10:30 bob says "{said}"').stands("10:45") == stands


@pytest.mark.parametrize(
    "story, stands",
    [
        (
            '10:10 bob says "/wait"\n10:20 bob says "/wait again"\n10:30 bob says "/resume"\n10:40 bob says "/resume"',
            "answer due 12:20",
        ),
        (
            '10:10 bob says "/wait"\n10:20 bob says "/resume"\n10:30 bob says "/wait"\n10:40 bob says "/resume"',
            "answer due 12:20",
        ),
        ('10:10 bob says "/wait"\n10:10 bob says "/resume"', "answer due 12:00"),
        ('10:10 bob says "/wait"\n10:10 carla says "Here"', "answer due 12:00"),
        ('10:10 carla says "Here"\n10:10 bob says "/wait"', "answer paused"),
    ],
    ids=[
        "pauses that overlap count once",
        "pauses apart are added",
        "one of no length moves nothing",
        "an answer in the same second ends it",
        "an answer before it does not",
    ],
)
def test_rule_6_pauses_are_a_set_of_instants(story: str, stands: str) -> None:
    assert story_of(ELAPSED, f"{OPENED}\n{story}").stands("11:00") == stands


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ('11:59:59 bob says "/wait"', "13:00", "answer paused"),
        ('12:00 bob says "/wait"', "13:00", "answer breached 12:00"),
        ('12:01 bob says "/wait"\n12:30 bob says "/resume"', "13:00", "answer breached 12:00"),
        ('11:30 bob says "/wait"\n11:40 bob says "/resume"\n12:05 bob says "/wait"', "12:20", "answer paused"),
        ('11:30 bob says "/wait"\n11:40 bob says "/resume"\n12:10 bob says "/wait"', "12:20", "answer breached 12:10"),
    ],
    ids=[
        "in the last second it counts",
        "at the due it does not",
        "after the due it does not",
        "the moved due decides: before it",
        "the moved due decides: at it",
    ],
)
def test_rule_6_a_pause_that_begins_at_or_after_the_moved_due_does_not_count(story: str, at: str, stands: str) -> None:
    assert story_of(ELAPSED, f"{OPENED}\n{story}").stands(at) == stands


@pytest.mark.parametrize(
    "target, unmoved, due",
    [
        ("{ within: 2h }", "12:00", "12:30"),
        ("{ within: 2h, calendar: office }", "12:00", "12:30"),
        ("{ within: 1 business day }", "tue 10:00", "tue 10:30"),
        ("{ by: end of business day }", "17:00", "tue 09:30"),
        ("{ by: end of week }", "fri 17:00", "mon+1 09:30"),
        ("{ by: 2026-03-02T15:00 }", "15:00", "15:30"),
        ("{ by: /agree.until }", "16:00", "16:30"),
    ],
)
def test_rule_6_whatever_the_targets_kind(target: str, unmoved: str, due: str) -> None:
    clocks = f"  answer: {{ start: opened, stop: comment by staff, pause: waiting, target: {target} }}"
    head = HEAD.replace("desk: Told", "desk: Told\ncalendar: office")
    agreed = f'{OPENED}\n10:05 bob says "/agree 2026-03-02T16:00"'
    paused = '\n11:00 bob says "/wait"\n11:30 carla says "Here it is"'
    assert story_of(clocks, agreed, head=head).stands("10:10") == f"answer due {unmoved}"
    assert story_of(clocks, agreed + paused, head=head).stands("11:40") == f"answer due {due}"


HOLD = "  answer: { start: opened, stop: comment by staff, pause: [waiting, /hold, state = hold], target: 2h }"


@pytest.mark.parametrize(
    "story, stands",
    [
        ('10:30 bob says "/hold"', "answer paused"),
        ('10:30 bob says "/hold"\n11:00 bob says "/resume"', "answer due 12:30"),
        ('10:30 bob says "/hold"\n11:00 carla says "Go on"', "answer due 12:30"),
        ("10:30 bob labels state/hold", "answer paused"),
        ('10:30 bob labels state/hold\n11:00 carla says "Thank you"', "answer paused"),
        ("10:30 bob labels state/hold\n11:00 bob labels state/resolved", "answer due 12:30"),
        ("10:30 bob labels state/hold\n11:00 bob unlabels state/hold", "answer due 12:30"),
        ('10:30 bob labels state/hold\n11:00 bob says "/resume"', "answer due 12:30"),
        ('10:30 bob labels state/hold\n10:45 bob says "/wait"\n11:00 carla says "Here"', "answer paused"),
        ('10:30 bob says "/hold"\n10:45 bob says "/wait"\n11:00 bob says "/resume"', "answer due 12:30"),
    ],
)
def test_rule_6_any_moment_can_pause_and_each_pause_ends_by_its_kind(story: str, stands: str) -> None:
    assert story_of(HOLD, f"{OPENED}\n{story}").stands("11:15") == stands


LATER = """
  fix: { start: /ack, stop: /resolved, pause: waiting, target: 2h }
"""


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ('10:10 bob says "/wait"\n10:30 bob says "/ack"', "11:00", "fix paused"),
        ('10:10 bob says "/wait"\n10:30 bob says "/ack"\n11:00 carla says "Here"', "11:30", "fix due 13:00"),
        ('10:10 bob says "/wait"\n10:20 carla says "Here"\n10:30 bob says "/ack"', "11:30", "fix due 12:30"),
    ],
    ids=["it begins paused", "its due moves by the rest", "a pause that is over does not count"],
)
def test_rule_6_a_clock_that_starts_in_a_pause_begins_paused(story: str, at: str, stands: str) -> None:
    assert story_of(LATER, f"{OPENED}\n{story}").stands(at) == stands


def test_rule_6_a_held_due_is_reached_by_nobody_even_where_only_closed_time_is_left() -> None:
    target = "{ by: 2026-03-02T22:00, calendar: office }"
    clocks = f"  answer: {{ start: opened, stop: comment by staff, pause: waiting, target: {target} }}"
    story = f'{OPENED}\n20:00 bob says "/wait"'
    assert story_of(clocks, story).stands("23:00") == "answer paused"
    assert story_of(clocks, f'{story}\ntue 12:00 carla says "Here"').stands("tue 11:00") == "answer paused"
    assert story_of(clocks, f'{story}\ntue 12:00 carla says "Here"').stands("tue 13:00") == "answer breached tue 12:00"
    assert story_of(clocks, f'{story}\n23:00 carla says "Here"').stands("23:30") == "answer breached 22:00"


def test_rule_6_only_clocks_that_say_so_pause() -> None:
    clocks = ELAPSED + "\n  other: { start: opened, stop: comment by staff, target: 2h }"
    story = f'{OPENED}\n10:30 bob says "/wait"\n11:00 bob says "/resume"'
    assert story_of(clocks, story).stands("11:30") == "answer due 12:30; other due 12:00"


@pytest.mark.parametrize(
    "stopped, elapsed",
    [("10:20", 20), ("10:40", 30), ("11:10", 40)],
    ids=["before the pause", "in the pause", "after the pause"],
)
def test_rule_6_elapsed_is_open_time_less_pauses(stopped: str, elapsed: int) -> None:
    from respondby.calendars.dues import elapsed as seconds

    story = f'{OPENED}\n10:30 bob says "/wait"\n11:00 carla says "Here"\n{stopped} bob says "Done"'
    lines = sorted(story.splitlines(), key=lambda line: line[:5])
    (run,) = story_of(ELAPSED, "\n".join(lines)).assessed("12:00").runs
    assert shown(run.ended) == stopped
    assert run.ended is not None
    assert all(pause.end is not None for pause in run.pauses)
    pauses = [(pause.start, pause.end or run.ended) for pause in run.pauses]
    assert seconds(run.calendar, run.started, run.ended, pauses) == elapsed * 60


ON_HOLD = HEAD.replace("/hold: { by: staff }", "/hold: { by: staff, takes: { until: optional time } }")
FOR_LONG = HEAD.replace("/hold: { by: staff }", "/hold: { by: staff, takes: { until: duration } }")
BOTH = '11:00 bob says "/hold 2026-03-02T13:00"\n12:30 bob says "/wait"'
DUE_22 = "answer due 22:00"
HELD = "  answer: { start: opened, stop: closed, pause: [waiting, /hold], target: 8h }"


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ('11:00 bob says "/hold 2026-03-02T13:00"', "12:59:59", "answer paused"),
        ('11:00 bob says "/hold 2026-03-02T13:00"', "13:00", "answer due 20:00"),
        ('11:00 bob says "/hold 2026-03-02T13:00"\n11:10 carla says "Thank you."', "12:00", "answer paused"),
        ('11:00 bob says "/hold 2026-03-02T13:00"\n11:10 carla says "Thank you."', "14:00", "answer due 20:00"),
        ('11:00 bob says "/hold 2026-03-02T13:00"\n12:00 bob says "/resume"', "14:00", "answer due 19:00"),
        ('11:00 bob says "/hold 2026-03-02T13:00"\n12:00 bob says "/hold 2026-03-02T15:00"', "14:00", "answer paused"),
        ('11:00 bob says "/hold 2026-03-02T13:00"\n12:00 bob says "/hold 2026-03-02T15:00"', "15:00", DUE_22),
        ('11:00 bob says "/hold 2026-03-02T13:00"\n12:30 bob says "/wait"', "13:30", "answer paused"),
        (f'{BOTH}\n14:00 carla says "Here"', "14:00", "answer due 21:00"),
        (f'{BOTH}\n12:45 carla says "Here"', "12:50", "answer paused"),
        ('11:00 bob says "/hold"\n12:00 carla says "Go on"', "12:30", "answer due 19:00"),
        ('11:00 bob says "/hold 2026-03-02T09:00"', "11:30", "answer due 18:00"),
    ],
)  # fmt: skip
def test_rule_6_a_pause_by_a_command_ends_at_its_own_until(story: str, at: str, stands: str) -> None:
    assert story_of(HELD, f"{OPENED}\n{story}", head=ON_HOLD).stands(at) == stands


def test_rule_6_a_duration_counts_from_when_it_was_said() -> None:
    assert story_of(HELD, f'{OPENED}\n11:00 bob says "/hold 90m"', head=FOR_LONG).stands("12:29:59") == "answer paused"
    assert story_of(HELD, f'{OPENED}\n11:00 bob says "/hold 90m"', head=FOR_LONG).stands("12:30") == "answer due 19:30"


def test_rule_6_the_end_of_a_pause_is_known_before_it_comes() -> None:
    paused = story_of(HELD, f'{OPENED}\n11:00 bob says "/hold 2026-03-02T13:00"', head=ON_HOLD).assessed("11:30")
    assert (paused.next, paused.runs[0].pauses[-1].until) == (when("13:00"), when("13:00"))
    assert story_of(HELD, f'{OPENED}\n11:00 bob says "/wait"', head=ON_HOLD).assessed("11:30").next is None


UNTIL = """
  answer: { start: opened, stop: closed, pause: { from: /hold, until: [delivery due, /ack] }, target: 8h }
  delivery: { start: /hold, stop: /resume, target: 2h }
"""


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ("", "12:30", "answer paused; delivery due 13:00"),
        ('11:10 carla says "Thank you."', "12:30", "answer paused; delivery due 13:00"),
        ("", "13:00", "answer due 20:00; delivery breached 13:00"),
        ('12:00 bob says "/ack"', "12:30", "answer due 19:00; delivery due 13:00"),
        ('12:00 bob says "/resume"', "12:30", "answer due 19:00; delivery met 12:00"),
    ],
)
def test_rule_6_the_policy_may_say_what_ends_a_pause(story: str, at: str, stands: str) -> None:
    assert story_of(UNTIL, f'{OPENED}\n11:00 bob says "/hold"\n{story}').stands(at) == stands


SILENCE = """
  silence: { start: waiting, stop: [comment by author, /resume], target: 24h }
  over: { start: resumed, stop: closed, target: none }
  changed: { start: edited by author, stop: closed, target: none }
"""
WAITS = f'{OPENED}\n10:30 bob says "/wait"\n'


@pytest.mark.parametrize(
    "story, stands",
    [
        ('11:00 carla says "Version 3"', "silence met 11:00; over"),
        ('11:00 dora says "Carla is on holiday. It is version 3."', "silence met 11:00; over"),
        ('11:00 eve says "Me too"', "silence due tue 10:30"),
        ('11:00 bob says "Well?"', "silence due tue 10:30"),
        ('11:00 bob says "/resume"', "silence met 11:00; over"),
        ('11:00 carla edits 0 "The log: …"', "silence met 11:00; changed; over"),
        ('11:00 dora edits 0 "The log: …"', "silence met 11:00; changed; over"),
        ('11:00 carla edits 0 "/ack"', "silence due tue 10:30; changed"),
        ('11:00 eve edits 0 "The log: …"', "silence due tue 10:30"),
        ('11:00 gateway edits 0 "The log: …"', "silence due tue 10:30"),
    ],
)  # fmt: skip
def test_rule_6_a_colleagues_word_or_a_changed_request_is_the_customers_answer(story: str, stands: str) -> None:
    assert story_of(SILENCE, f"{WAITS}{story}", head=CUSTOMERS).stands("12:00") == stands


def test_rule_6_an_edit_of_their_comment_is_an_answer_too() -> None:
    story = f'{OPENED}\n10:20 carla says "I try"\n10:30 bob says "/wait"\n11:00 carla edits 1 "I try: version 3"'
    assert story_of(SILENCE, story).stands("12:00") == "silence met 11:00; over"


def test_rule_6_who_waits_for_nobody_is_answered_by_no_edit() -> None:
    clocks = "  back: { start: comment by author, stop: closed, target: none }"
    assert story_of(clocks, f'{OPENED}\n11:00 carla edits 0 "More"').stands("12:00") == ""
    assert story_of(clocks, f'{WAITS}11:00 carla edits 0 "More"').stands("12:00") == "back"
