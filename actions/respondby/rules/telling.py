"""Whom open tasks tell and assign, and their records: the part of a plan on which what comes later rests.

It also shows on a comment, by a reaction, what became of the commands that it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.gate import BY_HAND
from respondby.desk.history import History, Invocation
from respondby.desk.keeping import is_from_beside
from respondby.desk.records import Record
from respondby.desk.results import NotAssigned
from respondby.policy.model.built_in import ASSIGN
from respondby.policy.model.policy import Policy
from respondby.rules.callees import people_of
from respondby.rules.gains import outstanding_effects, record_of
from respondby.rules.notifying import Notifications, notifications_for
from respondby.rules.plan import Assign, React
from respondby.rules.task import Task

_REACTION: dict[str, Literal["+1", "confused", "eyes"]] = {"accepted": "+1", "refused": "confused", "cooling": "eyes"}


@dataclass(frozen=True, slots=True)
class Telling:
    """What the tasks come to; `asked` are they, silenced where a mute stands. `remarks` are of the assignments."""

    asked: tuple[Task, ...]
    notifications: Notifications
    assign: Assign | None
    reactions: tuple[React, ...]
    records: tuple[Record, ...]
    remarks: tuple[str, ...]


def tell(policy: Policy, history: History, found: Sequence[Task], now: Instant) -> Telling:
    """Whom these tasks tell at `now`.

    A mute silences: nobody is told, now or later. What changes the case happens all the same.
    """
    mutes = [mute.end for mute in policy.mute if mute.start <= now < mute.end]
    asked = [replace(task, calls=False) for task in found] if mutes else list(found)
    notifications = notifications_for(policy, history, asked, now)
    assign, remarks = _assignments(policy, history, asked, now)
    reacted = _reactions(asked)
    outstanding = outstanding_effects(assign, reacted)
    records = tuple(record_of(task, policy, notifications, now, outstanding.get(task.key, ())) for task in asked)
    if mutes and any(task.recorded is not None for task in asked):
        notifications.wake.append(max(mutes))  # what is still pending goes out then
    return Telling(tuple(asked), notifications, assign, tuple(reacted), records, remarks)


def _assignments(
    policy: Policy, history: History, asked: list[Task], now: Instant
) -> tuple[Assign | None, tuple[str, ...]]:
    """People whom rungs, rules and commands assign and who are not assigned yet.

    What a person did by hand stands as the forge has it: somebody who lost access is unassigned without a word there.
    """
    present = {login.lower() for login in history.case.assignees}
    wanted: list[tuple[str, str]] = []
    remarks: list[str] = []
    for task in asked:
        if not task.is_outstanding("assign") or not task.acts:
            continue
        for role in task.verbs.assign:
            people = people_of(policy, history, role, now, task.speaker)
            wanted.extend((login, task.key) for login in people)
            if not people:
                remarks.append(f"{history.case.ref}: nobody holds the role {role}, so nobody was assigned")
    if history.case.open:
        wanted.extend(_assign_commands(history))
    wanted = [(login, key) for login, key in wanted if login.lower() not in present]
    if not wanted:
        return None, tuple(remarks)
    people = tuple({login.lower(): login for login, _ in reversed(wanted)}.values())[::-1]
    return Assign(people, tuple(dict.fromkeys(key for _, key in wanted))), tuple(remarks)


def _assign_commands(history: History) -> Iterator[tuple[str, str]]:
    """Whom `/assign` named and who should still be assigned, each with the command's record."""
    standing = {login.lower() for login in history.state.assignees}
    for said in history.commands:
        if said.word != ASSIGN or said.verdict != "accepted":
            continue
        login = said.args.get("who", said.by.login)
        record = history.ledger.records.get(said.key)
        left_out = record is not None and NotAssigned(login) in record.results
        if login.lower() in standing and not left_out:
            yield login, said.key


def _reactions(asked: list[Task]) -> list[React]:
    """What became of each command, shown on the comment it stands in."""
    shown: dict[tuple[int, Literal["+1", "confused", "eyes"]], list[str]] = {}
    for task in asked:
        if task.command is not None and task.is_outstanding("react") and _in_a_comment(task.command):
            shown.setdefault((task.command.number, _REACTION[task.command.verdict]), []).append(task.key)
    return [React(comment, content, tuple(keys)) for (comment, content), keys in shown.items()]


def _in_a_comment(said: Invocation) -> bool:
    """Whether it was said in words on the issue: not at a pager, nor by closing it."""
    return not is_from_beside(said.source) and said.word != BY_HAND
