"""What a rehearsal prints, to people and to machines."""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.rehearsal.house import BODY_FILE, HEAD, POLICY, Noting, rehearsed
from tests.rehearsal.printed import transcript

from respondby.cli.rehearse import command
from respondby.policy.loading.loader import load
from respondby.rehearsal.play import Played
from respondby.rehearsal.reading import parse_scenario
from respondby.rehearsal.running import Ran
from respondby.rehearsal.transcript import as_json, summed_up
from respondby.rehearsal.wording import one_line, promise_lines

STEPS = """\
  - { at: 09:00, who: carla, opens: question, title: "How?", with: { what: How so? } }
  - { at: 09:10, expect: { paged: [], labels: [late] } }
  - { at: tue 10:00, who: ann, says: "Like this, with more words than a line of a terminal can hold at once." }
"""


@pytest.fixture
def played(tmp_path: Path) -> Played:
    return rehearsed(tmp_path, STEPS, Noting())


def test_every_line_fits_a_terminal(played: Played) -> None:
    assert max(map(len, [*transcript(played), *summed_up([played])])) <= 80


def test_the_story_is_told_day_by_day_with_local_times_and_each_expectation(played: Played) -> None:
    lines = list(transcript(played))
    begin = lines.index("What happened (UTC)")
    assert lines[begin : begin + 8] == [
        "What happened (UTC)",
        "  Mon 5 Jan 2026",
        "  09:00      carla opens “How?” (question)",
        "  09:10    ✗ label: late, but no labels (line 8)",
        "           ✓ paged: nobody",
        "  Tue 6 Jan 2026",
        "  10:00      ann says “Like this, with more words than a line of a terminal can",
        "               hold at once.”",
    ]


def test_who_promised_what_is_told_in_the_policys_words(played: Played) -> None:
    lines = list(transcript(played))
    begin = lines.index("Promised by Help desk")
    assert lines[begin + 1 : begin + 5] == [
        "  answer: from opened until comment by staff",
        "    within 1h",
        "    at due: notify staff via chat",
        "    at due: page staff via pager",
    ]


@pytest.mark.parametrize(
    "expected, names",
    [
        ("paged: []", ["answer: from", "and 2 other clocks, of which this story says nothing"]),
        ("clocks: { fix: met }", ["answer: from", "fix: from", "and 1 other clock, of which this story says nothing"]),
        ("clocks: { fix: met, more: met }", ["answer: from", "fix: from", "more: from"]),
    ],
)
def test_a_clock_that_the_story_does_not_name_is_only_counted(tmp_path: Path, expected: str, names: list[str]) -> None:
    lines = [words for depth, words in promises(tmp_path, expected) if depth == 1]
    assert len(lines) == len(names)
    assert all(line.startswith(name) for line, name in zip(lines, names, strict=True))


def test_targets_are_told_in_words(tmp_path: Path) -> None:
    lines = [words for depth, words in promises(tmp_path, "clocks: { fix: met, more: met }") if depth == 2]
    assert lines[-4:] == [
        "priority high: within 1h",
        "otherwise: by 2026-01-09T09:00",
        "by the time that /agree gives",
        "otherwise: nothing is promised",
    ]


def promises(folder: Path, expected: str) -> list[tuple[int, str]]:
    """What is told of a policy with three clocks to a story that expects this."""
    text = POLICY.replace("commands: {", "commands: { /agree: { by: staff, takes: { until: time } },") + (
        "  fix: { start: opened, stop: closed,"
        " target: [{ when: { priority: high }, within: 1h }, { by: 2026-01-09T09:00 }] }\n"
        "  more: { start: opened, stop: closed, target: [{ by: /agree.until }, none] }\n"
    )
    (folder / "support.yml").write_text(text)
    story = STEPS.replace("paged: []", expected)
    policy = load(text, files={"hook.json": BODY_FILE})
    return list(promise_lines(policy, parse_scenario(HEAD + story, "s.yml", folder)))


def test_line_breaks_of_what_is_said_are_shown() -> None:
    assert one_line("/ack\n\n  and more\t words ") == "/ack ↵ and more words"


def test_counts_and_proofs_close_the_story(played: Played) -> None:
    assert list(transcript(played))[-3:] == [
        "3 runs, of them 1 sweep; 1,498 sweeps skipped, which could change nothing; 0",
        "  requests",
        "NOT proved: “Within an hour” by clocks.answer",
    ]
    assert list(summed_up([played])) == [
        "1 of 1 scenario failed: 1 of 2 expectations not kept.",
        "  s.yml:8: label: late, but no labels",
    ]


