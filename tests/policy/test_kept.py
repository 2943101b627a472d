"""A policy that was read before is known by all of its texts; nothing that differs is taken for it."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from respondby.kept import Kept
from respondby.policy.loading import loader
from respondby.policy.loading.loader import known, load
from respondby.policy.text.problems import PolicyError

TEXT = "version: 1\ndesk: Help\nfields: { topic: { label: topic/, choices-from: topics } }\n"
FILES = {"topics/mail.md": "", "topics/web.md": ""}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """No other test's policies."""
    with patch.object(loader, "_POLICIES", Kept(8)):
        yield


def test_the_same_texts_are_read_once_and_each_commit_is_remembered() -> None:
    with patch.object(loader, "examine", wraps=loader.examine) as examine:
        first = load(TEXT, files=FILES)
        assert load(TEXT, files=dict(reversed(FILES.items()))) is first
        assert [load(TEXT, files=FILES, commit=name).commit for name in ("a", "b")] == ["a", "b"]
        assert examine.call_count == 1
    assert first.commit is None


@pytest.mark.parametrize(
    "text, path, files",
    [
        (TEXT.replace("Help", "Other"), "a.yml", FILES),
        (TEXT, "b.yml", FILES),
        (TEXT, "a.yml", {"topics/mail.md": ""}),
        (TEXT, "a.yml", {**FILES, "topics/web.md": "changed"}),
    ],
)
def test_whatever_differs_is_read(text: str, path: str, files: dict[str, str]) -> None:
    before = load(TEXT, path="a.yml", files=FILES)
    assert load(text, path=path, files=files) is not before
    assert known() == [(TEXT, "a.yml", tuple(FILES.items())), (text, path, tuple(files.items()))]


def test_what_is_no_policy_is_refused_each_time_and_not_kept() -> None:
    for _ in range(2):
        with pytest.raises(PolicyError):
            load("version: 1\n")
    assert known() == []


def test_only_the_last_few_are_kept() -> None:
    for number in range(10):
        load(f"version: 1\ndesk: Desk {number}\n")
    assert [text[-2:-1] for text, _, _ in known()] == [str(number) for number in range(2, 10)]
