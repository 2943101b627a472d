"""An ideal forge in memory: plans are applied at once and whole. It shows what the pure half of the desk promises.

What records gain is written down as for a real forge (`rules/bookkeeping.py`); only the effects are this file's.

The faults of a real forge (cut connections, two runs at once) are played against the sandbox over HTTP elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from respondby.desk.case import Actor, Case, Moment, OwnComment, Revision
from respondby.desk.history import History
from respondby.desk.known import NOTHING_KNOWN, Companion, Known
from respondby.desk.ledger import Ledger
from respondby.desk.reading import read
from respondby.desk.records import Elsewhere
from respondby.desk.results import Tracked, Tried
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.promises.assessment import Assessment
from respondby.rules import bookkeeping
from respondby.rules.decide import decide
from respondby.rules.elsewhere import companion_key
from respondby.rules.plan import (
    Assign,
    Call,
    Close,
    DropTwin,
    Follow,
    OpenElsewhere,
    Plan,
    PutOnBoard,
    React,
    Relabel,
    Reopen,
    UpdatePager,
    WriteCard,
    WriteComment,
)

DESK = Actor("github-actions[bot]", bot=True)


@dataclass
class World:
    """One case and everything that the desk has done to it. `called` is (instant, key, verb, person, channel).

    `unreachable` are people whom no channel reaches; `known` is what the desk knows beside the case.
    """

    policy: Policy
    case: Case
    called: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    serial: int = 0
    unreachable: set[str] = field(default_factory=set)
    known: Known = NOTHING_KNOWN

    def happen(self, moment: Moment) -> None:
        """A person did something."""
        moments = sorted((*self.case.moments, moment), key=lambda one: one.at)
        case = replace(self.case, moments=tuple(moments))
        match moment.kind:
            case "labeled":
                case = replace(case, labels=case.labels | {moment.text})
            case "unlabeled":
                case = replace(case, labels=case.labels - {moment.text})
            case "closed":
                case = replace(case, open=False)
            case "reopened":
                case = replace(case, open=True)
            case _:
                pass
        self.case = case

    def read(self, now: int) -> History:
        """The case as far as it had happened at `now`."""
        moments = tuple(_until(moment, now) for moment in self.case.moments if moment.at <= now)
        return read(self.policy, replace(self.case, moments=moments), self.known.at(now))

    def look(self, now: int) -> tuple[Assessment, Plan]:
        """Assess and decide, changing nothing."""
        history = self.read(now)
        assessment = assess(self.policy, history, now, history.ledger.pins)
        return assessment, decide(self.policy, history, assessment)

    def sweep(self, now: int, rounds: int = 6) -> Plan:
        """Apply and look again until there is nothing to do. Returns the last plan.

        Where somebody could not be reached, the rest is left to the next sweep, as a run does.
        """
        for _ in range(rounds):
            _, plan = self.look(now)
            if not plan:
                return plan
            self._apply(plan, now)
            if any(isinstance(action, Call) and action.to in self.unreachable for action in plan.actions):
                return self.look(now)[1]
        raise AssertionError(f"the desk does not come to rest: {plan.actions}")

    def _apply(self, plan: Plan, now: int) -> None:
        records = {record.key: record for record in plan.records}
        for action in plan.actions:
            match action:
                case Call(key=key, verb=verb, to=to, via=via):
                    reached = to not in self.unreachable
                    if reached:
                        self.called.append((now, key, verb, to, via[0]))
                    tried = Tried(verb, to, via[0], *(("reached",) if reached else ("failed", "no answer")))
                    bookkeeping.called(records, action, [tried])
                case UpdatePager(key=key, change=change, to=to, via=channel):
                    self.called.append((now, key, change, to, channel))
                    bookkeeping.pager_updated(records, action, self.known.ledger(self.case))
                case OpenElsewhere(record=name, where=where):
                    self.called.append((now, name, "open", where, ""))
                    bookkeeping.opened(records, action, where)
                case PutOnBoard(record=name, project=project, day=day, item=item):
                    self.called.append((now, f"{name} {day}", "move" if item else "track", project, ""))
                    made = Tracked(project, item or "PVTI_1", day, now)
                    bookkeeping.tracked(records, action, self.known.ledger(self.case), made)
                case Follow(open=open):
                    assert self.known.companion is not None, "a companion is followed once it is known"
                    self.known = replace(self.known, companion=replace(self.known.companion, open=open))
                case WriteComment():
                    via = "companion" if action.inside else "mention"
                    self.called.extend((now, action.key, "mention", person, via) for person in action.mentions)
                    for name, unsaid in action.outstanding:
                        bookkeeping.note(records, [name], [unsaid])
                    said = OwnComment(0, "", now, "say", bookkeeping.carried(action, records), key=action.key)
                    records |= bookkeeping.commented(action, records, ok=True)
                    if action.inside:
                        self._say_inside(said)
                    else:
                        self._write(said)
                case Relabel(add=add, remove=remove):
                    self.case = replace(self.case, labels=(self.case.labels | set(add)) - set(remove))
                case Assign(people=people):
                    self.case = replace(self.case, assignees=(*self.case.assignees, *people))
                    bookkeeping.assigned(records, action, self.known.ledger(self.case))
                case React(comment=comment, content=content):
                    self.called.append((now, f"{comment} {content}", "react", "", ""))
                    bookkeeping.did(records, action.records, "react")
                case Close():
                    self.case = replace(self.case, open=False)
                    self._moment(Moment(now, "closed", DESK, self._id("CE"), ours=True))
                case Reopen():
                    self.case = replace(self.case, open=True)
                    self._moment(Moment(now, "reopened", DESK, self._id("RE"), ours=True))
                case WriteCard(comment=comment, digest=digest):
                    gained = Ledger(records, {p.key: p for p in plan.pins}, {k.key: k for k in plan.kept})
                    ledger = self.known.ledger(self.case).merge(gained)
                    if comment is None:
                        self._write(OwnComment(0, "", now, "card", ledger, digest))
                    else:
                        own = (
                            replace(c, ledger=ledger, digest=digest) if c.id == comment else c for c in self.case.own
                        )
                        self.case = replace(self.case, own=tuple(own))
                case DropTwin(comment=comment):
                    self.case = replace(self.case, own=tuple(c for c in self.case.own if c.id != comment))

    def _say_inside(self, comment: OwnComment) -> None:
        """In the companion, which nobody but us has written to."""
        assert self.policy.internal is not None, "the companion stands where the policy says"
        self.serial += 1
        found = self.known.companion or Companion()
        key = companion_key(self.policy.internal)
        known = Ledger(elsewhere={key: Elsewhere(1, self.policy.internal, "", key)})
        there = replace(found, number=1, own=(*found.own, replace(comment, id=self.serial)))
        self.known = replace(self.known.remembering(known), companion=there)

    def _write(self, comment: OwnComment) -> None:
        source = self._id("OURS")
        self.case = replace(self.case, own=(*self.case.own, replace(comment, id=self.serial, source=source)))
        self._moment(Moment(comment.at, "comment", DESK, source, ours=True))

    def _moment(self, moment: Moment) -> None:
        self.case = replace(self.case, moments=(*self.case.moments, moment))

    def _id(self, prefix: str) -> str:
        self.serial += 1
        return f"{prefix}_{self.serial}"


def _until(moment: Moment, now: int) -> Moment:
    """The moment without what was edited later."""
    revisions = tuple(revision for revision in moment.revisions if revision.at <= now)
    return moment if len(revisions) == len(moment.revisions) else replace(moment, revisions=revisions)


def opened(policy: Policy, at: int, body: str, author: Actor) -> World:
    """A world with one fresh case."""
    first = Moment(at, "opened", author, "I_1", revisions=(Revision(at, author.login, body),))
    case = Case(
        repository="acme/support",
        number=1,
        node_id="I_1",
        url="https://example.org/acme/support/issues/1",
        title="Something",
        author=author,
        created=at,
        open=True,
        labels=frozenset(),
        assignees=(),
        moments=(first,),
    )
    return World(policy, case)
