"""Secrets in workflows: what a job of the desk must be given, and the lines that give it.

- A secret reaches the desk only where its workflow passes it: by the environment of the step that runs the desk, of
  that step's job, or of the whole workflow. What one workflow passes is of no use to another.
- Between two marker comments stand exactly the secrets that the policy names, and the key that signs records. All else
  in the file is its owner's, and stays as it is byte for byte.
- What is given outside of the markers is its owner's own way: it counts as passed, and is not given a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from respondby.policy.cursor import Reference
from respondby.policy.model import Policy
from respondby.policy.problems import PolicyError, Problem
from respondby.policy.secret_names import RESERVED, filled
from respondby.policy.yaml_text import read

#: Where workflows lie.
FOLDER = ".github/workflows"
#: The secret that signs records; every run of the desk takes it where it is set.
SIGNING_KEY = "RESPONDBY_KEY"

_MARK = "# respondby sync --workflows:"
BEGIN = f"{_MARK} the secrets that the policy names, and the key that signs records"
END = f"{_MARK} end"

#: Actions that place calls or use tokens of their own.
_VERBS = "triage|comment|enforce|watch|postmortem|duty|report"
_USES = re.compile(rf"(?:\$|\.|[\w.-]+/[\w.-]+)/(?:\S+/)?actions/(?P<verb>{_VERBS})(?:@\S+)?")
_RUNS = re.compile(rf"(?:\brespondby|run\.sh[\"']?)\s+(?P<verb>{_VERBS})\b")


@dataclass(frozen=True, slots=True)
class DeskStep:
    """A step that runs the desk: in which file and job, which verb, and the variables that it is given."""

    path: str
    job: str
    verb: str
    given: frozenset[str]


def desk_steps(path: str, text: str) -> tuple[DeskStep, ...]:
    """The steps of a workflow that run the desk. PolicyError, with its place, where the file is no YAML."""
    return tuple(_desk_steps(path, read(text, path=path).data()))


def steps_of(workflows: Mapping[str, str]) -> tuple[DeskStep, ...]:
    """The steps of all workflows that can be read; GitHub itself tells of those that cannot."""
    found: list[DeskStep] = []
    for path, text in workflows.items():
        try:
            found.extend(desk_steps(path, text))
        except PolicyError:
            continue
    return tuple(found)


def secrets_of(policy: Policy, references: Iterable[Reference]) -> tuple[str, ...]:
    """The names of all secrets that a policy's text refers to, written out for people and products, in order.

    Names that GitHub keeps for itself are left out: no secret can have them (`check` says so).
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
    """The workflow's text, passing exactly these secrets and the signing key between its markers.

    PolicyError where it does not run the desk with all of them then: markers are missing, unpaired, or elsewhere than
    in the environment of the desk's step.
    """
    wanted = [*dict.fromkeys(names), SIGNING_KEY]
    lines = text.splitlines(keepends=True)
    places = _places(path, lines)
    for begin, end in reversed(places):
        bare = "".join([*lines[: begin + 1], *lines[end:]])
        elsewhere = frozenset.intersection(*(step.given for step in desk_steps(path, bare))) if wanted else frozenset()
        indent = lines[begin][: len(lines[begin]) - len(lines[begin].lstrip())]
        ending = lines[begin][len(lines[begin].rstrip("\r\n")) :]
        lines[begin + 1 : end] = [
            f"{indent}{name}: ${{{{ secrets.{name} }}}}{ending}" for name in wanted if name not in elsewhere
        ]
    changed = "".join(lines)
    for step in desk_steps(path, changed):
        missing = [name for name in wanted if name not in step.given and name != SIGNING_KEY]
        if missing:
            raise PolicyError([_lacking(step, missing, marked=bool(places))])
    return changed


def _places(path: str, lines: list[str]) -> list[tuple[int, int]]:
    """The index of the first and the last line of each pair of markers."""
    places: list[tuple[int, int]] = []
    begin: int | None = None
    for index, line in enumerate(lines):
        marked = line.strip()
        if not marked.startswith(_MARK):
            continue
        ends = marked.removeprefix(_MARK).strip() == "end"
        if ends is (begin is None):
            message = "This marker ends nothing." if ends else "This marker begins what has begun already."
            hint = f"Write `{BEGIN}` above the secrets, and `{END}` below them."
            raise PolicyError([Problem(path, index + 1, 1, message, hint=hint, rule="workflow-markers")])
        if begin is None:
            begin = index
        else:
            places.append((begin, index))
            begin = None
    if begin is not None:
        message = "What this marker begins never ends."
        raise PolicyError([Problem(path, begin + 1, 1, message, hint=f"Write `{END}` below.", rule="workflow-markers")])
    return places


def _lacking(step: DeskStep, missing: list[str], *, marked: bool) -> Problem:
    listed = f"{', '.join(missing[:4])}{', …' if len(missing) > 4 else ''}"
    if marked:
        message = f"The step of job `{step.job}` that runs `{step.verb}` is not given {listed}: no markers are there."
        hint = f"Put `{BEGIN}` and `{END}` into the `env:` of that step."
    else:
        message = f"The step of job `{step.job}` that runs `{step.verb}` is not given {listed}."
        hint = f"Give that step an `env:` with the two lines `{BEGIN}` and `{END}`."
    return Problem(step.path, 1, 1, message, hint=hint, rule="workflow-markers")


def _desk_steps(path: str, data: Any) -> Iterator[DeskStep]:
    for name, job in _mapping(_mapping(data).get("jobs")).items():
        steps = _mapping(job).get("steps")
        for step in steps if isinstance(steps, list) else ():
            step = _mapping(step)
            verb = _USES.fullmatch(str(step.get("uses") or "")) or _RUNS.search(str(step.get("run") or ""))
            if verb is not None:
                levels = (_mapping(level.get("env")) for level in (_mapping(data), _mapping(job), step))
                given = frozenset(key for level in levels for key, value in level.items() if value)
                yield DeskStep(path, str(name), verb["verb"], given)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
