"""Pins: what was promised when a run started, as text in the record (rule 18).

A pin holds the clock's target and what it is measured with. While the policy says the same, the pin costs a
comparison; where the policy was edited since, the run goes on under the pinned words (`on-policy-change: keep`).
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from respondby.calendars.durations import parse_duration
from respondby.calendars.hours import Calendar
from respondby.desk.records import Pin
from respondby.policy.model.clocks import Clock, Promise, Target
from respondby.policy.model.conditions import Requirement, When
from respondby.policy.model.policy import Policy
from respondby.promises.dues import Measures, Offer, calendar_of, measures_of, offers_of
from respondby.promises.triggers import triggers


def pin_of(policy: Policy, clock: Clock, key: str) -> Pin:
    """The pin of a run of this clock, one of the policy's, that starts now."""
    return Pin(key, *_texts(policy, clock), (policy.commit or "")[:12])


def pinned(policy: Policy, clock: Clock, pin: Pin | None) -> tuple[Target, Measures]:
    """The target that holds for a run and what measures it: as pinned, unless the policy applies its edits at once."""
    if _stands(policy, clock, pin):
        return clock.target, measures_of(policy)
    assert pin is not None, "without a pin the policy stands"
    return _read_target(pin.target), _read_measures(pin.calendar)


def pinned_offers(policy: Policy, index: int, pin: Pin | None) -> tuple[Offer, ...]:
    """The same for the clock of that index, ready to be measured."""
    known = triggers(policy)
    if _stands(policy, known.clocks[index], pin):
        return known.offers[index]
    assert pin is not None, "without a pin the policy stands"
    return _read_offers(pin.target, pin.calendar)


def _stands(policy: Policy, clock: Clock, pin: Pin | None) -> bool:
    """Whether the policy's own words hold: nothing else was pinned, or edits apply at once."""
    if pin is None or policy.on_policy_change == "apply":
        return True
    return (pin.target, pin.calendar) == _texts(policy, clock)


def _texts(policy: Policy, clock: Clock) -> tuple[str, str]:
    known = triggers(policy).pin_texts
    texts = known.get(clock.name)
    if texts is None:
        target = _dump([_promise_json(choice) for choice in clock.target.choices])
        texts = known[clock.name] = (target, _measures_text(policy, clock.target))
    return texts


def _promise_json(choice: Promise) -> dict[str, Any]:
    item: dict[str, Any] = {}
    if choice.when:
        item["when"] = [[term.key, list(term.values)] for term in choice.when.terms]
    if choice.within is not None:
        item["within"] = str(choice.within)
    if choice.by is not None:
        item["by"] = choice.by
    if choice.argument is not None:
        item["argument"] = list(choice.argument)
    if choice.none:
        item["none"] = True
    if choice.calendar is not None:
        item["calendar"] = choice.calendar
    if choice.text:
        item["text"] = choice.text
    return item


def _read_target(text: str) -> Target:
    return Target(
        tuple(
            Promise(
                when=When(tuple(Requirement(key, tuple(values)) for key, values in item.get("when", []))),
                within=parse_duration(item["within"]) if "within" in item else None,
                by=item.get("by"),
                argument=(item["argument"][0], item["argument"][1]) if "argument" in item else None,
                none=bool(item.get("none", False)),
                calendar=item.get("calendar"),
                text=item.get("text", ""),
            )
            for item in json.loads(text)
        )
    )


def _measures_text(policy: Policy, target: Target) -> str:
    names = {calendar_of(choice, policy.calendar) for choice in target.choices}
    terms = [term for choice in target.choices for term in choice.when.terms]
    names.update(name for term in terms if term.key in ("during", "outside") for name in term.values)
    calendars = {name: policy.calendars[name].to_mapping() for name in names if name is not None}
    return _dump({"calendars": calendars, "default": policy.calendar, "timezone": policy.timezone})


def _read_measures(text: str) -> Measures:
    item = json.loads(text)
    calendars = {name: Calendar.from_mapping(mapping) for name, mapping in item["calendars"].items()}
    return Measures(calendars, item["default"], item["timezone"])


@lru_cache(maxsize=256)
def _read_offers(target: str, measures: str) -> tuple[Offer, ...]:
    return offers_of(_read_target(target), _read_measures(measures))


def _dump(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
