"""The Atom feed of a status page: incidents and maintenance, each an entry that changes when more is told of it."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant, iso
from respondby.letters.status.incidents import lasted, update_items
from respondby.letters.status.saying import Saying
from respondby.letters.status.shell import escape
from respondby.reports.public_incidents import PublicIncident, PublicMaintenance

#: A feed tells what is new; everything stands on the page.
MOST = 50


def feed(saying: Saying) -> str:
    """The whole file."""
    page = saying.page
    shown: list[PublicIncident | PublicMaintenance] = [*page.incidents, *page.maintenance]
    entries = sorted(shown, key=lambda one: (_changed(one), one.number), reverse=True)[:MOST]
    updated = max((_changed(one) for one in entries), default=page.since if page.since is not None else page.now)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(saying.language)}">',
        f"<id>{escape(page.publish.url)}</id>",
        f"<title>{escape(page.publish.title)}</title>",
        f"<updated>{iso(updated)}</updated>",
        f"<author><name>{escape(page.publish.title)}</name></author>",
        f'<link rel="alternate" type="text/html" href="{escape(page.publish.url)}"/>',
        f'<link rel="self" type="application/atom+xml" href="{escape(page.publish.url)}history.atom"/>',
        *(line for one in entries for line in _entry(one, saying)),
        "</feed>",
        "",
    ]
    return "\n".join(lines)


def _changed(one: PublicIncident | PublicMaintenance) -> Instant:
    if isinstance(one, PublicIncident):
        return one.changed
    return max([one.window.announced, *(update.at for update in one.updates)])


def _entry(event: PublicIncident | PublicMaintenance, saying: Saying) -> Iterator[str]:
    url = saying.page.publish.url
    incident = isinstance(event, PublicIncident)
    name = saying.id("incident" if incident else "maintenance", event.node_id)
    yield "<entry>"
    yield f"<id>{escape(url)}#{name}</id>"
    yield f"<title>{escape(saying.title(event))}</title>"
    published = event.detected if isinstance(event, PublicIncident) else event.window.announced
    yield f"<published>{iso(published)}</published>"
    yield f"<updated>{iso(_changed(event))}</updated>"
    place = saying.path_of(event) if isinstance(event, PublicIncident) else "#maintenance"
    yield f'<link rel="alternate" type="text/html" href="{escape(url + place)}"/>'
    yield f'<content type="html">{escape(_content(event, saying), 10_000_000)}</content>'
    yield "</entry>"


def _content(event: PublicIncident | PublicMaintenance, saying: Saying) -> str:
    """What it says as HTML, which the feed holds as a text."""
    if isinstance(event, PublicIncident):
        parts = (saying.names(event.products), saying.say("impact", event.impact), lasted(event, saying))
        return f"<p>{escape(' · '.join(parts))}</p><ol>{''.join(update_items(event, saying))}</ol>"
    zone = saying.zone_of((event.product,))
    start, end = (saying.moment(at, zone) for at in (event.window.start, event.window.end))
    said = "".join(f"<p>{escape(update.text)}</p>" for update in event.updates)
    names = saying.names((event.product,))
    return f"<p>{escape(names)} · {escape(saying.say('window', **{'from': start, 'to': end}))}</p>{said}"
