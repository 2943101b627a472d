"""What a doctor finds, and what every family of checks is given to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from respondby.calendars.durations import Duration
from respondby.calendars.instants import Instant, people_instant, wall, zone
from respondby.desk.keys import Secret
from respondby.forge.client import Client
from respondby.forge.standing import Standing
from respondby.policy.model.policy import Policy
from respondby.policy.text.problems import Problem

Level = Literal["error", "warning", "fine"]

#: A secret's value by its name; None where it is not set.
Secrets = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at (`check`): how it stands, in words, and where it is not fine, what to do."""

    level: Level
    check: str
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the doctor stands: the connection, what the environment holds, this machine's clock, the folder's policy.

    `secrets` and `signing` are those of the environment; only `in_runner` are they what the desk's runs are given.
    `clock` is seconds since the epoch; `working_copy` the policy's text in the folder, None where there is none.
    """

    client: Client
    secrets: Secrets
    signing: Secret
    in_runner: bool
    clock: Callable[[], float]
    working_copy: str | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """A repository that can be reached, and its policy on the default branch with what `check` says of it.

    `policy` is None where it does not load; `secrets` are the names that it refers to, written out.
    """

    place: Place
    standing: Standing
    policy: Policy | None
    problems: tuple[Problem, ...]
    secrets: tuple[str, ...] = ()

    def said(self, instant: Instant) -> str:
        """An instant as people of the desk say it; in UTC where no policy says where they are."""
        return people_instant(instant, zone(self.timezone))

    def day(self, instant: Instant) -> date:
        """The date at the desk, at that instant."""
        return wall(instant, zone(self.timezone)).date()

    @property
    def timezone(self) -> str:
        """The desk's zone, in which times are said."""
        return self.policy.timezone if self.policy is not None else "UTC"

    @property
    def now(self) -> Instant:
        """The forge's clock."""
        return self.standing.now


Family = Callable[[Examined], Iterator[Finding]]


def span(seconds: float) -> str:
    """A length of time for people: `40s`, `3h20m`, `12 days`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}s"
    return f"{whole // 86_400} days" if whole >= 2 * 86_400 else str(Duration(whole // 60 * 60))


def listed(names: list[str], most: int = 6) -> str:
    """Names in a sentence, and how many were left off."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def are(count: int, noun: str) -> str:
    """`1 label is`, `3 labels are`."""
    return f"{count} {noun} is" if count == 1 else f"{count} {noun}s are"
