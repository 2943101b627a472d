"""Maintenance windows as tasks: announced, moved, reminded of, called off, and told of where two of them meet.

Each is named by the instant of its cause, so it is told once, whoever looks and however often. What was replaced before
anybody looked is overtaken, as with rungs: recorded, and nobody is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from respondby.calendars.dues import offset
from respondby.calendars.instants import Instant
from respondby.desk.history import History
from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.policy.model.clocks import Verbs
from respondby.policy.model.duties import Maintenance
from respondby.policy.model.policy import Policy
from respondby.promises.windows import Event, Planned, Window, planned
from respondby.rules.plan import Because
from respondby.rules.task import Task

#: Who is told where the window meets another one: whoever asked for it, who can move it.
_ASKED = Verbs(notify=("author",))


def maintenance_tasks(
    policy: Policy, history: History, ledger: Ledger, now: Instant, others: Iterable[Window]
) -> Iterator[Task]:
    """What is to be told of this case's window and not recorded as told. `others` are the windows of other cases."""
    asked = policy.uptime.maintenance if policy.uptime is not None else None
    if asked is None:
        return
    plan = planned(policy, history)
    verbs = Verbs(notify=asked.notify, via=asked.via)
    for event in plan.events:
        key = f"window/{event.at}"
        if asked.notify:
            known = _heard_of(plan, event, ledger)
            word = "announced" if event.kind == "moved" and not known else event.kind
            stands = event.until is None and (known if event.kind == "cancelled" else now < event.window.end)
            yield from _once(key, event.at, verbs, _because(policy, event, word), ledger, acts=stands)
        at = _reminder(policy, asked, event)
        if at is not None and at <= now and (event.until is None or at < event.until):
            acts = event.until is None and plan.window is not None and now < event.window.start
            yield from _once(f"{key}/reminder", at, verbs, _because(policy, event, "soon"), ledger, acts=acts)
    yield from _meetings(policy, plan, ledger, now, others)


def next_reminder(policy: Policy, history: History, now: Instant) -> Instant | None:
    """When somebody has to be reminded of the case's window, if nothing happens."""
    asked = policy.uptime.maintenance if policy.uptime is not None else None
    if asked is None:
        return None
    events = planned(policy, history).events
    at = _reminder(policy, asked, events[-1]) if events else None
    return at if at is not None and at > now else None


def _reminder(policy: Policy, asked: Maintenance, event: Event) -> Instant | None:
    """When the event's window is reminded of; None where the announcement itself comes later than that."""
    if asked.remind is None or not asked.notify or event.kind == "cancelled":
        return None
    at = offset(event.window.start, asked.remind, policy.default_calendar, before=True)
    return at if at > event.at else None


def _heard_of(plan: Planned, event: Event, ledger: Ledger) -> bool:
    """Whether somebody was told of this case's window before."""
    earlier = (ledger.records.get(f"window/{one.at}") for one in plan.events if one.at < event.at)
    return any(record is not None and record.outcome == "done" for record in earlier)


def _meetings(policy: Policy, plan: Planned, ledger: Ledger, now: Instant, others: Iterable[Window]) -> Iterator[Task]:
    """Where the window meets others of the same product that were announced before it."""
    mine = plan.window
    if mine is None or now >= mine.end:
        return
    event = plan.events[-1]
    for other in others:
        first = (other.announced, other.case) < (mine.announced, mine.case)
        if other.case != mine.case and first and mine.overlaps(other) and now < other.end:
            because = Because("window", _name(policy, other), "meets", other.end, other.start, about=other.url)
            key = f"window/{event.at}/meets/{other.case}/{other.announced}"
            yield from _once(key, max(event.at, other.announced), _ASKED, because, ledger, acts=True)


def _once(key: str, at: Instant, verbs: Verbs, because: Because, ledger: Ledger, *, acts: bool) -> Iterator[Task]:
    record: Record | None = ledger.records.get(key)
    if record is None or (acts and record.pending):
        yield Task(key, at, verbs, because, acts, acts, (), recorded=record)


def _because(policy: Policy, event: Event, word: str) -> Because:
    window = event.window
    state = "emergency" if window.emergency else ""
    return Because("window", _name(policy, window), word, window.end, window.start, state)


def _name(policy: Policy, window: Window) -> str:
    """What is maintained, by the name that people know."""
    field = policy.fields.get(policy.uptime.by) if policy.uptime is not None else None
    value = field.value(window.value) if field is not None and window.value is not None else None
    return value.name if value is not None else ""
