"""Public holidays by country and subdivision: the `holidays` library's days, observed ones too (rule 0).

Which days: those of the categories asked (`public` unless said), less those that `except` names, and those that `also`
names, whatever category or part of the country the library knows them in. Names are the library's English ones, and its
own where it has none: never those of the language that the process happens to run in.

The library is imported when a calendar first needs it, because its import takes longer than all the rest of a short
run, and only the country asked for is loaded. The library answers with nothing, without a word, for years that it does
not know; here such a year is an error, because a promise must not depend on which holidays happen to be known.
"""

import importlib
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from threading import Lock
from types import ModuleType
from typing import Any

from respondby.calendars.errors import TimeError, hint, text_of
from respondby.calendars.instants import read_date
from respondby.dataclass import dataclass

_CODE = re.compile(r"[A-Z]{2,3}")
_KEYS = ("country", "subdivision", "categories", "also", "except", "half-days", "until")
_CLOCK = re.compile(r"(\d\d):(\d\d)", re.ASCII)
_LOADING = Lock()
_NOTES = re.compile(r" *\([^()]*\)$")
_PUBLIC = ("public",)

#: What stands under `subdivision` where the days of the country alone are meant.
COUNTRY_ALONE = "none"


@dataclass(frozen=True, slots=True)
class Holidays:
    """`holidays` of a calendar. `subdivision` may be `none`: on purpose the country alone.

    `half_days` is the minute of the day at which a date of the library's category `half_day` closes, `until` the first
    date for which the library is not asked any more.
    """

    country: str
    subdivision: str | None = None
    categories: tuple[str, ...] = _PUBLIC
    also: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    half_days: int | None = None
    until: date | None = None

    @classmethod
    def from_mapping(cls, given: object) -> "Holidays":
        """What a calendar says under `holidays`. Raises `TimeError`, for a place that is unknown when it is asked."""
        if not isinstance(given, Mapping) or "country" not in given:
            raise TimeError("holidays must be a mapping such as {country: BE} or {country: DE, subdivision: BY}")
        for key in given:
            if key not in _KEYS:
                raise TimeError(f"unknown key “{key}” in holidays{hint(str(key), _KEYS)}")
        subdivision, until = given.get("subdivision"), given.get("until")
        return cls(
            country=text_of(given["country"], "holidays.country"),
            subdivision=None if subdivision is None else text_of(subdivision, "holidays.subdivision"),
            categories=_names(given.get("categories"), "categories") or _PUBLIC,
            also=_names(given.get("also"), "also"),
            but=_names(given.get("except"), "except"),
            half_days=None if given.get("half-days") is None else read_half_day(given["half-days"]),
            until=None if until is None else read_date(until),
        )

    def to_mapping(self) -> dict[str, object]:
        """The shortest mapping that reads back as this."""
        mapping: dict[str, object] = {"country": self.country}
        if self.subdivision is not None:
            mapping["subdivision"] = self.subdivision
        if self.categories != _PUBLIC:
            mapping["categories"] = list(self.categories)
        mapping |= {key: list(names) for key, names in (("also", self.also), ("except", self.but)) if names}
        if self.half_days is not None:
            mapping["half-days"] = f"{self.half_days // 60:02}:{self.half_days % 60:02}"
        if self.until is not None:
            mapping["until"] = self.until.isoformat()
        return mapping

    @property
    def part(self) -> str | None:
        """The subdivision, None for the country alone."""
        return None if self.subdivision == COUNTRY_ALONE else self.subdivision

    def named_days(self, year: int) -> Mapping[int, str]:
        """The ordinals of the year's holidays with their names."""
        return _named_days(self, year)

    def days(self, year: int) -> frozenset[int]:
        """The ordinals of the dates in a year that are holidays."""
        return frozenset(_named_days(self, year))

    def halves(self, year: int) -> frozenset[int]:
        """The ordinals of the dates on which half a day is a holiday, where `half-days` says when they close."""
        if self.half_days is None or "half_day" not in known_categories(self.country):
            return frozenset()
        found = _days(self.country, self.part, year, ("half_day",)) if self._asked(year) else {}
        return frozenset(day.toordinal() for day in found if self.until is None or day < self.until)

    def name(self, day: date) -> str | None:
        """What the holiday on a date is called; None where it is none."""
        return _named_days(self, day.year).get(day.toordinal())

    def _asked(self, year: int) -> bool:
        return self.until is None or date(year, 1, 1) < self.until


def known_years(country: str, subdivision: str | None) -> tuple[int, int]:
    """The first and the last year whose holidays are known. Raises `TimeError` for a place that is not."""
    entity = _entity(country, subdivision)
    return entity.start_year, entity.end_year


def known_categories(country: str) -> tuple[str, ...]:
    """The categories in which the library knows days of a country."""
    return tuple(sorted(_entity(country, None).supported_categories))


def names_of(country: str, year: int) -> dict[str, frozenset[int]]:
    """Every day of a country that the library knows, in any category and part, by its name in lower case."""
    return _catalogue(country, year)


@lru_cache(maxsize=512)
def of_parts(country: str, year: int) -> Mapping[str, tuple[str, ...]]:
    """The public holidays that parts of a country have and the country alone lacks: the name, and who has it."""
    alone = set(_days(country, None, year, _PUBLIC))
    found: dict[str, list[str]] = {}
    for part in _entity(country, None).subdivisions:
        for day, name in _days(country, part, year, _PUBLIC).items():
            if day not in alone:
                found.setdefault(_plain(name), []).append(part)
    return {name: tuple(dict.fromkeys(parts)) for name, parts in found.items()}


