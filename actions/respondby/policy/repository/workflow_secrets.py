"""Secrets in workflows: what a job of the desk must be given, and the lines that give it.

- A secret reaches the desk only where its workflow passes it: by the environment of the step that runs the desk, of
  that step's job, or of the whole workflow. What one workflow passes is of no use to another.
- Between two marker comments stand exactly the secrets that the policy names, and the key that signs records. All else
  in the file is its owner's, and stays as it is byte for byte.
- What is given outside of the markers is its owner's own way: it counts as passed, and is not given a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from respondby.policy.model.policy import Policy
from respondby.policy.repository.secret_names import OLD_KEYS, RESERVED, SIGNING_KEY, filled
from respondby.policy.repository.workflow_steps import all_steps, desk_steps
from respondby.policy.text.cursor import Reference
from respondby.policy.text.problems import PolicyError, Problem

_MARK = "# respondby sync --workflows:"
BEGIN = f"{_MARK} the secrets that the policy names, and the key that signs records"
END = f"{_MARK} end"
#: Stands between the markers while it is asked what their step is given besides.
_HERE = "RESPONDBY_HERE"


def secrets_of(policy: Policy, references: Iterable[Reference]) -> tuple[str, ...]:
    """The names of all secrets that a policy's text refers to, written out for people and products, in order.

    Names that a login makes into one of GitHub's own are left out: no secret can have them (`check` says so).
    """
    names = {
        name
        for reference in references
        if reference.kind == "secret"
        for name in written_out(policy, reference.name)
        if not name.startswith(RESERVED)
    }
    return tuple(sorted(names))


def written_out(policy: Policy, name: str) -> tuple[str, ...]:
    """The names that one name stands for: one for each person or product that it holds a place for."""
    people = tuple(policy.people) if "{PERSON}" in name else ("",)
    products = tuple(policy.products) if "{PRODUCT}" in name else ("",)
    return tuple(filled(name, person=person, product=product) for person in people for product in products)


def with_secrets(path: str, text: str, names: Iterable[str]) -> str:
    """The workflow's text, passing exactly these secrets and the signing keys between its markers.

    PolicyError where markers stand alone or where no step is given anything, and where a step that runs the desk would
    still lack one of these secrets.
    """
    wanted = [*dict.fromkeys(names), SIGNING_KEY, OLD_KEYS]
    lines = text.splitlines(keepends=True)
    for begin, end in reversed(_places(path, lines)):
        elsewhere = _given_besides(path, lines, begin, end)
        indent = lines[begin][: len(lines[begin]) - len(lines[begin].lstrip())]
        ending = lines[begin][len(lines[begin].rstrip("\r\n")) :]
        lines[begin + 1 : end] = [
            f"{indent}{name}: ${{{{ secrets.{name} }}}}{ending}" for name in wanted if name not in elsewhere
        ]
    changed = "".join(lines)
    for step in desk_steps(path, changed):
        missing = [name for name in wanted if name not in step.given and name not in (SIGNING_KEY, OLD_KEYS)]
        if missing:
            message = f"`{step.verb}` is not given {missing[0]}{' and others' if len(missing) > 1 else ''}."
            hint = f"Give this step an `env:` with these two lines, and run it again:\n{BEGIN}\n{END}"
            raise PolicyError([Problem(path, step.line, 1, message, hint=hint, rule="workflow-markers")])
    return changed


def _places(path: str, lines: Sequence[str]) -> list[tuple[int, int]]:
    """The index of the first and of the last line of each pair of markers."""
    places: list[tuple[int, int]] = []
    begin: int | None = None
    for index, line in enumerate(lines):
        marked = line.strip()
        if not marked.startswith(_MARK):
            continue
        if (marked == END) is (begin is None):
            what = "ends nothing" if begin is None else "begins what has not ended"
            raise PolicyError([_misplaced(path, index, f"This marker {what}.")])
        if begin is None:
            begin = index
        else:
            places.append((begin, index))
            begin = None
    if begin is not None:
        raise PolicyError([_misplaced(path, begin, "What this marker begins never ends.")])
    return places


def _given_besides(path: str, lines: Sequence[str], begin: int, end: int) -> frozenset[str]:
    """The variables that the step of these markers is given by other lines than those between them."""
    here = lines[begin].replace(lines[begin].strip(), f"{_HERE}: here")
    steps = all_steps(path, "".join([*lines[: begin + 1], here, *lines[end:]]))
    given = [step.given for step in steps if _HERE in step.given]
    if not given:
        raise PolicyError([_misplaced(path, begin, "No step is given what stands here.")])
    return frozenset.intersection(*given)


def _misplaced(path: str, index: int, message: str) -> Problem:
    hint = f"Put these two lines into the `env:` of the step that runs the desk:\n{BEGIN}\n{END}"
    return Problem(path, index + 1, 1, message, hint=hint, rule="workflow-markers")
