"""Rules about calendars: they open, their windows make sense, their holidays are known, their sprints have begun."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import people_time, wall, zone
from respondby.calendars.public_holidays import holidays_of, known_years
from respondby.calendars.weeks import MINUTES, overlaps, read_window
from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.text.cursor import Path

#: A window over midnight that is longer than this was probably meant the other way round.
_LONGEST_NIGHT = 12 * 60


def _never_opens(subject: Subject) -> Iterator[Finding]:
    for name, calendar in subject.policy.calendars.items():
        if _unknown_holidays(subject, name) is not None:
            continue
        try:
            calendar.next_opening(subject.around.now)
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


def _unknown_holidays(subject: Subject, name: str) -> TimeError | None:
    calendar = subject.policy.calendars[name]
    if calendar.country is None:
        return None
    try:
        known_years(calendar.country, calendar.subdivision)
    except TimeError as error:
        return error
    return None


def _holidays_unknown(subject: Subject) -> Iterator[Finding]:
    for name, calendar in subject.policy.calendars.items():
        error = _unknown_holidays(subject, name)
        if error is None:
            continue
        message, _, hint = str(error).partition("; ")
        about_country = calendar.subdivision is None or f"“{calendar.country}”" in message
        key = "country" if about_country else "subdivision"
        value = (calendar.country if about_country else calendar.subdivision) or ""
        path = ("calendars", name, "holidays", key)
        yield Finding(
            path, f"{message[:1].upper()}{message[1:]}.", value, f"{hint[:1].upper()}{hint[1:]}" if hint else ""
        )


def _holidays_end(subject: Subject) -> Iterator[Finding]:
    for name, calendar in subject.policy.calendars.items():
        if calendar.country is None or _unknown_holidays(subject, name) is not None:
            continue
        first, last = known_years(calendar.country, calendar.subdivision)
        year = wall(subject.around.now, calendar.zone).year
        empty = [
            when
            for when in (year, year + 1)
            if not first <= when <= last or not holidays_of(calendar.country, calendar.subdivision, when)
        ]
        if empty:
            message = f"No public holiday of {calendar.country} is known for {empty[0]}."
            hint = "List the holidays of that year under `closed`."
            yield Finding(("calendars", name, "holidays", "country"), message, calendar.country, hint)


def _sprints_later(subject: Subject) -> Iterator[Finding]:
    for name, calendar in subject.policy.calendars.items():
        if calendar.sprints is not None and calendar.sprints.at_or_before(subject.around.now) is None:
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
    Rule("sprints-later", "warning", _sprints_later),
)
