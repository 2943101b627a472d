"""What is wrong with a file, and where: one shape for every loader and every check.

A problem names its place (1-based line and column), the value that stands there, what is wrong with it and what to
write instead. Problems are listed worst first and never more than a person can read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

from respondby.dataclass import dataclass

Severity = Literal["error", "warning"]

#: How many problems a person reads before they start to mend.
READABLE = 20

_VALUE_WIDTH = 60

#: A slip adds or leaves out so many letters; comparing is slow, so a policy of thousands of names is compared in part.
_SLIP = 4
#: How much of two names has to be the same; more where they begin with different letters.
_LIKE, _ALIKE = 0.6, 0.75
_MOST_COMPARED = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: `rule` is the stable id of what found it, `value` what stands there, `hint` the way out.

    `detail` is more of it in lines of their own, no wider than a terminal: a diff.
    """

    path: str
    line: int
    column: int
    message: str
    value: str = ""
    hint: str = ""
    severity: Severity = "error"
    rule: str = ""
    detail: str = ""

    def __str__(self) -> str:
        """One line: where it is, what is wrong, what to write instead."""
        return " ".join((f"{self.path}:{self.line}:{self.column}: {self.message}", *self.hint.split()))

    def text(self) -> str:
        """`path:line:column: error: what is wrong [rule]`, with the hint and the detail on lines of their own."""
        head = f"{self.path}:{self.line}:{self.column}: {self.severity}: {self.message}"
        if self.rule:
            head += f" [{self.rule}]"
        return "\n".join([head, *(f"    {line}" for line in (*self.hint.splitlines(), *self.detail.splitlines()))])


class PolicyError(ValueError):
    """A file that cannot serve as a policy; `problems` says why, worst first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = worst_first(problems)
        shown, left_off = readable(self.problems)
        lines = [problem.text() for problem in shown]
        if left_off:
            lines.append(f"… and {left_off} more")
        super().__init__("\n".join(lines))


def worst_first(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Errors before warnings, then in the order of the files; what is said twice of one place is said once."""
    return tuple(
        sorted(
            dict.fromkeys(problems),
            key=lambda problem: (problem.severity != "error", problem.path, problem.line, problem.column, problem.rule),
        )
    )


def readable(problems: Sequence[Problem], most: int = READABLE) -> tuple[Sequence[Problem], int]:
    """The first `most` of them, and how many are left off."""
    return problems[:most], max(0, len(problems) - most)


def shorten(value: object) -> str:
    """A value as a message can show it: one line, at most 60 characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= _VALUE_WIDTH else text[: _VALUE_WIDTH - 1] + "…"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was probably meant to be; None where nothing is like it."""
    import difflib  # only ever needed for an error

    alike = (candidate for candidate in known if abs(len(candidate) - len(name)) <= _SLIP)
    names = {candidate.casefold(): candidate for candidate in islice(alike, _MOST_COMPARED)}
    meant = name.casefold()
    close = difflib.get_close_matches(meant, names, n=1, cutoff=_LIKE)
    if not close or (close[0][:1] != meant[:1] and difflib.SequenceMatcher(None, meant, close[0]).ratio() < _ALIKE):
        return None
    return names[close[0]]


def suggestion(name: str, known: Iterable[str], *, what: str) -> str:
    """What to write instead of an unknown name: the nearest one, or the list of what there is."""
    names = list(dict.fromkeys(known))
    close = nearest(name, names)
    if close is not None:
        return f"Did you mean `{close}`?"
    if not names:
        return f"This policy has no {what}."
    listed = ", ".join(f"`{candidate}`" for candidate in names[:8])
    return f"Known {what}: {listed}{', …' if len(names) > 8 else ''}."
