"""Whom open tasks tell, whom they assign, and their records: the part of a plan on which what comes later rests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.history import History
from respondby.desk.records import Record
from respondby.policy.model.policy import Policy
from respondby.rules.assigning import assignments, reactions
from respondby.rules.gains import outstanding_effects, record_of
from respondby.rules.notifying import Notifications, notifications_for
from respondby.rules.plan import Assign, React
from respondby.rules.task import Task


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
    assign, remarks = assignments(policy, history, asked, now)
    reacted = reactions(asked)
    outstanding = outstanding_effects(assign, reacted)
    records = tuple(record_of(task, policy, notifications, now, outstanding.get(task.key, ())) for task in asked)
    if mutes and any(task.recorded is not None for task in asked):
        notifications.wake.append(max(mutes))  # what is still pending goes out then
    return Telling(tuple(asked), notifications, assign, tuple(reacted), records, remarks)
