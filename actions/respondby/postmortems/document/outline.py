"""What a document is made of: headings, texts, table cells, code, in order, each in its section.

A section begins with a heading, or with a bold label (`- **Impact**: …`, `**Resolution:**`) where that names a part of
a post-mortem: a fifth of all sections in public ones do. Its role is what it is about, whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Kind = Literal["heading", "text", "cell", "code", "html"]

#: What a section is about, and the names that it has in the field (casefolded, without marks).
ROLES: dict[str, tuple[str, ...]] = {
    role: tuple(name.strip() for name in names.split("|"))
    for role, names in {
        "summary": "summary|issue summary|incident summary|background|what happened|overview|abstract",
        "impact": "impact|impacts|affected customers|severity|user impact|customer impact",
        "timeline": "timeline|timelines|timeline of events|incident timeline|event timeline|timeline summary|key events"
        "|context|leadup|lead up|follow up timeline|chronology|events",
        "cause": "root cause|root causes|root cause analysis|analysis of causes|cause|causes|blameless root cause"
        "|five whys|five why s|5 whys|trigger|identified cause|analysis",
        "contributing": "contributing factors|contributing causes|contributing factor",
        "resolution": "resolution|resolution and recovery|recovery|response|remediation|mitigation|how it was fixed",
        "detection": "detection|identified|how we detected it|why was this hard to detect",
        "lessons": "lessons learned|lessons learnt|takeaways|key takeaways|lessons",
        "well": "what went well|things that went well|what went well and where did we get lucky",
        "improve": "what could be improved|what went wrong|what went poorly|things that went poorly"
        "|what didn t go so well|what didn t go well|things that went wrong|what went badly",
        "lucky": "where we got lucky|where did we get lucky",
        "actions": "action items|actions|review actions|follow ups|follow up tasks|follow up actions|action points"
        "|corrective and preventative measures|corrective and preventative measure|corrective actions|next steps"
        "|remediation items|todo",
        "stats": "stats|statistics|metrics|time to repair|time to resolve|durations|duration",
    }.items()
}
_ROLE_OF = {name: role for role, names in ROLES.items() for name in names}
_NOISE = re.compile(r":[a-z0-9_]+:|\([^)]*\)|[^\w\s]|[^\x00-\x7f]|\b\d+\b", re.IGNORECASE)
_LABEL = re.compile(r"(?:\*\*|__)(?P<a>[^*_\n]{2,60}?)(?::\s*(?:\*\*|__)|(?:\*\*|__)\s*(?::|-\s|$))")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document: its title as written, its role (empty where it has none of ours), its line from 0.

    `level` is 1 to 6 for headings, above that for labels; `parent` the section around it.
    """

    title: str
    role: str
    level: int
    line: int
    parent: Section | None = None

    def within(self, *roles: str) -> bool:
        """Whether this section, or one around it, has one of the roles."""
        section: Section | None = self
        while section is not None:
            if section.role in roles:
                return True
            section = section.parent
        return False


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the document: `content` are its lines as Markdown sees them, the first in `line` (from 0).

    `depth` is how many lists it stands in; `item` says that it is the first text of a list's item; `marker` is `-`,
    `1.` or empty; `row` and `column` place a cell (the head is row 0), `table` tells tables apart; `quoted` are the
    words of somebody else, or nobody's: block quotes and HTML comments.
    """

    kind: Kind
    content: str
    line: int
    section: Section
    level: int = 0
    depth: int = 0
    item: bool = False
    marker: str = ""
    table: int = -1
    row: int = -1
    column: int = -1
    quoted: bool = False

    def lines(self) -> Iterator[tuple[int, str]]:
        """Each line with its number (from 0)."""
        for number, text in enumerate(self.content.split("\n")):
            yield self.line + number, text


@dataclass
class Outline:
    """The document's sections and blocks, in order. The first section is what stands before any heading."""

    sections: list[Section] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def role_of(title: str) -> str:
    """What a section of that title is about; empty where that is none of the roles."""
    name = " ".join(_NOISE.sub(" ", title.replace("&", " and ").replace("/", " ")).casefold().split())
    role = _ROLE_OF.get(name)
    if role is not None:
        return role
    # "Incident timeline all times UTC", "Timeline for the second outage": the head of a title says what it is.
    for prefix in ("timeline", "incident timeline", "action items", "root cause", "lessons learn", "impact"):
        if name.startswith(prefix) and len(name) <= 60:
            return _ROLE_OF.get(prefix, "lessons")
    return ""


