"""Rules about forms: GitHub would show them, their answers can be told apart, and the files follow the policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.checks.spellings import plain
from respondby.policy.model.requests import Form
from respondby.policy.repository.forms import FOLDER, form_data, form_files
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import read


def _chosen(subject: Subject) -> list[Form]:
    return [form for form in subject.policy.forms.values() if form.name is not None]


def _labels(subject: Subject, form: Form) -> list[tuple[str, str]]:
    """The id and the heading of everything that the form asks."""
    body = form_data(subject.policy, form)["body"]
    return [(item["id"], item["attributes"]["label"]) for item in body if "id" in item]


def _empty(subject: Subject) -> Iterator[Finding]:
    for form in _chosen(subject):
        if not _labels(subject, form):
            hint = 'Add `ask: { what: "What do you need?" }`.'
            yield Finding(("forms", form.id), "GitHub shows no form that asks nothing.", form.id, hint, at_key=True)


def _same_heading(subject: Subject) -> Iterator[Finding]:
    for form in _chosen(subject):
        seen: dict[str, str] = {}
        for id, label in _labels(subject, form):
            other = seen.setdefault(plain(label), id)
            if other != id:
                message = f"`{id}` asks by the same words as `{other}`: in an issue they cannot be told apart."
                yield Finding(("forms", form.id, "ask", id), message, label, "Ask in other words.", at_key=True)


def _same_id(subject: Subject) -> Iterator[Finding]:
    for form in _chosen(subject):
        ids = [id for id, _ in _labels(subject, form)]
        for id in dict.fromkeys(id for id in ids if ids.count(id) > 1):
            message = f"`{id}` is asked twice in this form: as a field and as a question."
            yield Finding(("forms", form.id, "ask", id), message, id, "Rename the question.", at_key=True)


def _same_name(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for form in _chosen(subject):
        assert form.name is not None
        other = seen.setdefault(plain(form.name), form.id)
        if other != form.id:
            message = f"Form `{other}` has this name as well: GitHub shows only one of them."
            yield Finding(("forms", form.id, "name"), message, form.name, "Give it a name of its own.")


def _named_config(subject: Subject) -> Iterator[Finding]:
    for form in _chosen(subject):
        if form.id.casefold() == "config":
            message = "GitHub keeps the file config.yml for the chooser of forms: no form can be in it."
            yield Finding(("forms", form.id), message, form.id, "Call the form otherwise.", at_key=True)


def _dropdown_of_nothing(subject: Subject) -> Iterator[Finding]:
    for form in _chosen(subject):
        for index, choice in enumerate(form.choose):
            field = subject.policy.fields[choice.partition(".")[0]]
            if not field.values and "." not in choice:
                hint = f"Give `{field.name}` values, or do not ask for it."
                message = f"There is nothing to choose: `{field.name}` has no values."
                yield Finding(("forms", form.id, "choose", index), message, choice, hint)


def _out_of_step(subject: Subject) -> Iterator[Finding]:
    if subject.surroundings.forms is None:
        return
    source = subject.reading.path
    for path, wanted in form_files(subject.policy, source=source).items():
        hint = "`respondby sync --forms` makes it anew from the policy."
        if path not in subject.surroundings.forms:
            yield Finding((), "This form of the policy has no file.", "", hint, file=path)
            continue
        try:
            found = read(subject.surroundings.forms[path], path=path)
        except PolicyError as error:
            first = error.problems[0]
            yield Finding((), first.message, first.value, hint, file=path, place=(first.line, first.column))
            continue
        difference = _first_difference(read(wanted, path=path).data(), found.data())
        if difference is not None:
            message = f"This form is out of step with the policy: {difference}."
            line, diff = _diff(subject.surroundings.forms[path], wanted)
            yield Finding((), message, "", hint, file=path, place=(line, 1), detail=diff)


#: A diff of more lines than these is shown in part; `respondby sync --check` shows all of it.
MOST_LINES = 40
#: A terminal has 80 columns, and four of them are the indent.
_WIDTH = 76


def _diff(found: str, wanted: str) -> tuple[int, str]:
    """Where the file begins to differ (its line, from 1), and what the policy would make of it as a unified diff."""
    import difflib  # a desk that runs makes no diffs

    lines = list(difflib.unified_diff(found.splitlines(), wanted.splitlines(), n=2, lineterm=""))[2:]
    if not lines:
        return 1, ""  # line ends alone
    shown = [line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…" for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(f"… {len(lines) - MOST_LINES} lines more: `respondby sync --forms --check` shows all of it")
    above = 0
    for line in lines[1:]:
        if not line.startswith(" "):
            break
        above += 1
    hunk = re.match(r"@@ -(\d+)", lines[0])
    assert hunk is not None, "a unified diff begins with the place of its first part"
    return max(1, int(hunk[1])) + above, "\n".join(shown)


def _first_difference(wanted: Any, found: Any, at: str = "") -> str | None:
    """Where two texts begin to say different things; None where they say the same."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in (*wanted, *(key for key in found if key not in wanted)):
            if key not in found or key not in wanted:
                return f"`{at}{key}` is {'missing' if key not in found else 'too much'}"
            if (inner := _first_difference(wanted[key], found[key], f"{at}{key}.")) is not None:
                return inner
        return None
    if isinstance(wanted, list) and isinstance(found, list):
        for index, (one, other) in enumerate(zip(wanted, found, strict=False)):
            if (inner := _first_difference(one, other, f"{at}{index}.")) is not None:
                return inner
        return None if len(wanted) == len(found) else f"`{at.rstrip('.')}` has {len(found)} items, not {len(wanted)}"
    return None if wanted == found else f"`{at.rstrip('.')}` should be `{wanted}`"


def _left_over(subject: Subject) -> Iterator[Finding]:
    if subject.surroundings.forms is None:
        return
    wanted = form_files(subject.policy)
    for path in subject.surroundings.forms:
        if path not in wanted and path.startswith(FOLDER) and path.endswith((".yml", ".yaml")):
            hint = "Add the form to the policy, or delete the file."
            yield Finding((), "The policy has no such form: requests by it have no type.", "", hint, file=path)


RULES = (
    Rule("form-empty", "error", _empty),
    Rule("form-same-heading", "error", _same_heading),
    Rule("form-same-id", "error", _same_id),
    Rule("form-same-name", "error", _same_name),
    Rule("form-called-config", "error", _named_config),
    Rule("form-nothing-to-choose", "error", _dropdown_of_nothing),
    Rule("form-out-of-step", "error", _out_of_step),
    Rule("form-left-over", "warning", _left_over),
)
