"""What every mutation shares: finding what it names, and refusals as GraphQL tells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from respondby.sandbox.domain.projects import MissingScope
from respondby.sandbox.graph.context import Context, GraphError
from respondby.sandbox.graph.nodes import node
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json, Row

_KINDS = {401: "FORBIDDEN", 403: "FORBIDDEN", 404: "NOT_FOUND"}


@contextmanager
def acting() -> Iterator[None]:
    """Let what the domain refuses be an error inside the answer."""
    try:
        yield
    except Problem as problem:
        kind = "INSUFFICIENT_SCOPES" if isinstance(problem, MissingScope) else _KINDS.get(problem.status)
        raise GraphError(kind or "UNPROCESSABLE", _words(problem)) from None


def _words(problem: Problem) -> str:
    for error in problem.errors:
        if isinstance(error, str):
            return error
        if error.get("message"):
            return str(error["message"])
        return f"{error['field']} is {error['code'].replace('_', ' ')}" if error.get("field") else problem.message
    return problem.message


def found(context: Context, node_id: str, *names: str) -> Json:
    """Return the node of this id, which must be of one of these types."""
    target = node(context, node_id)
    if target["__typename"] not in names:
        raise GraphError(
            "NOT_FOUND", f"Could not resolve to {' or '.join(names)} node with the global id of '{node_id}'"
        )
    return target


def issue_found(context: Context, node_id: str, *names: str) -> tuple[Row, Row]:
    """Return the repository and the row of an issue, or of a pull request if `names` says so."""
    row: Row = found(context, node_id, *(names or ("Issue",)))["_row"]
    return context.repo(row["repo_id"]), row


def labels_found(context: Context, ids: Iterable[str]) -> list[str]:
    """Return the names of labels."""
    return [str(found(context, label_id, "Label")["name"]) for label_id in ids]


def logins_found(context: Context, ids: Iterable[str]) -> list[str]:
    """Return the logins of people."""
    return [str(found(context, user_id, "User")["login"]) for user_id in ids]


def milestone_found(context: Context, node_id: str | None) -> int | None:
    """Return the number of a milestone."""
    return None if node_id is None else int(found(context, node_id, "Milestone")["number"])


def answered(given: Json, **fields: Any) -> Json:
    """Return a payload with the client's own id of the mutation."""
    return {"clientMutationId": given.get("clientMutationId"), **fields}
