"""What came of a rung, rule or command: one small record for each thing that was tried or found out.

Laws:

- What was done is recorded as it was done: the verb of a call, its channel, its outcome. Nothing of it is guessed later
  from a policy, which may have been edited since.
- Each result has its own form in JSON, a list that begins with its word, and `parse` reads back exactly what `unparse`
  wrote. A word that nobody knows is an error and never passed over: a run of a newer version has written it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, cast

from respondby.calendars.instants import FOREVER, Instant
from respondby.dataclass import dataclass

#: The first second of the year 1, before which no wall clock shows a time.
_FIRST: Instant = -62_135_596_800

#: How somebody is called. `call` stands only in records of version 1, which did not say how.
CalledBy = Literal["page", "notify", "call"]
#: What became of a call: it went out, it did not, or a newer one's call told the same.
Sent = Literal["reached", "failed", "joined"]
#: What a pager is told of a page that went out.
Change = Literal["acknowledge", "resolve"]

#: What became of an issue on a project board.
Board = Literal["done", "failed", "gone"]

_BOARDS: tuple[Board, ...] = ("done", "failed", "gone")
_CALLED: tuple[CalledBy, ...] = ("page", "notify", "call")
_SENT: tuple[Sent, ...] = ("reached", "failed", "joined")
_CHANGES: tuple[Change, ...] = ("acknowledge", "resolve")

#: The JSON form of a result: its word, then its members; what is empty at the end is left out.
Form = list[Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """A call through a channel, and what became of it; `why` it did not go out.

    `by_id` says that its key begins with the node id of the case, which stays; earlier versions put `owner/name#7`
    there, which a repository that is renamed loses.
    """

    verb: CalledBy
    to: str
    via: str
    outcome: Sent = "reached"
    why: str = ""
    by_id: bool = False

    @property
    def ok(self) -> bool:
        """Whether the person knows."""
        return self.outcome != "failed"

    def unparse(self) -> Form:
        """`["page", "ann", "pager", "", "", "id"]`, `["page", "ann", "pager", "failed", "it answered 500", "id"]`."""
        outcome = "" if self.outcome == "reached" else self.outcome
        return _form(self.verb, self.to, self.via, then=(outcome, self.why, "id" if self.by_id else ""))

    @classmethod
    def parse(cls, form: Form) -> Tried:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        verb, to, via, outcome, why, named = _texts(form, 3, 6)
        if named not in ("", "id"):
            raise ValueError(f"{beginning(named)} is not a kind of key")
        return cls(_one_of(_CALLED, verb), to, via, _one_of(_SENT, outcome or "reached"), why, named == "id")


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A person named in a comment of ours: on the issue, or `inside` the case's companion."""

    to: str
    inside: bool = False
    ok: bool = True
    why: str = ""

    def unparse(self) -> Form:
        """`["mention", "ann"]`, `["inside", "ann", "failed", "the comment was not taken"]`."""
        return _form("inside" if self.inside else "mention", self.to, then=(_failed(self.ok), self.why))

    @classmethod
    def parse(cls, form: Form) -> Mentioned:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        word, to, failed, why = _texts(form, 2, 4)
        return cls(to, word == "inside", _ok(failed), why)


@dataclass(frozen=True, slots=True)
class Deferred:
    """A `notify` that waits for the end of the person's quiet hours."""

    to: str
    until: Instant

    def unparse(self) -> Form:
        """`["quiet", "ann", 1764500000]`."""
        return ["quiet", self.to, self.until]

    @classmethod
    def parse(cls, form: Form) -> Deferred:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        if len(form) != 3:
            raise ValueError(f"{form!r} says not until when")
        return cls(text(form[1]), instant(form[2]))


@dataclass(frozen=True, slots=True)
class RoleEmpty:
    """Nobody held this role when its people were to be called."""

    role: str

    def unparse(self) -> Form:
        """`["empty", "first-line"]`."""
        return _form("empty", self.role)

    @classmethod
    def parse(cls, form: Form) -> RoleEmpty:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        return cls(_texts(form, 2, 2)[1])


@dataclass(frozen=True, slots=True)
class StoodIn:
    """The people of this rung, a later one of the ladder, were called at once: nobody held the record's own roles."""

    rung: str

    def unparse(self) -> Form:
        """`["stood in", "due+15m"]`."""
        return _form("stood in", self.rung)

    @classmethod
    def parse(cls, form: Form) -> StoodIn:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        return cls(_texts(form, 2, 2)[1])


@dataclass(frozen=True, slots=True)
class CalledBefore:
    """This person was called already, in place of a role that nobody held."""

    to: str

    def unparse(self) -> Form:
        """`["before", "ann"]`."""
        return _form("before", self.to)

    @classmethod
    def parse(cls, form: Form) -> CalledBefore:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        return cls(_texts(form, 2, 2)[1])


@dataclass(frozen=True, slots=True)
class NotAssigned:
    """GitHub did not take this person as an assignee."""

    login: str

    def unparse(self) -> Form:
        """`["not assigned", "ann"]`."""
        return _form("not assigned", self.login)

    @classmethod
    def parse(cls, form: Form) -> NotAssigned:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        return cls(_texts(form, 2, 2)[1])


