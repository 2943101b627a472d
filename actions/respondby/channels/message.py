"""What every channel knows: the message, what became of it, and secrets by name.

A secret's value never leaves an adapter: not in `why` (which is written into public records), not in a log, not in a
repr. So `why` is made of our own words, status codes and names of secrets, never of an address, answer or exception.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, Protocol

from respondby.dataclass import dataclass
from respondby.deadlines import TooLate

#: A secret's value by its name; None (or an empty text, as a workflow gives for an unset secret) where it is not set.
Secrets = Callable[[str], str | None]

_NOT_A_NAME = re.compile(r"[^A-Z0-9]")
_CALLS_EVERYBODY = re.compile(r"@(?=everyone\b|here\b|channel\b|all\b)|<(?=[!@#])", re.IGNORECASE)
#: Zero-width space: the eye reads the word as it was written, a chat no longer sees a command in it.
_GAP = "\u200b"


@dataclass(frozen=True, slots=True)
class Message:
    """One call to one person. `key` is the key of law 5: two messages with one key are the same call.

    `to` is a login, `name` what people call them; `body` is plain text; `url` leads to the case; `case` is
    `owner/name#7`; `product` fills `{PRODUCT}` in a secret's name.
    """

    key: str
    verb: Literal["page", "notify"]
    to: str
    name: str
    subject: str
    body: str
    url: str
    case: str = ""
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message. With `ok`, `why` may still say what went wrong beside it. `hung` says that no answer
    came in time: it may have arrived, and asking again would wait as long.
    """

    ok: bool
    why: str = ""
    hung: bool = False


class Channel(Protocol):
    """A way to reach people."""

    def send(self, message: Message) -> Sent:
        """Send it, once. Every failure is an answer, never an exception, and comes within seconds."""
        ...


class Whom(Protocol):
    """Whom something is for: `to` and `product` fill the places in a secret's name."""

    @property
    def to(self) -> str:
        """A login."""

    @property
    def product(self) -> str | None:
        """The case's product."""


class SecretMissing(Exception):
    """A secret that a channel needs is not there; the text says which, and what to do."""


def secret_of(name: str, whom: Whom, secrets: Secrets) -> str:
    """The value of the secret of that name, with `{PERSON}` and `{PRODUCT}` filled in. Raises SecretMissing."""
    if "{PRODUCT}" in name and whom.product is None:
        raise SecretMissing(f"the secret {name} is named for a product, and this case has none")
    filled = filled_name(name, whom)
    value = (secrets(filled) or "").strip()
    if not value:
        raise SecretMissing(
            f"the secret {filled} is not set: add it to the repository and pass it in the workflow's env"
        )
    return value


def filled_name(name: str, whom: Whom) -> str:
    """A secret's name with its places filled in."""
    return name.replace("{PERSON}", as_name(whom.to)).replace("{PRODUCT}", as_name(whom.product or ""))


def as_name(text: str) -> str:
    """A login or product as a part of a secret's name: `jan-peter` is `JAN_PETER`."""
    return _NOT_A_NAME.sub("_", text.upper())


def short_key(key: str) -> str:
    """The key as 20 letters and digits: what may stand in an address, where the key itself may not."""
    return hashlib.sha256(key.encode()).hexdigest()[:20]


def for_everybody_to_read(text: str) -> str:
    """Text from an issue as a chat may show it: nothing in it calls everybody or somebody (law 8)."""
    return _CALLS_EVERYBODY.sub(lambda found: found.group() + _GAP, text)


@contextmanager
def unlogged() -> Iterator[None]:
    """Keep libraries that log addresses silent: an address is often the secret itself."""
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3", "urllib3.connectionpool")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    except TooLate:
        raise  # what was given up is still at work, and stays silent
    except BaseException:
        _restore(loggers, before)
        raise
    else:
        _restore(loggers, before)


def _restore(loggers: Sequence[logging.Logger], before: Sequence[bool]) -> None:
    for logger, disabled in zip(loggers, before, strict=True):
        logger.disabled = disabled
