"""The table of commands, what starting one costs, and how errors end."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from respondby import __version__
from respondby.calendars.versions import time_data
from respondby.cli import main as cli
from respondby.cli.errors import EXIT_CODES, exit_code
from respondby.runner.environment import EnvironmentProblem

PACKAGE = Path(cli.__file__).parents[1]


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_listed_command_is_one(name):
    command = cli.main.get_command(click.Context(cli.main), name)
    assert isinstance(command, click.Command)
    assert command.help


def test_every_command_on_disk_is_listed():
    files = (PACKAGE / "cli").glob("*.py")
    on_disk = {file.stem for file in files if re.search(r"(?m)^(def )?command\b", file.read_text())}
    assert on_disk <= {module.rpartition(".")[2] for module, _ in cli.COMMANDS.values()}


def test_the_list_of_commands_imports_no_command_and_nothing_heavy():
    program = (
        "import sys\n"
        "from respondby.cli.main import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "heavy = {'github', 'yaml', 'jsonschema', 'holidays', 'jinja2', 'requests'}\n"
        "print(sorted(n for n in sys.modules if n.startswith('respondby.') or n in heavy), file=sys.stderr)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    assert all(name in done.stdout for name in cli.COMMANDS)
    assert done.stderr == "['respondby.cli', 'respondby.cli.errors', 'respondby.cli.main', 'respondby.terminal']\n"


def test_python_m_respondby_is_the_same_program():
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    said = subprocess.check_output([sys.executable, "-m", "respondby", "--version"], env=env, text=True, timeout=60)
    assert said == f"respondby {__version__} ({time_data()})\n"
    assert "time zones IANA 20" in said
    assert "public holidays 0." in said


@pytest.mark.parametrize("name", EXIT_CODES)
def test_every_error_with_an_exit_code_exists(name):
    module, _, kind = name.rpartition(".")
    assert issubclass(getattr(importlib.import_module(module), kind), Exception)


def test_an_error_has_the_exit_code_of_the_kind_it_is_one_of():
    class MissingTokenProblem(EnvironmentProblem):
        pass

    assert exit_code(MissingTokenProblem()) == 2
    assert exit_code(ValueError()) is None


@pytest.fixture
def failing(monkeypatch):
    """A desk with one command, which raises what it is given."""

    def with_error(error):
        @click.command()
        def command():
            raise error

        monkeypatch.setattr(cli.main, "table", {"fail": (__name__, "Fails.")})
        monkeypatch.setattr(sys.modules[__name__], "command", command, raising=False)
        return CliRunner()

    return with_error


def test_a_known_error_ends_with_its_text_and_its_code(failing, monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    result = failing(EnvironmentProblem("Set X.")).invoke(cli.main, ["fail"])
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "respondby: Set X.\n")


def test_in_a_runner_a_known_error_is_an_annotation(failing, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setattr("respondby.runner.log.guard_standard_streams", lambda: None)
    result = failing(EnvironmentProblem("Set X.\n::debug::y")).invoke(cli.main, ["fail"])
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "::error::Set X.%0A::debug::y\n")


def test_a_fault_of_ours_keeps_its_traceback(failing):
    result = failing(ZeroDivisionError()).invoke(cli.main, ["fail"])
    assert isinstance(result.exception, ZeroDivisionError)
    assert result.exit_code == 1


def test_wrong_usage_is_code_2():
    result = CliRunner().invoke(cli.main, ["no-such-command"])
    assert result.exit_code == 2
    assert "No such command" in result.stderr
