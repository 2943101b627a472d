"""Why somebody is told, as letters see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from respondby.calendars.instants import Instant
from respondby.letters.when import Speaking
from respondby.rules.items import MOVED
from respondby.rules.plan import Because

_SHARE = re.compile(r"(\d{1,3})%")
_OFFSET = re.compile(r"(start|due)([+-])(.+)")
#: How the clock that starts when a duty is done is called after it (`rules.duty_cases`).
_DONE = " done"
_AFTER = re.compile(r"after (.+)")
_UNANSWERED = re.compile(r".+ unanswered")

#: The kinds of rung with an offset, as templates know them.
_OFFSETS = {"start+": "since start", "due+": "after due", "due-": "before due"}

Text = Callable[[str], str]


def clock_name(name: str, speaking: Speaking, text: Text) -> str:
    """A clock or duty as people call it, by its key: `First response`, `Eerste antwoord`."""
    return text(speaking.called(name))


def run_name(clock: str, about: str, speaking: Speaking, text: Text) -> str:
    """One run of a clock: its name, and what tells it from those beside it: `Revert (1: four workers)`."""
    name = clock_name(clock, speaking, text)
    return f"{name} ({text(about)})" if about else name


def reasons(
    because: Sequence[Because],
    speaking: Speaking,
    text: Text,
    say: Text,
    *,
    now: Instant | None = None,
    named: bool = False,
) -> list[Mapping[str, object]]:
    """Each reason as plain values. `text` makes a text harmless for the letter, `say` fills a text of the policy.

    With `now`, for what is read by one person when it is sent, times are also said relative to it. Who spoke and which
    role nobody holds are named there, and where `named` says that no customer reads it; else nobody is named.
    """
    return [_reason(reason, speaking, text, say, now, named or now is not None) for reason in because]


def _reason(
    reason: Because, speaking: Speaking, text: Text, say: Text, now: Instant | None, named: bool
) -> Mapping[str, object]:
    kind, percent, offset = _rung(reason)
    due = speaking.at(reason.due) if reason.due is not None else ""
    relative = reason.kind != "window" and kind not in ("after due", "before due")
    if due and reason.due is not None and now is not None and relative:
        due = f"{due}, {speaking.relative(reason.due, now)}"
    if kind in ("due", "after due", "before due") and not due:
        kind = "start"  # a due that has moved away since: what is left to say is that it is asked for
    clock = reason.name.removesuffix(_DONE)
    return {
        "kind": kind,
        "what": run_name(clock, reason.about, speaking, text) if reason.kind == "rung" else text(reason.name),
        "percent": percent,
        "offset": speaking.length(offset) if offset else "",
        "starts": speaking.at(reason.started) if reason.kind == "window" and reason.started is not None else "",
        "due": due,
        "link": reason.about if reason.kind == "window" else "",
        "speaker": text(reason.speaker) if named else "",
        "say": say(reason.say) if reason.say else "",
        "instead": text(", ".join(reason.instead)) if named else "",
        "late": speaking.lasting(reason.late) if reason.late else "",
        "links": [{"title": text(title), "link": link} for title, link in reason.links],
    }


def _rung(reason: Because) -> tuple[str, str, str]:
    """The kind of reason, the share that has passed, and the offset in the policy's words."""
    if reason.kind == "window":
        urgent = reason.rung == "announced" and reason.state == "emergency"
        return f"window {'urgent' if urgent else reason.rung}", "", ""
    if reason.kind != "rung":
        return reason.kind, "", ""
    if _UNANSWERED.fullmatch(reason.rung):
        return "unanswered", "", ""
    if reason.rung == "done":
        return "done", "", ""
    rung = reason.rung.partition(MOVED)[0]
    share, offset, after = _SHARE.fullmatch(rung), _OFFSET.fullmatch(rung), _AFTER.fullmatch(rung)
    if share:
        return "share", share[1], ""
    if offset:
        return _OFFSETS[offset[1] + offset[2]], "", offset[3].strip()
    if after:
        return "after", "", after[1]
    return ("due" if rung == "due" else "start"), "", ""
