"""Who answers, told as data: now and next, over a time, and what a new version of a policy changes.

Plain mappings with ISO instants in UTC: what `oncall --json` prints, and what the letters about rotas show, so that the
two agree. Nobody on call is an empty list; an instant that nothing bounds is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from respondby.calendars.coverage import Change, Figures, changes, figures, stretches
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import Instant, iso, zone
from respondby.calendars.rotas import Shift
from respondby.calendars.spans import Pair
from respondby.policy.model.policy import Policy, RotaPlan
from respondby.policy.people.layers import layered

#: How many shifts are told ahead, and how far they are looked for.
_AHEAD = 3
_HORIZON = 366 * 86_400

#: What changes is looked for over so many weeks, or until the last dated entry, but for no longer than two years.
_WEEKS = 26 * 7 * 86_400
_MOST = 731 * 86_400


def on_call_now(policy: Policy, names: Iterable[str], at: Instant, person: str | None = None) -> dict[str, Any]:
    """Who is on call at an instant in each of these rotas, and the shifts to come: of `person` alone, if named.

    `answering` is who answers then in roles of several rotas that take turns by the time of day.
    """
    rotas = {}
    for name in names:
        plan = policy.rotas[name]
        shift = plan.rota.on_call(at)
        rotas[name] = {
            "timezone": plan.rota.timezone,
            "roles": roles_of(policy, name),
            **_shift_entry(policy, plan, shift, at),
            "shadows": list(plan.shadows),
            "next": list(_coming(policy, plan, shift, at, person)),
        }
    answering = {role: list(people) for role, people in layered(policy, at, frozenset(rotas)).items()}
    return {"at": iso(at), "timezone": policy.timezone, "person": person, "answering": answering, "rotas": rotas}


def shifts_between(
    policy: Policy,
    names: Iterable[str],
    begin: Instant,
    end: Instant,
    *,
    person: str | None = None,
    calendar: str | None = None,
    margin: int = 0,
) -> dict[str, Any]:
    """The shifts of these rotas that touch `[begin, end)`, whole, and what each person carries of that time.

    `calendar` names the one whose public holidays count. Shifts are told for `margin` seconds more at either end.
    """
    chosen = {name: policy.rotas[name] for name in names}
    rotas = {
        name: {
            "timezone": plan.rota.timezone,
            "roles": roles_of(policy, name),
            "shifts": [
                _shift_entry(policy, plan, shift, begin - margin if shift.since is None else shift.since)
                for shift in plan.rota.shifts(begin - margin, end + margin)
                if person is None or person in shift.people
            ],
        }
        for name, plan in chosen.items()
    }
    shifts = [
        (who, (stretch.begin, stretch.end))
        for plan in chosen.values()
        for stretch in stretches(plan.rota, begin, end)
        for who in stretch.people
        if person in (None, who)
    ]
    carried = _carried(policy, chosen.values(), shifts, calendar)
    times = {"from": iso(begin), "until": iso(end), "timezone": policy.timezone, "person": person}
    return {**times, "rotas": rotas, "figures": {"holidays_of": calendar, "people": carried}}


def shift_changes(
    before: Policy | None, after: Policy, now: Instant, *, names: Sequence[str] = (), calendar: str | None = None
) -> dict[str, Any]:
    """Who gains and who loses which shifts when `after` takes the place of `before`, from now on.

    Looked at until half a year from now, or the last dated entry or absence of either where that is later.
    """
    plans: dict[str, tuple[RotaPlan | None, RotaPlan | None]] = {
        name: (before.rotas.get(name) if before else None, after.rotas.get(name))
        for name in dict.fromkeys([*after.rotas, *(before.rotas if before else ())])
        if not names or name in names
    }
    end = _last_edge([plan for pair in plans.values() for plan in pair if plan], now)
    rotas, gained, lost = {}, [], []
    for name, (old, new) in plans.items():
        found = changes(old.rota if old else None, new.rota if new else None, now, end)
        if not found:
            continue
        gained += [(who, (change.begin, change.end)) for change in found for who in change.gain]
        lost += [(who, (change.begin, change.end)) for change in found for who in change.lose]
        state = "new" if old is None else "gone" if new is None else "changed"
        zones = [plan.rota.timezone for plan in (new, old) if plan]
        rotas[name] = {
            "timezone": zones[0],
            "state": state,
            "changes": [_change(after, new, change) for change in found],
        }
    every = [plan for pair in plans.values() for plan in pair if plan]
    more, less = (_carried(after, every, shifts, calendar) for shifts in (gained, lost))
    people = {who: {"gains": more.get(who), "loses": less.get(who)} for who in sorted({*more, *less})}
    times = {"from": iso(now), "until": iso(end), "timezone": after.timezone}
    return {**times, "rotas": rotas, "figures": {"holidays_of": calendar, "people": people}}


def roles_of(policy: Policy, name: str) -> list[str]:
    """The roles that whoever is on call in a rota may hold."""
    return [
        role.name
        for role in policy.roles.values()
        if any(choice.rota == name and choice.shift == "current" for choice in role.alternatives)
    ]


def holiday_calendar(policy: Policy) -> str | None:
    """The calendar whose public holidays count unless one is named: the default one, else the first that knows any."""
    knowing = [name for name, calendar in policy.calendars.items() if calendar.country]
    return policy.calendar if policy.calendar in knowing else next(iter(knowing), None)


def _shift_entry(policy: Policy, plan: RotaPlan, shift: Shift, at: Instant) -> dict[str, Any]:
    """A shift; with whose turn it would be and why, where that is somebody else."""
    return {
        "on_call": list(shift.people),
        "since": None if shift.since is None else iso(shift.since),
        "until": None if shift.until is None else iso(shift.until),
        **_reason(policy, plan, shift.people, at),
    }


def _reason(policy: Policy, plan: RotaPlan, people: Sequence[str], at: Instant) -> dict[str, Any]:
    """Why these are on call at an instant, where it is not simply their turn; `on_purpose` where nobody has to be."""
    rota = plan.rota
    entry: dict[str, Any] = {}
    reason = rota.reason(at)
    swapped = [entry.instead_of for entry in reason.entries if entry.instead_of]
    absent = [who for who in reason.turn if who not in people]
    if rota.handover is not None and (stands_for := list(dict.fromkeys([*absent, *swapped]))):
        entry["instead_of"] = [who for who in stands_for if who not in people]
        entry["away"] = [who for who in absent if who in policy.people and at in policy.people[who].away]
    if reason.on_purpose and not people:
        entry.pop("instead_of", None)
        entry.pop("away", None)
        entry["on_purpose"] = True
        if not reason.entries:
            entry["outside"] = plan.during
    if reasons := [entry.why for entry in reason.entries if entry.why]:
        entry["why"] = "; ".join(reasons)
    return entry


def _coming(policy: Policy, plan: RotaPlan, shift: Shift, at: Instant, person: str | None) -> Iterator[dict[str, Any]]:
    found = 0
    if shift.until is None:
        return
    for later in plan.rota.shifts(shift.until, at + _HORIZON):
        if later.since is not None and (person in later.people if person else later.people or later.until):
            yield _shift_entry(policy, plan, later, later.since)
            found += 1
        if found == _AHEAD:
            return


def _carried(
    policy: Policy, plans: Iterable[RotaPlan], shifts: Iterable[tuple[str, Pair]], calendar: str | None
) -> dict[str, dict[str, Any]]:
    zones: Mapping[str, str] = {
        who: plan.rota.timezone
        for plan in plans
        for who in (*(one for member in plan.rota.members for one in member),
                    *(one for entry in plan.rota.overrides for one in entry.on))
    }  # fmt: skip
    known: Calendar | None = policy.calendars.get(calendar) if calendar else None

    def zone_of(who: str) -> tzinfo:
        person = policy.people.get(who)
        return zone((person.timezone if person else None) or zones.get(who, policy.timezone))

    def holidays(year: int) -> frozenset[int]:
        return known.holidays_in(year) if known else frozenset()

    found = figures(shifts, zone_of, holidays)
    return {who: _figures(carried, known) for who, carried in found.items()}


def _figures(carried: Figures, calendar: Calendar | None) -> dict[str, Any]:
    return {
        "shifts": carried.shifts,
        "hours": round(carried.seconds / 3600, 2),
        "nights": carried.nights,
        "weekend_days": carried.weekend_days,
        "holidays": carried.holidays if calendar else None,
    }


def _change(policy: Policy, plan: RotaPlan | None, change: Change) -> dict[str, Any]:
    times = {"since": iso(change.begin), "until": iso(change.end)}
    reason = _reason(policy, plan, change.after, change.begin) if plan else {}
    return {**times, "before": list(change.before), "after": list(change.after), **reason}


def _last_edge(plans: Iterable[RotaPlan], now: Instant) -> Instant:
    edges = [now + _WEEKS]
    for plan in plans:
        edges += [entry.end for entry in plan.rota.overrides]
        edges += [end for _, spans in plan.rota.away for _, end in spans]
    return min(max(edges), now + _MOST)
