"""Instants and the wall clock: the only place where seconds become dates and dates become seconds.

Laws (rule 5 of the language):

- An `Instant` is a whole number of seconds since 1970-01-01T00:00Z. Everything in the core compares and adds instants.
- A local time that a zone skips is the first instant after the gap; one that it repeats is its first occurrence.
- `resolve(wall(i, z), z) <= i`, and equal unless `i` lies in a repeated hour's second pass.
- `resolve` never runs backwards: an earlier local time is never a later instant.
"""

import re
from datetime import UTC as UTC_OFFSET
from datetime import date, datetime, timedelta, timezone, tzinfo

from respondby.calendars import zones
from respondby.calendars.errors import TimeError, text_of

Instant = int

#: The time zone of an IANA name (`zones.zone`), which most who ask for instants ask for too.
zone = zones.zone

UTC = zone("UTC")
DAY = 86_400

#: Later than every instant: the end of a pause that nobody has ended, and the due of a clock held by one. The first
#: second of the year 10000, which no wall clock of ours can show.
FOREVER: Instant = 253_402_300_800

#: The years for which calendars and cadences answer; outside them nothing is promised.
FIRST_YEAR, LAST_YEAR = 1900, 2200

_EPOCH = datetime.fromordinal(719_163)
_EPOCH_UTC = _EPOCH.replace(tzinfo=UTC_OFFSET)
_SECOND = timedelta(seconds=1)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[Tt ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?(?P<offset>[Zz]|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def resolve(local: datetime, where: tzinfo) -> Instant:
    """The instant at which a wall clock in `where` shows the naive `local` (rule 5)."""
    if local.fold:
        local = local.replace(fold=0)
    before = where.utcoffset(local)
    assert before is not None, "a zone always has an offset"
    since = local - _EPOCH - before
    instant = since.days * DAY + since.seconds
    after = wall(instant, where).utcoffset()
    assert after is not None, "a zone always has an offset"
    if after == before:
        return instant
    # The clock jumped over `local`, somewhere after `low` and at or before `instant`: where the offset changes.
    low = instant - (after - before) // _SECOND
    while instant - low > 1:
        middle = (low + instant) // 2
        if wall(middle, where).utcoffset() == before:
            low = middle
        else:
            instant = middle
    return instant


def wall(instant: Instant, where: tzinfo) -> datetime:
    """What a clock in `where` shows at `instant`, with its offset."""
    try:
        return datetime.fromtimestamp(instant, where)
    except (ValueError, OverflowError, OSError):
        raise TimeError("that time lies outside the years 1 to 9999") from None


def iso(instant: Instant) -> str:
    """`instant` as ISO 8601 in UTC, such as `2026-11-23T08:30:00Z`."""
    try:
        return (_EPOCH + timedelta(0, instant)).isoformat() + "Z"
    except OverflowError:
        raise TimeError("that time lies outside the years 1 to 9999") from None


def people_time(instant: Instant, where: tzinfo) -> str:
    """`instant` on a wall clock in `where` for people, such as `Mon 23 Nov 2026, 09:30`, with seconds if any."""
    shown = wall(instant, where)
    return f"{people_date(shown)}, {people_clock(shown)}"


def people_instant(instant: Instant, where: tzinfo) -> str:
    """`instant` where nothing else says whose clock is meant: `Mon 23 Nov 2026, 09:30 (Europe/Brussels)`."""
    return f"{people_time(instant, where)} ({where})"


def people_clock(shown: datetime) -> str:
    """The time of day of a wall clock for people: `09:30`, with seconds if any; `02:30 UTC+2` where it comes twice."""
    clock = shown.strftime("%H:%M:%S" if shown.second else "%H:%M")
    return f"{clock} {twice}" if (twice := pass_of(shown)) else clock


def pass_of(shown: datetime) -> str:
    """The offset, such as `UTC+2`, of what a wall clock shows twice that day: it says which is meant. Else empty."""
    own = shown.utcoffset()
    if own is None or shown.replace(fold=1 - shown.fold).utcoffset() == own:
        return ""
    minutes = own // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def people_date(day: date) -> str:
    """A date for people, such as `Mon 23 Nov 2026`, in English whatever the machine's locale is."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def read_date(text: str) -> date:
    """An ISO 8601 date, such as `2026-12-31`."""
    parts = _DATE.fullmatch(text_of(text, "a date"))
    if not parts:
        raise TimeError(f"“{text:.60}” is not a date; write one such as 2026-12-31")
    try:
        return date(*map(int, parts.groups()))
    except ValueError as wrong:
        raise TimeError(f"“{text}” is not a date: {wrong}") from None


def read_time(text: str) -> datetime:
    """An ISO 8601 time (T of the language): naive when it is local, aware when it has an offset.

    A date alone is its midnight, `24:00` the next one. Fractions of a second are dropped: arithmetic is in whole ones.
    """
    if type(text) is str and _is_usual(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # the slower way knows 24:00, and says what is wrong
    parts = _TIME.fullmatch(text_of(text, "a time").strip())
    if not parts:
        raise TimeError(f"“{text:.60}” is not a time; write one such as 2026-11-20T16:00 or 2026-11-20T16:00+01:00")
    midnight = datetime.combine(read_date(parts["date"]), datetime.min.time())
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if minute > 59 or second > 59 or hour * 3600 + minute * 60 + second > DAY:
        raise TimeError(f"“{text}” is not a time: a day runs from 00:00 to 24:00")
    try:
        local = midnight + timedelta(hours=hour, minutes=minute, seconds=second)
    except OverflowError:
        raise TimeError(f"“{text}” lies outside the years 1 to 9999") from None
    return local if parts["offset"] is None else local.replace(tzinfo=_offset(parts["offset"], text))


def _is_usual(text: str) -> bool:
    """Is it written so that `datetime` reads what we do: `…T16:00`, `…T16:00:05`, perhaps with `Z` or `+01:00`?

    Only the places of the signs are looked at; `datetime` takes ASCII digits alone between them.
    """
    size = len(text)
    if size not in (16, 17, 19, 20, 22, 25) or text[4] != "-" or text[7] != "-" or text[10] != "T" or text[13] != ":":
        return False
    if size in (16, 19):
        return size == 16 or text[16] == ":"
    if size in (17, 20):
        return text[-1] == "Z" and (size == 17 or text[16] == ":")
    return text[-6] in "+-" and text[-3] == ":" and text[-2] < "6" and (size == 22 or text[16] == ":")


def instant_of(time: datetime, where: tzinfo) -> Instant:
    """The instant of a time that `read_time` gave: local in `where` unless it has an offset."""
    if time.tzinfo is None:
        return resolve(time, where)
    since = time - _EPOCH_UTC
    return since.days * DAY + since.seconds


def parse_time(text: str, where: tzinfo | None) -> Instant:
    """The instant of an ISO 8601 text, local in `where` unless it has an offset; without `where` it must have one."""
    time = read_time(text)
    if where is None and time.tzinfo is None:
        raise TimeError(f"“{text}” needs an offset, such as {time_text(time)}Z or {time_text(time)}+01:00")
    return instant_of(time, where or UTC)


def time_text(time: datetime) -> str:
    """The shortest text that `read_time` reads back as `time`."""
    return time.isoformat(timespec="seconds" if time.second else "minutes").replace("+00:00", "Z")


def _offset(text: str, whole: str) -> timezone:
    if text in "Zz":
        return UTC_OFFSET
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise TimeError(f"“{whole}” has no valid offset: {text}")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)
