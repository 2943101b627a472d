"""Action items at work: each agreed item of a post-mortem on the default branch gets one issue, and is followed there.

Laws (5 and 7):

- An issue is opened before that is remembered, and names its item itself: a run that is killed in between has opened an
  issue that the next run finds. After opening, a run reads again: of two runs that met, the younger one's is closed.
- What is said on an issue is said before its mark is renewed, and once (`markers`, key).
- An issue's text is made from the last words that somebody else wrote; only its block and its mark are ours.
- One item that fails stops no other; the run ends non-zero and names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from urllib.parse import quote

from respondby.dataclass import dataclass
from respondby.desk import blocks, markers
from respondby.desk.blocks import Made
from respondby.desk.case import Case, Mark
from respondby.desk.history import History
from respondby.desk.keys import Secret
from respondby.desk.known import Known
from respondby.desk.ledger import EMPTY
from respondby.desk.log import Entry
from respondby.desk.reading import read
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, NotGranted
from respondby.forge.gathering import Gathered, Identify, gather_open
from respondby.forge.merges import REASONS, issue_states
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.inputs.desk import CLOSED_LATELY
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.letters.items import BLOCK, item_part, item_title, item_word, render_item
from respondby.letters.messages import Messages
from respondby.policy.model.policy import Policy
from respondby.postmortems.computed import digest
from respondby.postmortems.document.document import Document
from respondby.postmortems.followed import FollowUp, ItemIssue, Reason, Word
from respondby.postmortems.following import follow_up, numbers_to_ask, without_issue
from respondby.rules.callees import people_of
from respondby.rules.items import Identity, ItemFacts, item_of

#: Entries of the log about items whose issue was opened: by their incident, and the digest of their words.
OPENED = "item opened"

#: What is told to the post-mortem's reviewers too: nobody else may be left to see it.
_FOR_REVIEWERS = ("no-owner", "left", "removed", "perhaps", "gone", "back")


@dataclass(slots=True)
class Followed:
    """What one run did about items, by their issues' numbers; `issues` and `plan` are as they stand after it."""

    done: dict[int, list[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    issues: Mapping[int, ItemIssue] = field(default_factory=dict)
    plan: FollowUp = field(default_factory=FollowUp)

    def did(self, number: int, what: str) -> None:
        """Note it."""
        self.done.setdefault(number, []).append(what)


class ItemIssues:
    """The issues of action items in one run. `documents` are those of the default branch that count."""

    def __init__(
        self,
        client: Client,
        gathered: Gathered,
        in_force: PolicyInForce,
        policy: Policy,
        identify: Identify,
        signing: Secret,
        documents: Sequence[Document],
    ) -> None:
        self._client, self._policy, self._identify, self._signing = client, policy, identify, signing
        self._messages = Messages.of(policy, in_force.files)
        self._logbook = Logbook(client, gathered, in_force, identify, signing)
        self._documents = documents
        self._gathered = gathered
        self._cases = {case.number: case for case in gathered.cases}
        self._repository = gathered.repository

    def settle(self, *, dry: bool) -> Followed:
        """Do what is due; a run that only reads leaves it in `plan`."""
        followed = Followed()
        self._logbook.require()
        self._plan(followed)
        if dry:
            return followed
        self._remember(followed.plan)
        self._close_twins(followed)
        made = [number for item in followed.plan.openings if (number := self._open(item, followed)) is not None]
        if made:
            again = gather_open(self._client, identify=self._identify, closed_within=CLOSED_LATELY)
            self._cases = {case.number: case for case in again.cases}
            self._plan(followed)
            self._remember(followed.plan)
            self._close_twins(followed)
        for word in followed.plan.words:
            with self._fence(word.number, followed):
                self._say(word, followed)
        for number, item in followed.plan.renewals:
            with self._fence(number, followed):
                self._renew(number, item, followed)
        for number, reason in followed.plan.closings:
            with self._fence(number, followed):
                writing.close(self._client, number, reason)
                followed.did(number, f"close as {reason.replace('_', ' ')}")
        return followed

    # -- what is to be done -----------------------------------------------------------------------------------------

    def _plan(self, followed: Followed) -> None:
        issues = {number: tracked for number, case in self._cases.items() if (tracked := _tracked(case))}
        opened = self._opened()
        asked = [*numbers_to_ask(self._documents, self._repository), *opened.values()]
        missing = sorted({number for number in asked if number not in issues})
        for number, state in (issue_states(self._client, missing) if missing else {}).items():
            issues[number] = ItemIssue(number, state.url, state.open, state.reason)
        people = {login.casefold() for login in self._policy.people}
        followed.issues = issues
        followed.plan = follow_up(self._documents, issues, self._repository, people, opened)

    def _opened(self) -> Mapping[Identity, int]:
        """The issues that the log remembers, by their items, of rows that name none yet."""
        unlinked = {item for one in self._documents for item in without_issue(one, self._repository)}
        found: dict[Identity, int] = {}
        for entry in self._logbook.log.entries.values():
            number = entry.facts.get("number", "")
            item = (entry.name.casefold(), entry.id)
            if entry.kind == OPENED and item in unlinked and number.isdigit():
                found.setdefault(item, int(number))
        return found

    def _remember(self, plan: FollowUp) -> None:
        """Each item's issue, as long as its row does not name it: it may be closed and out of sight by then."""
        twins = {number for number, _ in plan.twins}
        self._logbook.write(
            Entry(OPENED, item.incident, item.key, case.created, facts={"number": str(case.number)})
            for case in self._cases.values()
            if (item := item_of(case)) is not None and not item.linked and case.number not in twins
        )

    # -- doing it ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _fence(self, number: int, followed: Followed) -> Iterator[None]:
        try:
            yield
        except (CaseError, NotGranted) as error:
            followed.failures.append(f"{self._repository}#{number}: {error}")

    def _open(self, item: ItemFacts, followed: Followed) -> int | None:
        try:
            made = writing.open_issue(
                self._client,
                item_title(item),
                render_item(self._block(item), self._mark(item), self._policy, messages=self._messages),
            )
        except (CaseError, NotGranted) as error:
            followed.failures.append(f"the action item “{item.words}”: {error}")
            return None
        followed.did(made.number, f"open the action item “{item_title(item)}”")
        return made.number

    def _close_twins(self, followed: Followed) -> None:
        for number, stays in followed.plan.twins:
            writing.close(self._client, number, "not_planned")
            followed.did(number, f"close: #{stays} is about the same")

    def _say(self, word: Word, followed: Followed) -> None:
        case = self._cases[word.number]
        marker = markers.write("say", case.node_id, "", EMPTY, secret=self._signing, key=word.key)
        people = self._reviewers(case) if word.kind in _FOR_REVIEWERS else ()
        values = {**word.values, "issue": f"#{word.number}"}
        body = item_word(word.kind, values, people, marker, self._policy, messages=self._messages)
        writing.create_comment(self._client, word.number, body)
        followed.did(word.number, f"say {word.kind}")

    def _renew(self, number: int, item: ItemFacts, followed: Followed) -> None:
        case = self._cases[number]
        opened = next(moment for moment in case.moments if moment.kind == "opened")
        theirs = [revision for revision in opened.revisions if not revision.ours]
        base = (theirs or opened.revisions)[-1].text
        notice = str(self._messages.words(self._messages.language)["duty"]["edited"])
        text = blocks.refreshed(base, {BLOCK: self._block(item)}, notice)
        writing.edit_issue(self._client, number, markers.marked(text, self._mark(item)))
        followed.did(number, "bring the item up to date")

    def _mark(self, item: ItemFacts) -> str:
        return markers.write_mark(Mark("item", item.to_mark()), self._gathered.us.home, secret=self._signing)

    def _block(self, item: ItemFacts) -> Made:
        title = next((one.title for one in self._documents if one.path == item.document), "")
        repository = item.incident.rpartition("/issues/")[0]
        address = f"{repository}/blob/{quote(self._gathered.default_branch or 'HEAD')}/{quote(item.document)}"
        text = item_part(item, title, address, self._policy, messages=self._messages)
        return Made(digest(text), text)

    def reviewers(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """Who reviews what is said of these issues: the post-mortem's reviewers, as they hold their roles now."""
        cases = [self._cases[number] for number in numbers if number in self._cases]
        return tuple(dict.fromkeys(person for case in cases for person in self._reviewers(case)))

    def _reviewers(self, case: Case) -> tuple[str, ...]:
        wanted = self._policy.incidents.post_mortem if self._policy.incidents is not None else None
        history = read(self._policy, case, Known(now=self._gathered.now))
        roles = wanted.reviewers if wanted is not None else ()
        found = [one for role in roles for one in _holders(self._policy, history, role, self._gathered.now)]
        return tuple(dict.fromkeys(found))


def _holders(policy: Policy, history: History, role: str, now: int) -> tuple[str, ...]:
    """Who holds a role; the author of an issue of ours is the desk, whom nobody calls."""
    return () if role in ("author", "speaker") else people_of(policy, history, role, now, None)


def _tracked(case: Case) -> ItemIssue | None:
    """The issue as items know it: one of ours, or anybody's that a row may name."""
    facts = item_of(case)
    if facts is None and case.mark is not None:
        return None
    reason: Reason = ""
    reopened = by_us = False
    last_assigned: str | None = None
    for moment in case.moments:
        if moment.kind == "closed":
            by_us = by_us or moment.ours
            reason = REASONS.get(moment.text, "completed")
        elif moment.kind == "reopened":
            reopened = True
        elif moment.kind == "assigned":
            last_assigned = None if moment.ours else moment.text
    handed = case.assignees[0] if len(case.assignees) == 1 else ""
    return ItemIssue(
        case.number,
        case.url,
        case.open,
        "" if case.open else reason,
        facts,
        reopened,
        handed if last_assigned is not None and last_assigned.casefold() == handed.casefold() else "",
        frozenset(one.key for one in case.own if one.kind == "say" and one.key.startswith("item/")),
        by_us,
    )
