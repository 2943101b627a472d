"""A post-mortem: everything that can be read from its text, each part read when it is first asked for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from respondby.calendars.instants import Instant
from respondby.postmortems.document.front_matter import FrontMatter, front_matter_of
from respondby.postmortems.document.items import Item, items_of
from respondby.postmortems.document.milestones import milestones_of
from respondby.postmortems.document.outline import Block, Outline, Section, outline_of
from respondby.postmortems.document.source import Source
from respondby.postmortems.document.stated import Stated, stated_in
from respondby.postmortems.document.timeline import Timeline, timeline_of

#: Where a repository keeps its post-mortems.
FOLDER = "docs/incidents"

#: Files of that folder that are none.
NOT_DOCUMENTS = ("README.md", "TEMPLATE.md")

_MARKS = re.compile(r"[*_`]|\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Document:
    """A post-mortem. `path` is below the repository's root, with `/`, or as it was named."""

    source: Source

    @property
    def path(self) -> str:
        """Where it is, below the repository's root."""
        return self.source.path

    @cached_property
    def front(self) -> FrontMatter:
        """What stands before the text."""
        return front_matter_of(self.source)

    @cached_property
    def outline(self) -> Outline:
        """Sections and blocks."""
        return outline_of(self.source.lines, self.front.body)

    @cached_property
    def title(self) -> str:
        """The title: that of the front matter, else the first heading; empty where there is neither."""
        said = self.front.text("title")
        if said:
            return said
        first = next((block for block in self.outline.blocks if block.kind == "heading"), None)
        return _MARKS.sub(lambda found: found[1] or "", first.content).strip() if first is not None else ""

    @cached_property
    def timeline(self) -> Timeline:
        """The timed entries."""
        return timeline_of(self.outline, self.title, self.path)

    @cached_property
    def stated(self) -> tuple[Stated, ...]:
        """The lengths of time that it states of its incident."""
        return tuple(stated_in(self.outline))

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The action items."""
        return items_of(self.outline)

    @cached_property
    def milestones(self) -> dict[str, Instant]:
        """The milestones of the front matter, as instants."""
        return milestones_of(self.front)

    @cached_property
    def incidents(self) -> tuple[str, ...]:
        """The links of the incidents that it tells of."""
        return tuple(link.strip().rstrip("/") for link in self.front.texts("incident"))

    @cached_property
    def ours(self) -> bool:
        """Whether this is one of the desk's own: it names its incident, or lies where post-mortems are kept."""
        folder, _, name = self.path.rpartition("/")
        kept = posixpath.normpath(folder) == FOLDER or folder.endswith("/" + FOLDER)
        return (kept and name not in NOT_DOCUMENTS) or "incident" in self.front_keys

    @property
    def front_keys(self) -> tuple[str, ...]:
        """The keys of the front matter."""
        return tuple(self.front.root.value) if self.front.root is not None else ()

    def said(self, *roles: str) -> Iterator[Block]:
        """The texts and cells that somebody wrote themselves, in sections of those roles, or everywhere."""
        for block in self.outline.blocks:
            if block.kind in ("text", "cell") and not block.quoted and (not roles or block.section.within(*roles)):
                yield block

    def sections(self, *roles: str) -> tuple[Section, ...]:
        """The sections that have one of the roles themselves."""
        return tuple(section for section in self.outline.sections if section.role in roles)

    def column(self, line: int, text: str, offset: int = 0) -> int:
        """The column (from 1) of what stands at `offset` in `text`, a piece of that line (from 0)."""
        whole = self.source.lines[line] if line < len(self.source.lines) else ""
        piece = text.strip()
        at = whole.find(piece)
        lead = len(text) - len(text.lstrip())
        return max(1, (max(at, 0)) + offset - lead + 1)


def read_document(text: str, path: str) -> Document:
    """The document of a text. Nothing is refused here: `Source.refusal` says what should not be read."""
    return Document(Source(path, text))
