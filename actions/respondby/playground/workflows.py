"""The workflows of a desk that is played: those that come with respondby, as `sync --workflows` leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable

from respondby import data
from respondby.policy.loading.loader import examine
from respondby.policy.repository.workflow_secrets import secrets_of
from respondby.setup.files import plan_workflows

_FOLDER = ".github/workflows"


def workflow_files(text: str, files: dict[str, str]) -> dict[str, str]:
    """The workflows and actions, by path, for the policy of that text. Without a valid one they are as they come."""
    found = dict(_workflows(data.root()))
    reading = examine(text, files=files)
    if reading.policy is not None:
        names = secrets_of(reading.policy, reading.references)
        folders = [path.rpartition("/")[0] for path in found if path.startswith("actions/")]
        workflows = {path: one for path, one in found.items() if path.startswith(_FOLDER)}
        changes = plan_workflows(reading.policy, names, workflows, folders).changes
        found |= {change.path: change.after for change in changes if change.after is not None}
    return found


def _workflows(root: Traversable) -> Iterator[tuple[str, str]]:
    for file in (root / _FOLDER).iterdir():
        text = file.read_text(encoding="utf-8")
        if file.name.endswith(".yml") and "/actions/" in text:
            yield f"{_FOLDER}/{file.name}", text
    for folder in (root / "actions").iterdir():
        action = folder / "action.yml"
        if action.is_file():
            yield f"actions/{folder.name}/action.yml", action.read_text(encoding="utf-8")
