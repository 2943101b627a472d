"""Executing a query that graphql-core has parsed and validated.

The resolvers of this room are plain functions over dicts, and a sweep asks for tens of thousands of fields. So
each selection is compiled once per request into a list of steps, and the steps run over all the objects of that
selection: about four times as fast as graphql-core's own executor, which is built for any kind of resolver. What
comes out is the same (a test holds the two side by side): the spec's rules of merging, `@include` and `@skip`,
nulls that travel up to the next nullable field, and errors with their paths.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLIncludeDirective,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    get_variable_values,
    is_abstract_type,
)

from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.store.values import Json

Path = tuple[Any, ...] | None
"""Where in the answer a value stands: (the path of what it is in, its key or index)."""
Complete = Callable[[Any, Path], Any]
"""Turns what a resolver returned into what is sent."""


@dataclass(frozen=True, slots=True)
class Step:
    """One field of a selection: where its value goes, how it is got and how it is completed."""

    key: str
    name: str
    resolve: Callable[..., Any] | None
    info: Info
    args: Json
    complete: Complete
    nullable: bool
    nodes: list[FieldNode]


def execute(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    context: Context,
    variables: Json,
) -> tuple[Json | None, list[GraphQLError]]:
    """Return (data, errors) of a validated operation. Any exception but GraphError is a fault of ours and raised."""
    given = get_variable_values(schema, list(operation.variable_definitions or ()), variables)
    if isinstance(given, list):
        return None, given
    root = schema.get_root_type(operation.operation)
    assert root is not None
    execution = _Execution(schema, document, context, given)
    try:
        data = execution.objects([operation.selection_set], root.name)({}, None)
    except GraphQLError as error:
        return None, [*execution.errors, error]
    return data, execution.errors


def _located(error: Exception, nodes: Sequence[FieldNode], path: Path) -> GraphQLError:
    if isinstance(error, GraphQLError):
        return error
    keys: list[str | int] = []
    while path is not None:
        path, key = path
        keys.append(key)
    return GraphQLError(str(error), nodes, path=keys[::-1], original_error=error)


class _Execution:
    """One request while it is executed: what was compiled for it, and the errors so far."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, context: Context, variables: Any) -> None:
        self.schema = schema
        self.context = context
        self.variables = variables
        self.errors: list[GraphQLError] = []
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def objects(self, selections: list[SelectionSetNode], known: str | None) -> Complete:
        """Return what completes an object with these selections; its type is `known`, or told by the object itself."""
        compiled: dict[str, list[Step]] = {}

        def complete(source: Any, path: Path) -> Any:
            if source is None:
                return None
            name = known or source["__typename"]
            steps = compiled.get(name)
            if steps is None:
                steps = compiled[name] = self._compile(name, selections)
            answer = {}
            for step in steps:
                here = (path, step.key)
                try:
                    if step.resolve is None:
                        value = source.get(step.name)
                        if callable(value):
                            value = value(step.info)
                    else:
                        value = step.resolve(source, step.info, **step.args)
                    answer[step.key] = step.complete(value, here)
                except (GraphError, GraphQLError) as error:
                    located = _located(error, step.nodes, here)
                    if not step.nullable:
                        raise located from None
                    self.errors.append(located)
                    answer[step.key] = None
            return answer

        return complete

    def _compile(self, type_name: str, selections: list[SelectionSetNode]) -> list[Step]:
        kind = cast(GraphQLObjectType, self.schema.type_map[type_name])
        found: dict[str, list[FieldNode]] = {}
        for selection in selections:
            self._collect(kind, selection, found)
        steps = []
        for key, nodes in found.items():
            name = nodes[0].name.value
            if name == "__typename":
                steps.append(
                    Step(key, name, _constant(type_name), Info(self.context, name), {}, _as_it_is, False, nodes)
                )
                continue
            field = kind.fields[name]
            inner = [node.selection_set for node in nodes if node.selection_set is not None]
            steps.append(
                Step(
                    key=key,
                    name=name,
                    resolve=field.resolve,
                    info=Info(self.context, name),
                    args=get_argument_values(field, nodes[0], self.variables) if field.args else {},
                    complete=self._completer(field.type, inner, nodes, f"{type_name}.{name}"),
                    nullable=not isinstance(field.type, GraphQLNonNull),
                    nodes=nodes,
                )
            )
        return steps

    def _collect(
        self, kind: GraphQLObjectType, selections: SelectionSetNode, found: dict[str, list[FieldNode]]
    ) -> None:
        for node in selections.selections:
            if node.directives:
                skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
                include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
                if (skip and skip["if"]) or (include and not include["if"]):
                    continue
            if isinstance(node, FieldNode):
                found.setdefault((node.alias or node.name).value, []).append(node)
                continue
            part: FragmentDefinitionNode | InlineFragmentNode
            part = (
                self.fragments[node.name.value]
                if isinstance(node, FragmentSpreadNode)
                else cast(InlineFragmentNode, node)
            )
            if part.type_condition is None or self._fits(kind, part.type_condition.name.value):
                self._collect(kind, part.selection_set, found)

    def _fits(self, kind: GraphQLObjectType, name: str) -> bool:
        wanted = self.schema.type_map[name]
        if wanted is kind:
            return True
        if not is_abstract_type(wanted):
            return False
        return self.schema.is_sub_type(wanted, kind)

    def _completer(
        self, kind: GraphQLOutputType, selections: list[SelectionSetNode], nodes: list[FieldNode], name: str
    ) -> Complete:
        if isinstance(kind, GraphQLNonNull):
            return _never_null(self._completer(kind.of_type, selections, nodes, name), nodes, name)
        if isinstance(kind, GraphQLList):
            nullable = not isinstance(kind.of_type, GraphQLNonNull)
            return self._lists(self._completer(kind.of_type, selections, nodes, name), nullable, nodes)
        if isinstance(kind, GraphQLScalarType | GraphQLEnumType):
            return _leaf(kind)
        return self.objects(selections, kind.name if isinstance(kind, GraphQLObjectType) else None)

    def _lists(self, complete_item: Complete, nullable: bool, nodes: list[FieldNode]) -> Complete:
        def complete(values: Any, path: Path) -> Any:
            if values is None:
                return None
            answers = []
            for index, value in enumerate(values):
                here = (path, index)
                try:
                    if isinstance(value, GraphError):
                        raise value
                    answers.append(complete_item(value, here))
                except (GraphError, GraphQLError) as error:
                    located = _located(error, nodes, here)
                    if not nullable:
                        raise located from None
                    self.errors.append(located)
                    answers.append(None)
            return answers

        return complete


def _constant(value: str) -> Callable[..., str]:
    def resolve(_source: object, _info: Info) -> str:
        return value

    return resolve


def _as_it_is(value: Any, _path: Path) -> Any:
    return value


def _leaf(kind: GraphQLScalarType | GraphQLEnumType) -> Complete:
    output = kind.coerce_output_value

    def complete(value: Any, _path: Path) -> Any:
        return None if value is None else output(value)

    return complete


def _never_null(complete: Complete, nodes: list[FieldNode], name: str) -> Complete:
    def never_null(value: Any, path: Path) -> Any:
        answer = complete(value, path)
        if answer is None:
            raise _located(TypeError(f"Cannot return null for non-nullable field {name}."), nodes, path)
        return answer

    return never_null
