"""Names of secrets: a policy's may hold a place for the person or the product that is meant."""

from __future__ import annotations

import re

_NOT_IN_A_NAME = re.compile(r"[^A-Z0-9_]")

#: GitHub takes no secret whose name begins so, and keeps variables of these names for itself.
RESERVED = ("GITHUB_", "ACTIONS_", "RUNNER_", "INPUT_")

#: The secret that signs records; without it a record counts by its author alone (law 6).
SIGNING_KEY = "RESPONDBY_KEY"
#: Those that signed records before it.
OLD_KEYS = "RESPONDBY_KEY_OLD"


def secret_part(name: str) -> str:
    """A login or product as a part of a secret's name: `jan-peter` is `JAN_PETER`."""
    return _NOT_IN_A_NAME.sub("_", name.upper())


def filled(name: str, *, person: str = "", product: str = "") -> str:
    """A secret's name with its places filled."""
    return name.replace("{PERSON}", secret_part(person)).replace("{PRODUCT}", secret_part(product))
