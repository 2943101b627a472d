"""The phases of a run, in their order."""

from __future__ import annotations

import logging
from dataclasses import replace

from respondby.desk.built_in.incident_ties import ties_are_served
from respondby.desk.case import Case
from respondby.desk.known import NOTHING_KNOWN, Known
from respondby.desk.ledger import EMPTY
from respondby.desk.milestones import milestones
from respondby.forge.errors import CaseGone
from respondby.forge.gathering import gather_case, gather_open
from respondby.jobs.effects import maintainers
from respondby.jobs.effects.duties import Duties
from respondby.jobs.effects.following import follow, next_change, settings
from respondby.jobs.effects.heartbeat import beat
from respondby.jobs.effects.incidents import Incidents
from respondby.jobs.inputs import closed_cases
from respondby.jobs.inputs.alike import related_to
from respondby.jobs.inputs.desk import CLOSED_LATELY
from respondby.jobs.inputs.lateness import measured
from respondby.jobs.inputs.maintenance import maintenance_windows
from respondby.jobs.inputs.merges import (
    MERGED,
    POST_MORTEM,
    merges_matter,
    reviewed,
    waits_for,
    what_was_merged,
)
from respondby.jobs.loop.budget import keep_to_budget
from respondby.jobs.loop.deciding import Decided, decided
from respondby.jobs.loop.incident_requests import follow_incidents
from respondby.jobs.loop.joint_messages import merges, send_jointly
from respondby.jobs.loop.report import Report, Settled
from respondby.jobs.loop.run import Phase, Run
from respondby.jobs.loop.settling import settle_cases
from respondby.jobs.loop.storm_pages import resolve_storms
from respondby.jobs.loop.storms import calm
from respondby.jobs.loop.taking_back import take_back
from respondby.policy.model.policy import Policy
from respondby.rules.duties import issue_of
from respondby.rules.plan import Open, Plan
from respondby.rules.related import searched, wants_related
from respondby.rules.shift_facts import lacks_post_mortem

LOG = logging.getLogger(__name__)


def _notify_maintainers(run: Run, _: Report) -> None:
    maintainers.notify(run.client, run.in_force, run.gathered)


def _tidy_log(run: Run, _: Report) -> None:
    run.logbook.tidy()


def _write_down(run: Run, report: Report) -> None:
    """What a dispatch says, before anything is done about it."""
    assert run.first is not None, "this phase applies to a run that has something to write down"
    run.selection = run.first(run.policy, run.logbook, report)


def _open_duties(run: Run, report: Report) -> None:
    desk = run.desk
    duties = Duties(desk.client, run.gathered, run.in_force, desk.identify, desk.signing, run.logbook)
    run.opened = duties.settle(dry=not run.writes)
    report.coming = run.opened.next
    report.failed.extend(run.opened.failures)
    report.cases.extend(_twins(run) if run.writes else _planned(run))


def _open_incidents(run: Run, report: Report) -> None:
    """Alerts that were received and are no incident yet; what an incident's card shall keep of its alerts."""
    desk = run.desk
    incidents = Incidents(desk.client, run.gathered, run.in_force, desk.identify, desk.signing, run.logbook)
    found = incidents.settle(dry=not run.writes)
    report.failed.extend(found.failures)
    run.opened.closed_twins |= found.closed_twins
    if not run.writes:
        report.cases.extend(
            Settled(f"{run.client.repository}: an alert", 0, opening.first.summary, remarks=["would open an incident"])
            for opening in found.planned
        )
        return
    titles = {case.number: case.title for case in (*run.gathered.cases, *found.cases)}
    report.cases.extend(
        Settled(f"{run.client.repository}#{number}", number, titles.get(number, ""), done=[found.done[number]])
        for number in sorted(found.twins)
    )
    run.opened.cases.extend(found.cases)
    run.opened.twins.update(found.twins)
    run.opened.done.update(found.done)
    memory = dict(run.selection.memory)
    for number, ledger in found.memory.items():
        memory[number] = ledger.merge(memory.get(number, EMPTY))
    numbers = run.selection.numbers
    run.selection = replace(
        run.selection, memory=memory, numbers=None if numbers is None else numbers | frozenset(found.memory)
    )


def _choose(run: Run, _: Report) -> None:
    """Which cases this run looks at: no issue of the desk's own, unless a duty's."""
    cases = [case for case in run.gathered.cases if not (maintainers.is_ours(case) or case.is_about_the_desk)]
    if run.selection.numbers is not None:
        cases = [case for case in cases if case.number in run.selection.numbers or _expecting(run.policy, case)]
    twins = run.opened.twins | run.opened.closed_twins
    run.cases = [*(case for case in cases if case.number not in twins), *run.opened.cases]


def _fetch_closed(run: Run, report: Report) -> None:
    read = run.resting.settled.keys()
    run.revisited = closed_cases.fetch(run.client, run.desk.identify, run.log, run.gathered, read)
    report.failed.extend(run.revisited.failed)
    run.cases = [*(run.cases or []), *run.revisited.cases]


