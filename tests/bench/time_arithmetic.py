"""How fast the arithmetic of time is, as ratios to other libraries in one run: `python tests/bench/time_arithmetic.py`.

Warm: the best of several rounds in this process, after everything has been asked once. Cold: the best of several whole
processes, interpreter included. A figure that is missed makes the exit code 1.
"""

import subprocess
import sys
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import cycle
from pathlib import Path
from zoneinfo import ZoneInfo

import businesstimedelta
import holidays
import icalendar
import pandas
import pytz
import recurring_ical_events
from dateutil.rrule import WEEKLY, rrule
from pandas.tseries.holiday import USFederalHolidayCalendar
from pandas.tseries.offsets import CustomBusinessHour

from respondby.calendars.hours import Calendar
from respondby.calendars.instants import parse_time, zone
from respondby.calendars.rotas import Rota

CHICAGO = ZoneInfo("America/Chicago")
# The only zones that businesstimedelta takes.
PYTZ_CHICAGO = pytz.timezone("America/Chicago")
MAPPING = {"timezone": "America/Chicago", "hours": {"mon-fri": ["09:00-17:00"]}, "holidays": {"country": "US"}}
# Clocks go back on 1 November 2026, between this start and 168 business hours later.
START = datetime(2026, 10, 19, 10, tzinfo=CHICAGO)
YEAR_LATER = datetime(2027, 10, 19, 10, tzinfo=CHICAGO)

OURS_COLD = f"""
from respondby.calendars.dues import due
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import parse_time
from respondby.calendars.targets import parse_by, parse_within
office = Calendar.from_mapping({MAPPING!r})
start = parse_time("2026-10-19T10:00-05:00", None)
for target in (parse_within("4 business hours"), parse_within("2 business days"), parse_by("end of next week")):
    due(target, start, None, office)
"""
HOLIDAYS_COLD = "import holidays; holidays.country_holidays('US', years=2026)"


@dataclass(frozen=True)
class Row:
    """One comparison: seconds of ours and of theirs, and how many times as fast ours must be."""

    what: str
    against: str
    ours: float
    theirs: float
    wanted: float

    @property
    def ratio(self) -> float:
        """How many times as fast ours is."""
        return self.theirs / self.ours


def warm(call: Callable[[], object], number: int) -> float:
    """Seconds of one call, after a first that does not count."""
    call()
    return min(timeit.repeat(call, number=number, repeat=5)) / number


def cold(program: str) -> float:
    """Seconds of a whole process, the best of nine."""
    package = str(Path(__file__).parents[2] / "actions")
    command = [sys.executable, "-c", program]
    return min(
        timeit.repeat(lambda: subprocess.run(command, check=True, env={"PYTHONPATH": package}), number=1, repeat=9)
    )


def hours_rows() -> list[Row]:
    """Adding 168 business hours over a clock change, and the open seconds of a year."""
    ours = Calendar.from_mapping(MAPPING)
    start, end = int(START.timestamp()), int(YEAR_LATER.timestamp())
    add = warm(lambda: ours.add(start, 168 * 3600), 20_000)
    between = warm(lambda: ours.between(start, end), 20_000)

    days = businesstimedelta.WorkDayRule(
        start_time=time(9), end_time=time(17), working_days=[0, 1, 2, 3, 4], tz=PYTZ_CHICAGO
    )
    rules = businesstimedelta.Rules([days, businesstimedelta.HolidayRule(holidays.US(), tz=PYTZ_CHICAGO)])
    length = businesstimedelta.BusinessTimeDelta(rules, hours=168)
    their_add = warm(lambda: START + length, 20)
    their_between = warm(lambda: rules.difference(START, YEAR_LATER), 5)

    one_hour = CustomBusinessHour(start="09:00", end="17:00", calendar=USFederalHolidayCalendar())
    hours = CustomBusinessHour(n=168, start="09:00", end="17:00", calendar=USFederalHolidayCalendar())
    first, last = pandas.Timestamp(START), pandas.Timestamp(YEAR_LATER)
    pandas_add = warm(lambda: first + hours, 500)
    pandas_between = warm(lambda: len(pandas.date_range(first, last, freq=one_hour)), 3)
    return [
        Row("+168 business hours over a clock change", "businesstimedelta", add, their_add, 100),
        Row("+168 business hours over a clock change", "pandas CustomBusinessHour", add, pandas_add, 4),
        Row("open seconds in a year", "businesstimedelta", between, their_between, 1000),
        Row("open seconds in a year", "pandas CustomBusinessHour", between, pandas_between, 1000),
    ]


