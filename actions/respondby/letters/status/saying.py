"""How a status page speaks, and what its parts are called: names, addresses, figures, times."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import Any, Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.letters.messages import OURS, Messages
from respondby.letters.report.words import Voice, voice
from respondby.letters.words import DEFAULT, languages, our_text
from respondby.reports.periods import ReportPeriod
from respondby.reports.public_incidents import PublicIncident, PublicMaintenance
from respondby.reports.status_page import PublicProduct, StatusPage
from respondby.reports.uptime import UptimeFigure

Kind = Literal["page", "component", "incident", "update", "maintenance"]

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@cache
def status_words(language: str) -> dict[str, Any]:
    """The words of status pages in a language of ours."""
    words: dict[str, Any] = json.loads(our_text(language if language in languages() else DEFAULT, "status.json"))
    return words


@dataclass(frozen=True, slots=True)
class Saying:
    """One page and its language. `figures` speaks of lengths, shares and months, as the report does."""

    page: StatusPage
    figures: Voice
    own: Voice

    def say(self, *path: str, **values: object) -> str:
        """A text of `status.json`, its `{places}` filled."""
        return self.own.say(*path, **values)

    @property
    def language(self) -> str:
        """An HTML `lang`."""
        return self.figures.speaking.language

    def moment(self, at: Instant, zone: str | None = None) -> str:
        """A date and time; in another zone than the page's it is named."""
        if zone is None or zone == self.page.timezone:
            return self.figures.moment(at)
        return self._in(zone).speaking.at(at)

    def period(self, period: ReportPeriod) -> str:
        """A day or a month as it is called where it is one."""
        return self._in(period.timezone).period(period)

    def _in(self, zone: str) -> Voice:
        return replace(self.figures, speaking=replace(self.figures.speaking, zones=(zone,)))

    def names(self, products: tuple[str, ...]) -> str:
        """What the public calls these products."""
        return ", ".join(self.page.publish.products[id] for id in products)

    def title(self, one: PublicIncident | PublicMaintenance) -> str:
        """The public title, or one that says no more than what it is about."""
        if one.title:
            return one.title
        if isinstance(one, PublicMaintenance):
            return self.say("works", product=self.names((one.product,)))
        return self.say("untitled", products=self.names(one.products))

    def zone_of(self, products: tuple[str, ...]) -> str:
        """The zone in which times of these products are told: that of the first."""
        known = {product.id: product.timezone for product in self.page.products}
        return known.get(products[0], self.page.timezone)

    def figure(self, uptime: UptimeFigure) -> str:
        """`99.95 %, 21 min 36 s down`, or why there is none."""
        if uptime.reason:
            return self.figures.say("reason", uptime.reason)
        down = self.figures.took(uptime.down)
        parts = [self.figures.percent(uptime.share)]
        if uptime.down == 0:
            parts.append(self.say("figure", "none"))
        elif uptime.lost == 100 * uptime.down:
            parts.append(self.say("figure", "down", length=down))
        else:
            parts.append(self.say("figure", "weighted", length=down, weighted=self.weighted(uptime)))
        if uptime.unknown:
            parts.append(self.say("figure", "unknown", length=self.figures.took(uptime.unknown)))
        return ", ".join(parts)

    def weighted(self, one: UptimeFigure) -> str:
        """The weighted downtime, rounded up to a second."""
        return self.figures.took(-(-one.lost // 100))

    def state(self, product: PublicProduct) -> str:
        """How it does, in a word or two."""
        return self.say("state", product.state or "unmeasured")

    def id(self, kind: Kind, name: object) -> str:
        """A name that stays the same as long as the page keeps its address, and tells nothing."""
        return sha256(f"{self.page.publish.url} {kind} {name}".encode()).hexdigest()[:12]

    def path_of(self, one: PublicIncident) -> str:
        """Where an incident's own page lies."""
        return f"incidents/{self.id('incident', one.node_id)}.html"

    def slug(self, product: str) -> str:
        """The product's value as a file's name; two that differ only in what no name can hold stay apart."""
        plain = _UNSAFE.sub("-", product).strip("-.")
        return plain if plain == product else f"{plain or 'product'}-{self.id('component', product)}"


def saying(page: StatusPage, messages: Messages = OURS) -> Saying:
    """How this page speaks: in the language that `publish` names, else the desk's own."""
    figures = voice(page.publish.language, page.timezone, messages)
    return Saying(page, figures, Voice(figures.speaking, status_words(figures.speaking.language)))
