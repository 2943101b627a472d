"""Changes the code in small ways and looks whether the tests notice: python -m tests.mutants [--minutes M] [ROOM …]

Each mutant is one function with one place of it changed (a comparison, a condition, a number, a returned value …),
drawn by the seed from all such places of a room. It is killed where a test of the room, or of those beside it that
TESTS names, fails or hangs. In the end: how many were killed, and every survivor with its line, before and after.

A mutant is made in a fork of a process that has imported everything: the function's code is replaced, nothing is
written. That is why this is no ready-made tool: mutmut and cosmic-ray write a mutated tree and start Python and the
imports anew for each mutant, which costs some ten times what the tests of a room do.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib
import inspect
import os
import random
import selectors
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]

#: For each room the tests that have to notice: its own first.
TESTS: Mapping[str, Sequence[str]] = {
    "rules": ("tests/rules", "tests/laws/test_pure_laws.py", "tests/jobs/test_companions.py"),
    "promises": ("tests/promises", "tests/rules"),
    "desk": (
        "tests/desk",
        "tests/promises",
        "tests/rules",
        "tests/laws/test_pure_laws.py",
        "tests/jobs/test_duties.py",
    ),
    "channels": ("tests/channels", "tests/jobs/test_pagers.py", "tests/jobs/test_bad_receivers.py"),
    "forge": (
        "tests/forge",
        "tests/jobs/test_failures.py",
        "tests/jobs/test_boards.py",
        "tests/jobs/test_post_mortems.py",
        "tests/doctor/test_health.py",
    ),
}

#: A mutant is killed where its tests take that many times as long as without it, and at least so many seconds.
TIMES, SECONDS = 4, 60.0

_COMPARED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COUNTED: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A place in a function of a file: the function's name within its module, the line, before and after."""

    file: Path
    function: str
    line: int
    before: str
    after: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} {self.function}: {self.before}  →  {self.after}"


@dataclass(slots=True)
class Work:
    """A mutant (None: no change, to see that the tests pass) at work in a process."""

    room: str
    mutant: Mutant | None
    process: int
    descriptor: int
    begin: float = field(default_factory=time.perf_counter)


