"""Between a browser and the pages: who may ask, what was asked, and what goes back.

Any web page can let a browser send requests to this machine, so nothing is done that a page of ours did not ask for:
`Host` and `Origin` are of this machine, `Origin` is this very address, and every form carries a token that only our
pages can read.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, quote, urlsplit

from respondby.sandbox.serving.callers import LocalOnly
from respondby.sandbox.serving.routing import App, Receive, Router, Scope, Send, read_body, reply

#: Nobody types more than this into a form.
LARGEST = 1_000_000

#: Nothing of a page comes from elsewhere, and none can be shown inside another.
POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self'; connect-src 'self';"
    " img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: `params` of its address, its `query`, the fields of its form, and its cookies.

    A form that is too large is not read: it is not `whole`.
    """

    method: str
    path: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True

    def field(self, name: str) -> str:
        """The last value of a field; empty where there is none. Lines end as they do on this machine."""
        return self.fields.get(name, [""])[-1].replace("\r\n", "\n")

    def number(self, name: str = "number") -> int:
        """A number of the address."""
        return int(self.params[name])


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int
    content: bytes
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Wrong(Exception):
    """A request that cannot be answered as it was asked: the status, and a sentence for whoever asked."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


def go(place: str, **cookies: str) -> Reply:
    """Send the browser elsewhere on this site, after something was done."""
    headers = {"location": place}
    for name, value in cookies.items():
        headers["set-cookie"] = f"{name}={quote(value)}; Path=/; SameSite=Strict; HttpOnly; Max-Age=31536000"
    return Reply(303, b"", headers=headers)


Handler = Callable[[Asked], Reply]


class Pages:
    """The ASGI application of these routes (method, template, handler); whatever else is asked goes to `beyond`.

    `token` is what every form carries, `wrong` makes the page of a refusal.
    """

    def __init__(
        self,
        routes: Collection[tuple[str, str, Handler]],
        beyond: App,
        token: Callable[[], str],
        wrong: Callable[[Asked, Wrong], Reply],
        accepted: Collection[str],
    ) -> None:
        self._token, self._wrong, self._beyond = token, wrong, beyond
        self._router = Router(
            (method, path, LocalOnly(self._page(handler), accepted)) for method, path, handler in routes
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = None if scope["type"] != "http" else self._router.find(scope["method"], scope["path"])
        if found is None:
            await self._beyond(scope, receive, send)
            return
        app, scope["path_params"] = found
        await app(scope, receive, send)

    def _page(self, handler: Handler) -> App:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            asked = await _asked(scope, receive)
            made = await asyncio.to_thread(self._answered, handler, asked, scope)
            headers = {
                "content-security-policy": POLICY,
                "x-content-type-options": "nosniff",
                "referrer-policy": "same-origin",
                "cache-control": "no-store",
                **made.headers,
            }
            content = b"" if scope["method"] == "HEAD" else made.content
            await reply(send, made.status, content, headers, made.kind)

        return answer

    def _answered(self, handler: Handler, asked: Asked, scope: Scope) -> Reply:
        try:
            if asked.method == "POST":
                if not asked.whole:
                    raise Wrong(413, f"This is more than {LARGEST // 1_000_000} MB, and nobody types that.")
                self._allow(asked, scope)
            return handler(asked)
        except Wrong as wrong:
            return self._wrong(asked, wrong)

    def _allow(self, asked: Asked, scope: Scope) -> None:
        """Refuse what no page of ours has sent. Raises Wrong."""
        origin, host = _header(scope, b"origin"), _header(scope, b"host")
        site = _header(scope, b"sec-fetch-site")
        ours = origin in ("", "null") or urlsplit(origin).netloc.casefold() == host.casefold()
        if not ours or origin == "null" or site not in ("", "same-origin", "none"):
            raise Wrong(403, "Another page asked for this. Only pages of this sandbox may.")
        if not hmac.compare_digest(asked.field("token").encode(), self._token().encode()):
            raise Wrong(403, "This form is not of the game that is played now. Load its page again.")


async def _asked(scope: Scope, receive: Receive) -> Asked:
    body = await read_body(receive)
    fields = {} if len(body) > LARGEST else parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    query = parse_qs(scope["query_string"].decode("utf-8", "replace"), keep_blank_values=True)
    try:
        cookies = {name: one.value for name, one in SimpleCookie(_header(scope, b"cookie")).items()}
    except CookieError:  # of another program on this machine
        cookies = {}
    last = {name: values[-1] for name, values in query.items()}
    whole = len(body) <= LARGEST
    return Asked(scope["method"], scope["path"], scope["path_params"], last, fields, cookies, whole)


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
