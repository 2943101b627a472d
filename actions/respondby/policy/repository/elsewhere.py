"""Where else a policy lets the desk write: the `internal` repository, and those that an `open` names."""

from __future__ import annotations

from dataclasses import dataclass

from respondby.policy.model.policy import Policy


@dataclass(frozen=True, slots=True)
class Other:
    """A repository, the secret that holds the token for it (None: the run's own); `inside`: companions stand there."""

    repository: str
    token: str | None
    inside: bool


def other_repositories(policy: Policy) -> tuple[Other, ...]:
    """Each once, in the order of the text."""
    verbs = [*(rule.verbs for rule in policy.rules), *(command.verbs for command in policy.commands.values())]
    verbs.extend(rung.verbs for clock in policy.clocks.values() for rung in clock.ladder)
    found = [Other(policy.internal, policy.internal_token, True)] if policy.internal is not None else []
    found.extend(Other(verb.open.where, verb.open.token, False) for verb in verbs if verb.open is not None)
    return tuple(dict.fromkeys(found))
