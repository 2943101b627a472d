"""Work done in forks of a process that has imported everything: nothing there touches this process or another fork.

A fork has a folder for whatever it writes, temporary files of tests included, which goes with it; so does every process
that it has started. It hangs once it has used its seconds of a processor, or stood still for a while.
"""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")

#: The exit code of work that ended in an error of its own.
BROKEN = 98

#: Seconds of a clock on the wall that work may take beside those of a processor, and for each of these.
_STILL, _SLOWER = 120.0, 20.0

#: Bytes that a fork may take beside those it begins with: a loop that gathers without end fails, and not the machine.
_MORE = 4 << 30


@dataclass(frozen=True, slots=True)
class Work(Generic[T]):
    """What to do in a fork, given its folder; what comes back is the exit code."""

    subject: T
    do: Callable[[Path], int]
    seconds: float
    """Of a processor, after which it hangs."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """How a fork ended: its exit code, None where it hung. The folder is there until the next is asked for."""

    subject: T
    code: int | None
    folder: Path

    @property
    def error(self) -> str:
        """What went wrong in work that is broken."""
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "error").read_text(encoding="utf-8")
        return ""


@dataclass(slots=True)
class _Fork(Generic[T]):
    work: Work[T]
    process: int
    folder: Path
    until: float


def forked(works: Iterable[Work[T]], workers: int) -> Generator[Done[T], None, None]:
    """Each work once it has ended; as many at once as there are workers."""
    waiting = iter(works)
    at_work: dict[int, _Fork[T]] = {}
    with selectors.DefaultSelector() as selector:
        try:
            while True:
                while len(at_work) < workers and (work := next(waiting, None)) is not None:
                    fork = _begun(work)
                    descriptor = os.pidfd_open(fork.process)
                    at_work[descriptor] = fork
                    selector.register(descriptor, selectors.EVENT_READ)
                if not at_work:
                    return
                ended = {key.fd for key, _ in selector.select(1)}
                for descriptor, fork in list(at_work.items()):
                    hung = descriptor not in ended and time.monotonic() > fork.until
                    if descriptor in ended or hung:
                        selector.unregister(descriptor)
                        code = _ended(descriptor, at_work.pop(descriptor))
                        try:
                            late = hung or code == -signal.SIGXCPU
                            yield Done(fork.work.subject, None if late else code, fork.folder)
                        finally:
                            shutil.rmtree(fork.folder, ignore_errors=True)
        finally:
            for descriptor, fork in at_work.items():
                _ended(descriptor, fork)
                shutil.rmtree(fork.folder, ignore_errors=True)


def _begun(work: Work[T]) -> _Fork[T]:
    folder = Path(tempfile.mkdtemp(prefix="mutants-"))
    process = os.fork()
    if process:
        return _Fork(work, process, folder, time.monotonic() + _STILL + _SLOWER * work.seconds)
    code = BROKEN
    try:
        _alone(folder, work.seconds)
        code = work.do(folder)
    except BaseException:  # noqa: BLE001 — nothing of it may go on in a copy of this process
        (folder / "error").write_text(traceback.format_exc(), encoding="utf-8")
    finally:
        os._exit(code)


def _alone(folder: Path, seconds: float) -> None:
    """A group of processes, temporary files and limits of its own, and nobody to talk to."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    limit = int(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + _MORE, resource.RLIM_INFINITY))


def _ended(descriptor: int, fork: _Fork[T]) -> int:
    """The exit code of what has ended or is ended now; whatever it has started goes with it."""
    os.close(descriptor)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(fork.process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(fork.process, 0)[1])
