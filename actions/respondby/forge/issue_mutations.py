"""Several changes of one issue in one request: the parts of a GraphQL mutation, of which none rests on another.

GitHub performs them in order and goes on after one that it refuses, so each tells its own error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from respondby.forge.client import Client
from respondby.forge.errors import ForgeError
from respondby.forge.mutations import meant
from respondby.forge.writing import check_length

#: By what is done: its part of the mutation.
PARTS: Mapping[str, str] = {
    "reopen": "reopenIssue(input: {issueId: $issue}) { clientMutationId }",
    "edit": "updateIssue(input: {id: $issue, body: $body}) { clientMutationId }",
    "label": "addLabelsToLabelable(input: {labelableId: $issue, labelIds: [$label]}) { clientMutationId }",
    "pin": "pinIssue(input: {issueId: $issue}) { clientMutationId }",
    "unpin": "unpinIssue(input: {issueId: $issue}) { clientMutationId }",
    "close": "closeIssue(input: {issueId: $issue, stateReason: NOT_PLANNED}) { clientMutationId }",
}
_DECLARED = {"issue": "ID!", "body": "String!", "label": "ID!"}


def change_issue(
    client: Client, ref: str, issue: str, parts: Sequence[str], *, body: str = "", label: str = ""
) -> Mapping[str, ForgeError]:
    """Do these parts to the issue with that node id; `label` is one, too. Returns what went wrong, by part.

    Raises CommentTooLong before anything is sent, Uncertain, and ForgeErrors that concern all of it.
    """
    check_length(body)
    given = {"issue": issue, "body": body, "label": label}
    failed = client.mutate(document(parts), {name: given[name] for name in _variables(parts)}, doing=f"changing {ref}")
    return {part: meant(error, f"{_DOING[part]} {ref}") for part, error in failed.items()}


_DOING = {
    "reopen": "opening again", "edit": "writing", "label": "labelling", "pin": "pinning", "unpin": "unpinning",
    "close": "closing",
}  # fmt: skip


def document(parts: Sequence[str]) -> str:
    """The mutation of these parts, in their order."""
    declared = ", ".join(f"${name}: {_DECLARED[name]}" for name in _variables(parts))
    return f"mutation ChangeIssue({declared}) {{\n" + "".join(f"  {part}: {PARTS[part]}\n" for part in parts) + "}"


def _variables(parts: Sequence[str]) -> list[str]:
    return [name for name in _DECLARED if any(f"${name}" in PARTS[part] for part in parts)]
