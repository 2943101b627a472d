"""A receiver on this machine: it takes what channels send, and answers as told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.channels.serving import Answer, Asked, serving


class Receiver:
    """`got` lists (path, headers, JSON); the next answers have the statuses in `says`, then 202, and say `text`."""

    def __init__(self) -> None:
        self.host = ""
        self.got: list[tuple[str, dict[str, str], Any]] = []
        self.says: list[int] = []
        self.text = b""

    def answer(self, asked: Asked) -> Answer:
        """Take it, and answer as told."""
        self.got.append((asked.target, dict(asked.headers), asked.body))
        status = self.says.pop(0) if self.says else 202
        moved = {"Location": f"http://{self.host}/elsewhere"} if 300 <= status < 400 else {}
        return Answer(status, self.text, moved)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens."""
    receiver = Receiver()
    with serving(receiver) as url:
        receiver.host = url.removeprefix("http://")
        yield receiver
