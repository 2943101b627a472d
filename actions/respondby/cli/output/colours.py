"""Colours in what people read: they repeat what the words say, and say nothing of their own.

click takes them out where the output is no terminal; `cli.main` switches them off where NO_COLOR is set.
"""

from __future__ import annotations

import re
from functools import partial

import click

_PAINTS = (
    (re.compile(r"(?<=: )error(?=:)|^error(?=:| )|✗(?= )"), "red"),
    (re.compile(r"(?<=: )warning(?=:)|^warning(?=:| )"), "yellow"),
    (re.compile(r"✓(?= )|^fine(?= )"), "green"),
)


def painted(line: str) -> str:
    """A line with its marks of what is wrong and what is well in colours."""
    for pattern, colour in _PAINTS:
        line = pattern.sub(partial(_bold, colour), line)
    return line


def _bold(colour: str, found: re.Match[str]) -> str:
    return click.style(found[0], fg=colour, bold=True)
