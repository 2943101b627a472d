"""What a case tells a post-mortem: milestones, what happened in order, who took part, which promises were kept.

Pure: a history and its assessment in, facts out. Laws:

- Each fact has its own time, and leads to where it was said.
- What a person said stands as they said it; nothing here judges, and nothing says a length of time.
- Milestones come from what people said on the case: a command's own time (`/resolved 10:05`) goes before its comment's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, parse_time, zone
from respondby.desk.history import Fact, History
from respondby.desk.results import Tried
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment, RunState

#: More than these are counted, not told.
MOST_EVENTS = 300

#: The commands that say a milestone, by its name. The last one that was accepted counts: it may correct an earlier one.
COMMANDS = {
    "started": ("/started",),
    "detected": ("/detected",),
    "acknowledged": ("/ack",),
    "mitigated": ("/mitigated", "/workaround"),
    "resolved": ("/resolved",),
}
#: Of these the first one counts: later ones answer again.
_FIRST = ("acknowledged",)


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
        milestones=milestones(policy, history),
        events=tuple(events),
        responders=_responders(history),
        promises=tuple(Outcome(run.clock, run.due, run.state, run.ended) for run in assessment.runs if run.promise),
        impact=(*_answered(history, "impact"), *_said(history, "/impact")),
        causes=_said(history, "/root-cause"),
    )


def milestones(policy: Policy, history: History) -> dict[str, Instant]:
    """The incident's milestones, those that are known. It was noticed when it was opened unless somebody says else."""
    found = {"detected": history.case.created}
    for name, words in COMMANDS.items():
        said = [one for one in history.commands if one.word in words and one.verdict == "accepted"]
        if said:
            one = said[0] if name in _FIRST else said[-1]
            found[name] = _own_time(one.args, policy.timezone) or one.at
    if "resolved" not in found and not history.state.open:
        closed = [fact.at for fact in history.facts if fact.kind == "closed"]
        found |= {"resolved": closed[-1]} if closed else {}
    return found


def _own_time(args: object, timezone: str) -> Instant | None:
    """The time that a command was given, where it was given one."""
    text = args.get("at", "") if isinstance(args, dict) else ""
    try:
        return parse_time(text, zone(timezone)) if text else None
    except TimeError:
        return None


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
        if said.verdict == "accepted":
            yield Happened(said.at, said.by.login, said.line.strip(), _place(url, said.number))
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


def _said(history: History, word: str) -> tuple[str, ...]:
    return tuple(
        text
        for said in history.commands
        if said.word == word and said.verdict == "accepted" and (text := " ".join(said.args.values()).strip())
    )
