"""Spans as people write them (SPAN of the language): `DATE`, `DATE/DATE` with the last date included, or `T/T`.

A span of dates is kept apart from a span of times, because a calendar treats them differently: a closed date removes
the windows that open on it, closed times are cut out of whatever is open (rule 0).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from respondby.calendars.errors import TimeError, text_of
from respondby.calendars.instants import instant_of, read_date, read_time, resolve, time_text
from respondby.calendars.spans import Pair, Spans


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


Dated = DateSpan | TimeSpan


def read_span(text: str) -> Dated:
    """A SPAN of the language. Raises `TimeError` for one that ends before it begins, or has no length."""
    begins, slash, ends = text_of(text, "a span").strip().partition("/")
    if len(begins) == 10:
        first = read_date(begins)
        last = read_date(ends) if slash else first
        if last < first:
            raise TimeError(f"“{text}” ends before it begins; write the earlier date first")
        if last == date.max:
            raise TimeError(f"“{text}” lies outside the years 1 to 9999")
        return DateSpan(first, last)
    if not slash:
        raise TimeError(f"“{text:.80}” is no span; write a date, or two dates or two times with a slash between")
    span = TimeSpan(read_time(begins), read_time(ends) if len(ends) > 10 else _refuse_date(text))
    if (span.begins.tzinfo is None) != (span.ends.tzinfo is None):
        raise TimeError(f"“{text}” has an offset on one side only; give both or neither")
    if span.ends <= span.begins:
        raise TimeError(f"“{text}” has no length; its end must come after its beginning")
    return span


def read_spans(texts: object, what: str) -> tuple[Dated, ...]:
    """A list of SPANs in the order of their text, each once; `what` names the list in an error."""
    if not isinstance(texts, Sequence) or isinstance(texts, str):
        raise TimeError(f"{what} must be a list of spans, such as [2026-12-31, 2026-12-24T12:00/2026-12-24T17:30]")
    return tuple(sorted({read_span(text) for text in texts}, key=str))


def spans_of(dated: Iterable[Dated], where: tzinfo) -> Spans:
    """The instants that these spans hold together in `where`."""
    return Spans(span.pair(where) for span in dated)


def _midnight(day: date, where: tzinfo) -> int:
    return resolve(datetime.fromordinal(day.toordinal()), where)


def _refuse_date(text: str) -> datetime:
    raise TimeError(f"“{text:.80}” mixes a date and a time; write two dates or two times")