def outline_of(lines: tuple[str, ...], body: int) -> Outline:
    """The outline of a document whose text begins in line `body` (from 0)."""
    text = "\n".join(lines[body:])
    reading = _Reading(lines, body)
    for token in _parser().parse(text):
        reading.take(token)
    return reading.outline


class _Reading:
    """Tokens into blocks, with what is open kept beside."""

    def __init__(self, lines: tuple[str, ...], body: int) -> None:
        self.lines, self.body = lines, body
        top = Section("", "", 0, body)
        self.outline = Outline([top])
        self.section = top
        self.heading = 0
        self.quotes = 0
        self.lists: list[str] = []
        self.fresh = False
        self.table = self.row = self.column = -1
        self.in_cell = False

    def take(self, token: Token) -> None:
        kind = token.type
        match kind:
            case "heading_open":
                self.heading = int(token.tag[1])
            case "heading_close":
                self.heading = 0
            case "blockquote_open":
                self.quotes += 1
            case "blockquote_close":
                self.quotes -= 1
            case "bullet_list_open":
                self.lists.append("-")
            case "ordered_list_open":
                self.lists.append("1.")
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.fresh = True
            case "table_open":
                self.table, self.row = self.table + 1, -1
            case "tr_open":
                self.row, self.column = self.row + 1, -1
            case "th_open" | "td_open":
                self.column, self.in_cell = self.column + 1, True
            case "th_close" | "td_close":
                self.in_cell = False
            case "inline":
                self._inline(token)
            case "fence" | "code_block":
                self._add("code", token.content, token, quoted=True)
            case "html_block":
                comment = token.content.lstrip().startswith("<!--")
                self._add("html", token.content, token, quoted=comment)

    def _inline(self, token: Token) -> None:
        if self.heading:
            if not self.quotes:
                self._open(token.content, self.heading, self._line(token))
            self._add("heading", token.content, token, level=self.heading, quoted=bool(self.quotes))
            return
        if self.in_cell:
            self._add("cell", token.content, token, quoted=bool(self.quotes))
            return
        label = None if self.quotes else _LABEL.match(token.content)
        role = role_of(label["a"]) if label else ""
        if label and role:
            self._open(label["a"], 7 + len(self.lists), self._line(token), role)
        self._add("text", token.content, token, quoted=bool(self.quotes))

    def _open(self, title: str, level: int, line: int, role: str | None = None) -> None:
        parent: Section | None = self.section
        while parent is not None and parent.level >= level:
            parent = parent.parent
        self.section = Section(title, role_of(title) if role is None else role, level, line, parent)
        self.outline.sections.append(self.section)

    def _add(self, kind: Kind, content: str, token: Token, *, level: int = 0, quoted: bool = False) -> None:
        cell = kind == "cell"
        self.outline.blocks.append(
            Block(
                kind,
                content,
                self._line(token),
                self.section,
                level,
                len(self.lists),
                self.fresh and kind == "text",
                self.lists[-1] if self.lists else "",
                self.table if cell else -1,
                self.row if cell else -1,
                self.column if cell else -1,
                quoted or bool(self.quotes),
            )
        )
        self.fresh = False

    def _line(self, token: Token) -> int:
        return self.body + (token.map[0] if token.map else 0)


@cache
def _parser() -> MarkdownIt:
    """A parser that stops after the blocks: what stands in a line is looked at where a rule asks."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser
