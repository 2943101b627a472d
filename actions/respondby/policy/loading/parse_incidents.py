"""The section `incidents`: which cases are incidents, the sources of their alerts, what they owe."""

from __future__ import annotations

import re
from functools import partial

from respondby.policy.loading.parse_clocks import LadderReader
from respondby.policy.loading.parse_targets import parse_target
from respondby.policy.loading.times import Book, parse_elapsed
from respondby.policy.loading.words import parse_event, parse_moment, parse_path, parse_roles, parse_when
from respondby.policy.model.clocks import Promise, Target
from respondby.policy.model.conditions import ALWAYS, Pattern, PatternKind
from respondby.policy.model.incidents import (
    MILESTONES,
    REOPEN_WITHIN,
    ActionItems,
    AlertField,
    Alerts,
    Incidents,
    PostMortem,
    RelatedTo,
)
from respondby.policy.text.cursor import Cursor, each

#: One line that a heading can hold.
_SECTION = re.compile(r"\S(?:[^\n]{0,98}\S)?")
#: What an incident's alert does, as a milestone's moment.
_ALERT_MOMENTS = ("alert fires", "alert acknowledged", "alert resolved")
#: Moments that a case has once and for all: no other says when something of the incident was.
_OF_MILESTONES: tuple[PatternKind, ...] = (
    "opened", "closed", "assigned", "comment", "command", "field set", "field is",
)  # fmt: skip
_KEYS = ("when", "alerts", "reopen-within", "close-needs", "milestones", "post-mortem", "related")
_ALERT_KEYS = ("dispatch", "source", "map", "key", "form", "answers", "set", "resolve")


def parse_incidents(cursor: Cursor, ladder: LadderReader, book: Book) -> Incidents:
    """Which cases are incidents; `ladder` reads a list of rungs or the name of a ladder."""
    cursor.mapping(_KEYS, required=("when",))
    within = cursor.maybe("reopen-within", parse_elapsed)
    return Incidents(
        when=parse_when(cursor.at("when")),
        alerts=cursor.several("alerts", _alerts),
        reopen_within=REOPEN_WITHIN if within is None else within,
        close_needs=cursor.several("close-needs", _need),
        milestones={**MILESTONES, **(cursor.maybe("milestones", _milestones) or {})},
        post_mortem=cursor.maybe("post-mortem", lambda item: _post_mortem(item, ladder, book)),
        related=cursor.maybe("related", _related),
    )


def _related(cursor: Cursor) -> RelatedTo:
    """Whom related cases are told of: `{notify: ROLE, via: CHANNEL}`."""
    cursor.mapping(("notify", "via"), required=("notify",))
    via = cursor.maybe("via", lambda item: item.name("channel"))
    return RelatedTo(cursor.maybe("notify", parse_roles) or (), via)


def _milestones(cursor: Cursor) -> dict[str, tuple[Pattern, ...]]:
    """The moments of those milestones that the policy names."""
    cursor.mapping(tuple(MILESTONES))
    return {name: tuple(each(child.one_or_more(), _moment)) for name, child in cursor.items()}


def _moment(cursor: Cursor) -> Pattern:
    text = " ".join(cursor.text().split())
    if text in _ALERT_MOMENTS:
        return Pattern("alert", value=text.removeprefix("alert "), text=text)
    pattern = parse_moment(cursor)
    if pattern.kind not in _OF_MILESTONES:
        hint = "Such as `/mitigated`, `comment by staff`, `FIELD = VALUE` or `alert resolved`."
        raise cursor.refused(f"`{text}` cannot be a milestone's moment.", hint=hint, rule="moment")
    return pattern


def _need(cursor: Cursor) -> str:
    text = cursor.text()
    return cursor.refer("command" if text.startswith(("/", "@")) else "field", text)


def _alerts(cursor: Cursor) -> Alerts:
    cursor.mapping(_ALERT_KEYS, required=("dispatch", "form"))
    named = [key for key in ("source", "map", "key") if key in cursor]
    if len(named) > 1:
        raise cursor.refused(
            f"`{named[0]}` and `{named[1]}` do not go together.",
            hint="`source` is a map that comes with respondby, `map` a file; `key` is for a payload of your own.",
        )
    form = cursor.at("form").name("form")
    answers = []
    if (section := cursor.get("answers")) is not None:
        for question, child in section.items():
            section.refer_key(f"question of {form}", question)
            answers += [(question, part) for part in each([child], lambda item: item.text())]
    settings: list[AlertField] = []
    if (section := cursor.get("set")) is not None:
        for field, child in section.items():
            section.refer_key("field", field)
            settings += each([child], partial(_setting, field))
    return Alerts(
        dispatch=parse_event(cursor.at("dispatch")),
        form=form,
        source=cursor.maybe("source", Cursor.text),
        map=cursor.maybe("map", parse_path),
        key=cursor.maybe("key", Cursor.text),
        answers=tuple(answers),
        set=tuple(settings),
        resolve=cursor.maybe("resolve", _resolve),
    )


def _setting(field: str, cursor: Cursor) -> AlertField:
    """A part of the alert, or what the part's words mean for the field."""
    if cursor.node.kind == "text":
        return AlertField(field, cursor.text())
    cursor.mapping(("from", "values"), required=("from", "values"))
    values = {}
    for word, child in cursor.at("values").items():
        values[word.casefold()] = child.refer(f"value of {field}", child.text())
    return AlertField(field, cursor.at("from").text(), values)


def _resolve(cursor: Cursor) -> str:
    return parse_event(cursor.mapping(("dispatch",), required=("dispatch",)).at("dispatch"))


def _section(cursor: Cursor) -> str:
    text = cursor.text()
    if not _SECTION.fullmatch(text):
        raise cursor.refused(
            "This is not a title of a section.", hint="One line, such as `Root cause`.", rule="section"
        )
    return text


def _post_mortem(cursor: Cursor, ladder: LadderReader, book: Book) -> PostMortem:
    cursor.mapping(("when", "reviewers", "stakeholders", "sections", "actions"))
    return PostMortem(
        when=cursor.maybe("when", parse_when) or ALWAYS,
        reviewers=cursor.maybe("reviewers", parse_roles) or (),
        stakeholders=cursor.maybe("stakeholders", parse_roles) or (),
        sections=cursor.several("sections", _section),
        actions=cursor.maybe("actions", lambda item: _actions(item, ladder, book)),
    )


def _actions(cursor: Cursor, ladder: LadderReader, book: Book) -> ActionItems:
    cursor.mapping(("target", "ladder"))
    target = cursor.maybe("target", lambda item: parse_target(item, book))
    rungs = cursor.maybe("ladder", ladder) or ()
    if rungs:
        book.measure_rungs(cursor.at("ladder"), target or Target((Promise(by="T"),)), rungs)
    return ActionItems(target, rungs)
