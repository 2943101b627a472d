"""The sweep's cache: which cases are at rest, and until when, unless somebody touches them.

One SQLite file, kept between runs through the runner's cache or in a folder. It holds no facts of cases, only when
each has to be looked at again, so the worst that a wrong file could do is a late look; and that is bounded. Laws:

- Losing it costs requests, never an action: what is missing, damaged, foreign, of another version, too old, from the
  future or not signed by us is thrown away, said, and answered by one full read.
- What a case's rest was decided by is named by the `basis` (the policy's texts, teams, labels, maintenance windows):
  another basis, another full read.
- A case that depends on more than its own timeline is never at rest: it is read by every sweep.
- Once a day everything is read all the same: GitHub does not touch an issue for everything (docs/performance.md).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import sqlite3
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path

from respondby.calendars.instants import Instant, iso
from respondby.dataclass import dataclass

#: The version of the file's shape.
FORMAT = 2
#: The file, in the folder that the runner keeps.
NAME = "respondby-sweep.sqlite3"
#: After so many seconds a sweep reads everything once more.
FULL_EVERY = 86_400
#: A sweep asks for what was touched since the one before, and so many seconds more: GitHub's machines differ a little.
OVERLAP = 120
#: What has not changed is written anew after so many seconds.
STALE = 900
#: No desk needs a larger file; a row is some twenty bytes.
MOST_BYTES = 64 * 1024 * 1024

_SHAPE = """
CREATE TABLE head (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rest (number INTEGER PRIMARY KEY, next INTEGER, always INTEGER NOT NULL, watched INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Rest:
    """What an earlier sweep left: when it read, when everything was last read, by which basis, and of each case by
    number when it changes by itself (None: never); those in `always` are read each time, and for those
    in `watched` a watch stays awake.
    """

    at: Instant
    full_at: Instant
    basis: str
    next_looks: Mapping[int, Instant | None] = field(default_factory=dict)
    always: frozenset[int] = frozenset()
    watched: frozenset[int] = frozenset()

    def due(self, now: Instant) -> frozenset[int]:
        """The cases that have to be read by now, touched or not."""
        return frozenset(number for number, at in self.next_looks.items() if at is not None and at <= now)

    def next_of_others(self, read: Collection[int], *, watched: bool = False) -> Instant | None:
        """When the first case (or `watched` one) changes by itself that was not `read`."""
        others = (
            at
            for number, at in self.next_looks.items()
            if at is not None and number not in read and (not watched or number in self.watched)
        )
        return min(others, default=None)

    def fails_at(self, now: Instant) -> str | None:
        """Why a sweep at `now` may not rely on this, in words for its report; an empty text where it is only time for
        everything to be read once more; None where it may.
        """
        if self.at > now:
            return f"the sweep's cache is of {iso(self.at)}, which has not come: everything was read"
        return "" if now - self.full_at >= FULL_EVERY else None


@dataclass(slots=True)
class SweepCache:
    """The cache of one desk: `place` is the file (None: kept in memory, as long as this object lives).

    `owner` names the desk (the API's address, the repository's node id, the product's version); `secret` signs what is
    written, where the desk has a key. `remark` says why the last `load` or `save` did not work, `changed`
    whether this object has written the file.
    """

    place: Path | None
    owner: str
    secret: bytes = b""
    remark: str = ""
    changed: bool = False
    _known: Rest | None = None
    _loaded: Rest | None = None

    def load(self) -> Rest | None:
        """What an earlier sweep left; None where there is nothing that this desk has written."""
        self.remark = ""
        if self.place is None:
            return self._known
        self._loaded = self._read(self.place)
        return self._loaded

    def save(self, known: Rest) -> None:
        """Keep this for the next sweep. What cannot be written is said in `remark`, and costs the next sweep a read.

        The same, a little younger, is not written: the next sweep asks for what was touched since then.
        """
        self.remark = ""
        before = self._known if self.place is None else self._loaded
        if before is not None and replace(before, at=known.at) == known and known.at - before.at < STALE:
            return
        if self.place is None:
            self._known = known
            return
        try:
            self._write(self.place, known)
            self.changed = True
        except (OSError, sqlite3.Error) as error:
            self.remark = f"the sweep's cache could not be written ({error}): the next sweep reads everything"

    def _read(self, place: Path) -> Rest | None:
        try:
            if place.stat().st_size > MOST_BYTES:
                self.remark = "the sweep's cache is larger than any of ours: everything was read"
                return None
            with contextlib.closing(sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                head = dict(connection.execute("SELECT name, value FROM head"))
                rows = connection.execute("SELECT number, next, always, watched FROM rest ORDER BY number").fetchall()
            if head.get("format") != str(FORMAT) or head.get("owner") != self.owner:
                self.remark = "the sweep's cache is another desk's or another version's: everything was read"
                return None
            if not hmac.compare_digest(head.get("signature", ""), self._signature(head, rows)):
                self.remark = "the sweep's cache was not written by this desk: everything was read"
                return None
            return Rest(
                int(head["at"]),
                int(head["full"]),
                head["basis"],
                {int(number): None if at is None else int(at) for number, at, *_ in rows},
                frozenset(int(number) for number, _, always, _ in rows if always),
                frozenset(int(number) for number, *_, watched in rows if watched),
            )
        except FileNotFoundError:
            return None
        except (OSError, sqlite3.Error, ValueError, TypeError, KeyError, AttributeError) as error:
            self.remark = f"the sweep's cache could not be read ({error}): everything was read"
            return None

    def _write(self, place: Path, known: Rest) -> None:
        """Aside first, then in its place in one step: a run that is killed leaves the old file or the new one."""
        place.parent.mkdir(parents=True, exist_ok=True)
        head = {
            "format": str(FORMAT),
            "owner": self.owner,
            "at": str(known.at),
            "full": str(known.full_at),
            "basis": known.basis,
        }
        rows = [
            (number, at, int(number in known.always), int(number in known.watched))
            for number, at in sorted(known.next_looks.items())
        ]
        head["signature"] = self._signature(head, rows)
        handle, aside = tempfile.mkstemp(prefix=place.name, dir=place.parent)
        os.close(handle)
        try:
            with contextlib.closing(sqlite3.connect(aside)) as connection, connection:
                # Nothing waits for the disk: what a machine that loses its power leaves is found by the signature.
                connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SHAPE}")
                connection.executemany("INSERT INTO head VALUES (?, ?)", sorted(head.items()))
                connection.executemany("INSERT INTO rest VALUES (?, ?, ?, ?)", rows)
            Path(aside).replace(place)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise

    def _signature(self, head: Mapping[str, str], rows: Iterable[tuple[object, ...]]) -> str:
        said = {name: value for name, value in head.items() if name != "signature"}
        text = json.dumps([sorted(said.items()), [list(row) for row in rows]], separators=(",", ":"))
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()


def basis_of(*parts: object) -> str:
    """A short name for what decisions rested on: equal for equal parts, which are plain data."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def rested(
    before: Rest | None,
    now: Instant,
    basis: str,
    next_looks: Mapping[int, Instant | None],
    gone: Collection[int],
    always: Collection[int],
    watched: Collection[int] = (),
) -> Rest:
    """What the next sweep may rely on. `before` is what this one relied on (None: it read everything), `next_looks`
    when each case that it has read changes by itself, `gone` cases that are there no more.
    """
    rest = {} if before is None else dict(before.next_looks)
    kept = frozenset() if before is None else before.always - next_looks.keys()
    rest.update(next_looks)
    for number in gone:
        rest.pop(number, None)
    full_at = now if before is None else before.full_at
    awake = frozenset() if before is None else before.watched - next_looks.keys()
    return Rest(
        now, full_at, basis, rest, (kept | frozenset(always)) & rest.keys(), (awake | frozenset(watched)) & rest.keys()
    )
