"""Several writes about one case in one request: the parts of a GraphQL mutation.

GitHub performs the parts in the order of the document, and goes on after one that it refuses: each part tells its own
error. So only such parts share a document of which none rests on an earlier one: labels, which are put right whenever
somebody looks (law 4), and the card, which claims nothing of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from respondby.forge.answers import PartError
from respondby.forge.client import Client
from respondby.forge.errors import CaseGone, ForgeError, NotGranted, Refused
from respondby.forge.writing import check_length

#: The name of the operation, by which a log of requests tells it from a query.
OPERATION = "LabelsAndCard"

_PARTS = {
    "add": "addLabelsToLabelable(input: {labelableId: $issue, labelIds: $add}) { clientMutationId }",
    "remove": "removeLabelsFromLabelable(input: {labelableId: $issue, labelIds: $remove}) { clientMutationId }",
    "edit": "updateIssueComment(input: {id: $card, body: $body}) { clientMutationId }",
    "write": "addComment(input: {subjectId: $issue, body: $body}) { clientMutationId }",
}
_DECLARED = {"issue": "ID!", "add": "[ID!]!", "remove": "[ID!]!", "card": "ID!", "body": "String!"}


def labels_and_card(
    client: Client, ref: str, issue: str, add: Sequence[str], remove: Sequence[str], card: str | None, body: str
) -> tuple[ForgeError | None, ForgeError | None]:
    """Put labels on an issue, take others off, and write the card anew (None: make it). All but `ref` and the text are
    node ids. Returns what went wrong with the labels, and with the card; None for what was done.

    Raises CommentTooLong before anything is sent, Uncertain, and ForgeErrors that concern all of it.
    """
    check_length(body)
    parts = [*(["add"] if add else []), *(["remove"] if remove else []), "edit" if card is not None else "write"]
    given = {"issue": issue, "add": list(add), "remove": list(remove), "card": card, "body": body}
    failed = client.mutate(
        document(parts), {name: given[name] for name in _variables(parts)}, doing=f"labels and card of {ref}"
    )
    labels = next((meant(failed[part], f"labelling {ref}") for part in ("add", "remove") if part in failed), None)
    wrote = meant(failed[parts[-1]], f"writing the card of {ref}") if parts[-1] in failed else None
    return labels, wrote


def document(parts: Sequence[str]) -> str:
    """The mutation of these parts, in their order: `add`, `remove`, and `edit` or `write`."""
    declared = ", ".join(f"${name}: {_DECLARED[name]}" for name in _variables(parts))
    return f"mutation {OPERATION}({declared}) {{\n" + "".join(f"  {part}: {_PARTS[part]}\n" for part in parts) + "}"


def _variables(parts: Sequence[str]) -> Mapping[str, None]:
    return dict.fromkeys(name for name in _DECLARED if any(f"${name}" in _PARTS[part] for part in parts))


def meant(error: PartError, doing: str) -> ForgeError:
    """What a part's refusal is, as an error of ours."""
    match error.kind:
        case "NOT_FOUND":
            return CaseGone(doing)
        case "FORBIDDEN" | "INSUFFICIENT_SCOPES":
            return NotGranted(doing, "issues: write", error.message)
        case _:
            return Refused(doing, 422, error.message)
