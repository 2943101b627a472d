"""Fills in an issue form as GitHub's web page does: answers in, the issue's body out.

What GitHub does, and so this: each question is a heading with its answer below it, `markdown` leaves nothing behind, a
dropdown's default is chosen already, an empty answer is `_No response_`, several choices stand in one line, boxes are a
task list, and ids never reach the body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Form

Answer = str | tuple[str, ...]

NO_RESPONSE = "_No response_"


class FormProblem(ValueError):
    """Answers that the form's page would not accept; the text says which."""


def in_names(policy: Policy, form: Form, answers: Iterable[tuple[str, Answer]]) -> dict[str, Answer]:
    """Answers with the names of values where their ids were given."""
    chosen = [policy.fields[name] for name in form.choose if name in policy.fields]
    names = {field.name: {value.id: value.name for value in field.values} for field in chosen}
    return {id: _named(names.get(id, {}), answer) for id, answer in answers}


def fill_in(form: Mapping[str, Any], answers: Mapping[str, Answer]) -> str:
    """The body that the form (its YAML as data) makes of the answers, by the ids of its questions."""
    questions = [question for question in form["body"] if question["type"] != "markdown"]
    known = [str(question.get("id", "")) for question in questions]
    unknown = [id for id in answers if id not in known]
    if unknown:
        listed = ", ".join(f"`{id}`" for id in known)
        raise FormProblem(f"the form “{form['name']}” does not ask `{unknown[0]}`; it asks {listed}")
    return "\n\n".join(_answered(question, answers.get(str(question.get("id", "")), "")) for question in questions)


def _answered(question: Mapping[str, Any], answer: Answer) -> str:
    attributes = question["attributes"]
    write = {"dropdown": _choice, "checkboxes": _boxes}.get(question["type"], _written)
    return f"### {attributes['label']}\n\n{write(attributes, answer) or NO_RESPONSE}"


def _written(attributes: Mapping[str, Any], answer: Answer) -> str:
    text = answer if isinstance(answer, str) else "\n".join(answer)
    text = text.strip("\n")
    render = attributes.get("render")
    return f"```{render}\n{text}\n```" if render and text else text


def _choice(attributes: Mapping[str, Any], answer: Answer) -> str:
    options = [str(option) for option in attributes["options"]]
    chosen = _listed(answer)
    if not chosen and "default" in attributes:
        return options[int(attributes["default"])]
    if len(chosen) > 1 and str(attributes.get("multiple", "false")) != "true":
        raise FormProblem(f"“{attributes['label']}” takes one choice, not {len(chosen)}")
    for name in chosen:
        if name not in options:
            listed = ", ".join(f"“{option}”" for option in options)
            raise FormProblem(f"“{attributes['label']}” has no option “{name}”; it has {listed}")
    return ", ".join(option for option in options if option in chosen)


def _boxes(attributes: Mapping[str, Any], answer: Answer) -> str:
    ticked = _listed(answer)
    labels = [str(option["label"]) for option in attributes["options"]]
    for name in ticked:
        if name not in labels:
            raise FormProblem(f"“{attributes['label']}” has no box “{name}”")
    return "\n".join(f"- [{'x' if label in ticked else ' '}] {label}" for label in labels)


def _listed(answer: Answer) -> list[str]:
    given: Iterable[str] = (answer,) if isinstance(answer, str) else answer
    return [item for item in given if item]


def _named(names: Mapping[str, str], answer: Answer) -> Answer:
    if isinstance(answer, str):
        return names.get(answer, answer)
    return tuple(names.get(item, item) for item in answer)
