"""Public holidays by country and subdivision: the `holidays` library's public days, observed ones too (rule 0).

The library is imported when a calendar first needs it, because its import takes longer than all the rest of a short
run, and only the country asked for is loaded. The library answers with nothing, without a word, for years that it does
not know; here such a year is an error, because a promise must not depend on which holidays happen to be known.
"""

import importlib
import re
import sys
from datetime import date
from functools import lru_cache
from threading import Lock
from types import ModuleType
from typing import Any

from respondby.calendars.errors import TimeError, hint

_CODE = re.compile(r"[A-Z]{2,3}")
_LOADING = Lock()


def known_years(country: str, subdivision: str | None) -> tuple[int, int]:
    """The first and the last year whose holidays are known. Raises `TimeError` for a place that is not."""
    entity = _entity(country, subdivision)
    return entity.start_year, entity.end_year


@lru_cache(maxsize=4096)
def holidays_of(country: str, subdivision: str | None, year: int) -> frozenset[int]:
    """The ordinals of the dates in `year` that are public holidays."""
    return frozenset(day.toordinal() for day in _days(country, subdivision, year, None))


def holiday_name(country: str, subdivision: str | None, day: date) -> str | None:
    """What the public holiday on `day` is called, in English where the library knows that; None when it is none."""
    languages = _entity(country, subdivision).supported_languages
    return _days(country, subdivision, day.year, "en_US" if "en_US" in languages else None).get(day)


@lru_cache(maxsize=256)
def _days(country: str, subdivision: str | None, year: int, language: str | None) -> dict[date, str]:
    entity = _entity(country, subdivision)
    if not entity.start_year <= year <= entity.end_year:
        raise TimeError(
            f"the public holidays of {country} are known for {entity.start_year} to {entity.end_year}, not for {year}; "
            "list them under `closed` instead"
        )
    days = entity(subdiv=subdivision, years=year, observed=True, language=language)
    return {day: days[day] for day in days if day.year == year}


@lru_cache(maxsize=256)
def _entity(country: str, subdivision: str | None) -> Any:
    from holidays.registry import COUNTRIES  # slow to import; see above

    modules = {code: module for module, names in COUNTRIES.items() for code in names if _CODE.fullmatch(code)}
    if country not in modules:
        near = hint(country, sorted(modules)) or "; write a code such as BE"
        raise TimeError(f"no public holidays are known for country “{country}”{near}")
    entity: Any = getattr(_load(modules[country]), country)
    known = (*entity.subdivisions, *entity.subdivisions_aliases)
    if subdivision is not None and subdivision not in known:
        raise TimeError(f"“{subdivision}” is no subdivision of {country}{hint(subdivision, known)}{_some(known)}")
    return entity


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
