"""Times of day and dates as people write them in a post-mortem.

A stamp holds what was written and no more: a year, a date or a zone that is not there is for the timeline to find.
Forms met in public post-mortems: `2022-06-02 10:00`, `13:28`, `14.43`, `2022-02-02 1625`, `04:49 PM`, `5 PM`,
`June 14th, 2022, 10:00 AM`, `27 July 2021`, `22:30 UTC (Oct 29)`, `2019-12-03 --:--`, `14:??`, `22025-03-18`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

#: What keeps a stamp from being a time: nothing, a year, a date or a time of day that cannot be, a blank to fill in.
Wrong = Literal["", "year", "date", "time", "blank"]

#: Years in which nobody had an incident to write about on GitHub.
FIRST_YEAR, LAST_YEAR = 1990, 2100

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_DATE = re.compile(
    r"(?<![\w.:/-])(?:"
    r"(?P<y1>\d{4,5})(?P<dash>[-/.])(?P<m1>\d\d?)(?P=dash)(?P<d1>\d\d?)(?![\d/-])"
    rf"|{_WEEKDAY}(?P<d2>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_MONTH})\b\.?(?:,?\s+(?P<y2>\d{{4,5}})(?!\d))?"
    rf"|{_WEEKDAY}(?P<m3>{_MONTH})\b\.?\s+(?P<d3>\d\d?)(?:st|nd|rd|th)?\b(?![:.]\d)(?:,?\s+(?P<y3>\d{{4,5}})(?!\d))?"
    r"|(?P<a4>\d\d?)/(?P<b4>\d\d?)/(?P<y4>\d{4}|\d\d)(?![\d/])"
    r"|(?<=\[)(?P<m5>\d\d)-(?P<d5>\d\d)(?=\s\d\d:)"
    r")",
    re.IGNORECASE | re.ASCII,
)
_CLOCK = re.compile(
    r"(?:(?P<h>\d\d?)(?P<sep>[:.])(?P<gap> ?)(?P<mi>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?(?![\d%]|\.\d|:\d)"
    r"(?:\s?(?P<ap>[ap]\.?m\b\.?))?"
    r"|(?P<h12>\d\d?)\s?(?P<ap12>[ap]\.?m\b\.?))",
    re.IGNORECASE | re.ASCII,
)
_BLANK = re.compile(r"(?:hh[:.]?mm|--[:.]--|\d\d[:.]\?\?|\?\?[:.]\?\?|xx[:.]xx)(?![\w:])", re.IGNORECASE | re.ASCII)
_BARE = re.compile(r"(?P<h>[01]\d|2[0-3])(?P<mi>[0-5]\d)(?=[\s:,)*Z]|$)", re.ASCII)
#: Names of zones that post-mortems use. Others are words: `5 PM TEAM`.
ZONES = [
    "UTC",
    "GMT",
    "PST",
    "PDT",
    "PT",
    "MST",
    "MDT",
    "MT",
    "CST",
    "CDT",
    "CT",
    "EST",
    "EDT",
    "ET",
    "AKST",
    "AKDT",
    "HST",
    "BST",
    "IST",
    "CET",
    "CEST",
    "EET",
    "EEST",
    "WET",
    "WEST",
    "MSK",
    "JST",
    "KST",
    "SGT",
    "AEST",
    "AEDT",
    "ACST",
    "ACDT",
    "AWST",
    "NZST",
    "NZDT",
    "BRT",
    "ART",
    "SAST",
    "WAT",
]
ZONE = re.compile(
    rf"\s?\(?\s?(?P<name>(?:{'|'.join(ZONES)})\b(?:\s?[+-]\d{{1,2}}(?::?\d\d)?(?!\d))?)\)?"
    r"|(?P<offset>\s?[+-]\d\d:?\d\d(?![\d:])|Z\b)",
    re.ASCII,
)

_LEAD = re.compile(r"(?:[\s*_`~\[(>|#]|:[a-z_]{2,30}:|[^\x00-\xff])*")
_ABOUT = re.compile(r"(?:on|at|around|about|from|circa|c\.|approx\.?|~|≈)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:[\s,*_`)\]]|T(?=\d)|-\s|–\s|at\s|\(|:\s){0,6}")
#: A longer start of a line is no time but a sentence.
_HEAD = 90


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time or date as written: `text` from `start` to `end` (characters of its line, from 0).

    `year`, `month`, `day` are None where they are not said; `minute` counts from midnight, None for a date alone.
    `form` is how the time was written: `HH:MM`, `HH.MM`, `HHMM`, `12-hour`, or `date`.
    """

    text: str
    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    minute: int | None = None
    second: int = 0
    zone: str = ""
    form: str = "date"
    wrong: Wrong = ""

    @property
    def dated(self) -> bool:
        """Whether it says a day, with or without its year."""
        return self.day is not None


def stamp_at_start(text: str) -> Stamp | None:
    """The stamp that a line begins with, behind whatever marks, pictures and emphasis; None where there is none."""
    lead = _LEAD.match(text, 0, _HEAD)
    start = lead.end() if lead else 0
    about = _ABOUT.match(text, start, start + 12)
    return stamp_at(text, about.end() if about else start, bare=True)


