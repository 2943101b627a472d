"""What a request is to be told of the incident that it is part of: once each, in the customer's own language.

Laws:

- The customer hears what an `/update` says, that there is an incident, and what became of it: no other word of what
  people say on the incident, and of nobody there.
- What happened while the request was closed is not told, neither then nor later.
- What this run does not know the words of waits for one that does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from respondby.desk.built_in.incident_news import WHATS
from respondby.desk.history import Fact, History
from respondby.desk.ledger import Ledger
from respondby.policy.model.built_in import NOT_SOLVED, SOLVED
from respondby.policy.model.clocks import NOTHING
from respondby.policy.model.policy import Policy
from respondby.rules.languages import language_of
from respondby.rules.plan import Because, Relay
from respondby.rules.task import Task

#: One comment holds no more than so many characters of updates; the rest follows in the next.
MOST_TOLD = 15_000


def relay_tasks(policy: Policy, history: History, ledger: Ledger) -> Iterator[Task]:
    """What is to be told, and what has been."""
    long = 0
    for fact in relayed(history):
        record = ledger.records.get(key_of(fact))
        relay = None if record is not None and not record.unsaid else _relay(policy, history, fact)
        if record is None and relay is None:
            continue
        long += len(relay.text) if relay is not None else 0
        if relay is not None and long > max(MOST_TOLD, len(relay.text)):
            return
        wanted = history.state.open
        because = Because("incident", fact.name)
        yield Task(key_of(fact), fact.at, NOTHING, because, wanted, wanted, (), recorded=record, relay=relay)


def key_of(fact: Fact) -> str:
    """The record under which it is told."""
    return f"incident/{fact.name or fact.kind}/{fact.source}"


def relayed(history: History) -> Iterator[Fact]:
    """What the customer hears of, as far as the case was open then. Of several ties to one incident, the first."""
    tied: set[str] = set()
    for fact, state in zip(history.facts, history.states, strict=True):
        if fact.value is None or not (state.open and fact.kind in ("tied", "incident")):
            continue
        if fact.kind == "tied" and fact.value in tied:
            continue
        tied |= {fact.value} if fact.kind == "tied" else set()
        yield fact


def untold(history: History) -> bool:
    """Whether something is still to be told, so that its words have to be known."""
    records = history.ledger.records
    facts = relayed(history) if history.state.open else ()
    return any((record := records.get(key_of(fact))) is None or record.unsaid for fact in facts)


def _relay(policy: Policy, history: History, fact: Fact) -> Relay | None:
    """What is said of it; None where its words are not known to this run."""
    words = history.known.updates
    if fact.kind == "incident" and fact.name == "updated" and fact.source not in words:
        return None
    if fact.kind == "tied" and fact.source not in words:
        return None
    to = history.requester.login
    named = "" if history.requester.is_nobody else to
    asks = fact.name == "resolved"
    return Relay(
        what=_what(fact),
        incident=int(fact.value or 0),
        text=words.get(fact.source, ""),
        to=named,
        solved=SOLVED if asks and SOLVED in policy.commands else "",
        not_solved=NOT_SOLVED if asks and NOT_SOLVED in policy.commands else "",
        language=language_of(policy, to, history.case.repository),
    )


def _what(fact: Fact) -> Literal["tied", "updated", "resolved", "again", "ended"]:
    if fact.kind == "tied":
        return "tied"
    return next(what for what in WHATS if what == fact.name)
