"""Requests in a row, as a webhook's body file may name them: a system that is asked first, then told.

    {"$requests": [
      {"get": "/search?label={case}", "keep": {"ref": "$.issues[0].key"}},
      {"post": "/issue", "unless": "ref", "body": {"summary": "{subject}"}, "keep": {"ref": "$.key"}}
    ]}

Anything else in such a file is one body, as it stands. What is wrong with a step is said as it is read: a file that
`check` has passed cannot fail for its shape later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from respondby.dataclass import dataclass
from respondby.policy.text.json_text import read_json

#: The key of a file that holds requests; no service takes a body with one of that name.
MARK = "$requests"
METHODS = ("get", "post", "put", "patch", "delete")

#: As many requests one message may need, and as often one of them may be asked.
MOST_STEPS, MOST_TRIES = 8, 5

_KEYS = frozenset({*METHODS, "body", "keep", "unless", "expect", "taken", "tries", "examples"})
_WORD = re.compile(r"[a-z]{1,20}")


class WrongRequests(ValueError):
    """JSON, but no requests that could be made; the text says what is wrong with which."""


@dataclass(frozen=True, slots=True)
class WebRequest:
    """One request: its method and its path, which follows the address in the channel's secret.

    `keep` are paths (JSONPath) of the answer by the word that they fill; `unless` are words that, known (or of this
    value), make it needless; `expect` is what the answer must say, `taken` are statuses beside 2xx that mean yes.
    `tries` is how often it is asked until the answer says so. `examples` are answers as the system gives them.
    """

    method: str
    path: str
    body: Any = None
    keep: tuple[tuple[str, str], ...] = ()
    unless: tuple[tuple[str, str | None], ...] = ()
    expect: tuple[tuple[str, str], ...] = ()
    taken: tuple[int, ...] = ()
    tries: int = 1
    examples: tuple[Any, ...] = ()

    @property
    def named(self) -> str:
        """`post /issue/{ref}/transitions`: what a report calls it; it holds no secret."""
        return f"{self.method} {self.path or 'its address'}"

    def asks(self) -> bool:
        """Whether anything of the answer is read."""
        return bool(self.keep or self.expect)


def read_steps(text: str) -> tuple[WebRequest, ...] | None:
    """The requests that a body file names; None where it is a body. Raises WrongRequests; ValueError
    where it is no JSON.
    """
    data = read_json(text)
    if not isinstance(data, dict) or MARK not in data:
        return None
    if len(data) > 1:
        raise WrongRequests(f"beside `{MARK}` stands nothing")
    steps = data[MARK]
    if not isinstance(steps, list) or not 0 < len(steps) <= MOST_STEPS:
        raise WrongRequests(f"`{MARK}` is a list of 1 to {MOST_STEPS} requests")
    return tuple(_step(step, number) for number, step in enumerate(steps, 1))


def _step(step: Any, number: int) -> WebRequest:
    what = f"request {number}"
    if not isinstance(step, dict):
        raise WrongRequests(f'{what} is not an object such as {{"post": "/issue"}}')
    unknown = sorted(set(step) - _KEYS)
    methods = [method for method in METHODS if method in step]
    if unknown or len(methods) != 1:
        raise WrongRequests(
            f"{what} has the key `{unknown[0]}`, which is none of {', '.join(sorted(_KEYS))}"
            if unknown
            else f"{what} needs one of {', '.join(METHODS)} with its path"
        )
    method = methods[0]
    path, tries, taken, examples = step[method], step.get("tries", 1), step.get("taken", []), step.get("examples", [])
    if not isinstance(path, str) or (path and path[0] not in "/?"):
        raise WrongRequests(f"the path of {what} is a text that begins with `/`")
    if isinstance(tries, bool) or not isinstance(tries, int) or not 1 <= tries <= MOST_TRIES:
        raise WrongRequests(f"`tries` of {what} is a number from 1 to {MOST_TRIES}")
    if tries > 1 and method != "get":
        raise WrongRequests(f"{what} changes something, so it is made once: only a get has `tries`")
    if method == "get" and "body" in step:
        raise WrongRequests(f"{what} is a get, which has no body")
    if not isinstance(taken, list) or not all(isinstance(status, int) and 300 <= status < 500 for status in taken):
        raise WrongRequests(f"`taken` of {what} is a list of statuses from 300 to 499")
    if not isinstance(examples, list):
        raise WrongRequests(f"`examples` of {what} is a list of answers")
    return WebRequest(
        method,
        path,
        step.get("body"),
        _texts(step.get("keep", {}), what, "keep"),
        _unless(step.get("unless", ()), what),
        _texts(step.get("expect", {}), what, "expect"),
        tuple(taken),
        tries,
        tuple(examples),
    )


def _texts(given: Any, what: str, key: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, dict):
        raise WrongRequests(f"`{key}` of {what} is an object")
    for name, value in given.items():
        if key == "keep" and not (_WORD.fullmatch(name) and isinstance(value, str) and value.startswith("$")):
            raise WrongRequests(f'`keep` of {what} holds paths by words of small letters: {{"ref": "$.key"}}')
        if key == "expect" and not (name.startswith("$") and isinstance(value, str | int | float)):
            raise WrongRequests(f'`expect` of {what} holds values by paths: {{"$.data.success": true}}')
    return tuple((name, plain_value(value)) for name, value in given.items())


def _unless(given: Any, what: str) -> tuple[tuple[str, str | None], ...]:
    if isinstance(given, str) and _WORD.fullmatch(given):
        return ((given, None),)
    if isinstance(given, Mapping) and all(isinstance(value, str) for value in given.values()):
        return tuple(given.items())
    if given == ():
        return ()
    raise WrongRequests(f'`unless` of {what} is a word, or words with their values: {{"status": "done"}}')


def plain_value(value: Any) -> str:
    """A text, a number or a truth as it is compared: `true`, `7`."""
    return str(value).lower() if isinstance(value, bool) else str(value)
