"""Compares what a scenario expects with what is there, and says what was seen instead.

Clocks are as `respondby explain` tells them of the case; fields and labels as the forge has them; people and comments
as the `Observer` saw them since the last `expect`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from respondby.calendars.instants import Instant, parse_time, wall
from respondby.dataclass import dataclass
from respondby.policy.model.policy import Policy
from respondby.rehearsal.observing import ESCAPED, Checked, Since, visible
from respondby.rehearsal.story import ClockIs, Expect
from respondby.rehearsal.times import time_words

NOTHING = "nobody"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to compare with: explain's runs of all clocks (or why there are none), the issue, what people
    read, how pages to them stand at the pager, whom groups were set to, and how the case stands on project boards.
    """

    clocks: Sequence[Mapping[str, Any]] | str
    issue: Mapping[str, Any]
    since: Since
    read: Mapping[str, str]
    pages: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    boards: Mapping[str, str]


def compare(expect: Expect, evidence: Evidence, policy: Policy, at: Instant, line: int, where: tzinfo) -> list[Checked]:
    """Every expectation of a step with what came of it, in the order of the grammar."""
    found = [
        *_clocks(expect.clocks, evidence.clocks, at, where),
        *_fields(expect.fields, evidence.issue, policy),
        *_labels(expect, evidence.issue),
        *_recipients(expect, evidence.since),
        *_messages(expect.messages, evidence.since.messages),
        *_comments("comments", expect.comments, evidence.since.comments),
        *_comments("elsewhere", expect.elsewhere, evidence.since.elsewhere),
        *_several("opened", expect.opened, evidence.since.opened),
        *_several("refused", expect.refused, evidence.since.refused),
        *_stand(expect.pages, evidence.pages),
        *_groups(expect.groups, evidence.groups),
        *((f"board {name}", how, evidence.boards[name], how == evidence.boards[name]) for name, how in expect.boards),
        *_seen(expect.sees, evidence.read),
    ]
    return [Checked(at, line, *parts) for parts in found]


_Parts = tuple[str, str, str, bool]


def _clocks(
    expected: Iterable[ClockIs], runs: Sequence[Mapping[str, Any]] | str, at: Instant, where: tzinfo
) -> Iterator[_Parts]:
    if isinstance(runs, str):
        yield from ((f"clock {clock.clock}", clock.state, runs, False) for clock in expected)
        return
    latest = {run["clock"]: run for run in sorted(runs, key=lambda run: str(run["started"]))}
    day = wall(at, where).date()
    for clock in expected:
        run = latest.get(clock.clock)
        state, due = ("off", None) if run is None or run["state"] == "cancelled" else (run["state"], run["due"])
        stands = parse_time(due, None) if due else None
        seen = state
        if state == "running":
            seen = (
                f"due {time_words(stands, where, day=day)}" if stands is not None else "running, due at no known time"
            )
        wanted = f"due {time_words(clock.due, where, day=day)}" if clock.due is not None else clock.state
        kept = state == clock.state if clock.due is None else state == "running" and stands == clock.due
        yield f"clock {clock.clock}", wanted, seen, kept


def _fields(expected: Iterable[tuple[str, str | None]], issue: Mapping[str, Any], policy: Policy) -> Iterator[_Parts]:
    labels = _names(issue)
    for name, value in expected:
        prefix = policy.fields[name].label
        values = [label[len(prefix) :] for label in labels if _same(label[: len(prefix)], prefix)]
        kept = not values if value is None else len(values) == 1 and _same(values[0], value)
        yield f"field {name}", value or "unset", " and ".join(values) or "unset", kept


def _labels(expect: Expect, issue: Mapping[str, Any]) -> Iterator[_Parts]:
    labels = _names(issue)
    listed = ", ".join(labels) or "no labels"
    for label in expect.labels:
        there = any(_same(label, other) for other in labels)
        yield "label", label, label if there else listed, there
    for label in expect.no_labels:
        there = any(_same(label, other) for other in labels)
        yield "label", f"no {label}", listed if there else f"no {label}", not there


def _same(one: str, other: str) -> bool:
    """Whether two names are one label: GitHub's have no case."""
    return one.casefold() == other.casefold()


def _recipients(expect: Expect, since: Since) -> Iterator[_Parts]:
    for about, wanted, seen in (("paged", expect.paged, since.paged), ("notified", expect.notified, since.notified)):
        if wanted is not None:
            yield about, _people(wanted), _people(seen), wanted == seen


def _comments(about: str, expected: int | tuple[str, ...] | None, seen: list[str]) -> Iterator[_Parts]:
    if expected is None:
        return
    if isinstance(expected, int):
        yield about, str(expected), str(len(seen)), expected == len(seen)
        return
    matched = [phrase in text for phrase, text in zip(expected, seen, strict=False)]
    kept = len(expected) == len(seen) and all(matched)
    yield about, _phrases(expected), _phrases(text.splitlines()[0] if text else "" for text in seen), kept


def _messages(expected: Iterable[tuple[str, tuple[str, ...]]], seen: Sequence[tuple[str, str]]) -> Iterator[_Parts]:
    """Of each channel, every phrase is in some message; without phrases, nothing came."""
    for channel, phrases in expected:
        texts = [" ".join(text.split()) for name, text in seen if name == channel]
        came = _phrases(text[:80] for text in texts)
        if not phrases:
            yield f"by {channel}", "none", came, not texts
        for phrase in phrases:
            there = any(" ".join(phrase.split()) in text for text in texts)
            yield f"by {channel}", f"“{phrase}”", f"“{phrase}”" if there else came, there


def _several(about: str, expected: tuple[str, ...] | None, seen: list[str]) -> Iterator[_Parts]:
    if expected is not None:
        yield (
            about,
            ", ".join(expected) or "nothing",
            ", ".join(seen) or "nothing",
            sorted(expected) == sorted(seen),
        )


def _stand(expected: Iterable[tuple[str, str]], seen: Mapping[str, str]) -> Iterator[_Parts]:
    for person, state in expected:
        yield f"pages to {person}", state, seen[person], seen[person] == state


def _groups(expected: Iterable[tuple[str, tuple[str, ...]]], seen: Mapping[str, tuple[str, ...]]) -> Iterator[_Parts]:
    for group, members in expected:
        found = seen.get(group, ())
        yield f"group {group}", _people(members), _people(found), sorted(members) == sorted(found)


def _seen(expected: Iterable[tuple[str, tuple[str, ...]]], pages: Mapping[str, str]) -> Iterator[_Parts]:
    for person, phrases in expected:
        page = " ".join(ESCAPED.sub(r"\1", pages[person]).split())
        for phrase in phrases:
            there = " ".join(phrase.split()) in page
            yield f"{person} sees", f"“{phrase}”", f"“{phrase}”" if there else "no such words on the case", there


def page_text(issue: Mapping[str, Any] | None, comments: Iterable[Mapping[str, Any]]) -> str:
    """What somebody reads who opens the case: title, labels, text and comments, without what is hidden in them."""
    if issue is None:
        return ""
    parts = [
        issue["title"],
        *_names(issue),
        visible(issue["body"] or ""),
        *(visible(item["body"]) for item in comments),
    ]
    return "\n".join(parts)


def _names(issue: Mapping[str, Any]) -> list[str]:
    return [label["name"] for label in issue["labels"]]


def _people(people: Iterable[str]) -> str:
    return ", ".join(sorted(people)) or NOTHING


def _phrases(phrases: Iterable[str]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in phrases) or "none"
