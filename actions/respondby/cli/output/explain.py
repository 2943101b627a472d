"""One case explained to people: each clock and cycle, what moved it, which spans counted, and the rule that applied.

What it says is `promises.explaining`'s data, so the card, this text and the JSON agree to the second. Titles are data:
they are shown on one line, and in markdown nothing in them is markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from textwrap import wrap
from typing import Any

from respondby.calendars.durations import people_seconds
from respondby.calendars.instants import parse_time, people_time, zone
from respondby.letters.neutral import flat, inline
from respondby.terminal import fitted, fold, width

Facts = Mapping[str, Any]

#: Of a run's open spans no more than so many are shown; the ones between are counted.
_SPANS = 8
#: So wide is a span with its length and the total so far, in columns; narrower, each takes two lines.
_SPAN_WIDTH = 78
#: And no more than so many things that come.
_COMING = 6

_STANDS = {
    "met": "met (rule 8)",
    "late": "late (rule 8)",
    "breached": "breached: its due has passed",
    "cancelled": "cancelled",
    "running": "running",
}


def explain_text(facts: Facts) -> str:
    """For a terminal of 80 columns; times in the desk's zone."""
    return "\n".join(fitted(_text(facts)))


def explain_markdown(facts: Facts) -> str:
    """The same as markdown: a table of what happened and one of what counted, for each clock."""
    return "\n".join(_markdown(facts))


def _text(facts: Facts) -> Iterator[str]:
    where = zone(facts["timezone"])
    yield from wrap(f"{facts['case']}  {flat(facts['title'], 200)}", width(), subsequent_indent="  ")
    yield from wrap(_head(facts, where), width(), initial_indent="  ", subsequent_indent="  ")
    for run in facts["clocks"]:
        yield ""
        yield from wrap(f"{_name(run)}: {_stands(run, where)}", width(), subsequent_indent="  ")
        yield from wrap(_promise_text(run), width(), initial_indent="  ", subsequent_indent="    ")
        for at, what in _events(run, where):
            yield from fold(f"{_at(at, where):<22} {what}", "  ", " " * 25)
        yield from (f"  {line}" for line in _spans(run, where))
    if facts["maintenance"]:
        yield ""
        yield from wrap(_maintenance(facts["maintenance"], where), width(), subsequent_indent="  ")
    if facts["milestones"]:
        yield from ("", "Milestones")
        for at, what in _milestones(facts, where):
            yield from fold(f"{_at(at, where):<22} {what}", "  ", " " * 25)
    for change in facts["workarounds"]:
        yield ""
        yield from wrap(f"workaround {_change(change)}", width(), subsequent_indent="  ")
        for at, what in _changed(change):
            yield from fold(f"{_at(at, where):<22} {what}", "  ", " " * 25)
    if facts["not_running"]:
        yield ""
        yield from wrap(f"Not started: {', '.join(facts['not_running'])}.", width(), subsequent_indent="  ")
    yield ""
    indent = "Next: "
    for line in _coming(facts, where):
        yield from wrap(line, width(), initial_indent=indent, subsequent_indent=" " * 8)
        indent = " " * 6


def _markdown(facts: Facts) -> Iterator[str]:
    where = zone(facts["timezone"])
    yield f"### {inline(facts['case'])} {inline(facts['title'], 200)}"
    yield ""
    yield inline(_head(facts, where), 1000)
    for run in facts["clocks"]:
        yield from ("", f"#### {inline(_name(run))}: {inline(_stands(run, where))}", "", inline(_promise_text(run)), "")
        yield from ("| when | what |", "| --- | --- |")
        yield from (f"| {_at(at, where)} | {inline(what)} |" for at, what in _events(run, where))
        if run["spans"]:
            yield from ("", "| counted from | to | time | in all |", "| --- | --- | ---: | ---: |")
            total = 0
            for span in run["spans"]:
                total += span["seconds"]
                times = f"{people_seconds(span['seconds'])} | {people_seconds(total)}"
                yield f"| {_at(span['from'], where)} | {_at(span['to'], where)} | {times} |"
    if facts["maintenance"]:
        yield from ("", inline(_maintenance(facts["maintenance"], where)))
    if facts["milestones"]:
        yield from ("", "#### Milestones", "", "| when | what |", "| --- | --- |")
        yield from (f"| {_at(at, where)} | {inline(what)} |" for at, what in _milestones(facts, where))
    for change in facts["workarounds"]:
        yield from ("", f"#### workaround {inline(_change(change))}", "", "| when | what |", "| --- | --- |")
        yield from (f"| {_at(at, where)} | {inline(what)} |" for at, what in _changed(change))
    if facts["not_running"]:
        yield from ("", f"Not started: {inline(', '.join(facts['not_running']), 1000)}.")
    yield from ("", "**Next**", "")
    yield from (f"- {inline(line)}" for line in _coming(facts, where))


def _milestones(facts: Facts, where: tzinfo) -> Iterator[tuple[str, str]]:
    """Each milestone, with who said its time, and what stood before."""
    for one in facts["milestones"]:
        *before, last = one["told"]
        by = f", by {last['by']}" if last["by"] else ""
        said = f", said {_at(last['said'], where)}" if last["said"] != last["at"] else ""
        earlier = "; ".join(_at(facts["at"], where) + (f" by {facts['by']}" if facts["by"] else "") for facts in before)
        yield one["at"], f"{one['name']}{by}{said}{f'; before: {earlier}' if earlier else ''}"


