"""The timed entries of a document, with what they inherit: a date from the heading, the entry before, or the title.

An entry without a date has the date before it. Where its time is earlier than the one before, midnight passed silently
if it was evening and is night; else nobody can say, and the entry is `unsure`. A zone said once holds for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from respondby.postmortems.document.outline import Block, Outline, Section
from respondby.postmortems.document.stamps import ZONE, ZONES, Stamp, stamp_at, stamp_at_start, stamps_in

DatedBy = Literal["own", "before", "midnight", "title", ""]

_EVENING, _MORNING = 16 * 60, 12 * 60
#: `First detected: 2023-06-06 10:26`, `Resolved 2021-07-13 11:49`: a few words, then a date with a time.
_EVENT = re.compile(r"[\s*_>-]*(?P<label>[A-Za-z][A-Za-z ]{2,40}?)[*_]*\s*:?[*_]*\s*(?=[*_]*\d{4,5}-\d\d-\d\d)")
#: The head of a second column that holds times.
_TIMES = re.compile(r"time|when|date|^\s*$", re.IGNORECASE)
_TITLE_DATE = re.compile(r"\d{4}[-_]\d\d[-_]\d\d")
#: A zone said for all: `All times in UTC`, `(times in BST)`, `Time (UTC)`, `UTC+2`, but no word that looks like one.
_SAID_ZONE = re.compile(
    rf"\b(?:UTC|GMT)\b|\b[Tt]imes?\b[^.\n]{{0,40}}?\b(?:(?:{'|'.join(ZONES)})\b"
    r"|(?P<place>Pacific|Eastern|Central|Mountain|London|Berlin|local|[A-Z][a-z]+/[A-Z][a-z_]+)\b)"
    rf"|\((?:{'|'.join(ZONES)})\)"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: its stamp at `line` (from 0), what is said of it, and its section.

    `day` is the date that it has or inherits, by `dated_by`; `label` names a milestone (`Resolved`); `unsure` says that
    its day cannot be known.
    """

    stamp: Stamp
    line: int
    text: str
    section: Section
    day: date | None = None
    dated_by: DatedBy = ""
    label: str = ""
    unsure: bool = False

    @property
    def at(self) -> int | None:
        """Minutes since year 1 on the document's own clock; None without a day or a time."""
        if self.day is None or self.stamp.minute is None:
            return None
        return self.day.toordinal() * 1440 + self.stamp.minute


@dataclass(frozen=True, slots=True)
class Timeline:
    """All timed entries of a document in the order in which they stand; `zone` is what is said of all times."""

    entries: tuple[Entry, ...] = ()
    zone: str = ""
    zone_line: int = 0

    @property
    def timed(self) -> tuple[Entry, ...]:
        """The entries that say a time of day."""
        return tuple(entry for entry in self.entries if entry.stamp.minute is not None)


def timeline_of(outline: Outline, title: str, path: str) -> Timeline:
    """The timeline of a document with that title and path."""
    found = list(_found(outline))
    entries = _dated(found, _title_day(title, path))
    zone, line = _zone(outline)
    return Timeline(tuple(entries), zone, line)


def _found(outline: Outline) -> Iterator[Entry]:
    """Entries as they are written, in sections of times."""
    rows: set[tuple[int, int]] = set()
    heads: dict[tuple[int, int], str] = {}
    for block in outline.blocks:
        if block.quoted or not block.content:
            continue
        timed = block.section.within("timeline")
        if block.kind == "heading" and (timed or block.level >= 3):
            stamp = stamp_at_start(block.content)
            if stamp is not None and (timed or stamp.minute is not None):
                yield Entry(stamp, block.line, block.content, block.section)
        elif block.kind == "cell" and timed:
            yield from _cell(block, rows, heads)
        elif block.kind == "text":
            yield from _lines(block, timed=timed)


