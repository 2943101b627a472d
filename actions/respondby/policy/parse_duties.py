"""Stages, products, incidents, uptime and duties: what must happen besides answering."""

from __future__ import annotations

import re

from respondby.policy.conditions import ALWAYS
from respondby.policy.cursor import Cursor, each, named
from respondby.policy.duties import (
    Alerts,
    DateRule,
    Duty,
    Incidents,
    Maintenance,
    PostMortem,
    Product,
    Schedule,
    Stage,
    Uptime,
)
from respondby.policy.parse_clocks import LadderReader
from respondby.policy.parse_people import parse_role
from respondby.policy.parse_requests import check_name
from respondby.policy.parse_targets import parse_target
from respondby.policy.times import Book, parse_cadence, parse_instant, parse_length, parse_zone
from respondby.policy.words import parse_moments, parse_roles, parse_when

_DATE_RULE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_-]*)(?:\s*\+\s*(?P<offset>\S.*))?")
_PERCENT = re.compile(r"(100|\d{1,2}(\.\d{1,4})?)\s?%")
_EVENT = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_PRODUCT_KEYS = ("name", "uptime", "roles")


def parse_date_rule(cursor: Cursor) -> DateRule:
    """`DATENAME` or `DATENAME + D`."""
    match = _DATE_RULE.fullmatch(" ".join(cursor.text().split()))
    if match is None:
        cursor.refuse("This names no date of a product.", hint="Write `launched` or `launched + 30 days`.", rule="date")
    cursor.refer("date", match["name"])
    offset = parse_length(cursor, match["offset"]) if match["offset"] else None
    return DateRule(match["name"], offset)


def parse_stage(name: str, cursor: Cursor) -> Stage:
    """One of `stages`."""
    check_name(cursor, name, "stage")
    cursor.mapping(("from", "ends", "promises", "channels"))
    return Stage(
        name=name,
        promises=cursor.maybe("promises", lambda item: item.choice("none", "informal", "binding"), "binding"),  # type: ignore[arg-type]
        from_=cursor.maybe("from", parse_date_rule, None),
        ends=cursor.maybe("ends", parse_date_rule, None),
        channels=cursor.maybe("channels", lambda item: item.names("channel"), ()),
    )


def parse_product(id: str, cursor: Cursor, timezone: str) -> Product:
    """One of `products`: every key that is not of the language is a date by name."""
    check_name(cursor, id, "product")
    dates = {
        key: instant
        for key, child in cursor.items()
        if key not in _PRODUCT_KEYS
        for instant in each([child], lambda item: parse_instant(item, timezone))
    }
    return Product(
        id=id,
        name=cursor.maybe("name", lambda item: item.text(), id),
        dates=dates,
        uptime=cursor.maybe("uptime", _percent, None),
        roles=named(cursor.get("roles"), parse_role) if "roles" in cursor else None,
    )


def _percent(cursor: Cursor) -> str:
    text = cursor.text()
    if not _PERCENT.fullmatch(text):
        cursor.refuse("This is no share of time.", hint="Write `99.9%`.", rule="percent")
    return text


def parse_incidents(cursor: Cursor) -> Incidents:
    """Which cases are incidents."""
    cursor.mapping(("when", "alerts", "close-needs", "post-mortem"), required=("when",))
    return Incidents(
        when=parse_when(cursor.at("when")),
        alerts=cursor.maybe("alerts", _alerts, None),
        close_needs=tuple(cursor.maybe("close-needs", lambda item: each(item.one_or_more(), _need), [])),
        post_mortem=cursor.maybe("post-mortem", _post_mortem, None),
    )


def _need(cursor: Cursor) -> str:
    text = cursor.text()
    return cursor.refer("command" if text.startswith(("/", "@")) else "field", text)


def _event(cursor: Cursor) -> str:
    if not _EVENT.fullmatch(cursor.text()):
        cursor.refuse("This is no event type of a dispatch.", hint="Letters, digits, `-`, `_` and `.`, at most 100.")
    return cursor.text()


def _alerts(cursor: Cursor) -> Alerts:
    cursor.mapping(("dispatch", "key", "form", "answers", "set", "resolve"), required=("dispatch", "key", "form"))
    form = cursor.at("form").name("form")
    answers = []
    if (section := cursor.get("answers")) is not None:
        for question, child in section.items():
            section.refer_key(f"question of {form}", question)
            answers += [(question, key) for key in each([child], lambda item: item.text())]
    settings = []
    if (section := cursor.get("set")) is not None:
        for field, child in section.items():
            section.refer_key("field", field)
            settings += [(field, key) for key in each([child], lambda item: item.text())]
    return Alerts(
        dispatch=_event(cursor.at("dispatch")),
        key=cursor.at("key").text(),
        form=form,
        answers=tuple(answers),
        set=tuple(settings),
        resolve=cursor.maybe("resolve", _resolve, None),
    )


def _resolve(cursor: Cursor) -> str:
    return _event(cursor.mapping(("dispatch",), required=("dispatch",)).at("dispatch"))


