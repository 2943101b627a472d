"""The house stays one in which a reader finds their way: no import circles, one meaning for a class's name, no dead
code, short functions. Exceptions are named here, each with its reason."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "actions" / "respondby"
#: The rooms in which a name has one meaning: what is true, what is owed, what to do and what to say.
CORE = ("calendars", "policy", "desk", "promises", "rules", "letters", "postmortems", "reports", "replays")
#: Lines of a function, its head and docstring included.
LONGEST = 60

#: Lines of a file.
LONGEST_FILE = 350

#: Functions that are longer, by the end of their whole name, and why.
LONG = {
    "Applier.apply": "one branch a kind of action, in the order in which they are written",
}

#: Names of public classes that two core rooms have, and why.
SHARED = {
    "Edit": "a later text of something that was said, and what mends a post-mortem's text",
    "Entry": "an entry of the desk's log, and one of a post-mortem's timeline",
    "Finding": "what a rule finds, in a policy and in a post-mortem",
    "Follow": "the policy's word for a group that follows a rota, and the plan's action that sets it",
    "Open": "the policy's verb, and the plan's action that it becomes",
    "Problem": "what is wrong with a file, and what is wrong with a history",
    "Rule": "a rule of the policy's own section `rules`, and a rule by which a text is checked",
    "Shift": "a turn of a rota, and the turn on which a hand-over's draft looks back",
    "Task": "what the plan opens as an issue, and a line that can be ticked in one",
}

#: What nothing in the package calls, and who does.
UNUSED = {
    "auth": "requests asks the session for it",
    "commenters": "shlex reads it",
    "concat": "jinja2 calls it",
    "context_class": "click reads it",
    "daemon_threads": "socketserver reads it",
    "do_GET": "http.server calls it",
    "do_POST": "http.server calls it",
    "do_PUT": "http.server calls it",
    "do_PATCH": "http.server calls it",
    "do_DELETE": "http.server calls it",
    "enter_field": "graphql-core calls it",
    "filters": "jinja2 reads it",
    "force_exit": "uvicorn reads it",
    "format_commands": "click calls it",
    "formatter_class": "click reads it",
    "get_command": "click calls it",
    "globals": "jinja2 reads it",
    "html_block": "markdown-it calls it",
    "html_inline": "markdown-it calls it",
    "intercepted_binops": "jinja2 reads it",
    "log_message": "http.server calls it",
    "main_loop": "uvicorn calls it",
    "row_factory": "sqlite3 reads it",
    "should_exit": "uvicorn reads it",
    "sockets": "uvicorn passes it",
    "visit_Concat": "jinja2 calls it",
    "whitespace_split": "shlex reads it",
    "writable": "io calls it",
    # For tests.
    "NEW": "the newer of the two versions of GitHub's API; its pair is used",
    "beats": "counts the heartbeats of a rehearsal, for tests",
    "in_process": "runs the desk in a test's own process",
    "mendable": "says whether a finding of a post-mortem comes with its mend, for tests",
    "named_days": "the holidays of a year with their names, for tests",
    "parse_promise": "the inverse of writing a promise as a text, by which a law holds the two together",
    "windows_of": "a product's maintenance windows, for tests",
    "with_records": "makes ledgers, for tests",
}


@cache
def trees() -> dict[str, ast.Module]:
    """Every module's tree, by its name below `respondby`."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imports(module: str) -> Iterator[str]:
    """The modules that it imports anywhere: within a function and for types alone, too."""
    for node in ast.walk(trees()[module]):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("respondby"):
            below = (node.module or "").removeprefix("respondby").removeprefix(".")
            for alias in node.names:
                whole = f"{below}.{alias.name}".removeprefix(".")
                yield whole if whole in trees() else below


def circles() -> Iterator[list[str]]:
    """Groups of modules that import each other, directly or not: one found by peeling off whatever has none left."""
    left = {module: {name for name in imports(module) if name != module} for module in trees()}
    while free := [module for module, names in left.items() if not names & left.keys()]:
        for module in free:
            del left[module]
    # What only imports a circle is not in it: peel from the other side as well.
    while idle := [module for module in left if not any(module in names for names in left.values())]:
        for module in idle:
            del left[module]
    if left:
        yield sorted(left)


def functions() -> Iterator[tuple[str, int]]:
    """Every function by its whole name, with its lines."""

    def below(node: ast.AST, name: str) -> Iterator[tuple[str, int]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                whole = f"{name}.{child.name}"
                if not isinstance(child, ast.ClassDef):
                    yield whole, (child.end_lineno or child.lineno) - child.lineno + 1
                yield from below(child, whole)
            else:
                yield from below(child, name)

    for module, tree in trees().items():
        yield from below(tree, module)


def rooms_of_classes() -> dict[str, set[str]]:
    """The core rooms in which a public class of that name stands."""
    found: dict[str, set[str]] = {}
    for module, tree in trees().items():
        room = module.split(".")[0]
        for node in tree.body:
            if room in CORE and isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, set()).add(room)
    return found


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert list(circles()) == []


def test_no_function_is_longer_than_a_screen() -> None:
    def named(name: str) -> bool:
        return any(name.endswith(f".{known}") for known in LONG)

    long = {name: lines for name, lines in functions() if lines > LONGEST and not named(name)}
    assert not long, f"Cut it into steps with names, or name it here with the reason: {long}"


def test_no_file_holds_more_than_a_reader_can_keep_in_mind() -> None:
    sizes = {
        path.relative_to(PACKAGE): len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")
    }
    long = {str(path): lines for path, lines in sizes.items() if lines > LONGEST_FILE}
    assert not long, f"Cut it by what it holds: {long}"


def test_a_class_name_means_one_thing_in_the_core() -> None:
    shared = {name: rooms for name, rooms in rooms_of_classes().items() if len(rooms) > 1 and name not in SHARED}
    assert not shared, f"Give one of them a name of its own: {shared}"


@pytest.fixture(scope="module")
def unused() -> dict[str, str]:
    """What vulture finds in the package alone, by name with its place: what only tests use is dead as well."""
    run = subprocess.run(
        [sys.executable, "-m", "vulture", "--min-confidence", "60", str(PACKAGE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 3), run.stderr
    return {line.split("'")[1]: line.removeprefix(f"{ROOT}/") for line in run.stdout.splitlines()}


def test_there_is_no_dead_code(unused: dict[str, str]) -> None:
    by_python = re.compile(r"__\w+__")  # what Python itself calls
    dead = [line for name, line in unused.items() if name not in UNUSED and not by_python.fullmatch(name)]
    assert not dead, "Remove it, or name who uses it in UNUSED:\n" + "\n".join(dead)
