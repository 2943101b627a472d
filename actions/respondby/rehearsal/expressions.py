"""GitHub's `${{ … }}` expressions, as far as this project's workflows use them.

Paths (`github.event.issue.number`), texts in single quotes, numbers, `true`, `false`, `null`, `!`, `==`, `!=`, `&&`,
`||`, brackets and `contains(text, text)`. A path that leads nowhere is null; null, false, 0 and '' are false; texts are
compared without regard to case. Whatever else stands in an expression is an error, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<sign>\|\||&&|==|!=|!|\(|\)|,)|(?P<path>[A-Za-z_][\w.-]*))"
)
_HOLE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}

Context = Mapping[str, Any]


class ExpressionError(ValueError):
    """An expression that the rehearsal cannot evaluate."""


def fill(text: str, context: Context) -> str:
    """The text with its expressions evaluated."""
    return _HOLE.sub(lambda hole: as_text(evaluate(hole[1], context)), text)


def holds(condition: str, context: Context) -> bool:
    """Whether a job's or step's `if` is true; the `${{ }}` around it may be missing."""
    whole = _HOLE.fullmatch(condition.strip())
    return truth(evaluate(whole[1] if whole else condition, context))


def truth(value: Any) -> bool:
    """What counts as true."""
    return value not in (None, False, 0, "")


def as_text(value: Any) -> str:
    """How a value stands in a text."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def evaluate(expression: str, context: Context) -> Any:
    """The value of an expression. ExpressionError for what is not understood."""
    reader = _Reader(expression, context)
    value = reader.either()
    if reader.rest:
        raise ExpressionError(f"`{reader.rest[0][1]}` is not understood in the expression `{expression.strip()}`")
    return value


class _Reader:
    """Recursive descent; each method reads one level of binding, weakest first."""

    def __init__(self, expression: str, context: Context) -> None:
        self.expression, self.context = expression.strip(), context
        self.rest: list[tuple[str, str]] = []
        place = 0
        while place < len(self.expression):
            found = _TOKEN.match(self.expression, place)
            if found is None:
                raise ExpressionError(
                    f"`{self.expression[place:]}` is not understood in the expression `{self.expression}`"
                )
            self.rest.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()

    def either(self) -> Any:
        value = self.both()
        while self._take("||"):
            other = self.both()
            value = value if truth(value) else other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self._take("&&"):
            other = self.compared()
            value = other if truth(value) else value
        return value

    def compared(self) -> Any:
        value = self.single()
        for sign in ("==", "!="):
            if self._take(sign):
                same = _alike(value, self.single())
                return same if sign == "==" else not same
        return value

    def single(self) -> Any:
        if self._take("!"):
            return not truth(self.single())
        if self._take("("):
            value = self.either()
            if not self._take(")"):
                raise ExpressionError(f"a `)` is missing in the expression `{self.expression}`")
            return value
        if not self.rest:
            raise ExpressionError(f"the expression `{self.expression}` ends too soon")
        kind, text = self.rest.pop(0)
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return int(text)
        if kind == "path" and text == "contains" and self._take("("):
            return self._contains()
        if kind == "path":
            return _WORDS[text] if text in _WORDS else self._look_up(text)
        raise ExpressionError(f"`{text}` is not understood in the expression `{self.expression}`")

    def _contains(self) -> bool:
        whole = self.either()
        if isinstance(whole, Mapping | list):
            raise ExpressionError(f"`contains` looks into texts only here: `{self.expression}`")
        if not self._take(","):
            raise ExpressionError(f"`contains` takes two values in the expression `{self.expression}`")
        part = as_text(self.either())
        if not self._take(")"):
            raise ExpressionError(f"a `)` is missing in the expression `{self.expression}`")
        return part.casefold() in as_text(whole).casefold()

    def _take(self, sign: str) -> bool:
        if self.rest and self.rest[0] == ("sign", sign):
            self.rest.pop(0)
            return True
        return False

    def _look_up(self, path: str) -> Any:
        first, *parts = path.split(".")
        if first not in self.context:
            raise ExpressionError(f"`{first}` is not known in the expression `{self.expression}`")
        value: Any = self.context[first]
        for part in parts:
            value = value.get(part) if isinstance(value, Mapping) else None
        return value


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return bool(one == other)
