"""`respondby swap`: what it writes into a rota's file, what it says, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.cli.rota_desk import POLICY, SWAP, write_desk

from respondby.cli.main import main

AT = "2026-12-03T12:00+01:00"
FILE = Path("rota/week.yml")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk, in a working folder of its own, outside of any runner."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    write_desk(tmp_path)
    return tmp_path


def swap(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["swap", "--at", AT, *arguments])


def test_the_next_shift_of_somebody_is_another_s() -> None:
    result = swap("ann", "dan", "--why", "A wedding")
    assert result.exit_code == 0
    line = "- { from: 2026-12-07T10:00, until: 2026-12-14T10:00, on: dan, instead-of: ann, why: A wedding }\n"
    assert FILE.read_text() == SWAP + line
    assert result.stdout == (
        f"""\
rota/week.yml: {line}
dan gains shifts; ann loses shifts.

week (Europe/Brussels)
   Mon 7 Dec 2026, 10:00 – Mon 14 Dec 2026, 10:00 ann → dan (for ann: A wedding)

  who                          shifts         hours   nights  weekend  holidays
  ann                              −1          −168       −7       −2         –
  dan                              +1          +168       +7       +2         –
  Looked at until Thu 3 Jun 2027, 13:00. A night is counted for whoever is on
  call at 03:00, a Saturday, Sunday or holiday for whoever is at 12:00, on that
  person's own clock. Holidays are the public ones of the calendar office.
"""
    )


def test_a_dry_run_shows_the_diff_and_writes_nothing() -> None:
    result = swap("@Ann", "dan", "--from", "tue 18:00", "--until", "2026-12-09T08:00", "--dry-run")
    assert result.stdout.splitlines()[:6] == [
        "--- a/rota/week.yml",
        "+++ b/rota/week.yml",
        "@@ -1 +1,2 @@",
        f" {SWAP.strip()}",
        "+- { from: 2026-12-08T18:00, until: 2026-12-09T08:00, on: dan, instead-of: ann }",
        "",
    ]
    assert "dan gains shifts; ann loses shifts." in result.stdout
    assert FILE.read_text() == SWAP


def test_as_json_it_says_what_was_written_and_who_gains() -> None:
    told = json.loads(swap("ann", "dan", "--json").stdout)
    assert (told["file"], told["written"]) == ("rota/week.yml", True)
    assert told["entry"] == {"from": "2026-12-07T10:00", "until": "2026-12-14T10:00", "on": "dan", "instead-of": "ann"}
    assert told["figures"]["people"]["dan"]["gains"]["hours"] == 168


def test_who_stands_in_may_be_stood_in_for() -> None:
    swap("ann", "dan")
    assert swap("dan", "bob", "--rota", "week", "--from", "2026-12-08", "--until", "2026-12-09").exit_code == 0
    assert FILE.read_text().endswith(
        "- { from: 2026-12-08T00:00, until: 2026-12-09T00:00, on: bob, instead-of: dan }\n"
    )


def test_a_shift_in_the_hour_that_autumn_repeats_is_written_with_its_offset() -> None:
    assert swap("bob", "dan", "--from", "2027-10-31T02:30+01:00", "--until", "2027-10-31T09:00").exit_code == 0
    assert "from: 2027-10-31T02:30+01:00, until: 2027-10-31T09:00" in FILE.read_text()


@pytest.mark.parametrize(
    "arguments, says",
    [
        # What `check` refuses.
        (["bob", "dan", "--from", "2026-12-08", "--until", "2026-12-09"], "`bob` is not on call in rota `week` then"),
        (["ann", "ann"], "would be on call in rota `week` then anyway"),
        (["bob", "cid", "--from", "2026-12-19", "--until", "2026-12-22T10:00"], "cannot stand in"),
        (["cid", "ann", "--from", "2026-12-03T13:00", "--until", "2026-12-04T08:00"], "at the same time"),
    ],
)
def test_what_check_refuses_is_refused_and_nothing_is_written(arguments: list[str], says: str) -> None:
    if "2026-12-19" in arguments:
        write_desk(Path(), policy=POLICY.replace("2026-12-22/2026-12-23", "2026-12-20"))
    result = swap(*arguments)
    assert result.exit_code == 1
    assert says in result.stderr
    assert "Nothing was written" in result.stderr
    assert FILE.read_text() == SWAP


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["fay", "ann"], "“fay” is not in `people`"),
        (["ann", "bop"], "did you mean “bob”?"),
        (["ann", "dan", "--rota", "weak"], "did you mean “week”?"),
        (["ann", "dan", "--from", "fri 10:00"], "give both --from and --until"),
        (["ann", "dan", "--from", "2026-12-09", "--until", "2026-12-08"], "write the later time last"),
        (["ann", "dan", "--from", "2026-11-01", "--until", "2026-11-02"], "that time is over since"),
        (["ann", "dan", "--rota", "nights"], "no shift to come in the rota “nights”"),
        (["ann", "dan", "--from", "soon", "--until", "later"], "“soon” is not a time"),
        (["ann", "dan", "--policy", "nowhere.yml"], "nowhere.yml"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_to_write(arguments: list[str], says: str) -> None:
    result = swap(*arguments)
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.replace("│", "").split())
    assert FILE.read_text() == SWAP


def test_who_takes_no_turns_cannot_be_stood_in_for() -> None:
    write_desk(Path(), swaps="[]\n", nights="[]\n")
    assert "“dan” takes turns in no rota" in swap("dan", "ann").stderr


def test_a_rota_without_a_file_says_what_to_give_it() -> None:
    write_desk(Path(), policy=POLICY.replace("    overrides: rota/week.yml\n", ""))
    result = swap("ann", "dan", "--rota", "week")
    assert result.exit_code == 2
    assert "give it `overrides: rota/week.yml`" in " ".join(result.stderr.split())


def test_what_check_warns_of_is_written_and_said() -> None:
    nights = "- { from: 2026-12-08T22:00, until: 2026-12-09T06:00, on: dan }\n"
    write_desk(Path(), nights=nights)
    result = swap("ann", "dan", "--rota", "week")
    assert result.exit_code == 0
    assert "`dan` is on call in rota `nights` while this" in result.stderr
