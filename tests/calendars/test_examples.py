"""The normative examples, through the functions and through the commands."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from respondby.calendars.instants import iso, parse_time
from respondby.calendars.rotas import Rota
from respondby.cli import deadline
from respondby.cli.main import main

HERE = Path(__file__).parent
TIME = [json.loads(line) for line in (HERE / "time.jsonl").read_text(encoding="utf-8").splitlines()]
ROTA = [json.loads(line) for line in (HERE / "rota.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", TIME, ids=lambda case: case["says"])
def test_time_is_as_the_examples_say(case: dict[str, object]) -> None:
    assert deadline.answer(case) == case["expect"]


@pytest.mark.parametrize("case", ROTA, ids=lambda case: case["says"])
def test_rotas_are_as_the_examples_say(case: dict[str, str]) -> None:
    shift = Rota.from_mapping(case["rota"]).on_call(parse_time(case["at"], None))
    since, until = (None if instant is None else iso(instant) for instant in (shift.since, shift.until))
    assert {"on_call": list(shift.people), "since": since, "until": until} == case["expect"]


@pytest.mark.parametrize("command, name, cases", [("deadline", "time", TIME), ("oncall", "rota", ROTA)])
def test_a_batch_answers_every_line_in_its_place(command: str, name: str, cases: list[dict[str, object]]) -> None:
    result = CliRunner().invoke(main, [command, "--batch", str(HERE / f"{name}.jsonl")])
    assert [json.loads(line) for line in result.stdout.splitlines()] == [case["expect"] for case in cases]
    assert result.exit_code == 0
