"""Rules 7 and 15 as a case meets them: when rungs are due, and what quiet hours hold. Their tables are tests/rules."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, Story, shown, story_of, when

from respondby.desk.records import Record
from respondby.rules.decide import decide
from respondby.rules.ladders import reached
from respondby.rules.plan import Call

HEAD_OFFICE = HEAD.replace("desk: Told", "desk: Told\ncalendar: office") + """
channels:
  chat: { console: CHAT, quiet: "22:00-07:00" }
"""  # fmt: skip
CLOCK = """
  answer:
    start: opened
    stop: comment by staff
    pause: waiting
    target: {}
    ladder: [{}]
"""


def case(target: str, rungs: str, story: str = "", opened: str = "15:00") -> Story:
    """A case with one clock and that ladder."""
    return story_of(CLOCK.format(target, rungs), f'{opened} carla opens "Nothing works"\n{story}', head=HEAD_OFFICE)


def performed(subject: Story, at: str) -> list[str]:
    """When each rung that has been reached by then was."""
    assessment = subject.assessed(at)
    (run,) = assessment.runs
    clock = subject.policy.clocks["answer"]
    return [shown(one.at) for one in reached(subject.history, run, clock, subject.case.ledger, assessment.now)]


@pytest.mark.parametrize(
    "target, at, instant",
    [
        ("4h", "50%", "17:00"),
        ("4 business hours", "50%", "17:00"),
        ("4 business hours", "75%", "tue 10:00"),
        ("4h", "due", "19:00"),
        ("4h", "due + 15m", "19:15"),
        ("4 business hours", "due + 15m", "tue 11:15"),
        ("2 business hours", "due + 15m", "17:15"),
        ("2 business hours", "due + 1 business hour", "tue 10:00"),
        ("4 business hours", "due - 2 business hours", "tue 09:00"),
        ("4 business hours", "start + 1h", "16:00"),
        ("4 business hours", "start + 3 business hours", "tue 10:00"),
    ],
)
def test_rule_7_a_rung_is_due_by_the_clocks_own_time_or_by_elapsed_time(target: str, at: str, instant: str) -> None:
    subject = case(target, f"{{ at: {at}, notify: ann }}")
    assert performed(subject, instant) == [instant]
    before = shown(when(instant) - 1, "none")
    assert performed(subject, before) == []


def test_rule_7_a_pause_moves_the_share_with_the_due() -> None:
    subject = case("4h", "{ at: 50%, notify: ann }", '15:30 bob says "/wait"\n16:00 bob says "/resume"')
    assert performed(subject, "17:29") == []
    assert performed(subject, "17:30") == ["17:30"]


def test_rule_7_after_counts_from_when_the_rung_before_was_really_performed() -> None:
    subject = case("1h", "{ at: due, notify: ann }, { after: 10m, notify: tess }")
    assert performed(subject, "18:00") == ["16:00"]
    late = subject.with_ledger([Record("answer/I_1/due/0", when("16:00"), when("16:40"))])
    assert performed(late, "16:49") == ["16:00"]
    assert performed(late, "16:50") == ["16:00", "16:50"]


@pytest.mark.parametrize(
    "opened, verb, calls",
    [
        ("15:00", "notify: ann, via: chat", ["ann"]),
        ("22:30", "notify: ann, via: chat", []),
        ("22:30", "page: ann, via: chat", ["ann"]),
    ],
    ids=["by day", "by night", "a page, never"],
)
def test_rule_15_quiet_hours_hold_a_notify_and_never_a_page(opened: str, verb: str, calls: list[str]) -> None:
    subject = case("1h", f"{{ at: start, {verb} }}", opened=opened)
    plan = decide(subject.policy, subject.history, subject.assessed(opened))
    assert [action.to for action in plan.actions if isinstance(action, Call)] == calls
