"""The hours of a week as they are written."""

import pytest

from respondby.calendars.errors import TimeError
from respondby.calendars.weeks import overlaps, read_days, read_week, read_window, week_mapping


@pytest.mark.parametrize(
    "text, window",
    [
        ("09:00-17:30", (540, 1050)),
        ("00:00-24:00", (0, 1440)),
        ("22:00-06:00", (1320, 1800)),
        ("22:00-24:00", (1320, 1440)),
        ("22:00-00:00", (1320, 1440)),
        ("00:01-00:00", (1, 1440)),
    ],
)
def test_a_window_is_in_minutes_since_its_midnight(text: str, window: tuple[int, int]) -> None:
    assert read_window(text) == window


@pytest.mark.parametrize(
    "text, says",
    [
        ("25:00-26:00", "25:00 is not a time of day"),
        ("09:00-24:01", "24:01 is not a time of day"),
        ("09:60-10:00", "09:60 is not a time of day"),
        ("09:00-09:00", "no length; for a whole day write 00:00-24:00"),
        ("00:00-00:00", "no length"),
        ("24:00-06:00", "opens at 24:00; write 00:00 on the next day"),
        ("24:00-24:00", "opens at 24:00"),
        ("9:00-17:30", "is not a window; write one such as 09:00-17:30"),
        ("09:00–17:30", "is not a window"),
        ("09:00-17:30:00", "is not a window"),
        ("09:00", "is not a window"),
        ("", "is not a window"),
        (None, "must be text"),
        (540, "must be text"),
    ],
)
def test_a_window_that_cannot_be_read_says_what_to_write(text: object, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        read_window(text)


@pytest.mark.parametrize(
    "key, days",
    [
        ("mon", [0]),
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("sat-sun", [5, 6]),
        ("sat-mon", [5, 6, 0]),
        ("monday", [0]),
        ("Tue-Thursday", [1, 2, 3]),
        ("mon-sun", [0, 1, 2, 3, 4, 5, 6]),
        ("wed-wed", [2]),
    ],
)
def test_days_are_a_weekday_or_a_range(key: str, days: list[int]) -> None:
    assert read_days(key) == days


@pytest.mark.parametrize(
    "hours, says",
    [
        (["09:00-17:30"], "hours must be a mapping"),
        ({"mon": "09:00-17:30"}, "hours.mon must be a list"),
        ({"mon": None}, "hours.mon must be a list"),
        ({"mond": ["09:00-17:30"]}, "“mond” is not a weekday; did you mean “mon"),
        # Monday to Friday in French and Spanish: `lun` is no slip of `sun`.
        ({"lun-vie": ["09:00-17:30"]}, "“lun” is not a weekday; days are in English: mon, tue"),
        ({"maandag": ["09:00-17:30"]}, "“maandag” is not a weekday"),
        ({"mon,tue": ["09:00-17:30"]}, "not a weekday"),
        ({"holidays": ["09:00-17:30"]}, "not a weekday"),
        ({1: ["09:00-17:30"]}, "must be text"),
    ],
)
def test_hours_that_cannot_be_read_name_their_key(hours: object, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        read_week(hours)


@pytest.mark.parametrize(
    "mapping",
    [
        {"mon-fri": ["09:00-17:30"]},
        {"mon": ["09:00-12:30", "13:00-17:00"], "wed-thu": ["09:00-12:30"], "sun": ["22:00-06:00"]},
        {"mon-sun": ["00:00-24:00"]},
        {},
    ],
)
def test_the_shortest_mapping_reads_back(mapping: dict[str, list[str]]) -> None:
    assert week_mapping(read_week(mapping)) == mapping


def test_a_day_that_several_keys_name_has_the_windows_of_all() -> None:
    assert week_mapping(read_week({"mon-tue": ["09:00-12:00"], "tue": ["13:00-15:00"], "wed": []})) == {
        "mon": ["09:00-12:00"],
        "tue": ["09:00-12:00", "13:00-15:00"],
    }


@pytest.mark.parametrize(
    "hours, found",
    [
        ({"mon": ["09:00-12:30", "12:00-17:00"]}, [("mon", "09:00-12:30", "12:00-17:00")]),
        ({"mon": ["22:00-06:00"], "tue": ["05:00-09:00"]}, [("tue", "22:00-06:00", "05:00-09:00")]),
        ({"sun": ["22:00-06:00"], "mon": ["05:59-09:00"]}, [("mon", "22:00-06:00", "05:59-09:00")]),
        ({"mon-fri": ["09:00-12:30", "12:30-17:00"]}, []),
        ({"mon-sun": ["22:00-06:00", "06:00-22:00"]}, []),
        ({}, []),
    ],
)
def test_windows_that_share_a_minute_are_found(hours: object, found: list[tuple[str, str, str]]) -> None:
    assert list(overlaps(read_week(hours))) == found
