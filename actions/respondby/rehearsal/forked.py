"""The process behind a rehearsal's runs: it imports once, and forks for each of them. `rehearsal.forking` starts it.

A run costs more in starting Python and importing than in what it does. So this process imports what runs import, and
forks; the fork takes over the arguments, environment, working folder and streams of that run, and goes on as
`python -m respondby` would, to its exit code. This process itself never runs a command, has one thread, and no
environment but what a job has as well. So a fork has nothing that a new process would not have; it only ends sooner,
without taking apart what it shares. That both come to the same is a test.

What a run had to make that is the same for every run, it tells at its end (`Learnt`), and this process makes it for
those to come: the modules that it imported, and what pure functions have kept (`KEEPERS`) by all that it depends on.
A fork copies each page of memory that it touches, were it by counting one more reference to what lies there; so it
looks at little that it does not need.

A run is asked for by one byte over a socket with four descriptors: a file with the request, standard output, standard
error, and a socket over which the exit code comes back. Where the other end of that is closed before, the run ends.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import importlib.util
import json
import os
import selectors
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import CodeType, ModuleType
from typing import Any, NoReturn

from respondby.dataclass import compile_all

#: Request, standard output, standard error, exit code.
DESCRIPTORS = 4

#: What the jobs of most desks import; what else one of them does, its first run tells.
MODULES = (
    "cli.main", "cli.examples", "cli.running", "cli.output.runs", "cli.triage", "cli.comment", "cli.enforce",
    "cli.explain", "cli.progress", "cli.postmortem.group", "jobs.runs", "jobs.explaining", "jobs.loop.queue",
    "jobs.post_mortems", "letters.messages", "runner.environment", "runner.event", "runner.log", "runner.results",
)  # fmt: skip

#: Modules that keep what they have made: `known()` names each such thing, `learn(*name)` makes it.
KEEPERS = tuple(
    f"respondby.{name}" for name in ("policy.loading.loader", "calendars.hours", "desk.vocabulary", "letters.bounds")
)


@dataclass(slots=True)
class _Run:
    """A run at work: its process, where its exit code goes, and the pipe on which it tells what it has learnt."""

    process: int
    answers: socket.socket
    lessons: int
    told: bytearray = field(default_factory=bytearray)


class Learnt:
    """What a run makes that is the same for every run: what there is at its end, and was not at its beginning."""

    def __init__(self) -> None:
        self._modules, self._known = len(sys.modules), {name: _known(name) for name in KEEPERS}

    def tell(self) -> str:
        """It, as JSON."""
        modules = list(islice(reversed(sys.modules), max(0, len(sys.modules) - self._modules)))
        kept = {name: [one for one in _known(name) if one not in before] for name, before in self._known.items()}
        return json.dumps({"modules": modules[::-1], "kept": kept})


def _known(keeper: str) -> tuple[Any, ...]:
    """What a keeper has; nothing where it was not imported."""
    module = sys.modules.get(keeper)
    return tuple(module.known()) if module is not None else ()


def learn(told: str) -> None:
    """Make what a run tells that it has made."""
    learnt = json.loads(told)
    for name in learnt["modules"]:
        with contextlib.suppress(ImportError):  # a module that was made and not imported: runs make it themselves
            _import(name)
    for keeper, names in learnt["kept"].items():
        for name in names:
            sys.modules[keeper].learn(*name)
    gc.freeze()


def serve(control: socket.socket) -> list[str] | None:
    """Fork for each run until no more can come: None in the end. In a fork: the arguments of its run."""
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        while True:
            key, _ = selector.select()[0]  # the others come again: dealing with one may close them
            run: _Run | None = key.data
            if run is not None:
                _hear(run, key.fileobj, selector)
                continue
            descriptors = _next(control)
            if descriptors is None:
                _end(selector)
                return None
            lessons, told = os.pipe()
            process = os.fork()
            if process == 0:
                os.close(lessons)
                control.close()
                _leave(selector)
                return _become(descriptors, told)
            os.setpgid(process, process)
            os.close(told)
            started = _Run(process, _kept(descriptors), lessons)
            selector.register(started.answers, selectors.EVENT_READ, started)
            selector.register(started.lessons, selectors.EVENT_READ, started)


def _next(control: socket.socket) -> list[int] | None:
    """The descriptors of the run that is asked for; None where the other side is gone."""
    byte, descriptors, _, _ = socket.recv_fds(control, 1, DESCRIPTORS)
    return descriptors if byte else None


def _kept(descriptors: Sequence[int]) -> socket.socket:
    """Of a fork's descriptors only the socket for the exit code stays open here."""
    *others, answers = descriptors
    for descriptor in others:
        os.close(descriptor)
    return socket.socket(fileno=answers)


