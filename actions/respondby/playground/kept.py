"""What a game remembers, in the forge's own database: so that both are always of the same moment.

Facts of the game by name, every run with what it said, and every call that reached somebody.
"""

from __future__ import annotations

import json
from typing import Any

from respondby.sandbox.store.world import OldFile, World

VERSION = 1

_TABLES = """
CREATE TABLE play_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE play_runs (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,             -- of the forge's clock
    workflow TEXT NOT NULL,          -- enforce.yml
    job TEXT NOT NULL,
    event TEXT NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    issue INTEGER,                   -- the number of the issue or pull request that it is about
    exit_code INTEGER NOT NULL,
    performed INTEGER NOT NULL,      -- how many things it did
    log TEXT NOT NULL,
    summary TEXT NOT NULL
);
CREATE TABLE play_calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    run INTEGER NOT NULL,
    kind TEXT NOT NULL,              -- page, notify, mention, pager (what a pager was told of a page), group
    who TEXT NOT NULL,
    channel TEXT NOT NULL,
    words TEXT NOT NULL,
    key TEXT NOT NULL,               -- by which a receiver tells repetitions of one call; empty: it has none
    body TEXT NOT NULL,              -- as it arrived
    again INTEGER NOT NULL           -- its key had arrived before: nobody was called twice
);
"""


class Kept:
    """The memory of one game. Raises OldFile where the file was written by another version."""

    def __init__(self, world: World) -> None:
        self._world = world
        with world.lock:
            if not world.all("SELECT 1 FROM sqlite_master WHERE name = 'play_facts'"):
                self._make_tables()
            elif self.get("version") != VERSION:
                raise OldFile("this file was written by another version of `respondby sandbox --open`; name a new file")

    def start_over(self) -> None:
        """Forget everything: the game, and the forge that it was played on."""
        with self._world.lock:
            self._world.forget()
            self._make_tables()

    def _make_tables(self) -> None:
        self._world.db.executescript(_TABLES)
        self.put(version=VERSION)

    def get(self, name: str, default: Any = None) -> Any:
        """A fact by its name."""
        with self._world.lock:
            row = self._world.one("SELECT value FROM play_facts WHERE name = ?", name)
            return default if row is None else json.loads(row["value"])

    def put(self, **facts: Any) -> None:
        """Remember facts by their names."""
        with self._world.lock:
            for name, value in facts.items():
                self._world.run("INSERT OR REPLACE INTO play_facts VALUES (?, ?)", name, json.dumps(value))

    def add_run(self, **run: Any) -> None:
        """Remember a run; its fields are the columns."""
        self._insert("play_runs", run)

    def add_call(self, **call: Any) -> None:
        """Remember a call; its fields are the columns, but for its id."""
        self._insert("play_calls", call)

    def runs(self, most: int = 200) -> list[dict[str, Any]]:
        """The last runs, newest first, without what they said."""
        sql = (
            "SELECT number, at, workflow, job, event, action, actor, issue, exit_code, performed FROM play_runs"
            " ORDER BY number DESC LIMIT ?"
        )
        return self._all(sql, most)

    def run(self, number: int) -> dict[str, Any] | None:
        """A run by its number."""
        return next(iter(self._all("SELECT * FROM play_runs WHERE number = ?", number)), None)

    def runs_about(self, number: int, most: int = 6) -> list[dict[str, Any]]:
        """The last runs that were about an issue, or did something to it, newest first."""
        sql = (
            "SELECT number, at, workflow, job, event, exit_code, performed FROM play_runs WHERE issue = ?"
            " OR (issue IS NULL AND performed > 0 AND summary LIKE ?) ORDER BY number DESC LIMIT ?"
        )
        return self._all(sql, number, f"%#{number} |%", most)

    def last_run(self) -> int:
        """The number of the last run; 0 before the first."""
        return int(self._all("SELECT COALESCE(MAX(number), 0) AS last FROM play_runs")[0]["last"])

    def calls(self, most: int = 200) -> list[dict[str, Any]]:
        """The last calls, newest first."""
        return self._all("SELECT * FROM play_calls ORDER BY id DESC LIMIT ?", most)

    def calls_of(self, run: int) -> list[dict[str, Any]]:
        """The calls of one run, in their order."""
        return self._all("SELECT * FROM play_calls WHERE run = ? ORDER BY id", run)

    def has_key(self, key: str) -> bool:
        """Whether a call under this key has arrived."""
        return bool(self._all("SELECT 1 FROM play_calls WHERE key = ?", key))

    def counted(self) -> dict[str, int]:
        """How many calls there are of each kind, those that repeated one left out."""
        rows = self._all("SELECT kind, COUNT(*) AS count FROM play_calls WHERE NOT again GROUP BY kind")
        return {row["kind"]: row["count"] for row in rows}

    def _insert(self, table: str, values: dict[str, Any]) -> None:
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        with self._world.lock:
            sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names are literals of this room
            self._world.run(sql, *values.values())

    def _all(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        with self._world.lock:
            return [dict(row) for row in self._world.all(sql, *values)]
