"""Names that stand for something declared elsewhere in the policy: each must exist.

One table says, for each kind of reference, what there is. A field whose values are read from a folder has any value
that a label can hold, unless the folder's files were given to the loader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from respondby.policy.loading.parse_ladders import PLACEHOLDERS
from respondby.policy.model.conditions import BUILT_IN_KEYS, BUILT_IN_ROLES
from respondby.policy.model.policy import Policy
from respondby.policy.text.cursor import Cursor, Notes, Reference
from respondby.policy.text.problems import READABLE, Problem, shorten, suggestion

Names = Iterable[str]

#: A suggestion compares a name with all others: for more unknown names than anybody reads, none is sought.
_SUGGESTED = 2 * READABLE


def judge(notes: Notes, root: Cursor, policy: Policy) -> None:
    """Note a problem for every reference that stands for nothing. What is declared but wrong is there all the same."""
    tables = _tables(root, policy)
    logins = {login.casefold() for login in _written(root, "people")}
    names: dict[str, tuple[str, ...] | None] = {}
    sets: dict[str, frozenset[str]] = {}
    for reference in notes.references:
        kind = reference.kind
        if kind not in names:
            known = _known(kind, policy, tables)
            names[kind] = None if known is None else tuple(known)
            sets[kind] = frozenset(known or ())
        there = names[kind]
        if there is None or reference.name in sets[kind] or _unread(root, kind):
            continue
        if kind in ("person", "role") and reference.name.casefold() in logins:
            continue  # logins have no case; all other names have
        _note(notes, reference, there)


def _written(root: Cursor, section: str) -> Sequence[str]:
    """The names that a section of the text declares."""
    cursor = root.get(section)
    return tuple(cursor.node.value) if cursor is not None and cursor.node.kind == "mapping" else ()


def _unread(root: Cursor, kind: str) -> bool:
    """Is the section that would declare names of that kind no mapping? Then that is all there is to say."""
    section = root.get("people" if kind == "person" else f"{kind}s")
    return section is not None and section.node.kind != "mapping"


def _tables(root: Cursor, policy: Policy) -> dict[str, Callable[[], Names]]:
    def names(section: str) -> Names:
        return _written(root, section)

    return {
        "argument": lambda: _arguments(policy),
        "calendar": lambda: names("calendars"),
        "channel": lambda: names("channels"),
        "clock": lambda: names("clocks"),
        "command": lambda: (*names("commands"), *(f"/{name}" for name in names("fields"))),
        "date": lambda: dict.fromkeys(name for product in policy.products.values() for name in product.dates),
        "field": lambda: names("fields"),
        "field with questions": lambda: (name for name, field in policy.fields.items() if field.propose),
        "form": lambda: names("forms"),
        "ladder": lambda: names("ladders"),
        "person": lambda: names("people"),
        "placeholder": lambda: (*PLACEHOLDERS, *names("fields"), *_questions(policy)),
        "product": lambda: names("products"),
        "role": lambda: (*names("roles"), *policy.roles, *BUILT_IN_ROLES, *_product_roles(policy), *names("people")),
        "rota": lambda: names("rotas"),
        "value of customer": lambda: names("customers"),
        "value of plan": lambda: (customer.plan for customer in policy.customers.values() if customer.plan),
        "value of product": lambda: names("products"),
        "value of stage": lambda: names("stages"),
        "value of type": lambda: (form.id for form in policy.forms.values() if form.name is not None),
        "when": lambda: (*names("fields"), *BUILT_IN_KEYS),
    }


def _questions(policy: Policy) -> Names:
    return dict.fromkeys(question.id for form in policy.forms.values() for question in form.ask)


def _arguments(policy: Policy) -> Names:
    return (f"{command.word}.{taken.name}" for command in policy.commands.values() for taken in command.takes)


def _product_roles(policy: Policy) -> Names:
    return (name for product in policy.products.values() for name in product.roles or ())


def _known(kind: str, policy: Policy, tables: dict[str, Callable[[], Names]]) -> Sequence[str] | None:
    """The names of that kind; None where any name will do."""
    if kind == "product" and policy.uptime is not None:
        kind = f"value of {policy.uptime.by}"
    if kind in tables:
        return tuple(tables[kind]())
    if kind.startswith("question of "):
        form = policy.forms.get(kind.removeprefix("question of "))
        return None if form is None else tuple(question.id for question in form.ask)
    if kind.startswith("value of "):
        field = policy.fields.get(kind.removeprefix("value of "))
        if field is None or (field.choices_from and not field.values):
            return None
        return tuple(value.id for value in field.values)
    return None  # a secret: what the workflows pass is a check of its own


def _note(notes: Notes, reference: Reference, known: Sequence[str]) -> None:
    message, many = _words(reference.kind, f"`{shorten(reference.name)}`")
    hint = suggestion(reference.name, known, what=many) if len(notes.problems) < _SUGGESTED else ""
    place = (reference.file, reference.line, reference.column)
    notes.problems.append(Problem(*place, message, shorten(reference.name), hint, rule="unknown-name"))


def _words(kind: str, name: str) -> tuple[str, str]:
    """What is wrong with a reference of that kind, and what many of its kind are called."""
    word, _, whose = kind.partition(" of ")
    if word == "value":
        return f"`{whose}` has no value {name}.", f"values of `{whose}`"
    if word == "question":
        return f"Form `{whose}` asks no {name}.", f"questions of `{whose}`"
    said = {
        "when": (f"{name} is not a field or another key of a condition.", "keys of conditions"),
        "field with questions": (f"{name} is not a field that proposes values.", "fields with `propose`"),
        "argument": (f"No command takes {name}.", "arguments of commands"),
        "date": (f"No product has a date {name}.", "dates of products"),
        "person": (f"There is no {name} in `people`.", "people"),
    }
    return said.get(kind, (f"There is no {kind} {name}.", f"{kind}s"))
