"""A browser without JavaScript, and without eyes: pages over HTTP, forms as their fields say, cookies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

Fields = Mapping[str, str | Sequence[str]]

HERE = "/acme/support"
MONDAY = 1767603600  # 2026-01-05T09:00:00Z, 10:00 in Brussels

_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_TAG = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.DOTALL)


@dataclass
class Seen:
    """A page: its status, headers and HTML; `text` is what somebody reads of it, `path` where it was found."""

    status: int
    headers: dict[str, str]
    html: str
    path: str

    @property
    def main(self) -> str:
        """The HTML of the content alone, without the frame."""
        return self.html.partition('<main id="main"')[2]

    @property
    def text(self) -> str:
        """What is read of the content, on one line."""
        return " ".join(unescape(_TAG.sub(" ", self.main.partition(">")[2])).split())


@dataclass
class Visitor:
    """Somebody with cookies at an address."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Seen:
        """Load a page, wherever it leads."""
        seen = self.request("GET", path, None, headers or {})
        return self.get(seen.headers["location"]) if seen.status == 303 else seen

    def post(
        self, path: str, fields: Fields, headers: Mapping[str, str] | None = None, *, token: str | None = None
    ) -> Seen:
        """Send a form of a page, and load the page that follows."""
        sent = {"token": self.token() if token is None else token, **fields}
        body = urlencode(sent, doseq=True)
        origin = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url}
        seen = self.request("POST", path, body, {**origin, **(headers or {})})
        return self.get(seen.headers["location"]) if seen.status == 303 else seen

    def token(self) -> str:
        """What the forms carry now."""
        found = _TOKEN.search(self.request("GET", "/", None, {}).html)
        assert found is not None, "the start page has no form"
        return found[1]

    def be(self, login: str) -> None:
        """Be somebody else from now on."""
        assert self.post("/play/who", {"who": login, "back": "/"}).status == 200

    def open(self, title: str, form: str = "problem", **answers: str) -> int:
        """Open an issue by a form; its number."""
        fields = {f"answer-{id}": answer for id, answer in answers.items()}
        seen = self.post(f"{HERE}/issues/new?template={form}.yml", {"title": title, **fields})
        assert seen.status == 200, seen.text
        return int(seen.path.rpartition("/")[2])

    def act(self, number: int, do: str, **fields: str | Sequence[str]) -> Seen:
        """Do something on an issue's page."""
        return self.post(f"{HERE}/issues/{number}", {"do": do, **fields})

    def request(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Seen:
        """One request, as it stands."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        try:
            connection.request(method, path.partition("#")[0], body, sent)
            response = connection.getresponse()
            html = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        found = {name.lower(): value for name, value in response.getheaders()}
        if "set-cookie" in found:
            name, _, value = found["set-cookie"].partition(";")[0].partition("=")
            self.cookies[name] = value
        return Seen(response.status, found, html, path.partition("#")[0])