def _post_mortem(cursor: Cursor) -> PostMortem:
    cursor.mapping(("when", "reviewers", "stakeholders"))
    return PostMortem(
        when=cursor.maybe("when", parse_when, ALWAYS),
        reviewers=cursor.maybe("reviewers", parse_roles, ()),
        stakeholders=cursor.maybe("stakeholders", parse_roles, ()),
    )


def parse_uptime(cursor: Cursor) -> Uptime:
    """What counts as downtime."""
    cursor.mapping(("by", "when", "incidents", "maintenance"), required=("by",))
    return Uptime(
        by=cursor.at("by").name("field"),
        when=cursor.maybe("when", parse_when, ALWAYS),
        incidents=cursor.maybe("incidents", parse_when, ALWAYS),
        maintenance=cursor.maybe("maintenance", _maintenance, None),
    )


def _maintenance(cursor: Cursor) -> Maintenance:
    cursor.mapping(("form", "notice", "notify", "via"), required=("form",))
    return Maintenance(
        form=cursor.at("form").name("form"),
        notice=cursor.maybe("notice", parse_length, None),
        notify=cursor.maybe("notify", parse_roles, ()),
        via=cursor.maybe("via", lambda item: item.name("channel"), None),
    )


_DUTY_KEYS = (
    "schedule", "timezone", "for", "when", "owner", "checklist", "draft", "stop", "target", "ladder", "do", "silent",
    "expects", "within",
)  # fmt: skip


def parse_duty(name: str, cursor: Cursor, ladder: LadderReader, book: Book, timezone: str) -> Duty:
    """One of `duties`; `ladder` reads a list of rungs or the name of a ladder; `timezone` is the policy's."""
    check_name(cursor, name, "duty")
    cursor.mapping(_DUTY_KEYS, required=("schedule",))
    if "ladder" in cursor and "target" not in cursor:
        cursor.at("ladder").refuse("A ladder leads to a due.", value=name, hint="Add `target:`.", rule="duty")
    if "expects" in cursor and "within" not in cursor:
        cursor.at("expects").refuse("Until when is it expected?", hint="Add `within: 3h`.", rule="duty")
    report, report_as, to, via = cursor.maybe("do", _do, (None, None, (), None))
    own_zone = cursor.maybe("timezone", parse_zone, None)
    return Duty(
        name=name,
        schedule=_schedule(cursor.at("schedule"), own_zone or timezone),
        timezone=own_zone,
        for_=cursor.maybe("for", lambda item: item.choice("product", "customer"), None),  # type: ignore[arg-type]
        when=cursor.maybe("when", parse_when, ALWAYS),
        owner=cursor.maybe("owner", parse_roles, ()),
        checklist=cursor.maybe("checklist", _checklist, ()),
        draft=cursor.maybe("draft", lambda item: item.choice("hand-over", "incidents"), None),
        stop=cursor.maybe("stop", parse_moments, ()),
        target=cursor.maybe("target", lambda item: parse_target(item, book, duty=True), None),
        ladder=cursor.maybe("ladder", ladder, ()),
        report=report,
        report_as=report_as,
        report_to=to,
        report_via=via,
        silent=cursor.maybe("silent", lambda item: item.flag(), False),
        expects=cursor.maybe("expects", _expects, None),
        within=cursor.maybe("within", parse_length, None),
    )


def _schedule(cursor: Cursor, timezone: str) -> Schedule:
    if "rota" in cursor:
        cursor.mapping(("rota", "ahead"))
        return Schedule(rota=cursor.at("rota").name("rota"), ahead=cursor.maybe("ahead", parse_length, None))
    if "after" in cursor:
        cursor.mapping(("after", "within"))
        return Schedule(after=parse_date_rule(cursor.at("after")), within=cursor.maybe("within", parse_length, None))
    return Schedule(cadence=parse_cadence(cursor, timezone))


def _checklist(cursor: Cursor) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
    if cursor.node.kind == "list":
        return ((None, tuple(each(cursor.list(), lambda item: item.text()))),)
    lists = []
    for role, child in cursor.items():
        cursor.refer_key("role", role)
        lists.append((role, tuple(each(child.list(), lambda item: item.text()))))
    return tuple(lists)


def _do(cursor: Cursor) -> tuple[str | None, str | None, tuple[str, ...], str | None]:
    cursor.mapping(("report", "as", "to", "via"), required=("report",))
    return (
        cursor.at("report").choice("monthly", "requests", "incidents", "uptime"),
        cursor.maybe("as", lambda item: item.choice("markdown", "csv", "json"), None),
        cursor.maybe("to", parse_roles, ()),
        cursor.maybe("via", lambda item: item.name("channel"), None),
    )


def _expects(cursor: Cursor) -> str:
    word, _, name = cursor.text().partition(" ")
    if word != "dispatch" or not _EVENT.fullmatch(name.strip()):
        cursor.refuse("A duty expects a dispatch.", hint="Write `dispatch backup-done`.", rule="duty")
    return name.strip()
