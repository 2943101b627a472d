"""Roles that are a team of GitHub's: who is in it, read once a run with the secret that the policy names for it.

A workflow's own token may read no team. A team that cannot be read is nobody, and the run says so: a rung that names
only its role is made up for by the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from respondby.channels.message import Secrets
from respondby.forge.client import Client
from respondby.forge.errors import ForgeDown, ForgeError, LimitReached
from respondby.policy.model.policy import Policy

#: GitHub gives a hundred people a page; a team of more than a thousand is nobody to call.
_PAGES = 10


def with_teams(policy: Policy, client: Client, secrets: Secrets) -> tuple[Policy, tuple[str, ...]]:
    """The policy that knows who is in its teams, and what a maintainer should know of those that could not be read."""
    found: dict[str, tuple[str, ...]] = {}
    remarks = []
    for name, token in dict(_named(policy)).items():
        members = _members(client, name, token, secrets(token))
        if isinstance(members, str):
            remarks.append(f"the team {name} {members}; it counts as nobody")
        else:
            found[name] = members
    return (replace(policy, teams=found) if found else policy), tuple(remarks)


def _named(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every team with its secret."""
    own = (role for product in policy.products.values() for role in (product.roles or {}).values())
    for role in (*policy.roles.values(), *own):
        for alternative in role.alternatives:
            if alternative.team is not None and alternative.token is not None:
                yield alternative.team, alternative.token


def _members(client: Client, name: str, secret: str, token: str | None) -> tuple[str, ...] | str:
    """The logins of a team's people, or why they cannot be known."""
    if not (token or "").strip():
        return f"cannot be read: the secret {secret} is not set"
    organization, _, slug = name.partition("/")
    other = client.elsewhere(client.repository, str(token).strip())
    people: list[dict[str, Any]] = []
    for number in range(1, _PAGES + 1):
        path = f"/orgs/{organization}/teams/{slug}/members?per_page=100&page={number}"
        try:
            answer = other.ask("GET", path, doing=f"reading the team {name}")
        except (ForgeDown, LimitReached):
            raise  # it passes: to count as nobody would be recorded for good, so the next run tries again
        except ForgeError as error:
            return f"could not be read with {secret}: {error}"
        if answer.status != 200:
            return (
                f"could not be read with {secret} (GitHub answered {answer.status}): it needs a token that may read the"
                " members of the organisation, and the team has to exist"
            )
        people.extend(answer.json)
        if len(answer.json) < 100:
            break
    return tuple(person["login"] for person in people)
