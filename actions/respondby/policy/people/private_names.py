"""Which texts the public must not read, as far as a program can see: those that name a customer, or mention anybody.

Laws:

- A text is judged whole, as a reader sees it: case, width, accents, spaces, signs between letters and what nobody sees
  make no difference, nor do letters of other scripts that look the same or are written as HTML writes them. So
  `Acme Corp.` and `AcmeCorp` name the customer `acme-corp`; a longer word that only holds the name does not.
- Only `publish.customers` lets a customer's name through, and none of the logins and repositories of that customer.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from html import unescape
from itertools import accumulate

from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.policy.text.cursor import Path

_MENTION = re.compile(r"(?<![\w.+-])@[A-Za-z0-9][\w-]*")
_WORDS = re.compile(r"[^\W_]+")
#: Letters, small, that look like Latin ones in either case, each above what it looks like.
_LOOKS = str.maketrans(
    "авекмнорстухіјѕһԁԛԝαβεζηικμνορτυχ",
    "abekmhopctyxijshdqwabezhikmnoptyx",
)
#: Fillers of Hangul are letters that show nothing.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")


def private(policy: Policy, text: str) -> str:
    """Why the text is not for everybody, as far as a program can see: whom it names; empty where it names nobody."""
    # A page shows a text as it is; of those who read its JSON some take it for HTML.
    for read in dict.fromkeys((text, unescape(text))):
        mentioned = _MENTION.search(_shown(read))
        if mentioned is not None:
            return f"it mentions {mentioned[0]}"
        words = _words(read)
        joined, edges = "".join(words), {0, *accumulate(map(len, words))}
        if why := next((why for name, why in _names(policy) if _named(name, joined, edges)), ""):
            return why
    return ""


def private_in_publish(policy: Policy) -> Iterator[tuple[Path, str, str]]:
    """Of the policy's own words that its page shows those that are not for everybody: where each stands, what it says,
    and why. The ids of products stand in the addresses of files.
    """
    publish = policy.publish
    if publish is None:
        return
    texts: list[tuple[Path, str]] = [(("publish", "title"), publish.title), (("publish", "about"), publish.about)]
    texts += [(("publish", "products", id), name) for id, name in publish.products.items()]
    texts += [(("publish", "products"), id) for id in publish.products]
    yield from ((path, text, why) for path, text in texts if (why := private(policy, text)))


def _named(name: str, joined: str, edges: set[int]) -> bool:
    """Whether the name is there from the start of a word to the end of one, whatever lies between its letters."""
    at = joined.find(name)
    while at >= 0:
        if at in edges and at + len(name) in edges:
            return True
        at = joined.find(name, at + 1)
    return False


@per_policy
def _names(policy: Policy) -> tuple[tuple[str, str], ...]:
    """The names that stand for customers whom the policy does not name to the public, each with why it is private."""
    named = policy.publish.customers if policy.publish is not None else ()
    return tuple(dict.fromkeys(_private_names(policy, named)))


def _private_names(policy: Policy, named: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    # A customer may be called by a code; the account that its repositories lie in is its name all the same, where they
    # do not lie in the desk's own, beside those of others.
    owners = {name: {one.partition("/")[0] for one in of.repositories} for name, of in policy.customers.items()}
    shared = Counter(owner.casefold() for of in owners.values() for owner in of)
    for key, customer in policy.customers.items():
        own = () if customer.name in named else (customer.name,)
        for name, what in (
            *((name, f"it names the customer {name}, and `publish.customers` does not") for name in own),
            *((name, f"it names {name}, who is of the customer {customer.name}") for name in customer.members),
            *((name, f"it names {name}, which is of the customer {customer.name}") for name in customer.repositories),
            *(
                (name, f"it names {name}, whose repositories are of the customer {customer.name}")
                for name in sorted(owners[key])
                if own and shared[name.casefold()] == 1
            ),
        ):
            if plain := "".join(_words(name)):
                yield plain, what


def _words(text: str) -> list[str]:
    """The words of a text in small letters, however they are spelt and whatever lies between them."""
    return _WORDS.findall(_shown(text).casefold().translate(_LOOKS))


def _shown(text: str) -> str:
    """The letters and signs of a text without accents, and without what nobody sees."""
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text)
        if sign not in _UNSEEN and unicodedata.category(sign) not in ("Cf", "Mn", "Me")
    )
