"""`/part-of`: a request that hangs on an incident, and whether what it names is one.

Laws:

- What is named is judged by how it stood when it was named, whenever somebody looks (law 3); what was found is kept,
  and nobody looks twice.
- A tie is refused to itself, to another repository, to what is no issue here, no incident or closed, and in a circle.
- GitHub's own relation ties as well: a sub-issue is part of its parent from the instant at which that is an incident.
  A parent that is none is nobody's mistake, and nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from respondby.calendars.instants import Instant
from respondby.desk.case import Case, Moment
from respondby.desk.folding import state_at
from respondby.desk.gate import is_incident
from respondby.desk.history import History
from respondby.desk.records import Kept
from respondby.desk.refusals import Code, Refusal
from respondby.policy.model.built_in import PART_OF
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy

#: The kind of a kept fact that says what a `/part-of` has named: `INCIDENT`, or why it is refused.
TIE = "tie"
INCIDENT = "incident"

#: Why a tie can be refused once somebody has looked.
_CODES: tuple[Code, ...] = ("tie-nothing", "tie-no-incident", "tie-closed", "tie-circle")

#: The highest number that GraphQL's Int can ask for; no repository has as many issues.
_HIGHEST = 2**31 - 1
_NUMBER = re.compile(r"(?:(?P<repository>[\w.-]+/[\w.-]+)?#)?(?P<number>\d{1,12})")
_ADDRESS = re.compile(r"https?://[^\s/]+/(?P<repository>[\w.-]+/[\w.-]+)/issues/(?P<number>\d{1,12})(?:[/?#].*)?")


@per_policy
def ties_are_served(policy: Policy) -> bool:
    """Whether requests of this desk can be part of an incident."""
    return policy.incidents is not None and PART_OF in policy.commands


def referred(case: Case, said: str) -> int | Refusal:
    """The number of the issue that a `/part-of` on this case names, or why that cannot be an incident of this desk."""
    found = _NUMBER.fullmatch(said) or _ADDRESS.fullmatch(said)
    if found is None:
        return Refusal.of("tie-nothing", said=said)
    repository, number = found["repository"], int(found["number"])
    if repository is not None and repository.lower() != case.repository.lower():
        return Refusal.of("tie-elsewhere", said=said)
    if number == case.number:
        return Refusal.of("tie-itself", said=said)
    return number if 0 < number <= _HIGHEST else Refusal.of("tie-nothing", said=said)


def parent_of(case: Case, moment: Moment) -> str:
    """The number of the parent that a moment names, where that is an issue of this repository; else empty."""
    repository, _, number = moment.text.rpartition("#")
    return number if repository.lower() == case.repository.lower() else ""


def judged(
    policy: Policy, source: str, at: Instant, number: int, incident: History | None, above: Collection[int], me: int
) -> Kept:
    """What the `/part-of` at that place has named, as the ledger keeps it. `incident` is the issue (None: there is no
    such issue here), `above` are the incidents that it is part of itself.
    """
    return Kept(f"{source} {TIE}", at, "", "", TIE, _found(policy, at, incident, above, me), f"#{number}")


def _found(policy: Policy, at: Instant, incident: History | None, above: Collection[int], me: int) -> str:
    if incident is None or not incident.case.is_request or incident.case.created > at:
        return "tie-nothing"
    state = state_at(incident, at)
    if not is_incident(policy, state, at):
        return "tie-no-incident"
    if not state.open:
        return "tie-closed"
    return "tie-circle" if me in above else INCIDENT


def kept_tie(known: Iterable[Kept]) -> Refusal | str | None:
    """What was found of a `/part-of`: why it is refused, or the number that it may name; None where nobody has looked.

    The record is ours, but it is read as if it were not.
    """
    kept = next((one for one in known if one.kind == TIE), None)
    if kept is None:
        return None
    if kept.name == INCIDENT:
        return kept.value.removeprefix("#")
    code = next((code for code in _CODES if code == kept.name), None)
    return Refusal.of(code, said=kept.value) if code is not None else None


def parents(policy: Policy, history: History, incidents: Iterable[History]) -> Iterator[Kept]:
    """Ties by GitHub's relation that stand and are not kept yet: each from when the parent was an incident."""
    known = {incident.case.number: incident for incident in incidents}
    for moment in history.case.moments:
        number = parent_of(history.case, moment) if moment.kind == "parent" else ""
        key = f"{TIE}/{moment.source} tied"
        if not number or key in history.ledger.kept or int(number) not in known:
            continue
        at = _since(policy, known[int(number)], moment.at, _ended(history.case, moment))
        if at is not None:
            yield Kept(key, at, moment.by.login, moment.by.association, "tied", "", number)


def _ended(case: Case, added: Moment) -> Instant | None:
    """When the parent was taken away again."""
    later = case.moments[case.moments.index(added) + 1 :]
    return next((one.at for one in later if one.kind == "no parent" and one.text == added.text), None)


def _since(policy: Policy, incident: History, at: Instant, until: Instant | None) -> Instant | None:
    """The first instant from `at` on, and before `until`, at which the parent is an open incident."""
    instants = [at, *(fact.at for fact in incident.facts if fact.at > at)]
    for instant in instants:
        state = state_at(incident, instant)
        if (until is None or instant < until) and state.open and is_incident(policy, state, instant):
            return instant
    return None
