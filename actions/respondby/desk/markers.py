"""Markers: how a comment of ours carries its record, out of sight and out of reach.

A marker is an HTML comment that holds JSON. Laws (CONTRIBUTING.md, law 6):

- It counts only for the case that it names, by the forge's own id, which outlives a renaming of the repository: a
  marker copied into another issue says nothing there.
- It counts only as the last marker at the very end of a comment that the desk wrote; whoever reads it has made sure of
  the author before. Quoted user text cannot forge one, because letters never end in user text.
- Where the desk has a key, a marker without its signature, or with a wrong one, does not count; what was written before
  the key came into use is told apart in `desk.keys`.
- Neither `-->` nor `--` nor `<` can occur inside: they are written as JSON escapes. A single `-` stays as it is: it may
  be a number's sign.
- A marker that is genuine and cannot be read is an error, never “no record”: whoever took it for none would write over
  it.
- An issue that the desk opens names itself in its text: the issue's id is not known then, so it names the repository's.
- A long record is compressed, so that it fits into a comment; what it unpacks to is bounded. Both forms are read.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any, Literal, cast, get_args

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Mark, MarkKind
from respondby.desk.keys import UNSIGNED, Keys, Secret, Use, keys_of, sign
from respondby.desk.ledger import Ledger, LedgerError

#: `elsewhere` ends the text of an issue that we opened in another repository for the case that the marker names.
#: `record` ends a comment that holds what no longer fits into the card's, `lease` one that says which watch is awake.
Kind = Literal["card", "say", "record", "log", "lease", "elsewhere"]

_BEGINS, _ENDS = "<!-- respondby:", "} -->"
_SIGNATURE = re.compile(r"[0-9a-f]{32}|-")
_ANYWHERE = re.compile(r"\s*<!-- respondby:(?:[0-9a-f]{32}|-) \{[^<>]*\} -->\s*")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "--": "\\u002d\\u002d", "&": "\\u0026"}
#: Version 1 wrote every `-` as an escape, a number's sign as well, which is no JSON. In a text the two mean the same.
_ESCAPED = "\\u002d"
_ESCAPED_SIGN = re.compile(r"(?<=[:,\[])\\u002d(?=\d)")

#: A comment holds 65,536 characters; from this many on, the record in it is compressed.
LONG = 16_000

#: No record unpacks to more than this many bytes.
MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Marker:
    """What a marker says: which kind of text it ends, the digest of the facts shown, the record. `signed` says that the
    key in use has signed it, or that there is none.
    """

    kind: Kind
    digest: str
    ledger: Ledger
    key: str = ""
    signed: bool = True


def write(kind: Kind, case: str, digest: str, ledger: Ledger, *, secret: Secret = None, key: str = "") -> str:
    """The marker's text. `case` is the issue's node id; `secret` signs it; twins of a say, or of an issue elsewhere,
    share their `key`.

    Raises LedgerError for a record so large that it could not be read again.
    """
    payload: dict[str, object] = {"kind": kind, "case": case, "digest": digest}
    if key:
        payload["key"] = key
    payload.update(_use(secret))
    record = ledger.to_json()
    text = _escaped({**payload, "ledger": record})
    if len(text) > LONG:
        packed = zlib.compress(_packable(record, case), 9)
        text = _escaped({**payload, "z": base64.b64encode(packed).decode("ascii")})
    return f"<!-- respondby:{_signature(text, secret)} {text} -->"


def read(body: str, case: str, *, secret: Secret = None, at: Instant | None = None) -> Marker | None:
    """The marker that ends `body`, if it is ours, for this case and signed where a secret is given; else None. `at` is
    when the text was written.

    Raises LedgerError when the marker is genuine but cannot be read: of a version that this respondby does not know, or
    damaged.
    """
    payload = _payload(body, secret, at)
    if payload is None or str(payload.get("case", "")).lower() != case.lower():
        return None
    kind = payload.get("kind")
    if kind not in ("card", "say", "record", "log", "lease", "elsewhere"):
        raise LedgerError(f"a record of ours on {case} is of the unknown kind {kind!r}: update respondby")
    return Marker(
        kind=cast(Kind, kind),
        digest=str(payload.get("digest", "")),
        ledger=Ledger.from_json(_unpacked(payload["z"]) if "z" in payload else payload.get("ledger")),
        key=str(payload.get("key", "")),
        signed=_is_signed(body, secret) if secret is not None else True,
    )


def write_mark(mark: Mark, repository: str, *, secret: Secret = None) -> str:
    """The marker that ends the text of an issue which the desk opens; `repository` is that one's node id."""
    text = _escaped({"issue": mark.kind, "in": repository, "facts": dict(mark.facts), **_use(secret)})
    return f"<!-- respondby:{_signature(text, secret)} {text} -->"


def read_mark(body: str, repository: str, *, secret: Secret = None, at: Instant | None = None) -> Mark | None:
    """What an issue of ours says that it is; None for one that says nothing, or was made for another repository. `at`
    is when the text was written.

    Whoever reads it has made sure of the author before. Raises LedgerError where it is genuine and cannot be read.
    """
    payload = _payload(body, secret, at)
    if payload is None or "issue" not in payload or str(payload.get("in", "")) != repository:
        return None
    if payload["issue"] not in get_args(MarkKind):
        raise LedgerError(f"an issue of ours is of the unknown kind {payload['issue']!r}: update respondby")
    facts = payload.get("facts")
    plain = {str(name): str(value) for name, value in facts.items()} if isinstance(facts, dict) else {}
    return Mark(cast(MarkKind, payload["issue"]), plain)


