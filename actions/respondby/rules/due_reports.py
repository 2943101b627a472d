"""Which reports are due: `due_reports(policy, log, now)`, of the duties whose `do` names one.

Laws:

- What the log remembers as made is not made again, however often or late anybody looks.
- A duty that is seen for the first time, or with a new schedule, counts from then on.
- Monthly ones and those of uptime are of the calendar month before their instant, and each that was missed is made up
  for, also one that failed while a later one was made; of others what was missed is one report, from the last that was
  made to now.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import DAY, Instant
from respondby.dataclass import dataclass
from respondby.desk.log import Entry, Log
from respondby.policy.model.duties import Duty
from respondby.policy.model.policy import Policy
from respondby.promises.periods import Period, applies, next_period, periods, schedule_text, subjects
from respondby.rules.duties import SINCE, since_entry

#: The kind of an entry that says that a report was made and everybody has it; and that one person has.
MADE, TOLD = "report made", "report told"

#: Reports of whole months.
OF_MONTHS = ("monthly", "uptime")

#: No more months than these are made up for.
_MOST = 12


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report that is due: `at` names it, and it is of the time from `since`; a monthly one of the month before."""

    duty: Duty
    subject: str
    at: Instant
    since: Instant

    @property
    def of_month(self) -> bool:
        """Whether it is of a whole calendar month."""
        return self.duty.report in OF_MONTHS

    @property
    def id(self) -> str:
        """What tells it from the duty's others, in the log."""
        return f"{self.subject}@{self.at}"

    def made(self, facts: dict[str, str]) -> Entry:
        """That it was made, and everybody has it."""
        return Entry(MADE, self.duty.name, self.id, self.at, facts=facts)

    def sent_to(self, person: str, now: Instant) -> Entry:
        """That this person has it."""
        return Entry(TOLD, self.duty.name, f"{self.id}/{person.lower()}", now)


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """What is due now, what the log is to remember first, and when the next one comes."""

    due: tuple[DueReport, ...]
    remember: tuple[Entry, ...]
    next: Instant | None


def due_reports(policy: Policy, log: Log, now: Instant) -> ReportPlan:
    """The reports that are due and not made."""
    due: list[DueReport] = []
    remember: list[Entry] = []
    coming: list[Instant] = []
    if policy.mode == "off":
        return ReportPlan((), (), None)
    for duty, subject in _reporting(policy):
        since = log.entries.get(Entry(SINCE, duty.name, f"{subject}/{schedule_text(policy, duty)}", 0).key)
        if since is None:
            remember.append(since_entry(policy, duty, subject, now))
        start = max((now if since is None else since.at) - 1, (policy.since or 0) - 1)
        behind = max(start, _last(log, duty, subject) or 0)
        first = start if duty.report in OF_MONTHS else behind
        made = {entry.id for entry in log.of_kind(MADE, duty.name)}
        missed = [one for one in periods(policy, duty, subject, first, now) if applies(policy, duty, subject, one)]
        due.extend(one for one in _due(duty, subject, missed) if one.id not in made)
        following = next_period(policy, duty, subject, behind, now)
        if following is not None:
            coming.append(following.opens)
    return ReportPlan(tuple(due), tuple(remember), min(coming, default=None))


def last_made(log: Log, duty: str, subject: str) -> Entry | None:
    """The last report of a duty that was made."""
    mine = [entry for entry in log.of_kind(MADE, duty) if entry.id.rpartition("@")[0] == subject]
    return max(mine, key=lambda entry: entry.at, default=None)


def _reporting(policy: Policy) -> Iterator[tuple[Duty, str]]:
    for duty in policy.duties.values():
        if duty.report is not None:
            yield from ((duty, subject) for subject in subjects(policy, duty))


def _last(log: Log, duty: Duty, subject: str) -> Instant | None:
    entry = last_made(log, duty.name, subject)
    return None if entry is None else entry.at


def _due(duty: Duty, subject: str, missed: list[Period]) -> Iterator[DueReport]:
    if not missed:
        return
    if duty.report in OF_MONTHS:
        yield from (DueReport(duty, subject, one.at, one.at) for one in missed[-_MOST:])
        return
    yield DueReport(duty, subject, missed[-1].at, _before(duty, missed[0].at))


def _before(duty: Duty, at: Instant) -> Instant:
    """When the period began that ends at `at`."""
    cadence = duty.schedule.cadence
    found = cadence.at_or_before(at - 1) if cadence is not None else None
    return at - 7 * DAY if found is None else found
