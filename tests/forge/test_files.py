"""Files of the repository, without a checkout."""

from __future__ import annotations

from typing import Any

import pytest
import responses
from tests.forge.desks import Desk

from respondby.forge.errors import FileUnreadable
from respondby.forge.files import policy_history, read_files, read_named, text_at
from respondby.forge.gathering import POLICY


def test_files_of_one_commit_come_in_one_request(desk: Desk) -> None:
    commit = desk.sandbox.files(desk.repository, {"a.md": "one", "b/c.yml": "two ü", "empty": ""})
    desk.sandbox.files(desk.repository, {"a.md": "later"})
    assert read_files(desk.client, ["a.md", "b/c.yml", "empty", "none", "../x"], commit) == {
        "a.md": "one",
        "b/c.yml": "two ü",
        "empty": "",
        "none": None,
        "../x": None,
    }
    assert desk.client.requests == 1


def test_no_files_are_no_request(desk: Desk) -> None:
    assert read_files(desk.client, [], "0" * 40) == {}
    assert desk.client.requests == 0


@pytest.mark.parametrize("path, says", [("folder", "not a file"), ("binary", "UTF-8"), ("large", "too large")])
def test_what_is_no_text_says_so(desk: Desk, path: str, says: str) -> None:
    commit = desk.sandbox.files(desk.repository, {"folder/x": "1", "binary": "\0\1", "large": "x" * 600_000})
    with pytest.raises(FileUnreadable, match=says):
        read_files(desk.client, [path], commit)


def test_the_history_of_a_policy_leads_to_its_last_valid_text(desk: Desk) -> None:
    for text in ("version: 1\ndesk: Two\n", "broken: ["):
        desk.sandbox.files(desk.repository, {POLICY: text})
        desk.sandbox.files(desk.repository, {"other": text})
    commits = policy_history(desk.client, POLICY, 2)
    assert [text_at(desk.client, version.commit, POLICY) for version in commits] == [
        "broken: [",
        "version: 1\ndesk: Two\n",
    ]
    assert text_at(desk.client, commits[0].commit, "nowhere") is None


@pytest.mark.parametrize("branch", [None, {"target": None}, {"target": {}}])
def test_a_repository_without_commits_has_no_history(desk: Desk, branch: Any) -> None:
    with responses.RequestsMock() as wire:
        wire.add("POST", f"{desk.sandbox.url}/graphql", json={"data": {"repository": {"defaultBranchRef": branch}}})
        assert policy_history(desk.client, POLICY, 5) == ()


def test_a_name_that_ends_in_a_slash_is_a_folder(desk: Desk) -> None:
    files = {"folder/x.md": "1", "folder/y.md": "2", "folder/inner/z.md": "3", "folder/binary": "\0\1", "a": "4"}
    commit = desk.sandbox.files(desk.repository, files)
    assert read_named(desk.client, ["folder/", "a", "none", "none/", "a/"], commit) == {
        "folder/x.md": "1",
        "folder/y.md": "2",
        "a": "4",
    }
    assert desk.client.requests == 2
