"""ROTAs, with the entries of the files that they name.

The entries of `overrides` and `assigned` are files of their own, so that a swap is a one-line change that anybody on
the rota may propose; what is wrong in them is told with the file's own lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from respondby.calendars.errors import TimeError
from respondby.calendars.rotas import Rota
from respondby.dataclass import dataclass
from respondby.policy.loading.parse_people import check_login
from respondby.policy.loading.times import (
    Book,
    parse_cadence,
    parse_entry_time,
    parse_instant,
    parse_length,
    parse_zone,
    refused_time,
)
from respondby.policy.loading.words import check_name, parse_path, parse_roles
from respondby.policy.model.policy import Follow, Person, RotaPlan
from respondby.policy.text.cursor import Cursor, Notes, Refused, each
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import read

_KEYS = ("timezone", "handover", "members", "during", "overrides", "assigned", "shadows", "follow", "rest")
#: What people write has fewer; more would only make reading slow, and anybody may propose a change of these files.
MOST_ENTRIES, MOST_MEMBERS = 2000, 200

_ENTRY_KEYS = ("from", "until", "on", "instead-of", "why")


@dataclass(frozen=True, slots=True)
class RotaContext:
    """What a rota is read with: the policy's people, the files that it names, and its zone."""

    people: Mapping[str, Person]
    files: Mapping[str, str]
    timezone: str
    book: Book

    def login(self, cursor: Cursor) -> str:
        """A login as `people` writes it, since the arithmetic of rotas tells cases apart."""
        login = cursor.refer("person", check_login(cursor, cursor.text()))
        return next((known for known in self.people if known.casefold() == login.casefold()), login)

    def logins(self, cursor: Cursor) -> list[str]:
        """One login or a list of them."""
        if cursor.node.kind == "list" and not cursor.node.value:
            raise cursor.refused("This list is empty.", value="[]", rule="rota")
        seen: set[str] = set()

        def once(item: Cursor) -> str:
            login = self.login(item)
            if login in seen:
                raise item.refused("This person stands here twice.", value=login, hint="Keep one.", rule="rota")
            seen.add(login)
            return login

        return each(cursor.one_or_more(), once)


def parse_rota(name: str, cursor: Cursor, context: RotaContext) -> RotaPlan:
    """One of `rotas`."""
    check_name(cursor, name, "rota")
    cursor.mapping(_KEYS, required=("timezone",))
    noted = len(cursor.notes.problems)
    if "assigned" in cursor:
        for key in ("handover", "members", "during", "overrides"):
            if key in cursor:
                raise cursor.at(key).refused(
                    f"The file of an assigned rota says who is on call; it has no `{key}`.",
                    value=key, hint=f"Remove `{key}` or `assigned`.", rule="rota",
                )  # fmt: skip
    elif "handover" not in cursor or "members" not in cursor:
        hint = "Add `handover:` and `members:`, or `assigned:` with a file."
        raise cursor.refused(
            "A rota needs `handover` and `members`, or `assigned`.", value=name, hint=hint, rule="rota"
        )
    zone = cursor.maybe("timezone", parse_zone) or context.timezone
    handover = cursor.maybe("handover", lambda item: parse_cadence(item, zone, context.book))
    members = cursor.maybe("members", lambda item: _members(item, context, zone))
    during = cursor.maybe("during", lambda item: item.name("calendar"))
    rest = cursor.maybe("rest", _rest) or _Rest()
    mapping: dict[str, Any] = {"timezone": zone}
    if "handover" in cursor:
        mapping |= {"handover": handover.to_mapping() if handover else None, "members": members}
    if during is not None and during in context.book.calendars:
        mapping["during"] = context.book.calendars[during].to_mapping()
    files = {}
    for key in ("overrides", "assigned"):
        files[key] = cursor.maybe(key, parse_path)
        if files[key] is not None:
            mapping[key] = cursor.maybe(key, lambda item: _entries(item, context, zone)) or []
    if len(cursor.notes.problems) > noted:
        raise Refused
    try:
        rota = Rota.from_mapping(mapping, _away(context.people), zone)
    except TimeError as error:
        raise refused_time(cursor, error) from None
    return RotaPlan(
        name=name,
        rota=rota,
        during=during,
        overrides=files["overrides"],
        assigned=files["assigned"],
        shadows=cursor.maybe("shadows", parse_roles) or (),
        follow=cursor.several("follow", _follow, alone=False),
        rest_after_pages=rest.pages,
        rest_after_nights=rest.nights,
        rest_suggest=rest.suggest,
    )


def _away(people: Mapping[str, Person]) -> dict[str, Any]:
    return {login: person.away for login, person in people.items() if person.away}


