"""Rules about roles: somebody is there when the policy wants to call or tell them."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant, people_time, zone
from respondby.policy.checks.rule import YEAR, Finding, Rule, Subject
from respondby.policy.model.conditions import BUILT_IN_ROLES, Alternative, Role
from respondby.policy.model.policy import Policy
from respondby.policy.text.cursor import Path

#: Keys under which a role is called or told; elsewhere it only says who may do something.
_CALLING = ("page",)
_TELLING = ("notify", "assign", "owner", "reviewers", "stakeholders", "to", "shadows")


class _Absence:
    """When a role has nobody, over the year that begins now.

    Alternatives with a `when` may not apply, so only the others count; teams and associations are taken as present
    where somebody may act, and as nobody where somebody is to be called or told, since they name no one.
    """

    def __init__(self, policy: Policy, now: Instant) -> None:
        self.policy = policy
        self.now = now
        self.until = now + YEAR
        self.edges = self._edges()
        self.rotas = {
            name: list(plan.rota.shifts(now, self.until)) if plan.rota.handover or plan.rota.overrides else []
            for name, plan in policy.rotas.items()
        }

    def _edges(self) -> list[Instant]:
        """Instants at which it may change who is there."""
        edges = {self.now}
        for person in self.policy.people.values():
            edges |= {edge for pair in person.away for edge in pair}
        for plan in self.policy.rotas.values():
            shifts = plan.rota.shifts(self.now, self.until)
            edges |= {shift.since for shift in shifts if shift.since is not None}
        return sorted(edge for edge in edges if self.now <= edge < self.until)

    def first(self, role: Role) -> Instant | None:
        """The first instant at which the role has nobody; None where there is none."""
        return next((edge for edge in self.edges if not self._held(role.alternatives, edge)), None)

    def _held(self, alternatives: tuple[Alternative, ...], at: Instant) -> bool:
        return any(not alternative.when and self._present(alternative, at) for alternative in alternatives)

    def _present(self, alternative: Alternative, at: Instant) -> bool:
        if alternative.role is not None:
            return self._role(alternative.role, at)
        if alternative.rota is not None:
            rota = self.policy.rotas[alternative.rota].rota
            shift = {"current": rota.on_call, "next": rota.next_shift, "previous": rota.previous_shift}[
                alternative.shift
            ]
            held = shift(at)
            people = held.people if held is not None else ()
            return any(self._there(login, at) for login in people) if alternative.shift == "current" else bool(people)
        if alternative.team is not None:
            return True
        return any(self._there(login, at) for login in alternative.people)

    def _role(self, name: str, at: Instant) -> bool:
        role = self.policy.roles.get(name)
        if role is not None:
            return self._held(role.alternatives, at)
        return name in BUILT_IN_ROLES or self._there(name, at)

    def _there(self, login: str, at: Instant) -> bool:
        return not any(
            at in person.away for person in self.policy.people.values() if person.login.casefold() == login.casefold()
        )


def _wanted(subject: Subject, keys: tuple[str, ...]) -> dict[str, Path]:
    """The roles that stand under one of these keys, with the first path of each."""
    wanted: dict[str, Path] = {}
    for reference in subject.reading.references:
        under = reference.path[-2] if isinstance(reference.path[-1], int) else reference.path[-1]
        if reference.kind == "role" and under in keys and reference.file == subject.reading.path:
            wanted.setdefault(reference.name, reference.path)
    return wanted


def _empty(subject: Subject, keys: tuple[str, ...]) -> Iterator[Finding]:
    absence = _Absence(subject.policy, subject.around.now)
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