def _read_windows(run: Run, _: Report) -> None:
    run.others = maintenance_windows(run.policy, run.cases or [])


def _decide(run: Run, _: Report) -> None:
    """A first look at every case: most are at rest, and of others one message may tell.

    A case that cannot be looked at is left to its own turn, which says why.
    """
    for case in run.cases or []:
        try:
            known = run.known_of(case)
            found = run.resting.earlier(run.policy, case) if known == NOTHING_KNOWN else None
            run.decided[case.number] = found or decided(run.policy, case, run.now, run.others, run.log, known)
        except Exception:
            LOG.debug("%s: left to its own turn", case.ref, exc_info=True)


def _read_merges(run: Run, _: Report) -> None:
    """What was merged about cases with a clock that waits for it; they are decided again with what was found."""
    waiting = []
    for found in run.decided.values():
        if not found.case.is_request:
            continue
        kinds = {kind for kind in (MERGED, POST_MORTEM) if waits_for(found.policy, found.assessment, kind)}
        if reviewed(run.policy) and _is_resolved(found) and lacks_post_mortem(run.policy, found.history, run.now):
            kinds.add(POST_MORTEM)
        if kinds:
            waiting.append((found.case, frozenset(kinds)))
    merged = what_was_merged(run.client, run.gathered.commit, waiting)
    memory = dict(run.selection.memory)
    for number, ledger in merged.items():
        case = run.decided[number].case
        memory[number] = memory[number].merge(ledger) if number in memory else ledger
        known = Known(memory[number])
        run.decided[number] = decided(run.policy, case, run.now, run.others, run.log, known)
    run.selection = replace(run.selection, memory=memory)


def _relate(run: Run, _: Report) -> None:
    """What new incidents are like, said to the desk with whatever else is said of them."""
    wanted = [
        incident
        for incident in run.decided.values()
        if wants_related(incident.policy, incident.history, incident.assessment.now)
    ]
    if not wanted:
        return
    cases = [incident.case for incident in wanted]
    found = related_to(run.client, cases, run.gathered.commit, run.gathered.us.home, run.desk.signing)
    memory = dict(run.selection.memory)
    for incident in wanted:
        number = incident.case.number
        memory[number] = searched(run.now).merge(memory.get(number, EMPTY))
        run.related[number] = found[number]
    run.selection = replace(run.selection, memory=memory)
    for incident in wanted:
        known = run.known_of(incident.case)
        run.decided[incident.case.number] = decided(run.policy, incident.case, run.now, run.others, run.log, known)


def _is_resolved(found: Decided) -> bool:
    """Whether it is an incident that is over, so that its post-mortem may be there."""
    policy, history, now = found.policy, found.history, found.assessment.now
    if policy.incidents is None or not history.state.holds(policy.incidents.when, now):
        return False
    return not history.state.open or any(one.name == "resolved" for one in milestones(policy, history))


def _send_jointly(run: Run, report: Report) -> None:
    busy = [found for found in run.decided.values() if found.plan]
    tries, failed = send_jointly(run.in_force, run.secrets, run.applier, busy, run.now)
    run.applier.sent_before.update(tries)
    report.failed.extend(failed)


def _remember_closed(run: Run, report: Report) -> None:
    """When closed cases have to be looked at again."""
    notes = run.revisited.notes
    log = run.log.with_entries(notes)
    if run.writes:
        run.logbook.write(notes)
    comings = (report.coming, next_change(run.policy, run.now), closed_cases.coming(log, run.now))
    report.coming = min((at for at in comings if at is not None), default=None)


def _set_groups(run: Run, report: Report) -> None:
    """Groups that follow a rota hold who is on call."""
    rotas = f"{run.client.repository}: rotas"
    run.logbook.require()
    if not run.writes:
        for setting in settings(run.policy, run.log, run.now):
            report.cases.append(Settled(rotas, 0, setting.rota, remarks=[f"would {setting.text}"]))
        return
    for setting, failure in follow(run.in_force, run.logbook, run.secrets, run.now, run.applier.hung):
        report.cases.append(Settled(rotas, 0, setting.rota, done=[] if failure else [setting.text]))
        if failure:
            report.failed.append(f"the rota {setting.rota}: could not {setting.text}: {failure}")


def _keep_queue(run: Run, report: Report) -> None:
    # Only a sweep keeps it, and what that needs is a tenth of what starting a run costs.
    from respondby.jobs.loop.queue import keep_queue, queue_matters

    if queue_matters(run):
        keep_queue(run, report)


