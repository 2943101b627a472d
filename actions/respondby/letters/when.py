"""Instants and lengths of time, as people of one language and zone say them."""

from __future__ import annotations

from respondby.calendars.durations import parse_duration
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, pass_of, read_time, wall
from respondby.calendars.instants import zone as zone_of
from respondby.dataclass import dataclass
from respondby.letters.messages import OURS, Messages
from respondby.letters.neutral import inline
from respondby.letters.words import Words

_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class Speaking:
    """A language and the zones in which times are said: the desk's first, then the customer's where it has another."""

    language: str
    zones: tuple[str, ...]
    messages: Messages = OURS

    @property
    def words(self) -> Words:
        """The language's words."""
        return self.messages.words(self.language)

    def name(self, name: str) -> str:
        """A name of the policy as it is said in this language; as it is written where nobody has said how."""
        return str(self.words["names"].get(name, name))

    def called(self, key: str) -> str:
        """A clock or duty by its key: its title, or the key in words: `first-response` is `First response`."""
        title = self.messages.titles.get(key)
        return self.key(key) if title is None else self.name(title)

    def key(self, key: str) -> str:
        """A key of the policy in words: as it is said in this language, else `on-call` is `On call`."""
        said = self.words["names"].get(key)
        words = key.replace("-", " ").replace("_", " ") if said is None else str(said)
        return words[:1].upper() + words[1:]

    def at(self, instant: Instant) -> str:
        """`Mon 28 Dec 2026, 17:30 (Europe/Brussels)`, in the desk's zone; with seconds only where there are any.

        In the hour that autumn repeats, with its offset: `Sun 25 Oct 2026, 02:30 UTC+2 (Europe/Brussels)`.
        """
        return self._at(instant, self.zones[0])

    def at_home(self, instant: Instant) -> str:
        """The same in the reader's own zone, where it is known."""
        return self.everywhere(instant)[-1]

    def everywhere(self, instant: Instant) -> tuple[str, ...]:
        """The same in each zone, without those whose clocks show the same."""
        shown = {wall(instant, zone_of(zone)).replace(tzinfo=None): zone for zone in reversed(self.zones)}
        return tuple(self._at(instant, zone) for zone in reversed(shown.values()))

    def relative(self, instant: Instant, now: Instant) -> str:
        """`in 25 minutes`, `3 hours ago`, `now`: for texts that are read when they are sent."""
        length = abs(instant - now)
        if length < 60:
            return str(self.words["now"])
        pattern = self.words["in"] if instant > now else self.words["ago"]
        return str(pattern).replace("{length}", self._length(length - length % 60, "", 2))

    def lasting(self, seconds: int) -> str:
        """So many seconds in words, in minutes: `1 hour 5 minutes`."""
        return self._length(seconds - seconds % 60, "", 2)

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
        """A target of the policy in words: `within 1 business hour`, `by the end of the next business day`.

        Nothing for a fixed time, which the due says; what is none of these stays as it is written.
        """
        if text.startswith(("/", "@")):
            return str(self.words["agreed"])
        end = " ".join(text.lower().split())
        if end in self.words["ends"]:
            return str(self.words["ends"][end])
        try:
            parse_duration(text)
        except TimeError:
            return "" if _is_time(text) else inline(text)
        return str(self.words["within"]).replace("{length}", self.length(text))

    def date(self, instant: Instant) -> str:
        """`Mon 28 Dec 2026`, in the desk's zone."""
        return self._at(instant, self.zones[0], "date")

    def moment(self, instant: Instant) -> str:
        """`Mon 28 Dec 2026, 17:30`, in the desk's zone, where a text says once which that is."""
        return self._at(instant, self.zones[0], "moment")

    def _at(self, instant: Instant, zone: str, pattern: str = "instant") -> str:
        shown = wall(instant, zone_of(zone))
        words = self.words
        time = str(words["time-with-seconds" if shown.second else "time"])
        for name in ("hour", "minute", "second"):
            time = time.replace(f"{{{name}}}", f"{getattr(shown, name):02}")
        if twice := pass_of(shown):
            time = f"{time} {twice}"
        parts = {
            "weekday": words["weekdays"][shown.weekday()],
            "day": words["days"].get(str(shown.day), str(shown.day)),
            "month": words["months"][shown.month - 1],
            "year": str(shown.year),
            "time": time,
            "zone": zone,
        }
        text = str(words[pattern])
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


def speaking(
    language: str | None, timezone: str, customer_timezone: str | None = None, *, messages: Messages = OURS
) -> Speaking:
    """How to speak to somebody; whose language is not known, or has no letters, hears the desk's own."""
    zones = (timezone,) if customer_timezone is None else (timezone, customer_timezone)
    return Speaking(messages.spoken(language), zones, messages)


def _is_time(text: str) -> bool:
    try:
        read_time(text)
    except TimeError:
        return False
    return True
