"""`respondby try`: who would be told what and when, as the desk itself would do it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.jobs.desk import POLICY

from respondby.cli.main import main
from respondby.rehearsal import rehearse
from respondby.rehearsal.running import in_process

ROOT = Path(__file__).parents[2]
AT = ("--at", "2026-01-05T09:00")


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a small desk, runs in this process: that comes to the same, and sooner."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    start = in_process(lambda arguments: main.main(arguments, prog_name="respondby"))
    monkeypatch.setattr(rehearse, "forks", lambda _: _Always(start))
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github/support.yml").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class _Always:
    def __init__(self, start: object) -> None:
        self.start = start

    def __enter__(self) -> object:
        return self.start

    def __exit__(self, *_: object) -> None:
        pass


def respondby_try(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["try", *arguments])


def test_it_says_on_one_screen_what_happens_at_once_and_if_nobody_answers() -> None:
    done = respondby_try("I cannot log in", *AT)
    assert done.stdout == (
        """\
“I cannot log in” (question), opened by a-customer on Mon 5 Jan 2026, 09:00
  (UTC)

At once
  adds type/question, priority/normal
  its card: First response, within 1 hour · Mon 5 Jan 2026, 10:00 (UTC)

And if nobody answers
  Mon 5 Jan 2026
    10:00  +1 h         ann is notified by a mention on the issue
    10:00  +1 h         adds late
"""
    )
    assert done.exit_code == 0


def test_for_machines_it_is_json_with_instants_and_lengths() -> None:
    told = json.loads(respondby_try("x", "--with", "priority=high", "--as", "carla", *AT, "--json").stdout)
    assert told["form"] == "question"
    assert told["with"] == {"priority": "high", "what": "–"}
    assert told["author"] == "carla"
    [call] = [one for one in told["happens"] if one["kind"] == "told"]
    assert (call["who"], call["at"], call["after"]) == ("ann", "2026-01-05T10:00:00Z", 3600)


def test_a_desk_in_shadow_is_tried_as_if_it_were_live(desk: Path) -> None:
    (desk / ".github/support.yml").write_text(f"{POLICY}mode: shadow\nduties: {{}}\n")
    assert "ann is notified" in respondby_try("x", *AT).stdout


def test_a_request_that_nothing_is_promised_to_says_why(desk: Path) -> None:
    (desk / ".github/support.yml").write_text(f"{POLICY}since: 2026-02-01\n")
    assert "Nothing: the policy's `since` is later than this request." in respondby_try("x", *AT).stdout


def test_it_is_found_from_a_folder_below(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "deep/down").mkdir(parents=True)
    monkeypatch.chdir(desk / "deep/down")
    assert respondby_try("x", *AT).exit_code == 0


def test_at_forty_columns_no_line_is_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    done = respondby_try("A title that is rather long for a small terminal", *AT)
    assert max(map(len, done.stdout.splitlines())) <= 40


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("--form", "qestion"), "there is no form `qestion`; did you mean `question`?"),
        (("--with", "prority=high"), "the form `question` does not ask `prority`; did you mean `priority`?"),
        (("--with", "priority=lots"), "“Priority” has no option “lots”; it has “High”, “Normal”"),
        (("--with", "priority"), "'priority' is not FIELD=VALUE"),
        (("--at", "someday"), "someday"),
    ],
)
def test_what_no_form_makes_is_said_in_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    done = respondby_try("x", *AT, *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_without_a_policy_it_says_how_to_get_one(desk: Path) -> None:
    (desk / ".github/support.yml").unlink()
    done = respondby_try("x")
    assert done.exit_code == 2
    assert "`respondby init` writes one" in done.stderr
