"""Incidents and maintenance on a status page: each as a card, its updates the newest first."""

from __future__ import annotations

from respondby.letters.status.saying import Saying
from respondby.letters.status.shell import escape, fitting, link, paragraphs, time_element
from respondby.reports.public_incidents import PublicIncident, PublicMaintenance, PublicUpdate


def incident_card(incident: PublicIncident, saying: Saying, *, room: int) -> str:
    """An incident with as many of its latest updates as have room (in bytes), and a link to the page with all."""
    updates, left = fitting(update_items(incident, saying), room)
    lines = [
        '<article class="card">',
        f"<h3>{link(saying.path_of(incident), saying.title(incident))}</h3>",
        incident_facts(incident, saying),
        *(['<ol class="log">', *updates, "</ol>"] if updates else []),
        *([f"<p>{link(saying.path_of(incident), saying.say('more-updates'))}</p>"] if left else []),
        "</article>",
    ]
    return "\n".join(lines)


def incident_facts(incident: PublicIncident, saying: Saying) -> str:
    """What it is about, how grave it was, when it began and how long it lasted; the post-mortem where there is one."""
    began = time_element(incident.started, saying.moment(incident.started, saying.zone_of(incident.products)))
    parts = [
        escape(saying.names(incident.products)),
        *([escape(saying.say("impact", incident.impact))] if incident.seconds is not None else []),
        escape(saying.say("began", instant="{here}")).replace("{here}", began),
        escape(lasted(incident, saying)),
    ]
    if incident.post_mortem:
        parts.append(link(incident.post_mortem, saying.say("post-mortem")))
    return f'<p class="soft">{" · ".join(parts)}</p>'


def lasted(incident: PublicIncident, saying: Saying) -> str:
    """How long it lasted, to the second."""
    if incident.seconds is None:
        return saying.say("times-unknown")
    going_on = bool(incident.times) and incident.times[-1][1] is None
    return saying.say("lasts" if going_on else "lasted", length=saying.figures.took(incident.seconds))


def update_items(one: PublicIncident, saying: Saying) -> list[str]:
    """Its updates and changes, the newest first."""
    zone = saying.zone_of(one.products)
    return [_item(update, saying.say("status", update.status), zone, saying) for update in reversed(one.updates)]


def maintenance_card(maintenance: PublicMaintenance, saying: Saying) -> str:
    """A window: of what, from when until when, and what was said of it."""
    zone = saying.zone_of((maintenance.product,))
    state = "in_progress" if maintenance.lasts(saying.page.now) else "scheduled"
    start, end = (
        time_element(at, saying.moment(at, zone)) for at in (maintenance.window.start, maintenance.window.end)
    )
    window = escape(saying.say("window", **{"from": "{start}", "to": "{end}"}))
    facts = (
        escape(saying.names((maintenance.product,))),
        escape(saying.say("planned", state)),
        window.replace("{start}", start).replace("{end}", end),
    )
    lines = [
        '<article class="card">',
        f"<h3>{escape(saying.title(maintenance))}</h3>",
        f'<p class="soft">{" · ".join(facts)}</p>',
    ]
    updates = [_item(update, "", zone, saying) for update in reversed(maintenance.updates)]
    shown, left = fitting(updates, 3_000)
    lines += ['<ol class="log">', *shown, "</ol>"] if shown else []
    lines += [f"<p>{escape(saying.say('more', n=left))}</p>"] if left else []
    return "\n".join([*lines, "</article>"])


def _item(update: PublicUpdate, status: str, zone: str, saying: Saying) -> str:
    text = update.text or saying.say("change", update.status)
    at = time_element(update.at, saying.moment(update.at, zone))
    head = f"<strong>{escape(status)}</strong> " if status else ""
    return f'<li>{head}<span class="soft">{at}</span>{paragraphs(text)}</li>'
