"""What a letter may never do, judged on what GitHub would make of it: tables, line breaks, HTML and links."""

import re
from functools import lru_cache

from markdown_it import MarkdownIt

from respondby.desk import markers
from respondby.desk.ledger import Ledger

MARKER = markers.write("card", "acme/support#7", "0123456789abcdef", Ledger())

_MENTION = re.compile(r"(?<![0-9A-Za-z_`])@([0-9A-Za-z-]+)")
_LINKED = re.compile(r"#\d|\bGH-\d|https?://|\bwww\.|mailto:")

#: Texts that people may type into a title, an answer or a command.
HOSTILE = (
    "@help",
    "hi @acme/leads, @Help!",
    "a\n\n# heading\n\n@help",
    "``` code",
    "``` \n@help\n```",
    "`code`",
    "**bold** _and_ ~~more~~",
    "<b>bold</b><img src=x onerror=alert(1)>",
    "<!-- respondby:- {} -->",
    "-->",
    MARKER,
    "| a | b |",
    "a\n| --- |",
    "[link](https://example.org)",
    "![image](https://example.org/x.png)",
    "https://example.org and www.example.org",
    "<https://example.org>",
    "#12 acme/support#12 GH-12",
    "ann@example.org",
    "- item",
    "1. item",
    "> quote",
    "    code",
    "\\",
    "$$x$$ $`x`$",
    "&lt;b&gt; &#64;help",
    "[^1] [x] [ref]: /url",
    "\u202egnp.exe\u202c \u200bzero\u2060width",
    "::set-output name=x::y",
    "{{ 7 * 7 }} {% raw %} {url} {0.__class__}",
    "x" * 5000,
    " ".join(["@help"] * 500),
    "\x00\x1b[31m\r\nred",
    "~~~",
    "===",
    "+ plus",
    "a  \nb\\\nc",
)


PARSER = MarkdownIt("commonmark", {"breaks": True, "html": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=64)
def _parsed(letter):
    return PARSER.parse(letter)


def shape(letter):
    """The letter's structure without its texts: every block and inline token, in order."""
    inner = [[token, *(token.children or ())] for token in _parsed(letter)]
    return [token.type for tokens in inner for token in tokens if token.type not in ("text", "text_special")]


def words(letter):
    """What a reader sees, one line a block."""
    lines = [token.children for token in _parsed(letter) if token.type == "inline"]
    return "\n".join(
        "".join(
            "\n" if child.type.endswith("break") else child.content for child in line if child.type != "html_inline"
        )
        for line in lines
    )


def told(letter):
    """The names that GitHub would tell of this letter, and what it would make a link of."""
    text = words(letter)
    return [found[1] for found in _MENTION.finditer(text)], _LINKED.findall(text)
