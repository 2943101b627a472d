"""The sweep's heartbeat for a switch outside of GitHub.

A sweep that has looked at every case says so to the address in the policy's `heartbeat`. One that ended early does not:
who watches the switch is then told that promises are not being kept. A heartbeat that does not get through is a warning
and no failure, since the switch itself makes it known.
"""

from __future__ import annotations

from respondby.channels.message import Secrets
from respondby.policy.model.policy import Policy


def beat(policy: Policy, secrets: Secrets) -> str | None:
    """Reach the heartbeat's address; what a maintainer should know, or None."""
    if policy.heartbeat is None:
        return None
    address = (secrets(policy.heartbeat) or "").strip()
    if not address:
        return (
            f"the heartbeat {policy.heartbeat} is not set: add it to the repository and pass it in the workflow's env"
        )
    from respondby.channels import http

    try:
        http.reach(address)
    except http.Failed as failed:
        return f"the heartbeat {policy.heartbeat} did not get through: {failed}"
    return None
