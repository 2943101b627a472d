"""The text of a post-mortem before anything in it is read: its lines, its line ends, and what no Markdown is.

A file is refused where reading it would say nothing: too large, no text. It is never cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from respondby.policy.text.problems import Problem

#: The longest of 220 public post-mortems has 60 kB; what is larger is a log or an export.
LARGEST = 512 * 1024

BOM = "\ufeff"

_HTML = re.compile(r"\s*(?:<!doctype html|<html[\s>])", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Source:
    """A document's text with its path below the repository's root. `text` is as the file holds it."""

    path: str
    text: str

    @cached_property
    def bom(self) -> bool:
        """Whether the file begins with a byte order mark."""
        return self.text.startswith(BOM)

    @cached_property
    def plain(self) -> str:
        """The text without its mark, each line ended by a single line feed: what Markdown sees."""
        text = self.text.lstrip(BOM)
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends."""
        return tuple(self.plain.split("\n"))

    @cached_property
    def newline(self) -> str:
        """The line end that most lines have."""
        return "\r\n" if self.text.count("\r\n") * 2 > self.text.count("\n") else "\n"

    @property
    def html(self) -> bool:
        """Whether this is a page of HTML and no Markdown."""
        return _HTML.match(self.text.lstrip(BOM)) is not None

    def refusal(self) -> Problem | None:
        """Why this text is not read; None for one that is."""
        size = len(self.text) if len(self.text) > LARGEST else len(self.text.encode(errors="surrogatepass"))
        if size > LARGEST:
            message = f"This file is larger than {LARGEST // 1024} kB and was not read."
            hint = "Link logs and exports instead of pasting them."
            return Problem(self.path, 1, 1, message, hint=hint, rule="unreadable")
        found = _CONTROL.search(self.text)
        if found is None:
            return None
        before = self.text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - (before.rfind("\n") + 1) + 1
        message = "This is not text: a control character stands here."
        sign = f"U+{ord(found[0]):04X}"
        return Problem(self.path, line, column, message, sign, "Save the file as UTF-8 text.", rule="unreadable")
