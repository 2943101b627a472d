"""Mutants: every place of a file at which a function can be changed in a small way, and the code of one such change.

A statement has a key, the file with its line and column. A mutant knows the one in which its place stands: who never
runs that statement never meets the mutant.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "actions/respondby"

#: What a function calls, by this name among its module's own, with the key of a statement that it runs.
PROBE = "__reached__"

_COMPARED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COUNTED: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A place in a function of a file: the function's name within its module, the line, before and after."""

    file: Path
    number: int
    """Which of the file's, from 0."""
    function: str
    line: int
    statement: str
    """The key of the statement in which the place stands."""
    before: str
    after: str

    @property
    def room(self) -> str:
        """The room of its file."""
        return self.file.relative_to(PACKAGE).parts[0]

    @property
    def name(self) -> str:
        """The same wherever its function stands in the room."""
        return f"{self.room} {self.function}: {self.before}  →  {self.after}"

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} {self.function}: {self.before}  →  {self.after}"


@dataclass(frozen=True, slots=True)
class _Place:
    """What can be changed in a tree, and how."""

    function: ast.FunctionDef
    name: str
    statement: ast.stmt
    around: ast.AST
    """What stands around the node."""
    node: Any
    fields: Mapping[str, object]

    def change(self) -> None:
        """Change the tree."""
        for name, value in self.fields.items():
            setattr(self.node, name, value)

    def told(self) -> tuple[str, str]:
        """Before and after; the tree stays. A number or a truth value says little without what stands around it."""
        shown = self.around if isinstance(self.node, ast.Constant) else self.node
        before, was = ast.unparse(shown), {name: getattr(self.node, name) for name in self.fields}
        self.change()
        after = ast.unparse(shown)
        for name, value in was.items():
            setattr(self.node, name, value)
        return one_line(before), one_line(after)


def mutants(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    for number, place in enumerate(_places(_tree(file))):
        yield Mutant(file, number, place.name, place.node.lineno, key(file, place.statement), *place.told())


def put_in_place(mutant: Mutant) -> bool:
    """Replace the function's code in this process; False where it cannot be reached."""
    tree = _tree(mutant.file)
    place = next(place for number, place in enumerate(_places(tree)) if number == mutant.number)
    place.change()
    return _replaced(mutant.file, {place.name: place.function}, tree) == [place.name]


def put_probes(some: Iterable[Mutant], reached: Callable[[str], None]) -> list[str]:
    """Have this process call `reached`, with its key, whenever it comes to a statement in which a mutant stands.

    Gives the functions in which that cannot be had.
    """
    by_file: dict[Path, list[Mutant]] = {}
    for mutant in some:
        by_file.setdefault(mutant.file, []).append(mutant)
    without = []
    for file, there in by_file.items():
        tree = _tree(file)
        found = dict(functions(tree.body))
        changed = {mutant.function: found[mutant.function] for mutant in there}
        for function in changed.values():
            _probe(function, file, {mutant.statement for mutant in there})
        setattr(_module(file), PROBE, reached)
        without += sorted(changed.keys() - set(_replaced(file, changed, tree)))
    return without


def key(file: Path, statement: ast.stmt) -> str:
    """A statement's key."""
    return f"{file}:{statement.lineno}:{statement.col_offset}"


def functions(body: Sequence[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods with their qualified names; what is defined in a function is a part of it."""
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield within + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node.body, f"{within}{node.name}.")


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _module(file: Path) -> Any:
    name = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    return importlib.import_module(name)


def _places(tree: ast.Module) -> Iterator[_Place]:
    for name, function in functions(tree.body):
        for statement in function.body:
            for within, around, node in _below(statement, statement, function):
                for fields in _changes(node):
                    yield _Place(function, name, within, around, node, fields)


def _below(node: ast.AST, statement: ast.stmt, around: ast.AST) -> Iterator[tuple[ast.stmt, ast.AST, Any]]:
    """What stands below a node, each with its statement and what stands around it, but for words, types and what is
    written to a log.
    """
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("LOG.")):
        return
    if isinstance(node, ast.stmt):
        statement = node
    if hasattr(node, "lineno"):
        yield statement, around, node
        if not isinstance(node, ast.UnaryOp):  # -1 says no more than 1
            around = node
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.AST):
                    yield from _below(one, statement, around)


def _changes(node: ast.AST) -> Iterator[Mapping[str, object]]:
    """What can be done to a node of that kind: its fields that change, each with its other value."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARED:
            yield {"ops": [_COMPARED[type(operator)]()]}
        case ast.BoolOp(op=ast.And()):
            yield {"op": ast.Or()}
        case ast.BoolOp():
            yield {"op": ast.And()}
        case ast.BinOp(op=ast.operator() as counting) if type(counting) in _COUNTED:
            yield {"op": _COUNTED[type(counting)]()}
        case ast.UnaryOp(op=ast.Not()):
            yield {"op": ast.UAdd(), "operand": _truth(node.operand)}
        case ast.Constant(value=bool() as value):
            yield {"value": not value}
        case ast.Constant(value=int() as value):
            yield {"value": value + 1}
        case ast.If() | ast.IfExp():
            yield {"test": ast.UnaryOp(ast.Not(), node.test)}
        case ast.Return(value=returned) if returned is not None and not isinstance(returned, ast.Constant):
            yield {"value": ast.Constant(None)}
        case _:
            return


def _truth(node: ast.expr) -> ast.expr:
    """Whether a value counts as true."""
    return ast.Call(ast.Name("bool", ast.Load()), [node], [])


def _probe(node: ast.AST, file: Path, keys: Container[str]) -> None:
    """Put a call of the probe before each statement below a node that has one of these keys."""
    for name, value in list(ast.iter_fields(node)):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            probed: list[ast.stmt] = []
            for statement in value:
                if key(file, statement) in keys:
                    call = ast.Call(ast.Name(PROBE, ast.Load()), [ast.Constant(key(file, statement))], [])
                    probed.append(ast.copy_location(ast.Expr(call), statement))
                probed.append(statement)
            setattr(node, name, probed)
    for child in ast.iter_child_nodes(node):
        _probe(child, file, keys)


def _replaced(file: Path, changed: Mapping[str, ast.FunctionDef], tree: ast.Module) -> list[str]:
    """Give functions of a file, in this process, the code that they have in a tree; those that could be given it."""
    compiled = {
        (one.co_qualname, one.co_firstlineno): one
        for one in _codes(compile(ast.fix_missing_locations(tree), file, "exec"))
    }
    done = []
    for name, node in changed.items():
        begin = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        code = compiled.get((name, begin))
        function = _function(file, name, begin)
        if code is not None and function is not None and len(function.__code__.co_freevars) == len(code.co_freevars):
            function.__code__ = code
            done.append(name)
    return done


def _function(file: Path, name: str, line: int) -> FunctionType | None:
    """The function that stands at that line, whatever is wrapped around it."""
    found: Any = _module(file)
    for part in name.split("."):
        found = inspect.getattr_static(found, part, None)
    wrapped = [found, *(getattr(found, wrapper, None) for wrapper in ("fget", "fset", "__func__", "func"))]
    for one in (inspect.unwrap(one) for one in wrapped if callable(one)):
        if isinstance(one, FunctionType) and one.__code__.co_firstlineno == line:
            return one
    return None


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and all within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def one_line(text: str) -> str:
    """The first line of a source text, and that there are more."""
    first, *more = text.splitlines()
    return first[:100] + (" …" if more or len(first) > 100 else "")
