"""The rules of time once more, slowly: minute by minute, from sets and from what a wall clock shows.

It shares no code with the room but its zone data, and is only right for hours, closings, openings and starts on whole
minutes.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import accumulate

from respondby.calendars.zones import zone as locked_zone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def shown(minute: int, zone: tzinfo) -> datetime:
    """What a wall clock shows, naive."""
    return (EPOCH + timedelta(minutes=minute)).astimezone(zone).replace(tzinfo=None)


@lru_cache(maxsize=64)
def highest_shown(zone: tzinfo, month: int) -> tuple[int, list[datetime]]:
    """The first minute of a month (numbered from the year 0), and the latest time shown by each of its minutes."""
    begin = (datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC) - EPOCH) // MINUTE - 27 * 60
    return begin, list(accumulate((shown(minute, zone) for minute in range(begin, begin + 34 * 1440)), max))


def first_minute(local: datetime, zone: tzinfo) -> int:
    """The first minute at which a wall clock shows `local` or later (rule 5)."""
    begin, latest = highest_shown(zone, local.year * 12 + local.month - 1)
    return begin + bisect_left(latest, local)


class Oracle:
    """A calendar over the dates from `first` to `last`, as the set of its open minutes."""

    def __init__(self, calendar: Mapping[str, object], first: date, last: date) -> None:
        self.zone = locked_zone(str(calendar["timezone"]))
        self.midnights: dict[date, int] = {}
        self.owned: dict[date, set[int]] = {}
        hours = calendar["hours"]
        closed = calendar.get("closed", [])
        assert isinstance(hours, dict)
        assert isinstance(closed, list)
        day = first
        while day <= last:
            open_minutes: set[int] = set()
            if day.isoformat() not in closed:
                for window in hours.get(DAYS[day.weekday()], []):
                    open_minutes |= set(range(*self._window(day, window)))
            for span in closed:
                open_minutes -= self._times(span)
            if open_minutes:
                self.owned[day] = open_minutes
            day += timedelta(days=1)
        opened = calendar.get("open", [])
        assert isinstance(opened, list)
        for span in opened:
            minutes = self._times(span) or set(range(*self._window(date.fromisoformat(span), "00:00-24:00")))
            owner = shown(min(minutes), self.zone).date()
            self.owned[owner] = self.owned.get(owner, set()) | minutes
        self.open: set[int] = set().union(*self.owned.values())

    def is_open(self, minute: int) -> bool:
        return minute in self.open

    def between(self, begin: int, end: int) -> int:
        return sum(minute in self.open for minute in range(begin, end))

    def add(self, start: int, minutes: int) -> int:
        while minutes:
            minutes -= start in self.open
            start += 1
        return start

    def subtract(self, end: int, minutes: int) -> int:
        """The last start from which so many open minutes remain: an opening rather than the closing before it."""
        while minutes:
            end -= 1
            minutes -= end in self.open
        return end

    def open_from(self, start: int) -> int:
        while start not in self.open:
            start += 1
        return start

    def closes(self, day: date) -> int:
        return max(self.owned[day]) + 1

    def business_days(self, start: int, count: int) -> int:
        """Rule 2."""
        start = self.open_from(start)
        own = max(day for day, minutes in self.owned.items() if start in minutes)
        day = sorted(later for later in self.owned if later > own)[count - 1]
        same_time = first_minute(shown(start, self.zone) + (day - own), self.zone)
        minutes = self.owned[day]
        if same_time <= min(minutes):
            same_time = min(minutes)
            while same_time - 1 not in self.open:
                same_time -= 1
        while same_time not in minutes and same_time - 1 not in minutes and same_time > min(minutes):
            same_time -= 1
        return max(start, same_time)

    def end_of_business_day(self, start: int) -> int:
        return min(self.closes(day) for day in self.owned if self.closes(day) > start)

    def end_of_next_business_day(self, start: int) -> int:
        today = shown(start, self.zone).date()
        return self.closes(min(day for day in self.owned if day > today))

    def week_closes(self) -> dict[tuple[int, int], int]:
        closes: dict[tuple[int, int], int] = {}
        for day in self.owned:
            week = day.isocalendar()[:2]
            closes[week] = max(closes.get(week, 0), self.closes(day))
        return closes

    def end_of_week(self, start: int) -> int:
        return min(close for close in self.week_closes().values() if close > start)

    def end_of_next_week(self, start: int) -> int:
        this_week = shown(start, self.zone).date().isocalendar()[:2]
        closes = self.week_closes()
        return closes[min(week for week in closes if week > this_week)]

    def moved(self, end: int, start: int, pauses: Sequence[tuple[int, int]]) -> int:
        """Rule 6: minute by minute, a pause counting when what it is part of begins before the due as moved so far."""
        paused = {minute for begin, finish in pauses for minute in range(max(begin, start), finish)}
        minute = start
        while minute < end:
            if minute in paused:
                begin = minute
                while minute in paused:
                    minute += 1
                end = self.add(end, self.between(begin, minute))
            else:
                minute += 1
        return end

    def _window(self, day: date, window: str) -> tuple[int, int]:
        opens, closes = ((int(text[:2]), int(text[3:])) for text in window.split("-"))
        midnight = datetime(day.year, day.month, day.day)
        begin = midnight + timedelta(hours=opens[0], minutes=opens[1])
        end = midnight + timedelta(days=closes <= opens, hours=closes[0], minutes=closes[1])
        return first_minute(begin, self.zone), first_minute(end, self.zone)

    def _times(self, span: str) -> set[int]:
        if "/" not in span:
            return set()
        begin, end = (first_minute(datetime.fromisoformat(text), self.zone) for text in span.split("/"))
        return set(range(begin, end))
