"""Public holidays (rule 0): the library's public days, observed ones too, by country and subdivision."""

import os
import subprocess
import sys
from datetime import date

import pytest
from tests.calendars.support import at

from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar
from respondby.calendars.public_holidays import Holidays, known_years, of_parts


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
        ("Belgium", None, "did you mean|BE \\(Belgium\\)"),
        ("SP", None, "write the country's code .*ES \\(Spain\\)"),
        ("EN", None, "write a code of ISO 3166 such as BE"),
        ("Germny", None, "did you mean “DE” \\(Germany\\)"),
        ("", None, "no public holidays"),
        ("US", "ZZ", "“ZZ” is not a subdivision of US"),
        ("US", "Californa", "did you mean “California”"),
        ("SG", "North", "it has none"),
    ],
)
def test_a_place_that_is_unknown_is_refused(country: str, subdivision: str | None, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        known_years(country, subdivision)


def test_a_year_without_data_is_an_error_and_not_a_year_without_holidays() -> None:
    first, last = known_years("BE", None)
    assert Holidays("BE").days(last)
    for year in (first - 1, last + 1):
        with pytest.raises(TimeError, match=f"are known for {first} to {last}, not for {year}"):
            Holidays("BE").days(year)


@pytest.mark.parametrize(
    "country, day, name",
    [
        ("BE", date(2026, 12, 25), "Christmas Day"),
        ("US", date(2026, 7, 3), "Independence Day (observed)"),
        ("BE", date(2026, 12, 26), None),
    ],
)
def test_a_holiday_has_an_english_name(country: str, day: date, name: str | None) -> None:
    assert Holidays(country).name(day) == name


def holidays(**said: object) -> Holidays:
    return Holidays.from_mapping({"country": "GB", **said})


def days(found: Holidays, year: int = 2026) -> dict[str, str]:
    return {date.fromordinal(day).isoformat(): name for day, name in found.named_days(year).items()}


@pytest.mark.parametrize(
    "country, year, name, parts",
    [
        ("GB", 2027, "Easter Monday", ("ENG", "NIR", "WLS")),
        ("CA", 2027, "Thanksgiving Day", ("AB", "BC", "MB", "NT", "NU", "ON", "QC", "SK", "YT")),
        ("DE", 2027, "Epiphany", ("BW", "BY", "ST", "Augsburg")),
    ],
)
def test_what_parts_of_a_country_have_and_the_country_alone_lacks(
    country: str, year: int, name: str, parts: tuple[str, ...]
) -> None:
    assert set(of_parts(country, year)[name]) == set(parts)
    assert name not in days(Holidays(country), year).values()


def test_a_country_that_is_the_same_everywhere_lacks_nothing() -> None:
    assert of_parts("BE", 2027) == {}
    assert of_parts("SG", 2027) == {}


def test_days_by_name_are_added_and_left_out() -> None:
    assert days(holidays(also=["Easter Monday"]))["2026-04-06"] == "Easter Monday"
    plain = days(holidays())
    assert "2026-04-06" not in plain
    assert {*plain} - {*days(holidays(**{"except": ["good friday"]}))} == {"2026-04-03"}
    augsburg = Holidays.from_mapping({"country": "DE", "subdivision": "BY", "also": "Augsburg Peace Festival"})
    assert days(augsburg)["2026-08-08"] == "Augsburg Peace Festival"


def test_what_is_optional_in_hong_kong_is_asked_for() -> None:
    public = Holidays.from_mapping({"country": "HK"})
    general = Holidays.from_mapping({"country": "HK", "categories": ["public", "optional"]})
    assert {*days(general)} > {*days(public)}


def test_half_days_close_when_it_is_said() -> None:
    place = {"country": "GR", "half-days": "12:00"}
    calendar = Calendar.from_mapping({"timezone": "UTC", "hours": {"mon-sun": ["09:00-17:00"]}, "holidays": place})
    assert calendar.next_closing(at("2026-12-24T10:00", "UTC")) == at("2026-12-24T12:00", "UTC")
    assert not calendar.is_open(at("2026-12-25T10:00", "UTC"))
    assert Calendar.from_mapping(calendar.to_mapping()) == calendar


def test_from_the_date_on_which_the_library_s_data_end_it_is_asked_no_more() -> None:
    with pytest.raises(TimeError, match="write `until: 2027-01-01` under `holidays`"):
        days(Holidays("LK"), 2027)
    assert days(Holidays.from_mapping({"country": "LK", "until": "2027-01-01"}), 2027) == {}
    assert days(Holidays.from_mapping({"country": "LK", "until": "2026-06-01"})).keys() < days(Holidays("LK")).keys()


def test_names_do_not_follow_the_language_of_the_process() -> None:
    program = """
from datetime import date
from respondby.calendars.public_holidays import Holidays
print(Holidays("CH", "ZH").name(date(2026, 12, 25)), Holidays("HK").name(date(2026, 12, 25)))
"""
    said = {
        subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True,
            env={**os.environ, "LANG": language, "LANGUAGE": language, "PYTHONPATH": "actions"},
        ).stdout
        for language in ("fr_FR.UTF-8", "de_DE.UTF-8", "th", "C")
    }  # fmt: skip
    assert said == {"Christmas Day Christmas Day\n"}


@pytest.mark.parametrize(
    "said, says",
    [
        ({"county": "BE"}, "did you mean “country”"),
        ({"categories": 1}, "must be a list of names"),
        ({"half-days": "noon"}, "not a time of day"),
        ({"half-days": "24:00"}, "not a time of day"),
        ({"until": "2027"}, "not a date"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(said: dict[str, object], says: str) -> None:
    with pytest.raises(TimeError, match=says):
        holidays(**said)


def test_a_category_that_a_country_does_not_have_is_named_with_those_it_has() -> None:
    with pytest.raises(TimeError, match="“bank” is not a category of holidays of GB; there are public"):
        days(holidays(categories=["bank"]))


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
from respondby.calendars.public_holidays import Holidays
alone = {country: Holidays(country).days(2026) for country in ("BE", "US", "GU", "GB", "IM", "AX")}
assert "holidays.countries" not in sys.modules
import holidays
assert len(holidays.list_supported_countries()) > 200
for country, days in alone.items():
    assert days == {day.toordinal() for day in holidays.country_holidays(country, years=2026)}, country
assert Holidays("FR").days(2026)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_country_can_be_loaded() -> None:
    from holidays.registry import EntityLoader

    codes = list(EntityLoader.get_country_codes())
    assert len(codes) > 400
    for code in codes:
        first, last = known_years(code, None)
        assert first < last
