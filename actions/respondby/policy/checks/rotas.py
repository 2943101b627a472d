"""Rules about rotas and their dated entries: somebody answers at every instant, and every swap does what it says.

Entries that are over say nothing any more: a swap of last year must not keep a rota from changing its members.

A pull request of anybody may change what is read here, so no rule looks at more than a bounded number of shifts: a year
of those that people have, and less of a rota that changes every hour, or where a policy has dozens of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from functools import lru_cache
from itertools import combinations, islice

from respondby.calendars.coverage import Stretch, stretches
from respondby.calendars.instants import Instant, people_time, wall, zone
from respondby.calendars.overrides import Override, People
from respondby.calendars.rotas import Piece, Rota
from respondby.calendars.spans import Spans
from respondby.policy.checks.rule import YEAR, Finding, Rule, Subject
from respondby.policy.model.clocks import Clock
from respondby.policy.model.policy import Policy, RotaPlan
from respondby.policy.text.yaml_text import Node, read

#: So many shifts, and so many pieces of entries, are looked at over all rotas, but of each rota at least so many.
_MOST, _LEAST = 3000, 60

#: A time, and what an entry made of whom in it.
_Done = tuple[Piece, tuple[int, People, People | None]]

#: Whoever is on call during a swap is named up to so many times.
_NAMED = 3


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
        gap = _first_gap(plan.rota, list(_coming(subject, plan)))
        if gap is None:
            continue
        if any(begin <= gap.begin < end for begin, end in plan.rota.terms) or not plan.rota.terms:
            message = f"Everybody in the rota `{name}` is away {_when(plan, gap)}: nobody is on call."
            hint = "Add a member, move an absence, or let somebody stand in by an override."
        else:
            message = f"No member of the rota `{name}` serves {_when(plan, gap)}: nobody is on call."
            hint = "Look at `from` and `until` of its members; a gap that is meant is an override with `on: []`."
        yield Finding(("rotas", name, "members"), message, name, hint)


def _overlapping(subject: Subject) -> Iterator[Finding]:
    for name, plan, file in _with_entries(subject):
        for (first, one), (second, other) in _at_once(_to_come(subject, plan)):
            # A later entry may well replace who stands in by an earlier one, or another of a pair.
            chained = other.instead_of in one.on
            alike = one.instead_of is None or other.instead_of is None or one.instead_of == other.instead_of
            if chained or not alike:
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


def _too_long(subject: Subject) -> Iterator[Finding]:
    for _, plan, file in _with_entries(subject):
        for index, entry in _to_come(subject, plan):
            if entry.end - entry.begin > 2 * YEAR:
                where = zone(plan.rota.timezone)
                until = people_time(entry.end, where)
                message = f"This lasts {round((entry.end - entry.begin) / YEAR)} years, until {until}."
                hint = "Is the year right? Who leaves for good gets `until` in `members`."
                yield Finding((), message, until, hint, file=file, place=_place(subject, file, index))


def _idle(subject: Subject) -> Iterator[Finding]:
    for name, plan, file in _with_entries(subject):
        pieces = _pieces(subject, plan)
        for index, entry in _to_come(subject, plan):
            mine = pieces.get(index, [])
            seen = bool(mine) and mine[-1][0].end >= entry.end  # else it goes on after all that is looked at
            if not seen or any(after is not None and set(after) != set(before) for _, (_, before, after) in mine):
                continue
            who = entry.instead_of
            if who is not None and not any(who in before for _, (_, before, _) in mine):
                there = _who_is(plan, mine)
                message = f"`{who}` is not on call in rota `{name}` then: {there}. This swap changes nothing."
                hint = "Look at the dates, or name who is on call in `instead-of`, or leave it out."
            else:
                people = " and ".join(entry.on) or "nobody"
                message = f"{people} would be on call in rota `{name}` then anyway: this covers nobody."
                hint = "Name somebody else, or remove the entry."
            yield Finding((), message, who or ", ".join(entry.on), hint, file=file, place=_place(subject, file, index))


def _midnight(subject: Subject) -> Iterator[Finding]:
    """A swap in dates only, where shifts change at another time of day: it makes a hand-over at midnight."""
    for name, plan, file in _with_entries(subject):
        handover = plan.rota.handover
        if handover is None or handover.unit == "hours" or handover.first.time() == time(0):
            continue
        clock, where = f"{handover.first:%H:%M}", zone(plan.rota.timezone)
        for index, entry in _to_come(subject, plan):
            written = _entries(subject.reading.files[file], file)[index].value
            texts = {key: str(written[key].value).strip() for key in ("from", "until")}
            moved = [
                f"`{key}: {texts[key]}T{clock}`"
                for key, at in (("from", entry.begin), ("until", entry.end))
                if len(texts[key]) == len("2026-12-24")
                and plan.rota.on_call(at - 1).people != plan.rota.on_call(at).people
                and wall(at, where).time() != handover.first.time()
            ]
            if moved:
                message = f"A date is its midnight: shifts of rota `{name}` change at {clock}, and this one at 00:00."
                hint = f"Write {' and '.join(moved)}; where midnight is meant, `T00:00`."
                yield Finding((), message, texts["from"], hint, file=file, place=_place(subject, file, index))


def _absent(subject: Subject) -> Iterator[Finding]:
    away = {person.login: person.away for person in subject.policy.people.values() if person.away}
    for name, plan, file in _with_entries(subject):
        pieces = _pieces(subject, plan)
        for index, entry in _to_come(subject, plan):
            for who in (who for who in entry.on if who in away):
                there = Spans((piece.begin, piece.end) for piece, _ in pieces.get(index, []) if who in piece.people)
                lost = next(iter(there & away[who]), None)
                if lost is not None:
                    when = _when(plan, Stretch((), *lost))
                    message = f"`{who}` is away {when}, and cannot stand in for rota `{name}` then."
                    hint = "Let somebody else stand in, or change `away` of that person."
                    yield Finding((), message, who, hint, file=file, place=_place(subject, file, index))


def _in_two_rotas(subject: Subject) -> Iterator[Finding]:
    """One person whom two rungs of a ladder would call by two rotas: the second call reaches nobody new."""
    coming = {name: list(_coming(subject, plan)) for name, plan in subject.policy.rotas.items()}
    told: set[tuple[str, str]] = set()
    for clock in subject.policy.clocks.values():
        for pair in combinations(_called_rotas(subject.policy, clock), 2):
            if pair in told:
                continue
            told.add(pair)
            both = _both(coming[pair[0]], coming[pair[1]])
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
    held: dict[tuple[str, str], Spans] = {}
    for name, plan in subject.policy.rotas.items():
        times: dict[str, list[tuple[Instant, Instant]]] = {}
        for one in _coming(subject, plan):
            for who in one.people:
                times.setdefault(who, []).append((one.begin, one.end))
        held |= {(name, who): Spans(pairs) for who, pairs in times.items()}
    for name, plan, file in _with_entries(subject):
        pieces = _pieces(subject, plan)
        for index, entry in _to_come(subject, plan):
            mine = Spans((piece.begin, piece.end) for piece, step in pieces.get(index, []) if step[2] is not None)
            taken = (
                (other, who)
                for other in subject.policy.rotas
                for who in entry.on
                if other != name and mine & held.get((other, who), Spans())
            )
            for other, who in islice(taken, 1):
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
    return [(index, entry) for index, entry in enumerate(plan.rota.overrides) if entry.end > subject.surroundings.now]


def _bound(subject: Subject) -> int:
    """How many shifts of each rota are looked at."""
    return max(_LEAST, _MOST // max(1, len(subject.policy.rotas)))


def _coming(subject: Subject, plan: RotaPlan) -> Iterator[Stretch]:
    """Who is on call in the year that begins now, within the rota's life."""
    begin, end = subject.surroundings.now, subject.surroundings.now + YEAR
    handover = plan.rota.handover
    if handover is not None:
        begin = max(begin, handover.start(0))
        end = end if handover.until is None else min(end, handover.until)
    return islice(stretches(plan.rota, begin, end), _bound(subject)) if begin < end else iter(())


