"""The sections of a status meeting's page: asked, answered, decided, open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from respondby.letters.report.cells import case_cell, section
from respondby.letters.report.paper import Cell, PaperSection
from respondby.letters.report.words import Voice
from respondby.reports.meeting import Meeting


def _asked(meeting: Meeting, voice: Voice) -> PaperSection:
    rows = [
        (case_cell(case), Cell(case.author), Cell(voice.moment(case.opened)), Cell(_state(case.open, voice)))
        for case in meeting.asked
    ]
    return section("asked", voice, voice.column("case", "who", "at", "outcome"), rows)


def _answered(meeting: Meeting, voice: Voice) -> PaperSection:
    rows = [
        (
            case_cell(case),
            Cell(voice.moment(case.first_answer) if case.first_answer is not None else "–"),
            Cell(voice.took((case.first_answer or case.opened) - case.opened), number=True),
        )
        for case in meeting.answered
    ]
    return section("answered", voice, voice.column("case", "at", "lasted"), rows)


def _decided(meeting: Meeting, voice: Voice) -> PaperSection:
    rows = [
        (
            case_cell(one.case),
            Cell(f"{one.word} {one.text}".strip() or _state(False, voice)),
            Cell(one.by or "–"),
            Cell(voice.moment(one.at)),
        )
        for one in meeting.decided
    ]
    return section("decided", voice, voice.column("case", "said", "by", "at"), rows)


def _open(meeting: Meeting, voice: Voice) -> PaperSection:
    rows = []
    for item in meeting.open:
        promise = item.promise
        rows.append(
            (
                case_cell(item.case),
                Cell(", ".join(item.case.assignees) or voice.say("nobody")),
                Cell(voice.say("state", "customer" if item.on_customer else "us")),
                Cell(voice.clock(promise.clock) if promise is not None else "–"),
                Cell(voice.moment(promise.due) if promise is not None and promise.due is not None else "–"),
            )
        )
    return section("open", voice, voice.column("case", "owner", "turn", "promise", "due"), rows)


def _state(open_: bool, voice: Voice) -> str:
    return voice.say("state", "open" if open_ else "closed")


SECTIONS_OF_MEETING: Mapping[str, Callable[[Meeting, Voice], PaperSection]] = {
    "asked": _asked,
    "answered": _answered,
    "decided": _decided,
    "open": _open,
}
