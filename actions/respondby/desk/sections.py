"""Where the answers to a form stand in a body: the readings of its headings.

A form becomes one heading a field, `### Label`, in the form's order, with a blank line above and below. People type
such lines too, so a body may have several readings. A reading gives each field a heading or none; headings come in the
form's order, and a field's section lasts to the next heading that the reading uses.

Laws:

- The readings with the fewest faults are the possible ones. A fault is a value that its field cannot have, a heading
  without its blank lines, text above the first heading; a field passed over that has a heading somewhere weighs more
  than all of these. To stand in a code block is none: a block that is opened in one field may be closed in another, or
  never, so such a heading may be the form's own.
- `sections` returns, for each field, where its section can be: one place when all possible readings agree.
- Only where each heading stands exactly once and nothing is amiss (here a heading inside a code block or HTML comment
  is) may their order differ from the form's: the form was put into another order after the body was written.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from respondby.dataclass import dataclass

#: First line of the value, and the line after its last.
Section = tuple[int, int]

#: More headings of one name than this, and nobody can tell which is which (nor ought to spend the time).
MOST_HEADINGS = 12
#: The same for all names together, beyond one heading each.
MOST_SPARE_HEADINGS = 24

_PASSED_OVER = 1_000_000
_NEVER = 10**9
#: The node before all others: no field, and no line.
_START = (-1, -1)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_OPENS_COMMENT = re.compile(r" {0,3}<!--")


@dataclass(frozen=True, slots=True)
class Places:
    """Where one field's section can be: `sections` (None: it has none), or `lost` where that cannot be told."""

    sections: frozenset[Section | None]
    lost: bool = False


def sections(labels: Sequence[str], lines: Sequence[str], misfit: Callable[[int, Section], bool]) -> tuple[Places, ...]:
    """For each label, in the form's order, the places of its section in all possible readings.

    `misfit` says whether a section's value is one that the field (by its index) cannot have.
    """
    found = _headings(labels, lines)
    plain = _plain(found, lines)
    if plain is not None:
        return plain
    spare = sum(len(candidates) - 1 for candidates in found if candidates)
    many = {i for i, at in enumerate(found) if len(at) > (MOST_HEADINGS if spare <= MOST_SPARE_HEADINGS else 1)}
    # Where the section before such a heading ends, nobody knows either.
    lost = many | {max((j for j in range(i) if found[j]), default=i) for i in many}
    candidates = [() if i in many else at for i, at in enumerate(found)]
    readings = _Readings(candidates, lines, misfit)
    places = readings.places()
    strangers = {i for i, at in enumerate(candidates) if at and None in places[i]}
    if strangers and not lost:
        moved = readings.in_any_order()
        if moved is not None:
            return moved
    # A heading that stands where the form has none: it and what it stands in are both uncertain.
    lines_of_strangers = {at for i in strangers for at in candidates[i]}
    for i, place in enumerate(places):
        if any(section and any(section[0] <= at < section[1] for at in lines_of_strangers) for section in place):
            strangers.add(i)
    lost |= strangers
    return tuple(Places(frozenset(), True) if i in lost else Places(place) for i, place in enumerate(places))


def same_label(text: str) -> str:
    """The label as it is compared: runs of white space are one space."""
    return " ".join(text.split())


def _headings(labels: Sequence[str], lines: Sequence[str]) -> list[tuple[int, ...]]:
    """For each label the lines that are its heading, in order."""
    wanted: dict[str, list[int]] = {same_label(label): [] for label in labels}
    for number, line in enumerate(lines):
        if line.startswith("### "):
            at = wanted.get(same_label(line[4:]))
            if at is not None:
                at.append(number)
    return [tuple(wanted[same_label(label)]) for label in labels]


def _plain(found: Sequence[tuple[int, ...]], lines: Sequence[str]) -> tuple[Places, ...] | None:
    """The reading of a body in which no heading stands twice and each in its turn, as the form writes it; None for any
    other body. Every other reading passes over a heading, which weighs more than all faults of this one.
    """
    at = [places[0] for places in found if places]
    if any(len(places) > 1 for places in found) or any(one >= after for one, after in pairwise(at)):
        return None
    ends = iter([*at[1:], len(lines)])
    return tuple(Places(frozenset({(places[0] + 1, next(ends)) if places else None})) for places in found)


