"""The opening windows of one calendar, as instants: the engine under `hours`.

Laws (rules 0 and 5):

- Each window belongs to the date on which it opens, whatever is cut out of it later; a date with no window left is not
  open. A date's windows keep that date, even where they touch or overlap another date's.
- Windows are merged after they have become UTC, so none is counted twice across a clock change.
- Years are read when they are first needed and kept: an answer never depends on which questions came before.

The merged windows stand in three parallel lists (`starts`, `ends`, and the open seconds `before` each), so that every
question is one or two binary searches.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo

from respondby.calendars.dated import Dated, DateSpan, TimeSpan, Yearly
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import DAY, FIRST_YEAR, LAST_YEAR, Instant, people_instant, resolve, wall
from respondby.calendars.public_holidays import Holidays
from respondby.calendars.spans import Pair, Spans
from respondby.calendars.weeks import Week
from respondby.dataclass import dataclass

# Where a week has windows, some of two years without exceptions do, whatever the holidays are.
_YEARS_AROUND = 2


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A date with at least one window: its ordinal, and its windows in order and merged."""

    ordinal: int
    windows: tuple[Pair, ...]

    @property
    def opens(self) -> Instant:
        """The date's first opening."""
        return self.windows[0][0]

    @property
    def closes(self) -> Instant:
        """A date closes with its last window (rule 3)."""
        return self.windows[-1][1]


class Windows:
    """Grows a year at a time. `days` and the merged lists cover `first_year` to `last_year`, both included."""

    def __init__(
        self,
        week: Week,
        where: tzinfo,
        public: Holidays | None,
        closed: tuple[Dated | Yearly, ...],
        opened: tuple[Dated | Yearly, ...],
    ) -> None:
        self._week = week
        self._where = where
        self._public = public
        self._closed, self._open = closed, opened
        self._cut = Spans(span.pair(where) for span in closed if isinstance(span, TimeSpan))
        # A window that opened this long ago may still be open.
        self._reach = max([3 * DAY if opened else 2 * DAY, *(_lasts(span) + DAY for span in opened)])
        fixed = [span for span in (*closed, *opened) if not isinstance(span, Yearly)]
        exceptions = [end.year for span in fixed for end in _ends(span)]
        self._first_exception = min(exceptions, default=LAST_YEAR)
        self._last_exception = max(exceptions, default=FIRST_YEAR)
        self._years: dict[int, list[OpenDay]] = {}
        self.first_year, self.last_year = 1, 0
        self._clear()

    def cover(self, begin: Instant, end: Instant) -> None:
        """Make sure that every window that touches `[begin, end]` is known."""
        if self.covered_from <= begin and end <= self.covered_until:
            return
        self.cover_years(wall(begin - self._reach, self._where).year, wall(end, self._where).year)

    def cover_years(self, first: int, last: int) -> None:
        """Make sure that every window that opens in these years is known."""
        if first < FIRST_YEAR or last > LAST_YEAR:
            wrong = first if first < FIRST_YEAR else last
            raise TimeError(f"calendars answer for the years {FIRST_YEAR} to {LAST_YEAR}, not for {wrong}")
        if not self._years:
            self.first_year, self.last_year = first, first - 1
        if first < self.first_year:
            last_known = max(last, self.last_year)
            self._clear()
            self.first_year, self.last_year = first, first - 1
            last = last_known
        for year in range(self.last_year + 1, last + 1):
            if year not in self._years:
                self._years[year] = self._read(year)
            self._append(self._years[year])
            self.last_year = year
        self._first_ordinal = date(self.first_year, 1, 1).toordinal()
        self._last_ordinal = date(self.last_year, 12, 31).toordinal()
        self.covered_from = self._midnight(self._first_ordinal) + self._reach
        self.covered_until = self._midnight(self._last_ordinal + 1)

    def look_ahead(self, after: Instant, for_what: str) -> None:
        """Know another year; a `TimeError` when nothing new can come in it, so that no search runs for ever."""
        if self.last_year >= max(wall(after, self._where).year, self._last_exception) + _YEARS_AROUND:
            shown = people_instant(after, self._where)
            raise TimeError(f"this calendar never {for_what} after {shown}; look at its hours, closed and open")
        self.cover_years(self.first_year, self.last_year + 1)

    def look_back(self, before: Instant, for_what: str) -> None:
        """Know another year at the other end; a `TimeError` when nothing new can come in it."""
        if self.first_year <= min(wall(before, self._where).year, self._first_exception) - _YEARS_AROUND:
            shown = people_instant(before, self._where)
            raise TimeError(f"this calendar never {for_what} before {shown}; look at its hours, closed and open")
        self.cover_years(self.first_year - 1, self.last_year)

    def passed(self, instant: Instant) -> int:
        """Open seconds from the first window known until `instant`."""
        at = bisect_right(self.starts, instant) - 1
        if at < 0:
            return 0
        return self.before[at] + min(instant, self.ends[at]) - self.starts[at]

    def known_seconds(self) -> int:
        """Open seconds in all the windows known."""
        return self.before[-1] + self.ends[-1] - self.starts[-1] if self.starts else 0

    def local_ordinal(self, instant: Instant) -> int:
        """The ordinal of the local date of `instant`."""
        return wall(instant, self._where).toordinal()

    def earliest_ordinal(self, instant: Instant) -> int:
        """A window that is still open at `instant` cannot have opened on a date before this one."""
        return self.local_ordinal(instant - self._reach)

    def day_index(self, ordinal: int) -> int:
        """Where in `days` the first open date at or after this one is, or would be."""
        if not self._first_ordinal <= ordinal <= self._last_ordinal:
            year = date.fromordinal(ordinal).year
            self.cover_years(min(year, self.first_year) if self._years else year, max(year, self.last_year))
        return bisect_left(self.ordinals, ordinal)

    def _clear(self) -> None:
        self.starts: list[Instant] = []
        self.ends: list[Instant] = []
        self.before: list[int] = []
        self.days: list[OpenDay] = []
        self.ordinals: list[int] = []
        self.covered_from, self.covered_until = 1, 0
        self._first_ordinal, self._last_ordinal = 1, 0

    def _append(self, days: list[OpenDay]) -> None:
        self.days += days
        self.ordinals += (day.ordinal for day in days)
        for begin, end in sorted(pair for day in days for pair in day.windows):
            if self.ends and begin <= self.ends[-1]:
                self.ends[-1] = max(end, self.ends[-1])
            else:
                self.before.append(self.known_seconds())
                self.starts.append(begin)
                self.ends.append(end)

    def _read(self, year: int) -> list[OpenDay]:
        """The open dates of a year (rule 0): hours less holidays and closed dates, less closed times, plus openings."""
        asked = self._public if any(self._week) else None
        closed = {*(asked.days(year) if asked else ()), *_dates(self._closed, year)}
        halves = asked.halves(year) if asked else frozenset()
        noon = asked.half_days or 0 if asked else 0
        owned: dict[int, list[Pair]] = {}
        for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            windows = self._week[(ordinal - 1) % 7]
            if not windows or ordinal in closed:
                continue
            if ordinal in halves:
                windows = tuple((opens, min(closes, noon)) for opens, closes in windows if opens < noon)
            pairs = [(self._at(ordinal, opens), self._at(ordinal, closes)) for opens, closes in windows]
            owned[ordinal] = [pair for pair in pairs if pair[0] < pair[1]]
        cut = self._cut | Spans(span.pair(self._where) for span in _times(self._closed, year - 1, year + 1, again=True))
        for ordinal, pairs in owned.items():
            if pairs and cut.touches(min(pairs)[0], max(end for _, end in pairs)):  # few dates have any of it
                owned[ordinal] = list(Spans(pairs) - cut)
        for ordinal, pair in self._openings(year):
            owned.setdefault(ordinal, []).append(pair)
        found = ((ordinal, tuple(owned[ordinal])) for ordinal in sorted(owned) if owned[ordinal])
        return [OpenDay(ordinal, pairs if len(pairs) == 1 else Spans(pairs).pairs) for ordinal, pairs in found]

    def _openings(self, year: int) -> Iterator[tuple[int, Pair]]:
        """Each opening of a year with the date that it belongs to; an open date is so from its midnight to the next."""
        for ordinal in sorted(_dates(self._open, year)):
            yield ordinal, (self._midnight(ordinal), self._midnight(ordinal + 1))
        for span in _times(self._open, year - 1, year + 1):
            pair = span.pair(self._where)
            begins = wall(pair[0], self._where)
            if begins.year == year and pair[0] < pair[1]:
                yield begins.toordinal(), pair

    def _at(self, ordinal: int, minute: int) -> Instant:
        return resolve(datetime.fromordinal(ordinal) + timedelta(minutes=minute), self._where)

    def _midnight(self, ordinal: int) -> Instant:
        return self._at(ordinal, 0)


