"""From a history and its assessment to what a report knows of the case: `facts_of`.

It is read once, while a case is gathered; afterwards history and moments can be let go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from respondby.calendars import dues
from respondby.calendars.instants import Instant
from respondby.desk.built_in.workarounds import standing
from respondby.desk.gate import FALSE_ALARM, closed_as_false_alarm
from respondby.desk.history import History
from respondby.desk.milestones import milestones, own_time, timed_words
from respondby.desk.standings import acts_as
from respondby.policy.model.built_in import EXCUSE
from respondby.policy.model.clocks import Clock
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment, Run
from respondby.promises.windows import planned
from respondby.reports.cases import CaseFacts, CaseIncident, ClockRun, Excuse, Impact, MilestoneAt, PageSent, Said
from respondby.reports.impacts import Lasted, impacts, incident_when, times
from respondby.reports.public_words import public_words
from respondby.rules.duties import issue_of
from respondby.rules.lateness import lag
from respondby.rules.shift_facts import AssessedCase, lacks, pages

#: Of what was said with a command no more is kept than this.
_MOST_SAID = 2_000


def facts_of(policy: Policy, history: History, assessment: Assessment) -> CaseFacts:
    """What a report knows of one case. `policy` is that by which it was read (a duty's issue has its own)."""
    case, state = history.case, history.state
    assessed = AssessedCase(history, assessment)
    issue = issue_of(case)
    incident = _incident(policy, assessed)
    field = policy.uptime.by if policy.uptime is not None else "product"
    subject = issue.subject or None if issue is not None else state.fields.get(field)
    window = planned(policy, history).window
    return CaseFacts(
        ref=case.ref,
        number=case.number,
        node_id=case.node_id,
        url=case.url,
        title=case.title,
        author=history.requester.login,
        customer=state.customer.name if state.customer else "",
        fields={name: _called(policy, name, value) for name, value in state.fields.items()},
        product=None if subject is None else _called(policy, field, subject),
        opened=case.created,
        open_spans=tuple(_open_spans(history)),
        closed_as=history.closed_as,
        assignees=state.assignees,
        waiting_since=history.waiting_since,
        request=case.is_request,
        duty=issue.duty if issue is not None else "",
        void=state.void(assessment.now),
        first_answer=_first_answer(history),
        runs=tuple(_run(policy, history, run, assessment.now) for run in assessment.every),
        incident=incident,
        window=None if window is None else replace(window, value=_called(policy, field, window.value or "") or None),
        pages=tuple(PageSent(at, person, night) for person, at, night in pages(policy, history)),
        excuses=tuple(_excuses(policy, history)),
        said=tuple(_said(policy, history)),
        rung_lags=tuple(_rung_lags(policy, history)),
        workarounds=tuple(change.shown for change in standing(policy, history.commands)),
        public=public_words(policy, history) if policy.publish is not None else (),
        published=policy.publish is not None and state.holds(policy.publish.incidents, assessment.now),
    )


@per_policy
def _former_products(policy: Policy) -> dict[str, str]:
    """What each product was called before, with its name of now."""
    return {product.was: name for name, product in policy.products.items() if product.was is not None}


def _called(policy: Policy, field: str, value: str) -> str:
    """A field's value by its name of now: a product that was renamed keeps its past."""
    return _former_products(policy).get(value, value) if field == "product" else value


def _open_spans(history: History) -> Iterator[tuple[Instant, Instant | None]]:
    """When it was open; a case that was transferred in begins when it arrived."""
    since: Instant | None = history.case.created
    for fact in history.facts:
        if fact.kind == "closed" and since is not None:
            yield since, fact.at
            since = None
        elif fact.kind == "reopened" and since is None:
            since = fact.at
    if since is not None:
        yield since, None


def _first_answer(history: History) -> Instant | None:
    """The first word of staff; what asks for nothing is answered by nobody."""
    policy = history.state.policy
    if not history.case.is_request or "staff" not in policy.roles:
        return None
    said = (
        fact.at
        for fact, state in zip(history.facts, history.states, strict=True)
        if fact.kind == "comment" and fact.by is not None and acts_as(policy, "staff", fact.by, state)
    )
    return next(said, None)


def _run(policy: Policy, history: History, run: Run, now: Instant) -> ClockRun:
    end = run.ended if run.ended is not None else now
    pauses = [(pause.start, end if pause.end is None else pause.end) for pause in run.pauses]
    clock = policy.clocks.get(run.clock)
    by = _distinguishes(policy).get(run.clock, "")
    judged = min(at for at in (run.ended, run.due, now) if at is not None)
    paused = run.pauses[-1].start if run.live and run.paused else None
    return ClockRun(
        clock=run.clock,
        source=run.source,
        cycle=run.cycle,
        started=run.started,
        due=run.due,
        ended=run.ended,
        state=run.state,
        elapsed=dues.elapsed(run.calendar, run.started, end, pauses),
        left=_left(run, now) if run.live and paused is None and run.due is not None else None,
        promise=run.promise.text if run.promise is not None and not run.promise.none else "",
        calendar=run.calendar_name,
        binding=run.binding,
        paused_since=paused,
        by=by,
        group=_field_at(history, by, judged),
        lag=lag(history, run, clock, now) if clock is not None else 0,
        stopped_by=run.stopped_by,
        why=run.why,
        run=run,
        of_customer=clock is not None and any(pattern.kind == "waiting" for pattern in clock.start),
    )


def _left(run: Run, now: Instant) -> int:
    """Open time until the due; negative once it has passed."""
    assert run.due is not None, "what has no due has no time left"
    if run.due >= now:
        return dues.elapsed(run.calendar, now, run.due)
    return -dues.elapsed(run.calendar, run.due, now)


@per_policy
def _distinguishes(policy: Policy) -> dict[str, str]:
    """For each clock the field that its target, else its `when`, asks for first, in the policy's order of fields."""
    return {clock.name: name for clock in policy.clocks.values() if (name := _asked(policy, clock)) is not None}


def _asked(policy: Policy, clock: Clock) -> str | None:
    for whens in ([choice.when for choice in clock.target.choices], [clock.when]):
        keys = {term.key for when in whens for term in when.terms}
        found = next((name for name in policy.fields if name in keys and name not in ("type", "product")), None)
        if found is not None:
            return found
    return None


def _field_at(history: History, name: str, at: Instant) -> str:
    """The value of a field at an instant; empty where it had none."""
    if not name:
        return ""
    value = history.first.fields.get(name, "")
    for fact in history.facts:
        if fact.at > at:
            break
        if fact.kind == "field" and fact.name == name:
            value = fact.value or ""
    return value


def _incident(policy: Policy, assessed: AssessedCase) -> CaseIncident | None:
    history = assessed.history
    asked = incident_when(policy)
    if asked is None or issue_of(history.case) is not None:
        return None
    since = until = None
    for fact, state in zip(history.facts, history.states, strict=True):
        holds = state.holds(asked, fact.at) and not state.void(fact.at)
        if holds and since is None:
            since = fact.at
        if holds:
            until = None
        elif since is not None and until is None:
            until = fact.at
    if since is None:
        return None
    alarm = closed_as_false_alarm(history)
    lasted = times(policy, history)
    last = next((fact for fact in reversed(history.facts) if fact.kind == "closed"), None)
    return CaseIncident(
        since=since,
        until=until,
        milestones=tuple(MilestoneAt(one.name, one.at, one.corrected) for one in milestones(policy, history)),
        lasted=tuple((one.start, one.end) for one in lasted if not one.problem),
        impacts=tuple(_impacts(policy, history, lasted)) if alarm is None else (),
        false_alarm=alarm,
        lacks=tuple(lacks(policy, history, assessed.assessment.now)),
        insisted=last is not None and "unfinished" in last.args,
        problem=next((one.problem for one in lasted if one.problem), ""),
        unknown=tuple((one.start, one.end or one.start) for one in lasted if one.problem),
    )


def _impacts(policy: Policy, history: History, lasted: Iterable[Lasted]) -> Iterator[Impact]:
    by = policy.uptime.by if policy.uptime is not None else ""
    for one in impacts(policy, history, lasted):
        yield one if one.product is None else one._replace(product=_called(policy, by, one.product))


def _excuses(policy: Policy, history: History) -> Iterator[Excuse]:
    for said in history.commands:
        if said.word == EXCUSE and said.verdict == "accepted":
            reason = " ".join(" ".join(said.args.values()).split())
            first, _, rest = reason.partition(" ")
            clock = first.rstrip(":") if first.rstrip(":") in policy.clocks and rest else ""
            yield Excuse(said.at, said.by.login, rest.strip() if clock else reason, clock)


def _said(policy: Policy, history: History) -> Iterator[Said]:
    timed = timed_words(policy)
    for said in history.commands:
        if said.verdict == "accepted":
            unsaid = {FALSE_ALARM}
            if said.word in timed and (command := policy.commands.get(said.word)) is not None:
                unsaid.add(own_time(command))  # the milestone has it
            text = " ".join(value for name, value in said.args.items() if name not in unsaid and value)
            yield Said(said.at, said.by.login, said.word, text[:_MOST_SAID])


def _rung_lags(policy: Policy, history: History) -> Iterator[tuple[Instant, int]]:
    """For each rung that was performed: when it was due, and by how many seconds it came later."""
    for record in history.ledger.records.values():
        if record.outcome == "done" and record.key.partition("/")[0] in policy.clocks:
            yield record.at, max(0, record.done - record.at)
