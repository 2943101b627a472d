"""One request, bounded in time and size, that tells in our own words what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from respondby.channels.message import unlogged
from respondby.deadlines import TooLate, within
from respondby.policy.text.json_text import read_json

#: Seconds to connect, and to wait for each piece of the answer.
TIMEOUT = (5.0, 10.0)
#: Seconds for a whole request, its headers and whatever is read of its answer included.
WHOLE = 15.0
#: An answer that is read may be so long, in bytes.
LONGEST = 2_000_000
#: Seconds that a service may ask us to wait: whoever waits longer is better called in another way.
MOST_PATIENT = 10.0


class Failed(Exception):
    """The request was not taken. `again` says that trying again may help, `hung` that no answer came in time; `after`
    is how many seconds a service that is asked too often wants to be left alone (None: it is not asked too often).
    """

    def __init__(self, why: str, *, again: bool = False, hung: bool = False, after: float | None = None) -> None:
        super().__init__(why)
        self.again, self.hung, self.after = again, hung, after

    def within(self, what: str) -> Failed:
        """The same, with what was asked before it."""
        return Failed(f"{what}{self}", again=self.again, hung=self.hung, after=self.after)


def post(url: str, payload: Any, headers: Mapping[str, str] | None = None) -> None:
    """POST `payload` as JSON; the answer's body is not read.

    Anything but a 2xx is Failed; so is a redirection, since what follows it is a GET.
    """
    _asked("POST", url, headers, json=payload)


def request(
    method: str,
    url: str,
    payload: Any,
    headers: Mapping[str, str],
    *,
    taken: Collection[int] = (),
    sleep: Callable[[float], None] = time.sleep,
) -> bytes:
    """The body of the answer. `taken` are statuses beside 2xx that mean yes.

    A service that has had too many requests (429) has taken nothing: it is asked once more after the time it names.
    """
    content = {} if payload is None else {"json": payload}
    try:
        return _asked(method, url, headers, read=True, taken=taken, **content)
    except Failed as failed:
        if failed.after is None or failed.after > MOST_PATIENT:
            raise
        sleep(failed.after)
    return _asked(method, url, headers, read=True, taken=taken, **content)


def reach(url: str) -> None:
    """GET, the answer's body unread. Anything but a 2xx is Failed."""
    _asked("GET", url, None)


def refuse_if_said(text: bytes) -> None:
    """A service may answer 200 and yet refuse, as Slack does: `{"ok": false, …}` is Failed, too."""
    try:
        said = read_json(text)
    except ValueError:
        return
    if isinstance(said, dict) and said.get("ok") is False:
        raise Failed("it answered that this was not done: check the names in it, and the secrets")


def get(url: str, parameters: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Any:
    """GET a JSON answer. Anything but a 2xx with JSON is Failed."""
    text = _asked("GET", url, headers, read=True, params=dict(parameters or {}))
    try:
        return read_json(text)
    except ValueError:
        raise Failed("its answer is not JSON") from None


def _asked(
    method: str,
    url: str,
    headers: Mapping[str, str] | None,
    *,
    read: bool = False,
    taken: Collection[int] = (),
    **content: Any,
) -> bytes:
    """The body of the answer to a request, empty unless it is to be read; every failure is Failed."""
    if not is_address(url):
        raise Failed("its address is not an http or https URL")
    sent: dict[str, Any] = {
        "headers": dict(headers or {}),
        "timeout": TIMEOUT,
        "allow_redirects": False,
        "stream": True,
        **content,
    }
    try:
        with unlogged():
            return within(WHOLE, lambda: _answer(method, url, sent, read=read, taken=taken))
    except TooLate:
        raise Failed(f"its answer did not end within {WHOLE:.0f} seconds", again=True, hung=True) from None
    except requests.exceptions.SSLError:
        raise Failed("its certificate is not trusted, or encryption failed") from None
    except requests.exceptions.Timeout:
        raise Failed(f"it did not answer within {TIMEOUT[1]:.0f} seconds", again=True, hung=True) from None
    except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError):
        raise Failed("no connection came about, or it was cut", again=True) from None
    except (requests.exceptions.RequestException, ValueError):
        raise Failed("its address or headers cannot be used") from None


def _answer(method: str, url: str, sent: Mapping[str, Any], *, read: bool, taken: Collection[int]) -> bytes:
    with requests.Session() as session:
        # Without this, requests would add a password from ~/.netrc to whatever address it is given.
        session.auth = lambda request: request
        with session.request(method, url, **sent) as answer:
            status = answer.status_code
            if not 200 <= status < 300 and status not in taken:
                wait = answer.headers.get("Retry-After", "")
                raise Failed(
                    f"it answered {status}{_advice(status, wait)}",
                    again=status == 429 or status >= 500,
                    after=_seconds(wait) if status == 429 else None,
                )
            text = bytearray()
            for piece in answer.iter_content(65_536) if read else ():
                text += piece
                if len(text) > LONGEST:
                    raise Failed("its answer has no end")
            return bytes(text)


def is_address(url: str) -> bool:
    """Whether this is an http or https URL with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _seconds(wait: str) -> float:
    """How long a `Retry-After` asks for; a second where it says nothing, too long for us where it is a date."""
    return float(wait) if wait.isascii() and wait.isdecimal() else 1.0 if not wait else MOST_PATIENT + 1


def _advice(status: int, wait: str) -> str:
    if 300 <= status < 400:
        return ": it has moved, put its new address into the secret"
    if status in (400, 422):
        return ": it does not understand this message"
    if status in (401, 403, 404, 410):
        return ": check the secret"
    if status == 429:
        return f": too many requests{f', again after {wait:.40} seconds' if wait.isdecimal() else ''}"
    return ""
