"""Products on a status page: how each does, a bar for each day, and the table that says the same in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from respondby.letters.status.saying import Saying
from respondby.letters.status.shell import escape, link
from respondby.reports.status_page import PublicProduct
from respondby.reports.uptime import UptimeFigure

#: Where a day's bar begins and how high it is, of 40: what a colour says, a height says too.
_BARS = {"u": (12, 28), "d": (0, 40), "p": (6, 34), "m": (22, 18), "x": (32, 8), "n": (38, 2)}
#: What the kinds of days are called in the words.
_KINDS = {"u": "up", "d": "down", "p": "down", "m": "maintenance", "x": "unknown", "n": "none"}


def kind_of(day: UptimeFigure) -> str:
    """What a day's bar is: `d`, `p` down wholly or in part, `x` with unknown time, `m` maintenance, `u` up, `n` none.

    Only a day of which no second was down or unknown is up.
    """
    if day.down:
        return "d" if any(span.weight >= 100 for span in day.spans) else "p"
    if not day.life:
        return "n"
    if day.unknown:
        return "x"
    return "u" if day.up else "m"


def product_card(product: PublicProduct, saying: Saying, *, bars: bool) -> str:
    """A product: its state and, where uptime is published, its bars and figures."""
    state = product.state or "unmeasured"
    name = escape(product.name)
    lines = [
        '<div class="card">',
        f'<div class="head"><h3>{name}</h3><p class="is {state}">{escape(saying.state(product))}</p></div>',
    ]
    if product.days and bars:
        lines.append(_bars(product, saying))
        ends = (saying.say("ago", n=len(product.days)), saying.say("today"))
        lines.append(f'<p class="ends soft"><span>{escape(ends[0])}</span><span>{escape(ends[1])}</span></p>')
        lines.append("<ul>")
        lines += [f"<li>{line}</li>" for line in _figures(product, saying)]
        lines.append("</ul>")
    elif product.whole is not None:
        figure = saying.say("last", n=len(product.days), figure=saying.figure(product.whole))
        lines.append(f"<p>{escape(figure)}</p>")
    if product.days:
        shown = saying.say("every-day", product=product.name)
        lines.append(f'<p class="soft">{link(f"days-{saying.slug(product.id)}.html", shown)}</p>')
    return "\n".join([*lines, "</div>"])


def day_rows(product: PublicProduct, saying: Saying) -> Iterator[str]:
    """Each of its months and days as a row, the newest first."""
    for span in (*product.months, *reversed(product.days)):
        name = saying.period(span.period)
        if span.reason:
            cells = f'<td colspan="5">{escape(saying.figures.say("reason", span.reason))}</td>'
        else:
            took = saying.figures.took
            figures = (
                saying.figures.percent(span.share), took(span.down), saying.weighted(span), took(span.maintenance),
                took(span.unknown),
            )  # fmt: skip
            cells = "".join(f'<td class="figure">{escape(figure)}</td>' for figure in figures)
        yield f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


def _bars(product: PublicProduct, saying: Saying) -> str:
    kinds = [kind_of(day) for day in product.days]
    paths = []
    for kind, (top, height) in _BARS.items():
        drawn = "".join(f"M{4 * at} {top}h3v{height}h-3z" for at, one in enumerate(kinds) if one == kind)
        if drawn:
            paths.append(f'<path class="{kind}" d="{drawn}"/>')
    label = saying.say(
        "bars",
        product=product.name,
        days=_counted(kinds, saying),
        **{"from": saying.period(product.days[0].period), "to": saying.period(product.days[-1].period)},
    )
    box = f'viewBox="0 0 {4 * len(kinds) - 1} 40" preserveAspectRatio="none"'
    return f'<svg class="bars" {box} role="img" aria-label="{escape(label)}">{"".join(paths)}</svg>'


def _counted(kinds: list[str], saying: Saying) -> str:
    counted = Counter(_KINDS[kind] for kind in kinds)
    return ", ".join(
        saying.say("days", name, n=counted[name]) for name in dict.fromkeys(_KINDS.values()) if counted[name]
    )


def _figures(product: PublicProduct, saying: Saying) -> Iterator[str]:
    if product.whole is not None:
        yield escape(saying.say("last", n=len(product.days), figure=saying.figure(product.whole)))
    for one in product.months[:2]:
        said = "of" if one.period.over else "so-far"
        text = saying.say(said, period=saying.period(one.period), figure=saying.figure(one))
        if saying.page.publish.shows("targets") and one.target is not None:
            kept = "no-figure" if one.kept is None else "kept" if one.kept else "missed"
            text = f"{text}; {saying.say('target', kept, target=one.target)}"
        yield escape(text)
