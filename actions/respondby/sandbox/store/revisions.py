"""The edit history of a body: every text it ever had, by whom and when.

Rule of GitHub held here: there is no history before the first edit; that edit records the original as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World, listed


def write(world: World, table: str, row: Row, body: str, editor: Viewer) -> None:
    """Record that an issue or a comment (`table`) gets a new body; the caller writes the body itself."""
    now = world.clock.now()
    if not world.one("SELECT 1 FROM revisions WHERE subject_id = ?", row["id"]):
        world.insert(
            "revisions",
            subject_id=row["id"],
            body=row["body"] or "",
            editor_id=row["author_id"],
            edited_at=row["created_at"],
        )
    world.insert("revisions", subject_id=row["id"], body=body, editor_id=editor.id, edited_at=now)
    sql = f"UPDATE {table} SET edited_at = ?, editor_id = ? WHERE id = ?"  # noqa: S608 - table is a literal
    world.run(sql, now, editor.id, row["id"])


def of(world: World, subject_ids: Sequence[int]) -> dict[int, list[Row]]:
    """Return the revisions of several bodies, newest first, by subject; nothing for one that was never edited."""
    found: dict[int, list[Row]] = defaultdict(list)
    sql = "SELECT * FROM revisions WHERE subject_id IN (SELECT value FROM json_each(?)) ORDER BY id DESC"
    for row in world.all(sql, listed(subject_ids)):
        found[row["subject_id"]].append(row)
    return found
