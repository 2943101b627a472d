"""Issues on project boards: put there once, with a due date that moves as the promise does.

Laws:

- An issue is put on a board once for whatever asked for it. What a person takes off the board stays off.
- The date there is written when the due comes to lie on another day, and at no other time. While a clock is paused
  nobody knows its due, and once it is met nobody waits for it: the date stays as it is.
- A day is the policy's own: a due at midnight belongs to the day that ends then.
"""

from __future__ import annotations

from collections.abc import Iterable

from respondby.calendars.instants import wall
from respondby.calendars.zones import zone
from respondby.desk.history import History
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment, Run
from respondby.rules.plan import PutOnBoard
from respondby.rules.task import Task
from respondby.rules.tasks import performed


def boards(policy: Policy, history: History, assessment: Assessment, asked: Iterable[Task]) -> list[PutOnBoard]:
    """What is to be put on a board, and what is to be moved there."""
    found = []
    for task in asked:
        track = task.verbs.track
        pending = task.recorded is None or task.recorded.untracked
        if track is not None and task.acts and pending:
            day = _day(policy, assessment, task) if track.due is not None else ""
            found.append(PutOnBoard(task.key, track.project, track.due, day, track.token))
    if history.state.open:
        found.extend(_moved(policy, history, assessment, {one.project for one in found}))
    return found


def _moved(policy: Policy, history: History, assessment: Assessment, coming: set[str]) -> list[PutOnBoard]:
    """Of every board the newest cause that gave it a date, where that is another one by now."""
    ledger = history.ledger
    if not any(record.tracked for record in ledger.records.values()):
        return []
    newest: dict[str, Task] = {}
    for task in sorted(performed(policy, history, assessment, ledger), key=lambda task: task.at):
        if task.verbs.track is not None and task.verbs.track.due is not None and task.verbs.track.project not in coming:
            newest[task.verbs.track.project] = task
    found = []
    for project, task in newest.items():
        track, stands = task.verbs.track, task.recorded.tracked if task.recorded is not None else None
        if track is None or stands is None or stands.outcome == "gone" or stands.project != project:
            continue
        day = _day(policy, assessment, task)
        if day and day != stands.day:
            found.append(PutOnBoard(task.key, project, track.due, day, track.token, stands.item))
    return found


def _day(policy: Policy, assessment: Assessment, task: Task) -> str:
    """The day of the due that is meant; empty where there is none now."""
    runs = _meant(policy, assessment, task)
    if not runs or any(run.paused for run in runs):
        return ""
    due = max((run.due for run in runs if run.due is not None), default=None)
    return "" if due is None else wall(due - 1, zone(policy.timezone)).date().isoformat()


def _meant(policy: Policy, assessment: Assessment, task: Task) -> list[Run]:
    """The runs whose due counts: of the clock that the policy names, of the rung's own run, or all that end with the
    case.
    """
    track = task.verbs.track
    if track is not None and track.of is not None:
        run = assessment.latest(track.of)
        return [run] if run is not None and run.live else []
    if task.because.kind == "rung":
        return [run for run in assessment.runs if run.live and task.key.startswith(f"{run.key}/")]
    return [run for run in assessment.runs if run.live and not policy.clocks[run.clock].survives_close]
