"""The sandbox's state: one SQLite database, one clock, and the address under which it is served."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from respondby.sandbox.store.clock import Clock
from respondby.sandbox.store.values import Row


def mentions(text: str | None, login: str) -> bool:
    """Return whether a text mentions an account: `@login`, not as a part of a longer word."""
    found = re.search(rf"(?<![\w@/-])@{re.escape(login)}(?![\w-])", text or "", re.IGNORECASE)
    return found is not None


TABLES = 3
"""The version of `tables.sql`; a file keeps that of the sandbox that made it."""


class OldFile(Exception):
    """A file is no database of this version of the sandbox."""


class World:
    """Everything that the sandbox knows.

    One connection serves all threads, so every use holds `lock`; `transaction` does that and undoes the
    writes of a request that fails.
    """

    def __init__(self, path: Path | None, clock: Clock, url: str = "http://127.0.0.1") -> None:
        self.clock = clock
        self.url = url
        self.api = url
        """The address of the REST API, as the request that is being answered came by it."""
        self.search_lag = 0
        """How many seconds the index of searches is behind."""
        self.lock = threading.RLock()
        try:
            self.db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise OldFile(f"{path} cannot be used: {error}; name a new file") from error
        self.db.row_factory = sqlite3.Row
        try:
            self.db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.DatabaseError as error:
            self.db.close()
            raise OldFile(f"{path} is not a database of the sandbox ({error}); name a new file") from error
        self.db.execute("PRAGMA synchronous = OFF")
        self.db.create_function("mentions", 2, mentions, deterministic=True)
        if not self.all("SELECT 1 FROM sqlite_master WHERE name = 'sequence'"):
            self._make_tables()
        elif self.count("PRAGMA user_version") != TABLES:
            self.db.close()
            raise OldFile(f"{path} was written by another version of the sandbox; name a new file")

    def _make_tables(self) -> None:
        self.db.executescript(Path(__file__).with_name("tables.sql").read_text(encoding="utf-8"))
        self.db.execute(f"PRAGMA user_version = {TABLES}")

    def forget(self) -> None:
        """Start over with nothing, as a new file would. Ids go on, so none ever means two things."""
        with self.lock:
            last = self.new_id()
            for row in self.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
                self.db.execute(f'DROP TABLE "{row["name"]}"')
            self._make_tables()
            self.run("UPDATE sequence SET last = ?", last)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the world for one request; undo what it wrote if it raises."""
        with self.lock:
            self.db.execute("BEGIN")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def all(self, sql: str, *values: Any) -> list[Row]:
        """Return every row of a query."""
        rows: list[Row] = self.db.execute(sql, values).fetchall()
        return rows

    def one(self, sql: str, *values: Any) -> Row | None:
        """Return the first row of a query, or None."""
        row: Row | None = self.db.execute(sql, values).fetchone()
        return row

    def count(self, sql: str, *values: Any) -> int:
        """Return the number that a query counts."""
        return int(self.db.execute(sql, values).fetchone()[0])

    def run(self, sql: str, *values: Any) -> int:
        """Perform a statement and return how many rows it changed."""
        return self.db.execute(sql, values).rowcount

    def new_id(self) -> int:
        """Return the next id of the one sequence that all ids come from."""
        return int(self.db.execute("UPDATE sequence SET last = last + 1 RETURNING last").fetchone()[0])

    def insert(self, table: str, **values: Any) -> int:
        """Insert a row under a new id and return that id. `table` and the columns are the caller's own literals."""
        number = self.new_id()
        columns = ", ".join(values)
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} (id, {columns}) VALUES (?, {marks})"  # noqa: S608 - names are literals of this room
        self.run(sql, number, *values.values())
        return number

    def get(self, table: str, number: int) -> Row:
        """Return the row with this id, which must exist."""
        row = self.one(f"SELECT * FROM {table} WHERE id = ?", number)  # noqa: S608 - as above
        if row is None:
            raise LookupError(f"{table} has no row {number}")
        return row


def listed(values: Iterable[Any]) -> str:
    """Return values as one parameter for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(values))
