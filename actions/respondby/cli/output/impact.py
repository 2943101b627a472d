"""What a change of the policy would have changed: for a terminal of 80 columns, and as markdown for a step summary.

What is told is `replays.as_json`'s data. Names, titles and reasons were written by whoever likes to: in markdown they
are no markup, and call nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from respondby.calendars.instants import parse_time, people_date, people_time, wall, zone
from respondby.letters.neutral import flat, inline
from respondby.terminal import fold, width

Facts = Mapping[str, Any]

#: So many cases of a figure are named in the terminal, and in the summary; the JSON names all.
_NAMED, _LISTED = 8, 100
#: So many cases are told one by one in the summary.
_TOLD = 20
#: A space at which no line ends.
_NARROW = "\u00a0"

_CLOCK_PAIRS = (("promised", "promised"), ("kept", "kept"), ("late", "late"))
_CLOCK_CASES = (
    ("would_be_late", "would have been late"),
    ("would_be_kept", "would have been kept"),
    ("due_earlier", "due earlier"),
    ("due_later", "due later"),
    ("new", "promised only then"),
    ("gone", "promised no more"),
)
_PERSON_PAIRS = (("pages", "pages"), ("by_night", "by night"), ("told", "told"))
_CUSTOMER_PAIRS = (("kept", "kept"), ("late", "late"), ("pages", "pages"))
_CUSTOMER_CASES = (
    ("would_be_late", "would have been late"),
    ("would_be_kept", "would have been kept"),
    ("promises_differ", "promises differ"),
)

_LIMITS: Mapping[str, str] = {
    "unlike-its-record": "A replay under the policy as it is comes to something else than the record says, so these"
    " are in no figure",
    "base-ends": "These cannot be promised under the policy as it is, and are in no figure",
    "head-ends": "These could not be promised under the proposed policy, and are in no figure",
    "unread": "Could not be read, and is in no figure",
    "formless": "Came without the answers of a form: only what was labelled and commanded counts",
    "older-form": "Came by a form that asks something else by now: the answers count as they were read then",
    "words-deleted": "Comments were deleted: of those, what the desk kept of them counts",
    "record-lost": "A comment of the desk was deleted, and with it what was recorded there",
    "locked": "Are locked: they are played as if they were not",
    "arrived": "Came from another repository: they begin when they arrived",
    "unseen": "Issues that were deleted or moved to another repository are not among these",
    "since-set-aside": "`since` is set aside, so that older cases are judged as well",
    "shadow-set-aside": "`mode` is set aside: it is judged as if it were live",
    "new-field": "No issue of then could answer what is asked only now; it has its default, or none",
    "duties-differ": "Duties differ as well, and are not played again",
}


def headline(facts: Facts) -> str:
    """The outcome in a sentence or two."""
    if not facts["cases"]:
        return "No issue was opened in that time, so nothing can be said of the change."
    if not facts["changed"]:
        return f"Nothing differs in any of {_count(facts['cases'], 'case')}."
    late = _distinct(facts["clocks"], "would_be_late")
    kept = _distinct(facts["clocks"], "would_be_kept")
    pages, nights = (
        sum(one[key]["after"] - one[key]["before"] for one in facts["people"]) for key in ("pages", "by_night")
    )
    said = [f"something differs in {len(facts['changed']):,} of {_count(facts['cases'], 'case')}"]
    said += [f"{late:,} would have been late"] if late else []
    said += [f"{kept:,} would have been kept"] if kept else []
    if pages or nights:
        said.append(f"{_more(pages)} pages, {_more(nights)} by night")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}."


def limit_line(limit: Facts) -> str:
    """What could not be played again, and in which cases."""
    text = _LIMITS[limit["code"]]
    said = f" ({flat(limit['said'], 200)})" if limit["said"] else ""
    cases = f": {_named(limit['cases'], _NAMED)}" if limit["cases"] else ""
    return f"{text}{said}{cases}."


def check_lines(facts: Facts) -> Iterator[str]:
    """The self-check, in two sentences or three."""
    check = facts["self_check"]
    which = "proposed" if facts["first"] else "unchanged"
    share = f"{check['same']:,} of {_count(check['played'], 'case')}"
    percent = f" (100{_NARROW}%)" if check["played"] and check["same"] == check["played"] else ""
    mark = "✓" if check["same"] == check["played"] else "✗"
    yield f"{mark} The {which} policy, played twice, comes to the same in {share}{percent}."
    if facts["first"]:
        return
    mark = "✓" if check["agrees"] == check["recorded"] else "✗"
    percent = f" (100{_NARROW}%)" if check["recorded"] and check["agrees"] == check["recorded"] else ""
    yield (
        f"{mark} Played under the policy as it is, {check['agrees']:,} of {check['recorded']:,} recorded cases are"
        f" promised as their record says{percent}."
    )
    other = []
    if check["earlier"]:
        other.append(f"{check['earlier']:,} were promised by an earlier policy")
    if check["unrecorded"]:
        other.append(f"{check['unrecorded']:,} have no record")
    if other:
        yield f"  {' and '.join(other)}: with those there is nothing to compare."


def impact_text(facts: Facts) -> str:
    """For a terminal."""
    return "\n".join(_text(facts))


def impact_markdown(facts: Facts) -> str:
    """For a step summary."""
    return "\n".join(_markdown(facts))


# -- a terminal -------------------------------------------------------------------------------------------------------


def _text(facts: Facts) -> Iterator[str]:
    yield from fold(headline(facts))
    yield from fold(_about(facts))
    yield from _table(facts["clocks"], "clock", "promises", _CLOCK_PAIRS, _CLOCK_CASES)
    yield from _table(facts["people"], "person", "people", _PERSON_PAIRS, (("cases", "in"),))
    if any(one["customer"] for one in facts["customers"]):
        yield from _table(facts["customers"], "customer", "customers", _CUSTOMER_PAIRS, _CUSTOMER_CASES)
    yield ""
    for line in check_lines(facts):
        yield from fold(line, rest="  ")
    yield ""
    for limit in facts["limits"]:
        yield from fold(limit_line(limit), "· ", "  ")
    for remark in facts["remarks"]:
        yield from fold(flat(remark, 1000), "· ", "  ")


def _about(facts: Facts) -> str:
    where = zone(facts["timezone"])
    since, until = (people_date(wall(parse_time(facts[key], None), where)) for key in ("from", "until"))
    base = "There was no policy before." if facts["first"] else f"Compared with {flat(facts['base'], 60)}."
    return f"Opened from {since} until {until}, as if everybody had answered when they did. {base}"


def _table(
    rows: Sequence[Facts], key: str, title: str, pairs: Sequence[tuple[str, str]], cases: Sequence[tuple[str, str]]
) -> Iterator[str]:
    """Rows in which something differs, each with its cases; how many others there are."""
    differing = [row for row in rows if any(row[name] for name, _ in cases)]
    if not rows:
        return
    yield ""
    wide = width() >= 26 + 18 * len(pairs)
    if differing:
        yield f"{title:<26}" + "".join(f"{name:>18}" for _, name in pairs) if wide else title
    for row in differing:
        who = row[key] or "nobody’s"
        if wide:
            yield f"{flat(who, 25):<26}" + "".join(f"{_both(row[name]):>18}" for name, _ in pairs)
        else:
            figures = ", ".join(f"{said} {_both(row[name])}" for name, said in pairs)
            yield from fold(f"{flat(who, 100)}: {figures}", "  ", "    ")
        for name, said in cases:
            if row[name]:
                yield from fold(f"{said} {_named(row[name], _NAMED)}", "    ", "      ")
    left = len(rows) - len(differing)
    if left:
        yield f"{title if not differing else 'others'} in which nothing differs: {left}"


# -- a step summary ---------------------------------------------------------------------------------------------------


def _markdown(facts: Facts) -> Iterator[str]:
    yield from ("### What this change would have changed", "", f"**{inline(headline(facts), 1000)}**", "")
    yield inline(_about(facts), 1000)
    yield from _rows(facts, facts["clocks"], "clock", "promise", _CLOCK_PAIRS, _CLOCK_CASES)
    yield from _rows(facts, facts["people"], "person", "who is called", _PERSON_PAIRS, (("cases", "in"),))
    if any(one["customer"] for one in facts["customers"]):
        yield from _rows(facts, facts["customers"], "customer", "customer", _CUSTOMER_PAIRS, _CUSTOMER_CASES)
    yield from _cases(facts)
    yield from ("", "#### How far this can be trusted", "")
    yield from (f"- {inline(line.strip(), 1000)}" for line in check_lines(facts))
    yield from (f"- {_limit(facts, limit)}" for limit in facts["limits"])
    yield from (f"- {inline(remark, 1000)}" for remark in facts["remarks"])


def _rows(
    facts: Facts,
    rows: Sequence[Facts],
    key: str,
    title: str,
    pairs: Sequence[tuple[str, str]],
    cases: Sequence[tuple[str, str]],
) -> Iterator[str]:
    differing = [row for row in rows if any(row[name] for name, _ in cases)]
    if not differing:
        return
    yield from ("", f"| {title} | {' | '.join(name for _, name in pairs)} | cases |")
    yield f"| --- |{' ---: |' * len(pairs)} --- |"
    for row in differing:
        figures = " | ".join(_both(row[name]) for name, _ in pairs)
        listed = "<br>".join(f"{said}: {_links(facts, row[name])}" for name, said in cases if row[name])
        yield f"| {inline(row[key] or 'nobody’s')} | {figures} | {listed} |"


def _cases(facts: Facts) -> Iterator[str]:
    """Case by case, folded away: first those in which a promise comes to another end, then those with other calls."""
    found = sorted(facts["differences"], key=_weight)
    if not found:
        return
    where = zone(facts["timezone"])
    yield from ("", f"<details><summary>Case by case (times in {inline(facts['timezone'])})</summary>", "")
    for one in found[:_TOLD]:
        yield f"- [#{_number(one['case'])}]({one['url']}) {inline(one['title'], 100)}"
        for moved in one["promises"]:
            before, after = _promise(moved["before"], where), _promise(moved["after"], where)
            yield f"  - {inline(moved['clock'])}: {before} → {after}"
        for key, said in (("calls_gone", "no more"), ("calls_new", "new")):
            for call in one[key]:
                verb = "page" if call["verb"] == "page" else "tell"
                night = ", by night" if call["night"] else ""
                at = people_time(parse_time(call["at"], None), where)
                yield f"  - {said}: {verb} {inline(call['person'])} {at}{night} ({inline(', '.join(call['by']))})"
    if len(found) > _TOLD:
        yield from ("", f"… and {len(found) - _TOLD:,} more: `respondby impact --json` has them all.")
    yield from ("", "</details>")


def _weight(one: Facts) -> tuple[bool, bool]:
    ends = any((was or {}).get("outcome") != (then or {}).get("outcome") for was, then in _sides(one))
    return not ends, not (one["calls_gone"] or one["calls_new"])


def _sides(one: Facts) -> Iterator[tuple[Facts | None, Facts | None]]:
    return ((moved["before"], moved["after"]) for moved in one["promises"])


def _promise(one: Facts | None, where: Any) -> str:
    if one is None:
        return "nothing"
    due = f"due {people_time(parse_time(one['due'], None), where)}" if one["due"] else "no due"
    return f"{due}, {one['outcome']}"


def _limit(facts: Facts, limit: Facts) -> str:
    text = _LIMITS[limit["code"]].replace("`", "")
    said = f" ({limit['said']})" if limit["said"] else ""
    cases = f": {_links(facts, limit['cases'])}" if limit["cases"] else ""
    return f"{inline(f'{text}{said}', 1000)}{cases}."


def _links(facts: Facts, refs: Sequence[str]) -> str:
    """Cases as links: a step summary makes none of plain numbers."""
    shown = ", ".join(f"[#{_number(ref)}]({facts['address']}/{_number(ref)})" for ref in refs[:_LISTED])
    return f"{shown} and {len(refs) - _LISTED:,} more" if len(refs) > _LISTED else shown


# -- words ------------------------------------------------------------------------------------------------------------


def _named(refs: Sequence[str], most: int) -> str:
    shown = ", ".join(f"#{_number(ref)}" for ref in refs[:most])
    return f"{shown} and {len(refs) - most:,} more" if len(refs) > most else shown


def _number(ref: str) -> str:
    return ref.rpartition("#")[2]


def _both(pair: Facts) -> str:
    before, after = pair["before"], pair["after"]
    return f"{before:,}{_NARROW}→{_NARROW}{after:,}" if before != after else f"{before:,}"


def _more(number: int) -> str:
    return f"{number:+,}".replace("-", "−") if number else "±0"


def _distinct(rows: Sequence[Facts], key: str) -> int:
    return len({ref for row in rows for ref in row[key]})


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
