"""Spans as people write them (SPAN of the language): `DATE`, `DATE/DATE` with the last date included, or `T/T`.

In a calendar the year may be left out of all of them: `12-24`, `12-24/01-02`, `12-24T12:00/12-24T18:00` come back every
year.

A span of dates is kept apart from a span of times, because a calendar treats them differently: a closed date removes
the windows that open on it, closed times are cut out of whatever is open (rule 0).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo

from respondby.calendars.errors import TimeError, text_of
from respondby.calendars.instants import instant_of, read_date, read_time, resolve, time_text
from respondby.calendars.spans import Pair, Spans
from respondby.dataclass import dataclass

#: So many spans may stand in one list: what is read takes time that grows with them.
MOST_SPANS = 500

_YEARLY = re.compile(
    r"(?P<first>\d\d-\d\d)(?:T(?P<begins>\d\d:\d\d))?(?:/(?P<last>\d\d-\d\d)(?:T(?P<ends>\d\d:\d\d))?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Whole dates, from `first` to `last`, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}/{self.last}"

    def pair(self, where: tzinfo) -> Pair:
        """From the midnight that begins the first date to the one that ends the last, in `where`."""
        return _midnight(self.first, where), _midnight(self.last + timedelta(days=1), where)

    def holds(self, ordinal: int) -> bool:
        """Is the date with this ordinal one of them?"""
        return self.first.toordinal() <= ordinal <= self.last.toordinal()


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """From one time until another, each naive (local) or with an offset as it was written."""

    begins: datetime
    ends: datetime

    def __str__(self) -> str:
        return f"{time_text(self.begins)}/{time_text(self.ends)}"

    def pair(self, where: tzinfo) -> Pair:
        """The two instants, local ones in `where`; they may be equal where a clock change swallows the span."""
        return instant_of(self.begins, where), instant_of(self.ends, where)


@dataclass(frozen=True, slots=True)
class Yearly:
    """A span that comes back: its month, day and perhaps time at either end. It may go on into the next year."""

    first: tuple[int, int]
    last: tuple[int, int]
    times: tuple[str, str] | None = None

    def __str__(self) -> str:
        ends = [f"{month:02}-{day:02}" for month, day in (self.first, self.last)]
        if self.times is not None:
            return "/".join(f"{end}T{time}" for end, time in zip(ends, self.times, strict=True))
        return ends[0] if self.first == self.last else "/".join(ends)

    def beginning_in(self, year: int) -> DateSpan | TimeSpan:
        """The one that begins in a year."""
        begin = date(year, *self.first)
        whole_year = self.last < self.first or (
            self.last == self.first and self.times is not None and self.times[1] <= self.times[0]
        )
        end = date(year + 1 if whole_year else year, *self.last)
        if self.times is None:
            return DateSpan(begin, end)
        return TimeSpan(*(read_time(f"{day}T{time}") for day, time in zip((begin, end), self.times, strict=True)))


Dated = DateSpan | TimeSpan


def read_calendar_span(text: str) -> Dated | Yearly:
    """A SPAN of a calendar, which may come back every year. Raises `TimeError` as `read_span` does."""
    parts = _YEARLY.fullmatch(text_of(text, "a span").strip())
    if not parts:
        return read_span(text)
    if (parts["ends"] is None) != (parts["begins"] is None) and parts["last"] is not None:
        raise TimeError(f"“{text:.80}” mixes a date and a time; write two dates or two times")
    if parts["begins"] is not None and parts["last"] is None:
        raise TimeError(f"“{text:.80}” is not a span; write two times with a slash between")
    first = _month_day(parts["first"], text)
    last = first if parts["last"] is None else _month_day(parts["last"], text)
    if parts["begins"] is None:
        return Yearly(first, last)
    for time in (parts["begins"], parts["ends"]):
        read_time(f"2000-01-01T{time}")
    return Yearly(first, last, (parts["begins"], parts["ends"]))


def read_span(text: str) -> Dated:
    """A SPAN of the language. Raises `TimeError` for one that ends before it begins, or has no length."""
    begins, slash, ends = text_of(text, "a span").strip().partition("/")
    if _YEARLY.fullmatch(text.strip()):
        raise TimeError(f"“{text:.80}” has no year; only `closed` and `open` of a calendar come back every year")
    if len(begins) == 10:
        first = read_date(begins)
        last = read_date(ends) if slash else first
        if last < first:
            raise TimeError(f"“{text}” ends before it begins; write the earlier date first")
        if last == date.max:
            raise TimeError(f"“{text}” lies outside the years 1 to 9999")
        return DateSpan(first, last)
    if not slash:
        raise TimeError(f"“{text:.80}” is not a span; write a date, or two dates or two times with a slash between")
    span = TimeSpan(read_time(begins), read_time(ends) if len(ends) > 10 else _refuse_date(text))
    if (span.begins.tzinfo is None) != (span.ends.tzinfo is None):
        raise TimeError(f"“{text}” has an offset on one side only; give both or neither")
    if span.ends <= span.begins:
        raise TimeError(f"“{text}” has no length; its end must come after its beginning")
    return span


def read_spans(texts: object, what: str) -> tuple[Dated, ...]:
    """A list of SPANs in the order of their text, each once; `what` names the list in an error."""
    return tuple(sorted({read_span(text) for text in _texts(texts, what)}, key=str))


def read_calendar_spans(texts: object, what: str) -> tuple[Dated | Yearly, ...]:
    """The same of a calendar, where spans may come back every year."""
    return tuple(sorted({read_calendar_span(text) for text in _texts(texts, what)}, key=str))


def _texts(texts: object, what: str) -> Sequence[str]:
    if not isinstance(texts, Sequence) or isinstance(texts, str):
        raise TimeError(f"{what} must be a list of spans, such as [2026-12-31, 2026-12-24T12:00/2026-12-24T17:30]")
    if len(texts) > MOST_SPANS:
        raise TimeError(f"{what} lists {len(texts)} spans; leave those that are to come, {MOST_SPANS} at most")
    return texts


def spans_of(dated: Iterable[Dated], where: tzinfo) -> Spans:
    """The instants that these spans hold together in `where`."""
    return Spans(span.pair(where) for span in dated)


def _midnight(day: date, where: tzinfo) -> int:
    return resolve(datetime.fromordinal(day.toordinal()), where)


def _month_day(text: str, whole: str) -> tuple[int, int]:
    month, day = int(text[:2]), int(text[3:])
    if (month, day) == (2, 29):
        raise TimeError(f"“{whole:.80}”: most years have no 29 February; write 02-28 or 03-01")
    try:
        date(2001, month, day)
    except ValueError as wrong:
        raise TimeError(f"“{whole:.80}” is not a date: {wrong}") from None
    return month, day


def _refuse_date(text: str) -> datetime:
    raise TimeError(f"“{text:.80}” mixes a date and a time; write two dates or two times")
