"""Public holidays by country and subdivision: the `holidays` library's public days, observed ones too (rule 0).

The library is imported when a calendar first needs it, because its import takes longer than all the rest of a short
run, and only the country asked for is loaded. It answers with nothing, without a word, for years that it does not
know; here such a year is an error, because a promise must not depend on which holidays happen to be known.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from respondby.calendars.errors import TimeError, hint


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
    import holidays  # slow to import; see above
    from holidays.registry import COUNTRIES

    # Its own list of supported countries would load every one of them.
    codes = {name for names in COUNTRIES.values() for name in names if name.isupper() and len(name) in (2, 3)}
    if country not in codes:
        near = hint(country, sorted(codes)) or "; write a code such as BE"
        raise TimeError(f"no public holidays are known for country “{country}”{near}")
    entity: Any = getattr(holidays, country).get_entity()
    known = (*entity.subdivisions, *entity.subdivisions_aliases)
    if subdivision is not None and subdivision not in known:
        raise TimeError(f"“{subdivision}” is no subdivision of {country}{hint(subdivision, known)}{_some(known)}")
    return entity


def _some(known: tuple[str, ...]) -> str:
    return f" (it has {', '.join(known[:6])}{', …' if len(known) > 6 else ''})" if known else " (it has none)"
