"""The secrets that the policy names, and the key that signs records. No value of one is ever shown."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.desk.keys import Secret, keys_of
from respondby.doctor.findings import Examined, Finding, are, listed
from respondby.doctor.promises import PASSED
from respondby.forge.client import Client
from respondby.forge.errors import KeyReturned
from respondby.forge.gathering import Identity, gather_case
from respondby.policy.repository.secret_names import OLD_KEYS, SIGNING_KEY

#: A key that is shorter than this could be guessed.
SHORTEST_KEY = 16


def secrets(examined: Examined) -> Iterator[Finding]:
    """Every workflow passes those that the policy names, and in a runner they have a value."""
    unpassed = [problem for problem in examined.problems if problem.rule in PASSED]
    for problem in unpassed:
        yield Finding("error", "secrets", problem.message, "`respondby sync --workflows`, then merge.")
    if examined.policy is None:
        return
    empty = [name for name in examined.secrets if examined.place.secrets(name) is None]
    if empty and examined.place.in_runner:
        message = f"{are(len(empty), 'secret')} not set, or not passed to this step: {listed(empty)}."
        fix = "Settings → Secrets and variables → Actions → New repository secret."
        yield Finding("error", "secrets", message, fix)
    elif empty:
        message = (
            f"Whether they have values cannot be seen from here: {listed(empty)}. Only a workflow's run sees them."
        )
        yield Finding(
            "warning", "secrets", message, "Run `respondby doctor` in a step of enforce.yml, with its `env:`."
        )
    elif not unpassed:
        said = f"All {len(examined.secrets)} have values." if examined.secrets else "The policy names none."
        yield Finding("fine", "secrets", said)


def signing_key(examined: Examined) -> Iterator[Finding]:
    """There is one, it is long, and it is the one that the records were signed with."""
    key, number = examined.place.signing, examined.standing.touched
    make = f"Store what `openssl rand -hex 32` prints as the secret {SIGNING_KEY}."
    keys = keys_of(key)
    if keys is None:
        if examined.place.in_runner:
            message = "There is none: any workflow of this repository could write the desk's records."
            yield Finding("warning", "signing key", message, make)
    elif len(keys.current) < SHORTEST_KEY:
        length = len(keys.current)
        yield Finding("warning", "signing key", f"It has only {length} characters and could be guessed.", make)
    elif number is not None and _came_back(examined.place.client, number, key):
        yield Finding("error", "signing key", str(KeyReturned()), make)
    elif number is not None and _other_key(examined.place.client, number, key):
        message = f"The record on #{number} is signed with another key, so the case cannot be read."
        fix = f"Store the earlier key as the secret {OLD_KEYS} beside the new one, and pass it in the workflows."
        yield Finding("error", "signing key", message, fix)
    else:
        yield Finding("fine", "signing key", "It is set.")


def _came_back(client: Client, number: int, key: Secret) -> bool:
    """Whether the desk has replaced this key before."""
    try:
        gather_case(client, number, identify=lambda _: Identity(secret=key))
    except KeyReturned:
        return True
    return False


def _other_key(client: Client, number: int, key: Secret) -> bool:
    """Whether that issue has a record of ours that does not count with this key."""
    return _has_record(client, number, None) and not _has_record(client, number, key)


def _has_record(client: Client, number: int, key: Secret) -> bool:
    gathered = gather_case(client, number, identify=lambda _: Identity(secret=key))
    return any(case.cards for case in gathered.cases)
