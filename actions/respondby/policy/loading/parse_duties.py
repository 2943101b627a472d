"""Stages, products, incidents, uptime and duties: what must happen besides answering."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from respondby.policy.loading.parse_clocks import LadderReader
from respondby.policy.loading.parse_ladders import parse_verbs
from respondby.policy.loading.parse_people import parse_role
from respondby.policy.loading.parse_targets import parse_target
from respondby.policy.loading.times import Book, parse_cadence, parse_instant, parse_length, parse_zone
from respondby.policy.loading.words import EVENT, check_name, parse_moments, parse_roles, parse_when
from respondby.policy.model.clocks import NOTHING, Verbs
from respondby.policy.model.conditions import ALWAYS
from respondby.policy.model.duties import (
    DateRule,
    Duty,
    Maintenance,
    Product,
    ReportKind,
    Schedule,
    Stage,
    Uptime,
)
from respondby.policy.text.cursor import Cursor, each, named

_DATE_RULE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_-]*)(?:\s*\+\s*(?P<offset>\S.*))?")
_PERCENT = re.compile(r"(100|\d{1,2}(\.\d{1,4})?)\s?%")
_WHOLE_PERCENT = re.compile(r"(100|\d{1,2})\s?%")
_PRODUCT_KEYS = ("name", "was", "uptime", "roles", "timezone")
_PROMISES: tuple[Literal["none", "informal", "binding"], ...] = ("none", "informal", "binding")
_DRAFTS: tuple[Literal["hand-over", "incidents"], ...] = ("hand-over", "incidents")
_REPORTS: tuple[ReportKind, ...] = ("monthly", "requests", "incidents", "uptime")
_FOR: tuple[Literal["product", "customer"], ...] = ("product", "customer")


def parse_date_rule(cursor: Cursor) -> DateRule:
    """`DATENAME` or `DATENAME + D`."""
    match = _DATE_RULE.fullmatch(" ".join(cursor.text().split()))
    if match is None:
        raise cursor.refused(
            "This names no date of a product.", hint="Write `launched` or `launched + 30 days`.", rule="date"
        )
    cursor.refer("date", match["name"])
    offset = parse_length(cursor, match["offset"]) if match["offset"] else None
    return DateRule(match["name"], offset)


def parse_stage(name: str, cursor: Cursor) -> Stage:
    """One of `stages`."""
    check_name(cursor, name, "stage")
    cursor.mapping(("from", "ends", "promises", "channels"))
    return Stage(
        name=name,
        promises=cursor.maybe("promises", lambda item: item.choice(_PROMISES)) or "binding",
        from_=cursor.maybe("from", parse_date_rule),
        ends=cursor.maybe("ends", parse_date_rule),
        channels=cursor.maybe("channels", lambda item: item.names("channel")) or (),
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
        name=cursor.maybe("name", lambda item: item.text()) or id,
        dates=dates,
        uptime=cursor.maybe("uptime", _percent),
        roles=named(cursor.get("roles"), parse_role) if "roles" in cursor else None,
        timezone=cursor.maybe("timezone", parse_zone),
        was=cursor.maybe("was", lambda item: item.text()),
    )


def _percent(cursor: Cursor) -> str:
    text = cursor.text()
    if not _PERCENT.fullmatch(text):
        raise cursor.refused("This is not a share of time.", hint="Write `99.9%`.", rule="percent")
    return text


def parse_uptime(cursor: Cursor) -> Uptime:
    """What counts as downtime."""
    cursor.mapping(("by", "when", "incidents", "weights", "maintenance"), required=("by",))
    return Uptime(
        by=cursor.at("by").name("field"),
        when=cursor.maybe("when", parse_when) or ALWAYS,
        incidents=cursor.maybe("incidents", parse_when) or ALWAYS,
        maintenance=cursor.maybe("maintenance", _maintenance),
        weights=cursor.maybe("weights", _weights) or {},
    )


def _weights(cursor: Cursor) -> dict[str, dict[str, int]]:
    """How much of a downtime each value of a field is: `{severity: {P0: 100%, P1: 30%}}`."""
    found: dict[str, dict[str, int]] = {}
    for name, values in cursor.items():
        cursor.refer_key("field", name)
        found[name] = {}
        for value, child in values.items():
            values.refer_key(f"value of {name}", value)
            for weight in each([child], _weight):
                found[name][value] = weight
    return found


def _weight(cursor: Cursor) -> int:
    found = _WHOLE_PERCENT.fullmatch(cursor.text())
    if found is None:
        raise cursor.refused("This is not a share of a downtime.", hint="Write `30%`, from 0 to 100.", rule="percent")
    return int(found[1])


def _maintenance(cursor: Cursor) -> Maintenance:
    cursor.mapping(("form", "starts", "ends", "emergency", "notice", "remind", "notify", "via"), required=("form",))
    form = cursor.at("form").name("form")
    question = f"question of {form}"
    emergency = []
    if (section := cursor.get("emergency")) is not None:
        for key, child in section.items():
            section.refer_key(question, key)
            emergency += [(key, answer) for answer in each([child], lambda item: item.text())]
    return Maintenance(
        form=form,
        starts=cursor.maybe("starts", lambda item: item.refer(question, item.text())),
        ends=cursor.maybe("ends", lambda item: item.refer(question, item.text())),
        emergency=tuple(emergency),
        notice=cursor.maybe("notice", parse_length),
        remind=cursor.maybe("remind", parse_length),
        notify=cursor.maybe("notify", parse_roles) or (),
        via=cursor.maybe("via", lambda item: item.name("channel")),
    )


_DUTY_KEYS = (
    "name", "schedule", "timezone", "for", "when", "owner", "checklist", "draft", "stop", "target", "ladder", "done",
    "do", "silent", "expects", "within",
)  # fmt: skip


def parse_duty(name: str, cursor: Cursor, ladder: LadderReader, book: Book, timezone: str) -> Duty:
    """One of `duties`; `ladder` reads a list of rungs or the name of a ladder; `timezone` is the policy's."""
    check_name(cursor, name, "duty")
    cursor.mapping(_DUTY_KEYS, required=("schedule",), such="{ schedule: { every: 1 week }, owner: lead }")
    if "ladder" in cursor and "target" not in cursor:
        raise cursor.at("ladder").refused(
            "A ladder needs a `target` beside it.", value=name, hint="Add `target:`.", rule="duty"
        )
    if "expects" in cursor and "within" not in cursor:
        raise cursor.at("expects").refused("`expects` needs `within` beside it.", hint="Add `within: 3h`.", rule="duty")
    do = cursor.maybe("do", _do) or _Do()
    own_zone = cursor.maybe("timezone", parse_zone)
    target = cursor.maybe("target", lambda item: parse_target(item, book, duty=True))
    rungs = cursor.maybe("ladder", ladder) or ()
    if target is not None:
        book.measure_rungs(cursor.at("ladder") if rungs else cursor, target, rungs)
    return Duty(
        name=name,
        title=cursor.maybe("name", lambda item: item.text()),
        schedule=_schedule(cursor.at("schedule"), own_zone or timezone, book),
        timezone=own_zone,
        for_=cursor.maybe("for", lambda item: item.choice(_FOR)),
        when=cursor.maybe("when", parse_when) or ALWAYS,
        owner=cursor.maybe("owner", parse_roles) or (),
        checklist=cursor.maybe("checklist", _checklist) or (),
        draft=cursor.maybe("draft", lambda item: item.choice(_DRAFTS)),
        stop=cursor.maybe("stop", parse_moments) or (),
        target=target,
        ladder=rungs,
        done=cursor.maybe("done", _done_verbs) or NOTHING,
        report=do.report,
        report_as=do.form,
        report_to=do.to,
        report_via=do.via,
        silent=cursor.maybe("silent", lambda item: item.flag()) or False,
        expects=cursor.maybe("expects", _expects),
        within=cursor.maybe("within", parse_length),
    )


