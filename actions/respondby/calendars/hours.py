"""Business hours: a calendar of the policy as arithmetic on instants.

Laws (rules 0, 1 and 4 of the language):

- A calendar is open at `t` when a window `[open, close)` holds it. A closing instant is outside hours.
- `add(t, s)` is the first instant by which `s` open seconds have passed since `t`: used up exactly at closing time,
  it is closing time. `between(t, add(t, s)) == s`.
- `subtract(t, s)` is the last instant from which `s` open seconds remain until `t`.
- `between(a, c) == between(a, b) + between(b, c)` for `a <= b <= c`, and equals `spans(a, c).seconds`.
- A question without an answer (a calendar that never opens or never closes) is a `TimeError`, never an endless search.

Two calendars with the same mapping are equal, and share what has been worked out. All questions are binary searches
once the years they touch are known; a year is worked out in about a millisecond, when it is first needed.
"""

import marshal
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import field
from datetime import tzinfo
from functools import lru_cache

from respondby.calendars.cadences import Cadence
from respondby.calendars.dated import Dated, Yearly, read_calendar_spans
from respondby.calendars.errors import TimeError, hint, text_of
from respondby.calendars.instants import Instant, people_instant, zone
from respondby.calendars.public_holidays import Holidays
from respondby.calendars.spans import Spans
from respondby.calendars.weeks import Week, read_week, week_mapping
from respondby.calendars.windows import OpenDay, Windows
from respondby.dataclass import dataclass
from respondby.kept import Kept

