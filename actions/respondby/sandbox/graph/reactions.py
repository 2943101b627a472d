"""Reactions in GraphQL."""

from __future__ import annotations

from respondby.sandbox.graph.context import Info
from respondby.sandbox.store.values import Json

REACTIONS = {
    "THUMBS_UP": "+1",
    "THUMBS_DOWN": "-1",
    "LAUGH": "laugh",
    "HOORAY": "hooray",
    "CONFUSED": "confused",
    "HEART": "heart",
    "ROCKET": "rocket",
    "EYES": "eyes",
}


def reaction_groups(source: Json, info: Info) -> list[Json]:
    """Resolve how often each reaction was given, and whether the viewer gave it."""
    context = info.context
    given = context.world.all("SELECT user_id, content FROM reactions WHERE subject_id = ?", source["_row"]["id"])
    groups = []
    for name, content in REACTIONS.items():
        who = [row["user_id"] for row in given if row["content"] == content]
        page = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
        groups.append(
            {
                "content": name,
                "users": {"totalCount": len(who), "pageInfo": page},
                "viewerHasReacted": context.viewer.id in who,
            }
        )
    return groups
