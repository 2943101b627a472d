"""Rules about `track`: no workflow's own token reaches a project board."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.text.cursor import Path
from respondby.policy.text.yaml_text import Node


def _without_token(subject: Subject) -> Iterator[Finding]:
    for path, node in _tracks(subject.reading.root):
        if node.kind == "mapping" and "token" not in node.value:
            message = "`token` is missing, and a workflow's own token does not reach a project board."
            project = node.value["project"].value if "project" in node.value else ""
            yield Finding(path, message, str(project), "Add `token: SECRET`, a secret with one that may write there.")


def _tracks(node: Node | None, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every `track` of the text, wherever verbs may stand."""
    if node is None or node.kind not in ("mapping", "list"):
        return
    for key, value in node.value.items() if node.kind == "mapping" else enumerate(node.value):
        if key == "track" and path and path[0] in ("rules", "commands", "clocks", "ladders", "duties"):
            yield (*path, key), value
        else:
            yield from _tracks(value, (*path, key))


RULES = (Rule("track-without-token", "error", _without_token),)
