"""A link to a file of the repository that is not there, or to a heading that the document lacks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import Context, Example, Finding, Rule

_LINK = re.compile(r"!?\[[^\]\n]*\]\(\s*<?(?P<to>[^)\s>]+)>?(?:\s+[\"'][^)]*)?\)")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_DROPPED = re.compile(r"[^\w\- ]")


def _look(document: Document, context: Context) -> Iterator[Finding]:
    for block in document.outline.blocks:
        if block.kind not in ("text", "cell", "heading") or "](" not in block.content:
            continue
        for line, text in block.lines():
            covered = _CODE.sub(lambda found: " " * len(found[0]), text) if "`" in text else text
            for found in _LINK.finditer(covered):
                message = _wrong(document, context, found["to"])
                if message:
                    column = document.column(line, text, found.start("to"))
                    yield Finding(
                        line + 1, column, message, found["to"], "Correct the path; it counts from this file's folder."
                    )


def _wrong(document: Document, context: Context, target: str) -> str:
    if _ELSEWHERE.match(target):
        return ""
    path, _, anchor = target.partition("#")
    if not path:
        return (
            "" if not anchor or unquote(anchor).casefold() in _anchors(document) else f"No heading here is `#{anchor}`."
        )
    if context.exists is None:
        return ""
    path = unquote(path.partition("?")[0])
    folder = posixpath.dirname(document.path)
    # A path that begins with `/` counts from the repository's root, as GitHub reads it.
    whole = posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(folder, path))
    if whole.startswith(".."):
        return f"`{target}` leaves the repository."
    return "" if context.exists(whole) else f"There is no file `{whole}` in this repository."


def _anchors(document: Document) -> set[str]:
    """The anchors that GitHub makes of headings."""
    found: dict[str, int] = {}
    anchors = set()
    for section in document.outline.sections:
        if 0 < section.level <= 6:
            name = _DROPPED.sub("", _LINK.sub("", section.title).strip().casefold()).replace(" ", "-")
            count = found.get(name, 0)
            found[name] = count + 1
            anchors.add(f"{name}-{count}" if count else name)
    return anchors


_TOP = "---\nincident: https://github.com/acme/shop/issues/41\nstatus: draft\n---\n# Orders fail\n\n"

RULE = Rule(
    name="broken-link",
    says="A link within the repository to a file that is not there, or within the document to a heading that is not.",
    why="What a post-mortem points to is read years later.",
    look=_look,
    flagged=(
        Example(_TOP + "See [the runbook](../runbook.md).\n", files=("docs/other.md",)),
        Example(_TOP + "See [the timeline](#timeline).\n"),
        Example(_TOP + "See [the key](../../../secret.md).\n", files=("docs/other.md",)),
    ),
    left_alone=(
        Example(
            _TOP + "See [the runbook](../runbook.md#start) and [the site](https://example.com/x).\n",
            files=("docs/runbook.md",),
        ),
        Example(_TOP + "## Time line\n\nSee [there](#time-line), and `[x](y.md)`.\n", files=("docs/runbook.md",)),
        Example(_TOP + "See [the runbook](/docs/runbook.md).\n", files=("docs/runbook.md",)),
    ),
)
