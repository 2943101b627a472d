"""What a public status page says: `status_page(facts)`, of the same facts and by the same functions as the report.

Laws:

- Nothing is on it that `publish` does not name, and every figure on it is one that the report of that month, or
  `uptime` of those days, says to the second.
- A product is measured in its own zone: its days and months are those of its `timezone`, else the policy's.
- What is down is said before what is maintained; what nobody measures is in no state.
- Kept promises are those of the whole desk, of calendar months in the policy's zone, as `attainment.total` counts them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.policy.model.policy import Policy
from respondby.policy.model.publish import Publish
from respondby.policy.people.private_names import private_in_publish
from respondby.reports.attainment import total
from respondby.reports.desk import Facts
from respondby.reports.figures import Share
from respondby.reports.monthly import zone_of
from respondby.reports.periods import ReportPeriod, last_days, month_before, month_of
from respondby.reports.public_incidents import (
    PARTIAL,
    WHOLE,
    PublicIncident,
    PublicMaintenance,
    Withheld,
    public_incidents,
    public_maintenance,
    withheld,
)
from respondby.reports.uptime import UptimeFigure, state_of, uptime

#: So many days have a bar.
DAYS = 90

#: How a product does, the worst last.
ProductState = Literal[
    "operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"
]  # fmt: skip
STATES: tuple[ProductState, ...] = (
    "operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage",
)  # fmt: skip


class NotPublished(ValueError):
    """The policy publishes nothing, or nothing that could be told; the text says what to write."""


class NamesPrivate(ValueError):
    """Words of the policy that the page would show are not for everybody; the text says which, and why."""


@dataclass(frozen=True, slots=True)
class PublicProduct:
    """A product: `name` is what the public calls it, `state` how it does (None: nobody measures it now).

    `days` are the last ninety, today's until now; `whole` is all of them together, `months` are this one, until now,
    and the two before it. Where `uptime` is not published these are empty, and `whole` is None.
    """

    id: str
    name: str
    timezone: str
    state: ProductState | None
    days: tuple[UptimeFigure, ...]
    whole: UptimeFigure | None
    months: tuple[UptimeFigure, ...]


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """Which part of the promises that were due in a month was kept."""

    period: ReportPeriod
    share: Share


@dataclass(frozen=True, slots=True)
class StatusPage:
    """Everything that is on the page. `missing` is how many cases could not be read and are in no figure."""

    publish: Publish
    now: Instant
    timezone: str
    since: Instant | None
    products: tuple[PublicProduct, ...]
    incidents: tuple[PublicIncident, ...]
    maintenance: tuple[PublicMaintenance, ...]
    kept: tuple[KeptMonth, ...]
    withheld: tuple[Withheld, ...]
    missing: int

    @property
    def worst(self) -> ProductState:
        """How all of it does: as its worst product."""
        found = [product.state for product in self.products if product.state is not None]
        return max(found, key=STATES.index, default="operational")

    @property
    def measured(self) -> bool:
        """Whether any product is measured now."""
        return any(product.state is not None for product in self.products)


def publishes(policy: Policy) -> Publish:
    """What the policy publishes. Raises NotPublished, with what to write, where it has no page, and NamesPrivate where
    the page would show words that `check` refuses: a policy can be in force that nobody has checked.
    """
    publish = policy.publish
    if publish is None:
        raise NotPublished(
            "The policy publishes nothing, so there is no status page. Write which products the public may see, under"
            " which names, and what of them, in .github/support.yml:\n\n"
            "publish:\n  title: Status of our services\n  url: https://OWNER.github.io/REPOSITORY/\n"
            "  products: { shop: Web shop }\n  show: [uptime, incidents, updates, maintenance]\n\n"
            "docs/status-page.md says what each word shows."
        )
    if policy.uptime is None:
        raise NotPublished(
            "Nobody measures whether these products are up, so the page could only say that they are: write `uptime:"
            " {by: product}` into the policy, and which incidents count (docs/language.md)."
        )
    named = [f"`{'.'.join(map(str, path))}: {text}`, for {why}" for path, text, why in private_in_publish(policy)]
    if named:
        raise NamesPrivate(
            f"No page is made, since the public must not read {'; nor '.join(named)}. Word it in another way in the"
            " policy; `respondby check` shows where it stands."
        )
    return publish


def status_page(facts: Facts) -> StatusPage:
    """The page as it is at `facts.now`. Raises NotPublished where the policy has none, and NamesPrivate."""
    policy, publish = facts.policy, publishes(facts.policy)
    maintenance = public_maintenance(facts, publish)
    incidents = public_incidents(facts, publish)
    this = month_of(facts.now, policy.timezone)
    kept = tuple(
        KeptMonth(one.until(facts.now), total(facts, one.until(facts.now))) for one in (this, month_before(this))
    )
    return StatusPage(
        publish=publish,
        now=facts.now,
        timezone=policy.timezone,
        since=facts.since,
        products=tuple(_product(_about(facts, id), publish, id, incidents, maintenance) for id in publish.products),
        incidents=incidents,
        maintenance=maintenance,
        kept=kept if publish.shows("attainment") else (),
        withheld=withheld(facts, publish),
        missing=len(facts.missing),
    )


def _about(facts: Facts, id: str) -> Facts:
    """The facts with the cases alone that a product's uptime can follow from: ninety days are asked of them."""
    kept = (
        case
        for case in facts.cases
        if (case.window is not None and case.window.value == id)
        or (
            case.incident is not None
            and (case.product == id or any(one.product == id for one in case.incident.impacts))
        )
    )
    return replace(facts, cases=tuple(kept))


def _product(
    facts: Facts,
    publish: Publish,
    id: str,
    incidents: tuple[PublicIncident, ...],
    maintenance: tuple[PublicMaintenance, ...],
) -> PublicProduct:
    zone = zone_of(facts.policy, id)
    state = _state(facts, id, incidents, maintenance) if _is_measured(facts, id, zone) else None
    if not publish.shows("uptime"):
        return PublicProduct(id, publish.products[id], zone, state, (), None, ())
    days = last_days(facts.now, DAYS, zone)
    whole = ReportPeriod(f"{days[0].name}/{days[-1].name}", days[0].start, facts.now, zone, facts.now)
    this = month_of(facts.now, zone)
    months = (this, month_before(this), month_before(month_before(this)))
    return PublicProduct(
        id=id,
        name=publish.products[id],
        timezone=zone,
        state=state,
        days=tuple(uptime(facts, id, day) for day in days),
        whole=uptime(facts, id, whole),
        months=tuple(uptime(facts, id, one) for one in months),
    )


def _is_measured(facts: Facts, id: str, zone: str) -> bool:
    """Whether this second belongs to what is measured of the product's life, and anybody looks."""
    second = ReportPeriod("", facts.now - 1, facts.now, zone, facts.now)
    found = uptime(facts, id, second)
    return found.life > 0 and facts.since is not None


def _state(
    facts: Facts, id: str, incidents: tuple[PublicIncident, ...], maintenance: tuple[PublicMaintenance, ...]
) -> ProductState:
    down = state_of(facts, id, facts.now)
    if down is not None:
        return "major_outage" if down.weight >= WHOLE else "partial_outage" if down.weight >= PARTIAL else (
            "degraded_performance"
        )  # fmt: skip
    if any(one.open and one.status != "monitoring" and id in one.products for one in incidents):
        return "degraded_performance"
    on = any(one.product == id and one.lasts(facts.now) for one in maintenance)
    return "under_maintenance" if on else "operational"
