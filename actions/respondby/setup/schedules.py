"""The schedule of a workflow that sweeps, written from what the policy promises.

Only the lines below `schedule:` are written; whoever keeps a schedule of their own says so by a comment there that
begins with `kept by hand`.
"""

from __future__ import annotations

import re

from respondby.policy.model.policy import Policy
from respondby.policy.repository.workflow_steps import desk_steps
from respondby.setup.sweep_hours import cron_lines, grid

_SCHEDULE = re.compile(r"(?m)^(?P<indent> +)schedule: *\n(?P<lines>(?:(?P=indent) +[^\n]*\n|(?P=indent)- [^\n]*\n)+)")
_KEPT = re.compile(r"(?m)^ *# *kept by hand")

_WHY = "As often as the policy promises: `respondby sync` writes this, unless it begins with `kept by hand`."


def with_schedule(path: str, text: str, policy: Policy) -> str:
    """The workflow with the schedule that the policy needs, at minutes that follow from the desk's name; unchanged
    where it does not sweep on a schedule, or is kept by hand. Raises PolicyError for what is no workflow.
    """
    found = _SCHEDULE.search(text)
    if found is None or _KEPT.search(found["lines"]) or all(step.verb != "enforce" for step in desk_steps(path, text)):
        return text
    inside = found["indent"] + "  "
    lines = [f"{inside}# {_WHY}"]
    for line in cron_lines(grid(policy), policy.desk):
        lines.append(f'{inside}- cron: "{line}"')
        if policy.timezone != "UTC":
            lines.append(f"{inside}  timezone: {policy.timezone}")
    return text[: found.start("lines")] + "\n".join(lines) + "\n" + text[found.end("lines") :]
