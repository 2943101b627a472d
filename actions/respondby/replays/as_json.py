"""What was foreseen, for machines: instants in UTC, cases by their names, nothing left out."""

from __future__ import annotations

from typing import Any

from respondby.calendars.instants import iso
from respondby.replays.differences import Difference, Moved
from respondby.replays.foreseeing import Foreseen
from respondby.replays.playing import CallMade, PromiseOutcome
from respondby.replays.totals import ClockTotal, CustomerTotal, Pair, PersonTotal

#: The version of this form, which `schemas/impact.schema.json` describes.
VERSION = 1


def foreseen_json(foreseen: Foreseen) -> dict[str, Any]:
    """The whole of it."""
    check, total = foreseen.check, foreseen.totals
    return {
        "version": VERSION,
        "from": iso(foreseen.since),
        "until": iso(foreseen.until),
        "first": foreseen.first,
        "cases": total.cases,
        "changed": list(total.changed),
        "clocks": [_clock(one) for one in total.clocks],
        "people": [_person(one) for one in total.people],
        "customers": [_customer(one) for one in total.customers],
        "differences": [_difference(one) for one in foreseen.differences],
        "self_check": {
            "played": check.played,
            "same": check.same,
            "recorded": check.recorded,
            "agrees": check.agrees,
            "earlier": check.earlier,
            "unrecorded": check.unrecorded,
            "holds": check.holds,
        },
        "limits": [{"code": one.code, "cases": list(one.cases), "said": one.said} for one in foreseen.limits],
    }


def _pair(pair: Pair) -> dict[str, int]:
    return {"before": pair[0], "after": pair[1]}


def _clock(one: ClockTotal) -> dict[str, Any]:
    return {
        "clock": one.clock,
        "promised": _pair(one.promises),
        "kept": _pair(one.kept_count),
        "late": _pair(one.late_count),
        "open": _pair(one.open_count),
        "would_be_late": list(one.late),
        "would_be_kept": list(one.kept),
        "due_earlier": list(one.earlier),
        "due_later": list(one.later),
        "new": list(one.new),
        "gone": list(one.gone),
    }


def _person(one: PersonTotal) -> dict[str, Any]:
    return {
        "person": one.person,
        "pages": _pair(one.pages),
        "by_night": _pair(one.nights),
        "told": _pair(one.notices),
        "cases": list(one.cases),
    }


def _customer(one: CustomerTotal) -> dict[str, Any]:
    return {
        "customer": one.customer or None,
        "cases": one.asked,
        "kept": _pair(one.kept_count),
        "late": _pair(one.late_count),
        "pages": _pair(one.pages),
        "would_be_late": list(one.late),
        "would_be_kept": list(one.kept),
        "promises_differ": list(one.moved),
    }


def _difference(one: Difference) -> dict[str, Any]:
    case = one.case
    return {
        "case": case.ref,
        "url": case.url,
        "title": case.title,
        "opened": iso(case.opened),
        "customer": case.customer or None,
        "promises": [_moved(moved) for moved in one.moved],
        "calls_gone": [_call(call) for call in one.gone],
        "calls_new": [_call(call) for call in one.new],
    }


def _moved(one: Moved) -> dict[str, Any]:
    return {"clock": one.clock, "before": _promise(one.before), "after": _promise(one.after), "moved": one.by}


def _promise(one: PromiseOutcome | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "clock": one.clock,
        "started": iso(one.started),
        "due": None if one.due is None else iso(one.due),
        "ended": None if one.ended is None else iso(one.ended),
        "outcome": one.outcome,
    }


def _call(one: CallMade) -> dict[str, Any]:
    return {
        "at": iso(one.at),
        "person": one.person,
        "verb": one.verb,
        "night": one.night or None,
        "by": list(one.by),
    }
