"""The pages of a status page: the first one, each incident's own, the list of all incidents, each product's days.

None of them grows with what is told: each has room for so many bytes, and what has no room there stands on a page that
is linked.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.letters.status.incidents import (
    incident_card,
    incident_facts,
    lasted,
    maintenance_card,
    update_items,
)
from respondby.letters.status.products import day_rows, product_card
from respondby.letters.status.saying import Saying
from respondby.letters.status.shell import document, escape, fitting, link, shared, time_element
from respondby.reports.public_incidents import PublicIncident
from respondby.reports.status_page import PublicProduct

#: Bytes for each part of the first page; together with the frame they are less than 100 kB.
_PRODUCTS, _OPEN, _MAINTENANCE, _PAST = 48_000, 14_000, 8_000, 14_000
#: Bytes for the updates of an incident on the first page, and for what an inner page holds.
_UPDATES, _INNER = 5_000, 60_000


def pages(saying: Saying) -> Iterator[tuple[str, str]]:
    """Every page with its path."""
    yield "index.html", _first(saying)
    for product in saying.page.products:
        if product.days:
            yield f"days-{saying.slug(product.id)}.html", _days(product, saying)
    yield from _history(saying)
    for one in saying.page.incidents:
        yield from _incident(one, saying)


def history_path(part: int) -> str:
    """Where a part of the list of all incidents lies, from 0."""
    return "history.html" if part == 0 else f"history-{part + 1}.html"


def _first(saying: Saying) -> str:
    page, publish = saying.page, saying.page.publish
    state = page.worst if page.measured else "unmeasured"
    as_of = saying.say("as-of", instant="{at}", zone=page.timezone)
    body = [
        "<header>",
        f"<h1>{escape(publish.title)}</h1>",
        *([f"<p>{escape(publish.about)}</p>"] if publish.about else []),
        f'<p class="all {state}">{escape(saying.say("all", state))}</p>',
        f'<p class="soft">{escape(as_of).replace("{at}", time_element(page.now, saying.moment(page.now)))}</p>',
        *_missing(saying),
        "</header>",
        "<main>",
        *_open(saying),
        *_products(saying),
        *_maintenance(saying),
        *_past(saying),
        *_kept(saying),
        *_how(saying),
        "</main>",
        *_footer(saying),
    ]
    feed = [f'<link rel="alternate" type="application/atom+xml" title="{escape(publish.title)}" href="history.atom">']
    return document(language=saying.language, title=publish.title, head=feed if _has_feed(saying) else [], body=body)


def _has_feed(saying: Saying) -> bool:
    return saying.page.publish.shows("incidents") or saying.page.publish.shows("maintenance")


def _missing(saying: Saying) -> Iterator[str]:
    if n := saying.page.missing:
        yield f"<p><strong>{escape(saying.say('missing', 'one' if n == 1 else 'many', n=n))}</strong></p>"


def _open(saying: Saying) -> Iterator[str]:
    going_on = [one for one in saying.page.incidents if one.open]
    if going_on:
        yield _title(saying, "open")
        yield from _with_room((incident_card(one, saying, room=_UPDATES) for one in going_on), _OPEN, saying)


def _products(saying: Saying) -> Iterator[str]:
    products = saying.page.products
    yield _title(saying, "products")
    cards = [product_card(product, saying, bars=True) for product in products]
    if sum(len(card.encode()) for card in cards) > _PRODUCTS:
        cards = [product_card(product, saying, bars=False) for product in products]
    yield from cards


def _maintenance(saying: Saying) -> Iterator[str]:
    if not saying.page.publish.shows("maintenance"):
        return
    yield _title(saying, "maintenance")
    coming = [one for one in saying.page.maintenance if one.window.end > saying.page.now]
    if not coming:
        yield f"<p>{escape(saying.say('none', 'maintenance'))}</p>"
    shown, left = fitting((maintenance_card(one, saying) for one in coming), _MAINTENANCE)
    yield from shown
    if left:
        yield f"<p>{escape(saying.say('more', n=left))}</p>"


def _past(saying: Saying) -> Iterator[str]:
    if not saying.page.publish.shows("incidents"):
        return
    yield _title(saying, "past")
    over = [one for one in saying.page.incidents if not one.open]
    if not over:
        yield f"<p>{escape(saying.say('none', 'past'))}</p>"
    yield from _with_room((incident_card(one, saying, room=_UPDATES // 2) for one in over), _PAST, saying)


def _with_room(cards: Iterator[str], room: int, saying: Saying) -> Iterator[str]:
    shown, left = fitting(cards, room)
    yield from shown
    if left:
        yield f"<p>{escape(saying.say('more', n=left))}: {link(history_path(0), saying.say('older'))}</p>"


def _kept(saying: Saying) -> Iterator[str]:
    if not saying.page.kept:
        return
    yield _title(saying, "kept")
    yield "<ul>"
    for one in saying.page.kept:
        period = saying.period(one.period)
        said = "kept-none" if one.share.whole == 0 else "kept" if one.period.over else "kept-so-far"
        figure = saying.figures.percent(one.share, 1)
        text = saying.say(said, period=period, figure=figure, part=one.share.part, whole=one.share.whole)
        yield f"<li>{escape(text)}</li>"
    yield "</ul>"


def _how(saying: Saying) -> Iterator[str]:
    said = [what for what in ("uptime", "attainment") if saying.page.publish.shows(what)]
    if said:
        yield _title(saying, "how")
        yield from (f'<p class="soft">{escape(saying.say("how", what))}</p>' for what in said)


def _footer(saying: Saying) -> Iterator[str]:
    yield "<footer>"
    if saying.page.publish.shows("incidents"):
        yield link(history_path(0), saying.say("older"))
    if _has_feed(saying):
        yield link("history.atom", saying.say("feed"))
    yield link("summary.json", "summary.json")
    yield "</footer>"


def _title(saying: Saying, section: str) -> str:
    return f'<h2 id="{section}">{escape(saying.say("section", section))}</h2>'


def _inner(saying: Saying, title: str, body: list[str], *, root: str, turn: str = "") -> str:
    """A page below the first one; `turn` are links to its neighbours."""
    return document(
        language=saying.language,
        title=f"{title} · {saying.page.publish.title}",
        head=(),
        body=[
            "<header>",
            f"<nav>{link(f'{root}index.html', saying.say('back'))}</nav>",
            f"<h1>{escape(title)}</h1>",
            "</header>",
            "<main>",
            *body,
            "</main>",
            *([f"<footer><nav>{turn}</nav></footer>"] if turn else []),
        ],
    )


def _turn(saying: Saying, paths: list[str], at: int) -> str:
    newer = link(paths[at - 1], saying.say("newer-page")) if at else ""
    older = link(paths[at + 1], saying.say("older-page")) if at + 1 < len(paths) else ""
    return f"{newer}{older}"


def _wide(label: str, head: str, rows: list[str]) -> list[str]:
    return [
        f'<section class="wide" aria-label="{escape(label)}" tabindex="0">',
        f"<table><thead><tr>{head}</tr></thead>",
        "<tbody>",
        *rows,
        "</tbody></table>",
        "</section>",
    ]


def _days(product: PublicProduct, saying: Saying) -> str:
    names = ("day", "uptime", "down", "weighted", "maintenance", "unknown")
    figure = ' class="figure"'
    head = "".join(
        f'<th scope="col"{figure if at else ""}>{escape(saying.say("column", name))}</th>'
        for at, name in enumerate(names)
    )
    zone = escape(saying.say("as-of", instant=saying.moment(saying.page.now, product.timezone), zone=product.timezone))
    body = [f'<p class="soft">{zone}</p>', *_wide(product.name, head, list(day_rows(product, saying))), *_how(saying)]
    return _inner(saying, product.name, body, root="")


def _history(saying: Saying) -> Iterator[tuple[str, str]]:
    if not saying.page.publish.shows("incidents"):
        return
    title = saying.say("older")
    names = ("incident", "began", "lasted")
    head = "".join(f'<th scope="col">{escape(saying.say("column", name))}</th>' for name in names)
    parts = shared((_row(one, saying) for one in saying.page.incidents), _INNER)
    paths = [history_path(at) for at in range(len(parts))]
    for at, rows in enumerate(parts):
        body = _wide(title, head, rows) if rows else [f"<p>{escape(saying.say('none', 'past'))}</p>"]
        yield paths[at], _inner(saying, title, body, root="", turn=_turn(saying, paths, at))


def _row(incident: PublicIncident, saying: Saying) -> str:
    began = time_element(incident.started, saying.moment(incident.started, saying.zone_of(incident.products)))
    cells = (
        f"{link(saying.path_of(incident), saying.title(incident))}<br>{escape(saying.names(incident.products))}",
        began,
        f"{escape(lasted(incident, saying))}<br>{escape(saying.say('status', incident.status))}",
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _incident(incident: PublicIncident, saying: Saying) -> Iterator[tuple[str, str]]:
    """An incident's own page, and further ones where its updates need them."""
    path = saying.path_of(incident)
    parts = shared(update_items(incident, saying), _INNER)
    paths = [path.replace(".html", f"-{at + 1}.html") if at else path for at in range(len(parts))]
    names = [path.rpartition("/")[2] for path in paths]
    for at, items in enumerate(parts):
        body = [incident_facts(incident, saying), '<ol class="log">', *items, "</ol>"]
        yield paths[at], _inner(saying, saying.title(incident), body, root="../", turn=_turn(saying, names, at))
