"""Public holidays (rule 0): the library's public days, observed ones too, by country and subdivision."""

import subprocess
import sys
from datetime import date

import pytest
from tests.calendars.support import at

from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar
from respondby.calendars.public_holidays import holiday_name, holidays_of, known_years


def opens_on(country: str, day: str, subdivision: str | None = None) -> bool:
    place = {"country": country} | ({"subdivision": subdivision} if subdivision else {})
    calendar = Calendar.from_mapping({"hours": {"mon-sun": ["09:00-17:00"]}, "holidays": place})
    return calendar.is_open(at(f"{day}T12:00", "UTC"))


@pytest.mark.parametrize(
    "country, subdivision, day, opens",
    [
        ("BE", None, "2026-11-11", False),
        ("BE", None, "2026-11-12", True),
        # Independence Day is a Saturday in 2026: Friday is observed, and Saturday is a holiday as well.
        ("US", None, "2026-07-03", False),
        ("US", None, "2026-07-04", False),
        # New Year's Day of 2028 is a Saturday, observed in the year before.
        ("US", None, "2027-12-31", False),
        ("DE", None, "2026-01-06", True),
        ("DE", "BY", "2026-01-06", False),
        ("DE", "BE", "2026-01-06", True),
        ("DEU", None, "2026-10-03", False),
        ("US", "California", "2026-03-31", False),
    ],
)
def test_a_holiday_removes_the_windows_of_its_date(
    country: str, subdivision: str | None, day: str, opens: bool
) -> None:
    assert opens_on(country, day, subdivision) is opens


@pytest.mark.parametrize(
    "country, subdivision, says",
    [
        ("XX", None, "no public holidays are known for country “XX”"),
        ("be", None, "did you mean “BE”"),
        ("Belgium", None, "no public holidays"),
        ("", None, "no public holidays"),
        ("US", "ZZ", "“ZZ” is no subdivision of US"),
        ("US", "Californa", "did you mean “California”"),
        ("SG", "North", "it has none"),
    ],
)
def test_a_place_that_is_unknown_is_refused(country: str, subdivision: str | None, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        known_years(country, subdivision)


def test_a_year_without_data_is_an_error_and_not_a_year_without_holidays() -> None:
    first, last = known_years("BE", None)
    assert holidays_of("BE", None, last)
    for year in (first - 1, last + 1):
        with pytest.raises(TimeError, match=f"are known for {first} to {last}, not for {year}"):
            holidays_of("BE", None, year)


@pytest.mark.parametrize(
    "country, day, name",
    [
        ("BE", date(2026, 12, 25), "Christmas Day"),
        ("US", date(2026, 7, 3), "Independence Day (observed)"),
        ("BE", date(2026, 12, 26), None),
    ],
)
def test_a_holiday_has_an_english_name(country: str, day: date, name: str | None) -> None:
    assert holiday_name(country, None, day) == name


def test_the_library_is_imported_when_a_holiday_is_first_needed_and_not_before() -> None:
    program = """
import sys
from respondby.calendars import dues, hours, rotas, targets
plain = hours.Calendar.from_mapping({"hours": {"mon-fri": ["09:00-17:30"]}})
office = hours.Calendar.from_mapping({"hours": {"mon-fri": ["09:00-17:30"]}, "holidays": {"country": "BE"}})
plain.add(0, 3600)
assert "holidays" not in sys.modules and "dateutil" not in sys.modules and "difflib" not in sys.modules
office.add(0, 3600)
loaded = [name for name in sys.modules if name.startswith("holidays.countries.")]
assert loaded == ["holidays.countries.belgium"], loaded
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_country_loaded_alone_is_the_library_s_own_and_leaves_no_trace() -> None:
    program = """
import sys
from respondby.calendars.public_holidays import holidays_of
alone = {country: holidays_of(country, None, 2026) for country in ("BE", "US", "GU", "GB", "IM", "AX")}
assert "holidays.countries" not in sys.modules
import holidays
assert len(holidays.list_supported_countries()) > 200
for country, days in alone.items():
    assert days == {day.toordinal() for day in holidays.country_holidays(country, years=2026)}, country
assert holidays_of("FR", None, 2026)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_country_can_be_loaded() -> None:
    from holidays.registry import EntityLoader

    codes = list(EntityLoader.get_country_codes())
    assert len(codes) > 400
    for code in codes:
        first, last = known_years(code, None)
        assert first < last
