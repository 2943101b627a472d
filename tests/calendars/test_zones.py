"""Zones are those of the locked database on every machine, and their names are said so that nobody mistakes one."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import parse_time, wall, zone
from respondby.calendars.zones import IANA_VERSION, fixed_offset, zone_names

ROOT = Path(__file__).parents[2]

#: Zones that lately changed for good, what their clocks show, and the first of IANA's versions that knows it.
LATELY = [
    # (zone, instant, hours east of Greenwich, abbreviation, known since)
    ("America/Vancouver", "2026-01-15T12:00Z", -8, "PST", "2026a"),
    ("America/Vancouver", "2026-12-15T12:00Z", -7, "MST", "2026f"),
    ("America/Edmonton", "2026-12-15T12:00Z", -6, "CST", "2026f"),
    ("America/Edmonton", "2030-01-15T12:00Z", -6, "CST", "2026f"),
    ("America/Winnipeg", "2026-12-15T12:00Z", -5, "EST", "2026f"),
    ("Africa/Casablanca", "2026-07-15T12:00Z", 1, "+01", "2025a"),
    ("Africa/Casablanca", "2026-12-15T12:00Z", 0, "+00", "2026f"),
    ("America/Havana", "2026-12-15T12:00Z", -4, "CDT", "2026f"),
    ("America/Mexico_City", "2026-07-15T12:00Z", -6, "CST", "2022f"),
    ("Asia/Amman", "2026-12-15T12:00Z", 3, "+03", "2022f"),
    ("Asia/Almaty", "2026-12-15T12:00Z", 5, "+05", "2024a"),
    ("America/Asuncion", "2026-07-15T12:00Z", -3, "-03", "2024b"),
]


@pytest.mark.parametrize("name, at, hours, abbreviation, since", LATELY)
def test_a_zone_that_lately_changed_for_good_is_known(name, at, hours, abbreviation, since) -> None:
    assert since <= IANA_VERSION
    shown = wall(parse_time(at, None), zone(name))
    assert (shown.utcoffset(), shown.tzname()) == (timedelta(hours=hours), abbreviation)


@pytest.fixture
def other_zones(tmp_path: Path) -> Path:
    """Zone files of a machine that believes Calgary and Casablanca to show Tokyo's time."""
    tokyo = (files("tzdata") / "zoneinfo/Asia/Tokyo").read_bytes()
    for name in ("America/Edmonton", "Africa/Casablanca"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(tokyo)
    return tmp_path


def test_a_machine_s_own_zone_files_change_no_deadline_and_no_shift(other_zones: Path) -> None:
    """In a process of its own, as an action's script starts one."""
    environ = {**os.environ, "PYTHONTZPATH": str(other_zones), "PYTHONPATH": str(ROOT / "actions"), "TZ": "Asia/Tokyo"}

    def asked(verb: str, line: dict[str, object]) -> dict[str, object]:
        command = [sys.executable, "-m", "respondby", verb, "--batch", "-"]
        run = subprocess.run(command, input=json.dumps(line), capture_output=True, text=True, check=True, env=environ)
        answer: dict[str, object] = json.loads(run.stdout)
        return answer

    believed = "from datetime import *; from zoneinfo import ZoneInfo; print(datetime(2027,1,5,tzinfo=ZoneInfo({!r})))"
    seen = subprocess.run(
        [sys.executable, "-c", believed.format("America/Edmonton")],
        capture_output=True, text=True, check=True, env=environ,
    )  # fmt: skip
    assert seen.stdout.strip().endswith("+09:00"), "the other files are those that zoneinfo itself takes"
    calendar = {"timezone": "America/Edmonton", "hours": {"mon-fri": ["09:00-17:00"]}}
    due = asked("deadline", {"calendar": calendar, "from": "2027-01-05T09:00-06:00", "within": "4 business hours"})
    assert due == {"due": "2027-01-05T19:00:00Z"}
    rota = {
        "timezone": "Africa/Casablanca",
        "handover": {"every": "1 day", "from": "2027-01-04T09:00"},
        "members": ["ann"],
    }
    shift = asked("oncall", {"rota": rota, "at": "2027-01-05T12:00Z"})
    assert shift["since"] == "2027-01-05T09:00:00Z"


@pytest.mark.parametrize(
    "name", ["Factory", "localtime", "posixrules", "europe/brussels", "../tzdata.zi", "", "Europe/"]
)
def test_what_is_not_in_the_database_s_list_is_no_zone(name: str) -> None:
    with pytest.raises(TimeError):
        zone(name)


def test_every_listed_zone_can_be_read() -> None:
    assert len(zone_names()) > 500
    for name in zone_names():
        assert wall(0, zone(name)).utcoffset() is not None


@pytest.mark.parametrize(
    "written, says",
    [
        ("Europe/Brussel", "did you mean “Europe/Brussels”?"),
        ("CEST", "an abbreviation; write the place whose clock is meant, such as Europe/Paris"),
        ("PDT", "such as America/Los_Angeles"),
        ("UTC+3", "for an offset that never changes, Etc/GMT-3 (its sign is the other way round)"),
        ("GMT-05:00", "for an offset that never changes, Etc/GMT+5 (its sign is the other way round)"),
        ("+0200", "for an offset that never changes, Etc/GMT-2 (its sign is the other way round)"),
        ("UTC+0", "for an offset that never changes, UTC"),
        ("Mars", "write one such as Europe/Paris or America/New_York"),
    ],
)
def test_a_name_that_is_none_is_answered_with_what_to_write(written: str, says: str) -> None:
    with pytest.raises(TimeError) as refused:
        zone(written)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "name, means",
    [
        ("Etc/GMT+3", "UTC-03:00"),
        ("Etc/GMT-10", "UTC+10:00"),
        ("Etc/GMT", None),
        ("Etc/GMT+0", None),
        ("Etc/UTC", None),
    ],
)
def test_the_database_s_own_offsets_have_their_sign_the_other_way_round(name: str, means: str | None) -> None:
    assert fixed_offset(name) == means
    if means is not None:
        shown = wall(0, zone(name)).strftime("UTC%z")
        assert f"{shown[:-2]}:{shown[-2:]}" == means
