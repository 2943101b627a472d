"""Why somebody is told, as letters see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from respondby.calendars.instants import Instant
from respondby.letters.when import Speaking
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
    return [_reason(one, speaking, text, say, now, named or now is not None) for one in because]


def _reason(
    one: Because, speaking: Speaking, text: Text, say: Text, now: Instant | None, named: bool
) -> Mapping[str, object]:
    kind, percent, offset = _rung(one)
    due = speaking.at(one.due) if one.due is not None else ""
    relative = one.kind != "window" and kind not in ("after due", "before due")
    if due and one.due is not None and now is not None and relative:
        due = f"{due}, {speaking.relative(one.due, now)}"
    if kind in ("due", "after due", "before due") and not due:
        kind = "start"  # a due that has moved away since: what is left to say is that it is asked for
    clock = one.name.removesuffix(_DONE)
    return {
        "kind": kind,
        "what": run_name(clock, one.about, speaking, text) if one.kind == "rung" else text(one.name),
        "percent": percent,
        "offset": speaking.length(offset) if offset else "",
        "starts": speaking.at(one.started) if one.kind == "window" and one.started is not None else "",
        "due": due,
        "link": one.about if one.kind == "window" else "",
        "speaker": text(one.speaker) if named else "",
        "say": say(one.say) if one.say else "",
        "instead": text(", ".join(one.instead)) if named else "",
        "late": speaking.lasting(one.late) if one.late else "",
    }


def _rung(one: Because) -> tuple[str, str, str]:
    """The kind of reason, the share that has passed, and the offset in the policy's words."""
    if one.kind == "window":
        urgent = one.rung == "announced" and one.state == "emergency"
        return f"window {'urgent' if urgent else one.rung}", "", ""
    if one.kind != "rung":
        return one.kind, "", ""
    if _UNANSWERED.fullmatch(one.rung):
        return "unanswered", "", ""
    if one.rung == "done":
        return "done", "", ""
    share, offset, after = _SHARE.fullmatch(one.rung), _OFFSET.fullmatch(one.rung), _AFTER.fullmatch(one.rung)
    if share:
        return "share", share[1], ""
    if offset:
        return _OFFSETS[offset[1] + offset[2]], "", offset[3].strip()
    if after:
        return "after", "", after[1]
    return ("due" if one.rung == "due" else "start"), "", ""
