"""What people did in a case, without what the desk made of it: what is played again.

Laws:

- What the desk did follows from its policy, so it is taken out: records, pins, its closings, its assignments. Its card
  stays, without a record: a clock may count from it.
- What the desk only found out stays: alerts, answers at a pager, what a person said whose comment is gone, what was
  merged, in which order things were said within a second.
- What was decided by the words in force then is decided anew: whether a command was obeyed, which fields an answer set.
  Two things stay as they were then, for nobody can tell them any more: as what a person stood in a role whose
  definition is still the same, and the answers to a form that asks otherwise today.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.alerts import ALERT
from respondby.desk.asked import asked_by
from respondby.desk.built_in.incident_news import NEWS
from respondby.desk.built_in.incident_ties import TIE
from respondby.desk.case import GHOST, Case, Moment
from respondby.desk.happenings import ORDER
from respondby.desk.in_force import roles_in_force
from respondby.desk.keeping import KINDS, NOT_ASSIGNABLE, origin, source_of
from respondby.desk.ledger import EMPTY, Ledger
from respondby.desk.records import Kept
from respondby.desk.remembered import REQUEST, Remembered
from respondby.desk.standings import CUSTOMER, STANDING
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy

_DESKS = frozenset({"closed", "reopened", "assigned", "unassigned", "record lost"})
#: What was found out of a case, and not decided by a policy.
_FOUND = frozenset({ALERT, NEWS, TIE, ORDER, NOT_ASSIGNABLE})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A case as people made it, and what is known of it beside; `old_form` says that its answers are those of then."""

    case: Case
    known: Ledger
    old_form: bool = False


def what_people_did(policy: Policy, case: Case, *, customers_stand: bool = True) -> Evidence:
    """The case for a replay under this policy. `customers_stand`: the policy has the customers of then."""
    ledger = case.ledger
    opening = next((moment for moment in case.moments if moment.kind == "opened"), None)
    then = Remembered(ledger).request(opening.source) if opening is not None else None
    old_form = then is not None and "asked" in then and not _asks_the_same(policy, then["asked"])
    theirs = {moment.source for moment in case.moments if moment.by.login != GHOST.login}
    roles = roles_in_force(policy, ledger)
    kept: dict[str, Kept] = {}
    for key, item in ledger.kept.items():
        if item.kind == STANDING:
            kept[key] = replace(item, value=_standing(policy, item, roles, customers_stand=customers_stand))
        elif (
            item.kind in _FOUND
            or (item.kind == REQUEST and old_form)
            or (item.kind in KINDS and origin(source_of(item)) not in theirs)
        ):
            kept[key] = item
    return Evidence(
        replace(
            case,
            moments=tuple(moment for moment in case.moments if not _is_the_desks(moment)),
            own=tuple(replace(card, ledger=EMPTY) for card in case.cards),
            locked=False,
        ),
        Ledger(kept=kept),
        old_form,
    )


def _is_the_desks(moment: Moment) -> bool:
    return (moment.ours and not moment.other_bot and moment.kind in _DESKS) or moment.kind == "record lost"


def _asks_the_same(policy: Policy, asked: Any) -> bool:
    """Whether the form of then asks the same today."""
    return isinstance(asked, dict) and _forms(policy).get(str(asked.get("form"))) == asked


@per_policy
def _forms(policy: Policy) -> Mapping[str, Any]:
    """What each form asks, as records keep it."""
    return {name: json.loads(json.dumps(asked_by(policy, form).to_json())) for name, form in policy.forms.items()}


def _standing(
    policy: Policy, item: Kept, roles: tuple[tuple[Instant, frozenset[str]], ...], *, customers_stand: bool
) -> str:
    """What a person stood as, of what still means the same."""
    lasting = next((found for since, found in reversed(roles) if since <= item.at), roles[0][1] if roles else None)
    return " ".join(_stands(policy, item.value.split(), lasting, customers_stand=customers_stand))


def _stands(
    policy: Policy, words: list[str], lasting: frozenset[str] | None, *, customers_stand: bool
) -> Iterator[str]:
    for word in words:
        name = word.removeprefix("-")
        if name == CUSTOMER:
            if customers_stand:
                yield word
        elif lasting is None or name in lasting or name not in policy.roles:
            yield word
