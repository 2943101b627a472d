"""The locks: one version of everything, hashes for all of it, and nothing about the machine that wrote them."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = {path.stem: path.read_text() for path in sorted((ROOT / "locks").glob("*.txt"))}


def normal(name):
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9_.-]+", name)[0]).lower()


def pinned(name):
    return dict(re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", LOCKS[name]))


WANTED = {
    "runtime": [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["notify"]],
    "sandbox": [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["notify"],
        *PROJECT["optional-dependencies"]["sandbox"],
    ],
    "test": [
        *PROJECT["dependencies"],
        *(name for extra in PROJECT["optional-dependencies"].values() for name in extra if normal(name) != "respondby"),
    ],
}


def test_there_are_three_locks():
    assert set(LOCKS) == set(WANTED)


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_has_everything_that_the_project_asks_for(name):
    assert {normal(wanted) for wanted in WANTED[name]} <= set(pinned(name))


@pytest.mark.parametrize("name", ["runtime", "sandbox"])
def test_what_runs_is_what_was_tested(name):
    assert pinned(name).items() <= pinned("test").items()


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_is_pins_and_hashes_and_nothing_else(name):
    lines = LOCKS[name].splitlines()
    pin = re.compile(r"[a-z0-9-]+==[\w.!+]+( ; [\w .<>!='()]+)? \\")
    hash_line = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not pin.fullmatch(line) and not hash_line.fullmatch(line)] == []


def test_the_build_backend_is_pinned_to_what_the_tests_build_with():
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert build == [f"hatchling=={pinned('test')['hatchling']}"]
