"""What the desk may do to the forge. Each function is one request, knows nothing of plans, and repeats nothing.

A comment, an issue or a reaction that GitHub may have made without telling us is `Uncertain` (see `forge.client`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import quote

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.forge.answers import Answer
from respondby.forge.client import Client
from respondby.forge.errors import CaseGone, CommentTooLong, Refused
from respondby.forge.nodes import instant_of

#: GitHub's limit for comments and bodies, in characters.
LONGEST = 65_536

Reaction = Literal["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]


@dataclass(frozen=True, slots=True)
class Written:
    """A comment as GitHub made it: its REST id, its node id, and GitHub's own instant."""

    id: int
    node_id: str
    at: Instant
    url: str


@dataclass(frozen=True, slots=True)
class OpenedIssue:
    """An issue as GitHub made it."""

    number: int
    node_id: str
    at: Instant
    url: str


def create_comment(client: Client, number: int, body: str) -> Written:
    """Write a comment. Raises CommentTooLong before anything is sent."""
    check_length(body)
    answer = client.rest(
        "POST", f"/issues/{number}/comments", {"body": body}, doing=f"commenting on {client.repository}#{number}"
    )
    return _written(answer)


def edit_comment(client: Client, comment: int, body: str) -> Written:
    """Write a comment anew. Raises CaseGone where it has been deleted."""
    check_length(body)
    answer = client.rest("PATCH", f"/issues/comments/{comment}", {"body": body}, doing=f"editing comment {comment}")
    return _written(answer)


def edit_issue(client: Client, number: int, body: str) -> None:
    """Write an issue's text anew."""
    check_length(body)
    client.rest("PATCH", f"/issues/{number}", {"body": body}, doing=f"editing {client.repository}#{number}")


def delete_comment(client: Client, comment: int) -> None:
    """Delete a comment; one that is gone already is fine."""
    _remove(client, f"/issues/comments/{comment}", f"deleting comment {comment}")


def add_labels(client: Client, number: int, labels: Sequence[str]) -> None:
    """Put labels on an issue. One that the repository lacks is made by GitHub, without colour: `ensure_label` first."""
    client.rest(
        "POST", f"/issues/{number}/labels", {"labels": list(labels)}, doing=f"labelling {client.repository}#{number}"
    )


def remove_label(client: Client, number: int, label: str) -> None:
    """Take a label off an issue; one that is not on it is fine."""
    doing = f"taking {label!r} off {client.repository}#{number}"
    _remove(client, f"/issues/{number}/labels/{quote(label, safe='')}", doing)


def ensure_label(client: Client, name: str, colour: str, description: str = "") -> str | None:
    """Make a label in the repository and return its node id; None for one that is there already (in any colour, in any
    case of its letters).
    """
    body = {"name": name, "color": colour, "description": description}
    doing = f"creating the label {name!r} in {client.repository}"
    try:
        return str(client.rest("POST", "/labels", body, doing=doing).fields["node_id"])
    except Refused as refused:
        if refused.status != 422 or "already_exists" not in refused.message:
            raise
        return None


def update_label(client: Client, name: str, new_name: str, colour: str, description: str = "") -> None:
    """Give a label of the repository a name and a look; it stays on every issue that has it."""
    body = {"new_name": new_name, "color": colour, "description": description}
    doing = f"changing the label {name!r} in {client.repository}"
    try:
        client.rest("PATCH", f"/labels/{quote(name, safe='')}", body, doing=doing)
    except CaseGone:
        raise Refused(doing, 404, "there is no such label any more") from None


def assign(client: Client, number: int, people: Sequence[str]) -> tuple[str, ...]:
    """Assign people. Returns those whom GitHub did not take: it leaves out, without a word, who may not be assigned."""
    answer = client.rest(
        "POST",
        f"/issues/{number}/assignees",
        {"assignees": list(people)},
        doing=f"assigning {', '.join(people)} to {client.repository}#{number}",
    )
    assigned = {str(person["login"]).lower() for person in answer.fields["assignees"]}
    return tuple(person for person in people if person.lower() not in assigned)


def close(client: Client, number: int, reason: Literal["completed", "not_planned"] = "completed") -> None:
    """Close an issue; one that is closed stays closed."""
    client.rest(
        "PATCH",
        f"/issues/{number}",
        {"state": "closed", "state_reason": reason},
        doing=f"closing {client.repository}#{number}",
    )


def reopen(client: Client, number: int) -> None:
    """Open an issue again; one that is open stays open."""
    client.rest(
        "PATCH",
        f"/issues/{number}",
        {"state": "open", "state_reason": "reopened"},
        doing=f"opening {client.repository}#{number} again",
    )


def react(client: Client, number: int, comment: int, content: Reaction) -> None:
    """React to a comment, or, where `comment` is 0, to the issue itself; the same reaction twice is one."""
    path = f"/issues/comments/{comment}" if comment else f"/issues/{number}"
    client.rest("POST", f"{path}/reactions", {"content": content}, doing=f"reacting on {client.repository}#{number}")


def open_issue(
    client: Client, title: str, body: str, *, labels: Sequence[str] = (), assignees: Sequence[str] = ()
) -> OpenedIssue:
    """Open an issue."""
    check_length(body)
    request = {"title": title, "body": body, "labels": list(labels), "assignees": list(assignees)}
    made = client.rest("POST", "/issues", request, doing=f"opening an issue in {client.repository}").fields
    return OpenedIssue(int(made["number"]), str(made["node_id"]), instant_of(made["created_at"]), str(made["html_url"]))


def _remove(client: Client, path: str, doing: str) -> None:
    """A DELETE whose aim is reached by a 404 as well."""
    client.rest("DELETE", path, doing=doing, gone_is_fine=True)


def check_length(body: str) -> None:
    """Refuse a text that GitHub would not take. Raises CommentTooLong."""
    if len(body) > LONGEST:
        raise CommentTooLong(len(body), LONGEST)


def _written(answer: Answer) -> Written:
    made = answer.fields
    return Written(int(made["id"]), str(made["node_id"]), instant_of(made["created_at"]), str(made["html_url"]))
