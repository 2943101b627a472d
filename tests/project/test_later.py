"""Modules that run later: when they run, how often, and that nothing is missing of what an import at once leaves."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from respondby.later import run_later

#: A library of four modules. `ran` counts how often each has run.
LIBRARY = {
    "__init__": "ran = []",
    "one": "import slowlib\nimport slowlib.two\nslowlib.ran.append('one')\ndef both():\n    return 1 + slowlib.two.TWO",
    "two": "import slowlib\nimport slowlib.one\nslowlib.ran.append('two')\nTWO = 2",
    "three": "from slowlib.two import TWO\nTHREE = TWO + 1",
    "broken": "import slowlib\nslowlib.ran.append(0)\nif len(slowlib.ran) == 1:\n    raise OSError('no')\nFOUR = 4",
}


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "slowlib"
    folder.mkdir()
    for name, text in LIBRARY.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "slowlib"]:
        del sys.modules[name]


def test_a_module_runs_when_something_of_it_is_used_and_so_does_what_it_uses() -> None:
    with run_later("slowlib"):
        one, _ = import_module("slowlib.one"), import_module("slowlib.two")
    ran = import_module("slowlib").ran
    assert ran == []
    assert (one.both(), ran) == (3, ["one", "two"]), "modules that import each other as well"
    assert (one.both(), ran) == (3, ["one", "two"]), "and once"


def test_a_name_that_is_taken_out_of_a_module_runs_it() -> None:
    with run_later("slowlib"):
        assert import_module("slowlib.three").THREE == 3
    assert import_module("slowlib").ran == ["two"]


def test_an_attribute_that_is_not_there_is_an_error_before_and_after() -> None:
    with run_later("slowlib"):
        two = import_module("slowlib.two")
    for _ in range(2):
        with pytest.raises(AttributeError, match=r"module 'slowlib\.two' has no attribute 'SEVEN'"):
            two.SEVEN  # noqa: B018


def test_a_module_that_cannot_run_says_so_and_is_tried_again() -> None:
    with run_later("slowlib"):
        broken = import_module("slowlib.broken")
    with pytest.raises(OSError, match="no"):
        broken.FOUR  # noqa: B018
    assert broken.FOUR == 4


def test_threads_that_use_a_module_at_once_run_it_once_and_see_all_of_it() -> None:
    with run_later("slowlib"):
        one, _ = import_module("slowlib.one"), import_module("slowlib.two")
    together, found = threading.Barrier(8), []

    def use() -> None:
        together.wait()
        found.append(one.both())

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, import_module("slowlib").ran) == ([3] * 8, ["one", "two"])


def test_other_packages_and_imports_after_it_run_at_once_and_what_was_there_stays() -> None:
    before, library = list(sys.meta_path), import_module("slowlib")
    with run_later("another"):
        import_module("slowlib.two")
    assert (library.ran, sys.meta_path) == (["one", "two"], before)
    with run_later("slowlib"):
        assert import_module("slowlib.two").TWO == 2
    assert library.ran == ["one", "two"]


#: What the modules of PyGithub hold once they have been used, after the imports of the first argument.
LOOK = """
import json, sys
exec(sys.argv[1])
import github
import pkgutil
from importlib import import_module
for module in pkgutil.iter_modules(github.__path__):
    import_module(f"github.{module.name}")
    hasattr(sys.modules[f"github.{module.name}"], "anything")
kinds = {type(module).__name__ for name, module in sys.modules.items() if name.startswith("github.")}
held = {name: sorted(vars(module)) for name, module in sys.modules.items() if name.partition(".")[0] == "github"}
print(json.dumps([sorted(kinds), held]))
"""


def looked(imports: str) -> tuple[list[str], dict[str, list[str]]]:
    """The types of PyGithub's modules, and what each of them holds, in a new process."""
    done = subprocess.run([sys.executable, "-c", LOOK, imports], capture_output=True, text=True, check=True)
    kinds, held = json.loads(done.stdout)
    return kinds, held


def test_pygithub_lacks_nothing_for_having_been_imported_by_the_client() -> None:
    kinds, held = looked("import respondby.forge.client")
    assert kinds == ["module"]
    assert held == looked("import github")[1]


#: Which of these modules a client has run: one that is only imported has hardly any names.
RUN = """
import sys
from respondby.forge.client import Client
Client("https://api.github.com", "token", "acme/desk")
print(*(name for name in sys.argv[1:] if name in sys.modules and len(vars(sys.modules[name])) > 12))
"""


def test_a_client_runs_no_class_of_pygithub_that_it_does_not_use() -> None:
    names = ["github.Requester", "github.Repository", "github.Issue", "jwt", "cryptography", "nacl"]
    said = subprocess.run([sys.executable, "-c", RUN, *names], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["github.Requester"]
