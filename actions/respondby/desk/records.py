"""What a ledger holds, item by item: rungs, rules and commands performed, promises pinned, facts kept, issues opened.

Each knows its own JSON form, and `parse` reads back exactly what `unparse` wrote; anything else is a ValueError.
Only what differs from a member's default is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.results import (
    CalledBefore,
    Commented,
    Deferred,
    Mentioned,
    Opened,
    Result,
    RoleEmpty,
    StoodIn,
    Tracked,
    Tried,
    beginning,
    instant,
    parse_result,
    text,
)

Outcome = Literal["done", "overtaken"]

#: What a record can owe beside calls. Labels and the issue's state are compared with the case itself instead.
Effect = Literal["assign", "react"]

#: What says that somebody was called, or will be.
_CALLS = (Tried, Mentioned, Deferred, CalledBefore)

_PERFORMED = frozenset(
    (
        "key", "at", "done", "outcome", "results", "sets", "raises", "labels", "unlabels", "closes", "reopens",
        "policy", "owes",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One rung, rule or command performed.

    `key` names it for ever: `clock/run/rung/repetition`, `rule/id/source` or `command/source`. `at` is the instant it
    was due, which is the fact's time (rule 10); `done` when it was really performed, which `after:` rungs count from
    (rule 7). `results` are what came of it, in the order in which it was found out. `sets`, `raises` (a raise never
    lowers: what it did depends on the case at `at`), `labels`, `unlabels` and `closes` (`until_reply`: only until the
    customer's next comment) and `reopens` are what it changed, kept so that a ladder edited later changes no history.
    `policy` is the commit of the policy that asked for it. `outstanding` are effects that are not known to be done yet
    (`Effect`): the record stands in a comment before they are tried, and a run may end there.
    """

    key: str
    at: Instant
    done: Instant
    outcome: Outcome = "done"
    results: tuple[Result, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()
    policy: str = ""
    raises: tuple[tuple[str, str], ...] = ()
    closes: bool = False
    unlabels: tuple[str, ...] = ()
    until_reply: bool = False
    outstanding: tuple[str, ...] = ()
    reopens: bool = False

    def did(self, effect: Effect) -> Record:
        """The same with that effect done."""
        return replace(self, outstanding=tuple(effects for effects in self.outstanding if effects != effect))

    def gained(self, results: Iterable[Result]) -> Record:
        """The same with what came of it since."""
        return replace(self, results=(*self.results, *results))

    @property
    def informed(self) -> frozenset[str]:
        """Everybody who was called, told or mentioned, or had been before."""
        return frozenset(
            result.to
            for result in self.results
            if isinstance(result, CalledBefore) or (isinstance(result, Tried | Mentioned) and result.ok)
        )

    @property
    def unreached(self) -> tuple[Deferred | Tried | Mentioned, ...]:
        """Who is still owed a call: of each person the last thing that kept it from them, by name."""
        known = self.informed
        last: dict[str, Deferred | Tried | Mentioned] = {}
        for result in self.results:
            if isinstance(result, Deferred | Tried | Mentioned) and result.to not in known:
                last[result.to] = result
        return tuple(result for _, result in sorted(last.items()))

    @property
    def unsaid(self) -> bool:
        """Whether a text has still to be said on the issue."""
        said = [result.ok for result in self.results if isinstance(result, Commented)]
        return bool(said) and not any(said)

    @property
    def unopened(self) -> bool:
        """Whether an issue has still to be opened in another repository."""
        opened = [result.ok for result in self.results if isinstance(result, Opened)]
        return bool(opened) and not any(opened)

    @property
    def tracked(self) -> Tracked | None:
        """How the issue stands on the board it was put on, as the desk last left it; None where it is on none."""
        found = [result for result in self.results if isinstance(result, Tracked) and result.outcome != "failed"]
        return max(found, key=lambda result: (result.at, result.outcome == "gone", result.day), default=None)

    @property
    def untracked(self) -> bool:
        """Whether the issue has still to be put on a project board."""
        return self.tracked is None and any(isinstance(result, Tracked) for result in self.results)

    @property
    def pending(self) -> bool:
        """Whether anybody is still owed a call, or anything a text, an issue or its place on a board."""
        return bool(self.unreached or self.unsaid or self.unopened or self.untracked)

    @property
    def stood_in(self) -> str | None:
        """The rung whose people were called in this one's place; None where its own were there."""
        return next((result.rung for result in self.results if isinstance(result, StoodIn)), None)

    @property
    def vacant(self) -> tuple[str, ...]:
        """The roles whose people are to be called as soon as somebody holds them: nobody was called for this record."""
        if self.stood_in is not None or any(isinstance(result, _CALLS) for result in self.results):
            return ()
        return tuple(result.role for result in self.results if isinstance(result, RoleEmpty))

    def unparse(self) -> dict[str, Any]:
        """The JSON form."""
        item: dict[str, Any] = {"key": self.key, "at": self.at, "done": self.done}
        closes: bool | str = "until reply" if self.until_reply else self.closes
        found: dict[str, Any] = {
            "outcome": "" if self.outcome == "done" else self.outcome,
            "results": [result.unparse() for result in self.results],
            "sets": [list(pair) for pair in self.sets],
            "raises": [list(pair) for pair in self.raises],
            "labels": list(self.labels),
            "unlabels": list(self.unlabels),
            "closes": closes,
            "reopens": self.reopens,
            "policy": self.policy,
            "owes": list(self.outstanding),
        }
        return item | {name: value for name, value in found.items() if value}

    @classmethod
    def parse(cls, item: Mapping[str, Any], results: tuple[Result, ...] | None = None) -> Record:
        """Read `unparse`'s form; `results` are given where another version wrote them otherwise."""
        if not isinstance(item, dict) or not item.keys() <= _PERFORMED:
            raise ValueError(f"{beginning(item)} is not a record that this version knows")
        outcome: Outcome = item.get("outcome", "done")
        if outcome not in ("done", "overtaken"):
            raise ValueError(f"unknown outcome {outcome!r}")
        closes = item.get("closes", False)
        if closes not in (True, False, "until reply"):
            raise ValueError(f"closes {closes!r}")
        return cls(
            key=text(item["key"]),
            at=instant(item["at"]),
            done=instant(item["done"]),
            outcome=outcome,
            results=tuple(parse_result(form) for form in item.get("results", [])) if results is None else results,
            sets=_pairs(item.get("sets", [])),
            labels=_texts(item.get("labels", [])),
            policy=text(item.get("policy", "")),
            raises=_pairs(item.get("raises", [])),
            closes=bool(closes),
            unlabels=_texts(item.get("unlabels", [])),
            until_reply=closes == "until reply",
            reopens=_flag(item.get("reopens", False)),
            outstanding=tuple(sorted(_texts(item.get("owes", [])))),
        )


@dataclass(frozen=True, slots=True)
class Pin:
    """What was promised when a run started: the target's and the calendar's text, and the policy's commit (rule 18)."""

    key: str
    target: str
    calendar: str
    policy: str = ""

    def unparse(self) -> list[Any]:
        """The JSON form."""
        return [self.key, self.target, self.calendar, self.policy]

    @classmethod
    def parse(cls, item: list[Any]) -> Pin:
        """Read `unparse`'s form."""
        key, target, calendar, policy = _texts(item)
        return cls(key, target, calendar, policy)


@dataclass(frozen=True, slots=True)
class Kept:
    """A fact that moved a clock, kept because its comment may be deleted (rule 17)."""

    key: str
    at: Instant
    by: str
    association: str
    kind: str
    name: str = ""
    value: str = ""

    def unparse(self) -> list[Any]:
        """The JSON form."""
        return [self.key, self.at, self.by, self.association, self.kind, self.name, self.value]

    @classmethod
    def parse(cls, item: list[Any]) -> Kept:
        """Read `unparse`'s form."""
        key, at, *rest = item
        by, association, kind, name, value = _texts(rest)
        return cls(text(key), instant(at), by, association, kind, name, value)


@dataclass(frozen=True, slots=True, order=True)
class Elsewhere:
    """An issue that the desk opened for this case in another repository (`owner/name`), and why: its key."""

    number: int
    repository: str
    url: str
    key: str

    def unparse(self) -> list[Any]:
        """The JSON form."""
        return [self.key, self.repository, self.number, self.url]

    @classmethod
    def parse(cls, item: list[Any]) -> Elsewhere:
        """Read `unparse`'s form."""
        key, repository, number, url = item
        if isinstance(number, bool) or not isinstance(number, int):
            raise ValueError(f"{beginning(number)} is not an issue's number")
        return cls(number, text(repository), text(url), text(key))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{beginning(value)} is neither true nor false")
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise ValueError(f"{beginning(values)} is not a list")
    return tuple(text(value) for value in values)


def _pairs(values: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(values, list):
        raise ValueError(f"{beginning(values)} is not a list")
    return tuple((name, value) for name, value in (_texts(pair) for pair in values))
