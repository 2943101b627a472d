"""All rules of sense, in one table, and the one function that applies them.

A policy that does not load is not judged further: its problems are the loader's. To add a rule, write its function
and its line in the family's file and its row in `tests/policy/test_checks.py`; a test names a rule without a row.
"""

from __future__ import annotations

from collections.abc import Mapping

from respondby.policy.checks import (
    boards,
    bodies,
    calendars,
    clocks,
    duties,
    forms,
    ladders,
    publish,
    roles,
    rota_entries,
    rotas,
    spellings,
    stages,
    use,
    whens,
    workflows,
    zones,
)
from respondby.policy.checks.rule import Rule, Subject, Surroundings
from respondby.policy.loading.loader import DEFAULT_PATH, NO_FILES, examine
from respondby.policy.text.problems import Problem, worst_first

RULES: tuple[Rule, ...] = (
    *zones.RULES,
    *calendars.RULES,
    *rotas.RULES,
    *rota_entries.RULES,
    *roles.RULES,
    *whens.RULES,
    *clocks.RULES,
    *ladders.RULES,
    *forms.RULES,
    *spellings.RULES,
    *stages.RULES,
    *duties.RULES,
    *bodies.RULES,
    *publish.RULES,
    *use.RULES,
    *boards.RULES,
    *workflows.RULES,
)


def check(
    text: str, surroundings: Surroundings, *, path: str = DEFAULT_PATH, files: Mapping[str, str] = NO_FILES
) -> tuple[Problem, ...]:
    """Everything that is wrong with a policy's text, worst first: what stops it from loading, else what is no sense."""
    reading = examine(text, path=path, files=files)
    if reading.policy is None:
        return reading.problems
    subject = Subject(reading.policy, reading, surroundings)
    return worst_first(problem for rule in RULES for problem in rule.problems(subject))
