"""Rules about rotas and their dated entries: somebody answers at every instant, and every swap does what it says.

Entries that are over say nothing any more: a swap of last year must not keep a rota from changing its members.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from respondby.calendars.coverage import Stretch, changes, stretches
from respondby.calendars.instants import Instant, people_time, zone
from respondby.calendars.overrides import Override
from respondby.calendars.rotas import Rota
from respondby.policy.checks.rule import YEAR, Finding, Rule, Subject
from respondby.policy.model.clocks import Clock
from respondby.policy.model.policy import Policy, RotaPlan


def _not_started(subject: Subject) -> Iterator[Finding]:
    for name, plan in subject.policy.rotas.items():
        if plan.rota.handover is None or plan.rota.handover.at_or_before(subject.around.now) is not None:
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
    now = subject.around.now
    for name, plan in subject.policy.rotas.items():
        handover = plan.rota.handover
        if handover is None:
            continue  # an assigned rota may have gaps (rule 5)
        begin = max(now, handover.start(0))
        end = now + YEAR if handover.until is None else min(now + YEAR, handover.until)
        if begin >= end:
            continue
        gap = _first_gap(plan.rota, begin, end)
        if gap is not None:
            message = f"Everybody in the rota `{name}` is away {_when(plan, gap)}: nobody is on call."
            hint = "Add a member, move an absence, or let somebody stand in by an override."
            yield Finding(("rotas", name, "members"), message, name, hint)


def _overlapping(subject: Subject) -> Iterator[Finding]:
    for name, plan, file in _with_entries(subject):
        for (first, one), (second, other) in combinations(_to_come(subject, plan), 2):
            apart = one.end <= other.begin or other.end <= one.begin
            # A later entry may well replace who stands in by an earlier one, or another of a pair.
            chained = other.instead_of in one.on
            alike = one.instead_of is None or other.instead_of is None or one.instead_of == other.instead_of
            if apart or chained or not alike:
                continue
            line = _place(subject, file, first)[0]
            message = f"Two entries say who is on call in rota `{name}` at the same time: this one and line {line}."
            hint = "End one where the other begins, or name in `instead-of` who stands in by the other."
            yield Finding((), message, ", ".join(other.on), hint, file=file, place=_place(subject, file, second))


def _outside(subject: Subject) -> Iterator[Finding]:
    for name, plan, file in _with_entries(subject):
        handover = plan.rota.handover
        if handover is None:
            continue
        begins, ends, where = handover.start(0), handover.until, zone(plan.rota.timezone)
        for index, entry in _to_come(subject, plan):
            if entry.begin < begins:
                message = f"This lies before the life of rota `{name}`, which begins {people_time(begins, where)}."
            elif ends is not None and entry.end > ends:
                message = f"This lies after the life of rota `{name}`, which ends {people_time(ends, where)}."
            else:
                continue
            hint = "Look at the dates, or at `from` and `until` of the rota's `handover`."
            yield Finding((), message, ", ".join(entry.on), hint, file=file, place=_place(subject, file, index))


def _idle(subject: Subject) -> Iterator[Finding]:
    for name, plan, file in _with_entries(subject):
        for index, entry in _to_come(subject, plan):
            before = replace(plan.rota, overrides=plan.rota.overrides[:index])
            after = replace(plan.rota, overrides=plan.rota.overrides[: index + 1])
            if changes(before, after, entry.begin, entry.end):
                continue
            who = entry.instead_of
            if who is not None and not _serves(before, who, entry):
                message = f"{who} is not on call in rota `{name}` then: this swap changes nothing."
                hint = "Look at the dates, or leave `instead-of` out."
            else:
                message = f"{' and '.join(entry.on)} would be on call in rota `{name}` then anyway: this covers nobody."
                hint = "Name somebody else, or remove the entry."
            yield Finding((), message, who or ", ".join(entry.on), hint, file=file, place=_place(subject, file, index))


def _absent(subject: Subject) -> Iterator[Finding]:
    away = {person.login: person.away for person in subject.policy.people.values() if person.away}
    for name, plan, file in _with_entries(subject):
        for index, entry in _to_come(subject, plan):
            for who in (who for who in entry.on if who in away):
                held = (one for one in stretches(plan.rota, entry.begin, entry.end) if who in one.people)
                gone = ((max(one.begin, begin), min(one.end, end)) for one in held for begin, end in away[who])
                lost = next((Stretch((), begin, end) for begin, end in gone if begin < end), None)
                if lost is not None:
                    message = f"`{who}` is away {_when(plan, lost)}, and cannot stand in for rota `{name}` then."
                    hint = "Let somebody else stand in, or change `away` of that person."
                    yield Finding((), message, who, hint, file=file, place=_place(subject, file, index))


def _in_two_rotas(subject: Subject) -> Iterator[Finding]:
    """One person whom two rungs of a ladder would call by two rotas: the second call reaches nobody new."""
    now = subject.around.now
    told: set[tuple[str, str]] = set()
    for clock in subject.policy.clocks.values():
        for pair in combinations(_called_rotas(subject.policy, clock), 2):
            one, other = (subject.policy.rotas[name].rota for name in pair)
            both = next(_both(one, other, now), None) if pair not in told else None
            told.add(pair)
            if both is None:
                continue
            plan = subject.policy.rotas[pair[1]]
            message = (
                f"{', '.join(both.people)} is on call in rotas `{pair[0]}` and `{pair[1]}` at once {_when(plan, both)}:"
                f" both calls of clock `{clock.name}` reach the same person."
            )
            hint = "Begin one of the rotas with another member, or let somebody stand in."
            yield Finding(("rotas", pair[1]), message, pair[1], hint, at_key=True)


def _stands_in_twice(subject: Subject) -> Iterator[Finding]:
    for name, plan, file in _with_entries(subject):
        others = {other: found.rota for other, found in subject.policy.rotas.items() if other != name}
        for index, entry in _to_come(subject, plan):
            taken = (
                (other, who)
                for other, rota in others.items()
                for one in stretches(plan.rota, entry.begin, entry.end)
                for two in stretches(rota, one.begin, one.end)
                for who in one.people
                if who in entry.on and who in two.people and entry in plan.rota.reason(one.begin).entries
            )
            for other, who in list(dict.fromkeys(taken))[:1]:
                message = f"`{who}` is on call in rota `{other}` while this puts them on call in rota `{name}` too."
                hint = "Let somebody else stand in, or swap the other shift as well."
                yield Finding((), message, who, hint, file=file, place=_place(subject, file, index))


def _with_entries(subject: Subject) -> Iterator[tuple[str, RotaPlan, str]]:
    """Rotas that name a file of entries, with the file's path."""
    for name, plan in subject.policy.rotas.items():
        file = plan.overrides or plan.assigned
        if file is not None:
            yield name, plan, file


