"""Storms: where one run would call about more cases than the policy's `ceiling`, each person is called once for all.

Laws (5):

- Nothing is lost: every case records its own call and its own mention, as if it had been told alone.
- Nothing is doubled. Before the first page goes out the desk's log says which calls belong to it, so that a run which
  begins where another one died sends under the same key. After it one comment, on the log's issue, mentions who would
  have been mentioned, and says which calls were made: these are made no more, whoever takes the case up next.
- Once all of its cases are answered its pages are resolved (`jobs.loop.storm_pages`).
- What people asked for by a command, what is said inside, texts of the policy and tickets in other systems are no part
  of it: they are each case's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from respondby.channels.dispatch import place
from respondby.dataclass import dataclass
from respondby.desk.log import Entry, Log
from respondby.desk.results import Tried
from respondby.forge.errors import CaseError
from respondby.forge.gathering import gather_open
from respondby.jobs.loop.deciding import Decided
from respondby.jobs.loop.joint_messages import Part, product_of, words_of
from respondby.jobs.loop.report import Report, Settled
from respondby.jobs.loop.run import Run
from respondby.jobs.loop.storm_pages import SAID, page_entries, short, via_by_call
from respondby.letters.calls import render_together
from respondby.letters.log import render_storm
from respondby.policy.model.policy import Policy
from respondby.rules.plan import Because, Call, WriteComment

BEGUN = "storm begun"
#: One entry of the log, and one comment, is about so many calls at most: GitHub takes 65,536 characters.
_TOGETHER = 1_000
T = TypeVar("T")

#: Whom one message goes to: the person, the verb, the channels, and the product that these are chosen by.
_To = tuple[str, str, tuple[str, ...], str | None]

#: What is told of by a storm: what has come due by itself.
_DUE = ("rung", "rule")


@dataclass(frozen=True, slots=True)
class _Due:
    """What is to be told of one case: its calls, and comments that do nothing but mention."""

    decided: Decided
    calls: tuple[Call, ...]
    comments: tuple[WriteComment, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """What names each of them for ever."""
        number = self.decided.case.ref
        return (*(call.key for call in self.calls), *(f"{number} {comment.key}" for comment in self.comments))

    def those(self, wanted: Callable[[str], bool]) -> _Due:
        """Those of them whose key is wanted."""
        number = self.decided.case.ref
        calls = tuple(call for call in self.calls if wanted(call.key))
        return _Due(
            self.decided, calls, tuple(comment for comment in self.comments if wanted(f"{number} {comment.key}"))
        )

    def __bool__(self) -> bool:
        return bool(self.calls or self.comments)


def calm(run: Run, report: Report) -> None:
    """Tell of a storm in one message to each person, and of what an earlier run has begun to tell of."""
    due = [found for decided in run.decided.values() if (found := _due(run.policy, decided))]
    if due and not run.whole:  # an event's run has not read the log
        run.logbook.read_again(gather_open(run.client, identify=run.desk.identify))
    vias, storm_by_call = _from_log(run.log)
    for of_case in due:
        for call in of_case.calls:
            if (via := vias.get(short(call.key))) is not None:
                run.applier.sent_before[call.key] = (Tried(call.verb, call.to, via, "reached"),)
        ref = of_case.decided.case.ref
        run.applier.said_together.update(
            (ref, comment.key) for comment in of_case.comments if short(f"{ref} {comment.key}") in vias
        )
    waiting = [left for of_case in due if (left := of_case.those(lambda key: short(key) not in vias))]
    for storm in dict.fromkeys(storm_by_call.values()):
        of_it = partial(_is_of, storm_by_call, storm)
        mine = [left for of_case in waiting if (left := of_case.those(of_it))]
        if mine:
            _tell(run, report, storm, mine)
    fresh = [left for of_case in waiting if (left := of_case.those(lambda key: short(key) not in storm_by_call))]
    ceiling = run.desk.ceiling or run.policy.ceiling
    if ceiling is None or len(fresh) <= ceiling:
        return
    keys = sorted(short(key) for of_case in fresh for key in of_case.keys)
    storm = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
    run.logbook.require_open()  # without a log each case is told of by itself: too many calls are better than none
    try:
        run.logbook.write([*_begun(run, storm, keys, len(fresh)), *_pages(run, storm, fresh)])
    except CaseError as error:
        _leave(run, report, fresh, str(error))
        return
    _tell(run, report, storm, fresh)


def _begun(run: Run, storm: str, keys: Sequence[str], cases: int) -> Iterator[Entry]:
    """Which calls and mentions belong to the storm."""
    for index, some in enumerate(_parts(keys)):
        yield Entry(BEGUN, str(cases), f"{storm}/{index}", run.now, facts={"calls": " ".join(some)})


def _pages(run: Run, storm: str, due: Sequence[_Due]) -> Iterator[Entry]:
    """Which of its calls each page stands for."""
    for to, parts in _groups(run, due).items():
        yield from page_entries(_key(run, storm, to), to[0], to[3], parts, run.now)


def _leave(run: Run, report: Report, due: Sequence[_Due], why: str) -> None:
    """Leave these cases to the next run: whom this one called now, another would call under another key."""
    left = {of_case.decided.case.number: of_case.decided.case for of_case in due}
    run.cases = [case for case in run.cases or [] if case.number not in left]
    report.cases.extend(Settled(case.ref, case.number, case.title, next=run.now) for case in left.values())
    report.failed.append(f"{len(left)} cases that have come due at once were left to the next run: {why}")


def _is_of(storm_by_call: Mapping[str, str], storm: str, key: str) -> bool:
    return storm_by_call.get(short(key)) == storm


def _from_log(log: Log) -> tuple[dict[str, str], dict[str, str]]:
    """What was told by the storms of the log (the channel by the call's short key), and what they have begun with (the
    storm by the short key).
    """
    storm_by_call: dict[str, str] = {}
    for entry in log.entries.values():
        if entry.kind == BEGUN:
            storm_by_call.update(dict.fromkeys(entry.facts.get("calls", "").split(), entry.id.partition("/")[0]))
    return via_by_call(log), storm_by_call


def _due(policy: Policy, decided: Decided) -> _Due:
    calls: list[Call] = []
    comments: list[WriteComment] = []
    for action in decided.plan.actions:
        if isinstance(action, Call) and _by_itself(action.because) and not _is_ticket(policy, action):
            calls.append(action)
        elif isinstance(action, WriteComment) and _only_mentions(action):
            comments.append(action)
    return _Due(decided, tuple(calls), tuple(comments))


def _is_ticket(policy: Policy, call: Call) -> bool:
    """Whether a tracker keeps something for this case alone; a page is one for all, at whatever pager."""
    return call.verb == "notify" and any(policy.channels[name].keeps for name in call.via)


def _only_mentions(comment: WriteComment) -> bool:
    said = comment.inside or comment.texts or comment.answers or comment.relays or comment.outstanding
    return bool(comment.mentions) and not said and _by_itself(comment.because)


def _by_itself(because: Iterable[Because]) -> bool:
    return all(reason.kind in _DUE and not reason.say for reason in because)


def _tell(run: Run, report: Report, storm: str, due: Sequence[_Due]) -> None:
    """Call everybody once, then say on the log's issue whom and about what."""
    reached: dict[str, str] = {}
    for to, parts in _groups(run, due).items():
        tries = _call(run, _key(run, storm, to), parts)
        run.applier.sent_before.update({part.call.key: tries for part in parts})
        if tries[-1].ok:
            reached.update({short(part.call.key): tries[-1].via for part in parts})
        else:
            why = "; ".join(f"{tried.via}: {tried.why}" for tried in tries)
            report.failed.append(f"{to[0]} could not be reached about {len(parts)} cases at once: {why}")
    for some in _parts(due):
        # Named by what it tells of: what a run has told of a storm, another one may have begun in part.
        _digest(run, f"{storm}/{short(' '.join(key for of_case in some for key in of_case.keys))}", some, reached)
    report.remarks.append(
        f"{len(due)} cases have come due at once, more than the ceiling: each person was told of all of them in one"
        f" message, and a comment on {run.logbook.ref} names them"
    )


