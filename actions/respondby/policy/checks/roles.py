"""Rules about roles: somebody is there when the policy wants to call or tell them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from respondby.calendars.coverage import stretches
from respondby.calendars.instants import Instant, people_time, zone
from respondby.calendars.spans import Spans
from respondby.policy.checks.rule import YEAR, Finding, Rule, Subject
from respondby.policy.model.conditions import BUILT_IN_ROLES, Alternative, Role
from respondby.policy.model.policy import Policy, RotaPlan
from respondby.policy.text.cursor import Path

#: Keys under which a role is called or told; elsewhere it only says who may do something.
_CALLING = ("page",)
_TELLING = ("notify", "assign", "owner", "reviewers", "stakeholders", "to", "shadows")

#: So many shifts are looked at over all rotas, but of each rota at least so many (see `checks.rota_year`).
_MOST, _LEAST = 3000, 60


class _Absence:
    """When a role has nobody, over the year that begins now.

    Alternatives with a `when` may not apply, so only the others count; teams and associations are taken as present
    where somebody may act, and as nobody where somebody is to be called or told, since they name no one. Where a rota
    has nobody on purpose, that was said, and is no absence. Every role and every rota is worked out once.
    """

    def __init__(self, policy: Policy, now: Instant) -> None:
        self.policy = policy
        self.always = Spans(((now, now + YEAR),))
        self.away = {person.login.casefold(): person.away for person in policy.people.values() if person.away}
        self.rotas: dict[tuple[str, str], Spans] = {}
        self.roles: dict[str, Spans] = {}

    def first(self, role: Role) -> Instant | None:
        """The first instant at which the role has nobody; None where there is none."""
        begin, end = self.always.pairs[0]
        gaps = self._covered(role.alternatives).gaps(begin, end).pairs
        return gaps[0][0] if gaps else None

    def _covered(self, alternatives: tuple[Alternative, ...]) -> Spans:
        times = Spans()
        for alternative in alternatives:
            if times == self.always:
                break
            if not alternative.when:
                times |= self._present(alternative)
        return times

    def _present(self, alternative: Alternative) -> Spans:
        if alternative.role is not None:
            return self._role(alternative.role)
        if alternative.rota is not None:
            key = (alternative.rota, alternative.shift)
            if key not in self.rotas:
                self.rotas[key] = self._rota(self.policy.rotas[alternative.rota], alternative.shift)
            return self.rotas[key]
        if alternative.team is not None:
            return self.always
        times = Spans()
        for login in alternative.people:
            times |= self._there(login)
            if times == self.always:
                break
        return times

    def _rota(self, plan: RotaPlan, shift: str) -> Spans:
        """When a shift of a rota has somebody there, or nobody on purpose; after what is looked at, as until then."""
        begin, end = self.always.pairs[0]
        most = max(_LEAST, _MOST // max(1, len(self.policy.rotas)))
        coming = list(islice(stretches(plan.rota, begin, end), most))
        times = [(coming[-1].end, end)] if coming and coming[-1].end < end else []
        for one in coming:
            if shift == "current":
                there = Spans()
                for login in one.people:
                    there |= self._there(login).clip(one.begin, one.end)
                meant = not one.people and plan.rota.reason(one.begin).on_purpose
                times += [(one.begin, one.end)] if meant else there.pairs
                continue
            found = plan.rota.next_shift(one.begin) if shift == "next" else plan.rota.previous_shift(one.begin)
            times += [(one.begin, one.end)] if found is not None and found.people else []
        return Spans(times)

    def _role(self, name: str) -> Spans:
        role = self.policy.roles.get(name)
        if role is None:
            return self.always if name in BUILT_IN_ROLES else self._there(name)
        if name not in self.roles:
            self.roles[name] = Spans()  # what is asked again while it is worked out adds nothing
            self.roles[name] = self._covered(role.alternatives)
        return self.roles[name]

    def _there(self, login: str) -> Spans:
        away = self.away.get(login.casefold())
        return self.always if away is None else self.always - away


def _wanted(subject: Subject, keys: tuple[str, ...]) -> dict[str, Path]:
    """The roles that stand under one of these keys, with the first path of each."""
    wanted: dict[str, Path] = {}
    for reference in subject.reading.references:
        under = reference.path[-2] if isinstance(reference.path[-1], int) else reference.path[-1]
        if reference.kind == "role" and under in keys and reference.file == subject.reading.path:
            wanted.setdefault(reference.name, reference.path)
    return wanted


def _empty(subject: Subject, keys: tuple[str, ...]) -> Iterator[Finding]:
    absence = _Absence(subject.policy, subject.surroundings.now)
    for name, path in _wanted(subject, keys).items():
        role = subject.policy.roles.get(name)
        if role is None:
            continue
        since = absence.first(role)
        if since is None:
            continue
        when = people_time(since, zone(subject.policy.timezone))
        message = f"Nobody holds the role `{name}` at {when}."
        if all(alternative.when for alternative in role.alternatives):
            message = f"Nobody holds the role `{name}` where no `when` of it applies."
        if all(alternative.association for alternative in role.alternatives):
            message = f"`{name}` names nobody: an association only tells who is of the house."
        yield Finding(path, message, name, "Add a last alternative for the role, with somebody who is there.")


def _page_nobody(subject: Subject) -> Iterator[Finding]:
    yield from _empty(subject, _CALLING)


def _tell_nobody(subject: Subject) -> Iterator[Finding]:
    called = _wanted(subject, _CALLING)
    yield from (finding for finding in _empty(subject, _TELLING) if finding.value not in called)


RULES = (
    Rule("page-nobody", "error", _page_nobody),
    Rule("role-empty", "warning", _tell_nobody),
)
