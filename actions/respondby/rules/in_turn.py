"""Tasks in their turn: what a rung changes of the case counts from the rung's own time, for all that comes after it.

A rung's `raise`, `set`, label or `close` is a fact once it is recorded (rule 10). A sweep that comes late finds it due
together with what came later, and judged as if the rung had never been: a promise that the rung would have started
before, a rule that was true already. So a case is read as if the earliest of such rungs were recorded, and asked again,
until none is left. Laws:

- What was asked up to a rung's instant is what it was without the rung; what comes after is asked with it (law 3).
- Nothing is asked twice: what was asked earlier stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence

from respondby.desk.history import History
from respondby.desk.reading import read
from respondby.desk.records import Record
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.promises.assessment import Assessment
from respondby.promises.windows import Window
from respondby.rules.gains import changes_of
from respondby.rules.task import Task
from respondby.rules.tasks import tasks

#: So many rungs that change a case are followed in one run; the next run goes on from there.
MOST_TURNS = 200


def in_turn(
    policy: Policy, history: History, assessment: Assessment, others: Sequence[Window]
) -> tuple[list[Task], History, Assessment]:
    """The open tasks of a case, and the case as it stands once its rungs that are due have changed it."""
    now, ledger, pins = assessment.now, history.ledger, history.ledger.pins
    found: dict[str, Task] = {}
    foreseen: tuple[Record, ...] = ()
    while True:
        asked = [task for task in tasks(policy, history, assessment, ledger, others) if task.key not in found]
        changing = [task for task in asked if _changes(task)]
        first = min((task.at for task in changing), default=None)
        if first is None or len(foreseen) >= MOST_TURNS:
            return (
                [*found.values(), *(task for task in asked if first is None or _is_due(task, first))],
                history,
                assessment,
            )
        found.update((task.key, task) for task in asked if _is_due(task, first))
        foreseen = (*foreseen, *(changes_of(task, policy, now) for task in changing if task.at == first))
        facts = history.facts
        history = read(policy, history.case, history.known, foreseen)
        if history.facts != facts:
            assessment = assess(policy, history, now, pins)


def _is_due(task: Task, at: int) -> bool:
    return task.recorded is not None or task.at <= at


def _changes(task: Task) -> bool:
    """Whether it is a rung that nobody has recorded and that changes the case itself."""
    if task.because.kind != "rung" or task.recorded is not None:
        return False
    verbs = task.verbs
    closes = (verbs.close or verbs.reopen) and task.acts
    return bool(verbs.set or verbs.raise_ or task.labels or verbs.unlabel or closes)
