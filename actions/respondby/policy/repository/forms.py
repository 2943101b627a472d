"""GitHub issue forms made from the policy: one file a form, and the chooser's own file.

The policy is the only source: a form's dropdowns are its fields, its questions those of `ask`. Ids never reach an
issue's body, so labels are what `desk.answers` reads a request by; both take them from the policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Field, Form, Question

#: Where GitHub looks for forms.
FOLDER = ".github/ISSUE_TEMPLATE"

_HEAD = "# Made from {source}: change it there, not here.\n"
_MADE = re.compile(r"\ufeff?# Made from \S+: change it there, not here\.\r?\n")


def form_files(policy: Policy, *, source: str = ".github/support.yml") -> dict[str, str]:
    """The texts of all forms of the chooser and of its `config.yml`, by path."""
    files = {
        f"{FOLDER}/{form.id}.yml": head(source) + issue_form(policy, form)
        for form in policy.forms.values()
        if form.name is not None
    }
    files[f"{FOLDER}/config.yml"] = head(source) + chooser(policy)
    return files


def head(source: str) -> str:
    """The first line of a file that is made from the policy at `source`."""
    return _HEAD.format(source=source)


def made_from_policy(text: str) -> bool:
    """Whether a file says of itself that it was made from a policy: no other is ever overwritten."""
    return _MADE.match(text) is not None


def issue_form(policy: Policy, form: Form) -> str:
    """The form as YAML, valid by GitHub's schema of issue forms. The form has a `name`."""
    return _dumped(form_data(policy, form))


def form_data(policy: Policy, form: Form) -> dict[str, Any]:
    """The form as data: what it lets choose, then what it asks."""
    data: dict[str, Any] = {"name": form.name, "description": form.about}
    kind = policy.fields.get("type")
    if kind is not None and kind.label:
        data["labels"] = [f"{kind.label}{form.id}"]
    data["body"] = list(_body(policy, form))
    return data


def chooser(policy: Policy) -> str:
    """`config.yml`: no blank issues, since what no form brings has no type, and the contacts."""
    data: dict[str, Any] = {"blank_issues_enabled": False}
    if policy.contacts:
        data["contact_links"] = [
            {"name": contact.name, "url": contact.url, "about": contact.about} for contact in policy.contacts
        ]
    return _dumped(data)


def _body(policy: Policy, form: Form) -> Iterator[dict[str, Any]]:
    if form.by:
        yield {"type": "markdown", "attributes": {"value": f"This form is for {_listed(form.by)}."}}
    for choice in form.choose:
        name, _, questions = choice.partition(".")
        field = policy.fields[name]
        if not questions:
            yield _dropdown(field.name, field.title, [value.name for value in field.values], _default(field))
        elif field.propose is not None:
            for question, _weight in field.propose.questions:
                yield _dropdown(question.id, question.ask, question.options)
    yield from (_question(question) for question in form.ask)


def _question(question: Question) -> dict[str, Any]:
    if question.options:
        return _dropdown(question.id, question.ask, question.options, required=not question.optional)
    kind = "textarea" if question.kind == "text" else "input"
    item: dict[str, Any] = {"type": kind, "id": question.id, "attributes": {"label": question.ask}}
    if question.kind == "time":
        item["attributes"]["placeholder"] = "2026-12-24T10:00"
    return item | {"validations": {"required": not question.optional}}


def _dropdown(
    id: str, label: str, options: Sequence[str], default: int | None = None, *, required: bool = True
) -> dict[str, Any]:
    attributes: dict[str, Any] = {"label": label, "options": list(options)}
    if default is not None:
        attributes["default"] = default
    return {"type": "dropdown", "id": id, "attributes": attributes, "validations": {"required": required}}


def _default(field: Field) -> int | None:
    ids = [value.id for value in field.values]
    return ids.index(field.default) if field.default in ids else None


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _dumped(data: Mapping[str, Any]) -> str:
    # Quotes what Ruby's YAML, which GitHub reads forms with, would take for a truth or a time.
    return yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=10_000)