def stamp_at(text: str, start: int, *, bare: bool = False, dots: bool = True) -> Stamp | None:
    """The stamp that begins exactly at `start`. `bare` takes `1625` behind a date, `dots` takes `14.43`."""
    found = _DATE.match(text, start)
    parts, end = ({}, start) if found is None else (_date_parts(found), found.end())
    clock_at = end
    if found is not None:
        between = _BETWEEN.match(text, end)
        clock_at = between.end() if between else end
    clock = _clock(text, clock_at, bare=bare and found is not None and found["y1"] is not None, dots=dots)
    if clock is None:
        return _stamp(text, start, end, parts) if found is not None else None
    zone, end = _zone(text, clock.end, dated=found is not None)
    if found is None and (behind := _date_behind(text, end)) is not None:
        parts, end = _date_parts(behind), behind.end()
    return _stamp(text, start, end, parts, clock, zone)


def stamps_in(text: str) -> Iterator[Stamp]:
    """Every stamp of a text, in order. Times with a point (`14.43`) are numbers here, and no times."""
    done = 0
    for found in _SOMETHING.finditer(text):
        if found.start() < done:
            continue
        stamp = stamp_at(text, found.start(), dots=False)
        if stamp is not None:
            done = stamp.end
            yield stamp


_SOMETHING = re.compile(rf"(?<![\w.:/+-])(?:\d|{_WEEKDAY}(?:{_MONTH})\b)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class _Clock:
    end: int
    minute: int | None
    second: int
    form: str
    wrong: Wrong


def _clock(text: str, at: int, *, bare: bool, dots: bool) -> _Clock | None:
    if blank := _BLANK.match(text, at):
        return _Clock(blank.end(), None, 0, "HH:MM", "blank")
    found = _CLOCK.match(text, at)
    if found is None:
        found = _BARE.match(text, at) if bare else None
        return found and _Clock(found.end(), int(found["h"]) * 60 + int(found["mi"]), 0, "HHMM", "")
    half = found["ap"] or found["ap12"]
    # `9.05` may be a figure as well; a time with a point has two digits on both sides, or says which half of the day.
    if found["sep"] == "." and not half and (not dots or len(found["h"]) < 2):
        return None
    hour, minute, second = int(found["h"] or found["h12"]), int(found["mi"] or 0), int(found["s"] or 0)
    # `14: 45` is met in timelines; in a sentence it is a list of numbers.
    if found["gap"] and not dots:
        return None
    form = "12-hour" if half else "HH:MM" if found["sep"] == ":" else "HH.MM"
    if minute > 59 or second > 60 or hour > 24 or (hour == 24 and minute):
        return None if form == "HH.MM" else _Clock(found.end(), None, 0, form, "time")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    return _Clock(found.end(), hour * 60 + minute, second, form, "")


def _zone(text: str, at: int, *, dated: bool) -> tuple[str, int]:
    found = ZONE.match(text, at)
    # `10:02-10:07` is a range; only behind a date is a figure with a sign an offset.
    if found is None or (found["offset"] and found["offset"] != "Z" and not (dated and _is_offset(found["offset"]))):
        return "", at
    return (found["name"] or found["offset"] or "").replace(" ", ""), found.end()


def _is_offset(text: str) -> bool:
    digits = text.strip().lstrip("+-").replace(":", "")
    return int(digits[:2]) <= 14 and digits[2:] in ("00", "15", "30", "45")


def _date_behind(text: str, at: int) -> re.Match[str] | None:
    """A date in brackets behind a time: `22:30 UTC (Oct 29)`."""
    while at < len(text) and text[at] in " ,":
        at += 1
    if at >= len(text) or text[at] != "(":
        return None
    return _DATE.match(text, at + 1)


def _date_parts(found: re.Match[str]) -> dict[str, int | None]:
    if found["y1"]:
        return {"year": int(found["y1"]), "month": int(found["m1"]), "day": int(found["d1"])}
    for number in "23":
        if found[f"m{number}"]:
            year = found[f"y{number}"]
            month = _MONTHS.index(found[f"m{number}"][:3].lower()) + 1
            return {"year": int(year) if year else None, "month": month, "day": int(found[f"d{number}"])}
    if found["m5"]:
        return {"year": None, "month": int(found["m5"]), "day": int(found["d5"])}
    first, second, year_text = int(found["a4"]), int(found["b4"]), found["y4"]
    year_said = int(year_text) + (2000 if len(year_text) == 2 else 0)
    # `03/04` is read by some as April and by others as March: only what has one reading is a date.
    if first > 12 >= second:
        return {"year": year_said, "month": second, "day": first}
    if second > 12 >= first:
        return {"year": year_said, "month": first, "day": second}
    return {"year": year_said, "month": None, "day": None}


def _stamp(
    text: str, start: int, end: int, parts: dict[str, int | None], clock: _Clock | None = None, zone: str = ""
) -> Stamp:
    wrong: Wrong = clock.wrong if clock else ""
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        wrong, year = "year", None
    elif month is not None and day is not None and not _is_day(year or 2024, month, day):
        wrong, month, day = "date", None, None
    return Stamp(
        text[start:end].strip(" ()*_`[]"),
        start,
        end,
        year,
        month,
        day,
        clock.minute if clock else None,
        clock.second if clock else 0,
        zone,
        clock.form if clock else "date",
        wrong,
    )


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