def _pieces(subject: Subject, plan: RotaPlan) -> dict[int, list[_Done]]:
    """What each entry that is not over does, by its place in the list, in order."""
    spans = Spans((max(entry.begin, subject.surroundings.now), entry.end) for _, entry in _to_come(subject, plan))
    found = (piece for begin, end in spans for piece in plan.rota.pieces(begin, end))
    done: dict[int, list[_Done]] = {}
    for piece in islice(found, _bound(subject)):
        for step in piece.steps:
            done.setdefault(step[0], []).append((piece, step))
    return done


def _at_once(
    entries: list[tuple[int, Override]],
) -> Iterator[tuple[tuple[int, Override], tuple[int, Override]]]:
    """Each two entries that share an instant, in the order of the list."""
    active: list[tuple[int, Override]] = []
    for later in sorted(entries, key=lambda entry: (entry[1].begin, entry[0])):
        active = [earlier for earlier in active if earlier[1].end > later[1].begin]
        for earlier in active:
            yield (earlier, later) if earlier[0] < later[0] else (later, earlier)
        active.append(later)


def _first_gap(rota: Rota, coming: list[Stretch]) -> Stretch | None:
    """The first time in which nobody is on call and nobody said so, over changes of shift too."""
    gap: Stretch | None = None
    for one in coming:
        if one.people or rota.reason(one.begin).on_purpose:
            if gap is not None:
                return gap
            continue
        gap = Stretch((), gap.begin if gap else one.begin, one.end)
    return gap


