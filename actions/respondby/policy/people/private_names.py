"""Which texts the public must not read, as far as a program can see: those that name a customer, or mention anybody.

Laws:

- A text is judged whole, as words: case, width, spaces and signs between them make no difference, so `Acme Corp.` names
  the customer `acme-corp`.
- Only `publish.customers` lets a customer's name through, and none of the logins and repositories of that customer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy

_MENTION = re.compile(r"(?<![\w.+-])@[A-Za-z0-9][\w-]*")
_WORDS = re.compile(r"[^\W_]+")


def private(policy: Policy, text: str) -> str:
    """Why the text is not for everybody, as far as a program can see: whom it names; empty where it names nobody."""
    mentioned = _MENTION.search(text)
    if mentioned is not None:
        return f"it mentions {mentioned[0]}"
    words = f" {_plain(text)} "
    return next((why for name, why in _names(policy) if f" {name} " in words), "")


@per_policy
def _names(policy: Policy) -> tuple[tuple[str, str], ...]:
    """The names that stand for customers whom the policy does not name to the public, each with why it is private."""
    named = policy.publish.customers if policy.publish is not None else ()
    return tuple(dict.fromkeys(_private_names(policy, named)))


def _private_names(policy: Policy, named: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for customer in policy.customers.values():
        own = () if customer.name in named else (customer.name,)
        for name, what in (
            *((name, f"it names the customer {name}, and `publish.customers` does not") for name in own),
            *((name, f"it names {name}, who is of the customer {customer.name}") for name in customer.members),
            *((name, f"it names {name}, which is of the customer {customer.name}") for name in customer.repositories),
        ):
            if plain := _plain(name):
                yield plain, what


def _plain(text: str) -> str:
    """The words of a text in small letters, however they are spelt and whatever lies between them."""
    shown = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return " ".join(_WORDS.findall(shown.casefold()))
