"""Hand-overs and duties that come every so many business days: `{every: 1 business day, at: "09:00", from: DATE}`.

Laws:

- Occurrence `k` is at `at` on the date `k·every` open dates of the calendar after the first one on or after `from`.
- Closed dates start nothing: whoever has the turn of a Friday keeps it until Monday.
- As an open date is one with a window left (rule 0), a holiday moves every later turn by none: turns follow open dates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, time

from respondby.calendars.cadences import Cadence, read_clock
from respondby.calendars.errors import TimeError, text_of
from respondby.calendars.hours import Calendar
from respondby.dataclass import dataclass

_EVERY = re.compile(r"(\d{1,3}) +business +days?", re.ASCII)


@dataclass(frozen=True, slots=True)
class WorkingDays(Cadence):
    """A cadence of business days on `calendar`; `first` is the time of occurrence 0."""

    calendar: Calendar = field(kw_only=True)

    def local(self, k: int) -> datetime:
        """The naive local time of occurrence `k`, of which there is none before 0."""
        day = self.calendar.open_day(self.first.toordinal(), k * self.every)
        return datetime.combine(datetime.fromordinal(day.ordinal), self.first.time())

    def near(self, shown: datetime) -> int:
        """The last occurrence until the end of that local date."""
        today, first = shown.toordinal(), self.first.toordinal()
        if today < first - 1:
            return -1
        return (len(self.calendar.open_days(first, max(today, first) + 1)) - 1) // self.every

    def to_mapping(self) -> dict[str, object]:
        """A plain mapping that reads back as an equal cadence."""
        mapping: dict[str, object] = {**Cadence.to_mapping(self), "calendar": self.calendar.to_mapping()}
        mapping["every"] = f"{self.every} business {'day' if self.every == 1 else 'days'}"
        return {**mapping, "from": self.first.date().isoformat(), "at": f"{self.first:%H:%M}"}


def read_cadence(mapping: object, timezone: str, default: Calendar | None = None) -> Cadence:
    """The cadence of a mapping, one of business days too.

    Those count on the mapping's `calendar` (a calendar object), else on `default`. Raises `TimeError`.
    """
    if not isinstance(mapping, Mapping) or not is_business(mapping.get("every")):
        return Cadence.from_mapping(mapping, timezone)
    parts = _EVERY.fullmatch(" ".join(text_of(mapping["every"], "every").split()))
    if not parts or int(parts[1]) == 0:
        raise TimeError(f"“every: {mapping['every']}” is not a cadence; write one such as 1 business day")
    given = mapping.get("calendar")
    calendar = default if given is None else Calendar.from_mapping(given, timezone)
    if calendar is None:
        raise TimeError(f"“every: {mapping['every']}” needs a calendar; name one, or give the policy a default one")
    if mapping.get("from") is None:
        raise TimeError(f"“every: {mapping['every']}” needs `from`, the date from which it counts")
    if mapping.get("at") is not None and text_of(mapping["at"], "at").strip()[:1].isalpha():
        raise TimeError(f"“at: {mapping['at']}” does not go with business days; write a time such as 09:00")
    plain = Cadence.from_mapping(
        {"every": "1 day", **{key: value for key, value in mapping.items() if key in ("at", "from", "until")}}, timezone
    )
    first = calendar.open_day(plain.first.toordinal())
    begins = datetime.combine(datetime.fromordinal(first.ordinal), _clock(mapping.get("at"), plain.first.time()))
    return WorkingDays(int(parts[1]), "days", begins, timezone, plain.until, calendar=calendar)


def is_business(every: object) -> bool:
    """Does an `every` speak of business days?"""
    return isinstance(every, str) and "business" in every.lower()


def _clock(at: object, otherwise: time) -> time:
    return otherwise if at is None else read_clock(at)
