"""Groups that follow a rota: each is set to whoever is on call, once a change.

Level, not edge: what the log says that a group was set to last is compared with who is on call now. So a change of
shift that nobody saw, a swap and somebody's absence are all the same; a group that could not be set is tried again.

The log can be read by everybody, so it holds a digest of the members, and names nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.channels.dispatch import Hung
from respondby.channels.groups import set_group
from respondby.channels.message import Secrets
from respondby.dataclass import dataclass
from respondby.desk.log import Entry, Log
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.policy.model.policy import Follow, Policy, RotaPlan

KIND = "group set"


@dataclass(frozen=True, slots=True)
class Setting:
    """A group that is to be set, and to whom: `members` as the group calls them, `people` by login."""

    rota: str
    follow: Follow
    people: tuple[str, ...]
    members: tuple[str, ...]

    @property
    def text(self) -> str:
        """For a report."""
        return f"set {self.follow.group} to {', '.join(self.people)}"


def settings(policy: Policy, log: Log, now: Instant) -> Iterator[Setting]:
    """The groups that do not hold who is on call now. While nobody is, a group keeps whom it has."""
    if policy.mode == "off":
        return
    for plan in policy.rotas.values():
        people = tuple(sorted(plan.rota.on_call(now).people))
        for follow in plan.follow if people else ():
            members = follow.members(people)
            known = log.of_kind(KIND, _name(plan, follow))
            if not known or known[-1].facts.get("members") != _digest(members):
                yield Setting(plan.name, follow, people, members)


def next_change(policy: Policy, now: Instant) -> Instant | None:
    """When a group has to be set next, if nothing happens."""
    ends = (plan.rota.on_call(now).until for plan in policy.rotas.values() if plan.follow)
    return min((end for end in ends if end is not None), default=None)


def follow(
    in_force: PolicyInForce, logbook: Logbook, secrets: Secrets, now: Instant, hung: Hung
) -> Iterator[tuple[Setting, str]]:
    """Set what has to be set; each with what went wrong, or an empty text. What was done is in the log."""
    policy = in_force.policy
    for setting in list(settings(policy, logbook.log, now)):
        channel = policy.channels.get(setting.follow.via)
        sent = set_group(channel, setting.follow.group, setting.members, setting.rota, secrets, in_force.files, hung)
        if sent.ok:
            facts = {"members": _digest(setting.members)}
            name = _name(policy.rotas[setting.rota], setting.follow)
            logbook.write([Entry(KIND, name, str(now), now, facts=facts)])
        yield setting, "" if sent.ok else sent.why


def _digest(members: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(members).encode()).hexdigest()[:16]


def _name(plan: RotaPlan, follow: Follow) -> str:
    return f"{plan.name} {follow.via} {follow.group}"
