"""Keys that sign the desk's records, and which signature counts when.

Laws (6):

- What the key in use has signed counts.
- The key came into use at `since`: every record that it signs carries that instant, and the earliest one counts. What
  was written until then may be signed with an old key (`RESPONDBY_KEY_OLD`); what was written until `first`, when the
  first key came into use, need not be signed at all. GitHub tells when a text was written, and whoever may write
  comments cannot change that.
- So a desk that gets a key, or another one, says nothing again, and a record without a signature is never believed that
  was written since. Where no record has been signed yet, the key comes into use now.
- A key never comes into use a second time: its earliest `since` counts. Were it another, whoever has a leaked old key
  could move it. So what is written beside an old key says that it was replaced, by a word that only that key can make:
  where it comes back, it knows its own word, and nothing is done.
- What was written until then with a key that nobody knows is an error, and no reason to begin anew.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass

#: What stands where a signature would.
UNSIGNED = "-"


@dataclass(frozen=True, slots=True)
class Use:
    """Since when a key is in use, and since when any is. 0 is for ever: nothing was believed without it."""

    since: Instant = 0
    first: Instant = 0


@dataclass(frozen=True, slots=True)
class Keys:
    """The key in use, those before it, and since when that is so; `use` is None until records have been looked at.

    `replaced` are the words of keys that were replaced, which every record goes on saying.
    """

    current: bytes
    old: tuple[bytes, ...] = ()
    use: Use | None = None
    replaced: frozenset[str] = frozenset()

    def counts(self, signature: str, text: str, at: Instant | None) -> Literal["yes", "no", "unknown key"]:
        """Whether a text with this signature, which was written at `at` (None: nobody knows), is believed."""
        if _equal(signature, text, self.current):
            return "yes"
        use = self.use or Use()
        if at is None or at > use.since:
            return "no"
        if any(_equal(signature, text, key) for key in self.old):
            return "yes"
        if signature == UNSIGNED:
            return "yes" if at <= use.first else "no"
        return "unknown key"

    def signed_by(self, signature: str, text: str) -> Literal["current", "old", None]:
        """Which key of ours has signed this, whenever it was written."""
        if _equal(signature, text, self.current):
            return "current"
        return "old" if any(_equal(signature, text, key) for key in self.old) else None

    def in_use(
        self, current: Iterable[Use], old: Iterable[Use], now: Instant, replaced: Iterable[str] = (), home: str = ""
    ) -> Keys:
        """The same with what records tell: those that this key has signed, and those of old keys; `replaced` are the
        words in the former. `home` is the node id of the desk's repository.
        """
        ours, before = list(current), list(old)
        since = min((use.since for use in ours), default=now)
        first = min((use.first for use in (*ours, *before)), default=since)
        words = frozenset((*replaced, *(word_of(key, home) for key in self.old)))
        return replace(self, use=Use(since, min(first, since)), replaced=words)


#: A key that has always been in use, several with their times, or none: then the author alone decides.
Secret = bytes | Keys | None


def keys_of(secret: Secret) -> Keys | None:
    """The keys of a secret."""
    return Keys(secret, use=Use()) if isinstance(secret, bytes) else secret


def read_keys(current: str | None, old: str | None) -> Keys | None:
    """From `RESPONDBY_KEY`, and `RESPONDBY_KEY_OLD`, which may hold several, one a line."""
    if not current:
        return None
    before = [key.strip().encode() for key in (old or "").splitlines() if key.strip()]
    return Keys(current.encode(), tuple(key for key in before if key != current.encode()))


def sign(text: str, key: bytes) -> str:
    """The signature of a text."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def word_of(key: bytes, home: str) -> str:
    """What says that a key was replaced in a desk: who does not have the key cannot make it up."""
    return sign(f"replaced in {home}", key)


def _equal(signature: str, text: str, key: bytes) -> bool:
    return hmac.compare_digest(signature, sign(text, key))
