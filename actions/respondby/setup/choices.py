"""What a new desk has to be told, and what of it makes no sense: names, people, hours, how people are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import zone
from respondby.calendars.weeks import read_week

Reach = Literal["mention", "chat", "pagerduty"]
#: How people may be called, and what each means to whoever chooses.
REACHES: Mapping[str, str] = MappingProxyType(
    {
        "mention": "a mention on the issue; GitHub mails it",
        "chat": "a chat or mail, by an address that Apprise knows",
        "pagerduty": "PagerDuty",
    }
)

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}(?:_[A-Za-z0-9]+)?")
_SOURCE = re.compile(r"(?P<owner>[A-Za-z0-9][A-Za-z0-9-]{0,38})(?:/respondby)?@(?P<commit>[0-9a-f]{40})")
_HOURS = re.compile(r"(?:(?P<days>[a-z]{3}(?:-[a-z]{3})?)\s+)?(?P<windows>\d.*)")


class WrongChoice(ValueError):
    """A choice that no desk can have; the text says what to say instead."""


@dataclass(frozen=True, slots=True)
class Source:
    """The copy of respondby whose actions the workflows use: its owner, and the commit that they are pinned to."""

    owner: str
    commit: str
    version: str

    def uses(self, action: str) -> str:
        """What stands after `uses:`."""
        return f"{self.owner}/respondby/actions/{action}@{self.commit} # v{self.version}"

    def schema(self, name: str) -> str:
        """Where an editor finds one of our schemas, as it was at that commit."""
        return f"https://raw.githubusercontent.com/{self.owner}/respondby/{self.commit}/schemas/{name}.schema.json"


@dataclass(frozen=True, slots=True)
class Choices:
    """A desk of one's own. `windows` are the hours of each of `days`; `since` is the day on which it begins."""

    desk: str
    timezone: str
    days: str
    windows: tuple[str, ...]
    people: tuple[str, ...]
    lead: str
    reach: Reach
    since: date
    country: str | None = None

    @property
    def everybody(self) -> tuple[str, ...]:
        """Who works at the desk: those who take turns, and the lead."""
        return tuple(dict.fromkeys((*self.people, self.lead)))


def read_source(text: str, version: str, commit: str | None = None) -> Source:
    """`OWNER/respondby@COMMIT`, or without the name; without a commit, that of this installation, where it is known."""
    found = _SOURCE.fullmatch(text.strip() if "@" in text or commit is None else f"{text.strip()}@{commit}")
    if found is None:
        raise WrongChoice(
            f"`{text}` is not a copy and commit: write OWNER/respondby@COMMIT, with all 40 digits of the commit"
        )
    return Source(found["owner"], found["commit"], version)


def read_desk(text: str) -> str:
    """A desk's name: one line."""
    if not text.strip() or not text.isprintable() or len(text) > 80:
        raise WrongChoice("a desk's name is one line of at most 80 characters")
    return text.strip()


def read_zone(text: str) -> str:
    """A time zone by its name."""
    try:
        zone(text.strip())
    except TimeError as wrong:
        raise WrongChoice(str(wrong)) from None
    return text.strip()


def read_hours(text: str) -> tuple[str, tuple[str, ...]]:
    """`09:00-17:00`, `09:00-12:00, 13:00-17:00` or `mon-sat 10:00-18:00`: the days and their windows."""
    found = _HOURS.fullmatch(text.strip().lower())
    if found is None:
        raise WrongChoice(f"`{text}` are no hours: write 09:00-17:00, or mon-sat 09:00-12:00, 13:00-17:00")
    days = found["days"] or "mon-fri"
    windows = tuple(re.split(r"\s*,\s*", found["windows"].strip()))
    try:
        read_week({days: list(windows)})
    except TimeError as wrong:
        raise WrongChoice(str(wrong)) from None
    return days, windows


def read_people(text: str) -> tuple[str, ...]:
    """Logins with commas or spaces between them, each once; an `@` before one is fine."""
    people = tuple(dict.fromkeys(read_login(part) for part in re.split(r"[,\s]+", text.strip()) if part))
    if not people:
        raise WrongChoice("name at least one GitHub login: ann, bob")
    return people


def read_login(text: str) -> str:
    """One GitHub login."""
    login = text.strip().removeprefix("@")
    if not _LOGIN.fullmatch(login):
        raise WrongChoice(f"`{text}` is not a GitHub login")
    return login


def read_reach(text: str) -> Reach:
    """How people are called."""
    for known in ("mention", "chat", "pagerduty"):
        if text.strip().lower() == known:
            return known
    raise WrongChoice(f"`{text}` is none of {', '.join(REACHES)}")


@cache
def countries() -> Mapping[str, str]:
    """The country of each time zone that lies in one country alone."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    parts = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {part[2]: part[0] for part in parts}
