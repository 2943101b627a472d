"""What a case tells a post-mortem: milestones, what happened in order, who took part, which promises were kept.

Pure: a history and its assessment in, facts out. Laws:

- Each fact has its own time, and leads to where it was said.
- What a person said stands as they said it; nothing here judges, and nothing says a length of time.
- Milestones are those of `desk.milestones`, and an entry of the timeline stands at its own time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from respondby.calendars.instants import Instant
from respondby.desk.built_in.findings import found, timeline
from respondby.desk.history import Fact, History
from respondby.desk.milestones import milestones
from respondby.desk.results import Tried
from respondby.policy.model.built_in import IMPACT, ROOT_CAUSE, TIMELINE
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment, RunState

#: More than these are counted, not told.
MOST_EVENTS = 300


class Happened(NamedTuple):
    """Something that happened: when, who did it (empty: the desk), the words, and the address where it stands."""

    at: Instant
    who: str
    words: str
    url: str


class Responder(NamedTuple):
    """Somebody who took part: when they were called first and when they said something first (None: never)."""

    person: str
    called: Instant | None
    spoke: Instant | None


class Outcome(NamedTuple):
    """A promise, and what became of it; `due` and `ended` are None where there is none yet."""

    clock: str
    due: Instant | None
    state: RunState
    ended: Instant | None


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """All that a draft is made from. `impact` and `causes` are what was answered and said of them, as written."""

    number: int
    url: str
    title: str
    product: str
    severity: str
    cause: str
    milestones: dict[str, Instant]
    events: tuple[Happened, ...]
    responders: tuple[Responder, ...]
    promises: tuple[Outcome, ...]
    impact: tuple[str, ...]
    causes: tuple[str, ...]


def facts_of(policy: Policy, history: History, assessment: Assessment) -> IncidentFacts:
    """The facts of one incident."""
    case, fields = history.case, history.state.fields
    events = sorted(_events(history), key=lambda event: event.at)[:MOST_EVENTS]
    return IncidentFacts(
        number=case.number,
        url=case.url,
        title=case.title,
        product=fields.get("product", ""),
        severity=fields.get("severity", fields.get("priority", "")),
        cause=fields.get("cause", ""),
        milestones={one.name: one.at for one in milestones(policy, history)},
        events=tuple(events),
        responders=_responders(history),
        promises=tuple(Outcome(run.clock, run.due, run.state, run.ended) for run in assessment.every if run.promise),
        impact=(*_answered(history, "impact"), *found(history.commands, IMPACT)),
        causes=found(history.commands, ROOT_CAUSE),
    )


def _events(history: History) -> Iterator[Happened]:
    url = history.case.url
    yield Happened(history.case.created, history.requester.login, f"opened it: {history.case.title}", url)
    # What a command or the request itself set is told by its own words.
    by_command = {(said.at, said.by.login) for said in history.commands}
    by_command.add((history.case.created, history.requester.login))
    for fact in history.facts:
        words = _words(fact)
        if words and not (fact.kind == "field" and fact.by is not None and (fact.at, fact.by.login) in by_command):
            yield Happened(fact.at, fact.by.login if fact.by is not None else "", words, _place(url, fact.number))
    for said in history.commands:
        if said.verdict == "accepted" and said.word != TIMELINE:
            yield Happened(said.at, said.by.login, said.line.strip(), _place(url, said.number))
    for entry in timeline(history.commands):
        yield Happened(entry.at, entry.said.by.login, entry.text, _place(url, entry.said.number))
    for record in history.ledger.records.values():
        for to, via, ok in _pages(record.results):
            words = f"{to} was paged by {via}" if ok else f"{to} could not be paged by {via}"
            yield Happened(record.done, "", words, url)


def _pages(results: Sequence[object]) -> Iterator[tuple[str, str, bool]]:
    seen: dict[tuple[str, str], bool] = {}
    for result in results:
        if isinstance(result, Tried) and result.verb == "page":
            seen[result.to, result.via] = seen.get((result.to, result.via), False) or result.ok
    yield from ((to, via, ok) for (to, via), ok in seen.items())


def _words(fact: Fact) -> str:
    """What a fact says in a timeline; commands are told as they were said."""
    match fact.kind:
        case "field" if fact.by is not None:
            return f"set {fact.name} to {fact.value}" if fact.value else f"took {fact.name} away"
        case "assigned":
            return f"assigned {fact.value}"
        case "closed" if fact.by is not None:
            return "closed it"
        case "reopened":
            return "opened it again"
        case "merged":
            return "merged a pull request about it"
        case _:
            return ""


def _place(url: str, number: int) -> str:
    return f"{url}#issuecomment-{number}" if number else url


def _responders(history: History) -> tuple[Responder, ...]:
    """Everybody who was paged or said something, but for the requester; in the order of their coming."""
    called: dict[str, Instant] = {}
    for record in sorted(history.ledger.records.values(), key=lambda record: record.done):
        for to, _, ok in _pages(record.results):
            if ok:
                called.setdefault(to, record.done)
    spoke: dict[str, Instant] = {}
    comments = [(fact.at, fact.by) for fact in history.facts if fact.by is not None and fact.kind == "comment"]
    words = [(said.at, said.by) for said in history.commands]
    for at, by in sorted([*comments, *words], key=lambda pair: pair[0]):
        if not by.bot and by.login != history.requester.login:
            spoke.setdefault(by.login, at)
    people = dict.fromkeys([*called, *spoke])
    found = [Responder(person, called.get(person), spoke.get(person)) for person in people]
    return tuple(sorted(found, key=lambda one: (min(at for at in one[1:] if at is not None), one.person)))


def _answered(history: History, name: str) -> tuple[str, ...]:
    answer = history.answers.get(name)
    texts = answer if isinstance(answer, list) else [answer or ""]
    return tuple(text for text in texts if text.strip())
