"""A policy with a watch wants its workflow, under its name, and jobs that may start it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.policy.policies import SMALL

from respondby.policy.loading.loader import load
from respondby.policy.repository.watch_workflows import watch_problems

ROOT = Path(__file__).parents[2]
WATCHED = SMALL + "watch: { idle: 90m }\n"


def workflows() -> dict[str, str]:
    """Ours, with what the page says of a watch."""
    found = {}
    for name in ("triage", "comment", "enforce", "receive", "watch"):
        text = (ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8")
        if "actions: read" in text:
            text = text.replace("actions: read", "actions: write")
        elif "actions: write" not in text:
            text = text.replace("      contents: read", "      actions: write\n      contents: read")
        found[f".github/workflows/{name}.yml"] = text
    return found


def told(policy: str, files: dict[str, str]) -> list[str]:
    return [f"{one.path.rpartition('/')[2]}: {one.message}" for one in watch_problems(load(policy), files)]


def test_with_all_that_the_page_asks_for_nothing_is_told() -> None:
    assert told(WATCHED, workflows()) == []


def test_a_policy_without_a_watch_asks_for_nothing() -> None:
    assert told(SMALL, {**workflows(), ".github/workflows/watch.yml": "on: push\n"}) == []


@pytest.mark.parametrize("granted", ["permissions: write-all\n", "permissions: { actions: write }\n"])
def test_permissions_of_the_whole_workflow_count(granted: str) -> None:
    text = f"on: workflow_dispatch\n{granted}jobs: {{ w: {{ steps: [{{ uses: $/actions/watch }}] }} }}\n"
    assert told(WATCHED, {".github/workflows/watch.yml": text}) == []


@pytest.mark.parametrize(
    "change, tells",
    [
        (
            ("triage.yml", "      actions: write\n", ""),
            "triage.yml: The job `triage` cannot start the watch: it lacks `actions: write`.",
        ),
        (
            ("enforce.yml", "actions: write", "actions: read"),
            "enforce.yml: The job `enforce` cannot start the watch: it lacks `actions: write`.",
        ),
        (
            ("watch.yml", "actions: write", "actions: read"),
            "watch.yml: The job `watch` cannot start its successor: it lacks `actions: write`.",
        ),
        (
            ("watch.yml", "workflow_dispatch:", "push:"),
            "watch.yml: A watch is started by `workflow_dispatch`, which this file does not have.",
        ),
    ],
)
def test_what_keeps_a_watch_from_starting_is_told(change: tuple[str, str, str], tells: str) -> None:
    file, old, new = change
    files = workflows()
    path = f".github/workflows/{file}"
    assert old in files[path]
    files[path] = files[path].replace(old, new)
    assert told(WATCHED, files) == [tells]


def test_a_watch_in_a_file_of_another_name_would_not_be_found() -> None:
    files = workflows()
    files[".github/workflows/awake.yml"] = files.pop(".github/workflows/watch.yml")
    assert told(WATCHED, files) == ["awake.yml: A watch is started as `watch.yml`: this one is not."]
