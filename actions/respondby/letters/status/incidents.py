"""Incidents and maintenance on a status page: each as a card, its updates the newest first."""

from __future__ import annotations

from respondby.letters.status.saying import Saying
from respondby.letters.status.shell import escape, fitting, link, paragraphs, time_element
from respondby.reports.public_incidents import PublicIncident, PublicMaintenance, PublicUpdate


def incident_card(one: PublicIncident, saying: Saying, *, room: int) -> str:
    """An incident with as many of its latest updates as have room (in bytes), and a link to the page with all."""
    updates, left = fitting(update_items(one, saying), room)
    lines = [
        '<article class="card">',
        f"<h3>{link(saying.path_of(one), saying.title(one))}</h3>",
        incident_facts(one, saying),
        *(['<ol class="log">', *updates, "</ol>"] if updates else []),
        *([f"<p>{link(saying.path_of(one), saying.say('more-updates'))}</p>"] if left else []),
        "</article>",
    ]
    return "\n".join(lines)


def incident_facts(one: PublicIncident, saying: Saying) -> str:
    """What it is about, how grave it was, when it began and how long it lasted; the post-mortem where there is one."""
    began = time_element(one.started, saying.moment(one.started, saying.zone_of(one.products)))
    parts = [
        escape(saying.names(one.products)),
        *([escape(saying.say("impact", one.impact))] if one.seconds is not None else []),
        escape(saying.say("began", instant="{here}")).replace("{here}", began),
        escape(lasted(one, saying)),
    ]
    if one.post_mortem:
        parts.append(link(one.post_mortem, saying.say("post-mortem")))
    return f'<p class="soft">{" · ".join(parts)}</p>'


def lasted(one: PublicIncident, saying: Saying) -> str:
    """How long it lasted, to the second."""
    if one.seconds is None:
        return saying.say("times-unknown")
    going_on = bool(one.times) and one.times[-1][1] is None
    return saying.say("lasts" if going_on else "lasted", length=saying.figures.took(one.seconds))


def update_items(one: PublicIncident, saying: Saying) -> list[str]:
    """Its updates and changes, the newest first."""
    zone = saying.zone_of(one.products)
    return [_item(update, saying.say("status", update.status), zone, saying) for update in reversed(one.updates)]


def maintenance_card(one: PublicMaintenance, saying: Saying) -> str:
    """A window: of what, from when until when, and what was said of it."""
    zone = saying.zone_of((one.product,))
    state = "in_progress" if one.lasts(saying.page.now) else "scheduled"
    start, end = (time_element(at, saying.moment(at, zone)) for at in (one.window.start, one.window.end))
    window = escape(saying.say("window", **{"from": "{start}", "to": "{end}"}))
    facts = (
        escape(saying.names((one.product,))),
        escape(saying.say("planned", state)),
        window.replace("{start}", start).replace("{end}", end),
    )
    lines = [
        '<article class="card">',
        f"<h3>{escape(saying.title(one))}</h3>",
        f'<p class="soft">{" · ".join(facts)}</p>',
    ]
    updates = [_item(update, "", zone, saying) for update in reversed(one.updates)]
    shown, left = fitting(updates, 3_000)
    lines += ['<ol class="log">', *shown, "</ol>"] if shown else []
    lines += [f"<p>{escape(saying.say('more', n=left))}</p>"] if left else []
    return "\n".join([*lines, "</article>"])


def _item(update: PublicUpdate, status: str, zone: str, saying: Saying) -> str:
    text = update.text or saying.say("change", update.status)
    at = time_element(update.at, saying.moment(update.at, zone))
    head = f"<strong>{escape(status)}</strong> " if status else ""
    return f'<li>{head}<span class="soft">{at}</span>{paragraphs(text)}</li>'
