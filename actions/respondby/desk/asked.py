"""The form of then: what was asked when a request was written, kept so that the request is read by it ever after.

A form's questions, options and choices are edited; a request that came by an earlier one still has its headings. What
the record keeps is as short as the form: ids, labels, kinds and options, and which value each option of a field meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from respondby.dataclass import dataclass
from respondby.desk.answers import policy_fields
from respondby.desk.values import FieldType, FormField
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Form

_TYPES: Mapping[str, FieldType] = {"i": "input", "t": "textarea", "d": "dropdown"}
_LETTERS = {kind: letter for letter, kind in _TYPES.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a form: `form` is its id. `values` has, for each field that it lets choose, the value of each
    option.
    """

    form: str
    fields: tuple[FormField, ...]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As the record keeps it: only what differs from a question's default."""
        return {
            "form": self.form,
            "asks": [
                [item.id, item.label, _LETTERS[item.type] + ("!" if item.required else ""), *item.options]
                for item in self.fields
            ],
            "means": {name: list(options.values()) for name, options in self.values.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Asked:
        """Read `to_json`'s form. Raises ValueError, KeyError or TypeError on anything else."""
        fields = tuple(
            FormField(
                str(name),
                str(label),
                _TYPES[str(kind).rstrip("!")],
                tuple(str(option) for option in options),
                required=str(kind).endswith("!"),
            )
            for name, label, kind, *options in data["asks"]
        )
        options = {item.id: item.options for item in fields}
        means = {
            str(name): dict(zip(options[name], (str(value) for value in values), strict=True))
            for name, values in data["means"].items()
        }
        return cls(str(data["form"]), fields, means)


def asked_by(policy: Policy, form: Form) -> Asked:
    """What a form of the policy asks today."""
    chosen = (policy.fields.get(name) for name in form.choose)
    means = {item.name: {value.name: value.id for value in item.values} for item in chosen if item is not None}
    return Asked(form.id, policy_fields(policy, form), means)
