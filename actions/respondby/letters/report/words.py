"""The words of reports, loaded only where one is written; and figures as people of a language write them."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from respondby.calendars.instants import DAY, Instant, wall, zone
from respondby.dataclass import dataclass
from respondby.letters.messages import OURS, Messages
from respondby.letters.when import Speaking, speaking
from respondby.letters.words import DEFAULT, languages, our_text
from respondby.reports.figures import Quantile, Share
from respondby.reports.periods import ReportPeriod

_PLACE = re.compile(r"\{([\w-]+)\}")
_SENTENCE = re.compile(r"(?<=\w)[.:;] ")
#: A name that is longer than this is cut where its first sentence ends.
_LONG = 24
_UNITS = (("day", DAY), ("hour", 3_600), ("minute", 60), ("second", 1))


@cache
def report_words(language: str) -> dict[str, Any]:
    """The words of reports in a language of ours."""
    words: dict[str, Any] = json.loads(our_text(language if language in languages() else DEFAULT, "report.json"))
    return words


@dataclass(frozen=True, slots=True)
class Voice:
    """A language and a zone in which a report speaks."""

    speaking: Speaking
    words: dict[str, Any]

    def say(self, *path: str, **values: object) -> str:
        """A text of `report.json`, its `{places}` filled."""
        found: Any = self.words
        for key in path:
            found = found[key]
        return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), str(found))

    def column(self, *names: str) -> tuple[str, ...]:
        """Titles of columns."""
        return tuple(self.say("column", name) for name in names)

    def percent(self, share: Share, digits: int = 2) -> str:
        """`99.95 %`, rounded down; empty of nothing."""
        shown = share.floor(digits)
        return "" if shown is None else self.say("percent", n=shown.replace(".", self.say("decimal")))

    def took(self, seconds: int, *, days: bool = True, units: int = len(_UNITS)) -> str:
        """`1 h 5 min 3 s`, to the second, or its first so many units. Open time knows no days: `days=False`."""
        sign, rest = ("-" if seconds < 0 else ""), abs(seconds)
        parts = []
        for unit, size in _UNITS if days else _UNITS[1:]:
            count, rest = divmod(rest, size)
            if count:
                parts.append(self.say("short", unit, n=count))
        return sign + " ".join(parts[:units]) if parts else self.say("short", "none")

    def quantile(self, found: Quantile | None, *, days: bool = True) -> str:
        """The same, with `at least` where it may be more; empty of none."""
        if found is None:
            return ""
        length = self.took(found.seconds, days=days, units=3)
        return self.say("least", length=length) if found.least else length

    def period(self, period: ReportPeriod) -> str:
        """`October 2026`, or from when to when."""
        where = zone(period.timezone)
        if len(period.name) == 7:
            first = wall(period.start, where)
            return self.say("month", month=self.words["months"][first.month - 1], year=first.year)
        if "/" not in period.name:
            return self.speaking.date(period.start)
        return self.say("span", **{"from": self.moment(period.start), "to": self.moment(period.whole)})

    def moment(self, at: Instant) -> str:
        """A date and time in the report's zone."""
        return self.speaking.moment(at)

    def name(self, text: str) -> str:
        """A name of the policy as it is said in this language."""
        return self.speaking.name(text)

    def short(self, text: str) -> str:
        """The same without the sentence that explains it: `Critical. Completely down for all` is `Critical`."""
        name = self.name(text)
        head = _SENTENCE.split(name, maxsplit=1)[0]
        return head if len(name) > _LONG else name

    def clock(self, key: str) -> str:
        """A clock or duty as people call it."""
        return self.speaking.called(key)


def voice(language: str | None, timezone: str, messages: Messages = OURS) -> Voice:
    """How a report speaks: the language asked for, else the desk's own."""
    found = speaking(language, timezone, messages=messages)
    return Voice(found, report_words(found.language))
