"""Rules about calendars: they open, their windows make sense, their holidays are known, their sprints have begun."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import people_time, wall, zone
from respondby.calendars.public_holidays import Holidays, known_categories, known_years, names_of, of_parts
from respondby.calendars.weeks import MINUTES, overlaps, read_window
from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.text.cursor import Path
from respondby.policy.text.problems import suggestion

#: A window over midnight that is longer than this was probably meant the other way round.
_LONGEST_NIGHT = 12 * 60

#: How many days, and parts of a country that have them, are named; how many countries' parts are looked at.
_NAMED, _PARTS, _MOST_COUNTRIES = 5, 4, 12


def _never_opens(subject: Subject) -> Iterator[Finding]:
    for name, calendar in subject.policy.calendars.items():
        if _unknown_holidays(subject, name) is not None:
            continue
        try:
            calendar.next_opening(subject.surroundings.now)
        except TimeError:
            hint = "Give it windows under `hours`, or dates under `open`."
            yield Finding(("calendars", name), "This calendar never opens.", name, hint, at_key=True)


def _windows(subject: Subject, name: str) -> Iterator[tuple[Path, str]]:
    """Each window as written, with its path."""
    hours = subject.reading.written("calendars", name, "hours") or {}
    for days, windows in hours.items():
        for index, window in enumerate(windows):
            yield ("calendars", name, "hours", days, index), window


def _overlapping(subject: Subject) -> Iterator[Finding]:
    for name, calendar in subject.policy.calendars.items():
        days: dict[tuple[str, str], list[str]] = {}
        for day, earlier, later in overlaps(calendar.week):
            days.setdefault((earlier, later), []).append(day)
        for (earlier, later), on in days.items():
            places = [path for path, window in _windows(subject, name) if window.strip() == later]
            path = places[-1] if places else ("calendars", name, "hours")
            message = f"This window overlaps {earlier} on {', '.join(on)}."
            yield Finding(path, message, later, "Let one end where the other begins.")


def _reversed(subject: Subject) -> Iterator[Finding]:
    for name in subject.policy.calendars:
        for path, text in _windows(subject, name):
            opens, closes = read_window(text)
            if closes > MINUTES and closes - opens > _LONGEST_NIGHT:
                begin, end = text.strip().split("-")
                message = f"This window lasts {(closes - opens) / 60:g} hours, over midnight."
                yield Finding(path, message, text, f"Was it meant to be `{end}-{begin}`?")


def _unknown_holidays(subject: Subject, name: str) -> tuple[str, TimeError] | None:
    """The key under `holidays` that names what nobody knows, and what is wrong with it."""
    public = subject.policy.calendars[name].public
    if public is None:
        return None
    try:
        known_years(public.country, None)
    except TimeError as error:
        return "country", error
    try:
        known_years(public.country, public.part)
    except TimeError as error:
        return "subdivision", error
    unknown = [category for category in public.categories if category not in known_categories(public.country)]
    if unknown:
        known = ", ".join(known_categories(public.country))
        said = f"“{unknown[0]}” is not a category of holidays of {public.country}; there are {known}"
        return "categories", TimeError(said)
    if public.half_days is not None and "half_day" not in known_categories(public.country):
        said = f"no half-days of {public.country} are known; list them under `closed`, such as 12-24T12:00/12-24T24:00"
        return "half-days", TimeError(said)
    return None


def _holidays_unknown(subject: Subject) -> Iterator[Finding]:
    for name in subject.policy.calendars:
        found = _unknown_holidays(subject, name)
        if found is None:
            continue
        key, error = found
        message, _, hint = str(error).partition("; ")
        path = ("calendars", name, "holidays", key)
        value = str(subject.reading.written(*path) or "")
        yield Finding(
            path, f"{message[:1].upper()}{message[1:]}.", value, f"{hint[:1].upper()}{hint[1:]}" if hint else ""
        )


def _known(subject: Subject) -> Iterator[tuple[str, Holidays, int]]:
    """Calendars whose holidays are known, with this year."""
    for name, calendar in subject.policy.calendars.items():
        if calendar.public is not None and _unknown_holidays(subject, name) is None:
            yield name, calendar.public, wall(subject.surroundings.now, calendar.zone).year


def _holidays_end(subject: Subject) -> Iterator[Finding]:
    for name, public, year in _known(subject):
        first, last = known_years(public.country, public.part)
        asked = [when for when in (year, year + 1) if public.until is None or when < public.until.year]
        empty = [when for when in asked if not first <= when <= last or not public.days(when)]
        if empty:
            message = f"No public holiday of {public.country} is known for {empty[0]}."
            hint = (
                f"Write `until: {empty[0]}-01-01` beside `country`, and list the holidays from then on under `closed`."
            )
            yield Finding(("calendars", name, "holidays", "country"), message, public.country, hint)


def _holidays_of_parts(subject: Subject) -> Iterator[Finding]:
    """A country without a subdivision: on days that only its parts have, promises would run."""
    seen: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for name, public, year in _known(subject):
        first, last = known_years(public.country, None)
        if public.subdivision is not None or not first <= year + 1 <= last or len(seen) >= _MOST_COUNTRIES:
            continue
        if public.country not in seen:
            seen[public.country] = of_parts(public.country, year + 1)
        lacking = {
            day: parts
            for day, parts in seen[public.country].items()
            if day.casefold() not in {also.casefold() for also in public.also}
        }
        if not lacking:
            continue
        most = sorted(lacking.items(), key=lambda entry: (-len(entry[1]), entry[0]))
        named = ", ".join(f"{day} ({_some(parts)})" for day, parts in most[:_NAMED])
        more = f" and {len(most) - _NAMED} more" if len(most) > _NAMED else ""
        message = f"On days that only parts of {public.country} have, promises run: {named}{more}."
        hint = (
            "Name your `subdivision`, or days under `also`; `subdivision: none` says that the country alone is meant."
        )
        yield Finding(("calendars", name, "holidays", "country"), message, public.country, hint)


def _holiday_names(subject: Subject) -> Iterator[Finding]:
    for name, public, year in _known(subject):
        first, last = known_years(public.country, None)
        years = [when for when in (year, year + 1) if first <= when <= last]
        if not (public.also or public.but) or not years:
            continue
        known = {day for when in years for day in names_of(public.country, when)}
        for key, names in (("also", public.also), ("except", public.but)):
            for day in names:
                if day.casefold() not in known:
                    message = f"No holiday of {public.country} is called “{day}”."
                    hint = suggestion(day, sorted(known), what="holidays there")
                    yield Finding(("calendars", name, "holidays", key), message, day, hint)


def _some(parts: tuple[str, ...]) -> str:
    return ", ".join(parts[:_PARTS]) + (f" and {len(parts) - _PARTS} more" if len(parts) > _PARTS else "")


def _sprints_later(subject: Subject) -> Iterator[Finding]:
    for name, calendar in subject.policy.calendars.items():
        if calendar.sprints is not None and calendar.sprints.at_or_before(subject.surroundings.now) is None:
            begins = people_time(calendar.sprints.start(0), zone(calendar.timezone))
            message = f"The first sprint begins {begins}: until then no sprint ends."
            hint = "Let `from` be the first day of a sprint that has begun."
            yield Finding(("calendars", name, "sprints", "from"), message, begins, hint)


RULES = (
    Rule("calendar-never-opens", "error", _never_opens),
    Rule("windows-overlap", "error", _overlapping),
    Rule("window-reversed", "warning", _reversed),
    Rule("holidays-unknown", "error", _holidays_unknown),
    Rule("holidays-end", "warning", _holidays_end),
    Rule("holidays-of-parts", "warning", _holidays_of_parts),
    Rule("holiday-name-unknown", "error", _holiday_names),
    Rule("sprints-later", "warning", _sprints_later),
)
