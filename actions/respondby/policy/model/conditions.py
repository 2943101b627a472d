"""What a policy can ask of a case: conditions (`when`), happenings (MOMENT) and people (roles).

These are the small words of which clocks, rules, commands and roles are made. They are plain data: a
condition is judged in `desk.state`, a pattern is matched in `promises.assess`, a role is resolved in
`policy.people.holders`.
"""

from __future__ import annotations

from typing import Literal

from respondby.dataclass import dataclass

#: Keys of a `when` that are not fields.
BUILT_IN_KEYS = ("stage", "product", "customer", "plan", "label", "part-of", "during", "outside")

#: Roles that every policy understands without naming them.
BUILT_IN_ROLES = ("author", "assignee", "speaker", "anyone")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One key of a `when`: `key` is a field or one of `BUILT_IN_KEYS`; any of `values` satisfies it.

    `("any",)` asks for some value, `("unset",)` for none; both may stand beside values.
    """

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class When:
    """A condition: all of its terms hold. Without terms it always holds."""

    terms: tuple[Requirement, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)


ALWAYS = When()

PatternKind = Literal[
    "opened", "edited", "closed", "reopened", "assigned", "comment", "card", "merged", "post-mortem merged",
    "all ticked", "waiting", "resumed", "command", "field set", "field is", "clock stops", "clock due",
    "alert", "milestone", "incident",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pattern:
    """A MOMENT of the language: which happenings start, stop or pause a clock.

    `name` is the command (with its `/` or `@`), the field or the clock; `value` the field's value, or as what a case
    is closed where that is not “completed”; `by` a role that the person must be able to hold (rule 13), or None for
    anybody. `alert` is a moment of milestones only, its `value` what it does: `fires`, `acknowledged`, `resolved`.
    `milestone` is one of an incident, at which clocks alone start and stop: `name` says which. `incident` is what a
    request hears of the incident that it is part of: `updated` or `resolved`.
    """

    kind: PatternKind
    name: str = ""
    value: str = ""
    by: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fill a role: the first one that applies (`when`) and has somebody present is taken.

    Exactly one of `people`, `rota` (with `shift`), `role`, `team` (with the secret's name `token`) and
    `association` is given.
    """

    when: When = ALWAYS
    people: tuple[str, ...] = ()
    rota: str | None = None
    shift: Literal["current", "next", "previous"] = "current"
    role: str | None = None
    team: str | None = None
    token: str | None = None
    association: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A name that stands for people, resolved at an instant."""

    name: str
    alternatives: tuple[Alternative, ...]