def marked(body: str, marker: str) -> str:
    """A text that people may have written around our marker, with this one at its end and no other anywhere."""
    return f"{_ANYWHERE.sub(chr(10) * 2, body).strip()}\n\n{marker}"


def is_marked_at_end(body: str) -> bool:
    """Whether the only marker of a text stands at its end."""
    found = list(_ANYWHERE.finditer(body))
    return len(found) == 1 and found[0].end() == len(body)


def without_marker(body: str) -> str:
    """A text without the marker that ends it."""
    return (body if at_end(body) is None else body[: body.rindex(_BEGINS)]).rstrip()


def at_end(body: str) -> tuple[str, str] | None:
    """The signature and the text of the marker that ends `body`; None where there is none.

    Neither `<` nor `>` stands in it, so the last one that begins is it, or none is: a long text costs two searches.
    """
    begins = body.rfind(_BEGINS)
    if begins < 0:
        return None
    whole = body.rstrip()
    signature, _, text = whole[begins + len(_BEGINS) : 1 - len(_ENDS)].partition(" ")
    if not whole.endswith(_ENDS) or not text.startswith("{") or "<" in text or ">" in text:
        return None
    return (signature, text) if _SIGNATURE.fullmatch(signature) else None


def key_use(body: str, keys: Keys) -> tuple[Literal["current", "old", "no"], Use] | None:
    """Which of these keys has signed the marker that ends `body`, and since when that key was in use then; None where
    there is no marker.
    """
    found = at_end(body)
    if found is None:
        return None
    signature, text = found
    by = keys.signed_by(signature, text)
    if by is None:
        return "no", Use()
    try:
        payload = json.loads(_with_signs(text))
        since = int(payload.get("since", 0))
        return by, Use(since, int(payload.get("first", since)))
    except (ValueError, TypeError, RecursionError):
        return by, Use()


def replaced_in(body: str) -> frozenset[str]:
    """The words of replaced keys in the marker that ends `body`, whoever has signed it: each proves itself."""
    found = at_end(body)
    if found is None or '"replaced"' not in found[1]:
        return frozenset()
    try:
        words = json.loads(_with_signs(found[1])).get("replaced")
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(str(word) for word in words) if isinstance(words, list) else frozenset()


def _is_signed(body: str, secret: Secret) -> bool:
    keys, found = keys_of(secret), at_end(body)
    return keys is None or (found is not None and keys.signed_by(*found) == "current")


def _use(secret: Secret) -> dict[str, object]:
    """Since when the key is in use, for what it signs, and which keys it has replaced."""
    keys = keys_of(secret)
    use = keys.use if keys is not None else None
    if keys is None or use is None or not use.since:
        return {}
    said: dict[str, object] = (
        {"since": use.since} if use.first == use.since else {"since": use.since, "first": use.first}
    )
    return said | ({"replaced": sorted(keys.replaced)} if keys.replaced else {})


def _payload(body: str, secret: Secret, at: Instant | None) -> dict[str, Any] | None:
    """The object in the marker that ends a text; None where there is none, or it is not signed as it should be.

    Raises LedgerError where it is there, signed as it should be, and no JSON.
    """
    found = at_end(body)
    if found is None:
        return None
    signature, text = found
    keys = keys_of(secret)
    counts = keys.counts(signature, text, at) if keys is not None else "yes"
    if counts == "unknown key":
        raise LedgerError(
            "a record of ours is signed with a key that is not known here, and nothing is said again for that: store"
            " the key that was in use before as the secret RESPONDBY_KEY_OLD, and pass it in the workflows"
        )
    if counts == "no":
        return None
    try:
        payload = json.loads(_with_signs(text))
    except (ValueError, RecursionError) as error:
        raise LedgerError(
            f"a record of ours cannot be read ({error}), and nothing is written over it: bring the comment's text back"
            " from its edit history, or delete the comment where its record may be lost"
        ) from error
    assert isinstance(payload, dict), "what stands in braces is an object"
    return payload


def _with_signs(text: str) -> str:
    """The text with the signs of numbers as JSON has them."""
    return _ESCAPED_SIGN.sub("-", text) if _ESCAPED in text else text


def _dump(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _escaped(value: object) -> str:
    text = _dump(value)
    for plain, escaped in _ESCAPES.items():
        text = text.replace(plain, escaped)
    return text


def _packable(record: object, case: str) -> bytes:
    text = _dump(record).encode("ascii")
    if len(text) > MOST_BYTES:
        raise LedgerError(f"the record of {case} has {len(text)} bytes, more than {MOST_BYTES}: open a new case")
    return text


def _unpacked(packed: object) -> object:
    """The JSON of a compressed record. Raises LedgerError where it is damaged or too large."""
    if not isinstance(packed, str):
        raise LedgerError("the compressed record is no text")
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(base64.b64decode(packed, validate=True), MOST_BYTES + 1)
    except (ValueError, zlib.error) as error:
        raise LedgerError(f"the compressed record cannot be read: {error}") from error
    if len(text) > MOST_BYTES:
        raise LedgerError(f"the compressed record unpacks to more than {MOST_BYTES} bytes")
    if not stream.eof:
        raise LedgerError("the compressed record is cut off")
    try:
        record: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LedgerError(f"the compressed record cannot be read: {error}") from error
    return record


def _signature(text: str, secret: Secret) -> str:
    keys = keys_of(secret)
    return UNSIGNED if keys is None else sign(text, keys.current)
