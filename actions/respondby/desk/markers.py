"""Markers: how a comment of ours carries its record, out of sight and out of reach.

A marker is an HTML comment that holds JSON. Laws (DESIGN.md, law 6):

- It counts only for the case that it names: a marker copied into another issue says nothing there.
- It counts only as the last marker at the very end of a comment that the desk wrote; whoever reads it has made sure of the
  author before. Quoted user text cannot forge one, because letters never end in user text.
- Where the desk has a key, a marker without its signature, or with a wrong one, does not count.
- Neither `-->` nor `--` nor `<` can occur inside: they are written as JSON escapes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Literal, cast

from respondby.desk.ledger import Ledger, LedgerError

Kind = Literal["card", "say"]

_MARKER = re.compile(r"<!-- respondby:([0-9a-f]{32}|-) (\{[^<>]*\}) -->\s*\Z")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "-": "\\u002d", "&": "\\u0026"}


@dataclass(frozen=True, slots=True)
class Marker:
    """What a marker says: which kind of comment it ends, the digest of the facts shown, the record."""

    kind: Kind
    digest: str
    ledger: Ledger
    key: str = ""


def write(kind: Kind, case: str, digest: str, ledger: Ledger, *, secret: bytes | None = None, key: str = "") -> str:
    """The marker's text. `case` is `owner/name#number`; `secret` signs it; `key` is the say's own key (twins share it)."""
    payload: dict[str, object] = {"kind": kind, "case": case, "digest": digest, "ledger": ledger.to_json()}
    if key:
        payload["key"] = key
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    for plain, escaped in _ESCAPES.items():
        text = text.replace(plain, escaped)
    return f"<!-- respondby:{_signature(text, secret)} {text} -->"


def read(body: str, case: str, *, secret: bytes | None = None) -> Marker | None:
    """The marker that ends `body`, if it is ours, for this case and signed where a secret is given; else None.

    Raises LedgerError when the marker is genuine but of a version that this respondby does not know.
    """
    found = _MARKER.search(body)
    if found is None:
        return None
    signature, text = found.groups()
    if secret is not None and not hmac.compare_digest(signature, _signature(text, secret)):
        return None
    try:
        payload = json.loads(text)
    except ValueError:
        return None
    if not isinstance(payload, dict) or str(payload.get("case", "")).lower() != case.lower():
        return None
    kind = payload.get("kind")
    if kind not in ("card", "say"):
        raise LedgerError(f"a record of ours on {case} is of the unknown kind {kind!r}: update respondby")
    return Marker(
        kind=cast(Kind, kind),
        digest=str(payload.get("digest", "")),
        ledger=Ledger.from_json(payload.get("ledger")),
        key=str(payload.get("key", "")),
    )


def _signature(text: str, secret: bytes | None) -> str:
    if secret is None:
        return "-"
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32]
