"""Drafts at work: the generated blocks of open duties' issues are kept up to date, and nothing else of their text.

Laws:

- What people wrote outside of the blocks is what stands after every write of ours: the text is made from the last one
  that somebody else wrote, whatever stands there now. A write that crossed an edit is made good by the next run.
- A block that somebody edited is theirs (`desk.blocks`).
- The mark that says what the issue is stands at the very end of what we write (`desk.markers`).
- A duty that is done, and an issue that is closed, keep what they said then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk import blocks, markers
from respondby.desk.case import Case
from respondby.desk.keys import Secret
from respondby.desk.known import Known
from respondby.desk.log import Log
from respondby.desk.reading import read
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import CaseError
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.letters.drafts import render_blocks, render_part
from respondby.letters.duty import voice_of
from respondby.letters.messages import Messages
from respondby.letters.when import Speaking
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.rules.drafts import draft, parts_of
from respondby.rules.duties import DutyIssue, issue_of
from respondby.rules.duty_cases import as_case, came_late
from respondby.rules.items import as_item, item_of
from respondby.rules.shift_facts import AssessedCase


@dataclass(frozen=True, slots=True)
class Draft:
    """What an issue's text is to be."""

    case: Case
    body: str


class Drafting:
    """The drafts of one run. `home` is the repository's node id, `signing` the key that marks are signed with."""

    def __init__(self, client: Client, in_force: PolicyInForce, home: str, signing: Secret) -> None:
        self._client = client
        self._policy = in_force.policy
        self._messages = Messages.of(in_force.policy, in_force.files)
        self._home, self._signing = home, signing

    def wanted(self, cases: Iterable[Case]) -> bool:
        """Whether some issue has a draft that is kept up to date; most sweeps have none, and pay nothing."""
        return any(self._issue(case) is not None for case in cases)

    def stale(self, cases: Iterable[Case], log: Log, now: Instant) -> Iterator[Draft]:
        """The issues whose text has to be written anew."""
        known = list(cases)
        assessed: list[AssessedCase] | None = None
        for case in known:
            issue = self._issue(case)
            if issue is None or not _still_open(self._policy, case, log, now):
                continue
            if assessed is None:
                assessed = [_assessed(self._policy, case, now) for case in known if _shown(case)]
            body = self._body(issue, assessed, now)
            if body is not None:
                yield Draft(case, body)

    def refresh(self, cases: Iterable[Case], log: Log, now: Instant) -> Iterator[tuple[Case, str]]:
        """Write what is stale; each case with what went wrong, or an empty text."""
        for stale in list(self.stale(cases, log, now)):
            try:
                writing.edit_issue(self._client, stale.case.number, stale.body)
            except CaseError as error:
                yield stale.case, str(error)
            else:
                yield stale.case, ""

    def _issue(self, case: Case) -> DutyIssue | None:
        """The duty's issue whose draft is to be kept up to date."""
        issue = issue_of(case) if case.open and not case.locked else None
        duty = self._policy.duties.get(issue.duty) if issue is not None else None
        return issue if duty is not None and duty.draft is not None else None

    def _body(self, issue: DutyIssue, cases: list[AssessedCase], now: Instant) -> str | None:
        """The text that the issue should have, or None where it has it."""
        opened = next((moment for moment in issue.case.moments if moment.kind == "opened"), None)
        if opened is None or not opened.revisions:
            return None
        duty = self._policy.duties[issue.duty]
        theirs = [revision for revision in opened.revisions if not revision.ours]
        last = opened.revisions[-1]
        base = (theirs[-1] if theirs else last).text
        if not blocks.names(base):
            return None
        voice = voice_of(duty, self._policy, self._messages)
        made = {
            part.name: blocks.Made(part.digest, render_part(part, voice))
            for part in draft(self._policy, duty, cases, issue.last, now)
        }
        fresh = blocks.refreshed(base, made, str(voice.words["duty"]["edited"]))
        if not last.ours and fresh == base and markers.is_marked_at_end(base):
            return None
        assert issue.case.mark is not None, "an issue of a duty is marked"
        mark = markers.write_mark(issue.case.mark, self._home, secret=self._signing)
        body = markers.marked(fresh, mark)
        return None if body == last.text else body


def placeholders(policy: Policy, kind: str, voice: Speaking) -> str:
    """The blocks of a draft, waiting to be filled."""
    return render_blocks([blocks.block(name) for name in parts_of(policy, kind)], voice)


def _shown(case: Case) -> bool:
    """Whether a draft may tell of a case."""
    return case.is_request or item_of(case) is not None


def _still_open(policy: Policy, case: Case, log: Log, now: Instant) -> bool:
    """Whether the duty is still to be done."""
    known = Known(came_late(policy, case, log))
    alone, case = as_case(policy, case)
    history = read(alone, case, known.at(now))
    assessment = assess(alone, history, now, history.ledger.pins)
    issue = issue_of(case)
    run = assessment.latest(issue.duty) if issue is not None else None
    return run is None or run.live


def _assessed(policy: Policy, case: Case, now: Instant) -> AssessedCase:
    policy, case = as_item(policy, case)
    history = read(policy, case, Known(now=now))
    return AssessedCase(history, assess(policy, history, now, history.ledger.pins))
