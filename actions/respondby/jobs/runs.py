"""Runs: `triage` and `comment` look at the case of an event, `enforce` at every open one, `receive` (`jobs.receiving`)
at what a dispatch touched. All are the same loop: gather (one request a page), find the policy that holds, take the
phases (`jobs.loop.phases`), report. One case that fails does not stop the others; the run says which and ends non-zero
(law 7).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from respondby.calendars.instants import people_instant, zone
from respondby.forge.errors import CaseGone
from respondby.forge.gathering import Gathered, gather_case
from respondby.jobs.effects.applying import Applier
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.policy_in_force import RunPolicy, run_policy
from respondby.jobs.inputs.sweep_cache import Rest, SweepCache
from respondby.jobs.loop.phases import PHASES
from respondby.jobs.loop.report import Report, Settled
from respondby.jobs.loop.resting import Resting
from respondby.jobs.loop.run import First, Run, perform
from respondby.jobs.sweep_gathering import gather_sweep, keep_rest
from respondby.jobs.watching.waking import wake


def run_event(desk: Desk, verb: str, number: int, *, dry: bool = False) -> Report:
    """The loop over the case of an event. An issue that is gone meanwhile is no failure: nothing is left to do."""
    try:
        gathered = gather_case(desk.client, number, identify=desk.identify)
    except CaseGone as error:
        report = Report(verb, 0, requests=desk.client.requests)
        report.cases.append(Settled(f"{desk.client.repository}#{number}", number, "", gone=True, remarks=[str(error)]))
        return report
    report = run_over(desk, verb, gathered, dry=dry)
    wake_for(desk, gathered, report)
    return report


def wake_for(desk: Desk, gathered: Gathered, report: Report) -> None:
    """Start a watch where something of what an event's run has looked at is due soon."""
    report.wanted_at = report.wanted()
    if desk.wakes and not report.dry and report.in_force is not None:
        wake(desk.client, gathered, report.in_force.policy, report)


def sweep(
    desk: Desk,
    *,
    number: int | None = None,
    dry: bool = False,
    cache: SweepCache | None = None,
    first: First | None = None,
) -> Report:
    """One sweep over every open case (and those closed lately), or over one; `first` is what comes before. With a
    `cache` those are not read of which an earlier sweep knows that nothing can have changed.
    """
    if number is not None:
        return run_event(desk, "enforce", number, dry=dry)
    found = gather_sweep(desk, cache if not dry else None)
    report = run_over(
        desk, "enforce", found.gathered,
        dry=dry, whole=True, policy=found.policy, rest=found.rest, resting=found.resting, first=first,
    )  # fmt: skip
    keep_rest(cache or SweepCache(None, ""), found, report)
    if desk.wakes and not dry:
        wake(desk.client, found.gathered, found.policy.in_force.policy, report)
    return report


def run_over(
    desk: Desk,
    verb: str,
    gathered: Gathered,
    *,
    dry: bool,
    whole: bool = False,
    first: First | None = None,
    policy: RunPolicy | None = None,
    rest: Rest | None = None,
    resting: Resting | None = None,
) -> Report:
    """The loop over what was gathered; `whole` says that this is every open case (but those at rest, where `rest` says
    which these are, and `resting` which ones were read and let go), and `first` what comes before it; `policy` is the
    one in force, where it was read already.

    Raises NoPolicy, and ForgeErrors that come before there is anything to report.
    """
    report = Report(verb, gathered.now, dry=dry)
    desk = replace(desk, signing=gathered.us.secret)  # with since when the key is in use
    policy = policy or run_policy(desk, gathered)
    report.in_force = in_force = policy.in_force
    report.branch = gathered.default_branch
    report.remarks.extend(policy.remarks)
    report.shadow = in_force.policy.mode == "shadow"
    report.failed.extend(f"{ref}: {why}" for ref, why in gathered.failed)
    resting = resting or Resting()
    report.failed.extend(_clock_behind(gathered, resting, in_force.policy.timezone))
    preview = dry or report.shadow
    run = Run(
        desk=desk,
        gathered=gathered,
        in_force=in_force,
        logbook=Logbook(desk.client, gathered, in_force, desk.identify, desk.signing),
        applier=Applier(desk.client, in_force, desk.secrets, desk.identify(gathered.policy), gathered.label_ids),
        whole=whole,
        preview=preview,
        writes=not (preview or in_force.policy.mode == "off"),
        first=first,
        rest=rest,
        resting=resting,
    )
    perform(run, report, PHASES)
    if run.logbook.done or run.selection.remarks:
        issue = run.logbook.issue
        settled = Settled(run.logbook.ref, issue.number if issue else 0, run.logbook.title)
        settled.done, settled.remarks = run.logbook.done, list(run.selection.remarks)
        report.cases.append(settled)
    report.requests = desk.client.requests
    return report


#: How many seconds the forge's clock may be behind what happened there: its machines differ by a little.
CLOCKS_DIFFER = 60


def _clock_behind(gathered: Gathered, resting: Resting, timezone: str) -> Iterator[str]:
    """That the answer's `Date` is older than what the answer tells: by such a clock nothing is ever due."""
    where = zone(timezone)
    touched = [(case.moments[-1].at, case.ref) for case in gathered.cases]
    touched += [resting.last] if resting.last is not None else []
    at, ref = max(touched, key=lambda one: one[0], default=(0, ""))
    if at > gathered.now + CLOCKS_DIFFER:
        yield (
            f"the forge's clock says {people_instant(gathered.now, where)}, and {ref} was touched at"
            f" {people_instant(at, where)}:"
            " does a proxy answer from a cache, or change `Date`? What is due may not be seen until that is mended"
        )
