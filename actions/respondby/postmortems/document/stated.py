"""The lengths of time that a document states about its incident, and the ranges of times that it gives.

Only what is said of the incident as a whole counts: behind a label (`Time to repair: 55m`), beside a range (`21:45 to
23:28 UTC (103 minutes)`), in the title (`30min outage`), of an outage that lasted. A length in any other sentence may
be of anything.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from respondby.postmortems.document.lengths import Length, lengths_in
from respondby.postmortems.document.outline import Outline, Section
from respondby.postmortems.document.stamps import Stamp, stamps_in

_TO = re.compile(r"\s*(?:UTC|GMT)?\s*(?:to|until|till|through|-|–|—|→)\s*", re.IGNORECASE)
_LABEL = re.compile(
    r"[\s*_>|-]*(?P<label>time to [a-z]+|MTT[A-Z]|TT[A-Z]|(?:total |outage |impact |incident )?(?:duration|downtime))\b"
    r"[\s*_:|–—-]*",
    re.IGNORECASE,
)
_LASTED = re.compile(
    r"\b(?:outage|incident|downtime|disruption|degradation|unavailability)\b[^.!?;]{0,40}?"
    r"\b(?:lasted|was|took|of)\s+(?:overall\s+|for\s+|a total of\s+|exactly\s+|in total\s+)*$"
    r"|\b(?:down|unavailable)\s+for\s+(?:a total of\s+)?$",
    re.IGNORECASE,
)
_OUTAGE_BEHIND = re.compile(
    r"\s+(?:of\s+)?(?:total\s+|full\s+|complete\s+)?(?:outage|downtime|unavailability)\b", re.IGNORECASE
)
_HOURS = re.compile(
    r"(?:support|business|working|office|service)[\s-]hours?\b(?:[^\d\n]{0,12}(?P<open>\d\d:\d\d)\s*(?:-|–|to)\s*(?P<close>\d\d:\d\d))?",
    re.IGNORECASE,
)
#: So far before a length its outage is named.
_BEFORE = 100
#: `(103 minutes)`, `: 5 hours`, `, i.e. 40 min`: what stands between a range and its length.
_BESIDE = re.compile(r"[\s(,:=*_–—-]*(?:UTC|GMT|i\.e\.|for|lasting|a total of|total)?[\s(,:=*_–—-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Range:
    """Two times of one line, from `since` to `until`."""

    since: Stamp
    until: Stamp

    @property
    def minutes(self) -> int | None:
        """How long it is; None where a time of day is missing, or where it would run backwards."""
        if self.since.minute is None or self.until.minute is None or self.since.wrong or self.until.wrong:
            return None
        days = self.days
        if days is None:
            return (self.until.minute - self.since.minute) % 1440
        return days * 1440 + self.until.minute - self.since.minute

    @property
    def days(self) -> int | None:
        """How many days lie between its dates; None where one of them has none."""
        since, until = self.since, self.until
        if not (since.dated and until.dated) or since.wrong or until.wrong:
            return None
        year = since.year or until.year
        if year is None or since.month is None or until.month is None or since.day is None or until.day is None:
            return None
        first = _ordinal(since.year or year, since.month, since.day)
        return _ordinal(until.year or year, until.month, until.day) - first


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of support that a length is counted in, minutes of the day; both None where they are not said."""

    opens: int | None = None
    closes: int | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A length that is stated of the incident, in `line` (from 0) of the text `text`.

    `beside` is the range that it stands next to; `label` what it is called; `hours` the hours it is counted in.
    """

    length: Length
    line: int
    text: str
    section: Section | None
    label: str = ""
    beside: Range | None = None
    hours: Hours | None = None


def ranges_in(text: str) -> Iterator[Range]:
    """The ranges of times that a line gives."""
    found = list(stamps_in(text))
    for since, until in pairwise(found):
        if since.minute is None or until.minute is None:
            continue
        if _TO.fullmatch(text, since.end, until.start):
            yield Range(since, until)


def stated_in(outline: Outline) -> Iterator[Stated]:
    """Every length that a document states of its incident."""
    for block in outline.blocks:
        if block.quoted or block.kind not in ("text", "cell"):
            continue
        for line, text in block.lines():
            if any(character.isdigit() for character in text):
                yield from _of_line(text, line, block.section)
    first = next((block for block in outline.blocks if block.kind == "heading"), None)
    if first is not None:
        for length in lengths_in(first.content):
            if _OUTAGE_BEHIND.match(first.content, length.end):
                yield Stated(length, first.line, first.content, None, label="title")


def _of_line(text: str, line: int, section: Section) -> Iterator[Stated]:
    lengths = list(lengths_in(text))
    if not lengths:
        return
    taken = set()
    for span in ranges_in(text):
        length = _beside(text, span, lengths)
        if length is not None:
            taken.add(length.start)
            yield Stated(length, line, text, section, beside=span)
    label = _LABEL.match(text)
    for length in lengths:
        if length.start in taken:
            continue
        if label is not None and length.start == label.end():
            hours = _HOURS.search(text, length.end)
            yield Stated(length, line, text, section, " ".join(label["label"].split()), hours=hours and _hours(hours))
        elif _LASTED.search(text, max(0, length.start - _BEFORE), length.start) or _OUTAGE_BEHIND.match(
            text, length.end
        ):
            yield Stated(length, line, text, section, label="lasted")


def _beside(text: str, span: Range, lengths: list[Length]) -> Length | None:
    """The length that stands next to a range, behind it or right before it."""
    place = bisect_left(lengths, span.until.end, key=lambda length: length.start)
    if place < len(lengths) and _BESIDE.fullmatch(text, span.until.end, lengths[place].start):
        return lengths[place]
    place = bisect_right(lengths, span.since.start, key=lambda length: length.end) - 1
    if place >= 0 and _BESIDE.fullmatch(text, lengths[place].end, span.since.start):
        return lengths[place]
    return None


def _hours(found: re.Match[str]) -> Hours:
    if not found["open"]:
        return Hours()
    opens, closes = (int(text[:2]) * 60 + int(text[3:]) for text in (found["open"], found["close"]))
    return Hours(opens, closes)


def _ordinal(year: int, month: int, day: int) -> int:
    from datetime import date

    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return date(year, month, 28).toordinal()
