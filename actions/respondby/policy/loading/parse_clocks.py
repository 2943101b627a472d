"""CLOCKs: what starts, pauses and stops a promise, its target and its ladder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from respondby.policy.loading.parse_ladders import parse_ladder
from respondby.policy.loading.parse_targets import parse_target
from respondby.policy.loading.times import Book
from respondby.policy.loading.words import check_name, parse_moments, parse_when
from respondby.policy.model.clocks import Clock, Rung
from respondby.policy.model.conditions import ALWAYS, Pattern
from respondby.policy.text.cursor import Cursor

#: Reads `ladder: NAME | [RUNG]`.
LadderReader = Callable[[Cursor], tuple[Rung, ...]]

_KEYS = ("name", "was", "when", "start", "stop", "pause", "target", "each", "survives", "ladder")


def ladder_reader(ladders: Mapping[str, tuple[Rung, ...]]) -> LadderReader:
    """A reader that knows these ladders by name."""

    def reader(cursor: Cursor) -> tuple[Rung, ...]:
        if cursor.node.kind == "text":
            return ladders.get(cursor.name("ladder"), ())
        return parse_ladder(cursor)

    return reader


def parse_clock(name: str, cursor: Cursor, ladder: LadderReader, book: Book) -> Clock:
    """One of `clocks`."""
    check_name(cursor, name, "clock")
    cursor.mapping(
        _KEYS, required=("start", "stop", "target"), such="{ start: opened, stop: comment by staff, target: 4h }"
    )
    target = parse_target(cursor.at("target"), book)
    rungs = cursor.maybe("ladder", ladder) or ()
    pause, pause_ends = cursor.maybe("pause", _pause) or ((), ())
    book.measure_rungs(cursor.at("ladder") if rungs else cursor, target, rungs)
    return Clock(
        name=name,
        start=cursor.maybe("start", partial(parse_moments, milestones=True)) or (),
        stop=cursor.maybe("stop", partial(parse_moments, milestones=True)) or (),
        target=target,
        pause=pause,
        pause_ends=pause_ends,
        when=cursor.maybe("when", parse_when) or ALWAYS,
        each=cursor.maybe("each", lambda item: item.flag()) or False,
        survives_close=cursor.maybe("survives", lambda item: item.choice(("close",))) is not None,
        ladder=rungs,
        title=cursor.maybe("name", lambda item: item.text()),
        was=cursor.maybe("was", lambda item: item.text()),
    )


def _pause(cursor: Cursor) -> tuple[tuple[Pattern, ...], tuple[Pattern, ...]]:
    """`pause: MOMENT`, or `{from: MOMENT, until: MOMENT}`."""
    if cursor.node.kind != "mapping":
        return parse_moments(cursor), ()
    cursor.mapping(("from", "until"), required=("from", "until"))
    return cursor.maybe("from", parse_moments) or (), cursor.maybe("until", parse_moments) or ()
