"""What was promised and what was kept: `attainment(facts, period)`, by clock and the value that its promise asks for.

Laws:

- A run counts in the period that holds its due, whenever it began and whatever became of it later.
- Each binding run with a due there is one of: met, late (answered after the due), open and late, given up (the case was
  closed, or what was promised for ended, after the due and without an answer), excused, or not due yet. Met and missed
  ones are what is judged; of them is the share.
- An excuse takes a missed promise out of the share and out of nothing else: it is counted and named.
- Lengths are open time less pauses. Those that nobody has answered count as long as they have lasted by the end of the
  period, at least: what is read from them says so.
- Informal promises are measured in rows of their own and count for no share (rule 14).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from respondby.dataclass import dataclass
from respondby.reports.cases import CaseFacts, ClockRun, Excuse
from respondby.reports.desk import Facts
from respondby.reports.figures import Lengths, Share, Taken, lengths
from respondby.reports.periods import ReportPeriod

Outcome = Literal["met", "late", "open", "given up", "excused", "not due"]

#: In the order in which they are told.
OUTCOMES: tuple[Outcome, ...] = ("met", "late", "open", "given up", "excused", "not due")

#: Those that missed their promise and are judged for it.
MISSED: tuple[Outcome, ...] = ("late", "open", "given up")


class Judged(NamedTuple):
    """One run of the period: its case, what came of it, and the excuse that was made (None: none)."""

    case: CaseFacts
    run: ClockRun
    outcome: Outcome
    excuse: Excuse | None = None


@dataclass(frozen=True, slots=True)
class Attainment:
    """One clock's row: `by` is the field that its promise asks for, `group` that field's value (empty: none).

    `counts` has each of `OUTCOMES`. `share` is what was kept of what is judged; `with_excused` counts what was excused
    as missed. `lengths` are those of the runs that are judged or excused. `duty` says that the clock is a duty's.
    """

    clock: str
    by: str
    group: str
    binding: bool
    duty: bool
    counts: dict[Outcome, int]
    share: Share
    with_excused: Share
    lengths: Lengths
    runs: tuple[Judged, ...]

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases behind it."""
        return tuple(dict.fromkeys(one.case.ref for one in self.runs))


def attainment(facts: Facts, period: ReportPeriod) -> tuple[Attainment, ...]:
    """Each clock and group that had a due in the period: clocks in the policy's order, groups highest first."""
    rows: dict[tuple[str, str, str, bool, bool], list[Judged]] = {}
    for one in judged(facts, period):
        key = (one.run.clock, one.run.by, one.run.group, one.run.binding, bool(one.case.duty))
        rows.setdefault(key, []).append(one)
    order = [*facts.policy.clocks, *facts.policy.duties]

    def place(key: tuple[str, str, str, bool, bool]) -> tuple[int, str, bool, int, str]:
        clock, by, group, binding, _ = key
        field = facts.policy.fields.get(by)
        values = [value.id for value in field.values] if field is not None else []
        return (
            order.index(clock) if clock in order else len(order), clock, not binding,
            values.index(group) if group in values else len(values), group,
        )  # fmt: skip

    return tuple(_row(key, rows[key], period) for key in sorted(rows, key=place))


def total(facts: Facts, period: ReportPeriod) -> Share:
    """What was kept of everything that is judged, but for duties: those the desk owes to itself."""
    found = [one.outcome for one in judged(facts, period) if one.run.binding and not one.case.duty]
    met = found.count("met")
    return Share(met, met + sum(found.count(outcome) for outcome in MISSED))


def judged(facts: Facts, period: ReportPeriod) -> Iterator[Judged]:
    """Every run whose due lies in the period, with what came of it."""
    for case in facts.cases:
        for run in case.runs:
            if run.due is None or not run.promise or not period.start <= run.due < period.whole:
                continue
            outcome = _outcome(run)
            if outcome is None:
                continue
            excuse = _excuse(case, run) if outcome in MISSED else None
            yield Judged(case, run, "excused" if excuse is not None else outcome, excuse)


def _outcome(run: ClockRun) -> Outcome | None:
    """What came of it; None of what was called off before it was due."""
    match run.state:
        case "met" | "late":
            return run.state
        case "breached":
            return "open" if run.ended is None else "given up"
        case "running":
            return "not due"
        case _:
            return None


def _excuse(case: CaseFacts, run: ClockRun) -> Excuse | None:
    """The last excuse for it: said of this clock, or of all that the case had missed by then."""
    assert run.due is not None, "a missed promise had a due"
    fitting = [one for one in case.excuses if one.clock in ("", run.clock) and one.at >= run.due]
    return fitting[-1] if fitting else None


def _row(key: tuple[str, str, str, bool, bool], runs: list[Judged], period: ReportPeriod) -> Attainment:
    clock, by, group, binding, duty = key
    counts: dict[Outcome, int] = {outcome: sum(one.outcome == outcome for one in runs) for outcome in OUTCOMES}
    met, missed = counts["met"], sum(counts[outcome] for outcome in MISSED)
    measured = (
        Taken(one.run.elapsed_by(period.end), one.case.ref, one.outcome in ("open", "given up") or one.run.live)
        for one in runs
        if one.outcome != "not due"
    )
    return Attainment(
        clock, by, group, binding, duty, counts, Share(met, met + missed),
        Share(met, met + missed + counts["excused"]), lengths(measured), tuple(runs),
    )  # fmt: skip