def _head(facts: Facts, where: tzinfo) -> str:
    state = "open" if facts["open"] else "closed"
    fields = [f"{name} {value}" for name, value in facts["fields"].items()]
    waiting = [f"waiting for the customer since {_at(facts['waiting_since'], where)}"] if facts["waiting_since"] else []
    policy = [f"policy {facts['policy'][:12]}"] if facts["policy"] else []
    now = f"as of {_at(facts['now'], where)} ({facts['timezone']})"
    void = [facts["void"]] if facts["void"] else []
    part = [f"part of #{facts['part_of']}"] if facts["part_of"] else []
    return " · ".join([state, *void, *part, *fields, *waiting, *policy, now])


def _name(run: Facts) -> str:
    cycle = f", cycle {run['cycle']}" if run["cycle"] > 1 else ""
    return f"{run['clock']}{cycle}"


def _stands(run: Facts, where: tzinfo) -> str:
    words = _STANDS[run["state"]]
    if run["state"] == "running" and run["paused"]:
        words = "paused (rule 6)"
    due = f", due {_at(run['due'], where)}" if run["due"] else ""
    aim = "" if run["binding"] else "; measured, not promised (rule 14)"
    return f"{words}{due}{aim}"


def _promise_text(run: Facts) -> str:
    if run["promise"] is None:
        return "nothing is promised"
    on = f"open time on the calendar {run['calendar']}" if run["calendar"] else "elapsed time"
    kept = ", as the policy said when it started (rule 18)" if run["pinned"] else ""
    return f"promised: {run['promise']}{_for(run)}, in {on} (rule 1){kept}"


def _for(promise: Facts) -> str:
    """For which cases: ` for priority high or normal`."""
    asked = [f"{key} {' or '.join(values)}" for key, values in promise["for"].items()]
    return f" for {' and '.join(asked)}" if asked else ""


def _events(run: Facts, where: tzinfo) -> Iterator[tuple[str, str]]:
    """What moved the run, in order of time."""
    found: list[tuple[str, int, str]] = []
    for term in run["terms"]:
        due = f"due {_at(term['due'], where)}" if term["due"] else "nothing is due"
        promise = f" ({term['promise']}{_for(term)})" if term["promise"] else ""
        found.append((term["since"], 0, f"{term['why']}{promise}: {due}"))
    for pause in run["pauses"]:
        found.append((pause["from"], 1, "paused (rule 6)"))
        if pause["to"]:
            moved = f": due {_at(pause['due'], where)}" if pause["due"] else ""
            found.append((pause["to"], 2, f"goes on (rule 6){moved}"))
    if run["ended"]:
        by = f" by {flat(run['stopped_by'], 60)}" if run["stopped_by"] else ""
        ended = "stopped" if run["state"] in ("met", "late") else "ended"
        why = f": {run['why']}" if run["why"] else f": {_STANDS[run['state']]}"
        found.append((run["ended"], 3, f"{ended}{by}{why}"))
    return ((at, what) for at, _, what in sorted(found, key=lambda one: one[:2]))


def _maintenance(window: Facts, where: tzinfo) -> str:
    of = f" of {flat(window['of'], 60)}" if window["of"] else ""
    stands = ", called off" if window["cancelled"] else ", as an emergency" if window["emergency"] else ""
    announced = f"announced {_at(window['announced'], where)}{stands}"
    return f"maintenance{of}: {_at(window['from'], where)} – {_at(window['to'], where)}, {announced}"


def _change(change: Facts) -> str:
    """A workaround's number, what it is, and how it stands."""
    stands = "undone" if change["reverted"] else "in place"
    return f"{change['number']}{': ' if change['what'] else ''}{flat(change['what'], 200)}: {stands}"


def _changed(change: Facts) -> Iterator[tuple[str, str]]:
    """What happened to a workaround, in order of time."""
    before = f"; before it: {flat(change['original'], 200)}" if change["original"] else ""
    yield change["since"], f"made by {flat(change['by'], 60)}{before}"
    if change["until"]:
        yield change["until"], "to be undone by then"
    if change["reverted"]:
        yield change["reverted"], f"undone by {flat(change['reverted_by'], 60)}"


def _spans(run: Facts, where: tzinfo) -> Iterator[str]:
    """The spans that counted, with the total so far."""
    spans: Sequence[Facts] = run["spans"]
    if not spans:
        return
    total = 0
    for number, span in enumerate(spans):
        total += span["seconds"]
        if len(spans) > _SPANS and _SPANS // 2 <= number < len(spans) - _SPANS // 2:
            if number == _SPANS // 2:
                yield f"  … {len(spans) - _SPANS} spans more …"
            continue
        begin, end = (_at(span[key], where) for key in ("from", "to"))
        took, in_all = people_seconds(span["seconds"]), people_seconds(total)
        if width() >= _SPAN_WIDTH:
            yield f"  {f'{begin} – {end}':<50} {took:>10} {in_all:>12}"
        else:
            yield from (f"  {begin} –", f"  {end} + {took}{f' = {in_all}' if number else ''}")
    yield f"  counted: {people_seconds(run['elapsed'])}"


def _coming(facts: Facts, where: tzinfo) -> Iterator[str]:
    """What comes by itself, and why."""
    # A due and the rung at it, or runs side by side, may come to the same words.
    lines = list(dict.fromkeys(f"{_at(event['at'], where)}: {_why(event)}" for event in facts["coming"]))
    if not lines:
        yield "nothing comes by itself"
    yield from lines[:_COMING]
    if len(lines) > _COMING:
        yield f"and {len(lines) - _COMING} more"


def _why(event: Facts) -> str:
    match event["what"]:
        case "due":
            return f"{event['clock']} is due"
        case "condition":
            return "a condition of a clock may turn (rule 9)"
        case rung:
            return f"{event['clock']}: its rung “{rung}” (rule 7)"


def _at(instant: str, where: tzinfo) -> str:
    return people_time(parse_time(instant, None), where)