def test_all_kept_is_one_line(tmp_path: Path) -> None:
    kept = rehearsed(tmp_path, STEPS.replace(", labels: [late]", ""), Noting())
    assert list(summed_up([kept, kept])) == ["2 scenarios, 2 expectations: all kept."]
    assert list(transcript(kept))[-1] == "proved: “Within an hour” by clocks.answer"


def test_runs_that_fail_for_one_reason_are_told_once(tmp_path: Path) -> None:
    failing = rehearsed(tmp_path, STEPS, Noting(doing=lambda _request: Ran(1, log="::error::No connection")))
    lines = [line for line in transcript(failing) if "!" in line]
    assert lines[:2] == [
        "           ! triage failed: No connection",
        "  09:01    ! enforce failed: No connection (and 3 times more until 09:08)",
    ]


def test_the_machine_form_holds_all_of_it(played: Played) -> None:
    [scenario] = as_json([played])["scenarios"]
    assert as_json([played])["kept"] is scenario["kept"] is False
    assert scenario["keeps"] == [{"says": "Within an hour", "by": ["clocks.answer"], "proved": False}]
    assert (scenario["runs"], scenario["sweeps"]) == ({"performed": 3, "failed": 0}, {"performed": 1, "skipped": 1498})
    assert scenario["story"][0] == {
        "at": "2026-01-05T09:00:00Z",
        "kind": "act",
        "who": "carla",
        "text": "opens “How?” (question)",
        "case": 1,
    }
    assert scenario["story"][1] == {
        "at": "2026-01-05T09:10:00Z",
        "kind": "expect",
        "line": 8,
        "about": "label",
        "expected": "late",
        "seen": "no labels",
        "kept": False,
    }
    json.dumps(as_json([played]))


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    """The command, with a desk that does nothing."""
    (tmp_path / "support.yml").write_text(POLICY)
    (tmp_path / "hook.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("respondby.rehearsal.rehearse.forks", lambda _: nullcontext(lambda *_: (0, "", "")))
    return CliRunner()


@pytest.mark.parametrize(
    "steps,code,said",
    [
        (STEPS.replace(", labels: [late]", ""), 0, "1 scenario, 1 expectation: all kept."),
        (STEPS, 1, "1 of 1 scenario failed: 1 of 2 expectations not kept."),
    ],
)
def test_the_exit_code_says_whether_all_was_kept(command_line: CliRunner, steps: str, code: int, said: str) -> None:
    Path("s.yml").write_text(HEAD + steps)
    result = command_line.invoke(command, ["s.yml", "--keep", "runs"])
    assert (result.exit_code, result.stderr) == (code, "")
    assert said in result.stdout
    assert Path("runs/1-s/run-1/event.json").is_file()
    printed = command_line.invoke(command, [".", "--json"])
    assert printed.exit_code == code
    assert json.loads(printed.stdout)["kept"] is (code == 0)


@pytest.mark.parametrize(
    "arguments,said",
    [
        (["missing.yml"], "there is no file or folder missing.yml"),
        (["empty"], "the folder empty holds no scenario"),
        (["s.yml"], "s.yml:7:1: error: There is no form `wish`"),
        (["support.yml"], "support.yml:2:1: error: Unknown key `version`"),
    ],
)
def test_what_cannot_be_played_ends_with_two_and_its_place(
    command_line: CliRunner, arguments: list[str], said: str
) -> None:
    Path("empty").mkdir()
    Path("s.yml").write_text(f"{HEAD}  - {{ at: 09:00, who: carla, opens: wish, title: T }}\n")
    result = command_line.invoke(command, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_cases_have_numbers_from_the_second_one_on(tmp_path: Path) -> None:
    steps = (
        "  - { at: 09:00, who: carla, opens: question, title: One }\n"
        "  - { at: 09:01, who: carla, opens: question, title: Two }\n"
        "  - { at: 09:02, who: ann, says: x, case: 1 }\n"
    )
    lines = [line[11:].strip() for line in transcript(rehearsed(tmp_path, steps, Noting())) if line.startswith("  09:")]
    assert lines == ["carla opens “One” (question)", "#2 carla opens “Two” (question)", "#1 ann says “x”"]