def read_half_day(text: object) -> int:
    """The minute of the day at which half a holiday begins."""
    parts = _CLOCK.fullmatch(text_of(text, "half-days").strip())
    if not parts or not 0 < int(parts[1]) * 60 + int(parts[2]) < 1440 or int(parts[2]) > 59:
        raise TimeError(f"“half-days: {text}” is not a time of day; write when such a day closes, as 12:00")
    return int(parts[1]) * 60 + int(parts[2])


def _names(given: object, what: str) -> tuple[str, ...]:
    names = [given] if isinstance(given, str) else [] if given is None else given
    if not isinstance(names, Sequence):
        raise TimeError(f"holidays.{what} must be a list of names")
    return tuple(sorted({" ".join(text_of(name, f"holidays.{what}").split()) for name in names}))


@lru_cache(maxsize=4096)
def _named_days(chosen: Holidays, year: int) -> Mapping[int, str]:
    if not chosen._asked(year):
        return {}
    found = _days(chosen.country, chosen.part, year, chosen.categories)
    but = {name.casefold() for name in chosen.but}
    named = {day.toordinal(): name for day, name in found.items() if not but or not but & _each(name)}
    for name in chosen.also:
        named |= dict.fromkeys(_catalogue(chosen.country, year).get(name.casefold(), ()), name)
    last = chosen.until.toordinal() if chosen.until else None
    return {day: name for day, name in sorted(named.items()) if last is None or day < last}


def _each(names: str) -> set[str]:
    """The names in lower case of all that falls on one date, without what the library adds in brackets."""
    return {_plain(name).casefold() for name in names.split("; ")}


def _plain(name: str) -> str:
    while (shorter := _NOTES.sub("", name)) != name:
        name = shorter
    return name


@lru_cache(maxsize=64)
def _catalogue(country: str, year: int) -> dict[str, frozenset[int]]:
    entity = _entity(country, None)
    found: dict[str, set[int]] = {}
    for part in (None, *entity.subdivisions):
        for category in sorted(entity.supported_categories):
            for day, names in _days(country, part, year, (category,)).items():
                for name in _each(names):
                    found.setdefault(name, set()).add(day.toordinal())
    return {name: frozenset(days) for name, days in found.items()}


@lru_cache(maxsize=4096)
def _days(country: str, subdivision: str | None, year: int, categories: tuple[str, ...]) -> dict[date, str]:
    entity = _entity(country, subdivision)
    if not entity.start_year <= year <= entity.end_year:
        known = (
            f"the public holidays of {country} are known for {entity.start_year} to {entity.end_year}, not for {year}"
        )
        later = f"; write `until: {year}-01-01` under `holidays`, and list later ones under `closed`"
        raise TimeError(f"{known}{later if year > entity.end_year else ''}")
    unknown = sorted(set(categories) - set(entity.supported_categories))
    if unknown:
        listed = sorted(entity.supported_categories)
        near = hint(unknown[0], listed) or f"; there are {', '.join(listed)}"
        raise TimeError(f"“{unknown[0]}” is not a category of holidays of {country}{near}")
    # Named outright: without a language that it knows, the library answers in that of the process.
    language = "en_US" if "en_US" in entity.supported_languages else entity.default_language
    days = entity(subdiv=subdivision, years=year, observed=True, language=language, categories=categories)
    return {day: days[day] for day in days if day.year == year}


@lru_cache(maxsize=1024)
def _entity(country: str, subdivision: str | None) -> Any:
    from holidays.registry import COUNTRIES  # slow to import; see above

    modules = {code: module for module, names in COUNTRIES.items() for code in names if _CODE.fullmatch(code)}
    if country not in modules:
        raise TimeError(f"no public holidays are known for country “{country}”{_near(country, COUNTRIES)}")
    entity: Any = getattr(_load(modules[country]), country)
    known = (*entity.subdivisions, *entity.subdivisions_aliases)
    if subdivision is not None and subdivision not in known:
        raise TimeError(f"“{subdivision}” is not a subdivision of {country}{hint(subdivision, known)}{_some(known)}")
    return entity


def _near(country: str, countries: Mapping[str, Sequence[str]]) -> str:
    """What may have been meant: codes are too short to be compared, so names of countries are."""
    codes = {module.replace("_", " "): names[1] for module, names in countries.items()}
    wanted = country.strip().lower()
    upper = next((code for code in codes.values() if code == country.upper()), None)
    if upper is not None:
        return f"; did you mean “{upper}”?"
    begins = [f"{code} ({name.title()})" for name, code in codes.items() if wanted and name.startswith(wanted)]
    if begins:
        return f"; write the country's code (ISO 3166): {_listed(begins)}?"
    near = hint(wanted, codes) if len(wanted) > 3 else ""
    if near:
        name = near.partition("“")[2].partition("”")[0]
        return f"; did you mean “{codes[name]}” ({name.title()})?"
    return "; write a code of ISO 3166 such as BE"


def _listed(names: Sequence[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def _load(module: str) -> ModuleType:
    """One country of the library.

    The package that holds the countries imports all 250 of them, which takes longer than a whole run of the desk. While
    one is loaded, an empty package stands in its place; whoever imports the real one later gets it.
    """
    import holidays

    package = "holidays.countries"
    if package in sys.modules:
        return importlib.import_module(f"{package}.{module}")
    stand_in = ModuleType(package)
    stand_in.__path__ = [f"{folder}/countries" for folder in holidays.__path__]
    with _LOADING:
        sys.modules[package] = stand_in
        try:
            return importlib.import_module(f"{package}.{module}")
        finally:
            del sys.modules[package]


def _some(known: tuple[str, ...]) -> str:
    return f" (it has {', '.join(known[:6])}{', …' if len(known) > 6 else ''})" if known else " (it has none)"