def _schedule(cursor: Cursor, timezone: str, book: Book) -> Schedule:
    if cursor.node.kind != "mapping":
        return Schedule(cadence=parse_cadence(cursor, timezone, book))
    if "rota" in cursor:
        cursor.mapping(("rota", "ahead"))
        return Schedule(rota=cursor.at("rota").name("rota"), ahead=cursor.maybe("ahead", parse_length))
    if "after" in cursor:
        cursor.mapping(("after", "within"))
        return Schedule(after=parse_date_rule(cursor.at("after")), within=cursor.maybe("within", parse_length))
    return Schedule(cadence=parse_cadence(cursor, timezone, book))


def _checklist(cursor: Cursor) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
    if cursor.node.kind == "list":
        return ((None, tuple(each(cursor.entries(), lambda item: item.text()))),)
    lists = []
    for role, child in cursor.items():
        cursor.refer_key("role", role)
        lists.append((role, tuple(each(child.entries(), lambda item: item.text()))))
    return tuple(lists)


def _done_verbs(cursor: Cursor) -> Verbs:
    cursor.mapping(("notify", "via", "say", "comment"))
    return parse_verbs(cursor)


class _Do(NamedTuple):
    """`do: {report, as, to, via}`."""

    report: ReportKind | None = None
    form: str | None = None
    to: tuple[str, ...] = ()
    via: str | None = None


def _do(cursor: Cursor) -> _Do:
    cursor.mapping(("report", "as", "to", "via"), required=("report",))
    return _Do(
        report=cursor.at("report").choice(_REPORTS),
        form=cursor.maybe("as", lambda item: item.choice(("markdown", "csv", "json", "html"))),
        to=cursor.maybe("to", parse_roles) or (),
        via=cursor.maybe("via", lambda item: item.name("channel")),
    )


def _expects(cursor: Cursor) -> str:
    word, _, name = cursor.text().partition(" ")
    if word != "dispatch" or not EVENT.fullmatch(name.strip()):
        raise cursor.refused("`expects` names a dispatch.", hint="Write `dispatch backup-done`.", rule="duty")
    return name.strip()
