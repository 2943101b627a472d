"""An action item's issue as a case: one clock, made from the item, and no request.

The issue's own mark says which item of which post-mortem it is, who owns it and until when it is due, as the document
on the default branch has it (`jobs.effects.action_items` keeps it so). Laws:

- The owner is assigned by the clock's first rung, and so once; another owner is another rung.
- An item is due when its day is over, in the policy's zone. Another day counts at once, and its rungs come anew: they
  have the day in their names.
- An item without a day is due by the policy's target, judged by the product and severity of its incident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from respondby.calendars.instants import FOREVER, Instant
from respondby.calendars.spans import Spans
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.policy.model.clocks import ACTION_ITEM, NOTHING, Clock, Promise, Rung, RungAt, Target
from respondby.policy.model.conditions import ALWAYS, Alternative, Pattern, Role
from respondby.policy.model.policy import Policy
from respondby.rules.shift_facts import AssessedCase, Ref

#: The clock of an action item.
CLOCK = ACTION_ITEM

#: In the name of a rung, before the day to which the item's due was moved; no rung of a policy is called so.
MOVED = " of "

#: The role that the owner holds; no role of a policy has a blank in its name.
_OWNER = "item owner"

_OPENED = (Pattern("opened", text="opened"),)
_CLOSED = (Pattern("closed", text="closed"),)


#: An item: the address of its incident (casefolded), and the digest of its words.
Identity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What an action item's issue says of it. `incident` is an address, `words` the item's text and `key` its digest,
    which no address of a forge is part of.

    `owner` and `due` (ISO 8601) are empty where the document names none; `first` is the due with which the issue was
    opened. `linked` says that the document once named the issue.
    """

    incident: str
    document: str
    key: str
    words: str
    owner: str = ""
    due: str = ""
    first: str = ""
    kind: str = ""
    product: str = ""
    severity: str = ""
    linked: bool = False

    @property
    def identity(self) -> Identity:
        """What tells it from every other item, as long as it is worded so."""
        return self.incident.casefold(), self.key

    def to_mark(self) -> dict[str, str]:
        """The facts as a mark holds them."""
        facts = {name: getattr(self, name) for name in _TEXTS}
        facts["linked"] = "yes" if self.linked else ""
        return {name: value for name, value in facts.items() if value}


_TEXTS = ("incident", "document", "key", "words", "owner", "due", "first", "kind", "product", "severity")


def item_of(case: Case) -> ItemFacts | None:
    """The action item that an issue of ours stands for; None for all others."""
    if case.mark is None or case.mark.kind != "item":
        return None
    return item_in(case.mark.facts)


def item_in(facts: Mapping[str, str]) -> ItemFacts:
    """The item that a mark tells of. The mark is ours, but it is read as if it were not."""
    return ItemFacts(**{name: facts.get(name, "") for name in _TEXTS}, linked=facts.get("linked") == "yes")


def as_item(policy: Policy, case: Case) -> tuple[Policy, Case]:
    """The policy by which an action item's issue is assessed, and the case; both unchanged for every other case."""
    item = item_of(case)
    if item is None:
        return policy, case
    wanted = policy.incidents.post_mortem if policy.incidents is not None else None
    clocks = {}
    if wanted is not None and wanted.actions is not None:
        clock = _clock(item, wanted.actions.target, wanted.actions.ladder)
        clocks = {clock.name: clock}
    roles = {**policy.roles, _OWNER: Role(_OWNER, (Alternative(people=(item.owner,)),))} if item.owner else policy.roles
    # Who is away owns their items all the same.
    people = {
        login: replace(person, away=Spans(())) if login.casefold() == item.owner.casefold() else person
        for login, person in policy.people.items()
    }
    fields = {name: replace(field, default=None) for name, field in policy.fields.items()}
    alone = replace(
        policy, clocks=clocks, roles=roles, people=people, rules=(), fields=fields, since=None, on_policy_change="apply"
    )
    return alone, case


def day_of(text: str) -> date | None:
    """A day as documents write it; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class OpenItem(NamedTuple):
    """An action item that is still to be done: its issue, who does it, until when, and whether that has passed."""

    ref: Ref
    people: tuple[str, ...]
    due: Instant | None
    overdue: bool


def open_items(cases: Iterable[AssessedCase]) -> tuple[OpenItem, ...]:
    """The action items among these cases whose issues are open, the one that is due first before the others."""
    found = []
    for assessed in cases:
        case = assessed.history.case
        if item_of(case) is None or not case.open:
            continue
        run = next((run for run in reversed(assessed.assessment.runs) if run.ended is None), None)
        due = run.due if run is not None else None
        overdue = due is not None and due <= assessed.assessment.now
        found.append(OpenItem(Ref(case.url, case.title), case.assignees, due, overdue))
    return tuple(sorted(found, key=lambda item: (item.due if item.due is not None else FOREVER, item.ref.url)))


def _clock(item: ItemFacts, target: Target | None, ladder: tuple[Rung, ...]) -> Clock:
    day = day_of(item.due)
    if day is not None:
        over = (day + timedelta(days=1)).isoformat() if day < date.max else day.isoformat()
        promise = Promise(by=f"{over}T00:00", text=f"{over}T00:00")
        choices: tuple[Promise, ...] = (promise,)
    else:
        choices = (*_for(item, target), Promise(none=True, text="none"))
    moved = "" if item.due == item.first else f"{MOVED}{item.due or 'no day'}"
    rungs = tuple(replace(rung, id=f"{rung.id}{moved}") for rung in ladder)
    assigned = Rung(f"owner {item.owner}", RungAt("start", text="start"), replace(NOTHING, assign=(_OWNER,)))
    ladder = (assigned, *rungs) if item.owner else rungs
    return Clock(CLOCK, _OPENED, _CLOSED, Target(choices), ladder=ladder, duty=True)


def _for(item: ItemFacts, target: Target | None) -> Iterator[Promise]:
    """The promises of the policy's target that hold for an incident of this product and severity."""
    known = {"product": item.product, "severity": item.severity}
    for choice in target.choices if target is not None else ():
        rest = tuple(term for term in choice.when.terms if term.key not in known)
        if all(_holds(known[term.key], term.values) for term in choice.when.terms if term.key in known):
            yield replace(choice, when=replace(ALWAYS, terms=rest))


def _holds(value: str, wanted: tuple[str, ...]) -> bool:
    return value in wanted or ("any" in wanted and bool(value)) or ("unset" in wanted and not value)
