"""What all pages of a status page share: the frame, the style, and texts made harmless.

Laws:

- A text gets into a page through `escape` or `paragraphs` and in no other way; nothing that anybody wrote is a link.
- Nothing is loaded: no script, no font, no picture. What a colour says is said by a word or a shape as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape as escaped

from respondby.calendars.instants import Instant, iso
from respondby.letters.neutral import flat

#: Who finds this in a page knows that `publish` made it, and may write it anew.
GENERATOR = "respondby publish"

#: What a browser may do with a page: nothing but show it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

#: A title is no longer, as it is written.
_TITLE = 70

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #57606a; --line: #d0d7de; --band: #f3f5f7;
  --link: #0550ae; --up: #1a7f37; --part: #9a6700; --down: #cf222e; --works: #0969da; --none: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9aa5b1; --line: #30363d;
  --band: #161b22; --link: #79b8ff; --up: #3fb950; --part: #d29922; --down: #ff7b72; --works: #58a6ff;
  --none: #8b949e; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 54rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.2rem; }
h3 { margin: 0; font-size: 1rem; }
p, ul, ol { margin: .3rem 0; } ul { padding-left: 1.2rem; } .head p { margin: 0; }
a { color: var(--link); text-underline-offset: .15em; }
.soft { color: var(--soft); font-size: .9em; }
.all { margin: 1.2rem 0 .3rem; padding: .8rem 1rem; border: 1px solid var(--line); border-left: .5rem solid var(--c);
  background: var(--band); font-size: 1.2rem; font-weight: 600; }
.card { margin: .8rem 0; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .4rem; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .2rem 1rem; }
.is::before { content: ""; display: inline-block; width: .7em; height: .7em; margin-right: .4em; background: var(--c);
  border-radius: 50%; }
.operational { --c: var(--up); } .under_maintenance { --c: var(--works); } .unmeasured { --c: var(--none); }
.degraded_performance, .partial_outage { --c: var(--part); } .major_outage { --c: var(--down); }
.partial_outage::before, .degraded_performance::before { border-radius: 0; }
.major_outage::before { border-radius: 0; transform: rotate(45deg); }
.bars { display: block; width: 100%; height: 2.4rem; margin-top: .5rem; }
.u { fill: var(--up); } .d { fill: var(--down); } .p { fill: var(--part); } .m { fill: var(--works); }
.x { fill: var(--none); } .n { fill: var(--line); }
.ends { display: flex; justify-content: space-between; gap: .5rem; }
.log { padding-left: 0; list-style: none; }
.log li { margin: .6rem 0; padding-left: .8rem; border-left: 2px solid var(--line); }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
th, td { padding: .3rem .5rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line);
  overflow-wrap: normal; }
thead th { background: var(--band); }
tbody th { font-weight: 400; white-space: nowrap; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
footer { margin-top: 2.5rem; padding-top: .8rem; border-top: 1px solid var(--line); }
footer a, nav a { margin-right: 1rem; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  :root { --ink: #000; --paper: #fff; --soft: #444; --line: #999; --band: #eee; --link: #000; --up: #888; --part: #444;
    --down: #000; --works: #bbb; --none: #ccc; }
  body { padding: 0; max-width: none; font-size: 9.5pt; }
  .card, tr, .log li { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .bars, .is::before, .all { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .wide { overflow: visible; } thead { display: table-header-group; } nav, footer { display: none; }
  a { text-decoration: none; }
}
"""


def escape(text: str, most: int = 6_000) -> str:
    """The text on one line, as HTML shows it, in an element or between the quotes of an attribute."""
    return escaped(flat(text, most), quote=True)


def paragraphs(text: str) -> str:
    """What somebody wrote, line by line as they wrote it: blank lines part paragraphs."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if shown := escape(line):
            found[-1].append(shown)
        elif found[-1]:
            found.append([])
    return "".join(f"<p>{'<br>'.join(lines)}</p>" for lines in found if lines)


def time_element(at: Instant, shown: str) -> str:
    """A time for people and for programs."""
    return f'<time datetime="{iso(at)}">{escape(shown)}</time>'


def link(url: str, shown: str) -> str:
    """A link of ours: to a page beside this one, or to an address that the forge gave."""
    return f'<a href="{escape(url)}">{escape(shown)}</a>'


def document(*, language: str, title: str, head: Iterable[str], body: Iterable[str]) -> str:
    """A whole page."""
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{escape(language)}">',
            "<head>",
            '<meta charset="utf-8">',
            f"<title>{_short(title)}</title>",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta name="generator" content="{GENERATOR}">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<link rel="icon" href="data:,">',
            *head,
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            *body,
            "</body>",
            "</html>",
            "",
        ]
    )


def _short(title: str) -> str:
    """As much of a title as a browser's tab may have, written as HTML."""
    return next(short for most in range(_TITLE, 0, -1) if len(short := escape(title, most)) <= _TITLE)


def fitting(chunks: Iterable[str], room: int) -> tuple[list[str], int]:
    """As many of these, from the first on, as have room (in bytes), and how many are left."""
    found, left = [], 0
    for chunk in chunks:
        size = len(chunk.encode())
        if left or size > room:
            left += 1
            continue
        room -= size
        found.append(chunk)
    return found, left


def shared(chunks: Iterable[str], room: int) -> list[list[str]]:
    """All of these on as many pages as they need; what is larger than a page has one of its own."""
    pages: list[list[str]] = [[]]
    used = 0
    for chunk in chunks:
        size = len(chunk.encode())
        if pages[-1] and used + size > room:
            pages.append([])
            used = 0
        pages[-1].append(chunk)
        used += size
    return pages
