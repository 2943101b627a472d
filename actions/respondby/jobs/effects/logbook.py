"""The desk's log issue: found among the gathered issues, opened when there is first something to remember.

Laws:

- It is recognised by who opened it and by the marker in its text as we last wrote it (law 6), never by its title.
- Writing is a union, read back after each edit: two runs that write at once lose nothing (law 5). What stands already
  costs no request.
- Two runs may open it at once: both logs are read, the older one is the log, and the next sweep copies the younger one
  into it and closes that.
- Closed by somebody, it is opened again as long as a sweep finds it among those that were touched lately. Deleted, what
  it in_force is lost, and it is opened anew: a duty's own issue names its periods too, so nothing is doubled.
- A log that is there and cannot be read is no empty log: nothing is written beside it, and nothing that depends on what
  it remembers is done, until somebody has seen to it.
- It is neither locked nor pinned: a workflow's token cannot write on a locked issue, and nobody has to look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from respondby.desk import markers
from respondby.desk.case import Case, Mark, OwnComment
from respondby.desk.keys import Secret
from respondby.desk.ledger import Ledger
from respondby.desk.log import Entry, Log, ledger_of
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, CaseGone, Uncertain
from respondby.forge.gathering import Gathered, Identify, gather_case
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.letters.log import log_title, render_entries, render_log
from respondby.letters.messages import Messages

#: A comment that has reached this many characters takes no more entries: the next one begins.
FULL = 40_000
#: How often a write is read back before the next run has to go on.
ROUNDS = 5


class Logbook:
    """The log of one run. `log` is what it says, with what this run has written.

    `done` and `remarks` are what this run did to it and what a maintainer should know, for its report.
    """

    def __init__(
        self, client: Client, gathered: Gathered, in_force: PolicyInForce, identify: Identify, signing: Secret
    ) -> None:
        self._client = client
        self._policy = in_force.policy
        self._messages = Messages.of(in_force.policy, in_force.files)
        self._identify = identify
        self._signing = signing
        self._home = gathered.us.home
        self._problem = gathered.log_problem
        issues = sorted((case for case in gathered.cases if is_log(case)), key=lambda case: case.number)
        self._issues = issues
        self.log = Log.of(*(case.ledger for case in issues))
        self.done: list[str] = []
        self._fresh = False  # whether the log was read just now

    @property
    def issue(self) -> Case | None:
        """The log issue; None while there is none."""
        return self._issues[0] if self._issues else None

    @property
    def ref(self) -> str:
        """How a report names it."""
        return self.issue.ref if self.issue is not None else f"{self._client.repository}: the desk's log"

    @property
    def title(self) -> str:
        """Its title, for a report."""
        return self.issue.title if self.issue is not None else log_title(self._policy, messages=self._messages)

    def require(self) -> None:
        """Raises CaseError where the log is there and could not be read: nobody knows what it remembers."""
        if self._problem:
            raise CaseError(
                f"the desk's log could not be read, so nothing that depends on it was done: {self._problem}"
            )

    def require_open(self) -> None:
        """Raises CaseError where the log is there and takes no more: it cannot be read, or somebody has locked it."""
        self.require()
        if self.issue is not None and self.issue.locked:
            raise CaseError(f"{self.ref} is the desk's log, and somebody has locked it: unlock it")

    def read_again(self, gathered: Gathered) -> None:
        """The run has read everything anew: what is written next is written beside what stands there."""
        issues = sorted((case for case in gathered.cases if is_log(case)), key=lambda case: case.number)
        if issues:
            self._issues, self._fresh = issues, True
            self.log = Log.of(*(case.ledger for case in issues)).with_entries(self.log.entries.values())

    def tidy(self) -> None:
        """One log, and open: what a sweep does about a log that somebody closed, and about a twin."""
        self.require()
        if self.issue is None:
            return
        for twin in self._issues[1:]:
            if twin.open:
                self._write(Log.of(twin.ledger).entries.values())
                writing.close(self._client, twin.number, "not_planned")
                self.done.append(f"close #{twin.number}, a second log")
        if not self.issue.open:
            writing.reopen(self._client, self.issue.number)
            self.done.append("open the log again")

    def write(self, entries: Iterable[Entry]) -> None:
        """Remember these. Raises CaseError where they could not be written; what was written then stands."""
        new = [entry for entry in {entry.key: entry for entry in entries}.values() if entry not in self.log]
        if new:
            self.require()
            self._write(new)
            self.log = self.log.with_entries(new)

    def say(self, entry: Entry, letter: Callable[[str], str]) -> None:
        """Remember this in a comment of its own, which people shall read: `letter` makes its text from its marker.

        Raises CaseError where it could not be written.
        """
        self.require()
        number = self.issue.number if self.issue is not None else self._open()
        for _ in range(ROUNDS):
            case = self._read(number)
            self._issues = [case, *(other for other in self._issues if other.number != number)]
            if entry.key in case.ledger.kept:
                self.log = self.log.with_entries([entry])
                return
            marker = markers.write("say", case.node_id, "", ledger_of([entry]), secret=self._signing, key=entry.key)
            try:
                if not case.open:
                    writing.reopen(self._client, number)
                writing.create_comment(self._client, number, letter(marker))
            except Uncertain:
                pass  # read again: it may have been done
        raise CaseError(
            f"{self._client.repository}#{number}: what was to be said there did not stand after {ROUNDS} rounds"
        )

    def lease(self) -> Entry | None:
        """Which watch is awake, by the one comment that says so (`jobs.watching.lease`)."""
        own = self.issue.own if self.issue is not None else ()
        stands = [comment for comment in own if comment.kind == "lease"]
        entries = Log.of(stands[-1].ledger).entries.values() if stands else ()
        return max(entries, key=lambda entry: entry.at, default=None)

    def write_lease(self, entry: Entry) -> Entry | None:
        """Have that comment say this, and nothing else; what it says then, which may be another's word.

        Raises CaseError where it could not be written.
        """
        self.require()
        number = self.issue.number if self.issue is not None else self._open()
        case = self._read(number)
        marker = markers.write("lease", case.node_id, "", ledger_of([entry]), secret=self._signing)
        body = render_entries(Log([entry]), self._policy, marker, messages=self._messages)
        stands = [comment for comment in case.own if comment.kind == "lease"]
        try:
            if stands:
                writing.edit_comment(self._client, stands[-1].id, body)
            else:
                writing.create_comment(self._client, number, body)
        except Uncertain:
            pass  # read again: it may have been done
        self._issues = [self._read(number), *(other for other in self._issues if other.number != number)]
        return self.lease()

    def _write(self, entries: Iterable[Entry]) -> None:
        wanted = ledger_of(entries)
        number = self.issue.number if self.issue is not None else self._open()
        for _ in range(ROUNDS):
            try:
                case = self._issues[0] if self._fresh and self._issues else self._read(number)
                self._fresh = False
            except CaseGone:  # deleted meanwhile
                self._issues = []
                number = self._open()
                case = self._read(number)
            known = case.ledger.kept
            missing = Ledger(kept={key: kept for key, kept in wanted.kept.items() if key not in known})
            if not missing:
                self._issues = [case, *(other for other in self._issues if other.number != number)]
                return
            if case.locked:
                raise CaseError(f"{case.ref} is the desk's log, and somebody has locked it: unlock it")
            try:
                if not case.open:
                    writing.reopen(self._client, number)
                self._add(case, missing)
            except Uncertain:
                continue  # read again: it may have been done
            self.done.append(f"remember {len(missing.kept)}")
        raise CaseError(f"{self._client.repository}#{number}: the desk's log did not come to rest in {ROUNDS} rounds")

    def _read(self, number: int) -> Case:
        again = gather_case(self._client, number, identify=self._identify)
        if not again.cases:
            raise CaseError("; ".join(why for _, why in again.failed))
        return again.cases[0]

    def _add(self, case: Case, missing: Ledger) -> None:
        """Into the newest comment that has room, or a new one."""
        pages = [comment for comment in case.own if comment.kind == "log"]
        last: OwnComment | None = pages[-1] if pages and pages[-1].size < FULL else None
        ledger = missing if last is None else last.ledger.merge(missing)
        marker = markers.write("log", case.node_id, "", ledger, secret=self._signing)
        body = render_entries(Log.of(ledger), self._policy, marker, messages=self._messages)
        if last is None:
            writing.create_comment(self._client, case.number, body)
        else:
            writing.edit_comment(self._client, last.id, body)

    def _open(self) -> int:
        marker = markers.write_mark(Mark("log"), self._home, secret=self._signing)
        body = render_log(self._policy, marker, messages=self._messages)
        made = writing.open_issue(self._client, log_title(self._policy, messages=self._messages), body)
        self.done.append("open the desk's log")
        return made.number


def is_log(case: Case) -> bool:
    """Whether this is a log of ours."""
    return case.mark is not None and case.mark.kind == "log"
