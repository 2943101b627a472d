"""Rules about the dated entries of rotas: every swap does what it says.

Entries that are over say nothing any more: a swap of last year must not keep a rota from changing its members.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from functools import lru_cache
from itertools import islice

from respondby.calendars.coverage import Stretch
from respondby.calendars.instants import Instant, people_time, wall, zone
from respondby.calendars.overrides import Override
from respondby.calendars.spans import Spans
from respondby.policy.checks.rota_year import Done, done_by_entry, time_of, to_come, with_entries, year_of
from respondby.policy.checks.rule import YEAR, Finding, Rule, Subject
from respondby.policy.model.policy import RotaPlan
from respondby.policy.text.yaml_text import Node, read

#: Whoever is on call during a swap is named up to so many times.
_NAMED = 3


def _overlapping(subject: Subject) -> Iterator[Finding]:
    for name, plan, file in with_entries(subject):
        for (first, one), (second, other) in _at_once(to_come(subject, plan)):
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
    for name, plan, file in with_entries(subject):
        handover = plan.rota.handover
        if handover is None:
            continue
        begins, ends, where = handover.start(0), handover.until, zone(plan.rota.timezone)
        for index, entry in to_come(subject, plan):
            if entry.begin < begins:
                message = f"This lies before the life of rota `{name}`, which begins {people_time(begins, where)}."
            elif ends is not None and entry.end > ends:
                message = f"This lies after the life of rota `{name}`, which ends {people_time(ends, where)}."
            else:
                continue
            hint = "Look at the dates, or at `from` and `until` of the rota's `handover`."
            yield Finding((), message, ", ".join(entry.on), hint, file=file, place=_place(subject, file, index))


def _too_long(subject: Subject) -> Iterator[Finding]:
    for _, plan, file in with_entries(subject):
        for index, entry in to_come(subject, plan):
            if entry.end - entry.begin > 2 * YEAR:
                where = zone(plan.rota.timezone)
                until = people_time(entry.end, where)
                message = f"This lasts {round((entry.end - entry.begin) / YEAR)} years, until {until}."
                hint = "Is the year right? Who leaves for good gets `until` in `members`."
                yield Finding((), message, until, hint, file=file, place=_place(subject, file, index))


def _idle(subject: Subject) -> Iterator[Finding]:
    for name, plan, file in with_entries(subject):
        done = done_by_entry(subject, plan)
        for index, entry in to_come(subject, plan):
            mine = done.get(index, [])
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
    for name, plan, file in with_entries(subject):
        handover = plan.rota.handover
        if handover is None or handover.unit == "hours" or handover.first.time() == time(0):
            continue
        clock, where = f"{handover.first:%H:%M}", zone(plan.rota.timezone)
        for index, entry in to_come(subject, plan):
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
    for name, plan, file in with_entries(subject):
        done = done_by_entry(subject, plan)
        for index, entry in to_come(subject, plan):
            for who in (who for who in entry.on if who in away):
                there = Spans((piece.begin, piece.end) for piece, _ in done.get(index, []) if who in piece.people)
                lost = next(iter(there & away[who]), None)
                if lost is not None:
                    when = time_of(plan, Stretch((), *lost))
                    message = f"`{who}` is away {when}, and cannot stand in for rota `{name}` then."
                    hint = "Let somebody else stand in, or change `away` of that person."
                    yield Finding((), message, who, hint, file=file, place=_place(subject, file, index))


def _stands_in_twice(subject: Subject) -> Iterator[Finding]:
    by_person: dict[tuple[str, str], Spans] = {}
    for name, plan in subject.policy.rotas.items():
        times: dict[str, list[tuple[Instant, Instant]]] = {}
        for one in year_of(subject, plan):
            for who in one.people:
                times.setdefault(who, []).append((one.begin, one.end))
        by_person |= {(name, who): Spans(pairs) for who, pairs in times.items()}
    for name, plan, file in with_entries(subject):
        done = done_by_entry(subject, plan)
        for index, entry in to_come(subject, plan):
            mine = Spans((piece.begin, piece.end) for piece, step in done.get(index, []) if step[2] is not None)
            taken = (
                (other, who)
                for other in subject.policy.rotas
                for who in entry.on
                if other != name and mine & by_person.get((other, who), Spans())
            )
            for other, who in islice(taken, 1):
                message = f"`{who}` is on call in rota `{other}` while this puts them on call in rota `{name}` too."
                hint = "Let somebody else stand in, or swap the other shift as well."
                yield Finding((), message, who, hint, file=file, place=_place(subject, file, index))


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


def _who_is(plan: RotaPlan, mine: list[Done]) -> str:
    """Who is on call while an entry lasts: `bob is until Mon 7 Dec 2026, 10:00, then ann`."""
    where = zone(plan.rota.timezone)
    turns: list[tuple[str, Instant]] = []
    for piece, (_, before, _) in mine:
        people = " and ".join(f"`{who}`" for who in before) or "nobody"
        if turns and turns[-1][0] == people:
            turns[-1] = people, piece.end
        else:
            turns.append((people, piece.end))
    parts = [f"{people} is" if not number else f"then {people}" for number, (people, _) in enumerate(turns[:_NAMED])]
    until = [f" until {people_time(end, where)}" for _, end in turns[:_NAMED]]
    if len(turns) == 1:
        return parts[0]
    text = ", ".join(f"{part}{end}" for part, end in zip(parts[:-1], until[:-1], strict=True))
    return f"{text}, {parts[-1]}{', …' if len(turns) > _NAMED else ''}"


@lru_cache(maxsize=16)
def _entries(text: str, file: str) -> list[Node]:
    """The entries of a rota's file with their places."""
    found: list[Node] = read(text, path=file).value
    return found


def _place(subject: Subject, file: str, index: int) -> tuple[int, int]:
    entry = _entries(subject.reading.files[file], file)[index]
    return entry.line, entry.column


RULES = (
    Rule("overrides-overlap", "error", _overlapping),
    Rule("override-outside-rota", "error", _outside),
    Rule("override-too-long", "warning", _too_long),
    Rule("override-says-nothing", "error", _idle),
    Rule("override-at-midnight", "warning", _midnight),
    Rule("override-of-absent", "error", _absent),
    Rule("stands-in-twice", "warning", _stands_in_twice),
)
