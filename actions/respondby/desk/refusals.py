"""Why something that people wrote is refused, missing or uncertain: a code and its details, and no words.

The words are `letters.refusals`', in the reader's language. A detail is what a person typed, or a name of the policy;
it is as it was written, and no longer than a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.policy.model.requests import Argument

Code = Literal[
    "unanswered", "untold", "no-option", "no-options", "several-readings", "other-boxes", "not-ticked",
    "argument-missing", "argument-wrong", "argument-unread", "time-outside", "time-past", "not-yours", "only-with",
    "needs-answers", "no-value", "value-only-with", "value-needs", "nothing-in-place", "which-in-place", "not-in-place",
    "boxes-gone", "not-assignable", "no-login", "too-much",
    "close-needs", "closed-too-soon", "false-alarm-why", "resolved-first", "milestone-ahead",
    "tie-nothing", "tie-elsewhere", "tie-itself", "tie-circle", "tie-closed", "tie-no-incident", "update-long",
    "no-time", "ends-first", "window-past", "short-notice", "short-notice-emergency",
]  # fmt: skip

#: In a list of roles: somebody whom the policy names by login. Who that is, is not for everybody to read.
SOMEBODY = "@"


@dataclass(frozen=True, slots=True)
class Condition:
    """One term of a `when`: a field's title, or the key where the language itself has it (`own`), and its values.

    Values are names, `any` or `unset`.
    """

    about: str
    values: tuple[str, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """How a command is written: its word, and what it takes."""

    word: str
    takes: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is missing before something may be done, as it is typed: a word with one of `values`, or with what it
    `takes`, and below it the answers to the questions `below`. `title` is what people call it. An `alarm` is missing
    nothing: it is the way past all of it, for what was a false alarm.
    """

    word: str
    title: str = ""
    values: tuple[str, ...] = ()
    takes: tuple[Argument, ...] = ()
    below: tuple[str, ...] = ()
    alarm: bool = False


Detail = str | Instant | tuple[str, ...] | tuple[Condition, ...] | tuple[Lacking, ...] | Usage

#: Every code and the names of its details. `said` is what was typed, `options`, `values`, `roles` and `conditions` are
#: what would be right (one of them), `missing` and `lacking` are all of it needed, `standing` what is in place,
#: `kind` an `ArgumentType`.
DETAILS: Mapping[Code, frozenset[str]] = MappingProxyType(
    {
        "unanswered": frozenset(),
        "untold": frozenset(),
        "no-option": frozenset({"said", "options"}),
        "no-options": frozenset({"said", "options"}),
        "several-readings": frozenset({"said"}),
        "other-boxes": frozenset({"options"}),
        "not-ticked": frozenset({"missing"}),
        "argument-missing": frozenset({"argument", "kind", "usage"}),
        "argument-wrong": frozenset({"said", "kind", "usage"}),
        "argument-unread": frozenset({"said", "word", "usage"}),
        "time-outside": frozenset({"said"}),
        "time-past": frozenset({"said"}),
        "not-yours": frozenset({"word", "roles"}),
        "only-with": frozenset({"word", "conditions"}),
        "needs-answers": frozenset({"word", "missing"}),
        "no-value": frozenset({"word", "values"}),
        "value-only-with": frozenset({"value", "conditions"}),
        "value-needs": frozenset({"value", "missing"}),
        "nothing-in-place": frozenset({"word"}),
        "which-in-place": frozenset({"word", "standing"}),
        "not-in-place": frozenset({"said", "standing"}),
        "boxes-gone": frozenset({"missing"}),
        "not-assignable": frozenset({"said"}),
        "no-login": frozenset({"said"}),
        "too-much": frozenset({"most"}),
        "close-needs": frozenset({"lacking"}),
        "closed-too-soon": frozenset({"lacking"}),
        "false-alarm-why": frozenset({"word"}),
        "resolved-first": frozenset({"started", "resolved"}),
        "milestone-ahead": frozenset({"time"}),
        "tie-nothing": frozenset({"said"}),
        "tie-elsewhere": frozenset({"said"}),
        "tie-itself": frozenset({"said"}),
        "tie-circle": frozenset({"said"}),
        "tie-closed": frozenset({"said"}),
        "tie-no-incident": frozenset({"said"}),
        "update-long": frozenset({"most", "long"}),
        "no-time": frozenset({"said"}),
        "ends-first": frozenset({"start", "end"}),
        "window-past": frozenset({"end"}),
        "short-notice": frozenset({"notice", "at", "earliest"}),
        "short-notice-emergency": frozenset({"notice", "at", "earliest", "question", "value"}),
    }
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A code, and what its words need to know, by the names that `DETAILS` gives."""

    code: Code
    details: Mapping[str, Detail]

    def __post_init__(self) -> None:
        assert self.details.keys() == DETAILS[self.code], f"{self.code} has the details {sorted(self.details)}"

    @classmethod
    def of(cls, code: Code, **details: Detail) -> Refusal:
        """The refusal of that code with these details."""
        return cls(code, details)
