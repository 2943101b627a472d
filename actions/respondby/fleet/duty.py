"""Who is on call in every repository of a fleet, by the policy that each has on its default branch."""

from __future__ import annotations

from typing import Any

from respondby.calendars.instants import Instant
from respondby.forge.client import Client
from respondby.forge.files import read_named, text_at
from respondby.forge.gathering import POLICY
from respondby.jobs.inputs.policy_in_force import NoPolicy
from respondby.policy.loading.loader import load, named_files
from respondby.policy.people.roster import on_call_now


def on_call_in(client: Client, at: Instant | None) -> list[dict[str, Any]]:
    """Who is on call in each rota of this repository at an instant (None: now, by the forge's clock), and until when.

    Raises NoPolicy, PolicyError and ForgeErrors.
    """
    text = text_at(client, "HEAD", POLICY)
    if text is None:
        raise NoPolicy(f"{client.repository} has no {POLICY}")
    names = named_files(text)
    policy = load(text, path=POLICY, files=read_named(client, names, "HEAD") if names else {})
    if not policy.rotas:
        return []
    found = on_call_now(policy, tuple(policy.rotas), client.clock if at is None else at)
    return [
        {"rota": name, "people": rota["on_call"], "until": rota["until"], "timezone": rota["timezone"]}
        for name, rota in found["rotas"].items()
    ]
