"""What is printed has to arrive: a full device is told in one sentence, a reader who has gone is told nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
POLICY = "docs/processes/msp-handoff/support.yml"
SAYS = "not all could be printed, for standard output takes no more: No space left on device"

COMMANDS = [
    (["--help"], ""),
    (["--version"], ""),
    (["fleet", "--help"], ""),
    (["check", POLICY], ""),
    (["check", "--json", POLICY], ""),
    (["completion", "bash"], ""),
    (["deadline", "4h"], ""),
    (["deadline", "--batch", "-"], '{"from": "2026-01-05T10:00Z", "within": "4h"}\n'),
    (["postmortem", "rules"], ""),
]


def command(arguments: list[str], given: str, output: int, **environment: str) -> tuple[int, str]:
    """(exit code, standard error) of the command whose output goes there."""
    env = {name: value for name, value in os.environ.items() if name not in ("GITHUB_ACTIONS", "PYTHONUNBUFFERED")}
    done = subprocess.run(
        [sys.executable, "-m", "respondby", *arguments],
        input=given, stdout=output, stderr=subprocess.PIPE, text=True, timeout=120, cwd=ROOT,
        env={**env, "PYTHONPATH": str(ROOT / "actions"), **environment},
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.fixture
def full() -> Iterator[int]:
    """A device that takes nothing."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no device here that is always full")
    device = os.open("/dev/full", os.O_WRONLY)
    yield device
    os.close(device)


@pytest.mark.parametrize("arguments, given", COMMANDS, ids=lambda one: " ".join(one) if isinstance(one, list) else "")
def test_a_full_device_is_told_in_one_sentence(arguments: list[str], given: str, full: int) -> None:
    assert command(arguments, given, full) == (1, f"respondby: {SAYS}\n")


@pytest.mark.parametrize("arguments, given", COMMANDS, ids=lambda one: " ".join(one) if isinstance(one, list) else "")
def test_a_reader_who_has_gone_is_told_nothing(arguments: list[str], given: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    assert command(arguments, given, writing) == (1, "")
    os.close(writing)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_it_is_told_however_output_is_buffered(unbuffered: str, full: int) -> None:
    assert command(["check", POLICY], "", full, PYTHONUNBUFFERED=unbuffered) == (1, f"respondby: {SAYS}\n")


def test_a_worse_end_keeps_its_code_and_a_runner_is_told_by_an_annotation(full: int) -> None:
    code, said = command(["check", "--json", "nosuch.yml"], "", full, GITHUB_ACTIONS="true")
    assert (code, SAYS in said) == (2, False)  # nothing was to be printed there
    assert command(["check", POLICY], "", full, GITHUB_ACTIONS="true") == (1, f"::error::{SAYS}\n")
