"""What a person said in a text of the forge, and what only looks like it: quotes, code, links and HTML.

GitHub's own reading of Markdown decides, so a text is parsed, never guessed at with patterns. What is not said keeps
its place but is covered with `COVER`, so that a position in a covered line is the position in the line as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from respondby.dataclass import dataclass

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

#: Stands for each character that is not said. It is neither a letter nor white space, and nobody types it.
COVER = "\ufffc"

#: Elements whose content is code, a link or a quotation: what stands in them is not said.
_UNSAID_ELEMENTS = "a|blockquote|code|kbd|pre|q|samp|script|style|tt"
_UNSAID_TAG = re.compile(rf"<(/?)({_UNSAID_ELEMENTS})(?=[\s/>])", re.IGNORECASE)
_BARE_URL = re.compile(r"(?:https?://|ftp://|www\.)\S+", re.IGNORECASE)
_VISIBLE = re.compile(r"\S")
#: The inline rules whose findings are not said, each with the character that it begins with.
_COVERED_RULES = {
    "escape": "\\",
    "backticks": "`",
    "link": "[",
    "image": "!",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
}


@dataclass(frozen=True, slots=True)
class PlainText:
    """A piece of a line that holds ordinary text.

    `line` counts from 0. `covered` is `text` with all that is not said covered; both are equally long. `starts` says
    that the piece begins where its line does, but for the indentation and the marks of a list.
    """

    line: int
    text: str
    covered: str
    starts: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it was said: its lines (without their ends), the pieces of ordinary text, in order.

    `quoted` are the lines of block quotes, which are words of other people, and of HTML comments. `code` maps each
    line of a code block to the line after that block.
    """

    lines: tuple[str, ...]
    pieces: tuple[PlainText, ...]
    quoted: frozenset[int]
    code: Mapping[int, int]


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text as Markdown counts them: LF, CRLF and CR end a line, nothing else does."""
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def read(text: str, wanted: re.Pattern[str]) -> Reading:
    """Read a text. Only pieces in whose block `wanted` occurs are looked at closely and returned."""
    env: dict[str, Any] = {}
    parser = _parser()
    pieces: list[PlainText] = []
    quoted: set[int] = set()
    code: dict[int, int] = {}
    quotes = 0
    elements = 0
    above = ""
    for token in parser.parse(text, env):
        first, after = token.map or (0, 0)
        if token.type == "blockquote_open":
            quotes += 1
            quoted.update(range(first, after))
        elif token.type == "blockquote_close":
            quotes -= 1
        elif token.type in ("fence", "code_block"):
            code.update(dict.fromkeys(range(first, after), after))
        elif token.type == "html_block":
            elements = max(0, elements + _opened(token.content))
            if _is_comment(token.content.strip()):
                quoted.update(range(first, after))
        elif token.type == "inline" and not quotes and not elements and wanted.search(token.content):
            # A heading with number signs and a table's cell do not start their line.
            pieces.extend(_pieces(parser, env, token, first, starts=above in ("paragraph_open", "underlined")))
        above = "underlined" if token.type == "heading_open" and token.markup in ("=", "-") else token.type
    return Reading(lines_of(text), tuple(pieces), frozenset(quoted), code)


def _pieces(parser: MarkdownIt, env: dict[str, Any], token: Token, first: int, *, starts: bool) -> Iterator[PlainText]:
    plain = token.content.split("\n")
    covered = _cover(parser, env, token.content).split("\n")
    for number, (text, cover) in enumerate(zip(plain, covered, strict=True)):
        yield PlainText(first + number, text, cover, starts)


def _cover(parser: MarkdownIt, env: dict[str, Any], content: str) -> str:
    """The content with code, links, HTML, escapes and addresses covered. Line ends and spaces stay."""
    from markdown_it.rules_inline import StateInline

    spans: list[tuple[int, int]] = []
    env["spans"] = spans
    parser.inline.tokenize(StateInline(content, parser, env, []))
    spans.extend(_element_contents(content, sorted(spans)))
    if "://" in content or "www." in content.lower():
        spans.extend(found.span() for found in _BARE_URL.finditer(content))
    pieces: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if end <= done:
            continue
        pieces += [content[done:start], _VISIBLE.sub(COVER, content[max(start, done) : end])]
        done = end
    return "".join([*pieces, content[done:]])


def _element_contents(content: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What stands between tags such as `<code>` and `</code>`; an element that is never closed lasts to the end."""
    depth, start = 0, 0
    for begin, end in spans:
        tag = _UNSAID_TAG.match(content, begin, end)
        if tag is None:
            continue
        if not tag[1]:
            start = start if depth else begin
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield start, end
    if depth:
        yield start, len(content)


def _is_comment(html: str) -> bool:
    """Whether this is one HTML comment and nothing else; one that is never closed lasts to the end."""
    return html.startswith("<!--") and html.find("-->") in (-1, len(html) - 3)


def _opened(html: str) -> int:
    """How many more unsaid elements this HTML opens than it closes."""
    return sum(-1 if tag[1] else 1 for tag in _UNSAID_TAG.finditer(html))


@cache
def _parser() -> MarkdownIt:
    """A parser that stops after the blocks, and whose inline rules note what they covered in `env["spans"]`."""
    from markdown_it import MarkdownIt

    # Neither emphasis nor the kind of a line's end decides what is said.
    parser = MarkdownIt("commonmark").enable("table").disable(["emphasis", "newline"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    for rule in parser.inline.ruler.__rules__:
        if rule.name in _COVERED_RULES:
            parser.inline.ruler.at(rule.name, _noting(rule.fn, _COVERED_RULES[rule.name]))
    return parser


def _noting(rule: Callable[[StateInline, bool], bool], begins: str) -> Callable[[StateInline, bool], bool]:
    def noting(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if state.src[start] != begins:
            return False
        spans: list[tuple[int, int]] = state.env["spans"]
        before = len(spans)
        if not rule(state, silent):
            return False
        if not silent:
            # An image parses its text on its own, from 0: what that noted are other positions.
            if begins == "!":
                del spans[before:]
            spans.append((start, state.pos))
        return True

    return noting
