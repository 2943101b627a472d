"""A zone's name that lies: winter time in summer, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from respondby.calendars.instants import zone
from respondby.postmortems.document.document import Document
from respondby.postmortems.document.timeline import Entry
from respondby.postmortems.rule import Context, Example, Finding, Rule

#: Names with the place whose clock they are, whether they are summer time, and the other name. Only those that nowhere
#: hold all year: `EST` is Panama's and Winnipeg's time in July, `MST` Arizona's.
_NAMES = {
    "PST": ("America/Los_Angeles", False, "PDT"),
    "PDT": ("America/Los_Angeles", True, "PST"),
    "EDT": ("America/New_York", True, "EST"),
    "CEST": ("Europe/Berlin", True, "CET"),
    "CET": ("Europe/Berlin", False, "CEST"),
    "EEST": ("Europe/Athens", True, "EET"),
    "AKDT": ("America/Anchorage", True, "AKST"),
}


def _look(document: Document, _: Context) -> Iterator[Finding]:
    timeline = document.timeline
    days: dict[str, list[Entry]] = {}
    for entry in timeline.timed:
        name = entry.stamp.zone or timeline.zone
        if name in _NAMES and entry.day is not None and not entry.unsure:
            days.setdefault(name, []).append(entry)
    for name, entries in days.items():
        place, summer, other = _NAMES[name]
        # One entry in the right season, and the name may be right for that one.
        if all(_summer(entry.day, place) is not None and _summer(entry.day, place) != summer for entry in entries):
            own = entries[0].stamp.zone == name
            line = entries[0].line if own else timeline.zone_line
            text = document.source.lines[line]
            message = f"`{name}` on {entries[0].day} is `{other}`: clocks had changed."
            hint = f"Write `{other}`, or the offset: the hour is another one."
            yield Finding(line + 1, max(1, text.find(name) + 1), message, name, hint)


def _summer(day: date | None, place: str) -> bool | None:
    """Whether it is summer there all day; None on the days on which clocks change."""
    assert day is not None, "asked only of entries with a day"
    first = datetime.combine(day, time(), UTC)
    seasons = {bool((first + timedelta(hours=hour)).astimezone(zone(place)).dst()) for hour in (-14, 38)}
    return seasons.pop() if len(seasons) == 1 else None


RULE = Rule(
    name="wrong-season",
    says="A zone's name that lies: `PST` in July, `CEST` in January.",
    why=(
        "Readers elsewhere work the hour out from it and are an hour off. Names that "
        "some place has all year are left alone."
    ),
    look=_look,
    ours="warning",
    others="warning",
    flagged=(
        Example("# Orders fail\n\n## Timeline (all times PST)\n\n- 2026-07-07 10:26 Down.\n- 2026-07-07 10:30 Up.\n"),
        Example("# Orders fail\n\n## Timeline\n\n- 2026-01-07 10:26 CEST Down.\n"),
    ),
    left_alone=(
        Example("# Orders fail\n\n## Timeline (all times PST)\n\n- 2026-01-07 10:26 Down.\n- 2026-01-07 10:30 Up.\n"),
        Example("# Orders fail\n\n## Timeline (all times EST)\n\n- 2026-07-07 10:26 Down.\n"),
        Example("# Orders fail\n\n## Timeline\n\n- 2026-07-07 10:26 UTC Down.\n"),
        Example("# Orders fail\n\n## Timeline (all times CET)\n\n- 2026-03-29 10:26 Down.\n"),
    ),
)
