"""The duties for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

from respondby.calendars.instants import parse_time
from respondby.letters.neutral import flat
from respondby.letters.when import Speaking, speaking
from respondby.terminal import width

Facts = Mapping[str, Any]


def duty_lines(facts: Facts) -> Iterator[str]:
    """Each duty with what is open of it and what comes."""
    voice = speaking("en", facts["timezone"])
    if not facts["duties"]:
        yield "This policy has no duties."
    for duty in facts["duties"]:
        name = flat(duty["name"] or duty["duty"], 50)
        yield f"{name} ({flat(duty['for'], 24)})" if duty["for"] else name
        for line in _lines(duty, voice):
            yield from wrap(line, width(), initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _lines(duty: Facts, voice: Speaking) -> Iterator[str]:
    reports = duty.get("report")
    if reports:
        yield f"reports {reports}, and opens no issue"
    if duty["due"]:
        verb = "reported" if reports else "opened"
        when = ", ".join(_at(at, voice) for at in duty["due"][:4])
        yield f"to be {verb} now, for {len(duty['due'])}: {when}"
    issue = duty["issue"]
    if issue is not None:
        due = f", due {_at(issue['due'], voice)}" if issue["due"] and issue["open"] else ""
        done = [box for box in issue["boxes"] if box["ticked"]]
        boxes = f", {len(done)} of {len(issue['boxes'])} ticked" if issue["boxes"] else ""
        yield f"#{issue['number']} {'open' if issue['open'] else 'closed'}, {issue['state'] or 'no clock'}{due}{boxes}"
        for box in done:
            yield f"  ✓ {flat(box['text'], 40)}: {box['by']}, {_at(box['ticked'], voice)}"
    elif duty["last"]:
        yield f"last {'reported' if reports else 'opened'} for {_at(duty['last'], voice)}"
    yield f"next: {_at(duty['next']['opens'], voice)}" if duty["next"] else "nothing to come"


def _at(instant: str, voice: Speaking) -> str:
    return voice.at(parse_time(instant, None))
