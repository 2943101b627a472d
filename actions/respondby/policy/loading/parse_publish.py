"""The section `publish`: what the public status page is called, where it stands, and all that it may show."""

from __future__ import annotations

import re

from respondby.policy.loading.times import parse_instant
from respondby.policy.loading.words import parse_language, parse_when
from respondby.policy.model.conditions import ALWAYS
from respondby.policy.model.publish import SHOWN, Publish, Shown
from respondby.policy.text.cursor import Cursor, Refused, each

#: A title, and the line below it, are no longer than this; what a product is called is no longer than that.
LONGEST, LONGEST_NAME = 200, 80
#: A page of more products is none that anybody reads.
MOST = 100

_KEYS = ("title", "url", "about", "language", "products", "show", "incidents", "customers", "since")
_REQUIRED = ("title", "url", "products", "show")
_SUCH = '{ title: Status, url: "https://OWNER.github.io/REPOSITORY/", products: { shop: Shop }, show: [uptime] }'


def parse_publish(cursor: Cursor, timezone: str) -> Publish:
    """What is published; the four keys without which there is no page are required. Times are those of the zone."""
    cursor.mapping(_KEYS, required=_REQUIRED, such=_SUCH)
    title, url = cursor.maybe("title", _line), cursor.maybe("url", _url)
    products, show = cursor.maybe("products", _products), cursor.maybe("show", _shown)
    incidents = cursor.maybe("incidents", parse_when)
    customers = cursor.maybe("customers", lambda item: item.names("value of customer"))
    about, language = cursor.maybe("about", _line), cursor.maybe("language", parse_language)
    since = cursor.maybe("since", lambda item: parse_instant(item, timezone))
    if title is None or url is None or products is None or show is None:
        raise Refused  # each has said why
    return Publish(title, url, products, show, incidents or ALWAYS, customers or (), about or "", language, since)


def _products(cursor: Cursor) -> dict[str, str]:
    found = cursor.items()
    if not found:
        raise cursor.refused("A status page needs a product.", hint="Such as `{ shop: Web shop }`.")
    if len(found) > MOST:
        raise cursor.refused(f"A page has at most {MOST} products.", value="", hint="Publish groups of them.")
    return {cursor.refer_key("product", id): _line(name, LONGEST_NAME) for id, name in found}


def _shown(cursor: Cursor) -> tuple[Shown, ...]:
    found = cursor.one_or_more()
    if not found:
        raise cursor.refused("This list is empty.", hint=f"Known words here: {', '.join(f'`{one}`' for one in SHOWN)}.")
    return tuple(dict.fromkeys(each(found, lambda item: item.choice(SHOWN))))


def _line(cursor: Cursor, most: int = LONGEST) -> str:
    text = cursor.text().strip()
    if not text or len(text) > most or not text.isprintable():
        raise cursor.refused(f"This has to be one line of at most {most} characters.", rule="publish")
    return text


def _url(cursor: Cursor) -> str:
    if not re.fullmatch(r"https?://[^\s\"<>?#]+", cursor.text()):
        hint = "Write where the page will stand: `https://OWNER.github.io/REPOSITORY/`, or your own domain."
        raise cursor.refused("This is not an http or https address of a folder.", hint=hint, rule="publish")
    return cursor.text().rstrip("/") + "/"
