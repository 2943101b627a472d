"""The one place where templates become text. Laws:

- Templates are sandboxed, and they see plain values only: texts that are harmless already (`letters.neutral`), numbers,
  yes and no, and lists of these. Nothing in a case is ever a template's source.
- A name that a template uses and nobody gives is an error, not an empty place.
- A letter fits into one comment, marker included; what is cut says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from respondby.letters.when import Speaking

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

#: What GitHub takes as one comment, in characters.
MOST = 65_536


def render(name: str, context: Mapping[str, Any], speaking: Speaking) -> str:
    """The letter of that file name in the language spoken, without white space around it."""
    return _environment().get_template(f"{speaking.language}/{name}").render(context).strip()


def with_marker(letter: str, marker: str, speaking: Speaking) -> str:
    """The letter, then its marker at the very end, cut between two lines where both do not fit."""
    return f"{bounded(letter, MOST - len(marker) - 2, speaking)}\n\n{marker}"


def bounded(letter: str, most: int, speaking: Speaking) -> str:
    """The letter, or as many of its lines as fit and a word that there was more."""
    if len(letter) <= most:
        return letter
    cut = f"\n\n{speaking.words['cut']}"
    kept = letter[: max(0, most - len(cut) + 1)]
    return f"{kept[: max(0, kept.rfind(chr(10)))].rstrip()}{cut}"


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Here and not above: jinja2 is needed only by runs that say something.
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # The letters are Markdown and plain text; what comes from people is harmless before it gets here.
    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(_source),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )


def _source(name: str) -> str:
    language, _, file = name.partition("/")
    return (files("respondby.letters") / language / file).read_text(encoding="utf-8")
