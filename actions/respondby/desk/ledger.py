"""The record: what the desk performed and promised on one case.

Laws of this module:

- A ledger only grows. `merge` is a union: commutative, associative, idempotent. Two runs' versions therefore always
  merge to the same ledger, whoever wrote last.
- Where two versions hold one key, the earlier record wins, but calls that succeeded in either are kept: a call that
  reached somebody is never forgotten.
- What a record owes shrinks only: what either version knows to be done is done.
- Its JSON form is canonical (sorted keys, no spaces) and versioned. A version that we do not know is refused, not
  guessed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from respondby.calendars.instants import Instant

VERSION = 1

T = TypeVar("T")

#: In a call's `to`: the issue itself, for a text that the policy lets us say there. No login begins with this sign.
THE_ISSUE = "#"
#: An issue that is to be opened in another repository.
ELSEWHERE = "#elsewhere"

#: In a call's `via`: without a `to`, `why` is the rung in whose place people were called; with one, who was called
#: before in such a way.
AHEAD = "ahead"
#: Why a call stands in an older record too: it went out once, under the key of the newest.
JOINED = "told with a newer one"

Outcome = Literal["done", "overtaken"]

#: What a record can owe beside calls. Labels and the issue's state are compared with the case itself instead.
Effect = Literal["assign", "react"]


class LedgerError(ValueError):
    """A ledger that cannot be read: of a newer version, or not of this shape."""


@dataclass(frozen=True, slots=True, order=True)
class CallMade:
    """One attempt to reach one person: through which channel (`mention` is the issue itself), and whether it went
    out.

    Besides channels, `via` may be `held` (by quiet hours), `ahead` (see there), `assign` (whom GitHub did not take), or
    `acknowledge` or `resolve` with a channel (what that pager was told of the page).
    """

    to: str
    via: str
    ok: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One rung, rule or command performed.

    `key` names it for ever: `clock/run/rung/repetition`, `rule/id/source` or `command/source`. `at` is the instant it
    was due, which is the fact's time (rule 10); `done` when it was really performed, which `after:` rungs count from
    (rule 7). `sets`, `raises` (a raise never lowers: what it did depends on the case at `at`), `labels`, `unlabels` and
    `closes` (`until_reply`: only until the customer's next comment) are what it changed, kept so that a ladder edited
    later changes no history. `policy` is the commit of the policy that asked for it. `owes` are effects that are not
    known to be done yet (`Effect`): the record stands in a comment before they are tried, and a run may end there.
    """

    key: str
    at: Instant
    done: Instant
    outcome: Outcome = "done"
    calls: tuple[CallMade, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()
    policy: str = ""
    raises: tuple[tuple[str, str], ...] = ()
    closes: bool = False
    unlabels: tuple[str, ...] = ()
    until_reply: bool = False
    owes: tuple[str, ...] = ()

    def did(self, effect: Effect) -> Record:
        """The same with that effect done."""
        return replace(self, owes=tuple(one for one in self.owes if one != effect))


@dataclass(frozen=True, slots=True)
class Pin:
    """What was promised when a run started: the target's and the calendar's text, and the policy's commit (rule 18)."""

    key: str
    target: str
    calendar: str
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A fact that moved a clock, kept because its comment may be deleted (rule 17)."""

    key: str
    at: Instant
    by: str
    association: str
    kind: str
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Elsewhere:
    """An issue that the desk opened for this case in another repository (`owner/name`), and why: its key."""

    number: int
    repository: str
    url: str
    key: str


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
        opened = [[made.key, made.repository, made.number, made.url] for _, made in sorted(self.elsewhere.items())]
        return {
            "v": VERSION,
            "records": [_record_to_json(record) for _, record in sorted(self.records.items())],
            "pins": [[pin.key, pin.target, pin.calendar, pin.policy] for _, pin in sorted(self.pins.items())],
            "kept": [
                [kept.key, kept.at, kept.by, kept.association, kept.kind, kept.name, kept.value]
                for _, kept in sorted(self.kept.items())
            ],
            **({"elsewhere": opened} if opened else {}),
        }

    @classmethod
    def from_json(cls, data: object) -> Ledger:
        """Read `to_json`'s form. Raises LedgerError on anything else."""
        if not isinstance(data, dict):
            raise LedgerError("the record is not an object")
        if data.get("v") != VERSION:
            raise LedgerError(
                f"the record has version {data.get('v')!r}, this respondby reads version {VERSION}: update respondby"
            )
        try:
            records = [_record_from_json(item) for item in data.get("records", [])]
            pins = [
                Pin(str(key), str(target), str(calendar), str(sha))
                for key, target, calendar, sha in data.get("pins", [])
            ]
            kept = [
                Kept(str(key), int(at), str(by), str(association), str(kind), str(name), str(value))
                for key, at, by, association, kind, name, value in data.get("kept", [])
            ]
            elsewhere = [
                Elsewhere(int(number), str(repository), str(url), str(key))
                for key, repository, number, url in data.get("elsewhere", [])
            ]
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
            raise LedgerError(f"the record is not of the known shape: {error}") from error
        return cls(
            {record.key: record for record in records},
            {pin.key: pin for pin in pins},
            {item.key: item for item in kept},
            {made.key: made for made in elsewhere},
        )


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
        (ours, theirs), key=lambda record: (record.outcome, record.done, repr(replace(record, calls=(), owes=())))
    )
    owes = tuple(sorted({*first.owes} & {*second.owes}))
    return replace(first, calls=tuple(sorted({*first.calls, *second.calls})), owes=owes)


def _record_to_json(record: Record) -> dict[str, Any]:
    item: dict[str, Any] = {"key": record.key, "at": record.at, "done": record.done}
    if record.outcome != "done":
        item["outcome"] = record.outcome
    if record.calls:
        item["calls"] = [[call.to, call.via, call.ok, call.why] for call in record.calls]
    if record.sets:
        item["sets"] = [list(pair) for pair in record.sets]
    if record.raises:
        item["raises"] = [list(pair) for pair in record.raises]
    if record.labels:
        item["labels"] = list(record.labels)
    if record.closes:
        item["closes"] = "until reply" if record.until_reply else True
    if record.unlabels:
        item["unlabels"] = list(record.unlabels)
    if record.policy:
        item["policy"] = record.policy
    if record.owes:
        item["owes"] = list(record.owes)
    return item


def _record_from_json(item: Any) -> Record:
    outcome = item.get("outcome", "done")
    if outcome not in ("done", "overtaken"):
        raise ValueError(f"unknown outcome {outcome!r}")
    return Record(
        key=str(item["key"]),
        at=int(item["at"]),
        done=int(item["done"]),
        outcome=outcome,
        calls=tuple(CallMade(str(to), str(via), bool(ok), str(why)) for to, via, ok, why in item.get("calls", [])),
        sets=tuple((str(name), str(value)) for name, value in item.get("sets", [])),
        labels=tuple(str(label) for label in item.get("labels", [])),
        policy=str(item.get("policy", "")),
        raises=tuple((str(name), str(value)) for name, value in item.get("raises", [])),
        closes=bool(item.get("closes", False)),
        unlabels=tuple(str(label) for label in item.get("unlabels", [])),
        until_reply=item.get("closes") == "until reply",
        owes=tuple(sorted(str(effect) for effect in item.get("owes", []))),
    )
