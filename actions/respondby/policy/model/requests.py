"""What customers and engineers can say: fields, forms and commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from respondby.calendars.durations import Duration
from respondby.dataclass import dataclass
from respondby.policy.model.clocks import NOTHING, Verbs
from respondby.policy.model.conditions import ALWAYS, When

ArgumentType = Literal["text", "time", "duration", "login", "ref"]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a form or a block asks. `options` makes it a dropdown."""

    id: str
    ask: str
    kind: Literal["line", "text", "time"] = "line"
    options: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field. `only` says when it may be chosen; `needs` what must be answered with it."""

    id: str
    name: str
    only: When = ALWAYS
    needs: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Weighs answers into a suggested value: answer × weight, summed, reaches the first `at_least` (highest first).

    `about` adds points for what is known of the case: a `product`, `customer` or `plan`, with those of each.
    """

    answers: tuple[tuple[str, int], ...]
    questions: tuple[tuple[Question, int], ...]
    at_least: tuple[tuple[str, int], ...]
    about: tuple[tuple[str, Mapping[str, int]], ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """An exclusive label family. `values` are highest first; those of `type` are the forms, of `product` products."""

    name: str
    title: str
    label: str
    set_by: tuple[str, ...] = ("staff",)
    default: str | None = None
    values: tuple[Value, ...] = ()
    choices_from: str | None = None
    propose: Proposal | None = None

    def value(self, id: str) -> Value | None:
        """The value of that id, or None."""
        return next((value for value in self.values if value.id == id), None)


@dataclass(frozen=True, slots=True)
class Form:
    """An issue form, or, without `name`, a block of questions for a command."""

    id: str
    name: str | None
    about: str
    by: tuple[str, ...] = ()
    choose: tuple[str, ...] = ()
    ask: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Argument:
    """What a command takes."""

    name: str
    type: ArgumentType
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A `/command` or an `@mention`: who may say it (`by`), when (`only`), with what, and what it does."""

    word: str
    by: tuple[str, ...]
    only: When = ALWAYS
    takes: tuple[Argument, ...] = ()
    needs: str | None = None
    cooldown: Duration | None = None
    verbs: Verbs = NOTHING
