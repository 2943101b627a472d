"""The keys under which somebody is called (law 5), and a pager is told of the answer.

A key names its case by the node id of the issue, which stays when its repository is renamed or goes to another owner.
Earlier versions named it `owner/name#7`: what they called is answered and resolved under that, and where a call of
theirs did not go out, it is made good under the key that it was tried with.
"""

from __future__ import annotations

from respondby.desk.case import Case
from respondby.desk.records import Record
from respondby.desk.results import Tried


def call_key(case: Case, record: str, person: str, *, by_id: bool) -> str:
    """The key of a call; `by_id` is False of what was called by earlier versions."""
    return f"{case.node_id if by_id else case.ref}/{record}/{person}"


def names_by_id(record: Record | None, person: str) -> bool:
    """Whether that person is called for this record under a key with the node id: never under two keys for one rung."""
    tried = record.results if record is not None else ()
    return all(one.by_id for one in tried if isinstance(one, Tried) and one.to == person)