def _cell(block: Block, rows: set[tuple[int, int]], heads: dict[tuple[int, int], str]) -> Iterator[Entry]:
    """The first stamp of a row in its first columns; a date in a column of its own goes before its time."""
    if block.row == 0:
        heads[block.table, block.column] = block.content
    if block.row <= 0 or block.column > 1:
        return
    if block.column == 1 and not _TIMES.search(heads.get((block.table, 1), "")):
        return
    stamp = stamp_at_start(block.content)
    if stamp is not None and (block.table, block.row) not in rows:
        if stamp.minute is not None:
            rows.add((block.table, block.row))
        yield Entry(stamp, block.line, block.content, block.section)


def _lines(block: Block, *, timed: bool) -> Iterator[Entry]:
    for line, text in block.lines():
        if not timed and not text[:60].strip(" *_-").count(":"):
            continue
        stamp = stamp_at_start(text) if timed else None
        if stamp is not None:
            yield Entry(stamp, line, text, block.section)
            continue
        event = _EVENT.match(text)
        if event is not None:
            stamp = stamp_at(text, _first_digit(text, event.end()), bare=True)
            if stamp is not None:
                yield Entry(stamp, line, text, block.section, label=event["label"].strip())


def _first_digit(text: str, start: int) -> int:
    while start < len(text) and not text[start].isdigit():
        start += 1
    return start


def _dated(found: Sequence[Entry], title: date | None) -> Iterator[Entry]:
    """Each entry with its day."""
    day, minute = title, -1
    known: DatedBy = "title" if title else ""
    for entry in found:
        stamp = entry.stamp
        own = _own_day(stamp, day)
        if own is not None:
            day, known = own, "before"
            yield replace(entry, day=own, dated_by="own")
            minute = stamp.minute if stamp.minute is not None else -1
            continue
        if stamp.wrong in ("year", "date") or (stamp.year is not None and stamp.day is None):
            # What day it was meant to be is not known, nor of those that follow it.
            yield replace(entry, unsure=True)
            day, known, minute = None, "", -1
            continue
        if stamp.minute is None:
            yield replace(entry, day=day, dated_by=known)
            continue
        if day is not None and 0 <= stamp.minute < minute:
            if minute >= _EVENING and stamp.minute < _MORNING:
                day += timedelta(days=1)
                known = "midnight"
            else:
                yield replace(entry, day=day, dated_by=known, unsure=True)
                continue
        minute = stamp.minute
        yield replace(entry, day=day, dated_by=known)


def _own_day(stamp: Stamp, before: date | None) -> date | None:
    """The day that a stamp says; one without its year is the one nearest to the day before it."""
    if stamp.month is None or stamp.day is None or stamp.wrong == "year":
        return None
    if stamp.year is not None:
        return date(stamp.year, stamp.month, stamp.day)
    if before is None:
        return None
    days = []
    for year in (before.year - 1, before.year, before.year + 1):
        try:
            days.append(date(year, stamp.month, stamp.day))
        except ValueError:
            continue
    return min(days, key=lambda day: abs((day - before).days), default=None)


def _title_day(title: str, path: str) -> date | None:
    """The day that a title says, else the file's name."""
    for stamp in stamps_in(title):
        if stamp.year and stamp.month and stamp.day and not stamp.wrong:
            return date(stamp.year, stamp.month, stamp.day)
    named = _TITLE_DATE.search(path.rpartition("/")[2])
    if named is None:
        return None
    try:
        return date.fromisoformat(named[0].replace("_", "-"))
    except ValueError:
        return None


def _zone(outline: Outline) -> tuple[str, int]:
    """The zone that is said for all times, and where: in the timeline's title, a column's, a sentence."""
    for block in outline.blocks:
        if block.kind in ("code", "html"):
            continue
        for line, text in block.lines():
            said = _SAID_ZONE.search(text)
            if said is None:
                continue
            name = said["place"] or next((found["name"] for found in ZONE.finditer(text) if found["name"]), said[0])
            return name.replace(" ", ""), line
    return "", 0
