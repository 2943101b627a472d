"""Notifying people: tasks become calls through channels and one comment for all mentions.

- `page` and `notify … via` are calls, one a person and verb; `notify` without `via` is a mention in the sweep's one
  comment; where the policy names an `internal` repository, people of the desk are mentioned in the case's companion
  there, and never fall back to the issue.
- Who came to be owed several calls at once is called once, under the newest task's key; the older ones' records say so.
- Who is paged is not told the same through a channel as well. What goes to a tracker tells nobody: it is filed beside.
- Who is still owed a call gets it by the verb that named them, never by another verb of the same rung: a deferred
  `notify` does not become a page. Who held the role then and holds it no longer is called all the same.
- Quiet hours hold a `notify` until that person's own morning; never a page, never another recipient (rule 15). A
  fallback in its quiet hours is passed over: the call stays owed where the other channels fail.
- An account that was deleted is nobody: all deleted accounts share one name.
- A role that nobody holds is recorded and remarked, so that a maintainer hears of it. Where nobody holds any role of a
  rung, whom the next rung names is called at once, as that rung would call them; where there is none, whoever holds the
  role next is called as soon as they do, while the promise still runs. When that rung's own time comes, it
  does all else that it does, and calls those who have not been called in its place: nobody is called twice for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import timedelta
from typing import Literal

from respondby.calendars.instants import Instant, resolve, wall, zone
from respondby.dataclass import dataclass
from respondby.desk.history import History
from respondby.desk.results import CalledBefore, Commented, Deferred, Mentioned, Result, RoleEmpty, StoodIn, Tried
from respondby.policy.model.clocks import Rung, Verbs
from respondby.policy.model.policy import Policy
from respondby.policy.people.holders import can_hold, holders
from respondby.promises.boundaries import next_change
from respondby.rules.languages import language_of, shared_language
from respondby.rules.plan import Answer, Because, Call, Relay, WriteComment
from respondby.rules.task import Task
from respondby.rules.ways import call_key, names_by_id, ways

Verb = Literal["page", "notify"]
#: Why a comment has not said something: another one does, after it.
NOT_YET = "not yet"
#: `channel`, `issue`, `companion`, or the name of a tracker.
Way = str


@dataclass(slots=True)
class Notifications:
    """Who is to be told what. `notes` are results that are known already (quiet hours, empty roles), by record key."""

    calls: list[Call] = field(default_factory=list)
    comment: WriteComment | None = None
    inside: WriteComment | None = None
    notes: dict[str, list[Result]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    wake: list[Instant] = field(default_factory=list)


@dataclass(slots=True)
class _PendingCall:
    """A call of one kind that one person is still to get: for these tasks, oldest first."""

    verb: Verb
    to: str
    via: tuple[str, ...]
    tasks: list[Task]
    way: Way = "issue"


def notifications_for(policy: Policy, history: History, tasks: Sequence[Task], now: Instant) -> Notifications:
    """Calls and the comment that these tasks ask for."""
    notifications = Notifications()
    pending: dict[tuple[Verb, str, Way], _PendingCall] = {}
    texts: list[tuple[Task, str]] = []
    answers: list[tuple[Task, Answer]] = []
    relays: list[tuple[Task, Relay]] = []
    contacts = tuple(f"{contact.name}: {contact.about}" for contact in policy.contacts)
    for task in sorted((task for task in tasks if task.calls), key=lambda task: task.at):
        for verb, role, person, via, because in _called(policy, history, task, now, notifications):
            chain = ways(policy, via, history.state, now)
            mention: Way = "companion" if _is_inside(policy, history, role, person) else "issue"
            tracked = verb == "notify" and chain and policy.channels[chain[0]].is_tracker
            way = chain[0] if tracked else "channel" if chain else mention
            entry = pending.setdefault((verb, person.lower(), way), _PendingCall(verb, person, chain, [], way=way))
            entry.via = chain or entry.via
            entry.tasks.append(replace(task, because=because))
        unsaid = task.recorded is None or task.recorded.unsaid
        language = language_of(policy, task.speaker, history.case.repository) if task.speaker else None
        answer = task.answer(language, contacts) if task.speaker else None
        if answer is not None and unsaid:
            answers.append((task, answer))
        if task.verbs.comment is not None and unsaid:
            texts.append((task, task.verbs.comment))
        if task.relay is not None and unsaid:
            relays.append((task, task.relay))
    mentions: list[_PendingCall] = []
    for entry in _joined(pending):
        if not entry.via:
            mentions.append(entry)
            continue
        until = _quiet_until(policy, entry, entry.via[0], now)
        if until is None:
            others = (name for name in entry.via[1:] if _quiet_until(policy, entry, name, now) is None)
            notifications.calls.append(_call(policy, history, entry, (entry.via[0], *others)))
        else:
            notifications.wake.append(until)
            for task in entry.tasks:
                notifications.notes.setdefault(task.key, []).append(Deferred(entry.to, until))
    notifications.comment = _comment(
        policy, history, [entry for entry in mentions if entry.way == "issue"], texts, answers, relays
    )
    notifications.inside = _inside_comment(
        policy, history, [entry for entry in mentions if entry.way == "companion"], notifications.comment
    )
    return notifications


def _is_inside(policy: Policy, history: History, role: str, person: str) -> bool:
    """Whether this mention is talk of the desk, which its customer does not see.

    The author is told on the issue itself, and so is whoever else belongs to no role of the desk.
    """
    if policy.internal is None or role == "author":
        return False
    if role in ("assignee", "speaker", ""):
        people = {login.lower() for login in policy.people}
        return person.lower() in people or can_hold(policy, "staff", person, state=history.state)
    return True


def _asked(verbs: Verbs) -> Iterator[tuple[Verb, str]]:
    """The verbs that call people, each with a role."""
    for role in verbs.page:
        yield "page", role
    for role in verbs.notify:
        yield "notify", role


#: One person to be called: how, as what role (empty: as before), who, through which channel, and why.
_Called = tuple[Verb, str, str, str | None, Because]


def _called(
    policy: Policy, history: History, task: Task, now: Instant, notifications: Notifications
) -> Iterator[_Called]:
    """Whom the task calls now, and how; of a task that is recorded, only those whose call is still pending."""
    if task.recorded is not None:
        yield from _still_pending(policy, history, task, now)
        yield from _roles_filled_since(policy, history, task, now, notifications)
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
        notifications.notes.setdefault(task.key, []).extend(notes)
    if task.passed:
        notifications.remarks.append(
            f"{history.case.ref}: {task.because.rung} of {task.because.name} is not for now, so {so}"
        )
        return
    notifications.remarks.extend(f"{history.case.ref}: nobody holds the role {role}, so {so}" for role in empty)
    if len(notes) == len(empty) == len(found):
        _wake_at_change(policy, history, empty, now, notifications)


def _roles_filled_since(
    policy: Policy, history: History, task: Task, now: Instant, notifications: Notifications
) -> Iterator[_Called]:
    """Who holds a role by now that nobody held when its people were to be called, and nobody stood in."""
    assert task.recorded is not None
    vacant = task.recorded.vacant if task.because.kind == "rung" and not task.because.shadow else ()
    found = [one for one in _holding(policy, history, task, task.verbs, now) if one[1] in vacant]
    yield from ((verb, role, person, task.verbs.via, task.because) for verb, role, people in found for person in people)
    if not any(people for _, _, people in found):
        _wake_at_change(policy, history, vacant, now, notifications)


def _wake_at_change(
    policy: Policy, history: History, roles: Iterable[str], now: Instant, notifications: Notifications
) -> None:
    changes = (next_change(policy, role, history.state, now) for role in roles)
    notifications.wake.extend(at for at in changes if at is not None)


def _still_pending(policy: Policy, history: History, task: Task, now: Instant) -> Iterator[_Called]:
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


def _joined(pending: Mapping[tuple[Verb, str, Way], _PendingCall]) -> Iterator[_PendingCall]:
    """Every call once: what somebody who is paged would be told through a channel is told by the page."""
    for (verb, person, way), entry in pending.items():
        other: Verb = "page" if verb == "notify" else "notify"
        double = pending.get((other, person, way)) if way == "channel" else None
        if double is None:
            yield entry
        elif verb == "page":
            both = {task.key: task for task in (*entry.tasks, *double.tasks)}
            yield _PendingCall(verb, entry.to, entry.via, sorted(both.values(), key=lambda task: task.at), way)


def people_of(policy: Policy, history: History, role: str, now: Instant, speaker: str | None) -> tuple[str, ...]:
    """Who holds a role of the case or of the policy at `now`."""
    if role == "author":
        return () if history.requester.is_nobody else (history.requester.login,)
    if role == "assignee":
        return history.case.assignees
    if role == "speaker":
        return (speaker,) if speaker else ()
    return holders(policy, role, now, history.state)


def _quiet_until(policy: Policy, entry: _PendingCall, via: str, now: Instant) -> Instant | None:
    """The end of the person's quiet hours, where that channel keeps them and they have begun."""
    channel = policy.channels[via]
    if entry.verb == "page" or channel.quiet is None:
        return None
    person = next((person for login, person in policy.people.items() if login.lower() == entry.to.lower()), None)
    where = zone((person.timezone if person else None) or policy.timezone)
    local = wall(now, where)
    minute = local.hour * 60 + local.minute
    begin, end = channel.quiet
    inside = begin <= minute < end if begin <= end else minute >= begin or minute < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if begin > end and minute >= begin else 0)
    midnight = local.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, tzinfo=None)
    return resolve(midnight + timedelta(minutes=end), where)


