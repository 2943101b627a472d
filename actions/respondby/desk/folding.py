"""From facts to states, and back: what each fact makes of a case, and which facts a happening makes.

`after` is the only way from one state to the next; `Fold` says what becomes a fact. Laws:

- A state follows from the facts before it, and from nothing else: `state_at` is the same whoever asks, and when.

- What changes nothing is no fact: a field set to the value it has, a second `/wait`, closing what is closed.
- `raise` never lowers.
- `assigned` is a person's act, never our own rung's (rule 13); whom we assign is an assignee all the same.
- A pause ends at `/resume` and at a reopening, which begins anew; one without an end of its own also at the customer's
  next word (rule 6).
- That word also opens what was closed `until reply`, or by their own command: it is the customer's reopening, and a new
  cycle (rule 12).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from respondby.calendars.instants import Instant
from respondby.dataclass import replace
from respondby.desk.case import Actor, Case
from respondby.desk.history import REPLY, Fact, FactKind, History, Problem
from respondby.desk.in_force import Earlier
from respondby.desk.state import State, first_state
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Field


def after(state: State, fact: Fact) -> State:
    """The case once that has happened; the very same state where the fact says nothing of how it stands."""
    match fact.kind:
        case "field":
            fields = dict(state.fields)
            if fact.value is None:
                fields.pop(fact.name, None)
            else:
                fields[fact.name] = fact.value
            return replace(state, fields=fields)
        case "label":
            return replace(state, labels=state.labels | {fact.name})
        case "unlabel":
            return replace(state, labels=state.labels - {fact.name})
        case "assigned" | "desk assigned" if fact.value is not None:
            low = fact.value.lower()
            known = any(login.lower() == low for login in state.assignees)
            return state if known else replace(state, assignees=(*state.assignees, fact.value))
        case "unassigned" if fact.value is not None:
            low = fact.value.lower()
            return replace(state, assignees=tuple(login for login in state.assignees if login.lower() != low))
        case "closed":
            return replace(state, open=False)
        case "reopened":
            return replace(state, open=True)
        case "duplicate":
            return replace(state, duplicate=fact.value)
        case "tied":
            return replace(state, part_of=fact.value)
        case _:
            return state


def state_at(history: History, at: Instant) -> State:
    """How the case stood once everything of the instant `at` had happened, under the policy in force then."""
    index = bisect_right(history.facts, at, key=lambda fact: fact.at)
    state = history.states[index - 1] if index else history.first
    if not history.earlier:
        return state
    policy = policy_at(history, at)
    return state if state.policy is policy else replace(state, policy=policy)


def policy_at(history: History, at: Instant) -> Policy:
    """The policy in force at that instant."""
    return next((earlier.policy for earlier in history.earlier if at <= earlier.until), history.state.policy)


@per_policy
def _pauses(policy: Policy) -> bool:
    """Whether anything but waiting for the customer pauses a clock."""
    return any(pattern.kind != "waiting" for clock in policy.clocks.values() for pattern in clock.pause)


class Fold:
    """A case as far as it has been read: the instant `at`, its state then, and the facts that led there.

    `number` is the REST id of the comment that is being read (0: none); `problems` are values that were refused, by the
    title of their field.
    """

    def __init__(self, policy: Policy, case: Case, earlier: tuple[Earlier, ...] = ()) -> None:
        self.policy = policy
        self.case = case
        self.at: Instant = case.created
        self.state = self.first = first_state(policy, case.author.login, case.repository)
        self.facts: list[Fact] = []
        self.states: list[State] = []
        self.waiting_since: Instant | None = None
        self.awaits_reply = False
        self.asked_open = False
        self.number = 0
        self.problems: dict[str, Problem] = {}
        self._cause_unknown = False
        self._confirming = False  # whether the waiting is for the customer's word on a resolved incident
        self._card_seen = False
        self._pauses = _pauses(policy) or any(_pauses(one.policy) for one in earlier)

    def fact(
        self,
        kind: FactKind,
        source: str,
        by: Actor | None,
        name: str = "",
        value: str | None = None,
        args: Mapping[str, str] | None = None,
    ) -> None:
        """Something that happened now."""
        fact = Fact(self.at, kind, source, by, name, value, args or {}, self.number)
        self.state = after(self.state, fact)
        self.facts.append(fact)
        self.states.append(self.state)

    def under(self, policy: Policy) -> None:
        """From now on another policy judges."""
        self.state = replace(self.state, policy=policy)

    def begin(self, state: State) -> None:
        """What is known of the case before anything has happened to it."""
        policy = self.state.policy
        self.state = state = state if state.policy is policy else replace(state, policy=policy)
        if not self.facts:
            self.first = state

    # -- fields and labels --------------------------------------------------------------------------------------------

    def set_field(self, field: Field, value: str, source: str, by: Actor | None) -> None:
        """A field gets a value; what was refused about it is forgotten."""
        self.problems.pop(field.title, None)
        if self.state.fields.get(field.name) != value:
            self.fact("field", source, by, field.name, value)

    def set_as_then(self, name: str, value: str, source: str, by: Actor | None) -> None:
        """A field gets the value that it got then (empty: none), also one that the policy has no more."""
        field = self.policy.fields.get(name)
        if field is not None:
            self.problems.pop(field.title, None)
        if (self.state.fields.get(name) or "") != value:
            self.fact("field", source, by, name, value or None)

    def set_default(self, field: Field, source: str) -> None:
        """A field that nobody has given a value gets its default; that another one was refused stays said."""
        if field.default is not None and field.name not in self.state.fields:
            self.fact("field", source, None, field.name, field.default)

    def unset_field(self, field: Field, source: str, by: Actor | None) -> None:
        """A field loses its value."""
        if field.name in self.state.fields:
            self.fact("field", source, by, field.name, None)

    def raise_field(self, field: Field, value: str, source: str, by: Actor | None) -> None:
        """A field gets a higher value; values stand highest first."""
        order = [item.id for item in field.values]
        now = self.state.fields.get(field.name)
        if now is None or order.index(value) < order.index(now):
            self.set_field(field, value, source, by)

    def set_fields(self, pairs: Iterable[tuple[str, str]], source: str, by: Actor | None, *, higher: bool) -> None:
        """What a `set`, or with `higher` a `raise`, asks for. What the policy has no more is left alone."""
        for name, value in pairs:
            field = self.policy.fields.get(name)
            if field is None or field.value(value) is None:
                continue
            if higher:
                self.raise_field(field, value, source, by)
            else:
                self.set_field(field, value, source, by)

    def label(self, label: str, source: str, by: Actor | None, *, added: bool = True) -> None:
        """A label that is no field's comes or goes. Labels have no case: a repository has one spelling of each."""
        label = label.lower()
        if added != (label in self.state.labels):
            self.fact("label" if added else "unlabel", source, by, label)

    # -- people, pauses, open and closed ------------------------------------------------------------------------------

    def assign(self, login: str, by: Actor | None, source: str, *, ours: bool = False) -> None:
        """Somebody becomes an assignee."""
        self.fact("desk assigned" if ours else "assigned", source, by, value=login)

    def unassign(self, login: str, by: Actor, source: str) -> None:
        """Somebody is an assignee no longer."""
        self.fact("unassigned", source, by, value=login)

    def tie(self, incident: str | None, source: str, by: Actor | None) -> None:
        """The request is part of an incident, by its number; None: of none any more."""
        if self.state.part_of != incident:
            self.fact("tied", source, by, value=incident)

    def hears_of_incident(self, what: str, incident: str, source: str) -> None:
        """What became of the incident that the request is part of, or hangs on by another one. Once it is resolved, the
        customer's word is waited for; that ends when the incident goes on after all.
        """
        if not self.state.open:
            return
        self.fact("incident", source, None, what, incident)
        match what:
            case "resolved":
                self._confirming = True
                self.wait(source, None)
            case "again" if self._confirming:
                self.resume(source, None)
            case "ended":
                self.tie(None, source, None)
            case _:
                pass

    def wait(self, source: str, by: Actor | None) -> None:
        """The desk waits for the customer."""
        if self.waiting_since is None:
            self.waiting_since = self.at
            self.fact("waiting", source, by)

    def resume(self, source: str, by: Actor | None, *, reply: bool = False) -> None:
        """What ends the waiting, and every other pause; a `reply` leaves those with an end of their own alone."""
        if self.waiting_since is not None or self._pauses:
            waited = "waiting" if self.waiting_since is not None else None
            self.waiting_since, self._confirming = None, False
            self.fact("resumed", source, by, REPLY if reply else "", waited)

    def mark_duplicate(self, of: str | None, source: str, by: Actor | None) -> None:
        """The case repeats another one (empty: one that we must not see); None: it does not after all."""
        if self.state.duplicate != of and not (self.state.duplicate and of == ""):
            self.fact("duplicate", source, by, value=of)

    def close(
        self, by: Actor | None, source: str, *, until_reply: bool = False, ours: bool = False, reason: str = "",
        lacking: str = "",
    ) -> None:  # fmt: skip
        """The case is closed: for good, or until the customer replies. Where a person closes it too, it is for good.

        `ours` is our own closing as the forge tells it: its cause, which may come after it within one instant, decides.
        What is closed for silence was not done: without a `reason` it is closed as not planned. `lacking` is what an
        incident still needed that somebody closed all the same.
        """
        if self.state.open or (not ours and (by is not None or self._cause_unknown)):
            # What was closed for good stays so, whatever closes it once more.
            fresh = self.state.open or self._cause_unknown
            self.awaits_reply = until_reply and (fresh or self.awaits_reply)
            self._cause_unknown = ours
        if self.state.open:
            self.asked_open = False
            value = reason or ("not planned" if until_reply else "")
            args = {"until": "reply"} | ({"as": reason} if reason else {}) if until_reply else None
            if lacking:
                args = {"unfinished": lacking}
            self.fact("closed", source, by, value=value if value not in ("", "completed") else None, args=args)

    def replied(self, by: Actor, source: str) -> None:
        """The customer said something: what waited for that goes on."""
        if self.awaits_reply:
            self.reopen(by, source, asked=True)
        self.resume(source, by, reply=True)

    @property
    def awaits_customer(self) -> bool:
        """Whether the next word is the customer's: the desk waits for it, or it would open the case again."""
        return self.waiting_since is not None or self.awaits_reply

    def reopen(self, by: Actor | None, source: str, *, asked: bool = False) -> None:
        """The case is open again; with `asked` the forge is to be told so by us."""
        if not self.state.open:
            self.awaits_reply, self.asked_open = False, asked
            self.fact("reopened", source, by)
            self.mark_duplicate(None, source, by)
            self.resume(source, by)

    def take_back(self) -> None:
        """The forge closed the case, and it is open all the same: the desk opens it again there."""
        if self.state.open:
            self.asked_open = True

    def fired_again(self, by: Actor, source: str) -> None:
        """The incident's alert, which was over, fires: what was closed is open again."""
        if not self.state.open:
            self.reopen(by, source, asked=True)

    @property
    def followed(self) -> bool:
        """Whether the desk's card stood on the case by now."""
        return self._card_seen

    def card(self, source: str, by: Actor) -> None:
        """A card of ours stands on the case; `card` is the first."""
        if not self._card_seen:
            self._card_seen = True
            self.fact("card", source, by)
