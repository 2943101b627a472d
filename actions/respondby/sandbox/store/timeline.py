"""An issue's timeline: its comments and events, oldest first; within one second in the order of their making."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World, listed

TYPE_NAMES = {
    "commented": "IssueComment",
    "labeled": "LabeledEvent",
    "unlabeled": "UnlabeledEvent",
    "assigned": "AssignedEvent",
    "unassigned": "UnassignedEvent",
    "closed": "ClosedEvent",
    "reopened": "ReopenedEvent",
    "renamed": "RenamedTitleEvent",
    "locked": "LockedEvent",
    "unlocked": "UnlockedEvent",
    "pinned": "PinnedEvent",
    "unpinned": "UnpinnedEvent",
    "comment_deleted": "CommentDeletedEvent",
    "marked_as_duplicate": "MarkedAsDuplicateEvent",
    "unmarked_as_duplicate": "UnmarkedAsDuplicateEvent",
    "cross-referenced": "CrossReferencedEvent",
    "transferred": "TransferredEvent",
    "milestoned": "MilestonedEvent",
    "demilestoned": "DemilestonedEvent",
    "connected": "ConnectedEvent",
    "disconnected": "DisconnectedEvent",
    "parent_issue_added": "ParentIssueAddedEvent",
    "parent_issue_removed": "ParentIssueRemovedEvent",
    "sub_issue_added": "SubIssueAddedEvent",
    "sub_issue_removed": "SubIssueRemovedEvent",
    "committed": "PullRequestCommit",
    "reviewed": "PullRequestReview",
    "merged": "MergedEvent",
    "review_requested": "ReviewRequestedEvent",
    "review_request_removed": "ReviewRequestRemovedEvent",
    "review_dismissed": "ReviewDismissedEvent",
    "ready_for_review": "ReadyForReviewEvent",
    "convert_to_draft": "ConvertToDraftEvent",
    "head_ref_deleted": "HeadRefDeletedEvent",
    "head_ref_force_pushed": "HeadRefForcePushedEvent",
}
"""REST's name of each kind of item → GraphQL's."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a timeline: a comment's row, or an event's row with its data read."""

    id: int
    at: int
    kind: str
    row: Row
    data: dict[str, Any]


def happened(world: World, issue_id: int, kind: str, actor_id: int, **data: Any) -> int:
    """Add an event to an issue's timeline, at the clock's instant, and return its id."""
    return world.insert(
        "events", issue_id=issue_id, kind=kind, actor_id=actor_id, at=world.clock.now(), data=json.dumps(data)
    )


def items_of(world: World, issue_ids: Sequence[int]) -> dict[int, list[Item]]:
    """Return the timelines of several issues, by issue."""
    found: dict[int, list[Item]] = defaultdict(list)
    ids = listed(issue_ids)
    for row in world.all("SELECT * FROM comments WHERE issue_id IN (SELECT value FROM json_each(?))", ids):
        found[row["issue_id"]].append(Item(row["id"], row["created_at"], "commented", row, {}))
    for row in world.all("SELECT * FROM events WHERE issue_id IN (SELECT value FROM json_each(?))", ids):
        found[row["issue_id"]].append(Item(row["id"], row["at"], row["kind"], row, json.loads(row["data"])))
    for items in found.values():
        items.sort(key=lambda item: (item.at, item.id))
    return found


def items(world: World, issue_id: int) -> list[Item]:
    """Return one issue's timeline."""
    return items_of(world, [issue_id]).get(issue_id, [])