def _who_is(plan: RotaPlan, mine: list[_Done]) -> str:
    """Who is on call while an entry lasts: `bob is until Mon 7 Dec 2026 10:00, then ann`."""
    where = zone(plan.rota.timezone)
    told: list[tuple[str, Instant]] = []
    for piece, (_, before, _) in mine:
        people = " and ".join(f"`{who}`" for who in before) or "nobody"
        if told and told[-1][0] == people:
            told[-1] = people, piece.end
        else:
            told.append((people, piece.end))
    parts = [f"{people} is" if not number else f"then {people}" for number, (people, _) in enumerate(told[:_NAMED])]
    until = [f" until {people_time(end, where)}" for _, end in told[:_NAMED]]
    if len(told) == 1:
        return parts[0]
    text = ", ".join(f"{part}{end}" for part, end in zip(parts[:-1], until[:-1], strict=True))
    return f"{text}, {parts[-1]}{', …' if len(told) > _NAMED else ''}"


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


def _when(plan: RotaPlan, stretch: Stretch) -> str:
    where = zone(plan.rota.timezone)
    return f"from {people_time(stretch.begin, where)} until {people_time(stretch.end, where)}"


@lru_cache(maxsize=16)
def _entries(text: str, file: str) -> list[Node]:
    """The entries of a rota's file with their places."""
    found: list[Node] = read(text, path=file).value
    return found


def _place(subject: Subject, file: str, index: int) -> tuple[int, int]:
    entry = _entries(subject.reading.files[file], file)[index]
    return entry.line, entry.column


RULES = (
    Rule("rota-not-started", "warning", _not_started),
    Rule("follows-no-webhook", "error", _follows_no_webhook),
    Rule("rota-gap", "error", _gaps),
    Rule("overrides-overlap", "error", _overlapping),
    Rule("override-outside-rota", "error", _outside),
    Rule("override-too-long", "warning", _too_long),
    Rule("override-says-nothing", "error", _idle),
    Rule("override-at-midnight", "warning", _midnight),
    Rule("override-of-absent", "error", _absent),
    Rule("in-two-rotas", "error", _in_two_rotas),
    Rule("stands-in-twice", "warning", _stands_in_twice),
)
