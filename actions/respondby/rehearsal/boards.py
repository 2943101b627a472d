"""Project boards of a rehearsal: made as the policy names them, and looked at by what stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from respondby.policy.model.clocks import Track
from respondby.policy.model.policy import Policy
from respondby.policy.repository.elsewhere import boards_of
from respondby.sandbox.server import Sandbox

_ITEMS = """
query($owner: String!, $number: Int!) {
  repositoryOwner(login: $owner) { ... on ProjectV2Owner { projectV2(number: $number) { items(first: 100) { nodes {
    content { ... on Issue { number } }
    fieldValues(first: 20) { nodes { ... on ProjectV2ItemFieldDateValue { date } } }
  } } } } }
}
"""


def date_fields(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """The boards that a policy names, each with the date fields that it writes to."""
    found: dict[str, tuple[str, ...]] = {}
    for track in boards_of(policy):
        found[track.project] = tuple(dict.fromkeys((*found.get(track.project, ()), *_fields((track,)))))
    return found


def _fields(tracks: Iterable[Track]) -> Iterable[str]:
    return (track.due for track in tracks if track.due is not None)


def on_board(forge: Sandbox, token: str, project: str, number: int | None) -> str:
    """How an issue stands on a board: its date, `there` without one, `none` where it is not on it."""
    owner, _, which = project.partition("/")
    body = {"query": _ITEMS, "variables": {"owner": owner, "number": int(which)}}
    _, answer = forge.call("POST", "/graphql", token, body)
    board: Any = (answer["data"]["repositoryOwner"] or {}).get("projectV2") or {"items": {"nodes": []}}
    for item in board["items"]["nodes"]:
        if (item["content"] or {}).get("number") == number:
            return next((value["date"] for value in item["fieldValues"]["nodes"] if "date" in value), "there")
    return "none"
