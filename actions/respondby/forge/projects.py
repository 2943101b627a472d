"""Project boards (GitHub's "Projects V2"): one is found by its owner and number; issues are put on it, dates are set.

GraphQL alone knows them, and a workflow's own token reaches none, whatever its permissions. Adding an issue that is on
the board already answers with the item that is there, and setting a date twice changes nothing: both may be repeated.
"""

from __future__ import annotations

from respondby.dataclass import dataclass
from respondby.forge.client import Client
from respondby.forge.errors import CaseGone

_PROJECT = """
query Project($owner: String!, $number: Int!) {
  repositoryOwner(login: $owner) {
    ... on ProjectV2Owner {
      projectV2(number: $number) {
        id closed
        fields(first: 100) { nodes { ... on ProjectV2FieldCommon { id name dataType } } }
      }
    }
  }
}
"""

_ADD = """
mutation Add($project: ID!, $issue: ID!) {
  addProjectV2ItemById(input: {projectId: $project, contentId: $issue}) { item { id } }
}
"""

_ITEM = """
query Item($item: ID!) { node(id: $item) { ... on ProjectV2Item { isArchived } } }
"""

_SET = """
mutation SetDate($project: ID!, $item: ID!, $field: ID!, $day: Date!) {
  updateProjectV2ItemFieldValue(
    input: {projectId: $project, itemId: $item, fieldId: $field, value: {date: $day}}
  ) { projectV2Item { id } }
}
"""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a board: its node id, its name, and its type in GitHub's word (`DATE`, `TEXT`, …)."""

    id: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Project:
    """A board, with its fields in their order."""

    id: str
    closed: bool
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """The field of that name; GitHub tells them apart without regard to case."""
        return next((field for field in self.fields if field.name.casefold() == name.casefold()), None)


def find_project(client: Client, owner: str, number: int) -> Project | None:
    """The board of that owner; None where there is none that this token may know of. Raises ForgeErrors."""
    data, _ = client.graphql(
        _PROJECT,
        {"owner": owner, "number": number},
        doing=f"reading the project {owner}/{number}",
        missing_ok=True,
    )
    found = (data["repositoryOwner"] or {}).get("projectV2")
    if found is None:
        return None
    fields = (node for node in found["fields"]["nodes"] or [] if node)
    return Project(
        str(found["id"]),
        bool(found["closed"]),
        tuple(Field(str(node["id"]), str(node["name"]), str(node["dataType"])) for node in fields),
    )


def add_issue(client: Client, project: str, issue: str) -> str:
    """Put an issue on a board; the item's node id. Raises CaseGone where this token sees no such issue."""
    data, _ = client.graphql(_ADD, {"project": project, "issue": issue}, doing="putting an issue on a project")
    return str(data["addProjectV2ItemById"]["item"]["id"])


def is_on_board(client: Client, item: str) -> bool:
    """Whether an item is still on its board, and not archived there."""
    data, _ = client.graphql(_ITEM, {"item": item}, doing="looking at an item of a project", missing_ok=True)
    found = data["node"]
    return found is not None and found.get("isArchived") is False


def set_date(client: Client, project: str, item: str, field: str, day: str) -> bool:
    """Set a date, `2026-12-24`, of an item. False where the item is on the board no longer."""
    variables = {"project": project, "item": item, "field": field, "day": day}
    try:
        client.graphql(_SET, variables, doing="setting a date in a project")
    except CaseGone:
        return False
    return True