def _members(cursor: Cursor, context: RotaContext, zone: str) -> list[list[str] | dict[str, Any]]:
    items = cursor.entries()
    if len(items) > MOST_MEMBERS:
        message = f"This rota has {len(items)} members."
        raise cursor.refused(message, hint=f"A rota has {MOST_MEMBERS} at most.", rule="rota")
    if not items:
        raise cursor.refused("This rota has no members.", value="[]", hint="List its members.", rule="rota")
    return each(items, lambda item: _member(item, context, zone))


def _member(cursor: Cursor, context: RotaContext, zone: str) -> list[str] | dict[str, Any]:
    """One login, several in a list, or `{who, from, until}`."""
    if cursor.node.kind != "mapping":
        return context.logins(cursor)
    cursor.mapping(("who", "from", "until"), required=("who",))
    member: dict[str, Any] = {"who": context.logins(cursor.at("who"))}
    begin, end = (cursor.maybe(key, lambda item: parse_instant(item, zone)) for key in ("from", "until"))
    if begin is not None and end is not None and end <= begin:
        message = "This member would leave before joining."
        raise cursor.at("until").refused(message, hint="Write the earlier date as `from`.", rule="time")
    return member | {key: cursor.at(key).text() for key in ("from", "until") if key in cursor}


def _follow(cursor: Cursor) -> Follow:
    cursor.mapping(("group", "via", "as"), required=("group", "via"))
    names = []
    if (section := cursor.get("as")) is not None:
        for login, child in section.items():
            section.refer_key("person", login)
            names += [(login, name) for name in each([child], lambda item: item.text())]
    return Follow(cursor.at("group").text(), cursor.at("via").name("channel"), tuple(names))


class _Rest(NamedTuple):
    """`rest: {after: {pages, nights}, suggest}`."""

    pages: int | None = None
    nights: int | None = None
    suggest: str | None = None


def _rest(cursor: Cursor) -> _Rest:
    cursor.mapping(("after", "suggest"), required=("after", "suggest"))
    after = cursor.at("after").mapping(("pages", "nights"))
    if not after.items():
        raise after.refused("After what?", value="{}", hint="Write `{ pages: 5, nights: 1 }`.")
    parse_length(cursor.at("suggest"))
    return _Rest(
        pages=after.maybe("pages", lambda item: item.whole(least=1)),
        nights=after.maybe("nights", lambda item: item.whole(least=1)),
        suggest=cursor.at("suggest").text(),
    )


def _entries(cursor: Cursor, context: RotaContext, zone: str) -> list[dict[str, Any]]:
    """The entries of the file that this value names, as the arithmetic wants them."""
    path = cursor.text()
    if path not in context.files:
        raise cursor.refused(
            "This file is not in the repository.", hint="Add it (`[]` is a file without swaps).", rule="file"
        )
    notes = Notes(path)
    entries = read_entries(context.files[path], notes, context, zone)
    cursor.notes.add(notes)
    if notes.problems:
        raise Refused
    return entries


def read_entries(text: str, notes: Notes, context: RotaContext, zone: str) -> list[dict[str, Any]]:
    """The entries of a rota's file: a list of `{from, until, on, instead-of?, why?}`."""
    if text.strip() == "" or all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        return []
    try:
        root = read(text, path=notes.file)
    except PolicyError as error:
        notes.problems += error.problems
        return []
    try:
        items = Cursor(root, (), notes).entries()
        if len(items) > MOST_ENTRIES:
            hint = f"Remove those that are over; a file has {MOST_ENTRIES} at most."
            raise items[MOST_ENTRIES].refused(f"This file has {len(items)} entries.", hint=hint, rule="rota")
        return each(items, lambda item: _entry(item, context, zone))
    except Refused:
        return []


def _entry(cursor: Cursor, context: RotaContext, zone: str) -> dict[str, Any]:
    cursor.mapping(_ENTRY_KEYS, required=("from", "until", "on"))
    begin, end = parse_entry_time(cursor.at("from"), zone), parse_entry_time(cursor.at("until"), zone)
    if end <= begin:
        raise cursor.at("until").refused("This ends before it begins.", hint="Write the later time last.", rule="time")
    nobody = cursor.at("on").node.kind == "list" and not cursor.at("on").node.value
    if nobody and "why" not in cursor:
        hint = "Add `why`, so that it is seen to be meant, or name somebody."
        raise cursor.at("on").refused("This puts nobody on call.", value="[]", hint=hint, rule="rota")
    entry: dict[str, Any] = {
        "from": cursor.at("from").text(),
        "until": cursor.at("until").text(),
        "on": [] if nobody else context.logins(cursor.at("on")),
    }
    if "instead-of" in cursor:
        entry["instead-of"] = context.login(cursor.at("instead-of"))
    if "why" in cursor:
        entry["why"] = cursor.at("why").text()
    return entry
