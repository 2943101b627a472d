"""How a GraphQL request is answered: read, checked, weighed, executed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    execute_sync,
    parse,
    validate,
    visit,
)

from respondby.sandbox.graph.context import Context, GraphError
from respondby.sandbox.graph.execute import execute
from respondby.sandbox.graph.schema import schema
from respondby.sandbox.serving.limits import Limits, exceeded
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.values import Json
from respondby.sandbox.store.world import World

MOST_NODES = 500_000


@lru_cache(maxsize=128)
def _read(query: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, (error,)
    mistakes = validate(schema(), document, max_errors=100)
    if "totalCount" in query:
        document = visit(document, _CountsOnly())
    return document, tuple(mistake for mistake in mistakes if not _of_types_only(mistake))


class _CountsOnly(Visitor):
    """Bounds every connection of which a query asks nothing but the count: GitHub wants no `first` for that."""

    def enter_field(self, node: FieldNode, *_: object) -> FieldNode | None:
        """Return a field with `first: 0` if it is such a connection."""
        inner = node.selection_set.selections if node.selection_set is not None else ()
        names = {part.name.value for part in inner if isinstance(part, FieldNode)}
        bounded = {argument.name.value for argument in node.arguments or ()} & {"first", "last"}
        if bounded or len(names) != len(inner) or not {"totalCount"} <= names <= {"totalCount", "__typename"}:
            return None
        bound = ArgumentNode(name=NameNode(value="first"), value=IntValueNode(value="0"))
        return FieldNode(
            name=node.name,
            alias=node.alias,
            arguments=(*(node.arguments or ()), bound),
            directives=node.directives,
            selection_set=node.selection_set,
            loc=node.loc,
        )


def _of_types_only(mistake: GraphQLError) -> bool:
    """Return whether fields of one name merely differ in their types; the specification forbids that, GitHub does not.

    `state` of an issue and of a pull request is such a pair, side by side in a query for either.
    """
    text = mistake.message
    return (
        "they return conflicting types" in text
        and "they have differing arguments" not in text
        and "are different fields" not in text
    )


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """Return the operation of this name, or the only one."""
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is None:
        return found[0] if len(found) == 1 else None
    return next((node for node in found if node.name is not None and node.name.value == name), None)


def weigh(document: DocumentNode, operation: OperationDefinitionNode, variables: Json) -> tuple[int, int]:
    """Return (cost, nodes) of a query as GitHub counts them: every connection is taken to be full.

    The cost is the number of requests that the connections would need, in hundreds, at least 1.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    requests = nodes = 0

    def walk(selections: SelectionSetNode | None, times: int) -> None:
        nonlocal requests, nodes
        for selection in selections.selections if selections is not None else ():
            if isinstance(selection, FieldNode):
                if selection.selection_set is None:
                    continue  # no connection
                size = _size(selection, variables)
                if size is None:
                    walk(selection.selection_set, times)
                else:
                    requests += times
                    nodes += times * size
                    walk(selection.selection_set, times * size)
            elif isinstance(selection, FragmentSpreadNode):
                walk(fragments[selection.name.value].selection_set, times)
            elif isinstance(selection, InlineFragmentNode):
                walk(selection.selection_set, times)

    walk(operation.selection_set, 1)
    return max(1, round(requests / 100)), nodes


def _size(field: FieldNode, variables: Json) -> int | None:
    for argument in field.arguments or ():
        if argument.name.value in ("first", "last"):
            value = argument.value
            if isinstance(value, IntValueNode):
                return int(value.value)
            if isinstance(value, VariableNode) and isinstance(variables.get(value.name.value), int):
                return int(variables[value.name.value])
    return None


def _creates(operation: OperationDefinitionNode) -> bool:
    """Return whether a mutation makes something that people are told of: one request is one creation."""
    roots = operation.selection_set.selections
    return any(isinstance(node, FieldNode) and node.name.value in ("addComment", "createIssue") for node in roots)


def format_error(error: GraphQLError) -> Json:
    """Return an error as GitHub lists it."""
    shape: Json = {}
    if isinstance(error.original_error, GraphError):
        shape["type"] = error.original_error.kind
    if error.path:
        shape["path"] = error.path
    if error.locations:
        shape["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    return {**shape, "message": error.message}


def answer(world: World, limits: Limits, viewer: Viewer, request: Json) -> tuple[Json, str | None]:
    """Return the JSON answer to a request for this viewer, and the name of the operation it performs."""
    query = request.get("query")
    if not isinstance(query, str):
        return {"errors": [{"message": "A query attribute must be specified and must be a string."}]}, None
    document, mistakes = _read(query)
    if document is None or mistakes:
        return {"errors": [format_error(error) for error in mistakes]}, None
    variables = request.get("variables") or {}
    if not isinstance(variables, dict):
        return {"errors": [{"message": "Variables are not an object"}]}, None
    operation = operation_of(document, request.get("operationName"))
    if operation is None:
        return {"errors": [{"message": "An operation name is required"}]}, None
    name = operation.name.value if operation.name else None
    cost, nodes = weigh(document, operation, variables)
    if nodes > MOST_NODES:
        message = f"This query requests up to {nodes:,} possible nodes which exceeds the maximum limit of 500,000."
        return {"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": message}]}, name
    if limits.spent(viewer, "graphql"):
        return {"errors": [{"type": "RATE_LIMITED", "message": exceeded(viewer)}]}, name
    writes = operation.operation is OperationType.MUTATION
    limits.allow(viewer, "graphql", writes, creates=writes and _creates(operation))
    rate = limits.spend(viewer, "graphql", cost)
    context = Context(world, viewer, cost, nodes, rate)
    data, errors = run(document, operation, context, variables)
    value: Json = {"data": data}
    if errors:
        value["errors"] = [format_error(error) for error in errors]
    return value, name


def run(
    document: DocumentNode, operation: OperationDefinitionNode, context: Context, variables: Json
) -> tuple[Json | None, Sequence[GraphQLError]]:
    """Return (data, errors) of an operation; questions about the schema itself are left to graphql-core."""
    roots = operation.selection_set.selections
    if any(isinstance(node, FieldNode) and node.name.value in ("__schema", "__type") for node in roots):
        result = execute_sync(
            schema(),
            document,
            variable_values=variables,
            operation_name=operation.name.value if operation.name else None,
        )
        return result.data, result.errors or []
    return execute(schema(), document, operation, context, variables)
