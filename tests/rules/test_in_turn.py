"""Which tasks change the case that later ones are asked of: a rung's that nobody has recorded yet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from respondby.desk.records import Record
from respondby.policy.model.clocks import NOTHING, Verbs
from respondby.rules.in_turn import _changes
from respondby.rules.plan import Because
from respondby.rules.task import Task

RUNG = Task("answer/I_1/due/0", 100, NOTHING, Because("rung", "answer"), True, True, ())
SETS = replace(RUNG, verbs=Verbs(set=(("priority", "high"),)))


@pytest.mark.parametrize(
    "task, changes",
    [
        (RUNG, False),
        (replace(RUNG, verbs=Verbs(notify=("ann",), via="chat")), False),  # it only tells somebody
        (SETS, True),
        (replace(RUNG, verbs=Verbs(raise_=(("priority", "high"),))), True),
        (replace(RUNG, labels=("late",)), True),
        (replace(RUNG, verbs=Verbs(unlabel=("late",))), True),
        (replace(RUNG, verbs=Verbs(close=True)), True),
        (replace(RUNG, verbs=Verbs(reopen=True)), True),
        # What was overtaken closes nothing, and sets and labels all the same.
        (replace(RUNG, verbs=Verbs(close=True), acts=False), False),
        (replace(RUNG, verbs=Verbs(reopen=True), acts=False), False),
        (replace(SETS, acts=False), True),
        (replace(RUNG, labels=("late",), acts=False), True),
        (replace(SETS, because=Because("rule", "1")), False),  # what a rule sets follows from the case itself
        (replace(SETS, recorded=Record(SETS.key, 100, 100)), False),
    ],
)
def test_a_rung_changes_a_case_once(task: Task, changes: bool) -> None:
    assert _changes(task) is changes
