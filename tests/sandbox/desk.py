"""What the stories of this room share: a desk's repository, and people who may do different things there."""

from dataclasses import dataclass

REPO = "/repos/acme/desk"
FILES = {"README.md": "# Desk\n", ".github/support.yml": "version: 1\n", ".github/workflows/duty.yml": "on: {}\n"}


@dataclass(frozen=True, slots=True)
class People:
    """Tokens of an owner, a member, a stranger and a workflow that may write issues."""

    owner: str
    ann: str
    carla: str
    workflow: str
