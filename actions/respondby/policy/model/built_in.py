"""The commands whose work the desk does itself, in one table: the word, what it takes, who says it, what it does.

A policy lists those that it wants, and says `by` itself; what it leaves out of `takes` comes from here. What each does
to a case is `desk.built_in.effects`; the file that is named here holds what goes further.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from respondby.policy.model.requests import Argument

ACK, ASSIGN, WAIT, RESUME, CLOSE = "/ack", "/assign", "/wait", "/resume", "/close"
NOTE, WORKAROUND, REVERTED, HELP_DESK = "/note", "/workaround", "/reverted", "/help-desk"
EXCUSE, PUBLIC_TITLE = "/excuse", "/public-title"
IMPACT, ROOT_CAUSE, TIMELINE = "/impact", "/root-cause", "/timeline"
PART_OF, NOT_PART_OF, UPDATE = "/part-of", "/not-part-of", "/update"
SOLVED, NOT_SOLVED = "/solved", "/not-solved"


class BuiltIn(NamedTuple):
    """One of them: `who` usually says it, what it `does` in words, and the `module` that holds the rest."""

    takes: tuple[Argument, ...]
    who: str
    does: str
    module: str = "desk.built_in.effects"


_TEXT = (Argument("text", "text"),)
_REASON = (Argument("reason", "text", optional=True),)

BUILT_IN: Mapping[str, BuiltIn] = {
    ACK: BuiltIn((), "staff", "answers every page of the case that has gone out", "rules.pages"),
    ASSIGN: BuiltIn((Argument("who", "login", optional=True),), "staff", "assigns somebody, or whoever says it"),
    WAIT: BuiltIn(_REASON, "staff", "waits for the customer"),
    RESUME: BuiltIn((), "staff", "ends the waiting, and every other pause"),
    CLOSE: BuiltIn(_REASON, "author and staff", "closes; what authors close, their next word opens again"),
    NOTE: BuiltIn(_TEXT, "staff", "keeps a note for the hand-over", "desk.built_in.notes"),
    WORKAROUND: BuiltIn(
        (Argument("what", "text"), Argument("original", "text"), Argument("revert-by", "time")),
        "staff",
        "numbers a temporary change until it is undone",
        "desk.built_in.workarounds",
    ),
    REVERTED: BuiltIn((Argument("which", "ref", optional=True),), "staff", "undoes one", "desk.built_in.workarounds"),
    EXCUSE: BuiltIn(
        (Argument("reason", "text"),), "a lead", "says why a promise was missed: shown, never hidden", "reports.reading"
    ),
    PUBLIC_TITLE: BuiltIn(
        (Argument("title", "text"),), "staff", "says what the status page calls an incident", "reports.public_words"
    ),
    IMPACT: BuiltIn(_TEXT, "staff", "keeps for the post-mortem what it did to whom", "desk.built_in.findings"),
    ROOT_CAUSE: BuiltIn(_TEXT, "staff", "keeps for the post-mortem why it happened", "desk.built_in.findings"),
    TIMELINE: BuiltIn(
        _TEXT, "staff", "puts an entry, at a time it may begin with, into the post-mortem", "desk.built_in.findings"
    ),
    PART_OF: BuiltIn(
        (Argument("incident", "ref"),), "staff", "ties a request to an incident (rest: `desk.built_in.incident_ties`)"
    ),
    NOT_PART_OF: BuiltIn((), "staff", "unties it"),
    UPDATE: BuiltIn(
        (Argument("text", "text", optional=True),),
        "staff",
        "on an incident, tells every request that is part of it",
        "desk.built_in.incident_news",
    ),
    SOLVED: BuiltIn((), "author", "closes: it works again for the customer"),
    NOT_SOLVED: BuiltIn((), "author", "ends the waiting: it does not, and the request goes on"),
    HELP_DESK: BuiltIn((), "anyone", "answers with what its speaker may say here", "desk.built_in.help_desk"),
}