@dataclass(frozen=True, slots=True)
class PagerUpdated:
    """The pager `via` was told what became of the page that `to` got."""

    change: Change
    to: str
    via: str
    ok: bool = True
    why: str = ""

    def unparse(self) -> Form:
        """`["acknowledge", "ann", "pager"]`."""
        return _form(self.change, self.to, self.via, then=(_failed(self.ok), self.why))

    @classmethod
    def parse(cls, form: Form) -> PagerUpdated:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        change, to, via, failed, why = _texts(form, 3, 5)
        return cls(_one_of(_CHANGES, change), to, via, _ok(failed), why)


@dataclass(frozen=True, slots=True)
class Opened:
    """An issue was opened in another repository: `where` is `owner/name#7`; where it failed, the repository."""

    where: str
    ok: bool = True

    def unparse(self) -> Form:
        """`["opened", "acme/infra#7"]`, `["opened", "acme/infra", "failed"]`."""
        return _form("opened", self.where, then=(_failed(self.ok),))

    @classmethod
    def parse(cls, form: Form) -> Opened:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        _, where, failed = _texts(form, 2, 3)
        return cls(where, _ok(failed))


@dataclass(frozen=True, slots=True)
class Tracked:
    """The issue was put on a project board (`owner/number`) as `item`, or its due date was moved there: to `day`
    (`2026-12-24`; empty: none was set), at the instant `at`. `gone`: somebody had taken the item off the board.

    Where it failed, only the board is known, and `at` is 0, so that trying again adds nothing to the record.
    """

    project: str
    item: str = ""
    day: str = ""
    at: Instant = 0
    outcome: Board = "done"

    def unparse(self) -> Form:
        """`["tracked", "acme/12", "PVTI_1", "2026-12-24", 1764500000]`; a sixth member tells what became of it else."""
        form: Form = ["tracked", self.project, self.item, self.day, self.at]
        return form if self.outcome == "done" else [*form, self.outcome]

    @classmethod
    def parse(cls, form: Form) -> Tracked:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        if not 5 <= len(form) <= 6 or (len(form) == 6 and form[5] == "done"):
            raise ValueError(f"{beginning(form)} says not how it was tracked")
        _, project, item, day, at, *outcome = form
        became = _one_of(_BOARDS, text(outcome[0] if outcome else "done"))
        return cls(text(project), text(item), text(day), instant(at), became)


@dataclass(frozen=True, slots=True)
class Commented:
    """What the policy lets us say on the issue (`comment`, the reply to a command) was said there, or not yet."""

    ok: bool = True
    why: str = ""

    def unparse(self) -> Form:
        """`["said"]`, `["said", "failed", "the comment was not taken"]`."""
        return _form("said", then=(_failed(self.ok), self.why))

    @classmethod
    def parse(cls, form: Form) -> Commented:
        """Read `unparse`'s form. Raises ValueError on anything else."""
        _, failed, why = _texts(form, 1, 3)
        return cls(_ok(failed), why)


Result = (
    Tried | Mentioned | Deferred | RoleEmpty | StoodIn | CalledBefore | NotAssigned | PagerUpdated | Opened | Tracked
    | Commented
)  # fmt: skip

_PARSERS: Mapping[str, Callable[[Form], Result]] = {
    **dict.fromkeys(_CALLED, Tried.parse),
    "mention": Mentioned.parse,
    "inside": Mentioned.parse,
    "quiet": Deferred.parse,
    "empty": RoleEmpty.parse,
    "stood in": StoodIn.parse,
    "before": CalledBefore.parse,
    "not assigned": NotAssigned.parse,
    **dict.fromkeys(_CHANGES, PagerUpdated.parse),
    "opened": Opened.parse,
    "tracked": Tracked.parse,
    "said": Commented.parse,
}


def parse_result(form: object) -> Result:
    """The result that a list says. Raises ValueError for anything that no `unparse` here has written."""
    if not isinstance(form, list) or not form or not isinstance(form[0], str) or form[0] not in _PARSERS:
        raise ValueError(f"{beginning(form)} is not a result that this version knows")
    return _PARSERS[form[0]](form)


def in_order(results: Sequence[Result] | set[Result]) -> tuple[Result, ...]:
    """Each once, in an order that depends on nothing but what they say."""
    return tuple(sorted(set(results), key=lambda result: [str(part) for part in result.unparse()]))


def instant(value: object) -> Instant:
    """An instant as JSON holds it. Raises ValueError for what no wall clock can show."""
    if isinstance(value, bool) or not isinstance(value, int) or not _FIRST <= value < FOREVER:
        raise ValueError(f"{beginning(value)} is not an instant")
    return value


def _form(*members: str, then: tuple[str, ...] = ()) -> Form:
    """The members, and of what may follow them as much as says something."""
    form = [*members, *then]
    while len(form) > len(members) and not form[-1]:
        form.pop()
    return form


def _texts(form: Form, least: int, most: int) -> list[str]:
    """The members of a form, the missing ones empty."""
    if not least <= len(form) <= most:
        raise ValueError(f"{beginning(form)} has {len(form)} members, and not {least} to {most}")
    return [text(part) for part in form] + [""] * (most - len(form))


def text(value: object) -> str:
    """A text as JSON holds it. Raises ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError(f"{beginning(value)} is not text")
    return value


def beginning(value: object) -> str:
    """What an error says of something that is no part of a record, which may be long."""
    return repr(str(value)[:60])


def _one_of(known: Sequence[Any], word: str) -> Any:
    if word not in known:
        raise ValueError(f"{beginning(word)} is none of {', '.join(known)}")
    return cast(Any, word)


def _failed(ok: bool) -> str:
    return "" if ok else "failed"


def _ok(failed: str) -> bool:
    return bool(_one_of(("", "failed"), failed) == "")