def _dates(spans: Iterable[Dated | Yearly], year: int) -> set[int]:
    """The ordinals of a year's dates that spans of whole dates hold."""
    begin, end = date(year, 1, 1), date(year, 12, 31)
    found: set[int] = set()
    for span in spans:
        for one in (span.beginning_in(year - 1), span.beginning_in(year)) if isinstance(span, Yearly) else (span,):
            if isinstance(one, DateSpan) and one.first <= end and one.last >= begin:
                found.update(range(max(one.first, begin).toordinal(), min(one.last, end).toordinal() + 1))
    return found


def _times(spans: Iterable[Dated | Yearly], first: int, last: int, *, again: bool = False) -> Iterator[TimeSpan]:
    """The spans of times, and of those that come back the ones that begin in these years; `again`: these alone."""
    for span in spans:
        for one in map(span.beginning_in, range(first, last + 1)) if isinstance(span, Yearly) else (span,):
            if isinstance(one, TimeSpan) and (not again or isinstance(span, Yearly)):
                yield one


def _lasts(span: Dated | Yearly) -> int:
    """How long an opening of times may last; a `TimeError` for one of more than a year, which nobody means."""
    first = span.beginning_in(LAST_YEAR - 1) if isinstance(span, Yearly) else span
    if isinstance(first, DateSpan):
        return 0
    begins, ends = first.begins, first.ends
    seconds = int((ends - begins).total_seconds())
    if seconds > 366 * DAY:
        raise TimeError(f"“{span}” is open for more than a year on end; look at its years")
    return seconds + DAY  # clocks may change meanwhile


def _ends(span: Dated) -> tuple[date, date]:
    return (span.first, span.last) if isinstance(span, DateSpan) else (span.begins.date(), span.ends.date())