def mutants(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for name, function in functions(tree.body):
        for node in [node for part in function.body for node in places(part)]:
            for change in changes(node):
                before, line = ast.unparse(node), node.lineno
                mutated = copy.deepcopy(function)
                twin = next(one for one in ast.walk(mutated) if same_place(one, node))
                change(twin)
                code = code_of(tree, function, mutated, str(file), name)
                if code is not None:
                    yield Mutant(file, name, line, one_line(before), one_line(ast.unparse(twin)), code)


def functions(body: Sequence[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods with their qualified names; what is defined in a function is a part of it."""
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield within + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node.body, f"{within}{node.name}.")


def places(node: ast.AST) -> Iterator[Any]:
    """What can be changed below a node, but for words, types and what is written to a log."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("LOG.")):
        return
    if hasattr(node, "lineno"):
        yield node
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.AST):
                    yield from places(one)


def changes(node: ast.AST) -> Iterator[Callable[[Any], None]]:
    """What can be done to a node of that kind, in place."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARED:
            yield lambda one: one.ops.__setitem__(0, _COMPARED[type(operator)]())
        case ast.BoolOp(op=operator):
            yield lambda one: setattr(one, "op", ast.Or() if isinstance(operator, ast.And) else ast.And())
        case ast.BinOp(op=operator) if type(operator) in _COUNTED:
            yield lambda one: setattr(one, "op", _COUNTED[type(operator)]())
        case ast.UnaryOp(op=ast.Not()):
            yield lambda one: setattr(one, "op", ast.UAdd()) or setattr(one, "operand", truth(one.operand))
        case ast.Constant(value=bool() as value):
            yield lambda one: setattr(one, "value", not value)
        case ast.Constant(value=int() as value):
            yield lambda one: setattr(one, "value", value + 1)
        case ast.If() | ast.IfExp():
            yield lambda one: setattr(one, "test", ast.UnaryOp(ast.Not(), one.test))
        case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
            yield lambda one: setattr(one, "value", ast.Constant(None))
        case _:
            return


def truth(node: ast.expr) -> ast.expr:
    """Whether a value counts as true."""
    return ast.Call(ast.Name("bool", ast.Load()), [node], [])


def same_place(one: ast.AST, other: Any) -> bool:
    """Whether two nodes of equal trees stand at the same place."""
    spans = [
        (type(n), n.lineno, n.col_offset, n.end_lineno, n.end_col_offset) for n in (one, other) if hasattr(n, "lineno")
    ]
    return len(spans) == 2 and spans[0] == spans[1]


def code_of(
    tree: ast.Module, function: ast.FunctionDef, mutated: ast.FunctionDef, file: str, name: str
) -> CodeType | None:
    """The code of a mutated function, compiled where it stands."""
    body, function.body = function.body, mutated.body
    try:
        code = compile(ast.fix_missing_locations(tree), file, "exec")
    finally:
        function.body = body
    return next((one for one in codes(code) if one.co_qualname == name), None)


def codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and all within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def one_line(text: str) -> str:
    """The first line of a source text, and that there are more."""
    first, *more = text.splitlines()
    return first[:100] + (" …" if more or len(first) > 100 else "")


def put_in_place(mutant: Mutant) -> bool:
    """Replace the function's code in this process; False where it cannot be reached."""
    name = ".".join(mutant.file.relative_to(ROOT / "actions").with_suffix("").parts).removesuffix(".__init__")
    found: Any = importlib.import_module(name)
    for part in mutant.function.split("."):
        found = inspect.getattr_static(found, part, None)
    for wrapper in ("fget", "__func__"):
        found = getattr(found, wrapper, found)
    found = inspect.unwrap(found) if callable(found) else found
    if not isinstance(found, FunctionType) or len(found.__code__.co_freevars) != len(mutant.code.co_freevars):
        return False
    found.__code__ = mutant.code
    return True


def begin(room: str, mutant: Mutant | None) -> Work:
    """Fork, change the code there, run the room's tests there; the exit code tells."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return Work(room, mutant, process, reading)
    os.close(reading)
    os.setpgid(0, 0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    code = 99
    with contextlib.suppress(BaseException):
        if mutant is None or put_in_place(mutant):
            code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
                                "-c", str(ROOT / "pyproject.toml"), *TESTS[room]])  # fmt: skip
    os._exit(int(code))


def ended(work: Work) -> int:
    """The exit code of what has ended; whatever it has started goes with it."""
    os.close(work.descriptor)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(work.process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(work.process, 0)[1])


def rooms_at_peace(rooms: Sequence[str]) -> dict[str, float]:
    """How many seconds each room's tests take when nothing is changed. SystemExit where they fail."""
    seconds = {}
    for room in rooms:
        work = begin(room, None)
        code = os.waitstatus_to_exitcode(os.waitpid(work.process, 0)[1])
        os.close(work.descriptor)
        if code:
            raise SystemExit(f"the tests of {room} fail without any change (exit code {code}): mend them first")
        seconds[room] = time.perf_counter() - work.begin
    return seconds


def play(
    drawn: Sequence[tuple[str, Mutant]], seconds: Mapping[str, float], minutes: float, workers: int
) -> Iterator[tuple[Work, str]]:
    """Each mutant and what became of it: `killed`, `hung`, `survived`, `out of reach`. None is begun after the time."""
    waiting, until = list(drawn)[::-1], time.perf_counter() + minutes * 60
    at_work: dict[int, Work] = {}
    with selectors.DefaultSelector() as selector:
        while at_work or waiting:
            while waiting and len(at_work) < workers and time.perf_counter() < until:
                work = begin(*waiting.pop())
                at_work[work.descriptor] = work
                selector.register(work.descriptor, selectors.EVENT_READ)
            if not at_work:
                return
            done = {key.fd for key, _ in selector.select(1)}
            for work in list(at_work.values()):
                hung = time.perf_counter() - work.begin > max(SECONDS, TIMES * seconds[work.room])
                if work.descriptor in done or hung:
                    selector.unregister(work.descriptor)
                    del at_work[work.descriptor]
                    code = ended(work) if not hung else (ended(work), 1)[1]
                    yield work, "hung" if hung else {0: "survived", 99: "out of reach"}.get(code, "killed")


def main() -> int:
    """Draw mutants, play them for as long as was asked, tell what became of them."""
    reader = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    reader.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(TESTS)} (default: all)")
    reader.add_argument(
        "--minutes", type=float, default=10, metavar="M", help="begin no mutant after that (default: 10)"
    )
    reader.add_argument("--mutants", type=int, default=200, metavar="N", help="at most so many (default: 200)")
    reader.add_argument("--seed", type=int, default=0, metavar="N", help="what draws them (default: 0)")
    reader.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    given = reader.parse_args()
    rooms = given.rooms or list(TESTS)
    if unknown := [room for room in rooms if room not in TESTS]:
        reader.error(f"no room {unknown[0]}: write one of {', '.join(TESTS)}")
    os.chdir(ROOT)
    found = {room: all_of(room) for room in rooms}
    for room in rooms:
        with contextlib.redirect_stdout(sys.stderr):
            pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", "-p", "no:xdist", *TESTS[room]])
    dice = random.Random(given.seed)
    each = -(-given.mutants // len(rooms))
    drawn = [(room, one) for room in rooms for one in dice.sample(found[room], min(each, len(found[room])))]
    dice.shuffle(drawn)
    counted: dict[str, Counter[str]] = {room: Counter() for room in rooms}
    for work, what in play(drawn[: given.mutants], rooms_at_peace(rooms), given.minutes, given.workers):
        counted[work.room][what] += 1
        if what == "survived":
            print(f"survived: {work.mutant}", flush=True)
    for room in rooms:
        killed, all_played = (
            counted[room]["killed"] + counted[room]["hung"],
            counted[room].total() - counted[room]["out of reach"],
        )
        print(f"{room}: {killed} of {all_played} killed; {len(found[room])} could be made (seed {given.seed})")
    return 0


def all_of(room: str) -> list[Mutant]:
    """Every mutant of a room."""
    files = sorted((ROOT / "actions/respondby" / room).rglob("*.py"))
    return [one for file in files for one in mutants(file)]


if __name__ == "__main__":
    sys.exit(main())
