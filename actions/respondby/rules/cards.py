"""Which facts the card shows: the requester's side of the case, in the order in which promises were made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from respondby.desk.built_in.workarounds import workarounds
from respondby.desk.gate import is_incident
from respondby.desk.history import History
from respondby.desk.milestones import milestones
from respondby.desk.proposals import proposed
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment, Run
from respondby.promises.windows import Planned, planned
from respondby.rules.card_facts import (
    CardAnswer,
    CardChange,
    CardClock,
    CardFacts,
    CardField,
    CardMilestone,
    CardProblem,
    CardProposal,
    CardWindow,
)
from respondby.rules.duties import issue_of
from respondby.rules.items import CLOCK as ITEM
from respondby.rules.items import item_of
from respondby.rules.lateness import lag


def card_facts(policy: Policy, history: History, assessment: Assessment) -> CardFacts:
    """The facts of the card of this case now."""
    kind = policy.fields.get("type")
    form = kind.value(history.state.fields.get("type", "")) if kind is not None else None
    person = next((p for login, p in policy.people.items() if login.lower() == history.requester.login.lower()), None)
    customer = history.state.customer
    own = issue_of(history.case)
    if own is not None:
        duty = policy.duties.get(own.duty)
        return _own_facts(policy, history, assessment, own.duty, duty.timezone if duty is not None else None)
    if item_of(history.case) is not None:
        return _own_facts(policy, history, assessment, ITEM)
    zone = (customer.timezone if customer else None) or (person.timezone if person else None)
    standing = workarounds(policy, history.commands)
    about = {workaround.source: workaround.shown for workaround in standing}
    clocks = tuple(_clocks(policy, history, assessment, about))
    started = {clock.source for clock in clocks}
    maintenance = planned(policy, history)
    problems = [CardProblem(problem.about, problem.problem) for problem in history.problems]
    if maintenance.problem is not None:
        problems.append(CardProblem(*maintenance.problem))
    return CardFacts(
        desk=policy.desk,
        kind=form.name if form is not None else None,
        fields=tuple(_fields(policy, history)),
        clocks=clocks,
        problems=tuple(problems),
        open=history.state.open,
        waiting_since=history.waiting_since,
        timezone=policy.timezone,
        customer_timezone=zone if zone != policy.timezone else None,
        language=customer.language if customer else None,
        temporary=tuple(
            CardChange(change.shown, change.until)
            for change in standing
            if change.reverted is None and change.source not in started
        ),
        window=_window(maintenance),
        void=bool(history.state.void(assessment.now)),
        duplicate_of=_shown_original(history),
        part_of=history.state.part_of or "",
        proposals=tuple(_proposals(policy, history)),
        milestones=tuple(
            CardMilestone(milestone.name, milestone.at, milestone.corrected)
            for milestone in (milestones(policy, history) if is_incident(policy, history.state, assessment.now) else ())
        ),
    )


def _proposals(policy: Policy, history: History) -> Iterator[CardProposal]:
    """What the answers propose, beside what was decided."""
    for one in proposed(policy, history):
        chosen = one.field.value(one.chosen) if one.chosen is not None else None
        yield CardProposal(
            one.field.title,
            tuple(CardAnswer(line.ask, line.answer, line.worth, line.weight, line.about) for line in one.lines),
            one.total,
            one.value.name if one.value is not None else None,
            one.at_least,
            chosen.name if chosen is not None else one.chosen,
        )


def _shown_original(history: History) -> str | None:
    """What the case repeats, `#7`: only an issue of its own repository, which whoever reads this may read too."""
    of = history.state.duplicate
    repository, _, number = (of or "").rpartition("#")
    return f"#{number}" if of and repository.lower() == history.case.repository.lower() else None if of is None else ""


def _window(maintenance: Planned) -> CardWindow | None:
    window = maintenance.window or maintenance.cancelled
    if window is None:
        return None
    return CardWindow(window.start, window.end, window.emergency, maintenance.window is None)


def _own_facts(
    policy: Policy, history: History, assessment: Assessment, name: str, timezone: str | None = None
) -> CardFacts:
    """The card of a duty or an action item speaks to the people of the desk."""
    return CardFacts(
        desk=policy.desk,
        kind=None,
        fields=(),
        clocks=tuple(_clocks(policy, history, assessment, {})),
        problems=tuple(CardProblem(problem.about, problem.problem) for problem in history.problems),
        open=history.state.open,
        waiting_since=None,
        timezone=timezone or policy.timezone,
        duty=name,
    )


def _fields(policy: Policy, history: History) -> list[CardField]:
    """Every field but the type that has a value, or that the request was asked for."""
    shown = []
    form = policy.forms.get(history.form) if history.form is not None else None  # it may be the policy's no more
    asked = form.choose if form is not None else ()
    for name, field in policy.fields.items():
        value = history.state.fields.get(name)
        if name == "type" or (value is None and name not in asked):
            continue
        found = field.value(value) if value is not None else None
        shown.append(CardField(field.title, found.name if found is not None else value))
    return shown


def _clocks(policy: Policy, history: History, assessment: Assessment, about: Mapping[str, str]) -> list[CardClock]:
    """This cycle's promises: of each clock the last run, of runs side by side those that are open.

    `about` says by the moment that started it what a run is about.
    """
    last = {run.clock: run for run in assessment.runs if run.cycle == assessment.cycle}
    shown = [
        run
        for run in assessment.runs
        if (run.cycle == assessment.cycle and (run.live or last[run.clock] is run))
        or (run.cycle < assessment.cycle and run.live)
    ]
    return [
        _clock(run, about.get(run.source, ""), lag(history, run, policy.clocks[run.clock], assessment.now))
        for run in shown
        if _promises(run)
    ]


def _promises(run: Run) -> bool:
    """Whether something was promised that the requester still cares for."""
    promise = run.promise
    return promise is not None and not promise.none and run.state != "cancelled"


def _clock(run: Run, about: str, late: int) -> CardClock:
    promise = run.promise
    assert promise is not None
    return CardClock(
        clock=run.clock,
        source=run.source,
        promise=promise.text,
        calendar=run.calendar_name,
        state=run.state,
        started=run.started,
        due=run.due,
        ended=run.ended,
        paused=run.paused and run.live,
        binding=run.binding,
        about=about,
        lag=late,
        until=run.pauses[-1].until if run.paused else None,
    )
