"""In a narrow terminal sentences go on in the next line; only tables, diffs and what is to be typed may be wider."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.jobs.desk import POLICY, Repository

from respondby.cli.main import main
from respondby.sandbox.server import Sandbox
from respondby.terminal import fitted

ROOT = Path(__file__).parents[2]
CALENDAR = """timezone: Europe/Brussels
calendar: office
calendars: { office: { timezone: Europe/Brussels, hours: { mon-fri: ["09:00-13:00", "14:00-17:00"] } } }
rotas:
  week:
    timezone: Europe/Brussels
    handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }
    members: [ann, bob]
"""
TEXT = (
    POLICY.replace("timezone: UTC\n", CALENDAR)
    .replace("first: ann", "first: { rota: week }")
    .replace("target: 1h", "target: { within: 9h, calendar: office }")
    .replace("  /resolved:", "  /wait: { by: staff }\n  /workaround: { by: staff }\n  /resolved:")
    + "incidents: { when: { priority: high } }\n"
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def desk(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A checkout of a repository with two cases, of which one has gone on for days."""
    made = Repository.make(sandbox, TEXT)
    made.opens(title="I cannot log in to the shop since this morning, whatever I try")
    made.triage(1)
    made.at("11:00:00")
    made.says("ann", "/wait for the logs")
    made.at("14:00:00")
    made.says("carla", "Here they are")
    made.says("ann", "/workaround what: cache off\noriginal: sixty seconds\nrevert-by: 2026-01-09T10:00")
    made.triage(1)
    made.triage(made.opens(title="The shop is down", body="### Priority\n\nHigh\n\n### What?\n\nAll of it\n"))
    made.at("2026-01-07T10:00:00Z")
    folder = tmp_path_factory.mktemp("desk")
    (folder / ".github").mkdir()
    (folder / ".github" / "support.yml").write_text(TEXT, encoding="utf-8")
    (folder / "docs" / "incidents").mkdir(parents=True)
    document = "---\ntitle: The shop was down\n---\n\n# The shop was down\n\nTODO: say what happened to whom.\n"
    (folder / "docs" / "incidents" / "2026-01-05-2-the-shop-was-down.md").write_text(document, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in (("API_URL", sandbox.url), ("REPOSITORY", made.name), ("TOKEN", made.bot)):
            patch.setenv(f"GITHUB_{name}", value)
        patch.setenv("COLUMNS", "40")
        patch.setenv("LOG", "log")
        yield folder


@pytest.mark.parametrize(
    "line",
    [
        "explain 1", "explain 2", "queue", "doctor", "enforce --dry-run", "duty", "related 2", "oncall", "oncall ann",
        "cost", "sync --labels", "sync", "init --dry-run", "fleet check", "triage", "try Help", "page ann", "check",
        "check nosuch.yml", "deadline 4h", "deadline 2d --from 2026-01-05T10:00", "alerts", "watch --repo nowhere",
        "postmortem follow-up", "postmortem check", "report --month never", "impact --from nowhere",
    ],
)  # fmt: skip
def test_no_sentence_is_wider_than_the_terminal(line: str, desk: Path) -> None:
    shown = CliRunner().invoke(main, line.split()).output
    assert shown
    wide = [one for one in shown.splitlines() if len(one) > 40 and " " in one.strip()]
    assert [one for one in wide if not one.startswith(("Usage:", "Try 'respondby"))] == []


def test_spans_are_told_whole_in_forty_columns(desk: Path) -> None:
    shown = CliRunner().invoke(main, ["explain", "1"]).output
    assert "    Mon 5 Jan 2026, 14:00 –\n    Mon 5 Jan 2026, 17:00 + 3 h = 6 h\n" in shown


@pytest.mark.parametrize(
    "text, columns, lines",
    [
        ("  a " + "b " * 30, "40", ["  a " + ("b " * 18).rstrip(), "    " + ("b " * 12).rstrip()]),
        ("https://example.org/" + "a" * 60, "40", ["https://example.org/" + "a" * 60]),
        ("well-known " * 5, "40", ["well-known well-known well-known", "  well-known well-known"]),
        ("short", "40", ["short"]),
        ("word " * 30, "80", ["word " * 30]),  # no terminal: whoever searches a log finds the line
    ],
)
def test_how_a_line_is_fitted(text: str, columns: str, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert list(fitted([text])) == lines


@pytest.mark.parametrize("line", ["init --dry-run", "alerts"])
def test_an_error_is_as_wide_as_the_terminal_that_it_goes_to(line: str) -> None:
    """Also where standard output goes into a file."""
    ours, theirs = pty.openpty()
    env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "GITHUB_ACTIONS")}
    done = subprocess.run(
        [sys.executable, "-m", "respondby", *line.split()], stdout=subprocess.DEVNULL, stderr=theirs, timeout=120,
        cwd=ROOT, check=False, env={**env, "PYTHONPATH": str(ROOT / "actions")},
    )  # fmt: skip
    os.close(theirs)
    said = os.read(ours, 10_000).decode().splitlines()
    os.close(ours)
    assert done.returncode > 0
    begin = next(place for place, text in enumerate(said) if text.startswith(("respondby: ", "Error: ")))
    assert len(said[begin:]) > 1
    assert max(map(len, said)) <= 80
    assert all(text.startswith("  ") for text in said[begin + 1 :])
