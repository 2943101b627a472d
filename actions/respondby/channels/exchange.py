"""Requests in a row: each in turn, what an answer names is known to those behind it.

Laws:

- What was not said to be taken is not sent: the first request that fails ends the row, and it is named.
- A request that changes something is made once. What has to happen once, whoever repeats the row, is looked up first
  (`get`) and left out where it is found (`unless`).
- No text can change a path or a body: it is a part of a path, percent-encoded, or a text of the JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from respondby.alerts.paths import first_text
from respondby.channels import http
from respondby.channels.filling import filled
from respondby.policy.text.exchange import WebRequest
from respondby.policy.text.json_text import read_json

_PLACE = re.compile(r"\{([a-z]+)\}")

#: Seconds between two tries of one request.
PAUSE = 1.0


def perform(
    steps: Sequence[WebRequest],
    address: str,
    headers: Mapping[str, str],
    words: Mapping[str, str],
    sleep: Callable[[float], None],
) -> None:
    """Make the requests. Raises http.Failed, which names the request."""
    known = dict(words)
    for step in steps:
        if any(known.get(word) if value is None else known.get(word) == value for word, value in step.unless):
            continue
        try:
            known |= _tried(step, address, headers, known, sleep)
        except http.Failed as failed:
            raise failed.within(f"{step.named}: " if len(steps) > 1 or step.path else "") from None


def _tried(
    step: WebRequest, address: str, headers: Mapping[str, str], known: Mapping[str, str], sleep: Callable[[float], None]
) -> Mapping[str, str]:
    """What the answer names. A `get` is asked again where what is asked about is not there yet."""
    for left in reversed(range(step.tries)):
        try:
            return _asked(step, address, headers, known, sleep)
        except http.Failed as failed:
            if not left or failed.hung:
                raise
        sleep(PAUSE)
    raise AssertionError("a request is tried once at least")


def _asked(
    step: WebRequest, address: str, headers: Mapping[str, str], known: Mapping[str, str], sleep: Callable[[float], None]
) -> Mapping[str, str]:
    url = _joined(address, _path(step.path, known))
    body = filled(step.body, known) if step.body is not None else None
    text = http.request(step.method.upper(), url, body, headers, taken=step.taken, sleep=sleep)
    if not step.asks():
        http.refuse_if_said(text)
        return {}
    try:
        answer = read_json(text)
    except ValueError:
        raise http.Failed("its answer is not JSON") from None
    for path, value in step.expect:
        if (found := first_text((path,), answer)) != value:
            raise http.Failed(f"its answer says {found or 'nothing'} at {path}, and not {value}")
    named = {word: first_text((path,), answer) for word, path in step.keep}
    return {word: text for word, text in named.items() if text is not None}


def _joined(address: str, path: str) -> str:
    """What the path leads to; a query of the address (a key, say) stays."""
    if not path:
        return address
    base, _, query = address.partition("?")
    return f"{base.rstrip('/')}{path}{('&' if '?' in path else '?') + query if query else ''}"


def _path(path: str, known: Mapping[str, str]) -> str:
    """Raises http.Failed where a word is missing: nobody means the address without it."""

    def word(place: re.Match[str]) -> str:
        if place[1] not in known:
            raise http.Failed(f"no answer has named {{{place[1]}}}")
        return quote(known[place[1]], safe="")

    return _PLACE.sub(word, path)
