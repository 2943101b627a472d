"""Who may use what GitHub does not have: the control API and the pages, which ask nobody for a token.

Any web page can let a browser send requests to this machine. It cannot choose the `Host` and `Origin` that the browser
adds, so both must be names of this machine, or names that the sandbox was told to accept.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from respondby.sandbox.serving.routing import App, Receive, Scope, Send, refuse
from respondby.sandbox.store.problems import Problem


def name_of(authority: str) -> str | None:
    """Return the host of `host`, `host:port` or `[address]:port`, in lower case; None for what is neither."""
    try:
        found = urlsplit(f"//{authority}")
        valid = found.netloc == authority and not found.username and (found.port is None or found.port > 0)
    except ValueError:
        return None
    return found.hostname if valid else None


def is_loopback(name: str) -> bool:
    """Return whether a host is this machine by its name: `localhost`, a name below it (RFC 6761), 127.x.x.x, ::1."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    if name == "127.0.0.1":
        return True
    import ipaddress  # imported for a rarer name: it costs a tenth of what the sandbox's own modules do

    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class LocalOnly:
    """An ASGI application that passes on only what this machine's own names were asked for; the rest gets a 403.

    `accepted` are further host names that it was told to accept.
    """

    def __init__(self, app: App, accepted: Collection[str]) -> None:
        self.app = app
        self.accepted = accepted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        problem = self._problem(scope)
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await refuse(send, problem)

    def _problem(self, scope: Scope) -> Problem | None:
        hosts, origins = (
            [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]
            for wanted in (b"host", b"origin")
        )
        asked = hosts[0] if len(hosts) == 1 else ""
        if not self._ours(name_of(asked)):
            return Problem(
                403,
                f"Host {asked!r} is not a name of this machine. Ask for localhost or 127.0.0.1, or start the sandbox"
                " with --allow-host and that name.",
            )
        for origin in origins:
            scheme, _, authority = origin.partition("://")
            if scheme not in ("http", "https") or not self._ours(name_of(authority)):
                return Problem(
                    403,
                    f"A page of origin {origin!r} may not use this: only pages of this machine may. Start the sandbox"
                    " with --allow-host and that page's host to let it.",
                )
        return None

    def _ours(self, name: str | None) -> bool:
        return name is not None and (is_loopback(name) or name in self.accepted)
