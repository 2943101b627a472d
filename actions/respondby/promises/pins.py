"""Pins: what was promised when a run started, as text in the record (rule 18).

A pin holds the clock's target and the calendars that it is measured on. While the policy says the same, the pin costs a
comparison; where the policy was edited since, the run goes on under the pinned words (`on-policy-change: keep`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from respondby.calendars.durations import parse_duration
from respondby.calendars.hours import Calendar
from respondby.desk.ledger import Pin
from respondby.policy.clocks import Clock, Promise, Target
from respondby.policy.conditions import Term, When
from respondby.policy.model import Policy
from respondby.promises.dues import calendar_of


def pin_of(policy: Policy, clock: Clock, key: str) -> Pin:
    """The pin of a run of this clock that starts now."""
    return Pin(key, _target_text(clock.target), _calendars_text(policy, clock.target), (policy.commit or "")[:12])


def pinned(policy: Policy, clock: Clock, pin: Pin | None) -> tuple[Target, Mapping[str, Calendar]]:
    """The target and calendars that hold for a run: the pinned ones, unless the policy applies its edits at once."""
    if pin is None or policy.on_policy_change == "apply":
        return clock.target, policy.calendars
    target = clock.target if pin.target == _target_text(clock.target) else _read_target(pin.target)
    calendars = policy.calendars
    if pin.calendar != _calendars_text(policy, target):
        calendars = {**policy.calendars, **_read_calendars(pin.calendar)}
    return target, calendars


@lru_cache(maxsize=256)
def _target_text(target: Target) -> str:
    return _dump([_promise_json(choice) for choice in target.choices])


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


@lru_cache(maxsize=256)
def _read_target(text: str) -> Target:
    return Target(
        tuple(
            Promise(
                when=When(tuple(Term(key, tuple(values)) for key, values in item.get("when", []))),
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


def _calendars_text(policy: Policy, target: Target) -> str:
    names = sorted({name for choice in target.choices if (name := calendar_of(choice, policy)) is not None})
    return _dump({name: policy.calendars[name].to_mapping() for name in names if name in policy.calendars})


@lru_cache(maxsize=64)
def _read_calendars(text: str) -> Mapping[str, Calendar]:
    return {name: Calendar.from_mapping(mapping) for name, mapping in json.loads(text).items()}


def _dump(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
