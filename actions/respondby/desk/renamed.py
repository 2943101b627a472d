"""Clocks that have another name now (`was: NAME`): what was recorded and promised under the old one is theirs.

- The record keeps the names that it was written with. It is read with a copy under the name of now beside each.
- What a rung did is done under either name: nobody is called again because a clock was renamed.
- Whoever counts what the record holds leaves out the old names (`former`), for each of theirs has its copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from respondby.desk.ledger import Ledger
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy


@per_policy
def former(policy: Policy) -> Mapping[str, str]:
    """What each clock was called before, with its name of now."""
    return {clock.was: name for name, clock in policy.clocks.items() if clock.was is not None}


def under_new_names(policy: Policy, ledger: Ledger) -> Ledger:
    """The ledger with copies under the names of now; the very same one where no clock was renamed."""
    names = former(policy)
    if not names:
        return ledger
    records = {key: replace(one, key=key) for old, one in ledger.records.items() if (key := _named(old, names))}
    pins = {key: replace(one, key=key) for old, one in ledger.pins.items() if (key := _named(old, names))}
    if records.keys() <= ledger.records.keys() and pins.keys() <= ledger.pins.keys():
        return ledger
    return replace(ledger, records={**records, **ledger.records}, pins={**pins, **ledger.pins})


def _named(key: str, names: Mapping[str, str]) -> str:
    """The key under the name of now; empty for one that has it already."""
    clock, slash, rest = key.partition("/")
    return f"{names[clock]}{slash}{rest}" if clock in names else ""
