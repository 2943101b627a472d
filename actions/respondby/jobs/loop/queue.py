"""Keeping the queue's issue: from what a sweep has seen to what should stand there.

A sweep that has read every open case knows the queue; one that left cases at rest knows it from what stands and what it
has read. Only where that is not enough does it read the open cases once more.
"""

from __future__ import annotations

from collections.abc import Sequence

from respondby.desk import markers
from respondby.desk.case import Case, Mark
from respondby.forge.gathering import gather_open
from respondby.jobs.effects.queue_issue import QueueWriter, queues_in
from respondby.jobs.loop.deciding import decided
from respondby.jobs.loop.report import Report, Settled
from respondby.jobs.loop.resting import rows_of
from respondby.jobs.loop.run import Run
from respondby.letters.messages import Messages
from respondby.letters.report.queue import queue_title, render_queue
from respondby.letters.report.words import voice
from respondby.reports.queue_standing import StandingQueue, StandingRow, standing, stood


def queue_matters(run: Run) -> bool:
    """Whether there is a queue to keep, or one to close."""
    return run.policy.queue is not None or any(case.open for case in queues_in(run.gathered.cases))


def keep_queue(run: Run, report: Report) -> None:
    """Have the queue's issue say what is to be answered next."""
    issues = queues_in(run.gathered.cases)
    issue = issues[0] if issues else None
    title = issue.title if issue is not None else "the queue"
    if not run.writes:
        if run.policy.queue is not None and issue is None:
            report.cases.append(Settled(f"{run.client.repository}: the queue", 0, title, remarks=["would open it"]))
        return
    writer = QueueWriter(run.client, run.policy, run.gathered.label_ids)
    number = issue.number if issue is not None else 0
    try:
        if run.policy.queue is None:
            if issue is not None and issue.open:
                writer.end(issue)
        else:
            for twin in issues[1:]:
                if twin.open:
                    writer.close_twin(twin)
            number = _write(run, report, writer, issue)
    finally:
        if writer.done or writer.remarks:
            ref = f"{run.client.repository}#{number}" if number else f"{run.client.repository}: the queue"
            report.cases.append(Settled(ref, number, title, done=writer.done, remarks=writer.remarks))


def _write(run: Run, report: Report, writer: QueueWriter, issue: Case | None) -> int:
    policy = run.policy
    found = _standing(run, report, issue)
    assert policy.queue is not None, "the policy has a queue"
    facts = {**found.to_facts(), "pinned": "yes" if policy.queue.pinned else ""}
    marker = markers.write_mark(Mark("queue", facts), run.gathered.us.home, secret=run.desk.signing)
    speaks = voice(None, policy.timezone, Messages.of(policy, run.files))
    body = render_queue(found, policy, marker, speaks)
    if issue is None:
        return writer.open(queue_title(policy, speaks), body)
    writer.keep(issue, body)
    return issue.number


def _standing(run: Run, report: Report, issue: Case | None) -> StandingQueue:
    """What should stand there now."""
    before = stood(issue.mark.facts) if issue is not None and issue.mark is not None else None
    gone = {settled.number for settled in report.cases if settled.gone}
    seen = [row for found in run.latest.values() for row in rows_of(found)]
    open_now = {row.number for row in seen}
    if run.rest is not None:
        after = before.after(seen, gone | (run.latest.keys() - open_now)) if before is not None else None
        return after if after is not None else _everything(run)
    seen.extend(run.resting.rows.values())
    unread = _unread(run) - run.latest.keys()
    kept = [row for row in (before.rows if before is not None else ()) if row.number in unread]
    return standing([*seen, *kept])


def _everything(run: Run) -> StandingQueue:
    """Of every open case, read once more: what this run left at rest as well."""
    rows: dict[int, list[StandingRow]] = {}

    def look(cases: Sequence[Case]) -> set[int]:
        for case in cases:
            rows[case.number] = []
            if not case.is_about_the_desk:
                found = decided(run.policy, case, run.now, run.others, run.log, run.known_of(case))
                rows[case.number] = rows_of(found)
        return {case.number for case in cases}

    gather_open(run.client, identify=run.desk.identify, looking=lambda _: look)
    return standing(row for some in rows.values() for row in some)


def _unread(run: Run) -> set[int]:
    """The numbers of cases that could not be read, or looked at."""
    refs = [ref for ref, _ in run.gathered.failed]
    numbers = {int(number) for ref in refs if (number := ref.rpartition("#")[2]).isdigit()}
    return numbers | {case.number for case in run.cases or []}
