"""The issue in which the desk keeps what to answer next."""

from __future__ import annotations

from respondby.dataclass import dataclass

#: Unless the policy says so: by this label the issue is told from people's.
LABEL = "queue"


@dataclass(frozen=True, slots=True)
class QueueIssue:
    """`pinned` says that it is to stand on top of the repository's list, `label` is what it is labelled with."""

    pinned: bool = True
    label: str = LABEL