def _key(run: Run, storm: str, to: _To) -> str:
    """The key under which somebody is called about a storm."""
    return f"{run.client.repository}/storm/{storm}/{to[0]}/{to[1]}"


def _groups(run: Run, due: Iterable[_Due]) -> dict[_To, list[Part]]:
    """The calls of each person, by verb and way."""
    found: dict[_To, list[Part]] = {}
    for of_case in due:
        for call in of_case.calls:
            product = product_of(run.policy, of_case.decided, call)
            key = (call.to.lower(), call.verb, call.via, product)
            found.setdefault(key, []).append(Part(of_case.decided, call, product))
    return found


def _call(run: Run, key: str, parts: Sequence[Part]) -> tuple[Tried, ...]:
    policy, messages, newest = run.policy, run.applier.messages, parts[-1]
    call = replace(newest.call, key=key)
    words = [words_of(policy, part, run.now, messages) for part in parts]
    said = render_together(call, words, policy.desk, policy.timezone, messages=messages)
    return place(
        call,
        said.subject,
        said.body,
        newest.decided.case.url,
        policy.channels,
        run.secrets,
        case=newest.decided.case.ref,
        product=newest.product,
        bodies=run.files,
        hung=run.applier.hung,
    )


def _digest(run: Run, id: str, due: Sequence[_Due], reached: Mapping[str, str]) -> None:
    """The one comment for these cases, which carries what was told. Raises CaseError where it could not be written."""
    mentions: dict[str, list[int]] = {}
    words = []
    for of_case in due:
        case = of_case.decided.case
        words += [
            f"{short(call.key)}:{reached[short(call.key)]}" for call in of_case.calls if short(call.key) in reached
        ]
        for comment in of_case.comments:
            words.append(f"{short(f'{case.ref} {comment.key}')}:")
            for person in comment.mentions:
                mentions.setdefault(person, []).append(case.number)
    entry = Entry(SAID, str(len(due)), id, run.now, facts={"calls": " ".join(words)})
    numbers = [of_case.decided.case.number for of_case in due]
    run.logbook.say(
        entry, lambda marker: render_storm(run.policy, numbers, mentions, marker, messages=run.applier.messages)
    )
    run.applier.said_together.update(
        (of_case.decided.case.ref, comment.key) for of_case in due for comment in of_case.comments
    )


def _parts(all_: Sequence[T]) -> Iterator[Sequence[T]]:
    for first in range(0, len(all_), _TOGETHER):
        yield all_[first : first + _TOGETHER]
