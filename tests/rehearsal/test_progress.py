"""A story is told while it is played, and in order."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest
from tests.rehearsal.house import BODY_FILE, HEAD, POLICY, ROOT, no_command_line
from tests.rehearsal.printed import transcript

from respondby.rehearsal import rehearse as rehearsing
from respondby.rehearsal.delivering import House
from respondby.rehearsal.progress import PrintedProgress
from respondby.rehearsal.rehearse import rehearse
from respondby.rehearsal.running import Ran, Request
from respondby.rehearsal.workflows import read_workflows

STEPS = """\
  - { at: 09:00, who: carla, opens: question, title: "How?" }
  - { at: 09:30, who: carla, says: "Anybody?" }
  - { at: 10:00, expect: { paged: [] } }
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two scenarios."""
    (tmp_path / "support.yml").write_text(POLICY)
    (tmp_path / "hook.json").write_text(BODY_FILE)
    files = [tmp_path / f"{name}.yml" for name in ("b", "a")]
    for file in files:
        file.write_text(HEAD.replace("A story", f"Story {file.stem}") + STEPS)
    return files


def test_what_happened_is_told_before_the_run_that_it_starts(files: list[Path], tmp_path: Path) -> None:
    said: list[str] = []
    last: list[str] = []

    def run(request: Request, folder: Path) -> Ran:
        folder.mkdir(parents=True)
        last.append(said[-1].strip())
        return Ran(int(request.event == "issue_comment"), log="No connection")

    [played] = rehearse(
        files[:1], House(read_workflows(ROOT), run, no_command_line, tmp_path), PrintedProgress(said.append)
    )
    assert last[0].endswith("carla opens “How?” (question)")
    assert "09:30      carla says “Anybody?”" in last
    assert said == [*transcript(played), ""]


def test_of_scenarios_that_are_played_side_by_side_the_second_is_told_after_the_first(
    files: list[Path], tmp_path: Path
) -> None:
    said: list[str] = []
    second_has_ended = Barrier(2)

    class Watched(PrintedProgress):
        def ends(self, number: int, played: object) -> None:
            super().ends(number, played)  # type: ignore[arg-type]
            if number == 1:
                assert not any("Story a" in line for line in said)
                second_has_ended.wait(60)

    def run(request: Request, folder: Path) -> Ran:
        folder.mkdir(parents=True)
        if "1-b" in folder.parts and request.event == "issue_comment":
            second_has_ended.wait(60)
        return Ran(0)

    house = House(read_workflows(ROOT), run, no_command_line, tmp_path)
    played = list(rehearse(files, house, Watched(said.append), at_once=2))
    assert said == [line for one in played for line in [*transcript(one), ""]]


def test_of_what_is_being_played_when_the_caller_goes_away_only_the_run_of_then_is_ended(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_plays, caller_has_gone = Event(), Event()
    started: list[str] = []

    class Players(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            caller_has_gone.set()
            super().shutdown(wait, cancel_futures=cancel_futures)

    def run(request: Request, folder: Path) -> Ran:
        folder.mkdir(parents=True)
        if "2-a" in folder.parts:
            started.append(request.event)
            second_plays.set()
            caller_has_gone.wait(60)
        return Ran(0)

    monkeypatch.setattr(rehearsing, "ThreadPoolExecutor", Players)
    playing = rehearse(files, House(read_workflows(ROOT), run, no_command_line, tmp_path), at_once=2)
    next(playing)
    assert second_plays.wait(60)
    playing.close()  # type: ignore[attr-defined]  # as Ctrl-C does
    assert started == ["issues"]
