"""Requests and the incidents that they are part of: the one phase that looks at a case from another.

What a request hears of its incident becomes facts of its own, kept on its card; telling them is then its own business,
like everything else. So each is told once in every interleaving (law 5), and a sweep makes good whatever an event's run
did not come to (law 4): it sees both ends.

- A run over a request looks at the incident that is named; a run over an incident takes the requests along that it
  knows of by its own card. What is not gathered is read in one request for fifty cases.
- A desk whose policy has no `/part-of` pays nothing, and so does one where nothing was tied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from respondby.calendars.instants import FOREVER, Instant
from respondby.desk.built_in.incident_news import NEWS, News, keep_news, news_of
from respondby.desk.built_in.incident_ties import judged, parent_of, parents
from respondby.desk.case import Case
from respondby.desk.folding import state_at
from respondby.desk.history import Fact, History
from respondby.desk.keeping import source_of
from respondby.desk.ledger import EMPTY, Ledger
from respondby.desk.reading import read
from respondby.desk.records import Kept
from respondby.forge.gathering import gather_again
from respondby.jobs.loop.deciding import Decided, decided
from respondby.jobs.loop.report import Report
from respondby.jobs.loop.run import Run
from respondby.rules.relaying import untold

#: The kind of a kept fact of an incident: a request is part of it, by its number.
PART = "part"

#: So many cases are read at once.
TOGETHER = 50


def follow_incidents(run: Run, report: Report) -> None:
    """Judge the ties that were asked for, and let every tied request hear what its incident has to tell."""
    _Requests(run, report).follow()


class _Requests:
    """One run's requests and incidents. `_histories` are those that were read beside what the run looks at; None is
    what is no issue here.
    """

    def __init__(self, run: Run, report: Report) -> None:
        self.run = run
        self.report = report
        self._histories: dict[int, History | None] = {}
        self._gathered = {case.number: case for case in run.gathered.cases}
        self._news: dict[int, tuple[News, ...]] = {}

    def follow(self) -> None:
        new = {*self._judge_wishes(), *self._follow_parents(), *self._take_requests_along()}
        for found in self._requests():
            if found.history.state.open and self._listens(found.history, found.case.number in new):
                self._hear(found.history)
        for found in self._requests():
            self._remember_part(found.history)

    def _requests(self) -> list[Decided]:
        return [found for _, found in sorted(self.run.decided.items()) if found.case.is_request]

    # -- ties ---------------------------------------------------------------------------------------------------------

    def _judge_wishes(self) -> Iterator[int]:
        """The ties that commands ask for, in the order in which they were said; which cases are tied by now."""
        wishes = [(wish, found.case) for found in self._requests() for wish in found.history.wishes]
        self._fetch(wish.number for wish, _ in wishes)
        for wish, case in sorted(wishes, key=lambda one: (one[0].at, one[0].source)):
            if not self._is_known(wish.number):
                continue  # it could not be read; the run has said so
            above = list(self._above(wish.number, wish.at))
            incident = self._history(wish.number)
            kept = judged(self.run.policy, wish.source, wish.at, wish.number, incident, above, case.number)
            self._remember(case, Ledger(kept={kept.key: kept}))
            yield case.number

    def _above(self, number: int, at: Instant) -> Iterator[int]:
        """The incidents that this one is part of at that instant, one above the other."""
        seen = {number}
        history = self._history(number)
        while history is not None and (part_of := state_at(history, at).part_of) is not None:
            number = int(part_of)
            if number in seen:
                return
            seen.add(number)
            yield number
            self._fetch([number])
            history = self._history(number)

    def _follow_parents(self) -> Iterator[int]:
        """Ties by GitHub's own relation. Linking starts no run, so sweeps see it, which have gathered every parent that
        is open.
        """
        for found in self._requests():
            numbers = {
                int(number)
                for moment in found.case.moments
                if moment.kind == "parent" and (number := parent_of(found.case, moment))
            }
            known = [self._history(number) for number in sorted(numbers & self.run.decided.keys())]
            kept = list(parents(self.run.policy, found.history, (one for one in known if one is not None)))
            if kept and found.history.state.open:
                self._remember(found.case, Ledger(kept={one.key: one for one in kept}))
                yield found.case.number

    # -- news ---------------------------------------------------------------------------------------------------------

    def _listens(self, history: History, new: bool) -> bool:
        """Whether there may be something to hear: a sweep sees all of it, another run what it was started for."""
        tied = any(fact.kind == "tied" for fact in history.facts)
        return tied and (new or self.run.whole or untold(history))

    def _hear(self, history: History) -> None:
        """What the case's incidents have to tell becomes facts of the case, with the words that this run may need."""
        kept: dict[str, Kept] = {}
        words: dict[str, str] = {}
        for tie, until in _spans(history):
            direct = int(tie.value or 0)
            if until < FOREVER and direct not in self.run.decided:
                continue  # it was untied since, and nobody reads a closed incident for that
            for number, since in self._chain(history, direct, tie.at):
                incident = self._history(number)
                if incident is None and self._is_known(number) and not _is_over(history, number):
                    gone = keep_news(number, "", News("ended", self.run.now, "ended/gone"), self.run.now)
                    kept[gone.key] = gone
                news = self._news_from(number)
                before = [one for one in news if one.at < since]
                if number == direct:
                    words[tie.source] = next((one.text for one in reversed(before) if one.what == "updated"), "")
                heard = [one for one in news if since <= one.at < until]
                turns = [one for one in before if one.what != "updated"]
                if turns and turns[-1].what == "resolved":  # it was over already, and the customer has to be asked
                    heard.insert(0, replace(turns[-1], at=since))
                for one in heard:
                    fact = keep_news(number, incident.case.node_id if incident is not None else "", one, one.at)
                    kept[fact.key] = fact
                    words[source_of(fact)] = one.text
        new = {key: fact for key, fact in kept.items() if key not in history.ledger.kept}
        if new or (words and untold(history)):
            self.run.updates[history.case.number] = words
            self._remember(history.case, Ledger(kept=new))

    def _news_from(self, number: int) -> tuple[News, ...]:
        incident = self._history(number)
        if incident is not None and number not in self._news:
            self._news[number] = news_of(self.run.policy, incident)
        return self._news.get(number, ())

    def _chain(self, history: History, number: int, since: Instant) -> Iterator[tuple[int, Instant]]:
        """The incident that a request is part of, and those that it is part of itself, each from when that counts."""
        seen = {history.case.number}
        while number not in seen:
            seen.add(number)
            if not _is_over(history, number):
                self._fetch([number])
            yield number, since
            incident = self._history(number)
            tie = next((tie for tie, _ in reversed(list(_spans(incident)))), None) if incident is not None else None
            if tie is None or incident is None or incident.state.part_of is None:
                return
            number, since = int(incident.state.part_of), max(since, tie.at)

    # -- which cases the run looks at ---------------------------------------------------------------------------------

    def _take_requests_along(self) -> set[int]:
        """Where something happened to an incident: the requests that its card knows of."""
        if self.run.whole:
            return set()
        numbers: set[int] = set()
        for found in self._requests():
            if found.plan:
                numbers |= {int(one.name) for one in found.history.ledger.kept.values() if _is_part(one)}
        numbers -= self.run.decided.keys()
        self._fetch(sorted(numbers))
        for number in sorted(numbers):
            history = self._history(number)
            if history is not None and history.state.open:
                self._look_at(history.case)
        return numbers

    def _remember_part(self, history: History) -> None:
        """That a request is part of an incident, on the incident's card."""
        part_of = history.state.part_of
        incident = self._history(int(part_of)) if part_of is not None and history.state.open else None
        key = f"{PART}/{history.case.number} {PART}"
        if incident is None or not incident.case.open or key in incident.ledger.kept:
            return
        since = next((tie.at for tie, _ in reversed(list(_spans(history)))), self.run.now)
        self._look_at(incident.case)
        part = Kept(key, since, "", "", PART, str(history.case.number))
        self._remember(incident.case, Ledger(kept={key: part}))

    def _look_at(self, case: Case) -> None:
        if case.number not in self.run.decided and self.run.cases is not None:
            self.run.cases.append(case)
            self._decide(case)

    # -- reading and remembering --------------------------------------------------------------------------------------

    def _history(self, number: int) -> History | None:
        found = self.run.decided.get(number)
        return found.history if found is not None else self._histories.get(number)

    def _is_known(self, number: int) -> bool:
        return number in self.run.decided or number in self._histories

    def _fetch(self, numbers: Iterable[int]) -> None:
        """Read what is not known yet. What cannot be read is the run's failure, and looked at by the next one."""
        wanted = [number for number in dict.fromkeys(numbers) if not self._is_known(number)]
        for number in wanted:
            if number in self._gathered:
                self._histories[number] = self._read(self._gathered[number])
        wanted = [number for number in wanted if not self._is_known(number)]
        for first in range(0, len(wanted), TOGETHER):
            again = gather_again(self.run.client, wanted[first : first + TOGETHER], self.run.gathered.us)
            self._histories.update({number: self._read(case) for number, case in again.cases.items()})
            self._histories.update(dict.fromkeys(again.gone))
            self.report.failed.extend(again.failed.values())

    def _read(self, case: Case) -> History:
        return read(self.run.policy, case, self.run.known_of(case).at(self.run.now))

    def _remember(self, case: Case, ledger: Ledger) -> None:
        memory = dict(self.run.selection.memory)
        memory[case.number] = memory.get(case.number, EMPTY).merge(ledger)
        self.run.selection = replace(self.run.selection, memory=memory)
        self._decide(case)

    def _decide(self, case: Case) -> None:
        run = self.run
        run.decided[case.number] = decided(run.policy, case, run.now, run.others, run.log, run.known_of(case))


def _spans(history: History) -> Iterator[tuple[Fact, Instant]]:
    """Each tie of a case, and until when it held."""
    ties = [fact for fact in history.facts if fact.kind == "tied"]
    for place, tie in enumerate(ties):
        if tie.value is not None:
            yield tie, ties[place + 1].at if place + 1 < len(ties) else FOREVER


def _is_over(history: History, number: int) -> bool:
    """Whether the case has heard already that this incident is over."""
    heard = [one for one in history.facts if one.kind == NEWS and one.value == str(number)]
    turns = [one for one in heard if one.name != "updated"]
    return bool(turns) and turns[-1].name in ("resolved", "ended")


def _is_part(kept: Kept) -> bool:
    """The record is ours, but it is read as if it were not."""
    return kept.kind == PART and kept.name.isdigit() and len(kept.name) <= 10
