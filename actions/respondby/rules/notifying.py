"""Notifying people: tasks become calls through channels and one comment for all mentions.

- `page` and `notify … via` are calls, one a person and verb; `notify` without `via` is a mention in the sweep's one
  comment; where the policy names an `internal` repository, people of the desk are mentioned in the case's companion
  there, and never fall back to the issue.
- Who came to be owed several calls at once is called once, under the newest task's key; the older ones' records say so.
- Who is paged is not told the same through a channel as well. What goes to a tracker tells nobody: it is filed beside.
- Quiet hours hold a `notify` until that person's own morning; never a page, never another recipient (rule 15). A
  fallback in its quiet hours is passed over: the call stays owed where the other channels fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import timedelta

from respondby.calendars.instants import Instant, resolve, wall, zone
from respondby.dataclass import dataclass
from respondby.desk.history import History
from respondby.desk.results import Commented, Deferred, Mentioned
from respondby.policy.model.policy import Policy
from respondby.policy.people.holders import can_hold
from respondby.rules.callees import Noticed, Verb, called
from respondby.rules.languages import language_of, shared_language
from respondby.rules.plan import Answer, Because, Call, Relay, WriteComment
from respondby.rules.task import Task
from respondby.rules.ways import call_key, names_by_id, ways

#: Why a comment has not said something: another one does, after it.
NOT_YET = "not yet"
#: `channel`, `issue`, `companion`, or the name of a tracker.
Way = str


@dataclass(slots=True)
class Notifications(Noticed):
    """Who is to be told what, and what was noticed on the way."""

    calls: list[Call] = field(default_factory=list)
    comment: WriteComment | None = None
    inside: WriteComment | None = None


@dataclass(slots=True)
class _PendingCall:
    """A call of one kind that one person is still to get: for these tasks, oldest first."""

    verb: Verb
    to: str
    via: tuple[str, ...]
    tasks: list[Task]
    way: Way = "issue"


def notifications_for(policy: Policy, history: History, tasks: Sequence[Task], now: Instant) -> Notifications:
    """Calls and the comment that these tasks ask for (whom each calls: `rules.callees`)."""
    notifications = Notifications()
    pending: dict[tuple[Verb, str, Way], _PendingCall] = {}
    texts: list[tuple[Task, str]] = []
    answers: list[tuple[Task, Answer]] = []
    relays: list[tuple[Task, Relay]] = []
    contacts = tuple(f"{contact.name}: {contact.about}" for contact in policy.contacts)
    for task in sorted((task for task in tasks if task.calls), key=lambda task: task.at):
        for verb, role, person, via, because in called(policy, history, task, now, notifications):
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
    calling = {task.key for task in asking}
    return WriteComment(
        key=f"say/{asked[-1].key}",
        mentions=people,
        because=_reasons(task for task in asked if task.key in calling),
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
