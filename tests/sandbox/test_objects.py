"""Git's objects have git's own hashes; node ids can be read back."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondby.sandbox.store import node_ids, objects
from respondby.sandbox.store.clock import Clock
from respondby.sandbox.store.world import World

FILES = {"README.md": b"# Desk\n", "a-b": b"1", "a/one": b"\xff\0", "a/b/two": b"", "a.txt": "é\n".encode()}


@pytest.fixture
def world() -> World:
    return World(None, Clock(1_767_603_600))


def _git(folder: Path, *words: str) -> str:
    who = {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", "ann"), ("EMAIL", "ann@example.org"), ("DATE", "1767603600 +0000"))
    }
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
    run = subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return run.stdout.strip()


def test_a_commit_has_the_hash_that_git_gives_it(world: World, tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    for path, content in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    _git(tmp_path, "add", ".")
    _git(tmp_path, "-c", "core.autocrlf=false", "commit", "-q", "--cleanup=verbatim", "-m", "One")

    tree = objects.change_tree(world, None, FILES)
    commit = objects.write_commit(world, tree, [], "ann", "ann@example.org", "One\n")

    assert tree == _git(tmp_path, "rev-parse", "HEAD^{tree}")
    assert commit == _git(tmp_path, "rev-parse", "HEAD")


def test_removing_the_last_file_of_a_folder_removes_the_folder(world: World) -> None:
    whole = objects.change_tree(world, None, FILES)
    without = objects.change_tree(world, whole, {"a/b/two": None, "a/one": None})

    assert [entry.name for entry in objects.entries(world, without)] == ["README.md", "a-b", "a.txt"]
    assert objects.change_tree(world, without, {"a/b/two": b"", "a/one": b"\xff\0"}) == whole


NUMBERS = st.integers(min_value=1, max_value=2**32 - 1)


@given(st.sampled_from(["Issue", "IssueComment", "Label", "LabeledEvent"]), NUMBERS, NUMBERS)
def test_the_id_of_an_item_can_be_read_back(name: str, repository: int, number: int) -> None:
    assert node_ids.read(node_ids.of_item(name, repository, number)) == (name, repository, number)


@given(st.sampled_from(["User", "Bot", "Repository"]), NUMBERS)
def test_the_id_of_a_person_can_be_read_back(name: str, number: int) -> None:
    assert node_ids.read(node_ids.of_person(name, number)) == (name, 0, number)


@given(st.text(max_size=60))
def test_any_text_is_a_node_id_or_none(text: str) -> None:
    found = node_ids.read(text)

    assert found is None or text.startswith(node_ids.PREFIXES[found[0]])
