"""The scenarios of the default process through the whole desk, and the proofs that the faster ways are the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from respondby.cli.main import main
from respondby.rehearsal.finding import show_piece
from respondby.rehearsal.play import Played
from respondby.rehearsal.rehearse import RunnerName, open_house, rehearse
from respondby.rehearsal.running import Ran, Request, Start, in_process

SCENARIOS = sorted(show_piece().parent.glob("*.yml"))
#: Those of the processes, and of `inside`, keep what they say in `tests/laws/test_who_sees_what.py`.
EXAMPLES = sorted(
    file for file in show_piece().parents[3].glob("examples/*/scenarios/*.yml") if file.parents[1].name != "inside"
)


@pytest.fixture
def here() -> Start:
    """The command line in this process."""
    return in_process(lambda arguments: main.main(arguments, prog_name="respondby"))


def played(
    file: Path, folder: Path, start: Start | None = None, *, runner: RunnerName = "fork", every_sweep: bool = False
) -> Played:
    """One scenario, played."""
    with open_house(folder, runner, start=start) as house:
        [result] = rehearse([file], replace(house, every_sweep=every_sweep))
    return result


def everything(file: Path, folder: Path, **way: Any) -> tuple[Played, list[Ran]]:
    """One scenario, played; and what came of each of its runs, the forge's port and the folder aside."""
    ran = []
    with open_house(folder, **way) as house:

        def run(request: Request, at: Path) -> Ran:
            result = house.run(request, at)

            def plain(text: str) -> str:
                return text.replace(request.forge, "FORGE").replace(str(at), "FOLDER")

            outputs = {name: plain(value) for name, value in result.outputs.items()}
            ran.append(Ran(result.exit_code, outputs, plain(result.log), plain(result.summary)))
            return result

        [result] = rehearse([file], replace(house, run=run))
    return result, ran


def broken(result: Played) -> list[str]:
    """What was not kept, in words."""
    return [
        f"{check.line}: {check.about}: {check.expected}, but {check.seen}" for check in result.checked if not check.kept
    ]


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_examples_keep_what_their_scenarios_say(file: Path, tmp_path: Path, here: Start) -> None:
    result = played(file, tmp_path, here)
    assert broken(result) == []
    assert result.checked


@pytest.mark.parametrize(
    "name, ways",
    [
        ("production-down-at-night", ("fork", "subprocess")),
        ("the-forge-stumbles", ("fork",)),  # runs that fail
        ("unanswered-before-christmas", ("fork",)),
    ],
)
def test_a_run_in_this_process_as_a_fork_and_through_run_sh_come_to_the_same(
    name: str, ways: tuple[RunnerName, ...], tmp_path: Path, here: Start
) -> None:
    [file] = [file for file in SCENARIOS if file.stem == name]
    inside, ran = everything(file, tmp_path / "in", start=here)
    assert ran
    for way in ways:
        outside, ran_outside = everything(file, tmp_path / way, runner=way)
        assert outside == inside
        assert ran_outside == ran


def test_the_workflow_files_in_an_actions_runner_come_to_the_same(tmp_path: Path, here: Start) -> None:
    [file] = [file for file in SCENARIOS if file.stem == "every-event-lost"]
    through_act = played(file, tmp_path / "act", runner="act")
    inside = played(file, tmp_path / "in", here)
    assert through_act.story == inside.story
    assert (through_act.runs, through_act.requests) == (inside.runs, inside.requests)


def test_skipped_sweeps_would_have_changed_nothing(tmp_path: Path, here: Start) -> None:
    [file] = [file for file in SCENARIOS if file.stem == "every-event-lost"]
    skipping, thorough = played(file, tmp_path / "s", here), played(file, tmp_path / "t", here, every_sweep=True)
    assert skipping.story == thorough.story
    assert skipping.skipped > 0 == thorough.skipped
    assert skipping.sweeps + skipping.skipped == thorough.sweeps


def test_an_expectation_that_does_not_come_true_is_not_kept_and_says_what_was_seen(tmp_path: Path, here: Start) -> None:
    text = (
        show_piece().read_text(encoding="utf-8").replace("../support.yml", str(show_piece().parents[1] / "support.yml"))
    )
    head, _, _ = text.partition("  # 75 %")
    wrong = head.replace("due mon 17:30", "due mon 17:29").replace("paged: []", "paged: [ann]")
    file = tmp_path / "wrong.yml"
    file.write_text(wrong, encoding="utf-8")
    result = played(file, tmp_path / "runs", here)
    assert not result.kept
    assert broken(result) == [
        "11: clock first-response: due Mon 28 Dec, 17:29, but due Mon 28 Dec, 17:30",
        "11: paged: ann, but nobody",
    ]
