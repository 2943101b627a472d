"""A post-mortem's draft from the facts of its case: front matter, the sections that people write, blocks of facts.

Laws:

- The same facts give the same text, and what a person wrote into a case ends no block, no row and no front matter.
- A draft passes `respondby postmortem check` as it is.
- Made again over a text in which people have written, only blocks change that the desk wrote last (`desk.blocks`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from json import dumps

from respondby.calendars.instants import UTC, Instant, iso, wall
from respondby.desk.blocks import Made, block, refreshed
from respondby.letters.neutral import flat, inline
from respondby.postmortems.computed import DURATIONS, digest, durations
from respondby.postmortems.document.document import FOLDER, read_document
from respondby.postmortems.document.milestones import MILESTONES
from respondby.postmortems.document.outline import role_of
from respondby.postmortems.facts import IncidentFacts
from respondby.postmortems.rule import SECTIONS
from respondby.postmortems.template import section

#: The blocks of facts, by the role of the section that they stand in; the first of the role's sections has them.
BLOCKS: dict[str, tuple[str, ...]] = {
    "summary": (DURATIONS,),
    "impact": ("impact", "clocks"),
    "cause": ("said-of-the-cause",),
    "timeline": ("timeline", "responders"),
}
NOTICE = "Edited by hand: this block is no longer kept up to date. Empty it to have it written again."

_STATES = {
    "met": "kept", "late": "kept late", "breached": "not kept", "running": "still running", "cancelled": "cancelled",
}  # fmt: skip


def path_of(facts: IncidentFacts) -> str:
    """Where the document goes: `docs/incidents/2026-11-30-41-orders-fail.md`."""
    began = facts.milestones.get("started", facts.milestones["detected"])
    return f"{FOLDER}/{wall(began, UTC).date()}-{facts.number}-{slug(facts.title)}.md"


def slug(title: str) -> str:
    """A title as part of a file's name: letters and digits without accents, six words at most."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain)[:6]
    return "-".join(words)[:60].strip("-") or "incident"


def draft(facts: IncidentFacts, sections: Sequence[str] = SECTIONS, *, example: bool = False) -> str:
    """The document's text."""
    left = dict(BLOCKS)
    parts = [_front_matter(facts, example=example), f"# {inline(facts.title, 120) or 'An incident'}\n"]
    if example:
        parts.append("This is an example: it was written by a rehearsal and tells of nothing that happened.\n")
    made = blocks_of(facts)
    for title in sections:
        names = left.pop(role_of(title), ())
        text = section(title, entries=False)
        blocks = "\n\n".join(block(name, made[name]) for name in names)
        parts.append(f"{text}\n{blocks}\n" if blocks else text)
    rest = [name for names in left.values() for name in names]
    if rest:
        parts.append("## Facts\n\n" + "\n\n".join(block(name, made[name]) for name in rest) + "\n")
    return "\n".join(parts)


def renewed(text: str, facts: IncidentFacts, path: str) -> str:
    """A document with its blocks as the facts are now. Its lengths of time are those of its own milestones: people
    correct these.
    """
    made = blocks_of(facts)
    own = read_document(text, path).milestones
    return refreshed(text, made | {DURATIONS: durations(own)}, NOTICE)


def blocks_of(facts: IncidentFacts) -> dict[str, Made]:
    """The blocks of facts by name."""
    texts = {
        "impact": _listed([inline(text, 500) for text in facts.impact])
        or "On the case, nothing was said of its impact.",
        "clocks": _clocks(facts),
        "said-of-the-cause": _listed([inline(text, 500) for text in facts.causes])
        or "On the case, nothing was said of its cause.",
        "timeline": _timeline(facts),
        "responders": _responders(facts),
    }
    return {DURATIONS: durations(facts.milestones)} | {name: Made(digest(text), text) for name, text in texts.items()}


def _front_matter(facts: IncidentFacts, *, example: bool) -> str:
    lines = [
        "---",
        f"incident: {facts.url}",
        f"product: {_scalar(facts.product)}",
        f"severity: {_scalar(facts.severity)}",
    ]
    lines += [
        f"{name}: {iso(facts.milestones[name]) if name in facts.milestones else ''}".rstrip() for name in MILESTONES
    ]
    lines += [f"cause: {_scalar(facts.cause)}", "authors: []", "status: draft"]
    lines += ["example: true"] if example else []
    return "\n".join(line.rstrip() for line in [*lines, "---", ""])


def _scalar(text: str) -> str:
    """A text as YAML's double-quoted scalar, which is JSON's; a plain name stands as it is."""
    return (
        text if re.fullmatch(r"[A-Za-z][\w-]*", text, re.ASCII) or not text else dumps(flat(text), ensure_ascii=False)
    )


def _timeline(facts: IncidentFacts) -> str:
    rows = []
    for event in facts.events:
        who = f"{inline(event.who)}: " if event.who else ""
        rows.append(f"| {_minute(event.at)} | {who}{inline(event.words, 300)} ([there]({event.url})) |")
    return "| Time (UTC) | What happened |\n| --- | --- |\n" + "\n".join(rows)


def _responders(facts: IncidentFacts) -> str:
    if not facts.responders:
        return "Nobody was called, and nobody said anything."
    rows = [f"| {inline(one.person)} | {_clock(one.called)} | {_clock(one.spoke)} |" for one in facts.responders]
    return "| Who | Called first | Spoke first |\n| --- | --- | --- |\n" + "\n".join(rows)


def _clocks(facts: IncidentFacts) -> str:
    if not facts.promises:
        return "Nothing was promised."
    rows = [
        f"| {inline(one.clock)} | {_clock(one.due)} | {_STATES.get(one.state, one.state)} | {_clock(one.ended)} |"
        for one in facts.promises
    ]
    return "| Promise | Due (UTC) | What became of it | Ended (UTC) |\n| --- | --- | --- | --- |\n" + "\n".join(rows)


def _listed(texts: Sequence[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def _clock(at: Instant | None) -> str:
    return _minute(at) if at is not None else "–"


def _minute(at: Instant) -> str:
    return wall(at, UTC).strftime("%Y-%m-%d %H:%M")
