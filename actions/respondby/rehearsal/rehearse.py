"""Plays scenarios one after the other, each on a stage of its own, and keeps what their runs left if that is wanted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path
from threading import Event
from typing import Literal

from respondby import data
from respondby.policy.text.problems import PolicyError, Problem
from respondby.rehearsal.delivering import House
from respondby.rehearsal.finding import SHOW_PIECE, show_piece
from respondby.rehearsal.forking import forks
from respondby.rehearsal.play import Played, play
from respondby.rehearsal.progress import Progress
from respondby.rehearsal.running import Ran, Request, RunProblem, Start, by_steps, subprocesses, through_act
from respondby.rehearsal.sense import to_play
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.story import Scenario
from respondby.rehearsal.workflows import read_workflows

RunnerName = Literal["fork", "subprocess", "act"]


class _Stopped(Exception):
    """Nobody waits for this scenario any more."""


@contextmanager
def open_house(folder: Path, runner: RunnerName = "fork", *, start: Start | None = None) -> Iterator[House]:
    """What scenarios are played with, from this installation. `start` replaces how the command line is started."""
    root = data.root()
    workflows = read_workflows(root)
    if start is not None:
        opened: AbstractContextManager[Start] = nullcontext(start)
    else:
        opened = nullcontext(subprocesses(root)) if runner == "subprocess" else forks(root)
    with opened as starts:
        run = through_act(_checkout(root)) if runner == "act" else by_steps(starts)
        yield House(workflows, run, starts, folder)


def rehearse(
    files: Sequence[Path], house: House, progress: Progress | None = None, *, at_once: int = 1
) -> Iterator[Played]:
    """Play each scenario; its result, in the order of the files, as soon as it is there. `progress` hears it go on.

    All are read before the first is played: PolicyError, with every problem of all of them, for what cannot be. With
    `at_once`, that many are played side by side, each on a stage of its own: only where runs are processes. Where the
    caller goes away (Ctrl-C), what is being played ends with the run that goes on just then.
    """
    progress = progress or Progress()
    stopped = Event()

    def run(request: Request, folder: Path) -> Ran:
        if stopped.is_set():
            raise _Stopped
        return house.run(request, folder)

    def play_one(numbered: tuple[int, tuple[Scenario, Stage]]) -> Played:
        number, (scenario, stage) = numbered
        progress.begins(number, scenario, stage.policy)
        folder = house.folder / f"{number + 1}-{Path(scenario.file).stem}"
        with stage:
            played = play(scenario, stage, replace(house, folder=folder, run=run), partial(progress.goes_on, number))
        progress.ends(number, played)
        return played

    numbered = enumerate(_read(files))
    if at_once == 1:
        yield from map(play_one, numbered)
        return
    players = ThreadPoolExecutor(at_once)
    try:
        yield from players.map(play_one, numbered)
    finally:
        stopped.set()
        players.shutdown(cancel_futures=True)


@contextmanager
def scratch(keep: Path | None) -> Iterator[Path]:
    """A folder for what runs leave behind: `keep`, or one that is gone afterwards."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="respondby-rehearsal-") as folder:
        yield Path(folder).resolve()


def _read(files: Sequence[Path]) -> list[tuple[Scenario, Stage]]:
    read: list[tuple[Scenario, Stage]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            played = to_play(file, shown_as=SHOW_PIECE if file == show_piece() else None)
        except PolicyError as error:
            problems += error.problems
            continue
        scenario, policy, text, beside = played
        read.append((scenario, Stage(scenario, policy, text, beside)))
    if problems:
        raise PolicyError(problems)
    return read


def _checkout(root: Traversable) -> Path:
    if not isinstance(root, Path) or not (root / "actions" / "run.sh").is_file():
        raise RunProblem("`--runner act` needs a checkout of respondby: an installation has no actions/run.sh")
    return root
