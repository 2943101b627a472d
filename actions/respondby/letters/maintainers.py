"""What maintainers are told: that the policy on the default branch is broken, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from respondby.policy.text.problems import Problem

TITLE = "The support policy on the default branch is broken"

_SHOWN = 20


def render_broken_policy(problems: Sequence[Problem], serving: str | None) -> str:
    """The body of the maintainers' issue. `serving` is the commit whose policy serves meanwhile."""
    lines = [
        f"The desk goes on with the last valid policy (commit {serving}).",
        "",
        "What is wrong:",
        "",
        *(f"    {line}" for problem in problems[:_SHOWN] for line in problem.text().splitlines()),
    ]
    if len(problems) > _SHOWN:
        lines.append(f"    … and {len(problems) - _SHOWN} more")
    lines += [
        "",
        "`respondby check` shows the same on a working copy. This issue is closed when the policy is valid again.",
    ]
    return "\n".join(lines)
