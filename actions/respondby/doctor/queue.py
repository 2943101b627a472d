"""The queue's issue, where the policy has one: whether it stands on top of the repository's list."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.doctor.findings import Examined, Finding, listed
from respondby.forge.pinned import pinned_issues

#: GitHub's limit.
MOST = 3


def queue(examined: Examined) -> Iterator[Finding]:
    """It is pinned, or there is no wish that it be."""
    wanted = examined.policy.queue if examined.policy is not None else None
    if wanted is None:
        return
    if not wanted.pinned:
        yield Finding("fine", "queue", "Kept in an issue that is not pinned, as the policy says.")
        return
    pinned = pinned_issues(examined.place.client)
    ours = [issue for issue in pinned if issue.queue]
    if ours:
        yield Finding("fine", "queue", f"Kept in #{ours[0].number}, on top of the list.")
    elif len(pinned) >= MOST:
        names = listed([f"#{issue.number}" for issue in pinned])
        message = f"Its issue cannot be pinned: {names} are, and GitHub allows {MOST}."
        yield Finding("warning", "queue", message, "Unpin one of them, or write `queue: { pinned: false }`.")
    else:
        fix = "The next sweep opens and pins it where there is none; what somebody unpinned is pinned again by hand."
        yield Finding("warning", "queue", "Its issue is not pinned.", fix)