class _Readings:
    """The possible readings as cheapest paths: a node is a field at one of its headings, an edge a section."""

    def __init__(
        self, candidates: Sequence[tuple[int, ...]], lines: Sequence[str], misfit: Callable[[int, Section], bool]
    ) -> None:
        self.candidates = candidates
        self.lines = lines
        self.misfit = misfit
        self.marks: list[_Mark] | None = None  # most bodies need none
        self.blocks: dict[int, list[Section]] = {}
        # The start before all lines, the end after them; in between the nodes in the order of the form.
        self.nodes = [_START, *((i, at) for i, lines in enumerate(candidates) for at in lines)]
        self.end = (len(candidates), len(lines))

    def places(self) -> list[frozenset[Section | None]]:
        """For each field the sections on any cheapest path."""
        best: dict[tuple[int, int], int] = {self.end: 0}
        ways: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for node in reversed(self.nodes):
            costs = [(self._cost(node, after) + best[after], after) for after in self._after(node)]
            best[node] = min(cost for cost, _ in costs)
            ways[node] = [after for cost, after in costs if cost == best[node]]
        places: list[set[Section | None]] = [set() for _ in self.candidates]
        reached = {_START}
        for node in self.nodes:
            if node not in reached:
                continue
            for after in ways[node]:
                reached.add(after)
                if node != _START:
                    places[node[0]].add((node[1] + 1, after[1]))
                for passed in range(node[0] + 1, after[0]):
                    places[passed].add(None)
        return [frozenset(place) for place in places]

    def in_any_order(self) -> tuple[Places, ...] | None:
        """The one reading of a body whose form was put into another order: each heading once, and nothing amiss."""
        if any(len(at) != 1 for at in self.candidates) or len(set(self.candidates)) < len(self.candidates):
            return None
        headings = sorted((at[0], i) for i, at in enumerate(self.candidates))
        places = [Places(frozenset())] * len(headings)
        amiss = self._cost(_START, (0, headings[0][0])) > 0
        for (at, i), (end, _) in zip(headings, [*headings[1:], (len(self.lines), -1)], strict=True):
            section = (at + 1, end)
            amiss |= self.misfit(i, section) or self._inside_block(section)
            amiss |= end < len(self.lines) and self._loose(end)
            places[i] = Places(frozenset({section}))
        return None if amiss else tuple(places)

    def _after(self, node: tuple[int, int]) -> list[tuple[int, int]]:
        return [other for other in (*self.nodes, self.end) if other[0] > node[0] and other[1] > node[1]]

    def _cost(self, node: tuple[int, int], after: tuple[int, int]) -> int:
        passed = sum(1 for i in range(node[0] + 1, after[0]) if self.candidates[i])
        cost = passed * _PASSED_OVER
        if node == _START:
            cost += any(line.strip() for line in self.lines[: after[1]])
        else:
            section = (node[1] + 1, after[1])
            cost += self.misfit(node[0], section)
        return cost + (after != self.end and self._loose(after[1]))

    def _loose(self, heading: int) -> bool:
        """Whether a heading lacks the blank line above or below it."""
        above, below = self.lines[max(0, heading - 1) : heading], self.lines[heading + 1 : heading + 2]
        return any(line.strip() for line in (*above, *below))

    def _inside_block(self, section: Section) -> bool:
        """Whether a section ends inside a code block or HTML comment that began in it."""
        start, end = section
        if start not in self.blocks:
            if self.marks is None:
                self.marks = list(_marks(self.lines))
            self.blocks[start] = _blocks(self.marks, start)
        return any(opened < end <= closed for opened, closed in self.blocks[start])


class _Mark(NamedTuple):
    """A line that may open or close a block. `kind` is the fence's character, or `<` for HTML comments."""

    line: int
    kind: str
    size: int
    opens: bool
    closes: bool


def _marks(lines: Sequence[str]) -> Iterator[_Mark]:
    for number, line in enumerate(lines):
        if "-->" in line:
            yield _Mark(number, "<", 0, opens=False, closes=True)
        elif _OPENS_COMMENT.match(line):
            yield _Mark(number, "<", 0, opens=True, closes=False)
        fence = _FENCE.match(line)
        if fence:
            kind, info = fence[1][0], fence[2].strip()
            yield _Mark(number, kind, len(fence[1]), opens=kind != "`" or "`" not in info, closes=not info)


def _blocks(marks: Sequence[_Mark], start: int) -> list[Section]:
    """The code blocks and HTML comments that begin from line `start` on: the lines that open and close each."""
    blocks: list[Section] = []
    opening: _Mark | None = None
    for mark in marks[bisect_left(marks, start, key=lambda mark: mark.line) :]:
        if opening is None:
            opening = mark if mark.opens else None
        elif mark.closes and mark.kind == opening.kind and mark.size >= opening.size:
            blocks.append((opening.line, mark.line))
            opening = None
    if opening is not None:
        blocks.append((opening.line, _NEVER))
    return blocks
