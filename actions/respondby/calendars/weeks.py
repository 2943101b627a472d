"""The hours of a week (`hours` of a calendar): for each weekday the windows that open on it.

A window is `HH:MM-HH:MM`, half-open, in minutes since the midnight that begins its date. `24:00` ends a day; an end
that does not come after the beginning is the next day's, so `22:00-06:00` crosses midnight. A window belongs to the
date on which it opens (rule 0), and one of no length is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from respondby.calendars.errors import TimeError, hint, text_of

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES = 1440

#: So many windows may open on one day.
MOST_WINDOWS = 48

Window = tuple[int, int]
Week = tuple[tuple[Window, ...], ...]

LONG_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENGLISH = f"; days are in English: {', '.join(DAY_NAMES)}"
_WINDOW = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)


def read_week(hours: object) -> Week:
    """The seven days, Monday first, of a mapping such as `{mon-fri: ["09:00-12:30", "13:00-17:30"]}`.

    A day that several keys name has the windows of all of them. Raises `TimeError` naming the key that is wrong.
    """
    if not isinstance(hours, Mapping):
        raise TimeError('hours must be a mapping such as {mon-fri: ["09:00-17:30"]}')
    days: list[set[Window]] = [set() for _ in DAY_NAMES]
    for key, windows in hours.items():
        if not isinstance(windows, Sequence) or isinstance(windows, str):
            raise TimeError(f'hours.{key} must be a list of windows such as ["09:00-17:30"]')
        if len(windows) > MOST_WINDOWS:
            raise TimeError(f"hours.{key} lists {len(windows)} windows; a day has {MOST_WINDOWS} at most")
        read = {read_window(window) for window in windows}
        for day in read_days(key):
            days[day] |= read
            if len(days[day]) > MOST_WINDOWS:
                raise TimeError(f"{DAY_NAMES[day]} has {len(days[day])} windows; a day has {MOST_WINDOWS} at most")
    return tuple(tuple(sorted(windows)) for windows in days)


def read_days(key: object) -> list[int]:
    """The weekdays (Monday is 0) that `mon`, `mon-fri` or `sat-mon` means."""
    first, dash, last = text_of(key, "a weekday").partition("-")
    begin = read_weekday(first)
    end = read_weekday(last) if dash else begin
    return [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]


def read_weekday(name: str) -> int:
    """The number of a weekday, Monday being 0, from its short or long English name."""
    for names in (DAY_NAMES, LONG_NAMES):
        if name.strip().lower() in names:
            return names.index(name.strip().lower())
    # Only a name with the same first letter was a slip: `lun` is Monday in half of Europe, and never `sun`.
    near = hint(name, [known for known in DAY_NAMES + LONG_NAMES if known[0] == name.strip().lower()[:1]])
    raise TimeError(f"“{name:.40}” is not a weekday{near or _ENGLISH}")


def read_window(text: object) -> Window:
    """A window in minutes since its date's midnight; the end is more than 1440 where it crosses midnight."""
    parts = _WINDOW.fullmatch(text_of(text, "a window").strip())
    if not parts:
        raise TimeError(f"“{text!s:.40}” is not a window; write one such as 09:00-17:30")
    opens_hour, opens_minute, closes_hour, closes_minute = map(int, parts.groups())
    for hour, minute in ((opens_hour, opens_minute), (closes_hour, closes_minute)):
        if minute > 59 or hour * 60 + minute > MINUTES:
            raise TimeError(f"“{text}” is not a window: {hour:02}:{minute:02} is not a time of day (00:00 to 24:00)")
    opens, closes = opens_hour * 60 + opens_minute, closes_hour * 60 + closes_minute
    if opens == MINUTES:
        raise TimeError(f"“{text}” opens at 24:00; write 00:00 on the next day")
    if opens == closes:
        raise TimeError(f"“{text}” has no length; for a whole day write 00:00-24:00")
    return opens, closes if closes > opens else closes + MINUTES


def window_text(window: Window) -> str:
    """The text that `read_window` reads back."""
    opens, closes = window
    closes = closes - MINUTES if closes > MINUTES else closes
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"


def week_mapping(week: Week) -> dict[str, list[str]]:
    """The shortest mapping that `read_week` reads back: days in a row with the same windows share a key."""
    mapping: dict[str, list[str]] = {}
    first = 0
    for day in range(1, 8):
        if day == 7 or week[day] != week[first]:
            if week[first]:
                key = DAY_NAMES[first] if day - first == 1 else f"{DAY_NAMES[first]}-{DAY_NAMES[day - 1]}"
                mapping[key] = [window_text(window) for window in week[first]]
            first = day
    return mapping


def overlaps(week: Week) -> Iterator[tuple[str, str, str]]:
    """Each two windows that share a minute: the weekday on which the later one opens, and both texts.

    Arithmetic merges them; `respondby check` refuses them, since somebody has mistyped an hour.
    """
    placed = sorted(
        (day * MINUTES + opens, day * MINUTES + closes, day)
        for day, windows in enumerate(week)
        for opens, closes in windows
    )
    wrapped = [(opens + 7 * MINUTES, closes + 7 * MINUTES, day) for opens, closes, day in placed]
    for index, (opens, closes, day) in enumerate(placed):
        for later_opens, later_closes, later_day in (placed + wrapped)[index + 1 : index + len(placed)]:
            if later_opens < closes:
                earlier = window_text((opens - day * MINUTES, closes - day * MINUTES))
                start = later_opens - later_opens % MINUTES
                yield DAY_NAMES[later_day], earlier, window_text((later_opens - start, later_closes - start))
