"""The pages of storms (`jobs.loop.storms`) at the pager: each is resolved once every case that it told of is answered.

Laws:

- Level, not edge: whether a case still needs the person is asked of the case itself, each time; the log says only which
  calls each page stood for, and which pages are resolved.
- A page is told to the pager before the log says so (law 5): a run that dies in between tells it again, under the same
  key. One that could not be told is tried again by the next sweep.
- A case that is closed, deleted or moved away needs nobody. One that cannot be read may.
- A desk in which no storm's page stands pays no request. Of a storm's cases that a sweep has not at hand it reads as
  many as it takes to find one that is not answered, fifty in a request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from respondby.channels.dispatch import Recipient, change
from respondby.dataclass import dataclass
from respondby.desk.log import Entry, Log
from respondby.forge.gathering import gather_again
from respondby.jobs.loop.deciding import Decided, decided
from respondby.jobs.loop.joint_messages import Part
from respondby.jobs.loop.report import Report, Settled
from respondby.jobs.loop.run import Run
from respondby.policy.model.policy import Policy
from respondby.rules.pages import wants_nobody, went_out

#: What the log keeps of a page about many cases: which calls it stands for, which went out, and that it is resolved.
PAGE, SAID, OVER = "storm page", "storm", "storm over"

#: So many cases are read at once.
_TOGETHER = 50
#: No entry has more calls than these: GitHub takes 65,536 characters.
MOST = 1_000


def short(key: str) -> str:
    """A key as the log keeps it."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _StormPage:
    """One page at one pager: its key there, whom it was for, and of each case that it told of the calls' short keys."""

    key: str
    to: str
    product: str | None
    via: str
    calls: Mapping[int, frozenset[str]]

    @property
    def entry_id(self) -> str:
        """What names it in the log."""
        return short(f"{self.key} {self.via} {self.product or ''}")


def via_by_call(log: Log) -> dict[str, str]:
    """What was said about many cases at once: the channel by which each call went out (empty: a comment), by its short
    key.
    """
    said = (entry.facts.get("calls", "") for entry in log.entries.values() if entry.kind == SAID)
    return {key: via for calls in said for key, _, via in (word.partition(":") for word in calls.split())}


def page_entries(key: str, to: str, product: str | None, parts: Sequence[Part], at: int) -> Iterator[Entry]:
    """What the log keeps of a page before it goes out: which calls of which cases it stands for."""
    for first in range(0, len(parts), MOST):
        some = parts[first : first + MOST]
        calls = " ".join(short(part.call.key) for part in some)
        cases = " ".join(str(part.decided.case.number) for part in some)
        facts = {"key": key, "to": to, "product": product or "", "cases": cases, "calls": calls}
        yield Entry(PAGE, str(len(some)), short(f"{key} {calls}"), at, facts=facts)


def resolve_storms(run: Run, report: Report) -> None:
    """Resolve the pages of storms whose cases are all answered."""
    standing = list(_standing(run.policy, run.log))
    if not standing:
        return
    cases = _Cases(run, report)
    for page in standing:
        if cases.need(page):
            continue
        number = max(page.calls)
        ref = f"{run.client.repository}#{number}"
        whom = Recipient(page.to, page.product, ref, cases.url_of(number))
        sent = change(
            "resolve", page.key, page.via, whom, run.policy.channels, run.secrets,
            bodies=run.files, hung=run.applier.hung,
        )  # fmt: skip
        settled = Settled(run.logbook.ref, 0, run.logbook.title)
        if sent.ok:
            run.logbook.write([Entry(OVER, str(len(page.calls)), page.entry_id, run.now)])
            settled.done.append(f"resolve the page to {page.to} about {len(page.calls)} cases")
            report.cases.append(settled)
        else:
            count = len(page.calls)
            report.failed.append(f"{page.via} could not be told to resolve a page about {count} cases: {sent.why}")


def _standing(policy: Policy, log: Log) -> Iterator[_StormPage]:
    """The pages that went out by a channel which hears what becomes of them, and are not resolved."""
    over, vias = {entry.id for entry in log.entries.values() if entry.kind == OVER}, via_by_call(log)
    found: dict[tuple[str, str, str, str], dict[int, set[str]]] = {}
    for entry in (entry for entry in log.entries.values() if entry.kind == PAGE):
        facts = entry.facts
        for number, call in zip(facts.get("cases", "").split(), facts.get("calls", "").split(), strict=False):
            via = vias.get(call, "")
            if number.isdigit() and via in policy.channels and policy.channels[via].hears("resolve"):
                place = facts.get("key", ""), facts.get("to", ""), facts.get("product", ""), via
                found.setdefault(place, {}).setdefault(int(number), set()).add(call)
    for (key, to, product, via), calls in found.items():
        page = _StormPage(key, to, product or None, via, {number: frozenset(some) for number, some in calls.items()})
        if page.entry_id not in over:
            yield page


class _Cases:
    """The cases of storms, as they stand."""

    def __init__(self, run: Run, report: Report) -> None:
        self._run = run
        self._report = report
        self._gathered = {case.number: case for case in run.gathered.cases}
        self._known: dict[int, Decided | None] = {**run.decided, **run.latest}  # None: it is there no more

    def url_of(self, number: int) -> str:
        """Where a case is, or was."""
        found = self._known.get(number)
        return found.case.url if found is not None else ""

    def need(self, page: _StormPage) -> bool:
        """Whether any of them needs the person still."""
        unread = [number for number in page.calls if number not in self._known]
        if any(self._needs(number, page.calls[number]) for number in page.calls if number in self._known):
            return True
        if self._run.rest is None:  # everything was read: what was not there was closed long ago, or is gone
            if self._failed() & set(unread):
                return True
            unread = [number for number in unread if number in self._gathered or number in self._run.resting.settled]
        for first in range(0, len(unread), _TOGETHER):
            some = unread[first : first + _TOGETHER]
            self._read(some)
            if any(number not in self._known or self._needs(number, page.calls[number]) for number in some):
                return True
        return False

    def _needs(self, number: int, calls: Collection[str]) -> bool:
        found = self._known[number]
        if found is None or not found.case.open:
            return False
        sent = {short(page.key) for page in went_out(found.policy, found.history)}
        over = {short(page.key) for page in wants_nobody(found.policy, found.history, found.assessment)}
        return not (sent & set(calls)) or not (sent & set(calls)) <= over

    def _failed(self) -> frozenset[int]:
        refs: Iterable[str] = (ref.rpartition("#")[2] for ref, _ in self._run.gathered.failed)
        return frozenset(int(number) for number in refs if number.isdigit())

    def _read(self, numbers: Sequence[int]) -> None:
        run = self._run
        again = gather_again(run.client, numbers, run.gathered.us)
        for number, case in again.cases.items():
            self._known[number] = decided(run.policy, case, run.now, run.others, run.log, run.known_of(case))
        self._known.update(dict.fromkeys(again.gone))
        self._report.failed.extend(again.failed.values())
