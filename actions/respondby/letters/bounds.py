"""The sandbox that templates are rendered in. A repository may bring templates of its own, so whatever one says:

- it sees the values that it is given, and no attribute, method or function of them;
- its loops go round, and its macros are called, `MOST_STEPS` times in all, and no text that it makes is longer than
  `MOST_TEXT`: more ends the letter with an error;
- it reads no other templates than those of its own language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateRuntimeError, Undefined, nodes
from jinja2.environment import TemplateModule
from jinja2.filters import FILTERS
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.utils import pass_context
from jinja2.visitor import NodeTransformer

#: A card with all that it can show takes a few hundred.
MOST_STEPS = 5_000
#: Many times what a comment holds; what is longer than that is cut later, and says so.
MOST_TEXT = 4_000_000

_FILTERS = ("default", "first", "last", "length")
_FILTERS_OF_TEXTS = ("capitalize", "lower", "title", "trim", "upper")
_TESTS = ("defined", "divisibleby", "eq", "even", "false", "ge", "gt", "in", "le", "lt", "ne", "none", "odd", "true")

#: The template of that name with the path that errors name, or None where there is none.
Source = Callable[[str], tuple[str, str | None] | None]


#: Codes of our own letters, by their text and name.
_OURS: dict[tuple[str, str | None], Any] = {}


def known() -> tuple[tuple[str, str | None], ...]:
    """The text and the name of each letter of ours whose code this process has."""
    return tuple(_OURS)


def learn(source: str, name: str | None) -> None:
    """Make the code of a letter of ours that another process names."""
    Bounded(lambda _: None).compile(source, name)


class Unbounded(TemplateRuntimeError):
    """A template did more than any letter needs."""


class Bounded(ImmutableSandboxedEnvironment):
    """The templates of one language."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, source: Source) -> None:
        # The letters are Markdown and plain text; what comes from people is harmless before it gets here.
        super().__init__(
            loader=FunctionLoader(lambda name: _loaded(source(name))),
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            finalize=_shown,
            auto_reload=False,
        )
        self.globals = {}
        self.filters = {name: FILTERS[name] for name in _FILTERS}
        self.filters |= {name: _of_text(FILTERS[name]) for name in _FILTERS_OF_TEXTS}
        self.filters |= {"join": self._join, "_each": self._each, "_glued": self._glued}
        self.tests = {name: TESTS[name] for name in _TESTS}
        self.steps = 0

    def letter(self, name: str, context: dict[str, Any]) -> str:
        """The template of that name, rendered. Raises a TemplateError, or what Python raises for a senseless one."""
        self.steps = 0
        return self.get_template(name).render(context)

    def compile(self, source: Any, name: str | None = None, filename: str | None = None, *more: Any, **raw: Any) -> Any:
        """The code of a template. That of our own letters, which come from no file of a repository, is made once in a
        process: it depends on nothing but their text.
        """
        if filename is not None or not isinstance(source, str) or more or raw:
            return super().compile(source, name, filename, *more, **raw)
        if (source, name) not in _OURS:
            _OURS[source, name] = super().compile(source, name, filename)
        return _OURS[source, name]

    # -- what templates reach -----------------------------------------------------------------------------------------

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Values have items; only a loop and an imported template have attributes."""
        return isinstance(obj, LoopContext | TemplateModule) and super().is_safe_attribute(obj, attr, value)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`field.title` is the item of that name, whatever a mapping's own attributes are called."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """A macro is called."""
        self._step(1)
        return super().call(context, obj, *args, **kwargs)

    # -- how far they may go ------------------------------------------------------------------------------------------

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        """The template's code; its loops and its joining of texts go through our hands."""
        for loop in list(source.find_all(nodes.For)):
            loop.iter = _filtered(loop.iter, "_each")
        _Gluing().visit(source)
        source.set_environment(self)
        return super()._generate(source, *args, **kwargs)

    def concat(self, pieces: Iterable[str]) -> str:
        """All that a template or a macro has said."""
        return self._joined("", pieces)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Sums, products and remainders of small numbers, and texts put together."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self._joined("", (left, right))
        if operator == "**" or isinstance(left, str):
            raise Unbounded(f"`{operator}` is not for letters")
        result = super().call_binop(context, operator, *(_number(side) for side in (left, right)))
        return _number(result)

    def _step(self, number: int) -> None:
        self.steps += number
        if self.steps > MOST_STEPS:
            raise Unbounded(f"this letter goes round more than {MOST_STEPS} times")

    def _joined(self, between: str, pieces: Iterable[Any]) -> str:
        size, found = 0, []
        for piece in pieces:
            text = str(_shown(piece))
            size += len(text) + len(between)
            if size > MOST_TEXT:
                raise Unbounded(f"this letter has more than {MOST_TEXT} characters")
            found.append(text)
        return between.join(found)

    def _join(self, pieces: Iterable[Any], between: str = "") -> str:
        return self._joined(str(_shown(between)), pieces)

    def _glued(self, pieces: Sequence[Any]) -> str:
        return self._joined("", pieces)

    @property
    def _each(self) -> Callable[[Context, Iterable[Any]], list[Any]]:
        @pass_context  # so that nothing is gone through while the template is compiled
        def each(_: Context, items: Iterable[Any]) -> list[Any]:
            found = list(items)
            self._step(len(found))
            return found

        return each


def _loaded(found: tuple[str, str | None] | None) -> tuple[str, str | None, None] | None:
    return None if found is None else (*found, None)


def _shown(value: Any) -> Any:
    """Only texts and numbers can be said; an `if` without an `else` may say nothing."""
    if isinstance(value, Undefined):
        return str(value)
    if isinstance(value, str | int):
        return value
    raise Unbounded(f"a {type(value).__name__} is not text that a letter can hold")


def _of_text(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, for texts and numbers only."""

    def of_text(value: Any, *args: Any) -> Any:
        return filter_(_shown(value), *args)

    return of_text


def _number(value: Any) -> int:
    if not isinstance(value, int) or abs(value) > 1_000_000_000:
        raise Unbounded("letters calculate with small whole numbers only")
    return value


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


class _Gluing(NodeTransformer):
    """`a ~ b` becomes a list that is joined with an eye on its length."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 - jinja2 calls it so
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "_glued")
