"""`respondby deadline` for people: an answer, and why it is that one."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.calendars.support import at

from respondby.calendars.instants import zone
from respondby.cli import deadline_text
from respondby.cli.main import main

FROM = "2026-11-23T10:00+01:00"

OFFICE_YAML = """\
timezone: Europe/Brussels
hours: { mon-fri: ["09:00-17:30"] }
holidays: { country: BE }
closed: [2026-12-24T12:00/2026-12-24T17:30, 2026-12-31]
sprints: { every: 2 weeks, from: 2026-01-05 }
"""
POLICY_YAML = """\
version: 1
desk: Example
timezone: Asia/Karachi
calendar: office
calendars:
  office: { timezone: Europe/Brussels, hours: { mon-fri: ["09:00-17:30"] } }
  night: { hours: { mon-sun: ["22:00-06:00"] } }
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["deadline"], "say what was promised"),
        (["deadline", "--batch", "nowhere.jsonl"], "nowhere.jsonl"),
        (["deadline", "4 busines hours"], "did you mean “business”"),
        (["deadline", "end of day"], "did you mean “end of business day”"),
        (["deadline", "4 business hours"], "needs a calendar"),
        (["deadline", "4h", "--name", "office"], "there is no policy"),
        (["deadline", "4h", "--name", "office", "--calendar", __file__], "--calendar stands alone"),
        (["deadline", "4h", "--from", "fry 16:00"], "not a weekday"),
        (["deadline", "4h", "--pause", "noon"], "not a span"),
        (["deadline", "handover"], "is not a duration"),
        (["deadline", "999999999h"], "“999999999h” is longer than a century"),
        (["oncall"], "--policy FILE names one"),
        (["oncall", "--batch", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
def test_wrong_usage_ends_with_two_and_says_what_to_do(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert says in result.stderr
    assert result.stdout == ""
    assert result.exit_code == 2


def test_an_explanation_reads_well_at_eighty_columns(tmp_path: Path) -> None:
    (tmp_path / "office.yml").write_text(OFFICE_YAML, encoding="utf-8")
    result = run(
        "deadline", "2 business days", "--from", "2026-12-24T18:00", "--calendar", f"{tmp_path}/office.yml",
        "--pause", "2026-12-28T10:00/2026-12-29T12:00",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    body = result.stdout.split("\n\n", 1)[1]
    assert (
        body
        == """\
  Thu 24 Dec 18:00 – Mon 28 Dec 09:00  closed: Fri 25 Dec (Christmas Day),
                                       Sat 26 – Sun 27 Dec (no hours)
  Mon 28 Dec 09:00 – 10:00             + 1 h
             10:00 – 17:30             paused
  Tue 29 Dec 09:00 – 12:00             paused
             12:00 – 17:30             + 5 h 30 min  = 6 h 30 min
  Wed 30 Dec 09:00 – 17:30             + 8 h 30 min  = 15 h
             17:30 – Mon 4 Jan 09:00   closed: Thu 31 Dec (closed), Fri 1 Jan
                                       (New Year's Day), Sat 2 – Sun 3 Jan (no
                                       hours)
  Mon 4 Jan  09:00 – 11:00             + 2 h         = 17 h

  the start is outside hours, so it counts from Mon 28 Dec 2026, 09:00 (rule 2)
  the same time of day, 2 open days later, back to the closing before it
    (rule 2)
  pauses moved it from Tue 29 Dec 2026, 17:30 (rule 6)

due  Mon 4 Jan 2027, 11:00 (Europe/Brussels)
"""
    )


def test_a_pause_without_an_end_is_the_last_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("deadline", "1h", "--from", FROM, "--pause", "2026-11-23T09:10/")
    assert (
        result.stdout
        == """\
1h from Mon 23 Nov 2026, 09:00, in elapsed time (UTC)

  Mon 23 Nov 09:00 – 09:10  + 10 min
             09:10 – …      paused

  elapsed time: no calendar measures it (rule 1)
  paused since Mon 23 Nov 2026, 09:10, and nobody has ended the pause (rule 6)

due  not while it is paused
"""
    )


def test_a_time_that_had_passed_has_no_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("deadline", "2026-11-22T08:00Z", "--from", FROM)
    assert (
        result.stdout
        == """\
2026-11-22T08:00Z from Mon 23 Nov 2026, 09:00, in elapsed time (UTC)

due  Sun 22 Nov 2026, 08:00 (UTC)
"""
    )


def test_a_policy_without_a_default_calendar_leaves_elapsed_time(tmp_path: Path) -> None:
    two = POLICY_YAML.replace("calendar: office\n", "")
    (tmp_path / "support.yml").write_text(two, encoding="utf-8")
    result = run("deadline", "1h", "--policy", f"{tmp_path}/support.yml", "--from", "2026-11-23T14:00")
    assert "due  Mon 23 Nov 2026, 15:00 (Asia/Karachi)" in result.stdout
    assert "needs a calendar" in run("deadline", "1 business hour", "--policy", f"{tmp_path}/support.yml").stderr


def test_a_long_explanation_shows_its_beginning_and_its_end(tmp_path: Path) -> None:
    (tmp_path / "office.yml").write_text(OFFICE_YAML, encoding="utf-8")
    result = run("deadline", "400 business hours", "--from", "2026-02-02T09:00", "--calendar", f"{tmp_path}/office.yml")
    lines = result.stdout.splitlines()
    assert len(lines) < 40
    assert any("more spans" in line for line in lines)
    assert all(len(line) <= 80 or str(tmp_path) in line for line in lines)


@pytest.mark.parametrize(
    "arguments, due",
    [
        (["30m"], "2026-11-23T09:30:00Z"),
        (["1 business hour"], "2026-11-23T10:00:00Z"),
        (["end of business day"], "2026-11-23T16:30:00Z"),
        (["2026-11-23T12:00"], "2026-11-23T11:00:00Z"),
        (["1h", "--name", "night"], "2026-11-23T18:00:00Z"),
        (["1h", "--name", "office", "--pause", "2026-11-23T10:15/2026-11-23T10:30"], "2026-11-23T10:15:00Z"),
        (["1h", "--pause", "2026-11-23T10:15/"], None),
    ],
)
def test_a_policy_where_it_usually_is_gives_the_calendars(
    arguments: list[str], due: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "support.yml").write_text(POLICY_YAML, encoding="utf-8")
    result = run("deadline", *arguments, "--json", "--from", FROM)
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["due"] == due
    assert answer["from"] == "2026-11-23T09:00:00Z"
    assert answer["steps"][0]["from"] == answer["from"]


@pytest.mark.parametrize(
    "text, arguments, says",
    [
        ("", [], "cannot be read"),
        ("calendars: [", [], "cannot be read"),
        ("- 1", [], "must hold a mapping"),
        (POLICY_YAML, ["--name", "ofice"], "did you mean “office”"),
        (POLICY_YAML.replace("09:00-17:30", "09:00-25:30"), [], "25:30"),
        (POLICY_YAML.replace("calendar: office", "calendar: desk"), [], "no calendar “desk”"),
        (POLICY_YAML.replace("calendar: office", "calendar: [office]"), [], "calendar must be text"),
        ("calendars: [office]", [], "must be a mapping of names"),
        ("calendars: { office: [] }", [], "a calendar must be a mapping"),
        ("timezone: [UTC]", [], "timezone must be text"),
    ],
)
def test_a_policy_that_cannot_serve_says_why(text: str, arguments: list[str], says: str, tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_text(text, encoding="utf-8")
    result = run("deadline", "1 business hour", "--policy", f"{tmp_path}/support.yml", *arguments)
    assert says in result.stderr
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "text, expected",
    [
        ("now", "2026-11-25T14:00"),
        ("16:00", "2026-11-25T16:00"),
        ("today 09:00", "2026-11-25T09:00"),
        ("tomorrow 09:00", "2026-11-26T09:00"),
        ("yesterday 09:00", "2026-11-24T09:00"),
        ("wed 09:00", "2026-11-25T09:00"),
        ("Fri 16:00", "2026-11-27T16:00"),
        ("tuesday 16:00", "2026-12-01T16:00"),
        ("2026-11-20T16:00", "2026-11-20T16:00"),
        ("2026-11-20T16:00Z", "2026-11-20T17:00"),
    ],
)
def test_people_say_when_it_began_relative_to_a_wednesday(text: str, expected: str) -> None:
    assert deadline_text.read_begin(text, at("2026-11-25T14:00"), zone("Europe/Brussels")) == at(expected)


def test_at_means_from_as_in_the_other_commands() -> None:
    asked = [
        CliRunner().invoke(main, ["deadline", "4h", option, "2026-11-23T10:00Z", "--json"]).stdout
        for option in ("--at", "--from")
    ]
    assert asked[0] == asked[1]
    assert json.loads(asked[0])["due"] == "2026-11-23T14:00:00Z"


def test_the_hour_that_autumn_repeats_is_told_apart_in_question_steps_and_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = tmp_path / "night.yml"
    calendar.write_text('timezone: Europe/Brussels\nhours: { mon-sun: ["00:00-24:00"] }\n')
    shown = run("deadline", "1h", "--calendar", str(calendar), "--from", "2026-10-25T02:30").stdout
    assert "1h from Sun 25 Oct 2026, 02:30 UTC+2," in shown
    assert "02:30 UTC+2 – 02:30 UTC+1" in shown
    assert "due  Sun 25 Oct 2026, 02:30 UTC+1 (Europe/Brussels)" in shown
