"""Who gains and who loses which shifts with a change of rotas, overrides or absences: for a terminal, and as markdown.

What is told is `policy.people.roster.shift_changes`'s data. A change is proposed by whoever opens a pull request, so
every name in it is data: in markdown it is no markup, and calls nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from textwrap import wrap
from typing import Any

from respondby.calendars.instants import parse_time, people_time, zone
from respondby.cli.output.oncall import counted, hours, names, reason
from respondby.letters.neutral import flat, inline
from respondby.terminal import fold, width

Facts = Mapping[str, Any]

#: Of each rota's changes no more than so many are shown; the figures count them all.
_SHOWN = 12
_HEADLINES = {
    (True, False): ("gains shifts", "gain shifts"),
    (False, True): ("loses shifts", "lose shifts"),
    (True, True): ("gains some shifts and loses others", "gain some shifts and lose others"),
}
_STATES = {"new": "a new rota", "gone": "no longer a rota", "changed": ""}
_FIGURES = (("shifts", "shifts"), ("hours", "hours"), ("nights", "nights"), ("weekend_days", "weekend days"),
            ("holidays", "holidays"))  # fmt: skip


def changes_text(facts: Facts) -> str:
    """For a terminal of 80 columns."""
    return "\n".join(_text(facts))


def changes_markdown(facts: Facts) -> str:
    """For a step summary: a sentence a person, a table a rota, and a table of what it comes to."""
    return "\n".join(_markdown(facts))


def headline(facts: Facts) -> str:
    """One sentence: who gains, who loses."""
    people: Facts = facts["figures"]["people"]
    if not people:
        return "Nobody's shifts change."
    kinds: dict[tuple[bool, bool], list[str]] = {}
    for who, change in people.items():
        kinds.setdefault((bool(change["gains"]), bool(change["loses"])), []).append(who)
    parts = []
    for kind, (one, several) in _HEADLINES.items():
        if kind in kinds:
            verb = one if len(kinds[kind]) == 1 else several
            parts.append(f"{names(kinds[kind])} {verb}")
    return f"{'; '.join(parts)}."


def _text(facts: Facts) -> Iterator[str]:
    yield from wrap(headline(facts), width())
    for name, rota in facts["rotas"].items():
        where = zone(rota["timezone"])
        state = f", {_STATES[rota['state']]}" if _STATES[rota["state"]] else ""
        yield from ("", f"{flat(name, 60)} ({rota['timezone']}{state})")
        for change in rota["changes"][:_SHOWN]:
            since, until = (_at(change[key], where) for key in ("since", "until"))
            text = f"{since:>22} – {until:<22} {names(change['before'])} → {names(change['after'])}"
            text += f" ({why})" if (why := reason(change)) else ""
            yield from fold(text, "  ", " " * 49)
        yield from _left_off(rota["changes"])
    if facts["figures"]["people"]:
        yield from ("", f"  {'who':<24} {'shifts':>10} {'hours':>13} {'nights':>8} {'weekend':>8} {'holidays':>9}")
        for who, change in facts["figures"]["people"].items():
            cells = [_both(change, key) for key, _ in _FIGURES]
            widths = (10, 13, 8, 8, 9)
            row = " ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
            yield f"  {flat(who, 24):<24} {row}"
        until = _at(facts["until"], zone(facts["timezone"]))
        said = f"Looked at until {until}. {counted(facts['figures']['holidays_of'])}"
        yield from wrap(said, width(), initial_indent="  ", subsequent_indent="  ")


def _markdown(facts: Facts) -> Iterator[str]:
    yield from ("### Who answers when", "", inline(headline(facts), 1000))
    for name, rota in facts["rotas"].items():
        where = zone(rota["timezone"])
        state = f": {_STATES[rota['state']]}" if _STATES[rota["state"]] else ""
        yield from (
            "",
            f"#### {inline(name)}{state}",
            "",
            f"| from ({inline(rota['timezone'])}) | until | was | will be |",
        )
        yield "| --- | --- | --- | --- |"
        for change in rota["changes"][:_SHOWN]:
            cells = [_at(change["since"], where), _at(change["until"], where)]
            why = f" ({why})" if (why := reason(change)) else ""
            cells += [inline(names(change["before"])), inline(f"{names(change['after'])}{why}")]
            yield f"| {' | '.join(cells)} |"
        yield from (text for line in _left_off(rota["changes"]) for text in ("", inline(line.strip())))
    people: Facts = facts["figures"]["people"]
    if people:
        yield from ("", "#### What it comes to", "", f"| who | {' | '.join(title for _, title in _FIGURES)} |")
        yield f"| --- |{' ---: |' * len(_FIGURES)}"
        for who, change in people.items():
            yield f"| {inline(who)} | {' | '.join(_both(change, key) for key, _ in _FIGURES)} |"
        until = _at(facts["until"], zone(facts["timezone"]))
        yield from ("", f"<sub>Looked at until {until}. {inline(counted(facts['figures']['holidays_of']), 1000)}</sub>")


def _left_off(changes: Sequence[Facts]) -> Iterator[str]:
    if len(changes) > _SHOWN:
        yield f"  and {len(changes) - _SHOWN} more; the figures count them all"


def _both(change: Facts, key: str) -> str:
    """`+7`, `−7`, or `+7 −2` where somebody gains and loses."""
    parts = []
    for side, sign in (("gains", "+"), ("loses", "−")):
        value = change[side][key] if change[side] else None
        if value:
            parts.append(f"{sign}{hours(value)}")
    return " ".join(parts) or "–"


def _at(instant: str, where: tzinfo) -> str:
    return people_time(parse_time(instant, None), where)