def _refresh_drafts(run: Run, report: Report) -> None:
    """Drafts are made from what every case is now: what this run has done is read again."""
    from respondby.jobs.effects.drafting import Drafting  # as for the queue

    drafting = Drafting(run.client, run.in_force, run.gathered.us.home, run.desk.signing)
    if not drafting.wanted(run.cases or []):
        return
    gathered = run.gathered
    if report.performed > 0 or run.rest is not None:
        gathered = gather_open(run.client, identify=run.desk.identify, closed_within=CLOSED_LATELY)
    cases = [case for case in gathered.cases if not (maintainers.is_ours(case) or case.is_about_the_desk)]
    for number in closed_cases.to_fetch(run.log, None, {case.number for case in cases}):
        try:
            cases.extend(gather_case(run.client, number, identify=run.desk.identify).cases)
        except CaseGone:
            continue  # the next sweep at which it would be due notes that
    for case, failure in drafting.refresh(cases, run.log, gathered.now):
        report.cases.append(Settled(case.ref, case.number, case.title, done=[] if failure else ["draft"]))
        if failure:
            report.failed.append(f"{case.ref}: {failure}")


def _measure(run: Run, report: Report) -> None:
    """How late the schedule's runs come, where something came late in this one."""
    assert run.desk.schedule is not None, "this phase applies to a run that a schedule has started"
    found = measured(run.client, run.desk.schedule)
    if isinstance(found, str):
        report.remarks.append(found)
    else:
        report.lateness = found


def _beat(run: Run, report: Report) -> None:
    if (why := beat(run.policy, run.secrets)) is not None:
        report.remarks.append(why)


def _whole(run: Run, _: Report) -> bool:
    return run.whole


def _swept(run: Run, report: Report) -> bool:
    return run.whole and run.finished and report.complete


#: What a run does, in this order; a run over one case skips what only a sweep does.
PHASES: tuple[Phase, ...] = (
    Phase("the maintainers' issue about the policy", _notify_maintainers, lambda run, _: run.whole and not run.preview),
    Phase("", _tidy_log, lambda run, _: run.whole and run.writes),
    Phase("", _write_down, lambda run, _: run.first is not None),
    Phase("duties", _open_duties, lambda run, _: (run.whole or run.first is not None) and bool(run.policy.duties)),
    Phase(
        "incidents",
        _open_incidents,
        lambda run, _: (run.whole or run.first is not None) and run.policy.incidents is not None,
    ),
    Phase("choosing the cases", _choose, lambda _, __: True),
    Phase("closed cases", _fetch_closed, _whole),
    Phase(
        "cases that were let go",
        take_back,
        lambda run, _: bool(run.resting.settled) and run.selection.numbers is None,
    ),
    Phase("maintenance windows", _read_windows, lambda _, __: True),
    Phase("the first look", _decide, lambda _, __: True),
    Phase("what was merged", _read_merges, lambda run, _: merges_matter(run.policy)),
    Phase("requests of incidents", follow_incidents, lambda run, _: ties_are_served(run.policy)),
    Phase(
        "related cases",
        _relate,
        lambda run, _: run.policy.incidents is not None and run.policy.incidents.related is not None,
    ),
    Phase(
        "what has come due at once", calm, lambda run, _: run.writes and (run.whole or run.policy.ceiling is not None)
    ),
    Phase("what the token has left", keep_to_budget, lambda run, _: run.whole and run.writes),
    Phase("joint messages", _send_jointly, lambda run, _: run.whole and run.writes and merges(run.policy)),
    Phase("the cases", settle_cases, lambda run, _: run.cases is not None),
    Phase("pages about many cases", resolve_storms, lambda run, report: _swept(run, report) and run.writes),
    Phase("", _remember_closed, _swept),
    Phase("", _set_groups, _swept),
    Phase("the queue", _keep_queue, lambda run, report: _swept(run, report) and run.selection.numbers is None),
    Phase("", _refresh_drafts, lambda run, report: _swept(run, report) and run.writes),
    Phase(
        "how late the schedule comes",
        _measure,
        lambda run, report: run.whole and not report.dry and report.late > 0 and run.desk.schedule is not None,
    ),
    Phase(
        "the heartbeat",
        _beat,
        lambda run, report: _swept(run, report) and not report.dry and run.policy.mode == "live",
    ),
)


def _expecting(policy: Policy, case: Case) -> bool:
    """Whether it is the issue of a duty that expects a dispatch: one that came after all closes it."""
    issue = issue_of(case)
    duty = policy.duties.get(issue.duty) if issue is not None else None
    return duty is not None and duty.expects is not None


def _planned(run: Run) -> list[Settled]:
    """What a run that only reads would open."""
    planned = []
    for one in run.opened.planned:
        name = f"{one.duty} for {one.subject}" if one.subject else one.duty
        plan = Plan(name, (Open(one.duty, one.subject, tuple(period.at for period in one.periods)),))
        planned.append(Settled(f"{run.client.repository}: {one.duty}", 0, name, planned=plan))
    return planned


def _twins(run: Run) -> list[Settled]:
    """The twins that were closed."""
    titles = {case.number: case.title for case in run.gathered.cases}
    return [
        Settled(f"{run.client.repository}#{number}", number, titles.get(number, ""), done=[run.opened.done[number]])
        for number in sorted(run.opened.twins)
    ]
