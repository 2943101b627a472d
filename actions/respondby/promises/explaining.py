"""An assessment explained: each clock and cycle, span by span, with the rule that applied, and what comes next.

Laws:

- The numbers are the assessment's own, so the card and `explain` agree to the second.
- The seconds of a run's spans are what has elapsed of it (rule 6).
- What comes is what `Assessment.next` says, and nothing earlier; ladders add their rungs elsewhere.
"""

from __future__ import annotations

from typing import Any

from respondby.calendars import dues
from respondby.calendars.instants import Instant, iso
from respondby.desk.built_in.workarounds import Workaround, workarounds
from respondby.desk.gate import is_incident
from respondby.desk.history import History
from respondby.desk.milestones import Milestone, milestones
from respondby.policy.model.clocks import Promise
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment, Run
from respondby.promises.windows import Planned, planned


def explanation(policy: Policy, history: History, assessment: Assessment) -> dict[str, Any]:
    """Everything about the case's clocks as plain data; instants in UTC, lengths in seconds."""
    incident = is_incident(policy, history.state, assessment.now)
    return {
        "case": history.case.ref,
        "title": history.case.title,
        "now": iso(assessment.now),
        "timezone": policy.timezone,
        "policy": policy.commit,
        "cycle": assessment.cycle,
        "open": history.state.open,
        "void": history.state.void(assessment.now) or None,
        "fields": dict(history.state.fields),
        "part_of": int(history.state.part_of) if history.state.part_of else None,
        "waiting_since": _iso(history.waiting_since),
        "next": _iso(assessment.next),
        "coming": coming(assessment),
        "clocks": [_run(run, assessment.now) for run in assessment.every],
        "not_running": _idle(policy, assessment),
        "maintenance": _maintenance(planned(policy, history)),
        "milestones": [_milestone(milestone) for milestone in milestones(policy, history)] if incident else [],
        "workarounds": [_workaround(workaround) for workaround in workarounds(policy, history.commands)],
    }


def coming(assessment: Assessment) -> list[dict[str, Any]]:
    """What time alone will do, in order: dues that will be reached, and conditions that may turn."""
    dues_to_come = sorted(
        (run.due, run.clock, run.source)
        for run in assessment.runs
        if run.live and run.due is not None and run.due > assessment.now
    )
    found: list[dict[str, Any]] = [
        {"at": iso(due), "clock": clock, "source": source, "what": "due"} for due, clock, source in dues_to_come
    ]
    if assessment.next is not None and all(due != assessment.next for due, _, _ in dues_to_come):
        found.insert(0, {"at": iso(assessment.next), "clock": None, "source": None, "what": "condition"})
    return found


def _run(run: Run, now: Instant) -> dict[str, Any]:
    end = run.ended if run.ended is not None else now
    pauses = [(pause.start, end if pause.end is None else pause.end) for pause in run.pauses]
    spans = dues.running(run.calendar, run.started, end, pauses)
    return {
        "clock": run.clock,
        "cycle": run.cycle,
        "source": run.source,
        "state": run.state,
        "started": iso(run.started),
        "due": _iso(run.due),
        "ended": _iso(run.ended),
        "stopped_by": run.stopped_by or None,
        "why": run.why or None,
        "promise": run.promise.text if run.promise else None,
        "for": _conditions(run.promise),
        "pinned": run.pinned,
        "calendar": run.calendar_name,
        "binding": run.binding,
        "paused": run.paused and run.live,
        "elapsed": dues.elapsed(run.calendar, run.started, end, pauses),
        "terms": [
            {
                "since": iso(term.since),
                "promise": term.promise.text if term.promise else None,
                "for": _conditions(term.promise),
                "due": _iso(term.due),
                "why": term.why,
                "source": term.source,
            }
            for term in run.terms
        ],
        "pauses": [
            {"from": iso(pause.start), "to": _iso(pause.end), "due": _iso(pause.due), "source": pause.source}
            for pause in run.pauses
        ],
        "spans": [{"from": iso(start), "to": iso(stop), "seconds": stop - start} for start, stop in spans],
    }


def _maintenance(plan: Planned) -> dict[str, Any] | None:
    """The maintenance window that counts, or was called off; None where there is none."""
    window = plan.window or plan.cancelled
    if window is None:
        return None
    return {
        "from": iso(window.start),
        "to": iso(window.end),
        "of": window.value,
        "announced": iso(window.announced),
        "emergency": window.emergency,
        "cancelled": plan.window is None,
    }


def _milestone(milestone: Milestone) -> dict[str, Any]:
    """A milestone: when it was reached, and every time that was told of it, oldest first, with who said it and when."""
    return {
        "name": milestone.name,
        "at": iso(milestone.at),
        "told": [
            {
                "at": iso(time.at),
                "by": time.by.login if time.by else None,
                "said": iso(time.said),
                "source": time.source,
            }
            for time in milestone.times
        ],
    }


def _workaround(workaround: Workaround) -> dict[str, Any]:
    return {
        "number": workaround.number,
        "what": workaround.what,
        "original": workaround.original,
        "by": workaround.by.login,
        "since": iso(workaround.since),
        "until": _iso(workaround.until),
        "reverted": _iso(workaround.reverted),
        "reverted_by": workaround.reverted_by.login if workaround.reverted_by else None,
    }


def _conditions(promise: Promise | None) -> dict[str, list[str]]:
    """For which cases the policy makes this promise."""
    return {term.key: list(term.values) for term in promise.when.terms} if promise is not None else {}


def _idle(policy: Policy, assessment: Assessment) -> list[str]:
    """Clocks of the policy that have not run in this case."""
    ran = {run.clock for run in assessment.runs}
    return [name for name in policy.clocks if name not in ran]


def _iso(instant: Instant | None) -> str | None:
    return None if instant is None else iso(instant)
