"""How a case stood at an earlier instant."""

from __future__ import annotations

from respondby.calendars.instants import Instant
from respondby.desk.history import History
from respondby.desk.state import State


def fields_at(history: History, at: Instant) -> State:
    """The case's fields and labels right after `at`."""
    final = history.state
    state = State(final.policy, history.requester.login, history.case.repository, at)
    for fact in history.facts:
        if fact.at > at:
            break
        if fact.kind == "field" and fact.value is None:
            state.fields.pop(fact.name, None)
        elif fact.kind == "field" and fact.value is not None:
            state.fields[fact.name] = fact.value
        elif fact.kind == "label":
            state.labels.add(fact.name)
        elif fact.kind == "unlabel":
            state.labels.discard(fact.name)
    return state
