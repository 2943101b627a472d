"""Pins: what was promised when a run started, as text in the record (rule 18).

A pin holds the clock's target and what it is measured with. While the policy says the same, the pin costs a
comparison; where the policy was edited since, the run goes on under the pinned words (`on-policy-change: keep`).
"""

from __future__ import annotations

import json
from functools import lru_cache

from respondby.calendars.hours import Calendar
from respondby.desk.records import Pin
from respondby.desk.words import target_as_data, target_from
from respondby.policy.model.clocks import Clock, Target
from respondby.policy.model.policy import Policy
from respondby.promises.dues import Measures, Offer, calendar_of, measures_of, offers_of
from respondby.promises.triggers import triggers


def pin_of(policy: Policy, clock: Clock, key: str) -> Pin:
    """The pin of a run of this clock, one of the policy's, that starts under it."""
    return Pin(key, *_texts(policy, clock), (policy.commit or "")[:12])


def pinned(policy: Policy, clock: Clock, pin: Pin | None) -> tuple[Target, Measures]:
    """The target that holds for a run and what measures it: as pinned, unless the policy applies its edits at once."""
    if _stands(policy, clock, pin):
        return clock.target, measures_of(policy)
    assert pin is not None, "without a pin the policy stands"
    return target_from(json.loads(pin.target)), _read_measures(pin.calendar)


def offers_for(policy: Policy, today: Policy, index: int, pin: Pin | None) -> tuple[tuple[Offer, ...], bool]:
    """What a run of the clock of that index, which starts under `policy`, is promised, ready to be measured; and
    whether that is what today's policy promises no more. Both policies have the same clocks.
    """
    now, then = triggers(today), triggers(policy)
    texts = _texts(policy, then.clocks[index]) if pin is None else (pin.target, pin.calendar)
    if today.on_policy_change == "apply" or texts == _texts(today, now.clocks[index]):
        return now.offers[index], False
    return (then.offers[index] if pin is None else _read_offers(*texts)), True


def _stands(policy: Policy, clock: Clock, pin: Pin | None) -> bool:
    """Whether the policy's own words hold: nothing else was pinned, or edits apply at once."""
    if pin is None or policy.on_policy_change == "apply":
        return True
    return (pin.target, pin.calendar) == _texts(policy, clock)


def _texts(policy: Policy, clock: Clock) -> tuple[str, str]:
    known = triggers(policy).pin_texts
    texts = known.get(clock.name)
    if texts is None:
        target = _dump(target_as_data(clock.target))
        texts = known[clock.name] = (target, _measures_text(policy, clock.target))
    return texts


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
    return offers_of(target_from(json.loads(target)), _read_measures(measures))


def _dump(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
