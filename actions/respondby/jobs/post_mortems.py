"""Post-mortems of incidents: one draft and one pull request each, once they are resolved.

Laws:

- One incident, one draft: where a pull request was ever opened from the draft's branch, or one that is open brings a
  document of the incident, or its document is on the default branch, no other is opened.
- What a person wrote is never overwritten: an open draft has its blocks renewed and nothing else, over the version that
  was read; a branch that holds something else is left alone, and said to.
- Each incident within its fence: what one cannot do stops no other, and the next run tries again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.history import History
from respondby.desk.known import Known
from respondby.desk.reading import read
from respondby.forge import pulls, writing
from respondby.forge.errors import CaseError, NotGranted, Refused
from respondby.forge.gathering import Gathered, gather_case, gather_open
from respondby.forge.merges import Merged, merged_pulls
from respondby.jobs.action_items import actions_of, follow_items
from respondby.jobs.inputs.desk import CLOSED_LATELY, Desk
from respondby.jobs.inputs.merges import POST_MORTEM, documents_at, names_incident
from respondby.jobs.inputs.policy_in_force import policy_in_force
from respondby.jobs.inputs.teams import with_teams
from respondby.jobs.loop.report import Report, Settled
from respondby.letters.neutral import inline, mention
from respondby.policy.model.policy import Policy
from respondby.policy.text.problems import Problem
from respondby.postmortems import index
from respondby.postmortems.checking import check
from respondby.postmortems.document.document import FOLDER, NOT_DOCUMENTS, Document, read_document
from respondby.postmortems.drafting import draft, path_of, renewed
from respondby.postmortems.facts import IncidentFacts, facts_of
from respondby.postmortems.rule import SECTIONS, Context
from respondby.promises.assess import assess
from respondby.rules.callees import people_of

#: In our comment that holds a draft where no pull request may be opened.
_HERE = "<!-- respondby:post-mortem-here -->"


def drafted(desk: Desk, number: int) -> tuple[str, str]:
    """Where the post-mortem of this case goes, and its text, from the case as it is now."""
    gathered = gather_case(desk.client, number, identify=desk.identify)
    policy = _policy(desk, gathered)
    (case,) = gathered.cases
    facts = _facts(policy, read(policy, case, Known(now=gathered.now)), gathered.now)
    return path_of(facts), draft(facts, sections_of(policy))


@dataclass(slots=True)
class _Incident:
    """An incident that owes a post-mortem, as far as it is known."""

    case: Case
    history: History
    facts: IncidentFacts
    settled: Settled


def propose_all(desk: Desk, *, dry: bool = False) -> Report:
    """One draft for each resolved incident that owes a post-mortem; open drafts have their blocks renewed."""
    gathered = gather_open(desk.client, identify=desk.identify, closed_within=CLOSED_LATELY)
    report = Report("postmortem", gathered.now, dry=dry)
    in_force = report.in_force = policy_in_force(desk.client, gathered)
    policy, remarks = with_teams(in_force.policy, desk.client, desk.secrets)
    report.remarks.extend(remarks)
    report.failed.extend(f"{ref}: {why}" for ref, why in gathered.failed)
    report.shadow = policy.mode != "live"
    if gathered.commit is not None and gathered.default_branch is not None:
        dry = dry or report.shadow
        owing, actions = _owing(policy, gathered), actions_of(policy)
        documents = documents_at(desk.client, gathered.commit) if owing or actions is not None else ()
        if owing:
            _Proposing(desk, policy, gathered, documents, dry=dry).take(owing, report)
        if actions is not None and policy.mode != "off":
            follow_items(desk, policy, gathered, documents, report, dry=dry)
    report.requests = desk.client.requests
    return report


def _policy(desk: Desk, gathered: Gathered) -> Policy:
    policy, _ = with_teams(policy_in_force(desk.client, gathered).policy, desk.client, desk.secrets)
    return policy


def _facts(policy: Policy, history: History, now: Instant) -> IncidentFacts:
    return facts_of(policy, history, assess(policy, history, now, history.ledger.pins))


def _owing(policy: Policy, gathered: Gathered) -> list[_Incident]:
    """The resolved incidents of which the policy wants a post-mortem and none is known to be merged."""
    wanted = policy.incidents
    if wanted is None or wanted.post_mortem is None:
        return []
    found = []
    for case in gathered.cases:
        if not case.is_request or (policy.since is not None and case.created < policy.since):
            continue
        if any(kept.kind == POST_MORTEM for kept in case.ledger.kept.values()):
            continue
        history = read(policy, case, Known(now=gathered.now))
        if not all(history.state.holds(when, gathered.now) for when in (wanted.when, wanted.post_mortem.when)):
            continue
        facts = _facts(policy, history, gathered.now)
        if "resolved" in facts.milestones:
            found.append(_Incident(case, history, facts, Settled(case.ref, case.number, case.title)))
    return found


class _Proposing:
    """The drafts of one run."""

    def __init__(
        self, desk: Desk, policy: Policy, gathered: Gathered, documents: tuple[Document, ...], *, dry: bool
    ) -> None:
        self._client, self._policy, self._gathered, self._dry = desk.client, policy, gathered, dry
        self._about: Mapping[str, tuple[Merged, ...]] = {}
        self._documents = documents

    def take(self, owing: Sequence[_Incident], report: Report) -> None:
        """Each incident in turn."""
        self._about = merged_pulls(self._client, [one.case.node_id for one in owing], with_open=True)
        for one in owing:
            try:
                self._draft_or_renew(one)
            except (CaseError, NotGranted, pulls.ProposalsOff) as error:
                one.settled.failures.append(str(error))
            if one.settled.done or one.settled.failures or one.settled.remarks:
                report.cases.append(one.settled)
            report.failed.extend(f"{one.settled.ref}: {failure}" for failure in one.settled.failures)

    def _draft_or_renew(self, incident: _Incident) -> None:
        if any(names_incident(document, incident.case.url) for document in self._documents):
            return
        branch = branch_of(incident.case.number)
        known = pulls.proposals_from(self._client, branch)
        if known:
            if known[0].state == "open":
                self._renew(incident, branch, known[0])
                if not known[0].asked and not self._dry and self._people(incident, self._reviewers()):
                    self._ask_still(incident, known[0].number)
            return
        if self._brought_by_people(incident):
            return
        if self._dry:
            incident.settled.remarks.append(f"would draft {path_of(incident.facts)}")
            return
        self._propose(incident, branch)

    def _brought_by_people(self, incident: _Incident) -> bool:
        """Whether a pull request that is open and names the case brings a document of its own."""
        return any(
            path.startswith(f"{FOLDER}/") and path.endswith(".md") and path.rpartition("/")[2] not in NOT_DOCUMENTS
            for pull in self._about.get(incident.case.node_id, ())
            if pull.open and pull.counts
            for path in pull.paths
        )

    def _propose(self, incident: _Incident, branch: str) -> None:
        path, text = path_of(incident.facts), draft(incident.facts, sections_of(self._policy))
        assert self._gathered.commit is not None, "an empty repository has no incidents"
        assert self._gathered.default_branch is not None, "a commit stands on a branch"
        if pulls.create_branch(self._client, branch, self._gathered.commit) or self._untouched(branch):
            pulls.write_file(self._client, path, branch, text, f"Draft the post-mortem of #{incident.case.number}")
            self._list(branch, read_document(text, path), self._index())
        else:
            there = pulls.file_on(self._client, path, branch)
            if (
                there is None
                or there.text is None
                or not names_incident(read_document(there.text, path), incident.case.url)
            ):
                message = f"the branch {branch} is there and holds no draft of this incident: it was left alone"
                incident.settled.remarks.append(message)
                return
        title = f"Post-mortem of #{incident.case.number}: {incident.case.title}"[:240]
        try:
            made = pulls.open_proposal(
                self._client, title, self._words(incident, path), branch, self._gathered.default_branch
            )
        except pulls.ProposalsOff as off:
            self._say_here(incident, path, text, str(off))
            return
        incident.settled.done.append(f"pull request #{made.number}")
        self._ask(incident, made.number)
        incident.settled.remarks.extend(_in_words(problem) for problem in problems_of(text, path, self._policy))

    def _untouched(self, branch: str) -> bool:
        """Whether a branch that is there holds nothing of its own: a run ended before it wrote."""
        assert self._gathered.default_branch is not None, "a commit stands on a branch"
        return pulls.ahead_by(self._client, branch, self._gathered.default_branch) == 0

    def _index(self) -> pulls.FileThere | None:
        """The list of post-mortems as it stands on the default branch."""
        found = next((document.source.text for document in self._documents if document.path == index.PATH), None)
        return None if found is None else pulls.FileThere(found, pulls.blob_of(found))

    def _list(self, branch: str, document: Document, there: pulls.FileThere | None) -> None:
        """Bring the list on a branch up to date with the document that the branch brings."""
        before = there.text or "" if there is not None else ""
        others = [one for one in self._documents if not set(one.incidents) & set(document.incidents)]
        text = index.index([*others, document], before)
        if text != before:
            sha = there.sha if there is not None else None
            pulls.write_file(self._client, index.PATH, branch, text, "List the post-mortem", sha)

    def _ask(self, one: _Incident, number: int) -> None:
        """Ask the reviewers; where one of them may not review, each by themselves."""
        people = self._people(one, self._reviewers())
        if people:
            one.settled.remarks.extend(pulls.ask_each(self._client, number, people))

    def _ask_still(self, one: _Incident, number: int) -> None:
        """Ask the reviewers of an open draft that nobody was asked to review: the run that opened it ended there."""
        if not pulls.was_asked_for_review(self._client, number):
            self._ask(one, number)
            one.settled.done.append(f"reviewers of pull request #{number}")

    def _renew(self, incident: _Incident, branch: str, proposal: pulls.Proposal) -> None:
        """Bring the blocks of an open draft up to date, under whatever name its file has by now."""
        for path in pulls.files_of(self._client, proposal.number):
            if not path.startswith(f"{FOLDER}/") or path.rpartition("/")[2] in NOT_DOCUMENTS:
                continue
            there = pulls.file_on(self._client, path, branch)
            if (
                there is None
                or there.text is None
                or not names_incident(read_document(there.text, path), incident.case.url)
            ):
                continue
            text = renewed(there.text, incident.facts, path)
            if not self._dry:
                self._list_again(incident, branch, read_document(text, path))
            if text == there.text:
                return
            if self._dry:
                incident.settled.remarks.append(f"would renew {path} in #{proposal.number}")
                return
            message = f"Bring the facts of #{incident.case.number} up to date"
            try:
                pulls.write_file(self._client, path, branch, text, message, there.sha)
            except Refused as refused:
                if refused.status not in (409, 422):
                    raise
                incident.settled.remarks.append(f"somebody wrote {path} meanwhile: the next run looks again")
                return
            incident.settled.done.append(f"facts in pull request #{proposal.number}")
            return

    def _list_again(self, incident: _Incident, branch: str, document: Document) -> None:
        try:
            self._list(branch, document, pulls.file_on(self._client, index.PATH, branch))
        except Refused as refused:
            if refused.status not in (409, 422):
                raise
            incident.settled.remarks.append(f"somebody wrote {index.PATH} meanwhile: the next run looks again")

    def _words(self, incident: _Incident, path: str) -> str:
        """The pull request's text: what it is, who is told, what is to be done."""
        informed = self._people(incident, self._stakeholders())
        lines = [
            f"The post-mortem of #{incident.case.number}, as far as facts go: `{path}`.",
            "Write around the blocks that are marked; they are kept up to date meanwhile. Edited ones are yours.",
            "`respondby postmortem check` says what is missing. Once this is merged, the post-mortem's clock stops.",
        ]
        if informed:
            lines.append(f"For your information: {' '.join(mention(person) for person in informed)}")
        return "\n\n".join(lines)

    def _say_here(self, incident: _Incident, path: str, text: str, why: str) -> None:
        """The draft as a comment on the case, once, with what to switch on."""
        said = any(
            moment.kind == "comment" and moment.ours and _HERE in moment.revisions[-1].text
            for moment in incident.case.moments
            if moment.revisions
        )
        if said:
            return
        fence = "~" * (3 + max((len(run) for run in text.split("\n") if set(run) == {"~"}), default=1))
        head = f"The draft of the post-mortem, for `{path}`. {inline(why, 600)}\n\n<details><summary>Draft</summary>"
        tail = f"\n{fence}\n\n</details>\n\n{_HERE}"
        room = writing.LONGEST - len(head) - len(tail) - 200
        if len(text) > room:
            rest = f"… the rest: `respondby postmortem draft {incident.case.number}`"
            text = f"{text[:room].rpartition(chr(10))[0]}\n{rest}"
        writing.create_comment(self._client, incident.case.number, f"{head}\n\n{fence}markdown\n{text}{tail}")
        incident.settled.done.append("draft as a comment")
        incident.settled.remarks.append(why)

    def _reviewers(self) -> tuple[str, ...]:
        wanted = self._policy.incidents.post_mortem if self._policy.incidents is not None else None
        return wanted.reviewers if wanted is not None else ()

    def _stakeholders(self) -> tuple[str, ...]:
        wanted = self._policy.incidents.post_mortem if self._policy.incidents is not None else None
        return wanted.stakeholders if wanted is not None else ()

    def _people(self, one: _Incident, roles: Sequence[str]) -> tuple[str, ...]:
        now = self._gathered.now
        found = [person for role in roles for person in people_of(self._policy, one.history, role, now, None)]
        return tuple(dict.fromkeys(found))


def branch_of(number: int) -> str:
    """The branch of an incident's draft."""
    return f"respondby/post-mortem-{number}"


def sections_of(policy: Policy) -> tuple[str, ...]:
    """The sections of a post-mortem under this policy."""
    wanted = policy.incidents.post_mortem if policy.incidents is not None else None
    return (wanted.sections if wanted is not None else ()) or SECTIONS


def problems_of(text: str, path: str, policy: Policy) -> tuple[Problem, ...]:
    """What the check says of a draft: GitHub starts no run for a workflow's own proposal until somebody allows it."""
    return check([read_document(text, path)], Context(sections=sections_of(policy)))[0].problems


def _in_words(problem: Problem) -> str:
    return f"{problem.path}:{problem.line}: {problem.message}"
