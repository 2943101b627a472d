"""What must happen besides answering: stages and products, incidents, uptime and duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from respondby.calendars.cadences import Cadence
from respondby.calendars.durations import Duration
from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.policy.model.clocks import NOTHING, Rung, Target, Verbs
from respondby.policy.model.conditions import ALWAYS, Pattern, Role, When

#: What a report can be about.
ReportKind = Literal["monthly", "incidents", "uptime", "requests"]


@dataclass(frozen=True, slots=True)
class DateRule:
    """A product's date by name, moved by a duration: `launched + 30 days`."""

    name: str
    offset: Duration | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a product's life; without `from_` it is the first. `ends` documents when it should be over."""

    name: str
    promises: Literal["none", "informal", "binding"] = "binding"
    from_: DateRule | None = None
    ends: DateRule | None = None
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """A product: its named dates (midnight in the policy's zone), its uptime target in percent, its own roles.

    `timezone` is the zone by whose calendar its months are reported (None: the policy's). `was` is the name that it had
    before: what weighed on that one, and what was asked about it, is this product's in reports.
    """

    id: str
    name: str
    dates: Mapping[str, Instant]
    uptime: str | None = None
    roles: Mapping[str, Role] | None = None
    timezone: str | None = None
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Announced maintenance: the form that announces it, the notice asked, who is told and how.

    `starts` and `ends` are the form's questions for the window's times (None: its first two of `kind: time`);
    `emergency` the answers that make it an emergency, which needs no notice; `remind` how long before the start those
    who were told hear of it again.
    """

    form: str
    starts: str | None = None
    ends: str | None = None
    emergency: tuple[tuple[str, str], ...] = ()
    notice: Duration | None = None
    remind: Duration | None = None
    notify: tuple[str, ...] = ()
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Uptime:
    """What counts as downtime, per value of the field `by`.

    `weights` are per cent of downtime by field and value; without any an incident that counts is whole downtime.
    """

    by: str
    when: When = ALWAYS
    incidents: When = ALWAYS
    maintenance: Maintenance | None = None
    weights: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a duty comes: one of `cadence`, `rota` (`ahead` of each change of shift), `after` a product's date."""

    cadence: Cadence | None = None
    rota: str | None = None
    ahead: Duration | None = None
    after: DateRule | None = None
    within: Duration | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A recurring obligation that opens one issue a period, or does something itself (`report`).

    `done` is what follows once it is done: who is told, through which channel.

    `title` is what people call it; recognised it is by its key, so two may have one title.
    """

    name: str
    schedule: Schedule
    title: str | None = None
    timezone: str | None = None
    for_: Literal["product", "customer"] | None = None
    when: When = ALWAYS
    owner: tuple[str, ...] = ()
    checklist: tuple[tuple[str | None, tuple[str, ...]], ...] = ()
    draft: Literal["hand-over", "incidents"] | None = None
    stop: tuple[Pattern, ...] = ()
    target: Target | None = None
    ladder: tuple[Rung, ...] = ()
    done: Verbs = NOTHING
    report: ReportKind | None = None
    report_as: str | None = None
    report_to: tuple[str, ...] = ()
    report_via: str | None = None
    silent: bool = False
    expects: str | None = None
    within: Duration | None = None
