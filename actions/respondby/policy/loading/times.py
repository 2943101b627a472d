"""Durations, instants, spans, cadences, calendars and rotas of a policy: the calendars' own readers, with places.

Each part is first read alone, so that what is wrong in it is shown where it stands, and then the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from respondby.calendars.cadences import Cadence
from respondby.calendars.dated import MOST_SPANS, read_calendar_span, read_span, spans_of
from respondby.calendars.dues import measured_on
from respondby.calendars.durations import Duration, parse_duration
from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import FIRST_YEAR, LAST_YEAR, Instant, parse_time, read_date, read_time, wall, zone
from respondby.calendars.public_holidays import read_half_day
from respondby.calendars.spans import Spans
from respondby.calendars.targets import At, EndOf, Within, parse_by
from respondby.calendars.weeks import read_days, read_window
from respondby.calendars.working_days import is_business, read_cadence
from respondby.dataclass import dataclass
from respondby.policy.model.clocks import Rung, Target
from respondby.policy.text.cursor import Cursor, Refused, each, scalar

T = TypeVar("T")

#: What a word such as `weekly` may have meant, written out.
_RHYTHMS = {
    "hourly": "{ every: 1 hour }",
    "daily": '{ every: 1 day, at: "09:00" }',
    "weekly": "{ every: 1 week, at: monday 09:00 }",
    "monthly": "{ every: 1 month, at: 1 09:00 }",
    "quarterly": "{ every: 3 months, at: 1 09:00, from: 2026-01-01 }",
    "yearly": "{ every: 12 months, at: 1 09:00, from: 2026-01-01 }",
}


def refused_time(cursor: Cursor, error: TimeError) -> Refused:
    """Note at this value, or at the part of it that is quoted, what a reader of `calendars` refused."""
    message, _, hint = str(error).partition("; ")
    if cursor.node.kind == "mapping":
        parts = [child for _, child in cursor.items() if child.node.kind == "text"]
        cursor = next((part for part in parts if f"{part.text()}”" in message), cursor)
    return cursor.refused(_sentence(message), hint=_sentence(hint), rule="time")


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if not text or text[-1] in ".?!" else text + "."


def _read(cursor: Cursor, reader: Callable[[str], T], text: str | None = None) -> T:
    try:
        return reader(cursor.text() if text is None else text)
    except TimeError as error:
        raise refused_time(cursor, error) from None


def parse_zone(cursor: Cursor) -> str:
    """The name of an IANA time zone."""
    _read(cursor, zone)
    return cursor.text()


def parse_length(cursor: Cursor, text: str | None = None) -> Duration:
    """A duration (D): this value's, or that of `text`, which is a part of it."""
    return _read(cursor, parse_duration, text)


def parse_elapsed(cursor: Cursor) -> int:
    """An elapsed time, in seconds: no business hours or days."""
    length = parse_length(cursor)
    if length.business or length.business_days:
        raise cursor.refused("An elapsed time is expected here.", hint="Write `30m`, `1h` or `24h`.", rule="duration")
    return length.seconds


def parse_end(cursor: Cursor) -> EndOf | At:
    """`end of [next] business day | week | sprint`, or a T."""
    end = _read(cursor, parse_by)
    assert isinstance(end, EndOf | At), "what somebody said and hand-overs are told apart before"
    return end


@dataclass(frozen=True, slots=True)
class Book:
    """The calendars of a policy, of which `default` serves a target that names none (rule 1)."""

    calendars: Mapping[str, Calendar]
    default: str | None

    def measure(self, cursor: Cursor, target: Within | EndOf | At, named: str | None) -> None:
        """Refuse a target that cannot be measured: on no calendar, or plain days on one."""
        unread = named is not None and named not in self.calendars  # noted where it was named, or where it was read
        if unread or (named is None and self.default is not None and self.default not in self.calendars):
            return
        calendar = self.calendars[named] if named is not None else None
        default = self.calendars[self.default] if self.default is not None else None
        if isinstance(target, Within) and target.duration.business and calendar is None and default is None:
            hint = "Name one, or give the policy a default `calendar`."
            raise cursor.refused("Business time needs a calendar.", hint=hint, rule="time")
        try:
            chosen = measured_on(target, calendar, default)
        except TimeError as error:
            raise refused_time(cursor, error) from None
        if isinstance(target, EndOf) and target.period == "sprint" and chosen is not None and chosen.sprints is None:
            hint = "Add `sprints: { every: 2 weeks, from: 2026-01-05 }` to it."
            raise cursor.refused("The calendar of this target has no sprints.", hint=hint, rule="time")

    def measure_rungs(self, cursor: Cursor, target: Target, rungs: Iterable[Rung]) -> None:
        """Refuse a ladder with business time for a target that no calendar measures."""
        if self.default is not None or all(choice.calendar for choice in target.choices if not choice.none):
            return
        for rung in rungs:
            lengths = (rung.at.offset, rung.repeat.every if rung.repeat is not None else None)
            for length in lengths:
                if length is not None and length.business:
                    hint = "Give the policy a default `calendar`."
                    message = f"`{length}` of this ladder needs a calendar."
                    raise cursor.refused(message, value=length, hint=hint, rule="time")


