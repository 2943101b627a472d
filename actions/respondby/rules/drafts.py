"""Drafts of duties as facts: hand-over notes and the review of a period's incidents, part by part.

A draft has parts, and each is a block of its own in the duty's issue: what somebody has edited in one of them does not
keep the others from being refreshed. A part's digest changes when, and only when, a fact in it does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from json import dumps
from typing import NamedTuple

from respondby.calendars.instants import FOREVER, Instant
from respondby.dataclass import dataclass
from respondby.policy.model.duties import Duty
from respondby.policy.model.policy import Policy, RotaPlan
from respondby.policy.people.shifts import incoming, outgoing
from respondby.promises.periods import applies, periods, subjects
from respondby.rules import shift_facts
from respondby.rules.duties import served
from respondby.rules.items import OpenItem, open_items
from respondby.rules.shift_facts import AssessedCase

#: The parts of each draft, in the order in which they stand.
PARTS: dict[str, tuple[str, ...]] = {
    "hand-over": ("shift", "open", "notes", "workarounds", "missed", "calls", "incidents", "coming"),
    "incidents": ("incidents", "items", "missed", "calls", "workarounds"),
}

#: The part of what is only there where action items are followed.
_ITEMS = "items"

#: No more duties than these are told of as coming.
_MOST_COMING = 30


class Rest(NamedTuple):
    """Somebody had a heavy shift: a rest of this length (a duration of the policy) is proposed."""

    person: str
    pages: int
    nights: int
    suggest: str


class Shift(NamedTuple):
    """The change of shift: who goes, who comes, and who should have a rest."""

    rota: str
    outgoing: tuple[str, ...]
    incoming: tuple[str, ...]
    since: Instant
    at: Instant
    rest: tuple[Rest, ...]


class Due(NamedTuple):
    """A duty to come, and for whom."""

    duty: str
    subject: str
    at: Instant


class Absence(NamedTuple):
    """Somebody of the rota is away."""

    person: str
    start: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class Coming:
    """What the next shift has before it: duties, absences, maintenance windows."""

    duties: tuple[Due, ...]
    absences: tuple[Absence, ...]
    maintenance: tuple[shift_facts.MaintenanceWindow, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a draft: its name and its facts (a `Shift`, a `Coming`, or a list from `shift_facts`)."""

    name: str
    facts: object

    @property
    def digest(self) -> str:
        """Sixteen hex digits of the facts."""
        text = dumps(self.facts, default=_plain, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def parts_of(policy: Policy, kind: str) -> tuple[str, ...]:
    """The parts of a kind of draft under this policy."""
    wanted = policy.incidents.post_mortem if policy.incidents is not None else None
    followed = wanted is not None and wanted.actions is not None
    return tuple(name for name in PARTS[kind] if followed or name != _ITEMS)


def draft(policy: Policy, duty: Duty, cases: Sequence[AssessedCase], at: Instant, now: Instant) -> tuple[Part, ...]:
    """The parts of a duty's draft for the period that is named by `at`."""
    requests = [case for case in cases if case.history.case.is_request]
    if duty.draft == "hand-over" and duty.schedule.rota is not None:
        return _hand_over(policy, policy.rotas[duty.schedule.rota], requests, at, now)
    if duty.draft is None:
        return ()
    return _review(policy, duty, requests, open_items(cases), at)


def _hand_over(
    policy: Policy, plan: RotaPlan, cases: Sequence[AssessedCase], at: Instant, now: Instant
) -> tuple[Part, ...]:
    since, until = _shift_before(plan, at), _shift_after(plan, at)
    called = shift_facts.calls(policy, cases, since, at)
    facts = {
        "shift": Shift(
            plan.name, outgoing(policy, plan.name, at), incoming(policy, plan.name, at), since, at,
            rests(policy, plan, called, at),
        ),
        "open": shift_facts.open_cases(policy, cases),
        "notes": shift_facts.notes(cases, since, max(at, now + 1)),
        "workarounds": shift_facts.temporary(policy, cases),
        "missed": shift_facts.missed(cases, since, at),
        "calls": called,
        "incidents": shift_facts.incidents(policy, cases, since, at),
        "coming": Coming(
            _duties(policy, at, until), _absences(policy, plan, at, until), shift_facts.maintenance(policy, cases, at)
        ),
    }  # fmt: skip
    return tuple(Part(name, facts[name]) for name in PARTS["hand-over"])


def _review(
    policy: Policy, duty: Duty, cases: Sequence[AssessedCase], items: tuple[OpenItem, ...], at: Instant
) -> tuple[Part, ...]:
    since = _period_before(duty, at)
    facts: dict[str, object] = {
        "incidents": shift_facts.incidents(policy, cases, since, at),
        _ITEMS: items,
        "missed": shift_facts.missed(cases, since, at),
        "calls": shift_facts.calls(policy, cases, since, at),
        "workarounds": shift_facts.temporary(policy, cases),
    }
    return tuple(Part(name, facts[name]) for name in parts_of(policy, "incidents"))


def rests(policy: Policy, plan: RotaPlan, called: Iterable[shift_facts.Calls], at: Instant) -> tuple[Rest, ...]:
    """Whom the rota's rule of rest proposes a rest for: who goes, after enough pages or broken nights."""
    if plan.rest_suggest is None:
        return ()
    going = {login.lower() for login in outgoing(policy, plan.name, at)}
    found = []
    for counted in called:
        pages = plan.rest_after_pages is not None and counted.day + counted.night >= plan.rest_after_pages
        nights = plan.rest_after_nights is not None and counted.nights >= plan.rest_after_nights
        if counted.person.lower() in going and (pages or nights):
            found.append(Rest(counted.person, counted.day + counted.night, counted.nights, plan.rest_suggest))
    return tuple(found)


def _duties(policy: Policy, at: Instant, until: Instant) -> tuple[Due, ...]:
    """The duties whose issues open in the next shift, but for what speaks only when something is missing."""
    found = [
        Due(duty.name, subject, period.at)
        for duty in policy.duties.values()
        if served(duty) and not duty.silent
        for subject in subjects(policy, duty)
        for period in periods(policy, duty, subject, at, until)
        if period.at < until and applies(policy, duty, subject, period)
    ]
    return tuple(sorted(found, key=lambda due: (due.at, due.duty, due.subject))[:_MOST_COMING])


def _absences(policy: Policy, plan: RotaPlan, at: Instant, until: Instant) -> tuple[Absence, ...]:
    members = {login.lower() for group in plan.rota.members for login in group}
    found = [
        Absence(login, begin, end)
        for login, person in policy.people.items()
        if login.lower() in members
        for begin, end in person.away
        if begin < until and at < end
    ]
    return tuple(sorted(found, key=lambda absence: (absence.start, absence.person)))


def _shift_before(plan: RotaPlan, at: Instant) -> Instant:
    """When the shift began that ends at `at`; long ago for the first one."""
    if plan.rota.handover is not None:
        return plan.rota.handover.at_or_before(at - 1) or 0
    return plan.rota.on_call(at - 1).since or 0


def _shift_after(plan: RotaPlan, at: Instant) -> Instant:
    """When the shift ends that begins at `at`; for the last one a week later, which is as far as people look."""
    if plan.rota.handover is not None:
        return plan.rota.handover.after(at) or at + 7 * 86_400
    until = plan.rota.on_call(at).until
    return at + 7 * 86_400 if until is None or until >= FOREVER else until


def _period_before(duty: Duty, at: Instant) -> Instant:
    """When the period began that a review at `at` looks back on."""
    if duty.schedule.cadence is not None:
        return duty.schedule.cadence.at_or_before(at - 1) or at - 7 * 86_400
    return at - 7 * 86_400


def _plain(value: object) -> object:
    if isinstance(value, Coming):
        return [value.duties, value.absences, value.maintenance]
    raise TypeError(f"{value!r} is not a fact of a draft")