def _to_come(subject: Subject, plan: RotaPlan) -> list[tuple[int, Override]]:
    """The entries that are not over, each with its place in the list."""
    return [(index, entry) for index, entry in enumerate(plan.rota.overrides) if entry.end > subject.around.now]


def _first_gap(rota: Rota, begin: Instant, end: Instant) -> Stretch | None:
    """The first time in which nobody is on call, over changes of shift too."""
    gap: Stretch | None = None
    for one in stretches(rota, begin, end):
        if one.people and gap is not None:
            return gap
        if not one.people:
            gap = Stretch((), gap.begin if gap else one.begin, one.end)
    return gap


def _serves(rota: Rota, who: str, entry: Override) -> bool:
    return any(who in one.people for one in stretches(rota, entry.begin, entry.end))


def _both(one: Rota, other: Rota, now: Instant) -> Iterator[Stretch]:
    """When the same people are on call in both, over the year that begins now."""
    for left in stretches(one, now, now + YEAR):
        for right in stretches(other, left.begin, left.end):
            shared = tuple(who for who in left.people if who in right.people)
            if shared:
                yield Stretch(shared, right.begin, right.end)


def _called_rotas(policy: Policy, clock: Clock) -> list[str]:
    """The rotas whose people the rungs of a clock page, in the rungs' order, each once."""
    found: dict[str, None] = {}
    for rung in clock.ladder:
        for role in rung.verbs.page:
            found.update(dict.fromkeys(_rotas_of(policy, role, depth=0)))
    return list(found)


def _rotas_of(policy: Policy, role: str, depth: int) -> Iterator[str]:
    """The rotas whose current shift a role may mean whatever the case: alternatives with a `when` may not apply."""
    for choice in policy.roles[role].alternatives if role in policy.roles else ():
        if choice.when:
            continue
        if choice.rota is not None and choice.shift == "current":
            yield choice.rota
        if choice.role is not None and depth < len(policy.roles):
            yield from _rotas_of(policy, choice.role, depth + 1)


def _when(plan: RotaPlan, stretch: Stretch) -> str:
    where = zone(plan.rota.timezone)
    return f"from {people_time(stretch.begin, where)} until {people_time(stretch.end, where)}"


def _place(subject: Subject, file: str, index: int) -> tuple[int, int]:
    from respondby.policy.text.yaml_text import read

    entry = read(subject.reading.files[file], path=file).value[index]
    return entry.line, entry.column


RULES = (
    Rule("rota-not-started", "warning", _not_started),
    Rule("follows-no-webhook", "error", _follows_no_webhook),
    Rule("rota-gap", "error", _gaps),
    Rule("overrides-overlap", "error", _overlapping),
    Rule("override-outside-rota", "error", _outside),
    Rule("override-says-nothing", "error", _idle),
    Rule("override-of-absent", "error", _absent),
    Rule("in-two-rotas", "error", _in_two_rotas),
    Rule("stands-in-twice", "warning", _stands_in_twice),
)
