"""The way of a rehearsal: every run is a fork of one process that has imported the command line (`rehearsal.forked`).

The runs see what a process of their own through `actions/run.sh` would see, under the packages of its environment, and
hand on the same: a test plays the same scenario in both ways. Runs may be started side by side, from several threads.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from pathlib import Path

import respondby
from respondby.rehearsal.running import SECONDS, RunProblem, Start, make_environment, script_of


@contextmanager
def forks(root: Traversable, seconds: float = SECONDS) -> Iterator[Start]:
    """What starts runs until the block ends. RunProblem where there is no environment, and for what hangs so long."""
    python, path, variables = _interpreter(root)
    home = os.environ.get("HOME") or str(Path.home())
    control, other = socket.socketpair()
    with control:
        with other:
            server = subprocess.Popen(
                [python, "-m", "respondby.rehearsal.forked", str(other.fileno())],
                env={"PATH": os.environ.get("PATH", os.defpath), "HOME": home, **variables, "PYTHONPATH": str(path)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[other.fileno()],
                start_new_session=True,  # an interruption at the terminal is for the rehearsal, which ends this
            )
        try:
            yield _Forks(control, variables, seconds).start
        finally:
            control.close()
            server.wait()


class _Forks:
    """The side of the rehearsal."""

    def __init__(self, control: socket.socket, variables: Mapping[str, str], seconds: float) -> None:
        self._control, self._variables, self._seconds = control, variables, seconds
        self._one_at_a_time = threading.Lock()

    def start(self, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        """One run: its exit code, standard output and standard error."""
        folder = environment["GITHUB_WORKSPACE"]
        asked = {
            "arguments": arguments,
            "folder": folder,
            "environment": {**environment, **self._variables, "PWD": folder},
        }
        with (
            tempfile.TemporaryFile() as request,
            tempfile.TemporaryFile() as output,
            tempfile.TemporaryFile() as errors,
        ):
            request.write(json.dumps(asked).encode())
            request.seek(0)
            code = self._run(arguments[0], request.fileno(), output.fileno(), errors.fileno())
            return code, _text(output.fileno()), _text(errors.fileno())

    def _run(self, verb: str, *descriptors: int) -> int:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._one_at_a_time:
                socket.send_fds(self._control, [b"r"], [*descriptors, theirs.fileno()])
            ours.settimeout(self._seconds)
            try:
                answer = ours.recv(16)
            except TimeoutError as error:
                raise RunProblem(f"`{verb}` had not ended after {self._seconds} seconds") from error
        if not answer:
            raise RunProblem(f"`{verb}` could not be started: the process behind the rehearsal has ended (see above)")
        return int(answer)


def _interpreter(root: Traversable) -> tuple[str, Path, dict[str, str]]:
    """The interpreter that `actions/run.sh` would start, where its package lies, and the variables that it would set.

    Without a checkout it is this interpreter, with this package and no more variables.
    """
    script = script_of(root)
    if script is None:
        return sys.executable, Path(respondby.__file__).parents[1], {}
    path = script.parent.resolve()
    return make_environment(script), path, {"PYTHONPATH": str(path), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}


def _text(descriptor: int) -> str:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, size, 0).decode("utf-8", "replace")