def parse_instant(cursor: Cursor, timezone: str) -> Instant:
    """A DATE (its midnight) or T, local in that zone unless it has an offset."""
    return _read(cursor, lambda text: parse_time(text, zone(timezone)))


def parse_entry_time(cursor: Cursor, timezone: str) -> Instant:
    """The DATE or T of an entry of a rota: one that a person can have meant."""
    instant = parse_instant(cursor, timezone)
    year = wall(instant, zone(timezone)).year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        hint = f"Is the year right? Entries lie in the years {FIRST_YEAR} to {LAST_YEAR}."
        raise cursor.refused(f"This lies in the year {year}.", hint=hint, rule="time")
    return instant


def parse_spans(cursor: Cursor, timezone: str) -> Spans:
    """A list of SPANs as instants."""
    items = cursor.entries()
    if len(items) > MOST_SPANS:
        hint = f"Leave those that are to come, {MOST_SPANS} at most."
        raise cursor.refused(f"This lists {len(items)} spans.", hint=hint, rule="time")
    return spans_of(each(items, lambda item: _read(item, read_span)), zone(timezone))


def parse_cadence(cursor: Cursor, timezone: str, book: Book | None = None) -> Cadence:
    """A CADENCE, its local times in that zone; with a `book` it may count business days on one of its calendars."""
    if cursor.node.kind != "mapping":
        hint = f"Write it such as `{_RHYTHMS.get(scalar(cursor.node).strip().lower(), _RHYTHMS['weekly'])}`."
        raise cursor.refused("A schedule is a mapping with `every`.", hint=hint)
    cursor.mapping(("every", "at", "from", "until", *(("calendar",) if book else ())), required=("every",))
    for key in ("every", "at"):
        cursor.maybe(key, Cursor.text)
    for key in ("from", "until"):
        cursor.maybe(key, lambda item: _read(item, read_time))
    named = cursor.maybe("calendar", lambda item: item.name("calendar")) if book else None
    data = {key: value for key, value in cursor.node.data().items() if key != "calendar"}
    if not is_business(data.get("every")):
        if named is not None:
            hint = "Write `every: 1 business day`, or leave `calendar` out."
            raise cursor.at("calendar").refused("Only business days count on a calendar.", hint=hint, rule="time")
        return whole(cursor, lambda _: Cadence.from_mapping(data, timezone))
    chosen = named if named is not None else book.default if book else None
    if chosen is None:
        hint = "Name one (`calendar: office`), or give the policy a default `calendar`."
        message = "Business days need a calendar." if book else "This cannot follow business days."
        raise cursor.at("every").refused(message, hint=hint if book else "Write days or weeks.", rule="time")
    if book is None or chosen not in book.calendars:
        raise Refused  # noted where it was named
    return whole(cursor, lambda _: read_cadence(data, timezone, book.calendars[chosen]))


def whole(cursor: Cursor, reader: Callable[[object], T]) -> T:
    """What a reader of `calendars` makes of everything at this value."""
    try:
        return reader(cursor.node.data())
    except TimeError as error:
        raise refused_time(cursor, error) from None


def parse_calendar(cursor: Cursor, timezone: str) -> Calendar:
    """One of `calendars`; `timezone` is that of one which names none.

    Whether holidays are known for its country is a check of sense (`policy.checks.calendars`): to ask loads a large
    library, which a desk at work does only when it needs a holiday.
    """
    cursor.mapping(("timezone", "hours", "holidays", "closed", "open", "sprints"), required=("hours",))
    noted = len(cursor.notes.problems)
    zone_name = cursor.maybe("timezone", parse_zone) or timezone
    cursor.maybe("hours", _hours)
    cursor.maybe("holidays", _holidays)
    for key in ("closed", "open"):
        cursor.maybe(key, lambda item: each(item.entries(), lambda span: _read(span, read_calendar_span)))
    cursor.maybe("sprints", lambda item: parse_cadence(item, zone_name))
    if len(cursor.notes.problems) > noted:
        raise Refused
    return whole(cursor, lambda mapping: Calendar.from_mapping(mapping, zone_name))


def _hours(cursor: Cursor) -> None:
    for days, windows in cursor.items():
        line, column = cursor.node.keys[days]
        try:
            read_days(days)
        except TimeError as error:
            message, _, hint = str(error).partition("; ")
            cursor.notes.problem(line, column, _sentence(message), value=days, hint=_sentence(hint), rule="time")
        each(windows.entries(), lambda item: _read(item, read_window))


def _holidays(cursor: Cursor) -> None:
    keys = ("country", "subdivision", "categories", "also", "except", "half-days", "until")
    cursor.mapping(keys, required=("country",))
    for key in ("country", "subdivision"):
        cursor.maybe(key, lambda item: item.text())
    for key in ("categories", "also", "except"):
        cursor.several(key, lambda item: item.text())
    cursor.maybe("half-days", lambda item: _read(item, read_half_day))
    cursor.maybe("until", lambda item: _read(item, read_date))