def rota_rows() -> list[Row]:
    """Who is on call in a weekly rota on the days of its first years."""
    rota = Rota.from_mapping(
        {
            "timezone": "America/Chicago",
            "handover": {"every": "1 week", "at": "monday 10:00", "from": "2026-01-05"},
            "members": ["ann", "bob", "cid"],
        }
    )
    handovers = rrule(WEEKLY, dtstart=datetime(2026, 1, 5, 10, tzinfo=CHICAGO))
    begin = parse_time("2026-07-01T12:00", zone("America/Chicago"))
    instants = cycle([begin + day * 86_400 for day in range(365)])
    moments = cycle([datetime.fromtimestamp(begin + day * 86_400, UTC) for day in range(0, 365, 73)])

    def theirs() -> object:
        moment = next(moments)
        return handovers.before(moment, inc=True), handovers.after(moment)

    since = rota.on_call(begin).since
    assert since == int(handovers.before(datetime.fromtimestamp(begin, UTC), inc=True).timestamp())
    # The same rota as a calendar of three events that recur every three weeks, as one would subscribe to it.
    calendar = icalendar.Calendar()
    for turn, who in enumerate(("ann", "bob", "cid")):
        event = icalendar.Event()
        event.add("uid", who)
        event.add("summary", who)
        event.add("dtstart", datetime(2026, 1, 5 + 7 * turn, 10, tzinfo=CHICAGO))
        event.add("dtend", datetime(2026, 1, 12 + 7 * turn, 10, tzinfo=CHICAGO))
        event.add("rrule", {"freq": "weekly", "interval": 3})
        calendar.add_component(event)
    query = recurring_ical_events.of(calendar)
    [found] = query.at(datetime.fromtimestamp(begin, UTC))
    assert (str(found["summary"]),) == rota.on_call(begin).people

    ours = warm(lambda: rota.on_call(next(instants)), 20_000)
    events = warm(lambda: query.at(next(moments)), 20)
    return [
        Row("who is on call, weekly rota", "recurring-ical-events", ours, events, 100),
        Row("who is on call, weekly rota", "dateutil rrule", ours, warm(theirs, 50), 20),
    ]


def cold_row() -> Row:
    """A process that loads one calendar and asks three deadlines, and one that only loads a country's holidays."""
    return Row("cold: a calendar and three deadlines", "import holidays", cold(OURS_COLD), cold(HOLIDAYS_COLD), 1 / 1.5)


def main() -> int:
    """Print the table; 1 when a figure is missed."""
    rows = [*hours_rows(), *rota_rows(), cold_row()]
    print(f"{'what':<41}{'against':<27}{'ours':>10}{'theirs':>13}{'ratio':>10}{'wanted':>9}")
    for row in rows:
        mark = "" if row.ratio >= row.wanted else "  MISSED"
        times = f"{row.ours * 1e6:>8,.1f}µs{row.theirs * 1e6:>11,.1f}µs"
        print(f"{row.what:<41}{row.against:<27}{times}{row.ratio:>9,.1f}×{row.wanted:>8,.2f}×{mark}")
    return int(any(row.ratio < row.wanted for row in rows))


if __name__ == "__main__":
    sys.exit(main())
