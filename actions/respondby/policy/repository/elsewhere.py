"""Where else a policy lets the desk write: the `internal` repository, those that an `open` names, project boards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from respondby.policy.model.clocks import Track, Verbs, all_verbs
from respondby.policy.model.policy import Policy


@dataclass(frozen=True, slots=True)
class Other:
    """A repository, the secret that holds the token for it (None: the run's own); `inside`: companions stand there."""

    repository: str
    token: str | None
    inside: bool


def other_repositories(policy: Policy) -> tuple[Other, ...]:
    """Each once, in the order of the text."""
    found = [Other(policy.internal, policy.internal_token, True)] if policy.internal is not None else []
    found.extend(Other(verbs.open.where, verbs.open.token, False) for verbs in _verbs(policy) if verbs.open is not None)
    return tuple(dict.fromkeys(found))


def boards_of(policy: Policy) -> tuple[Track, ...]:
    """Everything that `track` asks for, each once."""
    return tuple(dict.fromkeys(verbs.track for verbs in _verbs(policy) if verbs.track is not None))


def _verbs(policy: Policy) -> Iterator[Verbs]:
    yield from (rule.verbs for rule in policy.rules)
    yield from (command.verbs for command in policy.commands.values())
    for clock in policy.clocks.values():
        yield from all_verbs(clock.ladder)
    for duty in policy.duties.values():
        yield from all_verbs(duty.ladder)
        yield duty.done
