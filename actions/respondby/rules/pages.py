"""Pages that went out: which stand open at a pager, and what it is to be told of them.

Laws:

- Level, not edge: a page that was triggered and is answered, and of which the pager has not been told, is
  acknowledged; what went out before the case was closed is resolved. A page about a case that is closed rings like any
  other, and its answer resolves it. Each is noted in the record of the page and done once.
- What answers a page: `/ack`, a person's assignment or a reply by staff after it went out, and whatever else ended the
  run that asked for it. It answers every page of the case that had gone out by then.
- A page that was answered at the pager itself needs no acknowledgement from us.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.history import Fact, History
from respondby.desk.keeping import pager_source
from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.desk.results import Change, PagerUpdated, Tried
from respondby.desk.standings import acts_as
from respondby.policy.model.built_in import ACK
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment
from respondby.rules.plan import UpdatePager
from respondby.rules.ways import call_key


@dataclass(frozen=True, slots=True)
class Page:
    """One page at a pager: its key, when it went out, to whom, through which channel; `record` is the key of its
    record.
    """

    key: str
    at: Instant
    to: str
    via: str
    record: str


def unanswered(policy: Policy, history: History) -> tuple[Page, ...]:
    """Pages that stand open, at pagers that can be asked who has answered."""
    return tuple(
        page
        for page, record in _pages(policy, history)
        if policy.channels[page.via].token is not None
        and not _pager_knows(record, page, "acknowledge")
        and not _pager_knows(record, page, "resolve")
        and not _at_pager(history, page)
    )


def pager_updates(policy: Policy, history: History, assessment: Assessment) -> Iterator[UpdatePager]:
    """What pagers are to be told now."""
    last, live, closed = _since(policy, history, assessment)
    for page, record in _pages(policy, history):
        if _pager_knows(record, page, "resolve"):
            continue
        answered = _answered(record, last, live)
        if closed is not None and (answered or page.at < closed):
            if policy.channels[page.via].hears("resolve"):
                yield UpdatePager(page.key, "resolve", page.to, page.via, page.record)
        elif (
            closed is None
            and answered
            and policy.channels[page.via].hears("acknowledge")
            and not (_at_pager(history, page) or _pager_knows(record, page, "acknowledge"))
        ):
            yield UpdatePager(page.key, "acknowledge", page.to, page.via, page.record)


def went_out(policy: Policy, history: History) -> Iterator[Page]:
    """Every call of the case that went out."""
    return (page for page, _ in _sent(policy, history.case, history.ledger))


def wants_nobody(policy: Policy, history: History, assessment: Assessment) -> Iterator[Page]:
    """Those of them for which nobody has to do anything more: they are answered, or the case was closed since."""
    last, live, closed = _since(policy, history, assessment)
    for page, record in _sent(policy, history.case, history.ledger):
        if _answered(record, last, live) or (closed is not None and page.at < closed):
            yield page


def _since(policy: Policy, history: History, assessment: Assessment) -> tuple[Instant | None, set[str], Instant | None]:
    """When something answered the case last, the keys of its runs that are live, and when it was closed (None: it is
    open).
    """
    answers = [fact.at for fact in history.facts if _answers(policy, history, fact)]
    live = {run.key for run in assessment.runs if run.live}
    closings = (fact.at for fact in history.facts if fact.kind == "closed")
    return max(answers, default=None), live, None if history.state.open else max(closings, default=None)


def answerable(policy: Policy, case: Case, name: str) -> Iterator[Page]:
    """Every page of a case that went out by a channel whose answers come as dispatches of that name."""
    return (page for page, _ in _sent(policy, case, case.ledger) if policy.channels[page.via].answers == name)


def _pages(policy: Policy, history: History) -> Iterator[tuple[Page, Record]]:
    """Every call that reached a channel of today's policy which is told what becomes of it, in the order in which they
    went out.
    """
    return (
        (page, record)
        for page, record in _sent(policy, history.case, history.ledger)
        if policy.channels[page.via].keeps
    )


def _sent(policy: Policy, case: Case, ledger: Ledger) -> Iterator[tuple[Page, Record]]:
    """Every call that a channel of today's policy took, once, in the order in which they went out."""
    for record in sorted(ledger.records.values(), key=lambda record: (record.done, record.key)):
        for call in record.results:
            if isinstance(call, Tried) and call.outcome == "reached" and call.via in policy.channels:
                key = call_key(case, record.key, call.to, by_id=call.by_id)
                yield Page(key, record.done, call.to, call.via, record.key), record


def _pager_knows(record: Record, page: Page, change: Change) -> bool:
    return any(
        isinstance(result, PagerUpdated)
        and (result.change, result.to, result.via, result.ok) == (change, page.to, page.via, True)
        for result in record.results
    )


def _at_pager(history: History, page: Page) -> bool:
    return f"{pager_source(page.key)} command {ACK}" in history.ledger.kept


def _answered(record: Record, last: Instant | None, live: set[str]) -> bool:
    if last is not None and last > record.done:
        return True
    kind = record.key.split("/", 1)[0]
    return kind not in ("rule", "command") and not any(record.key.startswith(f"{run}/") for run in live)


def _answers(policy: Policy, history: History, fact: Fact) -> bool:
    if fact.kind == "assigned" or (fact.kind == "command" and fact.name == ACK):
        return True
    if fact.kind != "comment" or fact.by is None or fact.by.login.lower() == history.requester.login.lower():
        return False  # nobody answers themselves
    return acts_as(policy, "staff", fact.by, history.state)
