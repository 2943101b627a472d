"""Figures: numbers that carry what they mean and the cases that they come from.

Laws:

- Nothing is rounded before it is shown, and then down: `Share(…).floor(2)` is `100.00` only of a whole that lacks
  nothing.
- The median of an even number of lengths is the mean of the two in the middle, rounded down to a second; a percentile
  is the nearest rank, so it is one of the lengths. Of none there is none, and no zero.
- A length that still grows (nobody has answered yet) counts as what it is so far, and what is read from it is a least.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from respondby.dataclass import dataclass


class Share(NamedTuple):
    """A part of a whole, both whole numbers (of seconds, of cases, …)."""

    part: int
    whole: int

    def floor(self, digits: int) -> str | None:
        """In per cent with so many digits, rounded down; None of nothing."""
        if self.whole <= 0:
            return None
        scaled = 100 * 10**digits * self.part // self.whole
        whole, rest = divmod(scaled, 10**digits)
        return f"{whole}.{rest:0{digits}}" if digits else str(whole)


class Taken(NamedTuple):
    """How long something took, in seconds; `open` says that it was not over yet. `case` is its reference."""

    seconds: int
    case: str
    open: bool = False


class Quantile(NamedTuple):
    """A number of seconds; `least` says that it may be more: lengths that are not over lie below it or are it."""

    seconds: int
    least: bool


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long things took: how many (`n`), of which `open` are not over, and what is in the middle and at the end."""

    n: int
    open: int
    median: Quantile | None
    p90: Quantile | None
    worst: Quantile | None
    worst_case: str | None


def lengths(found: Iterable[Taken]) -> Lengths:
    """What these lengths come to."""
    ordered = sorted(found, key=lambda one: (one.seconds, one.open, one.case))
    if not ordered:
        return Lengths(0, 0, None, None, None, None)
    values = [one.seconds for one in ordered]
    half = len(values) // 2
    middle = values[half] if len(values) % 2 else (values[half - 1] + values[half]) // 2
    first_open = min((one.seconds for one in ordered if one.open), default=None)
    ninetieth = values[-(-len(values) * 90 // 100) - 1]

    def quantile(seconds: int, highest: int) -> Quantile:
        return Quantile(seconds, first_open is not None and first_open <= highest)

    return Lengths(
        len(ordered),
        sum(one.open for one in ordered),
        quantile(middle, values[half]),
        quantile(ninetieth, ninetieth),
        quantile(values[-1], values[-1]),
        ordered[-1].case,
    )
