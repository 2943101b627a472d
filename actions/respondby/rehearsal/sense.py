"""Whether a scenario makes sense with its policy: every name in it is one that the policy, or the scenario, has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from respondby.policy.loading.loader import load, named_files
from respondby.policy.model.clocks import ACTION_ITEM
from respondby.policy.model.policy import Policy
from respondby.policy.text.problems import PolicyError, Problem, suggestion
from respondby.rehearsal.reading import read_scenario
from respondby.rehearsal.reading_deeds import file_text
from respondby.rehearsal.story import ACTS, Assigns, Expect, Opens, Scenario, Step
from respondby.rehearsal.story import Policy as NewPolicy

#: Names of issues that the desk opens for no duty.
_OTHERS = ("alert/", "item/")

#: What `refused` and `sees` leave open is compared while the scenario is played.
_Named = tuple[str, str, Iterable[str]]


def read_policy(path: Path) -> tuple[Policy, str, dict[str, str]]:
    """The policy of that file, its text, and the texts of the files that it names.

    Those lie beside it, or where it is `.github/support.yml`, at the root of its repository. PolicyError for what
    cannot be read.
    """
    text, files = policy_texts(path)
    return load(text, path=str(path), files=files), text, files


def policy_texts(path: Path) -> tuple[str, dict[str, str]]:
    """The text of a policy's file, and those of the files that it names, by the paths that it uses."""
    text = file_text(path, str(path))
    root = path.parent.parent if path.parent.name == ".github" else path.parent
    files: dict[str, str] = {}
    for name in named_files(text):
        found = root / name
        inside = sorted(found.iterdir()) if name.endswith("/") and found.is_dir() else [found]
        files.update(
            {file.relative_to(root).as_posix(): file_text(file, str(file)) for file in inside if file.is_file()}
        )
    return text, files


def to_play(file: Path, *, shown_as: str | None = None) -> tuple[Scenario, Policy, str, dict[str, str]]:
    """The scenario in that file, its policy, that one's text and files: all that has to be read before it is played.

    PolicyError, worst problem first, where it cannot be: of the scenario, of its policy, of the names between them.
    """
    scenario = read_scenario(file, shown_as=shown_as)
    policy, text, files = read_policy(scenario.policy)
    unknown = unknown_names(scenario, policy)
    if unknown:
        raise PolicyError(unknown)
    return scenario, policy, text, files


def unknown_names(scenario: Scenario, policy: Policy) -> tuple[Problem, ...]:
    """A problem for each name that nothing has. A policy that the story commits later has its own names."""
    policies = [policy]
    people = {*policy.people, *scenario.people}
    found = []
    for step in scenario.story:
        if isinstance(step.deed, NewPolicy):
            new = _valid(step.deed.text)
            policies += new
            people.update(login for one in new for login in one.people)
        for kind, name, known in _names(step, people, policies):
            if name not in known:
                hint = suggestion(name, known, what="duties" if kind == "duty" else f"{kind}s")
                found.append(
                    Problem(scenario.file, step.line, 1, f"There is no {kind} `{name}`.", name, hint, rule="name")
                )
    return tuple(found)


def _names(step: Step, people: set[str], policies: list[Policy]) -> Iterator[_Named]:
    match step.deed:
        case Expect() as expect:
            clocks = {name for policy in policies for name in (*policy.clocks, *policy.duties, ACTION_ITEM)}
            fields = {name for policy in policies for name in policy.fields}
            yield from (("clock", item.clock, clocks) for item in expect.clocks)
            yield from (("field", name, fields) for name, _ in expect.fields)
            channels = {name for policy in policies for name in policy.channels}
            yield from (("channel", name, channels) for name, _ in expect.messages)
            called = (*(expect.paged or ()), *(expect.notified or ()), *(person for person, _ in expect.sees))
            yield from (("person", name, people) for name in called)
        case Opens(form=str() as form):
            yield "form", form, {id for policy in policies for id, item in policy.forms.items() if item.name}
        case Assigns(people=assigned):
            yield from (("person", name, people) for name in assigned)
        case _:
            pass
    duties = {name for policy in policies for name in policy.duties}
    if isinstance(step.case, str) and not step.case.startswith(_OTHERS):
        yield "duty", step.case.partition("/")[0], duties
    if isinstance(step.deed, Expect):
        named = (name for name in step.deed.opened or () if not name.startswith(_OTHERS))
        yield from (("duty", name.partition("/")[0], duties) for name in named)
    if isinstance(step.deed, tuple(ACTS.values())):
        yield "person", step.deed.who, people  # type: ignore[union-attr]


def _valid(text: str) -> list[Policy]:
    try:
        return [load(text)]
    except PolicyError:
        return []
