"""Whether a scenario makes sense with its policy: every name in it is one that the policy, or the scenario, has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.policy.text.problems import PolicyError, Problem, suggestion
from respondby.rehearsal.story import ACTS, Assigns, Expect, Opens, Scenario, Step
from respondby.rehearsal.story import Policy as NewPolicy

#: What `refused` and `sees` leave open is compared while the scenario is played.
_Named = tuple[str, str, Iterable[str]]


def unknown_names(scenario: Scenario, policy: Policy) -> tuple[Problem, ...]:
    """A problem for each name that nothing has. A policy that the story commits later has its own names."""
    policies = [policy]
    found = []
    for step in scenario.story:
        if isinstance(step.deed, NewPolicy):
            policies += _valid(step.deed.text)
        for kind, name, known in _names(step, scenario, policies):
            if name not in known:
                hint = suggestion(name, known, what="duties" if kind == "duty" else f"{kind}s")
                found.append(
                    Problem(scenario.file, step.line, 1, f"There is no {kind} `{name}`.", name, hint, rule="name")
                )
    return tuple(found)


def _names(step: Step, scenario: Scenario, policies: list[Policy]) -> Iterator[_Named]:
    people = {login for policy in policies for login in policy.people} | set(scenario.people)
    match step.deed:
        case Expect() as expect:
            clocks = {name for policy in policies for name in (*policy.clocks, *policy.duties)}
            fields = {name for policy in policies for name in policy.fields}
            yield from (("clock", item.clock, clocks) for item in expect.clocks)
            yield from (("field", name, fields) for name, _ in expect.fields)
            told = (*(expect.paged or ()), *(expect.notified or ()), *(person for person, _ in expect.sees))
            yield from (("person", name, people) for name in told)
        case Opens(form=str() as form):
            yield "form", form, {id for policy in policies for id, item in policy.forms.items() if item.name}
        case Assigns(people=assigned):
            yield from (("person", name, people) for name in assigned)
        case _:
            pass
    duties = {name for policy in policies for name in policy.duties}
    if isinstance(step.case, str):
        yield "duty", step.case.partition("/")[0], duties
    if isinstance(step.deed, Expect):
        yield from (("duty", name.partition("/")[0], duties) for name in step.deed.opened or ())
    if isinstance(step.deed, tuple(ACTS.values())):
        yield "person", step.deed.who, people  # type: ignore[union-attr]


def _valid(text: str) -> list[Policy]:
    try:
        return [load(text)]
    except PolicyError:
        return []
