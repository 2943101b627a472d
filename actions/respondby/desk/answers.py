"""A request's body, read by the form that made it.

Laws of this module:

- No answer ever changes another field in silence: where the headings of a body allow several readings, the fields on
  which they differ have no answer and a problem that says so.
- A text is kept as it was typed, but for line ends (LF) and blank lines around it. A choice is one of its options or
  nothing.
- The form decides what is a heading, an option, a box; whatever else a body holds is text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from respondby.dataclass import dataclass
from respondby.desk.markdown import lines_of
from respondby.desk.refusals import Refusal
from respondby.desk.sections import Places, sections
from respondby.desk.values import Answer, FieldType, FormField, fits, read_answer
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Form, Question

__all__ = ["Answer", "FormError", "FormField", "Parsed", "form_fields", "parse", "policy_fields"]

_TYPES: Mapping[str, FieldType] = {
    "input": "input",
    "textarea": "textarea",
    "dropdown": "dropdown",
    "checkboxes": "checkboxes",
    # An upload's answer is links to the files: text like any other.
    "upload": "textarea",
}
_KINDS: Mapping[str, FieldType] = {"line": "input", "text": "textarea", "time": "input"}

_UNANSWERED = Refusal.of("unanswered")
_UNTOLD = Refusal.of("untold")


class FormError(ValueError):
    """A form that GitHub would not show: what is wrong with it, and where."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """Every field's answer by its id, in the form's order, and what is wrong: a field's id and why.

    An answer is None where nothing was said, or nothing certain.
    """

    answers: Mapping[str, Answer]
    problems: tuple[tuple[str, Refusal], ...]


def parse(fields: Sequence[FormField], body: str) -> Parsed:
    """Read a body by the fields of its form."""
    lines = lines_of(body)
    places = sections([field.label for field in fields], lines, lambda i, section: not fits(fields[i], lines, section))
    answers: dict[str, Answer] = {}
    problems: list[tuple[str, Refusal]] = []
    for field, place in zip(fields, places, strict=True):
        answers[field.id], problem = _answer(field, lines, place)
        if problem is not None:
            problems.append((field.id, problem))
    return Parsed(answers, tuple(problems))


def form_fields(form: Mapping[str, Any]) -> tuple[FormField, ...]:
    """The fields of a GitHub issue form, from its YAML's mapping. Raises FormError where it is none.

    A field without an id gets its label as one, in small letters with `_` for everything else.
    """
    body = form.get("body")
    if not isinstance(body, list):
        raise FormError("an issue form has a list `body` of its fields")
    fields: list[FormField] = []
    for number, item in enumerate(body, 1):
        if not isinstance(item, Mapping) or not isinstance(item.get("attributes", {}), Mapping):
            raise FormError(f"body item {number} is not a mapping with `type` and `attributes`")
        if item.get("type") == "markdown":
            continue
        fields.append(_form_field(item, number, {field.id for field in fields}))
    return tuple(fields)


def policy_fields(policy: Policy, form: Form) -> tuple[FormField, ...]:
    """The fields of a form that is made from the policy: what it lets choose, then what it asks."""
    fields: list[FormField] = []
    for choice in form.choose:
        name, _, questions = choice.partition(".")
        chosen = policy.fields[name]
        if not questions:
            names = tuple(value.name for value in chosen.values)
            # What has a default needs no answer.
            fields.append(FormField(name, chosen.title, "dropdown", names, required=chosen.default is None))
        elif chosen.propose is not None:
            fields.extend(_question_field(question) for question, _ in chosen.propose.questions)
    fields.extend(_question_field(question) for question in form.ask)
    return tuple(fields)


def _question_field(question: Question) -> FormField:
    kind = "dropdown" if question.options else _KINDS[question.kind]
    return FormField(question.id, question.ask, kind, question.options, required=not question.optional)


def _form_field(item: Mapping[str, Any], number: int, taken: set[str]) -> FormField:
    kind = _TYPES.get(str(item.get("type")))
    attributes = item.get("attributes", {})
    label = attributes.get("label")
    if kind is None:
        raise FormError(f"body item {number} has the type {item.get('type')!r}: GitHub knows {', '.join(_TYPES)}")
    if not isinstance(label, str | int | float) or not str(label).strip():
        raise FormError(f"body item {number} has no label")
    options = attributes.get("options", []) if kind in ("dropdown", "checkboxes") else []
    if not isinstance(options, list) or (kind in ("dropdown", "checkboxes") and not options):
        raise FormError(f"body item {number}, “{label}”, has no list of options")
    must_tick: tuple[str, ...] = ()
    if kind == "checkboxes":
        if not all(isinstance(option, Mapping) and "label" in option for option in options):
            raise FormError(f"body item {number}, “{label}”, has a box without a label")
        must_tick = tuple(str(option["label"]).strip() for option in options if _yes(option.get("required")))
        options = [option["label"] for option in options]
    validations = item.get("validations")
    return FormField(
        id=_id(item.get("id"), str(label), number, taken),
        label=str(label),
        type=kind,
        options=tuple(str(option).strip() for option in options),
        multiple=_yes(attributes.get("multiple")),
        required=_yes(validations.get("required")) if isinstance(validations, Mapping) else False,
        render=kind == "textarea" and attributes.get("render") is not None,
        must_tick=must_tick,
    )


def _id(given: object, label: str, number: int, taken: set[str]) -> str:
    if given is not None:
        if str(given) in taken:
            raise FormError(f"body item {number} has the id “{given}”, which another field has, too")
        return str(given)
    plain = re.sub(r"\W+", "_", label.lower()).strip("_") or f"field_{number}"
    return plain if plain not in taken else f"{plain}_{number}"


def _yes(value: object) -> bool:
    """Whether a YAML value is a yes, read by any loader."""
    return value is True or value in ("true", "True", "TRUE")


def _answer(field: FormField, lines: Sequence[str], place: Places) -> tuple[Answer, Refusal | None]:
    if place.lost:
        return None, _UNTOLD
    found = [read_answer(field, lines, section) if section else (None, None) for section in place.sections]
    if any(other != found[0] for other in found):
        return None, _UNTOLD
    answer, problem = found[0]
    missing = answer is None and problem is None and (field.required or field.must_tick)
    return answer, _UNANSWERED if missing else problem
