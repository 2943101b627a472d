"""Rules about rotas: somebody answers at every instant, and no ladder calls one person twice.

A pull request of anybody may change what is read here, so no rule looks at more than a bounded number of shifts: see
`rota_year`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from respondby.calendars.coverage import Stretch
from respondby.calendars.instants import people_time, zone
from respondby.calendars.rotas import Rota
from respondby.policy.checks.rota_year import time_of, year_of
from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.model.clocks import Clock
from respondby.policy.model.policy import Policy


def _not_started(subject: Subject) -> Iterator[Finding]:
    for name, plan in subject.policy.rotas.items():
        if plan.rota.handover is None or plan.rota.handover.at_or_before(subject.surroundings.now) is not None:
            continue
        begins = people_time(plan.rota.handover.start(0), zone(plan.rota.timezone))
        message = f"Nobody is on call before the first hand-over, {begins}."
        path = ("rotas", name, "handover", "from")
        yield Finding(path, message, begins, "Let `from` be the date of a hand-over that has been.")


def _follows_no_webhook(subject: Subject) -> Iterator[Finding]:
    for name, plan in subject.policy.rotas.items():
        for index, follow in enumerate(plan.follow):
            channel = subject.policy.channels.get(follow.via)
            if channel is not None and channel.kind != "webhook":
                message = f"`{follow.via}` is of the kind `{channel.kind}`: it tells people, and sets no group."
                path = ("rotas", name, "follow", index, "via")
                yield Finding(path, message, follow.via, "Name a channel that is a `webhook`.")


def _gaps(subject: Subject) -> Iterator[Finding]:
    for name, plan in subject.policy.rotas.items():
        if plan.rota.handover is None:
            continue  # an assigned rota may have gaps (rule 5)
        gap = _first_gap(plan.rota, list(year_of(subject, plan)))
        if gap is None:
            continue
        if any(begin <= gap.begin < end for begin, end in plan.rota.terms) or not plan.rota.terms:
            message = f"Everybody in the rota `{name}` is away {time_of(plan, gap)}: nobody is on call."
            hint = "Add a member, move an absence, or let somebody stand in by an override."
        else:
            message = f"No member of the rota `{name}` serves {time_of(plan, gap)}: nobody is on call."
            hint = "Look at `from` and `until` of its members; a gap that is meant is an override with `on: []`."
        yield Finding(("rotas", name, "members"), message, name, hint)


def _in_two_rotas(subject: Subject) -> Iterator[Finding]:
    """One person whom two rungs of a ladder would call by two rotas: the second call reaches nobody new."""
    coming = {name: list(year_of(subject, plan)) for name, plan in subject.policy.rotas.items()}
    seen: set[tuple[str, str]] = set()
    for clock in subject.policy.clocks.values():
        for pair in combinations(_called_rotas(subject.policy, clock), 2):
            if pair in seen:
                continue
            seen.add(pair)
            both = _both(coming[pair[0]], coming[pair[1]])
            if both is None:
                continue
            plan = subject.policy.rotas[pair[1]]
            message = (
                f"{', '.join(both.people)} is on call in rotas `{pair[0]}` and `{pair[1]}` at once"
                f" {time_of(plan, both)}: both calls of clock `{clock.name}` reach the same person."
            )
            hint = "Begin one of the rotas with another member, or let somebody stand in."
            yield Finding(("rotas", pair[1]), message, pair[1], hint, at_key=True)


def _first_gap(rota: Rota, coming: list[Stretch]) -> Stretch | None:
    """The first time in which nobody is on call and nobody said so, over changes of shift too."""
    gap: Stretch | None = None
    for stretch in coming:
        if stretch.people or rota.reason(stretch.begin).on_purpose:
            if gap is not None:
                return gap
            continue
        gap = Stretch((), gap.begin if gap else stretch.begin, stretch.end)
    return gap


def _both(one: list[Stretch], other: list[Stretch]) -> Stretch | None:
    """When the same people are first on call in both."""
    mine = theirs = 0
    while mine < len(one) and theirs < len(other):
        left, right = one[mine], other[theirs]
        begin, end = max(left.begin, right.begin), min(left.end, right.end)
        shared = tuple(who for who in left.people if who in right.people)
        if shared and begin < end:
            return Stretch(shared, right.begin if right.begin >= left.begin else begin, end)
        if left.end <= right.end:
            mine += 1
        else:
            theirs += 1
    return None


def _called_rotas(policy: Policy, clock: Clock) -> list[str]:
    """The rotas whose people the rungs of a clock page, in the rungs' order, each once."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    for rung in clock.ladder:
        for role in rung.verbs.page:
            found.update(dict.fromkeys(_rotas_of(policy, role, seen)))
    return list(found)


def _rotas_of(policy: Policy, role: str, seen: set[str]) -> Iterator[str]:
    """The rotas whose current shift a role may mean whatever the case: alternatives with a `when` may not apply."""
    if role in seen or role not in policy.roles:
        return
    seen.add(role)
    for choice in policy.roles[role].alternatives:
        if choice.when:
            continue
        if choice.rota is not None and choice.shift == "current":
            yield choice.rota
        if choice.role is not None:
            yield from _rotas_of(policy, choice.role, seen)


RULES = (
    Rule("rota-not-started", "warning", _not_started),
    Rule("follows-no-webhook", "error", _follows_no_webhook),
    Rule("rota-gap", "error", _gaps),
    Rule("in-two-rotas", "error", _in_two_rotas),
)
