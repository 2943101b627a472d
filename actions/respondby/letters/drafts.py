"""Drafts of duties as Markdown: each part of the hand-over notes or of a review, from its facts.

Nothing in them mentions anybody (a draft is written again and again) and nothing is a task: the ticks of the issue's
checklist are people's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from respondby.calendars.instants import Instant
from respondby.letters.neutral import inline
from respondby.letters.reasons import clock_name, run_name
from respondby.letters.templates import bounded, render
from respondby.letters.when import Speaking
from respondby.rules import drafts, shift_facts
from respondby.rules.items import OpenItem

#: More than these in a part are counted, not told, and no part is longer than its share of an issue's text.
MOST_SHOWN = 40
MOST = 8_000

Context = Mapping[str, Any]


def render_part(part: drafts.Part, voice: Speaking) -> str:
    """One part of a draft."""
    given = {"at": "", "since": "", "outgoing": [], "incoming": [], "rota": "", "count": 0}
    match part.facts:
        case drafts.Shift():
            items = _shift(part.facts, voice, given)
        case drafts.Coming():
            items = _coming(part.facts, voice)
        case tuple() | list():
            given["count"] = len(part.facts)
            items = [_item(fact, voice) for fact in part.facts]
        case _:
            raise TypeError(f"{part.facts!r} is not a part of a draft")
    context = {"part": part.name, **given, "items": items[:MOST_SHOWN], "more": max(0, len(items) - MOST_SHOWN)}
    return bounded(render("draft.md", context, voice), MOST, voice)


def render_blocks(blocks: Sequence[str], voice: Speaking) -> str:
    """The blocks of a draft, and below them in which zone their times are."""
    times = str(voice.words["duty"]["times"]).replace("{zone}", voice.zones[0])
    return "\n\n".join((*blocks, f"<sub>{times}</sub>"))


def _shift(shift: drafts.Shift, voice: Speaking, given: dict[str, Any]) -> list[Context]:
    given |= {
        "at": voice.at(shift.at),
        "since": voice.moment(shift.since) if shift.since else "",
        "outgoing": _names(shift.outgoing),
        "incoming": _names(shift.incoming),
        "rota": inline(voice.name(shift.rota)),
    }
    return [
        {
            "person": inline(fact.person),
            "pages": fact.pages,
            "nights": fact.nights,
            "length": voice.length(fact.suggest),
        }
        for fact in shift.rest
    ]


def _coming(coming: drafts.Coming, voice: Speaking) -> list[Context]:
    """What comes, in order of time."""
    found: list[tuple[Instant, Context]] = [
        (
            due.at,
            {
                "kind": "duty",
                "at": voice.moment(due.at),
                "what": clock_name(due.duty, voice, inline),
                "of": inline(voice.name(due.subject)) if due.subject else "",
            },
        )
        for due in coming.duties
    ]
    for fact in coming.absences:
        context = {
            "kind": "away",
            "person": inline(fact.person),
            "starts": voice.moment(fact.start),
            "ends": voice.moment(fact.end),
        }
        found.append((fact.start, context))
    found.extend((work.start, {"kind": "works", **_item(work, voice)}) for work in coming.maintenance)
    return [context for _, context in sorted(found, key=lambda pair: pair[0])]


def _item(fact: object, voice: Speaking) -> Context:
    match fact:
        case shift_facts.OpenCase():
            return {
                **_ref(fact.ref),
                "kind": inline(voice.name(fact.kind)) if fact.kind else "",
                "people": _names(fact.assignees),
                "waiting": voice.moment(fact.waiting_since) if fact.waiting_since is not None else "",
                "promises": [_running_promise(promise, voice) for promise in fact.promises],
            }
        case shift_facts.Missed():
            stands = "open" if fact.ended is None else "late" if fact.state == "late" else "given"
            return {
                **_ref(fact.ref),
                "what": run_name(fact.clock, fact.about, voice, inline),
                "due": voice.moment(fact.due),
                "stands": stands,
                "ended": voice.moment(fact.ended) if fact.ended is not None else "",
            }
        case shift_facts.Calls():
            return {"person": inline(fact.person), "day": fact.day, "night": fact.night, "nights": fact.nights}
        case shift_facts.Incident():
            return {
                **_ref(fact.ref),
                "fields": [inline(voice.name(value)) for value in fact.fields],
                "opened": voice.moment(fact.opened),
                "closed": voice.moment(fact.closed) if fact.closed is not None else "",
                "missed": [clock_name(clock, voice, inline) for clock in fact.missed],
                "lacks": [_lacking(name, voice) for name in fact.lacks],
            }
        case shift_facts.Temporary():
            return {
                **_ref(fact.ref),
                "what": inline(fact.shown),
                "before": inline(fact.original) if fact.original else "",
                "by": inline(fact.by),
                "until": voice.moment(fact.until) if fact.until is not None else "",
            }
        case OpenItem():
            due = voice.moment(fact.due) if fact.due is not None else ""
            return {**_ref(fact.ref), "people": _names(fact.people), "due": due, "overdue": fact.overdue}
        case shift_facts.Note():
            return {
                **_ref(fact.ref),
                "by": inline(fact.by),
                "at": voice.moment(fact.at),
                "text": inline(fact.text, 500),
            }
        case shift_facts.MaintenanceWindow():
            return {
                **_ref(fact.ref),
                "of": inline(voice.name(fact.of)) if fact.of else "",
                "starts": voice.moment(fact.start),
                "ends": voice.moment(fact.end),
                "emergency": fact.emergency,
            }
        case _:
            raise TypeError(f"{fact!r} is not a fact of a draft")


def _running_promise(promise: shift_facts.RunningPromise, voice: Speaking) -> Context:
    stands = "paused" if promise.paused else "overdue" if promise.overdue else "due" if promise.due else "open"
    return {
        "what": run_name(promise.clock, promise.about, voice, inline),
        "stands": stands,
        "due": voice.moment(promise.due) if promise.due is not None and stands != "paused" else "",
    }


def _ref(ref: shift_facts.Ref) -> Context:
    return {"url": ref.url, "title": inline(ref.title, 120) or inline(ref.url)}


def _lacking(name: str, voice: Speaking) -> str:
    return voice.key(name) if name == shift_facts.POST_MORTEM else inline(voice.name(name))


def _names(logins: Iterable[str]) -> Sequence[str]:
    return [inline(login) for login in logins]
