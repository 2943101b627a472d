"""Every command says what it does, with an example; as wide as the terminal is, coloured only where that is wanted."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from tests.pages import all_commands

from respondby.cli.examples import EXAMPLES
from respondby.cli.main import main
from respondby.cli.output.colours import painted

ROOT = Path(__file__).parents[2]


ALL = dict(all_commands(main))  # type: ignore[arg-type]


def help_of(words: tuple[str, ...]) -> str:
    return CliRunner().invoke(main, [*words, "--help"]).output


def examples(words: tuple[str, ...]) -> list[list[str]]:
    """What the examples of a command's help type, without what they are for."""
    found = re.findall(rf"^ +respondby ({' '.join(words)}\b.*?)(?:  .*)?$", help_of(words), re.MULTILINE)
    return [shlex.split(line.split(" > ")[0]) for line in found]


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_command_has_an_example_that_it_takes(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    found = examples(words)
    assert found, f"add `{' '.join(words)}` to cli/examples.py"
    monkeypatch.chdir(ROOT)
    for line in found:
        arguments = line[len(words) :]
        # Files of the reader's own are not here; options and values are what is looked at.
        ALL[words].make_context(words[-1], [one for one in arguments if not one.endswith((".yml", ".md", ".json"))],
                                resilient_parsing=words in ONLY_SHAPE)  # fmt: skip


#: Their examples name files that are only the reader's.
ONLY_SHAPE = {("parse",), ("try",), ("alerts",), ("rehearse",), ("promises",)}


def test_no_example_is_of_a_command_that_is_not_there() -> None:
    assert {tuple(name.split()) for name in EXAMPLES} <= set(ALL)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_help_fits_a_terminal_of_forty_columns(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    text = help_of(words)
    # Examples are typed as they stand, and a usage line names what is as long as it is.
    prose = text.partition("\n\n")[2]
    long = [line for line in prose.splitlines() if len(line) > 40 and "respondby " not in line and "[" not in line]
    assert not [line for line in long if " " in line.strip()]


@pytest.mark.parametrize("no_color, painted_", [("", True), ("1", False)])
def test_colours_are_left_out_where_nobody_wants_them(
    no_color: str, painted_: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    policy = tmp_path / "support.yml"
    policy.write_text("version: 1\ndesk: x\nclock: {}\n")
    shown = CliRunner().invoke(main, ["check", str(policy)], color=True).output
    assert ("\x1b[" in shown) is painted_


def test_colours_repeat_what_the_words_say() -> None:
    lines = ["a.yml:1:2: error: No.", "a.yml:1:2: warning: Hm.", "  10:00  ✓ label: x", "  ✗ paged: ann", "no errors"]
    assert [click.unstyle(painted(line)) for line in lines] == lines
    assert painted("no errors") == "no errors"
    assert painted(lines[0]) != lines[0]
