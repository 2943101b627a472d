"""One request, bounded in time and size, that tells in our own words what became of it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests

from respondby.channels.message import unlogged

#: Seconds to connect, and to wait for the answer to begin.
TIMEOUT = (5.0, 10.0)
#: An answer that is read may be so long, in bytes, and may take so many seconds to come.
LONGEST, SLOWEST = 2_000_000, 20.0


class Failed(Exception):
    """The request was not taken. `again` says that trying again may help."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.again = again


def post(url: str, payload: Any, headers: Mapping[str, str] | None = None) -> None:
    """POST `payload` as JSON; the answer's body is not read.

    Anything but a 2xx is Failed; so is a redirection, since what follows it is a GET.
    """
    with _asking("POST", url, headers, json=payload):
        pass


def reach(url: str) -> None:
    """GET, the answer's body unread. Anything but a 2xx is Failed."""
    with _asking("GET", url, None):
        pass


def ask(url: str, payload: Any, headers: Mapping[str, str] | None = None) -> None:
    """POST `payload` as JSON to a service that may answer 200 and yet refuse: `{"ok": false, …}` is Failed, too."""
    with _asking("POST", url, headers, json=payload) as answer:
        text = _text_of(answer)
    try:
        said = json.loads(text)
    except ValueError:
        return
    if isinstance(said, dict) and said.get("ok") is False:
        raise Failed("it answered that this was not done: check the names in it, and the secrets", again=False)


def get(url: str, parameters: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Any:
    """GET a JSON answer. Anything but a 2xx with JSON is Failed."""
    with _asking("GET", url, headers, params=dict(parameters or {})) as answer:
        text = _text_of(answer)
    try:
        return json.loads(text)
    except ValueError:
        raise Failed("its answer is no JSON", again=False) from None


def _text_of(answer: requests.Response) -> bytes:
    text = bytearray()
    last = time.monotonic() + SLOWEST
    for piece in answer.iter_content(65_536):
        text += piece
        if len(text) > LONGEST or time.monotonic() > last:
            raise Failed("its answer has no end", again=False)
    return bytes(text)


@contextmanager
def _asking(method: str, url: str, headers: Mapping[str, str] | None, **content: Any) -> Iterator[requests.Response]:
    """The answer to a request, its body unread; every failure is Failed, also one while it is read."""
    if not is_address(url):
        raise Failed("its address is no http or https URL", again=False)
    try:
        with unlogged(), requests.Session() as session:
            # Without this, requests would add a password from ~/.netrc to whatever address it is given.
            session.auth = lambda request: request
            sent: dict[str, Any] = {
                "headers": dict(headers or {}),
                "timeout": TIMEOUT,
                "allow_redirects": False,
                "stream": True,
            }
            with session.request(method, url, **sent, **content) as answer:
                status = answer.status_code
                if not 200 <= status < 300:
                    raise Failed(f"it answered {status}{_advice(status)}", again=status == 429 or status >= 500)
                yield answer
    except requests.exceptions.SSLError:
        raise Failed("its certificate is not trusted, or encryption failed", again=False) from None
    except requests.exceptions.Timeout:
        raise Failed(f"it did not answer within {TIMEOUT[1]:.0f} seconds", again=True) from None
    except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError):
        raise Failed("no connection came about, or it was cut", again=True) from None
    except (requests.exceptions.RequestException, ValueError):
        raise Failed("its address or headers cannot be used", again=False) from None


def is_address(url: str) -> bool:
    """Whether this is an http or https URL with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _advice(status: int) -> str:
    if 300 <= status < 400:
        return ": it has moved, put its new address into the secret"
    if status in (400, 422):
        return ": it does not understand this message"
    if status in (401, 403, 404, 410):
        return ": check the secret"
    return ""
