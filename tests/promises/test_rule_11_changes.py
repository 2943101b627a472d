"""Rule 11. Raised: if the due from the original start would be earlier than today's, the new due is the earlier of the
old due and change + window. Lowered: from the original start. And `/cmd.argument`, whose latest value is the due.
"""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, shown, story_of

OPENED = '09:00 carla opens "Nothing works"'
NORMAL = f"{OPENED}\n09:00 bob labels priority/normal"
WORDS = {
    "WAIT": 'bob says "/wait"',
    "GO": 'bob says "/resume"',
    "HIGH": "bob labels priority/high",
    "LOW": "bob labels priority/low",
    "AGREE": "bob says '/agree 2026-03-02T{}'",
    "DONE": 'bob says "Done"',
}


def spoken(story: str) -> str:
    """A story of lines such as `10:00 WAIT` or `10:00 AGREE 16:00` as a story of people."""
    lines = []
    for line in story.splitlines():
        clock, word, *rest = line.split(" ")
        lines.append(f"{clock} {WORDS[word].format(*rest)}")
    return "\n".join(lines)


#: Four hours, or one when it is urgent, or eight when it is not.
ANSWER = """
  answer:
    start: opened
    stop: comment by staff
    pause: waiting
    target: { priority: { high: 1h, normal: 4h, low: 8h } }
"""


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ("", "09:30", "answer due 13:00"),
        ("09:30 bob labels priority/high", "09:45", "answer due 10:30"),
        ("11:00 bob labels priority/high", "11:30", "answer due 12:00"),
        ("12:30 bob labels priority/high", "12:45", "answer due 13:00"),
        ("12:00 bob labels priority/high", "12:45", "answer due 13:00"),
        ("13:00 bob labels priority/high", "13:30", "answer breached 13:00"),
        ("14:00 bob labels priority/high", "14:30", "answer breached 13:00"),
        ("11:00 bob labels priority/low", "11:30", "answer due 17:00"),
        ("14:00 bob labels priority/low", "13:30", "answer breached 13:00"),
        ("14:00 bob labels priority/low", "14:30", "answer due 17:00"),
        ("14:00 bob labels priority/low", "17:30", "answer breached 17:00"),
        ("18:00 bob labels priority/low", "18:30", "answer breached 17:00"),
        ("11:00 bob labels priority/high\n11:10 bob labels priority/normal", "11:30", "answer due 13:00"),
        ("11:00 bob labels priority/low\n11:10 bob labels priority/high", "11:30", "answer due 12:10"),
        ("16:00 bob labels priority/low\n16:10 bob labels priority/high", "16:30", "answer due 17:00"),
        ("11:00 bob labels vip", "11:30", "answer due 13:00"),
        ("11:00 bob unlabels priority/normal", "11:30", "answer"),
        ("11:00 bob unlabels priority/normal\n11:30 bob labels priority/high", "11:40", "answer due 12:30"),
    ],
    ids=[
        "nothing changes",
        "raised: change + window",
        "raised when its own window has passed: change + window still",
        "raised late: the old due is earlier",
        "raised: both alike",
        "raised at the due: it is breached",
        "raised after the due: it stays breached",
        "lowered: from the original start",
        "not lowered yet: breached",
        "lowered after the due: owed again",
        "lowered after the due: and breached again",
        "lowered so late that this due, too, has passed",
        "raised and lowered again",
        "lowered and raised",
        "lowered and raised late",
        "another label changes nothing",
        "nothing is promised any more",
        "promised again: from the change on",
    ],
)
def test_rule_11_raised_and_lowered(story: str, at: str, stands: str) -> None:
    assert story_of(ANSWER, f"{NORMAL}\n{story}").stands(at) == stands


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ("10:00 WAIT\n11:00 GO\n11:30 HIGH", "11:45", "answer due 12:30"),
        ("10:00 WAIT\n12:00 GO\n14:30 HIGH", "14:45", "answer due 15:00"),
        ("10:00 WAIT\n11:00 GO\n11:30 LOW", "11:45", "answer due 18:00"),
        ("10:00 WAIT\n10:30 HIGH", "10:45", "answer paused"),
        ("10:00 WAIT\n10:30 HIGH\n11:00 GO", "11:10", "answer due 12:00"),
        ("12:30 WAIT\n13:30 HIGH\n14:00 GO", "14:10", "answer due 14:30"),
        ("10:00 WAIT\n10:30 LOW\n11:00 GO", "11:10", "answer due 18:00"),
        ("10:00 HIGH\n10:30 WAIT\n10:45 LOW\n11:00 GO", "11:10", "answer due 17:30"),
        ("13:30 WAIT\n14:00 LOW\n15:00 GO", "15:10", "answer due 18:30"),
        ("10:00 WAIT\n10:30 HIGH\n10:40 DONE", "11:00", "answer met 10:40"),
    ],
    ids=[
        "raised after a pause: change + window",
        "raised after a pause: the old due, as the pause moved it, is earlier",
        "lowered after a pause: from the start, moved by it",
        "raised in a pause: held",
        "raised in a pause: what is left of the pause moves the new due",
        "raised in a pause: the old due, as the pause has moved it so far, is earlier",
        "lowered in a pause: the whole pause counts",
        "raised before a pause, lowered in it",
        "breached, paused, lowered: from the start, as if it had never been breached",
        "raised and answered in a pause",
    ],
)
def test_rule_11_raised_and_lowered_around_pauses(story: str, at: str, stands: str) -> None:
    assert story_of(ANSWER, f"{NORMAL}\n{spoken(story)}").stands(at) == stands


