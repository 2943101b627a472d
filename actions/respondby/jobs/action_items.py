"""The action items of merged post-mortems: followed by their issues, and brought back into their documents."""

from __future__ import annotations

from collections.abc import Sequence

from respondby.calendars.instants import wall, zone
from respondby.forge import pulls
from respondby.forge.errors import CaseError, NotGranted
from respondby.forge.gathering import Gathered
from respondby.jobs.effects.action_items import ItemIssues
from respondby.jobs.effects.items_pull import ItemsPull
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report, Settled
from respondby.letters.messages import Messages
from respondby.policy.model.incidents import ActionItems
from respondby.policy.model.policy import Policy
from respondby.postmortems import index
from respondby.postmortems.document.document import Document


def actions_of(policy: Policy) -> ActionItems | None:
    """How this policy follows action items up; None where it does not."""
    wanted = policy.incidents.post_mortem if policy.incidents is not None else None
    return wanted.actions if wanted is not None else None


def follow_items(
    desk: Desk, policy: Policy, gathered: Gathered, documents: Sequence[Document], report: Report, *, dry: bool
) -> None:
    """The action items of what is merged: their issues, and the weekly pull request."""
    in_force = report.in_force
    assert in_force is not None, "a run has read a policy"
    ours = [one for one in index.listed(documents) if not index.is_example(one) and _counts(policy, one)]
    items = ItemIssues(desk.client, gathered, in_force, policy, desk.identify, desk.signing, ours)
    try:
        followed = items.settle(dry=dry)
        titles = {case.number: case.title for case in gathered.cases}
        for number, done in sorted(followed.done.items()):
            name = f"{gathered.repository}#{number}"
            report.cases.append(Settled(name, number, titles.get(number, "action item"), done=done))
        report.failed.extend(followed.failures)
        report.remarks.extend(followed.plan.remarks)
        if dry:
            report.remarks.extend(f"would open an issue for “{one.words}”" for one in followed.plan.openings)
        messages = Messages.of(policy, in_force.files)
        pull = ItemsPull(desk.client, gathered, policy, messages, documents)
        reviewers = items.reviewers([change.number for change in followed.plan.changes])
        proposed = pull.propose(followed.plan.changes, reviewers, dry=dry)
    except (CaseError, NotGranted, pulls.ProposalsOff) as error:
        report.failed.append(f"action items: {error}")
        return
    if proposed.done:
        name = f"{gathered.repository}#{proposed.number}"
        report.cases.append(Settled(name, proposed.number, "action items", done=proposed.done))
    report.remarks.extend(proposed.remarks)
    report.coming = proposed.next


def _counts(policy: Policy, document: Document) -> bool:
    """Whether the desk was at work already when its incident was."""
    return policy.since is None or index.day_of(document) >= wall(policy.since, zone(policy.timezone)).date()
