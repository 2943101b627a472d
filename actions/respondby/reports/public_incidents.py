"""Incidents and maintenance as the public reads them: `public_incidents(facts)`, `public_maintenance(facts)`.

Laws:

- Of an incident nothing is told but what `publish` names: its times, which published products it weighed on and how
  much, the title and the updates that were said for everybody. Title, text, labels and people of the issue never are.
- Told are incidents of published products for which `publish.incidents` holds. A false alarm, a duplicate, and what is
  no incident any more, are none.
- Its status follows from its times: `investigating` while it lasts, `identified` once a cause was said, `monitoring`
  from its mitigation on, `resolved` at its resolution, else its closing. An update has the status of its own time.
- Lengths and times are those of the report (`happenings`), to the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.policy.model.built_in import PUBLIC_TITLE, ROOT_CAUSE, UPDATE
from respondby.policy.model.publish import Publish
from respondby.policy.people.private_names import private
from respondby.promises.windows import Window
from respondby.reports.cases import CaseFacts, CaseIncident, PublicWord
from respondby.reports.desk import Facts, WrittenUp
from respondby.reports.happenings import IncidentRow, incidents
from respondby.reports.periods import ReportPeriod

#: What an incident is at a time, in the words of everybody's status pages.
Status = Literal["investigating", "identified", "monitoring", "resolved"]
#: How grave it was at its worst, and so of everything together.
Impact3 = Literal["none", "minor", "major", "critical"]

#: Whole downtime is a major outage; from so many per cent of one it is a partial one; less is a degradation.
WHOLE, PARTIAL = 100, 30


class Withheld(NamedTuple):
    """A public text that is not shown, and why; `ref` is its case's, for whoever may read that.

    `path` is that of the post-mortem whose link is not shown; empty where it is something that was said.
    """

    ref: str
    at: Instant
    why: str
    path: str = ""


class PublicUpdate(NamedTuple):
    """A change of the status (`text` is empty), or what an `/update` said while it was that."""

    at: Instant
    status: Status
    text: str


@dataclass(frozen=True, slots=True)
class PublicIncident:
    """One incident. `node_id` is its issue's, by which its address stays the same: nobody can find it by trying, as
    they could a number. `number` is for its place among others; `title` is empty where nobody gave one.

    `products` are values that are published, `weight` is its heaviest on any of them, `times` are those in which it
    lasted (the end is None while it does), `seconds` their length (None: they cannot be right). `updates` are oldest
    first. `post_mortem` is the address of one that is final, where these are published.
    """

    number: int
    node_id: str
    title: str
    products: tuple[str, ...]
    weight: int
    times: tuple[tuple[Instant, Instant | None], ...]
    detected: Instant
    seconds: int | None
    mitigated: Instant | None
    resolved: Instant | None
    updates: tuple[PublicUpdate, ...]
    post_mortem: str

    @property
    def status(self) -> Status:
        """What it is now."""
        return self.updates[-1].status

    @property
    def open(self) -> bool:
        """Whether it is not resolved."""
        return self.status != "resolved"

    @property
    def started(self) -> Instant:
        """When it began, as far as that is known."""
        return min([self.detected, *(start for start, _ in self.times)])

    @property
    def changed(self) -> Instant:
        """When something was told of it last."""
        return max(update.at for update in self.updates)

    @property
    def impact(self) -> Impact3:
        """How grave it was at its worst; none of one whose times cannot be right."""
        return "none" if self.seconds is None else impact_of(self.weight)


@dataclass(frozen=True, slots=True)
class PublicMaintenance:
    """An announced window of a published product; `node_id` is its issue's, `title` is empty where nobody gave one."""

    number: int
    node_id: str
    title: str
    product: str
    window: Window
    updates: tuple[PublicUpdate, ...]

    def lasts(self, at: Instant) -> bool:
        """Whether it is on."""
        return self.window.start <= at < self.window.end


def impact_of(weight: int) -> Impact3:
    """How grave a weight is, by the thresholds of an outage."""
    return "critical" if weight >= WHOLE else "major" if weight >= PARTIAL else "minor"


def public_incidents(facts: Facts, publish: Publish) -> tuple[PublicIncident, ...]:
    """Every incident that is told, the newest first."""
    if not publish.shows("incidents"):
        return ()
    everything = ReportPeriod("", 0, facts.now + 1, facts.policy.timezone, facts.now + 1)
    found = (_incident(facts, publish, row) for row in incidents(facts, everything))
    return tuple(
        sorted((one for one in found if one is not None), key=lambda one: (one.detected, one.number), reverse=True)
    )


def public_maintenance(facts: Facts, publish: Publish) -> tuple[PublicMaintenance, ...]:
    """Every window that is told, in order."""
    if not publish.shows("maintenance"):
        return ()
    found = [
        PublicMaintenance(
            case.number,
            case.node_id,
            _title(facts, case),
            window.value,
            window,
            tuple(_said(facts, publish, case, "monitoring")),
        )
        for case in facts.cases
        if (window := case.window) is not None
        and window.value is not None
        and window.value in publish.products
        and publish.tells(window.end)
    ]
    return tuple(sorted(found, key=lambda one: (one.window.start, one.number)))


