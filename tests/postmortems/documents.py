"""Documents for tests, and what is found in one."""

from __future__ import annotations

from collections.abc import Mapping

from respondby.policy.text.problems import Problem
from respondby.postmortems.checking import Checked, check
from respondby.postmortems.document.document import read_document
from respondby.postmortems.rule import EXAMPLE, Context, Example

TOP = "---\nincident: https://github.com/acme/shop/issues/41\nstatus: draft\n---\n# Orders fail\n\n"


def checked(
    text: str, path: str = EXAMPLE, beside: Mapping[str, str] | None = None, files: tuple[str, ...] = ()
) -> Checked:
    """What is found in one document, beside others and with those files in the repository."""
    texts = {path: text, **(beside or {})}
    context = Context(exists=(lambda name: name in files) if files else None)
    return check([read_document(one, name) for name, one in texts.items()], context)[0]


def of(example: Example) -> Checked:
    """What is found in a rule's example."""
    return checked(example.text, example.path, example.beside, example.files)


def found(text: str, rule: str, path: str = EXAMPLE) -> list[tuple[int, int, str]]:
    """Line, column and words of what a rule finds."""
    return [(one.line, one.column, one.message) for one in named(checked(text, path).problems, rule)]


def named(problems: tuple[Problem, ...], rule: str) -> list[Problem]:
    """The problems of one rule."""
    return [problem for problem in problems if problem.rule == rule]
