"""Instants and lengths of time, as people of one language and zone say them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from respondby.calendars.durations import parse_duration
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, wall
from respondby.letters.neutral import inline

#: The language of a desk whose customers have none, and of letters that are not there in theirs.
DEFAULT = "en"

_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class Speaking:
    """A language and the zones in which times are said: the desk's first, then the customer's where it has another."""

    language: str
    zones: tuple[str, ...]

    @property
    def words(self) -> dict[str, Any]:
        """The language's words of time."""
        return _words(self.language)

    def name(self, name: str) -> str:
        """A name of the policy as it is said in this language; as it is written where nobody has said how."""
        return str(self.words["names"].get(name, name))

    def at(self, instant: Instant) -> str:
        """`Mon 28 Dec 2026, 17:30 (Europe/Brussels)`, in the desk's zone; with seconds only where there are any."""
        return self._at(instant, self.zones[0])

    def everywhere(self, instant: Instant) -> tuple[str, ...]:
        """The same in each zone, without those whose clocks show the same."""
        shown = {wall(instant, ZoneInfo(zone)).replace(tzinfo=None): zone for zone in reversed(self.zones)}
        return tuple(self._at(instant, zone) for zone in reversed(shown.values()))

    def relative(self, instant: Instant, now: Instant) -> str:
        """`in 25 minutes`, `3 hours ago`, `now`: for texts that are read when they are sent."""
        length = abs(instant - now)
        if length < 60:
            return str(self.words["now"])
        pattern = self.words["in"] if instant > now else self.words["ago"]
        return str(pattern).replace("{length}", self._length(length - length % 60, "", 2))

    def length(self, text: str) -> str:
        """A duration of the policy in words: `1h30m` is `1 hour 30 minutes`. What is no duration stays as it is."""
        try:
            duration = parse_duration(text)
        except TimeError:
            return inline(text)
        if duration.business_days:
            return self._count(duration.business_days, "business day")
        return self._length(duration.seconds, "business " if duration.business else "", len(_UNITS))

    def promise(self, text: str) -> str:
        """A target of the policy in words: `within 1 business hour`, `by the end of the next business day`."""
        if text.startswith(("/", "@")):
            return str(self.words["agreed"])
        if text in self.words["ends"]:
            return str(self.words["ends"][text])
        try:
            parse_duration(text)
        except TimeError:
            return ""  # a fixed time: the due says it all
        return str(self.words["within"]).replace("{length}", self.length(text))

    def _at(self, instant: Instant, zone: str) -> str:
        shown = wall(instant, ZoneInfo(zone))
        parts = {
            "weekday": self.words["weekdays"][shown.weekday()],
            "day": str(shown.day),
            "month": self.words["months"][shown.month - 1],
            "year": str(shown.year),
            "time": shown.strftime("%H:%M:%S" if shown.second else "%H:%M"),
            "zone": zone,
        }
        text = str(self.words["instant"])
        for name, part in parts.items():
            text = text.replace(f"{{{name}}}", part)
        return text

    def _length(self, seconds: int, kind: str, most: int) -> str:
        parts = []
        for unit, size in _UNITS:
            # Days of open time are no days: `8 business hours` stay hours.
            if kind and unit == "day":
                continue
            count, seconds = divmod(seconds, size)
            if count:
                parts.append(self._count(count, kind + unit))
        return " ".join(parts[:most])

    def _count(self, number: int, unit: str) -> str:
        one, many = self.words["units"][unit]
        return str(one if number == 1 else many).replace("{n}", str(number))


def speaking(language: str | None, timezone: str, customer_timezone: str | None = None) -> Speaking:
    """How to speak to somebody; a language without letters falls back to English."""
    zones = (timezone,) if customer_timezone is None else (timezone, customer_timezone)
    return Speaking(language if language in languages() else DEFAULT, zones)


@cache
def languages() -> frozenset[str]:
    """The languages that there are letters in: the folders of this package."""
    return frozenset(entry.name for entry in files("respondby.letters").iterdir() if (entry / "words.json").is_file())


@cache
def _words(language: str) -> dict[str, Any]:
    words: dict[str, Any] = json.loads(
        (files("respondby.letters") / language / "words.json").read_text(encoding="utf-8")
    )
    return words
