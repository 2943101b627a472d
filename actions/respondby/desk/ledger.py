"""The record: what the desk performed and promised on one case.

Laws of this module:

- A ledger only grows. `merge` is a union: commutative, associative, idempotent. Two runs' versions therefore always
  merge to the same ledger, whoever wrote last.
- Where two versions hold one key, the earlier record wins, but the results of both are kept: a call that reached
  somebody is never forgotten.
- What a record owes shrinks only: what either version knows to be done is done.
- Its JSON form is canonical (sorted keys, no spaces) and versioned. What was written by version 1 is read as well. A
  version that we do not know is refused, not guessed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any, TypeVar

from respondby.dataclass import dataclass
from respondby.desk import ledger_v1
from respondby.desk.records import Elsewhere, Kept, Pin, Record
from respondby.desk.results import in_order

VERSION = 2

T = TypeVar("T")


class LedgerError(ValueError):
    """A ledger that cannot be read: of a newer version, or not of this shape."""


_Item = Record | Pin | Kept | Elsewhere


@dataclass(frozen=True, slots=True)
class Ledger:
    """All records of a case, by key. Of two issues elsewhere for one purpose the lowest number counts."""

    records: Mapping[str, Record] = field(default_factory=dict)
    pins: Mapping[str, Pin] = field(default_factory=dict)
    kept: Mapping[str, Kept] = field(default_factory=dict)
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)

    def merge(self, other: Ledger) -> Ledger:
        """The union of both."""
        if not other:
            return self
        if not self:
            return other
        records = dict(self.records)
        for key, theirs in other.records.items():
            ours = records.get(key)
            records[key] = theirs if ours is None else _merge_records(ours, theirs)
        return Ledger(
            records,
            _union(self.pins, other.pins),
            _union(self.kept, other.kept),
            _lowest(self.elsewhere, other.elsewhere),
        )

    def __bool__(self) -> bool:
        return bool(self.records or self.pins or self.kept or self.elsewhere)

    def without(self, other: Ledger) -> Ledger:
        """What the other one does not hold just like that. Merged with the other, it says as much as this one does."""
        return Ledger(
            {key: record for key, record in self.records.items() if other.records.get(key) != record},
            {key: pin for key, pin in self.pins.items() if other.pins.get(key) != pin},
            {key: item for key, item in self.kept.items() if other.kept.get(key) != item},
            {key: made for key, made in self.elsewhere.items() if other.elsewhere.get(key) != made},
        )

    def halves(self) -> tuple[Ledger, Ledger]:
        """Two ledgers, the older records in the first, whose union is this one; of one item the first is empty."""
        records = sorted(self.records.values(), key=lambda record: (record.at, record.key))
        kept = sorted(self.kept.values(), key=lambda item: (item.at, item.key))
        items: list[_Item] = [*records, *kept, *self.pins.values(), *self.elsewhere.values()]
        first, second = items[: len(items) // 2], items[len(items) // 2 :]
        return _ledger_of(first), _ledger_of(second)

    def with_records(self, *records: Record) -> Ledger:
        """This ledger and those records."""
        return self.merge(Ledger({record.key: record for record in records}))

    def to_json(self) -> dict[str, Any]:
        """The canonical form: only what differs from a member's default is written."""
        opened = [made.unparse() for _, made in sorted(self.elsewhere.items())]
        return {
            "v": VERSION,
            "records": [record.unparse() for _, record in sorted(self.records.items())],
            "pins": [pin.unparse() for _, pin in sorted(self.pins.items())],
            "kept": [kept.unparse() for _, kept in sorted(self.kept.items())],
            **({"elsewhere": opened} if opened else {}),
        }

    @classmethod
    def from_json(cls, data: object) -> Ledger:
        """Read `to_json`'s form, and that of version 1. Raises LedgerError on anything else."""
        if not isinstance(data, dict):
            raise LedgerError("the record is not an object")
        version = data.get("v")
        if isinstance(version, bool) or version not in (1, VERSION):
            raise LedgerError(
                f"the record has version {version!r}, this respondby reads versions 1 to {VERSION}: update respondby"
            )
        try:
            record_of = Record.parse if version == VERSION else ledger_v1.record_of
            return _ledger_of(
                [
                    *(record_of(item) for item in data.get("records", [])),
                    *(Pin.parse(item) for item in data.get("pins", [])),
                    *(Kept.parse(item) for item in data.get("kept", [])),
                    *(Elsewhere.parse(item) for item in data.get("elsewhere", [])),
                ]
            )
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
            raise LedgerError(f"the record is not of the known shape: {error}") from error


#: The ledger of a case that we have done nothing about.
EMPTY = Ledger()


def _ledger_of(items: Iterable[_Item]) -> Ledger:
    found = list(items)
    return Ledger(
        {item.key: item for item in found if isinstance(item, Record)},
        {item.key: item for item in found if isinstance(item, Pin)},
        {item.key: item for item in found if isinstance(item, Kept)},
        {item.key: item for item in found if isinstance(item, Elsewhere)},
    )


def _union(ours: Mapping[str, T], theirs: Mapping[str, T]) -> Mapping[str, T]:
    """Both; where both have a key, the smaller of the two by its text, so that the order of merging cannot matter."""
    merged = dict(ours)
    for key, value in theirs.items():
        present = merged.get(key)
        merged[key] = value if present is None or repr(value) < repr(present) else present
    return merged


def _lowest(ours: Mapping[str, Elsewhere], theirs: Mapping[str, Elsewhere]) -> Mapping[str, Elsewhere]:
    return {key: min(one[key] for one in (ours, theirs) if key in one) for key in {**ours, **theirs}}


def _merge_records(ours: Record, theirs: Record) -> Record:
    if ours == theirs:
        return ours
    # "done" beats "overtaken" (somebody was called), then the earlier one, then the text: any total order will do.
    first, second = sorted(
        (ours, theirs),
        key=lambda record: (record.outcome, record.done, repr(replace(record, results=(), outstanding=()))),
    )
    outstanding = tuple(sorted({*first.outstanding} & {*second.outstanding}))
    return replace(first, results=in_order({*first.results, *second.results}), outstanding=outstanding)