OFFICE = HEAD.replace("desk: Told", "desk: Told\ncalendar: office")
KINDS = """
  answer:
    start: opened
    stop: comment by staff
    target: { priority: { high: 1 business hour, normal: { by: end of next business day }, low: none } }
"""


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ("", "10:30", "answer due tue 17:00"),
        ("10:00 bob labels priority/high", "10:30", "answer due 11:00"),
        ("16:45 bob labels priority/high", "16:50", "answer due tue 09:45"),
        ("tue 16:45 bob labels priority/high", "tue 16:50", "answer due tue 17:00"),
        ("10:00 bob labels priority/low", "10:30", "answer"),
        ("10:00 bob labels priority/low\n11:00 bob labels priority/high", "11:30", "answer due 12:00"),
        ("10:00 bob labels priority/low\n11:00 bob labels priority/normal", "11:30", "answer due tue 17:00"),
    ],
    ids=[
        "the end of the next day",
        "raised to an hour",
        "an hour that goes on in the morning",
        "the old due is earlier",
        "`none` promises nothing",
        "raised from nothing: from the change",
        "promised again: from the change",
    ],
)
def test_rule_11_between_targets_of_every_kind(story: str, at: str, stands: str) -> None:
    assert story_of(KINDS, f"{NORMAL}\n{story}", head=OFFICE).stands(at) == stands


AGREED = """
  answer:
    start: opened
    stop: comment by staff
    pause: waiting
    target: [{ by: /agree.until }, { priority: { high: 1h, normal: 4h } }]
"""


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ("10:00 AGREE 16:00", "10:30", "answer due 16:00"),
        ("10:00 AGREE 11:00", "10:30", "answer due 11:00"),
        ("10:00 AGREE 09:30", "10:30", "answer due 13:00"),
        ("10:00 AGREE 16:00\n10:30 AGREE 12:00", "11:00", "answer due 12:00"),
        ("10:00 AGREE 16:00\n10:30 HIGH", "11:00", "answer due 16:00"),
        ("14:00 AGREE 16:00", "13:30", "answer breached 13:00"),
        ("14:00 AGREE 16:00", "14:30", "answer due 16:00"),
        ("10:00 WAIT\n10:30 AGREE 16:00", "10:45", "answer paused"),
        ("10:00 WAIT\n10:30 AGREE 16:00\n11:00 GO", "11:10", "answer due 16:30"),
        ("10:00 AGREE 16:00\n11:00 WAIT\n12:00 GO", "12:30", "answer due 17:00"),
        ("10:00 AGREE 16:00\n11:00 WAIT\n12:00 GO\n12:10 AGREE 16:00", "12:30", "answer due 16:00"),
    ],
    ids=[
        "later",
        "or earlier",
        "but not in the past: that is refused",
        "the latest value counts",
        "and no priority matters any more",
        "too late: breached",
        "agreed after the breach: owed again",
        "agreed in a pause: held",
        "what is left of the pause moves it",
        "a later pause moves it",
        "said again after the pause, it is what was said",
    ],
)
def test_rule_11_what_is_said_in_a_command_moves_the_due_anywhere(story: str, at: str, stands: str) -> None:
    assert story_of(AGREED, f"{NORMAL}\n{spoken(story)}").stands(at) == stands


def test_rule_11_who_may_not_agree_moves_nothing() -> None:
    assert (
        story_of(AGREED, f'{NORMAL}\n10:00 carla says "/agree 2026-03-02T16:00"').stands("10:30") == "answer due 13:00"
    )


def test_rule_11_each_change_is_a_term_with_its_reason_and_its_moment() -> None:
    story = (
        f"{NORMAL}\n10:00 bob labels priority/high\n10:30 bob labels priority/low\n"
        '10:40 bob says "/agree 2026-03-02T16:00"\n10:50 bob says "/resume"'
    )
    clocks = AGREED.replace("normal: 4h", "normal: 4h, low: 8h")
    (run,) = story_of(clocks, story).assessed("11:00").runs
    assert [(shown(term.since), shown(term.due), term.why, term.source) for term in run.terms] == [
        ("09:00", "13:00", "started", "I_1"),
        ("10:00", "11:00", "raised (rule 11)", "X_2"),
        ("10:30", "17:00", "lowered (rule 11)", "X_3"),
        ("10:40", "16:00", "agreed with /agree", "IC_1:1"),
    ]
    assert run.moved_by == {"I_1", "X_2", "X_3", "IC_1:1"}


def test_rule_11_a_change_that_moves_nothing_is_neither_a_raise_nor_a_lowering() -> None:
    clocks = "  answer: { start: opened, stop: comment by staff, target: { priority: { high: 240m, normal: 4h } } }"
    (run,) = story_of(clocks, f"{NORMAL}\n10:00 bob labels priority/high").assessed("11:00").runs
    assert [(term.why, shown(term.due)) for term in run.terms] == [
        ("started", "13:00"),
        ("changed (rule 11)", "13:00"),
    ]


def test_rule_11_a_clock_that_listens_for_the_due_is_told_of_one_breach_once() -> None:
    clocks = ANSWER + "  lead: { start: answer due, stop: /ack, each: true, target: 1h }\n"
    story = f"{NORMAL}\n14:00 bob labels priority/low"
    assert story_of(clocks, story).stands("13:30") == "answer breached 13:00; lead due 14:00"
    assert story_of(clocks, story).stands("17:30") == "answer breached 17:00; lead breached 14:00"