def _call(policy: Policy, history: History, entry: _PendingCall, via: tuple[str, ...]) -> Call:
    newest = entry.tasks[-1]
    by_id = names_by_id(newest.recorded, entry.to)
    return Call(
        key=call_key(history.case, newest.key, entry.to, by_id=by_id),
        verb=entry.verb,
        to=entry.to,
        via=via,
        because=_reasons(entry.tasks),
        records=tuple(dict.fromkeys(task.key for task in entry.tasks)),
        language=language_of(policy, entry.to, history.case.repository),
        by_id=by_id,
    )


def _reasons(tasks: Iterable[Task]) -> tuple[Because, ...]:
    return tuple(dict.fromkeys(task.because for task in tasks))


def _comment(
    policy: Policy,
    history: History,
    mentions: Sequence[_PendingCall],
    texts: Sequence[tuple[Task, str]],
    answers: Sequence[tuple[Task, Answer]],
    relays: Sequence[tuple[Task, Relay]],
) -> WriteComment | None:
    """One comment for all of it, under the newest task's key."""
    asking = [task for entry in mentions for task in entry.tasks]
    spoken = [*(task for task, _ in texts), *(task for task, _ in answers), *(task for task, _ in relays)]
    if not asking and not spoken:
        return None
    asked = sorted({task.key: task for task in (*asking, *spoken)}.values(), key=lambda task: task.at)
    people = tuple(dict.fromkeys(entry.to for entry in mentions))
    called = {task.key for task in asking}
    return WriteComment(
        key=f"say/{asked[-1].key}",
        mentions=people,
        because=_reasons(task for task in asked if task.key in called),
        texts=tuple(text for _, text in texts),
        records=tuple(task.key for task in asked),
        texts_of=tuple(dict.fromkeys(task.key for task in spoken)),
        answers=tuple(answer for _, answer in answers),
        relays=tuple(relay for _, relay in relays),
        language=shared_language(policy, people, history.case.repository),
    )


def _inside_comment(
    policy: Policy, history: History, mentions: Sequence[_PendingCall], public: WriteComment | None
) -> WriteComment | None:
    """The companion's one comment. Until it stands, what the public one says under the same records is outstanding."""
    say = _comment(policy, history, mentions, (), (), ())
    if say is None:
        return None
    shared = [key for key in say.records if public is not None and key in public.records]
    outstanding: list[tuple[str, Mentioned | Commented]] = []
    if public is not None:
        outstanding += [(key, Commented(False, NOT_YET)) for key in shared if key in public.texts_of]
        outstanding += [(key, Mentioned(person, ok=False, why=NOT_YET)) for key in shared for person in public.mentions]
    return replace(say, key=f"inside/{say.key}", inside=True, outstanding=tuple(outstanding))
