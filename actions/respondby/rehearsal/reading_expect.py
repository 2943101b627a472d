"""Reads what a scenario expects, and the small shapes that all of its reading shares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import TypeVar, cast

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant
from respondby.policy.text.cursor import Cursor, each
from respondby.rehearsal import times
from respondby.rehearsal.story import ClockIs, ClockState, Expect

T = TypeVar("T")

STATES = ("none", "triggered", "acknowledged", "resolved")

KEYS = (
    "clocks", "fields", "labels", "no-labels", "paged", "notified", "comments", "elsewhere", "opened", "refused",
    "pages", "groups", "boards", "messages", "sees",
)  # fmt: skip


def read_expect(cursor: Cursor, where: tzinfo, at: Instant) -> Expect:
    """What is expected at a step at that instant. Times in it are local in `where`, bare ones on its day."""
    cursor.mapping(KEYS)
    if not cursor.node.value:
        raise cursor.refused(
            "Nothing is expected here.", value="", hint=f"Known: {', '.join(f'`{key}`' for key in KEYS)}."
        )
    return Expect(
        clocks=cursor.maybe("clocks", lambda node: _clocks(node, where, at)) or (),
        fields=cursor.maybe("fields", _fields) or (),
        labels=cursor.maybe("labels", texts) or (),
        no_labels=cursor.maybe("no-labels", texts) or (),
        paged=cursor.maybe("paged", _people),
        notified=cursor.maybe("notified", _people),
        comments=cursor.maybe("comments", _comments),
        elsewhere=cursor.maybe("elsewhere", _comments),
        opened=cursor.maybe("opened", texts),
        refused=cursor.maybe("refused", texts),
        pages=cursor.maybe("pages", lambda node: tuple((who, what.choice(STATES)) for who, what in node.items())) or (),
        groups=cursor.maybe("groups", lambda node: tuple((name, texts(who)) for name, who in node.items())) or (),
        boards=cursor.maybe("boards", lambda node: tuple((name, how.text()) for name, how in node.items())) or (),
        messages=cursor.maybe("messages", lambda node: tuple((name, texts(what)) for name, what in node.items())) or (),
        sees=cursor.maybe("sees", lambda node: tuple((who, texts(what)) for who, what in node.items())) or (),
    )


def texts(cursor: Cursor) -> tuple[str, ...]:
    """One text or a list of them."""
    return tuple(each(cursor.one_or_more(), lambda item: item.text()))


def in_words(cursor: Cursor, read: Callable[[], T]) -> T:
    """What `read` gives; a time that it cannot read is a problem at that place."""
    try:
        return read()
    except TimeError as error:
        message = str(error)
        raise cursor.refused(f"{message[:1].upper()}{message[1:]}", rule="time") from None


def _clocks(cursor: Cursor, where: tzinfo, at: Instant) -> tuple[ClockIs, ...]:
    return tuple(_clock(name, value, where, at) for name, value in cursor.items())


def _clock(name: str, cursor: Cursor, where: tzinfo, at: Instant) -> ClockIs:
    state, _, rest = cursor.text().partition(" ")
    if state == "due" and rest.strip():
        return ClockIs(name, "due", in_words(cursor, lambda: times.instant(rest, where, at)))
    if state not in ("off", "met", "late", "breached") or rest:
        raise cursor.refused(
            "This is not a state of a clock.", hint="Write `off`, `due T`, `met`, `late` or `breached`.", rule="state"
        )
    return ClockIs(name, cast(ClockState, state))


def _fields(cursor: Cursor) -> tuple[tuple[str, str | None], ...]:
    said = [(name, value.text()) for name, value in cursor.items()]
    return tuple((name, None if value == "unset" else value) for name, value in said)


def _people(cursor: Cursor) -> frozenset[str]:
    return frozenset(texts(cursor))


def _comments(cursor: Cursor) -> int | tuple[str, ...]:
    if cursor.node.kind == "text" and cursor.node.plain and cursor.text().isdigit():
        return cursor.whole()
    return texts(cursor)
