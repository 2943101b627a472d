"""A clock's target as the record keeps it: as data, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from respondby.calendars.durations import parse_duration
from respondby.policy.model.clocks import Promise, Target
from respondby.policy.model.conditions import Requirement, When


def target_as_data(target: Target) -> list[dict[str, Any]]:
    """The promises of a target, in order; only what differs from a default is there."""
    return [_promise(choice) for choice in target.choices]


def _promise(choice: Promise) -> dict[str, Any]:
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


def target_from(data: Iterable[dict[str, Any]]) -> Target:
    """The target again."""
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
            for item in data
        )
    )
