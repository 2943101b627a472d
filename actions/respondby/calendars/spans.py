"""An algebra of half-open spans of time: sets of instants, written as the pairs at which they begin and end.

Laws:

- A span `(begin, end)` holds `begin` and every instant before `end`.
- `Spans` are in order, apart and never empty: equal sets of instants are equal values, whatever they were made of.
- They are closed under `|` (either), `&` (both) and `-` (the first without the second), which are those of sets.
- `(a | b).seconds == a.seconds + b.seconds - (a & b).seconds`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass

Pair = tuple[Instant, Instant]


@dataclass(frozen=True, slots=True, init=False)
class Spans:
    """A set of instants. Any pairs make one: they are ordered and merged, and empty ones are dropped."""

    pairs: tuple[Pair, ...]

    def __init__(self, pairs: Iterable[Pair] = ()) -> None:
        """Raises `TimeError` when a span ends before it begins."""
        merged: list[Pair] = []
        for begin, end in sorted(pairs):
            if end < begin:
                raise TimeError("a span ends before it begins")
            if merged and begin <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            elif begin < end:
                merged.append((begin, end))
        object.__setattr__(self, "pairs", tuple(merged))

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __contains__(self, instant: Instant) -> bool:
        at = bisect_right(self.pairs, instant, key=_begin) - 1
        return at >= 0 and instant < self.pairs[at][1]

    def __or__(self, other: "Spans") -> "Spans":
        return Spans((*self.pairs, *other.pairs))

    def __and__(self, other: "Spans") -> "Spans":
        shared: list[Pair] = []
        mine, theirs = 0, 0
        while mine < len(self.pairs) and theirs < len(other.pairs):
            begin = max(self.pairs[mine][0], other.pairs[theirs][0])
            end = min(self.pairs[mine][1], other.pairs[theirs][1])
            if begin < end:
                shared.append((begin, end))
            if self.pairs[mine][1] <= other.pairs[theirs][1]:
                mine += 1
            else:
                theirs += 1
        return Spans(shared)

    def __sub__(self, other: "Spans") -> "Spans":
        if not self.pairs or not other.pairs:
            return self
        return self & other.gaps(self.pairs[0][0], self.pairs[-1][1])

    @property
    def seconds(self) -> int:
        """How many seconds the spans last together."""
        return sum(end - begin for begin, end in self.pairs)

    def touches(self, begin: Instant, end: Instant) -> bool:
        """Whether any of `[begin, end)` is in these spans."""
        at = bisect_left(self.pairs, end, key=_begin) - 1
        return at >= 0 and begin < self.pairs[at][1] and begin < end

    def clip(self, begin: Instant, end: Instant) -> "Spans":
        """The part that lies in `[begin, end)`; nothing when that is empty."""
        return self & Spans(((begin, end),)) if begin < end else Spans()

    def gaps(self, begin: Instant, end: Instant) -> "Spans":
        """What of `[begin, end)` is not in these spans."""
        free: list[Pair] = []
        for busy_from, busy_until in self.clip(begin, end):
            free.append((begin, busy_from))
            begin = busy_until
        return Spans((*free, (begin, end))) if begin <= end else Spans()

    def reached(self, seconds: int) -> Instant | None:
        """The first instant by which `seconds`, at least one, of these spans have passed; None if they are shorter."""
        for begin, end in self.pairs:
            if seconds <= end - begin:
                return begin + seconds
            seconds -= end - begin
        return None


def _begin(pair: Pair) -> Instant:
    return pair[0]
