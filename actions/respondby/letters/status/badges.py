"""Badges: small pictures of one figure, made by a template of our own, which say aloud what they show."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.letters.status.saying import Saying
from respondby.letters.status.shell import escape

#: Grounds on which white is easy to read.
_GREEN, _BLUE, _RED, _GREY = "#1a7f37", "#0969da", "#b3261e", "#57606a"
#: Widths of letters at eleven pixels, in tenths of one; all others are as wide as a digit.
_NARROW, _WIDE = "ijlI.,:;|!'ft ", "mwMW%@"

_BADGE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{both}">'
    "<title>{both}</title>"
    '<clipPath id="round"><rect width="{width}" height="20" rx="3"/></clipPath>'
    '<g clip-path="url(#round)"><rect width="{left}" height="20" fill="#3d444d"/>'
    '<rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>'
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
    '<text x="{first}" y="14" textLength="{left_text}">{label}</text>'
    '<text x="{second}" y="14" textLength="{right_text}">{value}</text></g></svg>\n'
)


def badges(saying: Saying) -> Iterator[tuple[str, str]]:
    """Every badge with its path: the last month that is over, by product, and the promises that were kept in it."""
    page = saying.page
    for product in page.products:
        month = next((one for one in product.months if one.period.over), None)
        if month is None:
            continue
        value = saying.say("badge", "none") if month.reason else saying.figures.percent(month.share)
        colour = _GREY if month.reason else _BLUE
        if not month.reason and page.publish.shows("targets") and month.kept is not None:
            colour = _GREEN if month.kept else _RED
        label = saying.say("badge", "uptime", period=month.period.name)
        yield f"badges/uptime-{saying.slug(product.id)}.svg", _badge(label, value, colour, saying)
    kept = next((one for one in page.kept if one.period.over), None)
    if kept is not None:
        value = saying.figures.percent(kept.share, 1) if kept.share.whole else saying.say("badge", "none")
        label = saying.say("badge", "attainment", period=kept.period.name)
        yield "badges/attainment.svg", _badge(label, value, _BLUE if kept.share.whole else _GREY, saying)


def _badge(label: str, value: str, colour: str, saying: Saying) -> str:
    left, right = _width(label) + 12, _width(value) + 12
    return _BADGE.format(
        width=left + right, left=left, right=right, colour=colour, first=left // 2, second=left + right // 2,
        left_text=left - 12, right_text=right - 12, label=escape(label), value=escape(value),
        both=escape(saying.say("badge", "described", label=label, value=value)),
    )  # fmt: skip


def _width(text: str) -> int:
    """About how wide the text is, in pixels."""
    tenths = (40 if sign in _NARROW else 105 if sign in _WIDE else 70 for sign in text)
    return -(-sum(tenths) // 10)
