"""What the stories of this room share: a desk's repository, and people who may do different things there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

REPO = "/repos/acme/desk"
FILES = {"README.md": "# Desk\n", ".github/support.yml": "version: 1\n", ".github/workflows/duty.yml": "on: {}\n"}


@dataclass(frozen=True, slots=True)
class People:
    """Tokens of an owner, a member, a stranger and a workflow that may write issues."""

    owner: str
    ann: str
    carla: str
    workflow: str


Ask = Callable[..., Any]
"""A fixture: sends a query (text, token or None, variables) and returns the answer."""
