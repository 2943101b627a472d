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


def _clock(total: ClockTotal) -> dict[str, Any]:
    return {
        "clock": total.clock,
        "promised": _pair(total.promises),
        "kept": _pair(total.kept_count),
        "late": _pair(total.late_count),
        "open": _pair(total.open_count),
        "would_be_late": list(total.late),
        "would_be_kept": list(total.kept),
        "due_earlier": list(total.earlier),
        "due_later": list(total.later),
        "new": list(total.new),
        "gone": list(total.gone),
    }


def _person(total: PersonTotal) -> dict[str, Any]:
    return {
        "person": total.person,
        "pages": _pair(total.pages),
        "by_night": _pair(total.nights),
        "told": _pair(total.notices),
        "cases": list(total.cases),
    }


def _customer(total: CustomerTotal) -> dict[str, Any]:
    return {
        "customer": total.customer or None,
        "cases": total.asked,
        "kept": _pair(total.kept_count),
        "late": _pair(total.late_count),
        "pages": _pair(total.pages),
        "would_be_late": list(total.late),
        "would_be_kept": list(total.kept),
        "promises_differ": list(total.moved),
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


def _promise(outcome: PromiseOutcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    return {
        "clock": outcome.clock,
        "started": iso(outcome.started),
        "due": None if outcome.due is None else iso(outcome.due),
        "ended": None if outcome.ended is None else iso(outcome.ended),
        "outcome": outcome.outcome,
    }


def _call(made: CallMade) -> dict[str, Any]:
    return {
        "at": iso(made.at),
        "person": made.person,
        "verb": made.verb,
        "night": made.night or None,
        "by": list(made.by),
    }
