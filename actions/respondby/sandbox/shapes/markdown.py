"""Markdown as GitHub renders it, near enough to judge a text by: GFM tables and strikethrough, task lists,
alerts, mentions, a few harmless HTML tags, and no HTML comments.

Everything else is escaped, whoever wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_TAG = re.compile(r"</?(details|summary|br|sub|sup|kbd|b|i|em|strong|code|hr|p|blockquote|ul|ol|li)\s*(open)?\s*/?>")
_HTML = re.compile(r"(?P<comment><!--.*?(?:-->|\Z))|(?P<tag></?[A-Za-z][^<>]*>)|(?P<rest>[^<]+|<)", re.DOTALL)
_MENTION = re.compile(r"(?<![\w/@.])@([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))")
_TASK = re.compile(r"<li>(\s*(?:<p>)?)\[([ xX])\] ")
_ALERT = re.compile(r"<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*(?:<br\s*/?>)?\s*")


def _html(text: str) -> str:
    """Return raw HTML with its comments left out, harmless tags kept and everything else escaped."""

    def one(found: re.Match[str]) -> str:
        if found["comment"]:
            return ""
        tag = found["tag"]
        if tag and _TAG.fullmatch(tag):
            return tag
        return escape(found[0])

    return _HTML.sub(one, text)


class _Renderer(RendererHTML):
    """markdown-it's own rendering, but for text and raw HTML."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render text, with mentions in bold."""
        return _MENTION.sub(r'<b class="mention">@\1</b>', escape(tokens[idx].content, quote=False))

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a block of raw HTML."""
        return _html(tokens[idx].content)

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render raw HTML within a paragraph."""
        return _html(tokens[idx].content)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"breaks": True}, renderer_cls=_Renderer).enable(["table", "strikethrough"])


def render(text: str) -> str:
    """Return markdown as HTML that is safe to show."""
    html: str = _parser().render(text)
    html = _TASK.sub(
        lambda found: (
            f'<li class="task">{found[1]}<input type="checkbox" disabled{" checked" if found[2] in "xX" else ""}> '
        ),
        html,
    )
    return _ALERT.sub(
        lambda found: f'<blockquote class="alert {found[1].lower()}"><p><strong>{found[1].capitalize()}</strong><br>',
        html,
    )
