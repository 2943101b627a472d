"""TARGETs in all their shapes, as one list of promises of which the first that applies counts (rule 9).

D  ·  none  ·  {within | by, calendar?, when?}  ·  [TARGET, …]  ·  {FIELD: {v: TARGET}}
"""

from __future__ import annotations

import re

from respondby.calendars.targets import Within
from respondby.policy.loading.times import Book, parse_end, parse_length
from respondby.policy.loading.words import parse_when
from respondby.policy.model.clocks import Promise, Target
from respondby.policy.model.conditions import ALWAYS, Requirement, When
from respondby.policy.text.cursor import Cursor, each

_PROMISE_KEYS = ("within", "by", "calendar", "when")
_ARGUMENT = re.compile(r"(?P<command>[/@][a-z][a-z0-9-]*)\.(?P<argument>\S+)")


def parse_target(cursor: Cursor, book: Book, *, duty: bool = False) -> Target:
    """A TARGET, each promise of which can be measured (rule 1); `by: handover` has a meaning in a duty only."""
    return Target(_promises(cursor, book, duty=duty))


def _promises(cursor: Cursor, book: Book, *, duty: bool) -> tuple[Promise, ...]:
    if cursor.node.kind == "list":
        if not cursor.node.value:
            raise cursor.refused("This target is empty.", value="[]", hint="Write `none`.", rule="target")
        parsed = each(cursor.entries(), lambda item: _promises(item, book, duty=duty))
        return tuple(promise for promises in parsed for promise in promises)
    if cursor.node.kind == "mapping" and not any(key in cursor for key in _PROMISE_KEYS):
        return _by_value(cursor, book, duty=duty)
    if cursor.node.kind == "mapping":
        return (_promise(cursor, book, duty=duty),)
    if cursor.text() == "none":
        return (Promise(none=True, text="none"),)
    length = parse_length(cursor)
    book.measure(cursor, Within(length), None)
    return (Promise(within=length, text=_text(cursor)),)


def _by_value(cursor: Cursor, book: Book, *, duty: bool) -> tuple[Promise, ...]:
    """`{FIELD: {v: TARGET}}`: one promise a value, in the order of the file."""
    items = cursor.items()
    if len(items) != 1:
        hint = "Write `within:` or `by:`, or one field with a target for each of its values."
        raise cursor.refused("This is not a target.", hint=hint, rule="target")
    field, values = items[0]
    cursor.refer_key("when", field)
    promises = []
    for value, target in values.items():
        if value not in ("any", "unset"):
            values.refer_key(f"value of {field}", value)
        for inner in each([target], lambda item: _promises(item, book, duty=duty)):
            promises += [_narrowed(promise, Requirement(field, (value,))) for promise in inner]
    return tuple(promises)


def _narrowed(promise: Promise, term: Requirement) -> Promise:
    return Promise(
        when=When((term, *promise.when.terms)),
        within=promise.within,
        by=promise.by,
        argument=promise.argument,
        none=promise.none,
        calendar=promise.calendar,
        text=promise.text,
    )


def _promise(cursor: Cursor, book: Book, *, duty: bool) -> Promise:
    cursor.mapping(_PROMISE_KEYS)
    when = cursor.maybe("when", parse_when) or ALWAYS
    calendar = cursor.maybe("calendar", lambda item: item.name("calendar"))
    if ("within" in cursor) == ("by" in cursor):
        hint = "`within: 4 business hours`, or `by: end of week`."
        raise cursor.refused("A target has exactly one of `within` and `by`.", hint=hint, rule="target")
    if "within" in cursor:
        within = cursor.at("within")
        if within.text() == "none":
            return Promise(when=when, none=True, text="none")
        length = parse_length(within)
        book.measure(within, Within(length), calendar)
        return Promise(when=when, within=length, calendar=calendar, text=_text(within))
    end = cursor.at("by")
    text = _text(end)
    if match := _ARGUMENT.fullmatch(text):
        end.refer("argument", text)
        return Promise(when=when, argument=(match["command"], match["argument"]), calendar=calendar, text=text)
    if text == "handover":
        if not duty:
            raise end.refused(
                "Only a duty ends at a hand-over.", hint="Name an end: `end of business day`.", rule="target"
            )
        return Promise(when=when, by=text, calendar=calendar, text=text)
    book.measure(end, parse_end(end), calendar)
    return Promise(when=when, by=text, calendar=calendar, text=text)


def _text(cursor: Cursor) -> str:
    return " ".join(cursor.text().split())
