"""One POST of JSON, bounded in time, that tells in our own words what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from respondby.channels.message import unlogged

#: Seconds to connect, and to wait for the answer to begin. The answer's body is never read.
TIMEOUT = (5.0, 10.0)


class Failed(Exception):
    """The POST was not taken. `again` says that trying again may help."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.again = again


def post(url: str, payload: Any, headers: Mapping[str, str] | None = None) -> None:
    """POST `payload` as JSON. Anything but a 2xx is Failed; so is a redirection, since what follows it is a GET."""
    if not is_address(url):
        raise Failed("its address is no http or https URL", again=False)
    try:
        with unlogged(), requests.Session() as session:
            # Without this, requests would add a password from ~/.netrc to whatever address it is given.
            session.auth = lambda request: request
            answer = session.post(
                url, json=payload, headers=dict(headers or {}), timeout=TIMEOUT, allow_redirects=False, stream=True
            )
            status = answer.status_code
    except requests.exceptions.SSLError:
        raise Failed("its certificate is not trusted, or encryption failed", again=False) from None
    except requests.exceptions.Timeout:
        raise Failed(f"it did not answer within {TIMEOUT[1]:.0f} seconds", again=True) from None
    except requests.exceptions.ConnectionError:
        raise Failed("no connection came about, or it was cut", again=True) from None
    except (requests.exceptions.RequestException, ValueError):
        raise Failed("its address or headers cannot be used", again=False) from None
    if not 200 <= status < 300:
        raise Failed(f"it answered {status}{_advice(status)}", again=status == 429 or status >= 500)


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
