"""A stated length of time that the document's own times contradict."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.lengths import said
from respondby.postmortems.document.stated import Hours, Stated
from respondby.postmortems.document.timeline import Entry
from respondby.postmortems.rule import Context, Example, Finding, Rule

_DAY = 1440
#: No document states more lengths of its incident, and hours of support are counted between no more times than these.
_MOST_COMPARED = 200


def _look(document: Document, _: Context) -> Iterator[Finding]:
    for stated in document.stated[:_MOST_COMPARED]:
        message = contradicted(document, stated)
        if message:
            column = document.column(stated.line, stated.text, stated.length.start)
            hint = "Correct the one that is wrong, or leave the length out: it can be worked out from the times."
            yield Finding(stated.line + 1, column, message, stated.length.text, hint)


def contradicted(document: Document, stated: Stated) -> str:
    """What contradicts a stated length; empty where nothing does for certain."""
    if stated.length.about:
        return ""
    return _beside(stated) if stated.beside is not None else _apart(document, stated)


def _beside(stated: Stated) -> str:
    span = stated.beside
    assert span is not None, "asked only of a length beside a range"
    minutes = span.minutes
    if minutes is None or minutes < 0 or _differs(span.since.zone, span.until.zone):
        return ""
    if abs(minutes - stated.length.minutes) <= stated.length.slack:
        return ""
    # Without dates, a range may be of several days.
    if span.days is None and stated.length.minutes > _DAY and (stated.length.minutes - minutes) % _DAY <= 1:
        return ""
    return (
        f"“{stated.length.text}” contradicts the times beside it: {span.since.text} to "
        f"{span.until.text} is {said(minutes)}."
    )


def _differs(first: str, second: str) -> bool:
    return bool(first and second and first != second)


def _apart(document: Document, stated: Stated) -> str:
    """What contradicts a length that stands by itself: no two of the document's times are so far apart."""
    entries = _readable(document)
    if entries is None or (stated.hours is not None and stated.hours.opens is None):
        return ""
    # When it began may be in no entry: a round time to detect then is no contradiction.
    if stated.length.slack > 1 and "detect" in stated.label.casefold():
        return ""
    pairs = sorted({entry.at for entry in entries if entry.at is not None})
    if len(pairs) < 2 or _fits(pairs, stated.length.minutes, stated.length.slack):
        return ""
    if stated.hours is not None:
        if _fits_hours(pairs, stated.hours, stated.length.minutes, stated.length.slack):
            return ""
        return (
            f"“{stated.length.text}” fits no two of the document's times, in the support hours that it names "
            f"or around the clock."
        )
    return f"“{stated.length.text}” fits no two of the document's times. {_nearest(entries, stated)}"


def _readable(document: Document) -> list[Entry] | None:
    """The entries that have a place in time; None where too few do, or one of them cannot be read."""
    entries = document.timeline.entries
    if any(entry.stamp.wrong or (entry.unsure and entry.stamp.minute is None) for entry in entries):
        return None
    timed = [entry for entry in entries if entry.at is not None]
    # Dates alone may hide a start; a day that nobody can know may be another one.
    return timed if len(timed) >= 2 and not any(entry.unsure for entry in timed) else None


def _fits(times: Sequence[int], minutes: float, slack: float) -> bool:
    for since in times:
        place = bisect_left(times, since + minutes - slack)
        if place < len(times) and times[place] <= since + minutes + slack:
            return True
    return False


def _fits_hours(times: Sequence[int], hours: Hours, minutes: float, slack: float) -> bool:
    if len(times) > _MOST_COMPARED:
        return True  # among so many times some two fit everything
    return any(
        abs(_within(since, until, hours) - minutes) <= slack
        for place, since in enumerate(times)
        for until in times[place + 1 :]
    )


def _within(since: int, until: int, hours: Hours) -> int:
    """Minutes of the support hours between two times, Monday to Friday."""
    return _open_before(until, hours) - _open_before(since, hours)


def _open_before(time: int, hours: Hours) -> int:
    """Minutes of the support hours before a time. Day 1 of the count was a Monday."""
    assert hours.opens is not None, "asked only where the hours are said"
    assert hours.closes is not None, "asked only where the hours are said"
    day, minute = divmod(time, _DAY)
    weeks, weekday = divmod(day - 1, 7)
    length = max(0, hours.closes - hours.opens)
    whole = weeks * 5 + min(weekday, 5)
    today = min(max(0, minute - hours.opens), length) if weekday < 5 else 0
    return whole * length + today


def _nearest(entries: list[Entry], stated: Stated) -> str:
    """The two times that come closest to the length."""
    timed = sorted(entries, key=lambda entry: entry.at or 0)
    times = [entry.at or 0 for entry in timed]
    best, least = (timed[0], timed[-1]), float("inf")
    for place, since in enumerate(times):
        behind = bisect_left(times, since + stated.length.minutes)
        for other in (behind - 1, behind):
            if place < other < len(times):
                off = abs(times[other] - since - stated.length.minutes)
                if off < least:
                    best, least = (timed[place], timed[other]), off
    apart = (best[1].at or 0) - (best[0].at or 0)
    return f"The nearest are {best[0].stamp.text} and {best[1].stamp.text}, {said(apart)} apart."


RULE = Rule(
    name="length-contradicted",
    says=(
        "A length of time that the document states of its incident and that its own times contradict, and by how much."
    ),
    why=(
        "Lengths are typed once and copied; times are corrected later. In one careful "
        "organisation 15 of 36 documents state one that is wrong."
    ),
    look=_look,
    ours="warning",
    others="warning",
    flagged=(
        Example("# Orders fail\n\n**Duration:** 21:45 to 23:28 UTC (133 minutes)\n"),
        Example(
            "# 2026-04-03, 20min outage\n\n## Timeline\n\nAll times in UTC\n\n### "
            "12:50\n\nDown.\n\n### 13:29\n\nUp again.\n"
        ),
        Example(
            "# Orders fail\n\n- **Key events**\n  - First detected 2026-09-07 10:26\n  - Repaired 2026-09-07 11:21\n\n"
            "- **Time to repair**: 1h 55m\n"
        ),
        Example(
            "# Orders fail\n\n- **Key events**\n  - First detected 2026-09-04 16:30\n  - Resolved 2026-09-07 11:00\n\n"
            "- **Time to resolve**: 5h 30m (during support hours 10:00-17:00)\n"
        ),
    ),
    left_alone=(
        Example("# Orders fail\n\n**Duration:** 22:30 to 05:39 UTC (7 hours 9 minutes)\n"),
        Example("# Orders fail\n\nWe were down from 16:37 to 18:39 UTC (2 hours and 2 minutes).\n"),
        Example("# Orders fail\n\nDown from 10:00 to 12:55 UTC (about two or 3 hours).\n"),
        Example(
            "# Orders fail\n\n- **Key events**\n  - First detected 2026-09-04 16:30\n  - Resolved 2026-09-07 11:00\n\n"
            "- **Time to resolve**: 1h 30m (during support hours 10:00-17:00)\n"
        ),
        Example("# 2026-04-03, 40min outage\n\n## Timeline\n\nAll times in UTC\n\n- 12:50 Down.\n- 13:29 Up.\n"),
        Example("# Orders fail\n\n## Timeline\n\n- 12:50 Down.\n- 13:?? Up.\n\nTime to recovery: 3h 10m\n"),
        Example("# Orders fail\n\nThe job retries after 15 minutes; 10:00 to 10:05 UTC is its window.\n"),
    ),
)
