"""What a public status page may show: nothing that does not stand here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.policy.model.conditions import ALWAYS, When

#: What a page can show beside the state of its products.
Shown = Literal["uptime", "targets", "incidents", "updates", "maintenance", "post-mortems", "attainment"]

SHOWN: tuple[Shown, ...] = (
    "uptime", "targets", "incidents", "updates", "maintenance", "post-mortems", "attainment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Publish:
    """`products` are the names that the public reads, by value of the field that uptime is measured by; `url` is where
    the page stands, ending in `/`. `show` is what is told of them, `incidents` which incidents are told (`show` says
    whether any is). `customers` are those whose names a public text may hold. What was said before `since`, and what
    was over by then, is told to nobody (None: all that was ever said is).
    """

    title: str
    url: str
    products: Mapping[str, str]
    show: tuple[Shown, ...]
    incidents: When = ALWAYS
    customers: tuple[str, ...] = field(default_factory=tuple)
    about: str = ""
    language: str | None = None
    since: Instant | None = None

    def tells(self, at: Instant) -> bool:
        """Whether what was said or over at that instant is told."""
        return self.since is None or at >= self.since

    def shows(self, what: Shown) -> bool:
        """Whether the page tells that."""
        return what in self.show
