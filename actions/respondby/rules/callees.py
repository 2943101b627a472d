"""Whom a task calls now, and how: who holds its roles, who is owed a call still, who stands in where nobody is there.

- Who is still owed a call gets it by the verb that named them, never by another verb of the same rung: a deferred
  `notify` does not become a page. Who held the role then and holds it no longer is called all the same.
- An account that was deleted is nobody: all deleted accounts share one name.
- A role that nobody holds is recorded and remarked, so that a maintainer hears of it. Where nobody holds any role of a
  rung, whom the next rung names is called at once, as that rung would call them; where there is none, whoever holds the
  role next is called as soon as they do, while the promise still runs. When that rung's own time comes, it
  does all else that it does, and calls those who have not been called in its place: nobody is called twice for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.history import History
from respondby.desk.results import CalledBefore, Deferred, Mentioned, Result, RoleEmpty, StoodIn, Tried
from respondby.policy.model.clocks import Rung, Verbs
from respondby.policy.model.policy import Policy
from respondby.policy.people.holders import holders
from respondby.promises.boundaries import next_change
from respondby.rules.plan import Because
from respondby.rules.task import Task

Verb = Literal["page", "notify"]


@dataclass(slots=True)
class Noticed:
    """What was found out about whom to call: `notes` are results that are known already (quiet hours, empty roles), by
    record key, `remarks` what a maintainer should know, `wake` when to look again.
    """

    notes: dict[str, list[Result]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    wake: list[Instant] = field(default_factory=list)


def _asked(verbs: Verbs) -> Iterator[tuple[Verb, str]]:
    """The verbs that call people, each with a role."""
    for role in verbs.page:
        yield "page", role
    for role in verbs.notify:
        yield "notify", role


#: One person to be called: how, as what role (empty: as before), who, through which channel, and why.
Callee = tuple[Verb, str, str, str | None, Because]


def called(policy: Policy, history: History, task: Task, now: Instant, noticed: Noticed) -> Iterator[Callee]:
    """Whom the task calls now, and how; of a task that is recorded, only those whose call is still pending."""
    if task.recorded is not None:
        yield from _still_pending(policy, history, task, now)
        yield from _roles_filled_since(policy, history, task, now, noticed)
        return
    found = _holding(policy, history, task, task.verbs, now)
    if task.passed:
        found = [(verb, role, ()) for verb, role, _ in found]
    empty = tuple(role for _, role, people in found if not people)
    notes: list[Result] = [] if task.passed else [RoleEmpty(role) for role in empty]
    stand_in = _stand_in(policy, history, task, now) if found and len(empty) == len(found) else None
    so = f"nobody was told of {task.because.name}"
    if stand_in is not None:
        notes.append(StoodIn(stand_in.id))
        so = f"the next step of {task.because.name} was taken at once ({stand_in.at.text})"
        because = replace(task.because, instead=empty, say=stand_in.verbs.say or task.because.say)
        for verb, role, people in _holding(policy, history, task, stand_in.verbs, now):
            yield from ((verb, role, person, stand_in.verbs.via, because) for person in people)
    for verb, role, people in found:
        yield from ((verb, role, person, task.verbs.via, task.because) for person in people if person not in task.ahead)
    before = dict.fromkeys(person for _, _, people in found for person in people if person in task.ahead)
    notes.extend(CalledBefore(person) for person in before)
    if notes:
        noticed.notes.setdefault(task.key, []).extend(notes)
    if task.passed:
        noticed.remarks.append(
            f"{history.case.ref}: {task.because.rung} of {task.because.name} is not for now, so {so}"
        )
        return
    noticed.remarks.extend(f"{history.case.ref}: nobody holds the role {role}, so {so}" for role in empty)
    if len(notes) == len(empty) == len(found):
        _wake_at_change(policy, history, empty, now, noticed)


def _roles_filled_since(
    policy: Policy, history: History, task: Task, now: Instant, noticed: Noticed
) -> Iterator[Callee]:
    """Who holds a role by now that nobody held when its people were to be called, and nobody stood in."""
    assert task.recorded is not None
    vacant = task.recorded.vacant if task.because.kind == "rung" and not task.because.shadow else ()
    found = [one for one in _holding(policy, history, task, task.verbs, now) if one[1] in vacant]
    yield from ((verb, role, person, task.verbs.via, task.because) for verb, role, people in found for person in people)
    if not any(people for _, _, people in found):
        _wake_at_change(policy, history, vacant, now, noticed)


def _wake_at_change(policy: Policy, history: History, roles: Iterable[str], now: Instant, noticed: Noticed) -> None:
    changes = (next_change(policy, role, history.state, now) for role in roles)
    noticed.wake.extend(at for at in changes if at is not None)


def _still_pending(policy: Policy, history: History, task: Task, now: Instant) -> Iterator[Callee]:
    """Whose call a record has pending, by the verb that named them: the task's, or that of the rung in its place."""
    assert task.recorded is not None
    waiting = {result.to: _verb(result) for result in task.recorded.unreached}
    place = task.recorded.stood_in
    verbs = next((rung.verbs for rung in task.next_rungs if rung.id == place), task.verbs)
    roles = tuple(role for _, role in _asked(task.verbs)) if verbs is not task.verbs else ()
    because = replace(task.because, instead=roles)
    found = _holding(policy, history, task, verbs, now)
    for verb, role, people in found:
        for person in people:
            if waiting.get(person, "") in (None, verb):
                yield verb, role, person, verbs.via, because
                del waiting[person]
    for person, recorded in waiting.items():
        if found:
            yield recorded or ("page" if verbs.page else "notify"), "", person, verbs.via, because


def _verb(result: Deferred | Tried | Mentioned) -> Verb | None:
    """The verb by which a person is still to be called; None where the record, of version 1, does not say it."""
    if isinstance(result, Tried):
        return None if result.verb == "call" else result.verb
    return "notify"


def _holding(
    policy: Policy, history: History, task: Task, verbs: Verbs, now: Instant
) -> list[tuple[Verb, str, tuple[str, ...]]]:
    """Each verb that calls people, its role, and who holds that now."""
    return [(verb, role, people_of(policy, history, role, now, task.speaker)) for verb, role in _asked(verbs)]


def _stand_in(policy: Policy, history: History, task: Task, now: Instant) -> Rung | None:
    """The next rung that calls somebody who is there."""
    for rung in task.next_rungs:
        staffed = any(people for _, _, people in _holding(policy, history, task, rung.verbs, now))
        if staffed and history.state.holds(rung.when, now):
            return rung
    return None


def people_of(policy: Policy, history: History, role: str, now: Instant, speaker: str | None) -> tuple[str, ...]:
    """Who holds a role of the case or of the policy at `now`."""
    if role == "author":
        return () if history.requester.is_nobody else (history.requester.login,)
    if role == "assignee":
        return history.case.assignees
    if role == "speaker":
        return (speaker,) if speaker else ()
    return holders(policy, role, now, history.state)
