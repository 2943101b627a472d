"""Time zones by their IANA names, from the package `tzdata` and from nowhere else.

`zoneinfo` asks the system's files first, so that a promise would depend on when the machine that computes it was last
brought up to date. Here the data that the lock pins are read, whatever the system, `PYTHONTZPATH` or another
library's cache holds; `IANA_VERSION` names them.

Names are compared with the database's own list, so that `europe/brussels` is refused on every file system.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.abc import ResourceLoader
from io import BytesIO
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]  # it has no types and two names

from respondby.calendars.errors import TimeError, hint, text_of

#: The version of IANA's database that every zone comes from, such as `2026f`.
IANA_VERSION: str = tzdata.IANA_VERSION

# What the database lists without its being the clock of a place.
_NOT_A_PLACE = ("Factory",)

# Abbreviations that are no names of the database (or name a clock without a summer time), and a zone that may be meant.
_ABBREVIATED = {
    "CET": "Europe/Paris", "CEST": "Europe/Paris", "MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin",
    "WET": "Europe/Lisbon", "WEST": "Europe/Lisbon", "EET": "Europe/Athens", "EEST": "Europe/Athens",
    "BST": "Europe/London", "MSK": "Europe/Moscow", "IST": "Asia/Kolkata", "JST": "Asia/Tokyo", "KST": "Asia/Seoul",
    "HKT": "Asia/Hong_Kong", "SGT": "Asia/Singapore", "EST": "America/New_York", "EDT": "America/New_York",
    "CST": "America/Chicago", "CDT": "America/Chicago", "MST": "America/Denver", "MDT": "America/Denver",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "HST": "Pacific/Honolulu",
    "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "ACST": "Australia/Adelaide", "AWST": "Australia/Perth",
    "NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland", "BRT": "America/Sao_Paulo", "SAST": "Africa/Johannesburg",
}  # fmt: skip


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every name that a zone may have."""
    return frozenset(_read("zones").decode().split()) - frozenset(_NOT_A_PLACE)


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as `Europe/Brussels`; a `TimeError` says what to write instead."""
    return _zone(text_of(name, "a timezone"))


def abbreviated(name: str) -> str | None:
    """A zone that an abbreviation such as `CEST` may stand for; None for what is none that we know."""
    return _ABBREVIATED.get(name.upper())


def fixed_offset(name: str) -> str | None:
    """What `Etc/GMT+3` means, `UTC-03:00`: the database's sign is the other way round. None for any other name."""
    sign, hours = name.removeprefix("Etc/GMT")[:1], name.removeprefix("Etc/GMT")[1:]
    if not name.startswith("Etc/GMT") or sign not in ("+", "-") or not hours.strip("0"):
        return None
    return f"UTC{'-' if sign == '+' else '+'}{int(hours):02}:00"


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    if name not in zone_names():
        raise TimeError(f"“{name:.60}” is not an IANA time zone{_advice(name)}")
    return ZoneInfo.from_file(BytesIO(_read(f"zoneinfo/{name}")), key=name)


def _read(path: str) -> bytes:
    loader = tzdata.__spec__.loader
    assert isinstance(loader, ResourceLoader), "a package of files, in a folder or in an archive"
    return loader.get_data(f"{tzdata.__path__[0]}/{path}")


def _advice(name: str) -> str:
    place = abbreviated(name)
    if place is not None:
        return f", but an abbreviation; write the place whose clock is meant, such as {place}"
    offset = _offset_hours(name)
    if offset is not None:
        fixed = "UTC" if offset == 0 else f"Etc/GMT{-offset:+d}"
        return (
            f"; write the place whose clock is meant, such as Europe/Paris; for an offset that never changes, {fixed}"
            f"{'' if offset == 0 else ' (its sign is the other way round)'}"
        )
    return hint(name, sorted(zone_names())) or "; write one such as Europe/Paris or America/New_York"


def _offset_hours(name: str) -> int | None:
    """The hours east of Greenwich that `UTC+3`, `GMT-05:00` or `+03` mean to whoever writes them."""
    text = name.strip().upper().removeprefix("UTC").removeprefix("GMT").strip()
    hours = text[1:].removesuffix(":00").removesuffix("00") if len(text) > 3 else text[1:]
    if text[:1] not in ("+", "-") or not (hours.isascii() and hours.isdigit()) or int(hours) > 12:
        return None
    return -int(hours) if text[0] == "-" else int(hours)
