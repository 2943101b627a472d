"""Which duties' issues to open now: `decide_duties` is pure and says everything in a DutyPlan.

Laws:

- A duty and subject have a watermark: the instant of the last period that is dealt with. It only rises: by an issue
  that was opened (the issue itself names its periods, and the log remembers them when it is gone), by the log's note of
  when this schedule was first seen, by `since`. What lies behind it is never owed again, so each period is opened
  once, however often or late anybody looks, whatever became of its issue.
- Periods that came due together are one issue that names them all.
- A duty that is seen for the first time, or with a new schedule, counts from then on: nothing is owed for what was
  before, except a change of shift that is still to come, and a product's date no longer ago than its `within`.
- What a `silent` duty expects is looked for from the period's instant to the next one's; where it came, there is
  nothing to open. The issue opens when the time for it is over.
- Two runs that met have opened two issues: the one whose periods the other one names as well is a twin (of equals, the
  younger), which closes itself, once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.dispatches import KIND as DISPATCH
from respondby.desk.log import Entry, Log
from respondby.policy.model.duties import Duty
from respondby.policy.model.policy import Policy
from respondby.promises.periods import Period, applies, ends, next_period, periods, schedule_text, subjects

OPENED = "duty opened"
SINCE = "duty since"
KEPT = "duty kept"

#: After so many periods in a row for which nothing was to be opened, the log says so: they are not looked at again.
_NOTED = 30


@dataclass(frozen=True, slots=True)
class DutyIssue:
    """An issue of ours for a duty: which, for whom, for which periods (the first and the last one's instant)."""

    case: Case
    duty: str
    subject: str
    first: Instant
    last: Instant
    opens: Instant


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """Open one issue for these periods of a duty; more than one where some were missed."""

    duty: str
    subject: str
    periods: tuple[Period, ...]

    @property
    def last(self) -> Period:
        """The period that the issue's clock counts from."""
        return self.periods[-1]


@dataclass(frozen=True, slots=True)
class Twin:
    """Close this issue: the other one is about the same periods."""

    issue: DutyIssue
    other: DutyIssue


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """What is to be done about duties now, and when the next one comes."""

    remember: tuple[Entry, ...] = ()
    open: tuple[OpenDuty, ...] = ()
    twins: tuple[Twin, ...] = ()
    closed_twins: frozenset[int] = frozenset()
    next: Instant | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one duty stands for one subject.

    `since` is the log's note for its schedule, `watermark` the instant of what is behind, `opened` that of the last
    period for which an issue was opened.
    """

    duty: Duty
    subject: str
    since: Entry | None
    watermark: Instant
    opened: Instant | None


def issue_of(case: Case) -> DutyIssue | None:
    """The duty's issue that a case is; None for all others. The mark is ours, but it is read as if it were not."""
    if case.mark is None or case.mark.kind != "duty":
        return None
    facts = case.mark.facts
    try:
        first, last, opens = (int(facts[name]) for name in ("first", "last", "opens"))
    except (KeyError, ValueError):
        return None
    return DutyIssue(case, facts.get("duty", ""), facts.get("product", facts.get("customer", "")), first, last, opens)


def served(duty: Duty) -> bool:
    """Whether it opens issues; what reports something is not served yet."""
    return duty.report is None


def decide_duties(policy: Policy, log: Log, cases: Iterable[Case], now: Instant) -> DutyPlan:
    """What is to be opened, remembered and closed now."""
    if policy.mode == "off":
        return DutyPlan()
    issues = [issue for case in cases if (issue := issue_of(case)) is not None]
    remember = [entry for issue in issues if (entry := opened_entry(issue)) not in log]
    opening: list[OpenDuty] = []
    coming: list[Instant] = []
    for standing in standings(policy, log, issues, now):
        duty, subject = standing.duty, standing.subject
        if standing.since is None:
            remember.append(since_entry(policy, duty, subject, now))
        due = list(_due(policy, standing, now))
        missing = tuple(
            period
            for period in due
            if applies(policy, duty, subject, period) and not _kept(policy, log, duty, subject, period)
        )
        if missing:
            opening.append(OpenDuty(duty.name, subject, missing))
        elif len(due) >= _NOTED:
            remember.append(Entry(KEPT, duty.name, f"{subject}@{due[-1].at}", due[-1].at, facts=_about(duty, subject)))
        following = next_period(policy, duty, subject, standing.watermark, now)
        if following is not None:
            coming.append(following.opens)
    twins = tuple(_twins(issues))
    return DutyPlan(tuple(remember), tuple(opening), twins, _closed_twins(issues), min(coming, default=None))


def standings(policy: Policy, log: Log, issues: Sequence[DutyIssue], now: Instant) -> Iterator[Standing]:
    """Each duty that opens issues, for each subject."""
    for duty in policy.duties.values():
        if not served(duty):
            continue
        text = schedule_text(policy, duty)
        for subject in subjects(policy, duty):
            since = log.entries.get(Entry(SINCE, duty.name, f"{subject}/{text}", 0).key)
            opened = [issue.last for issue in issues if (issue.duty, issue.subject) == (duty.name, subject)]
            opened.extend(_last(log, OPENED, duty, subject))
            behind = [*opened, *_last(log, KEPT, duty, subject), (policy.since or 0) - 1]
            if duty.schedule.after is None:
                behind.append((now if since is None else since.at) - 1)
            yield Standing(duty, subject, since, max(behind), max(opened, default=None))


def opened_entry(issue: DutyIssue) -> Entry:
    """What the log remembers of an issue that was opened."""
    facts = dict(issue.case.mark.facts) if issue.case.mark is not None else {}
    about: dict[str, str] = {name: facts[name] for name in ("product", "customer") if name in facts}
    return Entry(OPENED, issue.duty, f"{issue.subject}@{issue.last}", issue.last, facts=about)


def since_entry(policy: Policy, duty: Duty, subject: str, now: Instant) -> Entry:
    """That the duty was seen with this schedule."""
    return Entry(SINCE, duty.name, f"{subject}/{schedule_text(policy, duty)}", now, facts=_about(duty, subject))


def late_event(policy: Policy, log: Log, issue: DutyIssue) -> Entry | None:
    """The event that this issue waits for, where it came after all, before the next period began."""
    duty = policy.duties.get(issue.duty)
    if duty is None or duty.expects is None:
        return None
    until = ends(policy, duty, Period(issue.last, issue.opens))
    return next((event for event in _events(log, duty, issue.subject, issue.last, until)), None)


def _due(policy: Policy, standing: Standing, now: Instant) -> Iterator[Period]:
    """The periods after the watermark that are due to be open, owed or not."""
    duty, subject = standing.duty, standing.subject
    if duty.schedule.after is not None:
        if standing.opened is not None:
            return  # once for each product, however its date is moved
        for period in periods(policy, duty, subject, standing.watermark, now):
            seen = standing.since is not None and period.at >= standing.since.at
            within = duty.schedule.within
            if seen or (within is not None and now <= period.at + within.seconds):
                yield period
        return
    yield from periods(policy, duty, subject, standing.watermark, now)


def _kept(policy: Policy, log: Log, duty: Duty, subject: str, period: Period) -> bool:
    """Whether the event that a silent duty expects has come."""
    if not duty.silent or duty.expects is None:
        return False
    return any(True for _ in _events(log, duty, subject, period.at, ends(policy, duty, period)))


def _events(log: Log, duty: Duty, subject: str, begin: Instant, end: Instant | None) -> Iterator[Entry]:
    """The events that a duty expects, of this subject, in `[begin, end)`."""
    assert duty.expects is not None, "only such duties have events"
    found = log.of_kind(DISPATCH, duty.expects)
    for entry in found[bisect_left(found, begin, key=_at) :]:
        if end is not None and entry.at >= end:
            return
        if duty.for_ is None or entry.facts.get(duty.for_) == subject:
            yield entry


def _last(log: Log, kind: str, duty: Duty, subject: str) -> list[Instant]:
    """The last period of that subject that the log knows in this kind of entry; none or one."""
    entries = reversed(log.of_kind(kind, duty.name))
    return [at] if (at := next((entry.at for entry in entries if _subject(entry) == subject), None)) is not None else []


def _twins(issues: Sequence[DutyIssue]) -> Iterator[Twin]:
    """Open issues whose periods another one names too; one that we have closed before is somebody's own doing now."""
    for issue in issues:
        if issue.case.open and not _closed_by_us(issue) and (other := _other(issue, issues)) is not None:
            yield Twin(issue, other)


def _closed_twins(issues: Sequence[DutyIssue]) -> frozenset[int]:
    """Twins that a run has closed already: nothing is promised there, and nobody is told of them."""
    closed = (issue for issue in issues if not issue.case.open and _closed_by_us(issue))
    return frozenset(issue.case.number for issue in closed if _other(issue, issues) is not None)


def _closed_by_us(issue: DutyIssue) -> bool:
    return any(moment.kind == "closed" and moment.ours for moment in issue.case.moments)


def _other(issue: DutyIssue, issues: Sequence[DutyIssue]) -> DutyIssue | None:
    """The issue that makes this one needless, for the same duty and its periods."""
    for other in issues:
        same = (other.duty, other.subject) == (issue.duty, issue.subject) and other is not issue
        if same and other.first <= issue.first and issue.last <= other.last and _yields(issue, other):
            return other
    return None


def _yields(issue: DutyIssue, other: DutyIssue) -> bool:
    equal = (issue.first, issue.last) == (other.first, other.last)
    return not equal or other.case.number < issue.case.number


def _subject(entry: Entry) -> str:
    return entry.facts.get("product", entry.facts.get("customer", ""))


def _about(duty: Duty, subject: str) -> dict[str, str]:
    return {} if duty.for_ is None else {duty.for_: subject}


def _at(entry: Entry) -> Instant:
    return entry.at
