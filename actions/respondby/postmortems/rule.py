"""What a rule is: what it says, where it looks, and the examples that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from respondby.policy.text.problems import Severity
from respondby.postmortems.document.document import Document
from respondby.postmortems.edits import Edit

#: The sections of a post-mortem where the policy names none, as `msp-handoff`'s template has them.
SECTIONS = (
    "Incident summary",
    "Impact",
    "Root cause",
    "Timeline",
    "What went well",
    "What could be improved",
    "Action items",
)

#: Where an example of a rule stands unless it says otherwise.
EXAMPLE = "docs/incidents/2026-11-30-41-orders-fail.md"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a rule found: its place (line and column from 1), the words, and what would mend it."""

    line: int
    column: int
    message: str
    value: str = ""
    hint: str = ""
    edits: tuple[Edit, ...] = ()
    #: That the whole file is written anew: without a mark, with one kind of line end.
    rewrite: bool = False

    @property
    def mendable(self) -> bool:
        """Whether `--fix` mends it."""
        return self.rewrite or bool(self.edits)


@dataclass(frozen=True)
class Context:
    """What a document is looked at beside: the policy's sections, the repository's files, the other documents.

    `exists` answers for a path below the repository's root; None where nobody knows. `people` are the policy's logins,
    empty where there is no policy.
    """

    sections: tuple[str, ...] = SECTIONS
    exists: Callable[[str], bool] | None = None
    documents: Mapping[str, Document] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    _shared: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, name: str, make: Callable[[Mapping[str, Document]], Any]) -> Any:
        """What a rule works out of all documents, worked out once a run."""
        if name not in self._shared:
            self._shared[name] = make(self.documents)
        return self._shared[name]


@dataclass(frozen=True, slots=True)
class Example:
    """A document that shows a rule, with the files and other documents that it stands beside."""

    text: str
    path: str = EXAMPLE
    files: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `ours` is how grave it is in the desk's own documents, `others` in anybody's; None where it says nothing.

    `says` is the row of the documentation, one sentence; `why` the reason. `allowed` tells whether a comment in the
    file may silence it. `flagged` and `left_alone` are its examples, at least one each: its tests and its
    documentation.
    """

    name: str
    says: str
    why: str
    look: Callable[[Document, Context], Iterator[Finding]]
    flagged: tuple[Example, ...]
    left_alone: tuple[Example, ...]
    ours: Severity | None = "error"
    others: Severity | None = None
    allowed: bool = True
    mends: bool = False

    def severity(self, document: Document) -> Severity | None:
        """How grave it is in that document."""
        return self.ours if document.ours else self.others