def _end(selector: selectors.BaseSelector) -> None:
    """Nobody waits any more for what is still running."""
    for key in list(selector.get_map().values()):
        if key.data is not None and key.fileobj is key.data.answers:
            os.killpg(key.data.process, signal.SIGKILL)


def _hear(run: _Run, source: object, selector: selectors.BaseSelector) -> None:
    """A run tells what it has learnt, or has ended; or whoever asked for it has given it up."""
    if source is run.answers:
        selector.unregister(run.answers)
        run.answers.close()
        os.killpg(run.process, signal.SIGKILL)
    elif chunk := os.read(run.lessons, 1 << 16):
        run.told += chunk
    else:
        selector.unregister(run.lessons)
        os.close(run.lessons)
        _ended(run, selector)


def _ended(run: _Run, selector: selectors.BaseSelector) -> None:
    """Hand on the exit code, and learn what that run has learnt, for those to come."""
    _, status = os.waitpid(run.process, 0)
    if run.answers.fileno() >= 0:
        selector.unregister(run.answers)
        with contextlib.suppress(BrokenPipeError):  # given up in this moment
            run.answers.sendall(b"%d" % os.waitstatus_to_exitcode(status))
        run.answers.close()
    if run.told and os.waitstatus_to_exitcode(status) >= 0:  # a run that was killed tells nothing, or half of it
        learn(run.told.decode())


def _import(name: str) -> None:
    """A module and those that it imports, with what makes the instances of their classes."""
    before = set(sys.modules)
    importlib.import_module(name)
    for new in sys.modules.keys() - before:
        if new.startswith("respondby."):
            compile_all(sys.modules[new])


def _prepare() -> None:
    """What runs need, once. Nothing is collected here; collections in a fork pass over it, and so copy less of it."""
    gc.disable()
    for name in MODULES:
        _import(f"respondby.{name}")
    messages = importlib.import_module("respondby.letters.messages")
    messages.compile_ours(messages.DEFAULT)
    gc.freeze()


def _leave(selector: selectors.BaseSelector) -> None:
    """In a fork: other runs are none of its business."""
    for run in {id(key.data): key.data for key in selector.get_map().values() if key.data is not None}.values():
        run.answers.close()
        os.close(run.lessons)


def _become(descriptors: Sequence[int], told: int) -> list[str]:
    """In a fork: take over the run's streams, environment and folder; its arguments."""
    request, output, errors, answers = descriptors
    os.close(answers)
    with os.fdopen(request, encoding="utf-8") as file:
        asked = json.load(file)
    for descriptor, stream in ((output, 1), (errors, 2)):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    coerced = {name: os.environ[name] for name in ("LC_CTYPE",) if name in os.environ}  # by Python itself, as it starts
    os.environ.clear()
    os.environ.update(coerced | asked["environment"])
    os.chdir(asked["folder"])
    gc.enable()
    learnt = Learnt()
    atexit.register(lambda: _write(told, learnt.tell()))
    arguments: list[str] = asked["arguments"]
    return arguments


def _write(descriptor: int, text: str) -> None:
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _command() -> tuple[ModuleType, CodeType]:
    """What `python -m respondby` starts: the module that is `__main__` in it, and its code."""
    spec = importlib.util.find_spec("respondby.__main__")
    assert spec is not None, "the package has its command"
    module = importlib.util.module_from_spec(spec)
    module.__name__ = "__main__"
    return module, spec.loader.get_code(spec.name)  # type: ignore[union-attr]  # the loader of a file has its code


def _run(arguments: list[str], module: ModuleType, command: CodeType) -> NoReturn:
    """In a fork: `python -m respondby` to its end, with the exit code that Python gives."""
    sys.argv = [str(module.__file__), *arguments]
    sys.modules["__main__"] = module
    code = 0
    try:
        exec(command, vars(module))  # noqa: S102 - our own, as Python itself does it
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if code != end.code and end.code is not None:
            sys.stderr.write(f"{end.code}\n")
    except BaseException:  # noqa: BLE001 - a traceback and 1, as Python ends what nothing has caught
        sys.excepthook(*sys.exc_info())
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # joins threads as Python does, those of pools as well
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> None:
    """Serve, and in a fork be the command line."""
    with socket.socket(fileno=int(sys.argv[1])) as control:
        command = _command()
        _prepare()
        arguments = serve(control)
    if arguments is not None:
        _run(arguments, *command)


if __name__ == "__main__":
    main()
