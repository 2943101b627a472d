"""What checks of sense are made of: the policy with its text, what lies around it, and one shape for a rule.

A rule is one small function and one line in its family's table (gathered in `policy.checks.table`). It yields
findings: a path in the policy's text, or a place in another file, with what is wrong and what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from respondby.calendars.instants import Instant
from respondby.policy.loading.examination import Examination
from respondby.policy.model.policy import Policy
from respondby.policy.text.cursor import Path
from respondby.policy.text.problems import Problem, Severity, shorten

#: A year, in which roles must be held and holidays be known.
YEAR = 366 * 86_400


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a policy is checked with: the instant, and what its repository holds beside it.

    `workflows` and `forms` are texts by path; None where the policy does not stand where GitHub looks for one, so that
    nothing can be said about them. `actions` are the folders that hold an action (None: nobody looked).
    """

    now: Instant
    workflows: Mapping[str, str] | None = None
    forms: Mapping[str, str] | None = None
    actions: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: at the value of `path`, at its key (`at_key`), or at a `place` of another `file`."""

    path: Path
    message: str
    value: str = ""
    hint: str = ""
    at_key: bool = False
    file: str | None = None
    place: tuple[int, int] | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What rules look at: a policy that loads, the reading it came from, and its surroundings."""

    policy: Policy
    reading: Examination
    surroundings: Surroundings


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of sense: its stable id, how bad it is, and the function that finds it."""

    id: str
    severity: Severity
    find: Callable[[Subject], Iterable[Finding]]

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """What the rule finds, with places."""
        for found in self.find(subject):
            reading = subject.reading
            place = found.place or (reading.key(found.path) if found.at_key else reading.place(found.path))
            file = found.file or reading.path
            value = shorten(found.value)
            yield Problem(file, *place, found.message, value, found.hint, self.severity, self.id, found.detail)
