"""Plants bugs in the desk, one at a time, and looks who finds them: python -m tests.faults.planted [NAME …]

A bug counts as found at the first schedule that ends wrongly with it and well without it. The exit code is 1 where one
is not found by as many schedules as CI plays. It is the proof that the campaign can fail.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from tests.faults import campaign

from respondby.channels import dispatch
from respondby.channels.message import Sent
from respondby.desk import markers
from respondby.desk.ledger import Ledger
from respondby.desk.results import Tried
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import Uncertain
from respondby.jobs.effects import applying
from respondby.jobs.effects.applying import Applier
from respondby.jobs.loop import incident_requests
from respondby.jobs.loop.settling import AtWork
from respondby.rules import relaying

#: By how many schedules each has to be found: as many as a short campaign plays.
MOST = 200


@contextmanager
def repeats_blindly() -> Iterator[None]:
    """A POST is sent again after a 5xx or a cut connection, without a look whether it arrived."""
    send = Client._send

    def again(*arguments: Any, **given: Any) -> Any:
        try:
            return send(*arguments, **given)
        except Uncertain:
            return send(*arguments, **given)

    with patch.object(Client, "_send", again):
        yield


@contextmanager
def never_reads_again() -> Iterator[None]:
    """A run that has written something takes it for done."""
    apply = AtWork._apply

    def once(self: AtWork, *arguments: Any) -> None:
        apply(self, *arguments)
        self.resting = True

    with patch.object(AtWork, "_apply", once):
        yield


@contextmanager
def calls_twice() -> Iterator[None]:
    """Each call goes out twice under its key."""
    place = applying.place

    def twice(*arguments: Any, **given: Any) -> Any:
        place(*arguments, **given)
        return place(*arguments, **given)

    with patch.object(applying, "place", twice):
        yield


@contextmanager
def records_before_it_calls() -> Iterator[None]:
    """Calls go out when their records stand."""
    place, apply = applying.place, Applier.apply
    waiting: list[Callable[[], object]] = []

    def later(call: Any, *arguments: Any, **given: Any) -> Any:
        waiting.append(lambda: place(call, *arguments, **given))
        return (Tried(call.verb, call.to, call.via[0], "reached"),)

    def then(*arguments: Any, **given: Any) -> Any:
        waiting.clear()
        applied = apply(*arguments, **given)
        for call in waiting:
            call()
        return applied

    with patch.object(applying, "place", later), patch.object(Applier, "apply", then):
        yield


def leaves_twins() -> AbstractContextManager[object]:
    """A comment that stands twice is not deleted."""
    return patch.object(writing, "delete_comment", lambda *_: None)


@contextmanager
def goes_by_what_it_reads() -> Iterator[None]:
    """A run forgets what it has done where it does not read it."""
    apply = AtWork._apply

    def forgetful(self: AtWork, *arguments: Any) -> None:
        apply(self, *arguments)
        self.known = replace(self.known, memory=Ledger())

    with patch.object(AtWork, "_apply", forgetful):
        yield


@contextmanager
def takes_silence_for_success() -> Iterator[None]:
    """A channel that fails counts as one that has reached somebody."""
    tried = dispatch._try

    def fine(*arguments: Any) -> Sent:
        tried(*arguments)
        return Sent(True)

    with patch.object(dispatch, "_try", fine):
        yield


@contextmanager
def names_the_run_in_its_keys() -> Iterator[None]:
    """What a call goes out under says which run made it."""
    place = applying.place

    def place_by_run(call: Any, *arguments: Any, **given: Any) -> Any:
        return place(replace(call, key=f"{call.key}/{os.environ['GITHUB_RUN_ID']}"), *arguments, **given)

    with patch.object(applying, "place", place_by_run):
        yield


@contextmanager
def says_without_a_record() -> Iterator[None]:
    """A comment that calls people carries no records of that: only the card does, which is written after it."""
    write = markers.write

    def bare(kind: Any, node: str, digest: str, ledger: Ledger, **given: Any) -> str:
        return write(kind, node, digest, Ledger() if kind == "say" else ledger, **given)

    with patch.object(markers, "write", bare):
        yield


def leaves_requests_to_the_run_of_an_event() -> AbstractContextManager[object]:
    """What an incident tells is told by the run that its event starts, and made good by no sweep."""

    def listens(self: incident_requests._Requests, _: object, new: bool) -> bool:
        return new and not self.run.whole

    return patch.object(incident_requests._Requests, "_listens", listens)


def tells_of_an_incident_under_the_run() -> AbstractContextManager[object]:
    """What is told of an incident is remembered under the run that has told it."""
    key_of = relaying.key_of
    return patch.object(relaying, "key_of", lambda fact: f"{key_of(fact)}/{os.environ.get('GITHUB_RUN_ID', '')}")


BUGS: Mapping[str, Callable[[], AbstractContextManager[object]]] = {
    bug.__name__.replace("_", "-"): bug
    for bug in (
        repeats_blindly,
        never_reads_again,
        calls_twice,
        records_before_it_calls,
        leaves_twins,
        goes_by_what_it_reads,
        takes_silence_for_success,
        names_the_run_in_its_keys,
        says_without_a_record,
        leaves_requests_to_the_run_of_an_event,
        tells_of_an_incident_under_the_run,
    )
}


@dataclass(frozen=True, slots=True)
class Found:
    """Which bug, and by which verdict it was found; None by none. `played` counts schedules."""

    name: str
    verdict: campaign.Verdict | None
    played: int
    seconds: float


def hunt(name: str, most: int = MOST, files: Sequence[str] = ()) -> Found:
    """Play schedules with that bug until one finds it."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    begin = time.perf_counter()
    files = files or campaign.scenarios()
    for seed in range(most):
        file = files[seed % len(files)]
        with ExitStack() as stack:
            stack.enter_context(BUGS[name]())
            campaign.forget()
            verdict = campaign.judge(file, seed)
        if verdict.wrong:
            campaign.forget()
            if not campaign.judge(file, seed).wrong:
                return Found(name, verdict, seed + 1, time.perf_counter() - begin)
    return Found(name, None, most, time.perf_counter() - begin)


def main() -> int:
    """Hunt all bugs, or those that are named; 1 where one was not found."""
    reader = argparse.ArgumentParser(prog="python -m tests.faults.planted", description=__doc__)
    reader.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BUGS)}")
    reader.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    given = reader.parse_args()
    names = given.names or list(BUGS)
    unknown = [name for name in names if name not in BUGS]
    if unknown:
        reader.error(f"no bug is called {unknown[0]}: write one of {', '.join(BUGS)}")
    missed = 0
    with ProcessPoolExecutor(given.workers, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        for found in pool.map(hunt, names):
            missed += found.verdict is None
            print(told(found), flush=True)
    print(f"{len(names) - missed} of {len(names)} planted bugs found within {MOST} schedules")
    return int(missed > 0)


def told(found: Found) -> str:
    """A line about one bug, and what showed it."""
    if found.verdict is None:
        return f"{found.name}: NOT FOUND in {found.played} schedules ({found.seconds:.0f} s)"
    wrong = [line.splitlines()[0][:160] for line in found.verdict.wrong[:2]]
    return "\n".join(
        [f"{found.name}: found by schedule {found.played} ({found.seconds:.0f} s), {found.verdict.schedule.command}"]
        + [f"  {line}" for line in (*map(str, found.verdict.schedule.disturbances), *wrong)]
    )


if __name__ == "__main__":
    sys.exit(main())