def withheld(facts: Facts, publish: Publish) -> tuple[Withheld, ...]:
    """The public texts of everything that is told, or could be, which name somebody who is not for the public."""
    said = (
        Withheld(case.ref, word.at, why)
        for case in facts.cases
        if (case.incident is not None and publish.shows("incidents"))
        or (case.window is not None and publish.shows("maintenance"))
        for word in case.public
        if publish.tells(word.at)
        and (word.word == PUBLIC_TITLE or publish.shows("updates"))
        and (why := private(facts.policy, word.text))
    )
    return (*said, *_links_withheld(facts, publish))


def _links_withheld(facts: Facts, publish: Publish) -> Iterator[Withheld]:
    """The post-mortems whose place names somebody who is not for the public: a draft has the incident's title in it."""
    for written in facts.post_mortems if publish.shows("incidents") else ():
        if _links(publish, written) and (why := private(facts.policy, written.path)):
            case = next((one for one in facts.cases if one.url in written.incidents), None)
            if case is not None:
                yield Withheld(case.ref, facts.now, why, written.path)


def _incident(facts: Facts, publish: Publish, row: IncidentRow) -> PublicIncident | None:
    case, incident = row.case, row.case.incident
    assert incident is not None, "only incidents have a row"
    weighed = {one.product: one.weight for one in sorted(incident.impacts, key=lambda one: one.weight)}
    products = tuple(name for name in publish.products if name in weighed or name == case.product)
    if not products or not case.published or incident.false_alarm is not None or incident.until is not None:
        return None
    turns = sorted(_turns(case, incident, row.detected), key=lambda one: (one[0], _ORDER.index(one[1])))
    changes = [PublicUpdate(at, status, "") for at, status in _each_once(turns)]
    said = [
        PublicUpdate(at, _status_at(changes, at), text)
        for at, _, text in _said(facts, publish, case, "investigating")
    ]  # fmt: skip
    resolved = next((one.at for one in reversed(changes) if one.status == "resolved"), None)
    if changes[-1].status == "resolved" and resolved is not None and not publish.tells(resolved):
        return None
    written = row.post_mortem
    shown = _links(publish, written) and not private(facts.policy, written.path if written is not None else "")
    return PublicIncident(
        number=case.number,
        node_id=case.node_id,
        title=_title(facts, case),
        products=products,
        weight=max((weight for name, weight in weighed.items() if name in products), default=0),
        times=incident.lasted,
        detected=row.detected,
        seconds=row.seconds,
        mitigated=incident.milestone("mitigated"),
        resolved=resolved,
        updates=tuple(sorted([*changes, *said], key=lambda one: (one.at, bool(one.text)))),
        post_mortem=written.url if written is not None and shown else "",
    )


_ORDER: tuple[Status, ...] = ("investigating", "identified", "monitoring", "resolved")


def _turns(case: CaseFacts, incident: CaseIncident, detected: Instant) -> Iterator[tuple[Instant, Status]]:
    """When it became what, as its times say."""
    yield detected, "investigating"
    for start, _ in incident.lasted[1:]:
        yield start, "investigating"
    begun = incident.lasted[-1][0] if incident.lasted else detected
    causes = [said.at for said in case.said if said.word == ROOT_CAUSE]
    ended = incident.lasted[-1][1] if incident.lasted else case.closed
    if causes and (ended is None or causes[0] < ended):
        yield max(causes[0], begun), "identified"
    again = {start for start, _ in incident.lasted[1:]}
    for _, end in incident.lasted:
        if end is not None and end not in again:
            yield max(end, detected), "monitoring"
    resolved = incident.milestone("resolved")
    over = case.closed if resolved is None else resolved
    if ended is not None and over is not None:
        yield max(over, ended, detected), "resolved"


def _each_once(turns: list[tuple[Instant, Status]]) -> Iterator[tuple[Instant, Status]]:
    """Without what is overtaken within its second, and without what it was already."""
    last: Status | None = None
    for index, (at, status) in enumerate(turns):
        overtaken = index + 1 < len(turns) and turns[index + 1][0] == at
        if not overtaken and status != last:
            yield at, status
            last = status


def _status_at(changes: list[PublicUpdate], at: Instant) -> Status:
    """What it was at that instant; what was said before anybody knew of it counts as the first."""
    return next((one.status for one in reversed(changes) if one.at <= at), changes[0].status)


def _links(publish: Publish, written: WrittenUp | None) -> bool:
    return written is not None and written.status == "final" and publish.shows("post-mortems")


def _title(facts: Facts, case: CaseFacts) -> str:
    """The last public title that may be shown."""
    titles = [word.text for word in _public(facts, case, PUBLIC_TITLE)]
    return titles[-1] if titles else ""


def _said(facts: Facts, publish: Publish, case: CaseFacts, status: Status) -> Iterator[PublicUpdate]:
    if publish.shows("updates"):
        for word in _public(facts, case, UPDATE):
            yield PublicUpdate(word.at, status, word.text)


def _public(facts: Facts, case: CaseFacts, word: str) -> Iterator[PublicWord]:
    """What was said with that word since the public reads, and names nobody who is not for the public."""
    publish = facts.policy.publish
    for said in case.public:
        known = said.word == word and publish is not None and publish.tells(said.at)
        if known and not private(facts.policy, said.text):
            yield said
