"""All that a report is made of: `Facts`, and what of it a report about one product or customer sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.policy.model.policy import Policy
from respondby.reports.cases import CaseFacts, CaseIncident


@dataclass(frozen=True, slots=True)
class ActionItem:
    """An action item of a post-mortem, as written; `due` is a day (`2026-12-15`) or empty."""

    what: str
    owner: str
    due: str
    state: str
    issue: str


@dataclass(frozen=True, slots=True)
class WrittenUp:
    """A post-mortem that stands in the repository: its path and title, the incidents (their addresses) it is about."""

    path: str
    url: str
    title: str
    incidents: tuple[str, ...]
    product: str
    cause: str
    status: str
    items: tuple[ActionItem, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report is made of: the policy, every case there is, post-mortems, what is missing.

    `now` is the forge's clock when they were gathered. `since` is when the desk began to look (the policy's `since`,
    else its first issue; None: it never has): before that nobody knows anything. `missing` are cases that could not be
    read, each with why.
    """

    policy: Policy
    now: Instant
    cases: tuple[CaseFacts, ...]
    since: Instant | None
    post_mortems: tuple[WrittenUp, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    product: str | None = None
    customer: str | None = None

    @property
    def requests(self) -> tuple[CaseFacts, ...]:
        """The cases that ask for something: no duties' issues, none of the desk's own."""
        return tuple(case for case in self.cases if case.request)

    @property
    def products(self) -> tuple[str, ...]:
        """The values that uptime is measured by; where it is measured by none, the products."""
        policy = self.policy
        if self.product is not None:
            return (self.product,)
        field = policy.fields.get(policy.uptime.by) if policy.uptime is not None else None
        return tuple(value.id for value in field.values) if field is not None else tuple(policy.products)


def made(
    policy: Policy,
    now: Instant,
    cases: Iterable[CaseFacts],
    post_mortems: Iterable[WrittenUp] = (),
    missing: Iterable[tuple[str, str]] = (),
) -> Facts:
    """Facts in an order that depends on nothing but what they say."""
    ordered = tuple(sorted(cases, key=lambda case: (case.opened, case.number)))
    first = min((case.opened for case in ordered), default=None)
    return Facts(
        policy, now, ordered, policy.since if policy.since is not None else first,
        tuple(sorted(post_mortems, key=lambda one: one.path)), tuple(sorted(missing)),
    )  # fmt: skip


def scoped(facts: Facts, *, product: str | None = None, customer: str | None = None) -> Facts:
    """What is to be seen of one product, or one customer, or both. What the desk is as a whole stays."""
    if product is None and customer is None:
        return facts
    kept = tuple(
        case
        for case in facts.cases
        if (product is None or case.product == product or _weighed_on(case.incident, product))
        and (customer is None or case.customer == customer)
    )
    about = {case.url for case in kept}
    written = tuple(one for one in facts.post_mortems if about.intersection(one.incidents))
    return replace(facts, cases=kept, post_mortems=written, product=product, customer=customer)


def _weighed_on(incident: CaseIncident | None, product: str) -> bool:
    """Whether it weighed on the product at any time, whatever product stands on the case today."""
    return incident is not None and any(impact.product == product for impact in incident.impacts)
