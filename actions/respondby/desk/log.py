"""The desk's log: what it remembers of no case. Duties' periods, dispatched events, and whatever else has no card.

The log is an issue that the desk opens (`jobs.logbook`); its comments carry ledgers, and an entry is one kept fact.

- An entry is named for ever by its kind, name and id: writing it again changes nothing, and two runs' entries are a
  union.
- `at` is when the thing happened, never when it was written down (rule 10).
- Entries are data: what another system said is plain text, and bounded before it gets here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import field

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.ledger import Ledger
from respondby.desk.records import Kept


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to remember: its kind (`dispatch`, `duty opened`, …), what it is about, and plain facts about it."""

    kind: str
    name: str
    id: str
    at: Instant
    by: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What names it for ever."""
        return f"{self.kind}/{self.name}/{self.id}"

    def kept(self) -> Kept:
        """The entry as a ledger keeps it."""
        value = json.dumps(dict(self.facts), sort_keys=True, separators=(",", ":")) if self.facts else ""
        return Kept(self.key, self.at, self.by, "", self.kind, self.name, value)


def entry_of(kept: Kept) -> Entry:
    """The entry that was kept. The record is ours, but it is read as if it were not."""
    try:
        facts = json.loads(kept.value) if kept.value else {}
    except ValueError:
        facts = {}
    plain = {str(name): str(value) for name, value in facts.items()} if isinstance(facts, dict) else {}
    return Entry(kept.kind, kept.name, kept.key.removeprefix(f"{kept.kind}/{kept.name}/"), kept.at, kept.by, plain)


class Log:
    """All entries, by kind and name, each list in the order in which things happened."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries: dict[str, Entry] = {}
        self._found: dict[tuple[str, str], list[Entry]] = {}
        keyed = {entry.key: entry for entry in entries}
        for key, entry in sorted(keyed.items(), key=lambda item: (item[1].at, item[0])):
            self.entries[key] = entry
            self._found.setdefault((entry.kind, entry.name), []).append(entry)

    @classmethod
    def of(cls, *ledgers: Ledger) -> Log:
        """What these ledgers keep, merged."""
        merged = Ledger()
        for ledger in ledgers:
            merged = merged.merge(ledger)
        return cls(entry_of(kept) for kept in merged.kept.values())

    def __contains__(self, entry: Entry) -> bool:
        return entry.key in self.entries

    def of_kind(self, kind: str, name: str) -> list[Entry]:
        """The entries of that kind about that name, oldest first."""
        return self._found.get((kind, name), [])

    def with_entries(self, entries: Iterable[Entry]) -> Log:
        """This log and those entries."""
        new = [entry for entry in entries if entry not in self]
        return Log([*new, *self.entries.values()]) if new else self


def ledger_of(entries: Iterable[Entry]) -> Ledger:
    """Entries as a ledger keeps them."""
    return Ledger(kept={entry.key: entry.kept() for entry in entries})
