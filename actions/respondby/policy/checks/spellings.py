"""Rules about names that differ in capitals or spaces alone: GitHub takes them for one, and people do.

GitHub compares labels, logins, repositories and the options of a form without regard to case, and shows a label with
the spelling that it had first. The policy tells such names apart, so a request would be read by one of them and
labelled with the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.model.requests import Field, Question
from respondby.policy.text.cursor import Path

#: A name, the path of what holds it, and whether it is the key there.
_Named = tuple[str, Path, bool]

#: Sections whose names people read and type, and nothing on GitHub holds.
_SECTIONS = (
    "calendars", "rotas", "roles", "customers", "channels", "forms", "clocks", "ladders", "stages", "products",
    "duties",
)  # fmt: skip


def plain(name: str) -> str:
    """The name as GitHub, and whoever reads it, compares it."""
    return " ".join(name.split()).casefold()


def _alike(names: Iterable[_Named]) -> Iterator[tuple[str, str, Path, bool]]:
    """Each name that is another one before it but for capitals and spaces, with that one."""
    seen: dict[str, str] = {}
    for name, path, at_key in names:
        if plain(name) in seen:
            yield seen[plain(name)], name, path, at_key
        else:
            seen[plain(name)] = name


def _place(field: Field, value: str) -> tuple[Path, bool]:
    """Where the policy writes a value of a field."""
    section = {"type": "forms", "product": "products"}.get(field.name)
    return ((section, value), True) if section is not None else (("fields", field.name, "values", value), True)


def _questions(subject: Subject) -> Iterator[tuple[Path, Question]]:
    """Every question of the policy that has options of its own."""
    for form in subject.policy.forms.values():
        yield from ((("forms", form.id, "ask", question.id), question) for question in form.ask)
    for field in subject.policy.fields.values():
        for value in field.values:
            path = ("fields", field.name, "values", value.id, "needs")
            yield from (((*path, question.id), question) for question in value.needs)


def _options(subject: Subject) -> Iterator[Finding]:
    """What one dropdown offers twice."""
    for field in subject.policy.fields.values():
        if field.choices_from is not None:
            continue  # they are files of one folder
        values: list[_Named] = [(value.name, *_place(field, value.id)) for value in field.values]
        yield from _offered_twice(values, f"`{field.name}`")
        if field.propose is not None:
            answers = [answer for answer, _ in field.propose.answers]
            path: Path = ("fields", field.name, "propose")
            yield from _offered_twice([(answer, (*path, answer), True) for answer in answers], f"`{field.name}`")
    for path, question in _questions(subject):
        options: list[_Named] = [
            (option, (*path, "options", place), False) for place, option in enumerate(question.options)
        ]
        yield from _offered_twice(options, f"`{question.id}`")


def _offered_twice(names: Iterable[_Named], whose: str) -> Iterator[Finding]:
    for first, name, path, at_key in _alike(names):
        message = f"`{name}` differs from `{first}` only in capitals or spaces: {whose} cannot tell which was chosen."
        yield Finding(path, message, name, "Name it in another way.", at_key=at_key)


def _labels(subject: Subject) -> Iterator[Finding]:
    """Values that would share a label, and fields that would share a family of them."""
    fields = [field for field in subject.policy.fields.values() if field.label]
    families: list[_Named] = [(field.label, ("fields", field.name), True) for field in fields]
    for first, name, path, at_key in _alike(families):
        message = f"Labels ignore capitals: `{name}…` are `{first}…`, and a label would be of either field."
        yield Finding(path, message, name, "Give each field a `label` of its own.", at_key=at_key)
    for field in fields:
        if field.choices_from is not None:
            continue
        values: list[_Named] = [(value.id, *_place(field, value.id)) for value in field.values]
        for first, name, path, at_key in _alike(values):
            message = f"Labels ignore capitals: `{field.label}{name}` and `{field.label}{first}` are one."
            yield Finding(path, message, name, "Call it in another way.", at_key=at_key)


def _labels_said(data: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """The labels that ladders, rules, commands and conditions name below a path, with their places."""
    if isinstance(data, dict):
        for key, item in data.items():
            if key in ("label", "unlabel") and isinstance(item, str):
                yield (*path, key), item
            elif key in ("label", "unlabel") and isinstance(item, list):
                yield from (((*path, key, place), one) for place, one in enumerate(item) if isinstance(one, str))
            else:
                yield from _labels_said(item, (*path, key))
    elif isinstance(data, list):
        for place, item in enumerate(data):
            yield from _labels_said(item, (*path, place))


def _spellings(subject: Subject) -> Iterator[Finding]:
    """One label in two spellings: whichever a repository has, `sync --labels` would ask for the other."""
    labels = [f"{field.label}{value.id}" for field in subject.policy.fields.values() for value in field.values]
    seen = {label.casefold(): label for label in reversed(labels)}
    for section in ("clocks", "ladders", "rules", "commands", "duties", "incidents", "void"):
        for path, label in _labels_said(subject.reading.written(section), (section,)):
            if (first := seen.setdefault(label.casefold(), label)) != label:
                message = f"`{label}` is the label `{first}`: a repository has one spelling of each."
                yield Finding(path, message, label, f"Write `{first}`, as elsewhere.")


def _names(subject: Subject) -> Iterator[Finding]:
    """Names of one section that nobody tells apart; those of labels are said there."""
    labelled = {"forms": "type", "products": "product"}
    for section in _SECTIONS:
        written = subject.reading.written(section)
        if not isinstance(written, dict) or labelled.get(section) in subject.policy.fields:
            continue
        for first, name, path, _ in _alike((name, (section, name), True) for name in written):
            message = f"`{name}` differs from `{first}` only in capitals or spaces: people take one for the other."
            yield Finding(path, message, name, "Call it in another way.", at_key=True)
    people = {plain(login): login for login in subject.policy.people}
    for role in subject.reading.written("roles") or {}:
        if (login := people.get(plain(role))) is not None:
            message = f"A role and a person, `{login}`, have one name: a name that calls one is taken for the other."
            yield Finding(("roles", role), message, role, "Call the role in another way.", at_key=True)


def _accounts(subject: Subject) -> Iterator[Finding]:
    """Accounts and repositories of two customers, and accounts with two names in one chat."""
    seen: dict[str, str] = {}
    for customer in subject.policy.customers.values():
        for key, names in (("members", customer.members), ("repositories", customer.repositories)):
            for place, name in enumerate(names):
                first = seen.setdefault(f"{key} {name.casefold()}", customer.name)
                if first != customer.name:
                    message = f"`{name}` is of customer `{first}` as well, and counts there: names ignore capitals."
                    yield Finding(("customers", customer.name, key, place), message, name, "Keep it with one of them.")
    for channel in subject.policy.channels.values():
        logins: list[_Named] = [(login, ("channels", channel.name, "as", login), True) for login, _ in channel.names]
        for first, name, path, _ in _alike(logins):
            message = f"`{name}` and `{first}` are one account: logins ignore capitals."
            yield Finding(path, message, name, "Keep one of them.", at_key=True)


RULES = (
    Rule("options-alike", "error", _options),
    Rule("labels-alike", "error", _labels),
    Rule("label-respelled", "warning", _spellings),
    Rule("accounts-alike", "error", _accounts),
    Rule("names-alike", "warning", _names),
)
