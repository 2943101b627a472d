"""Incidents as the policy has them: which cases are incidents, which alerts open one, and what one owes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from respondby.dataclass import dataclass
from respondby.policy.model.clocks import Rung, Target
from respondby.policy.model.conditions import ALWAYS, Pattern, When

#: Two times at which a key fired are one incident when they lie no further apart than this, in seconds.
REOPEN_WITHIN = 3_600


def _alert(what: str) -> Pattern:
    return Pattern("alert", value=what, text=f"alert {what}")


def _command(word: str) -> Pattern:
    return Pattern("command", word, text=word)


#: When an incident's milestones are reached, in their order, where a policy does not say it.
MILESTONES: Mapping[str, tuple[Pattern, ...]] = {
    "started": (_command("/started"), _alert("fires"), Pattern("opened", text="opened")),
    "detected": (_command("/detected"), Pattern("opened", text="opened")),
    "acknowledged": (
        _command("/ack"),
        Pattern("assigned", text="assigned"),
        _alert("acknowledged"),
        Pattern("comment", by="staff", text="comment by staff"),
    ),
    "mitigated": (_command("/mitigated"), _alert("resolved")),
    "resolved": (_command("/resolved"), Pattern("closed", text="closed")),
}


@dataclass(frozen=True, slots=True)
class AlertField:
    """A field that an alert sets: which part of the alert holds its value, and what the part's words mean."""

    name: str
    part: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alerts:
    """One source of alerts, and how an alert of it fills in an incident's form.

    `source` is a map that comes with respondby, `map` a file of the repository; with neither, the payload is read as it
    stands and `key` names the payload's key that tells alerts apart. `resolve` is a dispatch of its own that says that
    an alert is over. `answers` are questions of the form with the part of the alert that answers each.
    """

    dispatch: str
    form: str
    source: str | None = None
    map: str | None = None
    key: str | None = None
    answers: tuple[tuple[str, str], ...] = ()
    set: tuple[AlertField, ...] = ()
    resolve: str | None = None


@dataclass(frozen=True, slots=True)
class ActionItems:
    """How agreed action items are followed up: each becomes an issue under this `ladder`.

    An item's own date is its due; `target` is that of an item without one, from when its issue was opened.
    """

    target: Target | None = None
    ladder: tuple[Rung, ...] = ()


@dataclass(frozen=True, slots=True)
class PostMortem:
    """Which incidents owe a post-mortem, who reviews it, who is told; its sections (empty: the template's).

    `actions` is None where action items are only listed.
    """

    when: When = ALWAYS
    reviewers: tuple[str, ...] = ()
    stakeholders: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    actions: ActionItems | None = None


@dataclass(frozen=True, slots=True)
class RelatedTo:
    """Whom an incident's most like cases are told of when it is opened, and by which channel (None: the companion)."""

    notify: tuple[str, ...]
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Incidents:
    """Which cases are incidents and what they must have before they close. `reopen_within` is in seconds.

    `milestones` are the moments at which each of `MILESTONES` is reached.
    """

    when: When
    alerts: tuple[Alerts, ...] = ()
    reopen_within: int = REOPEN_WITHIN
    close_needs: tuple[str, ...] = ()
    milestones: Mapping[str, tuple[Pattern, ...]] = field(default_factory=lambda: MILESTONES)
    post_mortem: PostMortem | None = None
    related: RelatedTo | None = None


def ladder_of_items(incidents: Incidents | None) -> tuple[Rung, ...]:
    """The ladder under which action items are reminded of; empty where they are only listed."""
    wanted = incidents.post_mortem if incidents is not None else None
    return wanted.actions.ladder if wanted is not None and wanted.actions is not None else ()
