"""Reports that duties ask for: made when they are due, proposed below `docs/reports/`, sent to whom they are for.

Laws:

- Each within its fence: what one cannot do stops no other, and the next run tries again. It counts as made once its
  pull request stands and everybody has it; who has it already is not told again.
- A desk of which no report is due pays what reading its open cases costs, and nothing more.
- A pull request that is open takes the duty's next report too, so that a daily one opens no daily pull request.
- What was written there by somebody else is never written over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from respondby.channels.dispatch import Hung, place
from respondby.dataclass import dataclass
from respondby.forge import pulls
from respondby.forge.errors import CaseError, NotGranted
from respondby.forge.gathering import Gathered, gather_open
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.inputs.desk import CLOSED_LATELY, Desk
from respondby.jobs.inputs.policy_in_force import PolicyInForce, policy_in_force
from respondby.jobs.inputs.teams import with_teams
from respondby.jobs.loop.report import Report, Settled
from respondby.jobs.report_facts import ReportInput, report_input
from respondby.jobs.reporting import Asked, Written, month_report, span_report
from respondby.letters.report.plain import plain, split
from respondby.policy.model.duties import ReportKind
from respondby.policy.model.policy import Policy
from respondby.policy.people.holders import holders
from respondby.promises.periods import state_of
from respondby.reports.monthly import zone_of
from respondby.reports.periods import month_before, month_of
from respondby.rules.due_reports import DueReport, due_reports, last_made
from respondby.rules.languages import language_of
from respondby.rules.ways import all_ways

FOLDER = "docs/reports"

#: Which forms are proposed: all, or the one that the duty names.
_FORMS = {
    None: ("md", "html", "csv", "json"),
    "markdown": ("md",),
    "csv": ("csv",),
    "json": ("json",),
    "html": ("html",),
}
#: What a message holds, in characters: a webhook gets the whole report, a chat its figures.
_WHOLE, _SHORT = 8_000, 1_800
#: What the text of a pull request holds; GitHub takes some more.
_BODY = 60_000
#: The parts of a report that a chat gets; the link leads to the rest.
_FIGURES = ("summary", "uptime", "limits")


def run_reports(desk: Desk, *, dry: bool = False) -> Report:
    """Make the reports that are due."""
    gathered = gather_open(desk.client, identify=desk.identify, closed_within=CLOSED_LATELY)
    report = Report("report", gathered.now, dry=dry)
    in_force = report.in_force = policy_in_force(desk.client, gathered)
    logbook = Logbook(desk.client, gathered, in_force, desk.identify, gathered.us.secret)
    policy = in_force.policy
    report.shadow = policy.mode == "shadow"
    logbook.require()
    plan = due_reports(policy, logbook.log, gathered.now)
    report.coming = plan.next
    if not dry and policy.mode == "live":
        logbook.write(plan.remember)
    if plan.due:
        given = report_input(desk)
        teams, remarks = with_teams(policy, desk.client, desk.secrets)
        report.remarks.extend(remarks)
        making = _Making(desk, gathered, in_force, teams, logbook, given)
        for due in plan.due:
            report.cases.append(making.take(due, report, dry=dry or policy.mode != "live"))
        report.failed.extend(f"{ref}: {why}" for ref, why in given.facts.missing)
    report.requests = desk.client.requests
    return report


@dataclass(frozen=True, slots=True)
class _Telling:
    """A message to one person, as channels take it."""

    key: str
    to: str
    via: tuple[str, ...]
    verb: Literal["page", "notify"] = "notify"


class _Making:
    """The reports of one run."""

    def __init__(
        self, desk: Desk, gathered: Gathered, in_force: PolicyInForce, policy: Policy, logbook: Logbook,
        given: ReportInput,
    ) -> None:  # fmt: skip
        self._desk, self._gathered, self._in_force, self._policy = desk, gathered, in_force, policy
        self._logbook, self._given = logbook, given
        self._hung = Hung()

    def take(self, due: DueReport, report: Report, *, dry: bool) -> Settled:
        """One report, with what was done and what failed."""
        name = f"{due.duty.name} for {due.subject}" if due.subject else due.duty.name
        settled = Settled(f"{self._gathered.repository}: {name}", 0, name)
        written = self._written(due, None)
        if dry:
            settled.remarks.append(f"would make “{written.title}”")
            return settled
        try:
            url, branch = self._propose(due, written, settled)
            missing = list(self._tell(due, url, settled))
        except (CaseError, NotGranted, pulls.ProposalsOff) as error:
            settled.failures.append(str(error))
        else:
            settled.failures.extend(missing)
            if not missing:
                self._logbook.write([due.made({"branch": branch, "report": written.name})])
        report.failed.extend(f"{settled.ref}: {failure}" for failure in settled.failures)
        return settled

    def _written(self, due: DueReport, language: str | None) -> Written:
        product = due.subject if due.duty.for_ == "product" else None
        customer = due.subject if due.duty.for_ == "customer" else None
        kind: ReportKind = due.duty.report or "monthly"
        asked = Asked(kind, product, customer, language)
        if not due.of_month:
            return span_report(self._given, asked, due.since, due.at)
        where = zone_of(self._policy, product, customer)
        return month_report(self._given, asked, month_before(month_of(due.at, where)).name)

    def _propose(self, due: DueReport, written: Written, settled: Settled) -> tuple[str, str]:
        """The pull request that brings it, and the branch that it comes from."""
        client, commit = self._desk.client, self._gathered.commit
        assert commit is not None, "a repository with a policy has a commit"
        assert self._gathered.default_branch is not None, "a commit stands on a branch"
        branch, known = self._open_one(due)
        if known is None:
            branch = f"respondby/reports/{due.duty.name}-{written.name}"
            known = next(iter(pulls.proposals_from(client, branch)), None)
            if known is not None and known.state != "open":
                return known.url, branch  # it was proposed, and people have decided
            pulls.create_branch(client, branch, commit)
        paths = {form: f"{FOLDER}/{written.name}.{form}" for form in _FORMS[due.duty.report_as]}
        wrote = [self._write(branch, path, written.texts[form], written.title) for form, path in paths.items()]
        if known is None and not any(wrote) and self._stand(paths.values()):
            return self._there(written), branch
        if known is None:
            body = written.texts["md"]
            if len(body) > _BODY:  # it stands in the files; here as much of it as tells what it comes to
                body = plain(written.paper, _FIGURES)
            known = pulls.open_proposal(client, written.title, body, branch, self._gathered.default_branch)
            settled.done.append(f"propose “{written.title}” in #{known.number}")
        elif any(wrote):
            settled.done.append(f"add “{written.title}” to #{known.number}")
        return known.url, branch

    def _open_one(self, due: DueReport) -> tuple[str, pulls.Proposal | None]:
        """The pull request with an earlier report of this duty that is still open."""
        entry = last_made(self._logbook.log, due.duty.name, due.subject)
        branch = entry.facts.get("branch", "") if entry is not None else ""
        if not branch:
            return "", None
        found = pulls.proposals_from(self._desk.client, branch)
        return branch, next((one for one in found if one.state == "open"), None)

    def _write(self, branch: str, path: str, text: str, title: str) -> bool:
        """Put the file there; False where it stands there already, in these words or in somebody else's."""
        if pulls.file_on(self._desk.client, path, branch) is not None:
            return False
        pulls.write_file(self._desk.client, path, branch, text, title)
        return True

    def _stand(self, paths: Iterable[str]) -> bool:
        """Whether these files are on the default branch; a run that ended early may have left them on its own."""
        branch = self._gathered.default_branch or ""
        return all(pulls.file_on(self._desk.client, path, branch) is not None for path in paths)

    def _there(self, written: Written) -> str:
        base = next((case.url.rpartition("/issues/")[0] for case in self._given.facts.cases), "")
        return f"{base}/blob/{self._gathered.default_branch}/{FOLDER}/{written.name}.md"

    def _tell(self, due: DueReport, url: str, settled: Settled) -> Iterator[str]:
        """Send it to everybody who has it not; what went wrong, in words."""
        via = due.duty.report_via
        if via is None:
            return
        people = self._people(due)
        if not people:
            yield f"nobody holds {' or '.join(due.duty.report_to)}, so nobody was sent it"
        for person in people:
            if due.sent_to(person, 0) in self._logbook.log:
                continue
            failed = self._send(due, person, url)
            if failed:
                yield f"{person} could not be sent it: {failed}"
                continue
            settled.done.append(f"send it to {person}")
            self._logbook.write([due.sent_to(person, self._gathered.now)])

    def _send(self, due: DueReport, person: str, url: str) -> str:
        """Every part, in order; why one did not go out, or nothing."""
        via = due.duty.report_via
        assert via is not None, "it is sent by a channel"
        channel = self._policy.channels[via]
        whole = channel.kind == "webhook"
        written = self._written(due, language_of(self._policy, person, self._gathered.repository))
        text = plain(written.paper, None if whole else _FIGURES)
        parts = split(text, _WHOLE if whole else _SHORT)
        for number, part in enumerate(parts, 1):
            key = f"{self._gathered.repository}/report/{due.duty.name}/{due.id}/{person}/{number}"
            subject = written.title if len(parts) == 1 else f"{written.title} ({number}/{len(parts)})"
            made = place(
                _Telling(key, person, all_ways(self._policy, via)), subject, part, url, self._policy.channels,
                self._desk.secrets, product=due.subject if due.duty.for_ == "product" else None,
                bodies=self._in_force.files, hung=self._hung,
            )  # fmt: skip
            if not made[-1].ok:
                return "; ".join(f"{one.via}: {one.why}" for one in made)
        return ""

    def _people(self, due: DueReport) -> Sequence[str]:
        state = state_of(self._policy, due.duty, due.subject)
        found = (
            login for role in due.duty.report_to for login in holders(self._policy, role, self._gathered.now, state)
        )
        return list(dict.fromkeys(found))