_KEYS = ("timezone", "hours", "holidays", "closed", "open", "sprints")


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar object of the policy. Make one with `from_mapping`; hashable, equal by what it says."""

    timezone: str
    week: Week
    public: Holidays | None = None
    closed: tuple[Dated | Yearly, ...] = ()
    opened: tuple[Dated | Yearly, ...] = ()
    sprints: Cadence | None = None
    _windows: Windows = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        windows = Windows(self.week, self.zone, self.public, self.closed, self.opened)
        object.__setattr__(self, "_windows", windows)

    @classmethod
    def from_mapping(cls, mapping: object, timezone: str = "UTC") -> "Calendar":
        """The calendar of a policy's calendar object; `timezone` serves when it names none.

        Raises `TimeError` for what cannot be read. An unknown country or subdivision is only noticed when holidays are
        first needed, because loading them is slow: `public_holidays.known_years` asks at once.
        """
        try:
            written = marshal.dumps(mapping)  # type: ignore[arg-type]  # what it cannot write is no plain data
        except (TypeError, ValueError, RecursionError):
            return _read(mapping, timezone)  # not plain data: the reading says what is wrong with it
        return _read_again(written, timezone)

    def to_mapping(self) -> dict[str, object]:
        """The shortest plain mapping that reads back as an equal calendar."""
        mapping: dict[str, object] = {"timezone": self.timezone, "hours": week_mapping(self.week)}
        if self.public:
            mapping["holidays"] = self.public.to_mapping()
        if self.closed:
            mapping["closed"] = [str(span) for span in self.closed]
        if self.opened:
            mapping["open"] = [str(span) for span in self.opened]
        if self.sprints:
            mapping["sprints"] = self.sprints.to_mapping()
        return mapping

    @property
    def zone(self) -> tzinfo:
        """The zone of its hours."""
        return zone(self.timezone)

    def holidays_in(self, year: int) -> frozenset[int]:
        """The ordinals of the public holidays in a year."""
        return self.public.days(year) if self.public else frozenset()

    @property
    def country(self) -> str | None:
        """The country whose holidays it keeps."""
        return self.public.country if self.public else None

    def is_open(self, instant: Instant) -> bool:
        """Does a window hold `instant`?"""
        windows = self._windows
        windows.cover(instant, instant)
        at = bisect_right(windows.starts, instant) - 1
        return at >= 0 and instant < windows.ends[at]

    def next_opening(self, instant: Instant) -> Instant:
        """The first opening at or after `instant`."""
        windows = self._windows
        windows.cover(instant, instant)
        while (at := bisect_left(windows.starts, instant)) == len(windows.starts):
            windows.look_ahead(instant, "opens")
        return windows.starts[at]

    def next_closing(self, instant: Instant) -> Instant:
        """The first closing after `instant`."""
        windows = self._windows
        windows.cover(instant, instant)
        while True:
            at = bisect_right(windows.ends, instant)
            # A window that lasts until the last instant known may go on beyond it.
            if at < len(windows.ends) and windows.ends[at] < windows.covered_until:
                return windows.ends[at]
            windows.look_ahead(instant, "closes")

    def open_from(self, instant: Instant) -> Instant:
        """`instant` when the calendar is open then, else the next opening."""
        return instant if self.is_open(instant) else self.next_opening(instant)

    def closed_by(self, instant: Instant) -> Instant:
        """`instant` when the calendar is open until then, else the closing before it."""
        windows = self._windows
        windows.cover(instant, instant)
        while (at := bisect_left(windows.starts, instant) - 1) < 0:
            windows.look_back(instant, "closes")
        return min(instant, windows.ends[at])

    def add(self, start: Instant, seconds: int) -> Instant:
        """The first instant by which `seconds` of open time have passed since `start`; negative ones are subtracted."""
        if seconds <= 0:
            return self.subtract(start, -seconds) if seconds else start
        windows = self._windows
        if not windows.covered_from <= start <= windows.covered_until:
            windows.cover(start, start)
        goal = windows.passed(start) + seconds
        while goal > windows.known_seconds():
            windows.look_ahead(max(start, windows.ends[-1]) if windows.ends else start, "opens")
        at = bisect_left(windows.before, goal) - 1
        return windows.starts[at] + goal - windows.before[at]

    def subtract(self, end: Instant, seconds: int) -> Instant:
        """The last instant from which `seconds` of open time remain until `end`; negative ones are added."""
        if seconds <= 0:
            return self.add(end, -seconds) if seconds else end
        windows = self._windows
        windows.cover(end, end)
        while (goal := windows.passed(end) - seconds) < 0:
            windows.look_back(min(end, windows.starts[0]) if windows.starts else end, "opens")
        at = bisect_right(windows.before, goal) - 1
        return windows.starts[at] + goal - windows.before[at]

    def between(self, begin: Instant, end: Instant) -> int:
        """Open seconds from `begin` to `end`; none when the end is not after the beginning."""
        if end <= begin:
            return 0
        windows = self._windows
        windows.cover(begin, end)
        return windows.passed(end) - windows.passed(begin)

    def spans(self, begin: Instant, end: Instant) -> Spans:
        """The open time in `[begin, end)`."""
        if end <= begin:
            return Spans()
        windows = self._windows
        windows.cover(begin, end)
        first, last = bisect_right(windows.ends, begin), bisect_left(windows.starts, end)
        pairs = zip(windows.starts[first:last], windows.ends[first:last], strict=True)
        return Spans((max(opens, begin), min(closes, end)) for opens, closes in pairs)

    def day_holding(self, instant: Instant) -> OpenDay:
        """The open date that an instant belongs to (rule 0), the latest that is open then; `TimeError` if none is."""
        windows = self._windows
        windows.cover(instant, instant)
        # A clock set back at midnight shows the day before again, inside a window of the day that has begun.
        for at in range(windows.day_index(windows.local_ordinal(instant) + 2) - 1, -1, -1):
            day = windows.days[at]
            for opens, closes in day.windows:
                if opens <= instant < closes:
                    return day
        raise TimeError(f"{people_instant(instant, self.zone)} is outside hours")

    def local_ordinal(self, instant: Instant) -> int:
        """The ordinal of the local date of `instant`."""
        return self._windows.local_ordinal(instant)

    def earliest_ordinal(self, instant: Instant) -> int:
        """No window that is still open at `instant` belongs to a date before this one."""
        return self._windows.earliest_ordinal(instant)

    def open_day(self, ordinal: int, steps: int = 0) -> OpenDay:
        """The first open date at or after a date, or the one `steps` open dates further on (back, when negative)."""
        windows = self._windows
        while True:
            at = windows.day_index(ordinal) + steps
            if 0 <= at < len(windows.days):
                return windows.days[at]
            known = [_noon(ordinal), *(day.opens for day in windows.days[:1] + windows.days[-1:])]
            if at < 0:
                windows.look_back(min(known), "opens")
            else:
                windows.look_ahead(max(known), "opens")

    def open_days(self, first: int, end: int) -> list[OpenDay]:
        """The open dates from one date until before another."""
        windows = self._windows
        windows.day_index(end - 1)
        begin = windows.day_index(first)
        return windows.days[begin : bisect_left(windows.ordinals, end)]


def _noon(ordinal: int) -> Instant:
    return (ordinal - 719_163) * 86_400 + 43_200


#: Calendars by the mapping that they were read from and its zone: nothing tells plain data apart faster than `marshal`.
_CALENDARS: Kept[tuple[bytes, str], Calendar] = Kept(256)


def _read_again(written: bytes, timezone: str) -> Calendar:
    """The calendar of a mapping, read where it was not read before."""
    return _CALENDARS.get(
        (written, timezone),
        lambda: _shared(_read(marshal.loads(written), timezone)),  # noqa: S302  # what we wrote ourselves a moment ago
    )


def known() -> list[tuple[str, str, int, int]]:
    """The calendars of which this process knows windows: mapping, zone, the first and the last year."""
    found = (
        (*name, calendar._windows.first_year, calendar._windows.last_year) for name, calendar in _CALENDARS.items()
    )
    return [(written.decode("latin-1"), zone, first, last) for written, zone, first, last in found if first <= last]


def learn(written: str, timezone: str, first: int, last: int) -> None:
    """Know the windows of these years as another process does."""
    _read_again(written.encode("latin-1"), timezone)._windows.cover_years(first, last)


@lru_cache(maxsize=256)
def _shared(calendar: Calendar) -> Calendar:
    """The one calendar of all that are equal, so that they share what has been worked out."""
    return calendar


def _read(mapping: object, timezone: str) -> Calendar:
    if not isinstance(mapping, Mapping):
        raise TimeError('a calendar must be a mapping such as {timezone: UTC, hours: {mon-fri: ["09:00-17:30"]}}')
    for key in mapping:
        if key not in _KEYS:
            raise TimeError(f"unknown key “{key}” in a calendar{hint(str(key), _KEYS)}")
    name = text_of(mapping.get("timezone", timezone), "timezone")
    given = mapping.get("holidays")
    sprints = mapping.get("sprints")
    return Calendar(
        timezone=name,
        week=read_week(mapping.get("hours", {})),
        public=None if given is None else Holidays.from_mapping(given),
        closed=read_calendar_spans(mapping.get("closed", ()), "closed"),
        opened=read_calendar_spans(mapping.get("open", ()), "open"),
        sprints=None if sprints is None else Cadence.from_mapping(sprints, name),
    )
