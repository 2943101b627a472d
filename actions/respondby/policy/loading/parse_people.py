"""People and how to reach them: roles, customers, channels."""

from __future__ import annotations

import re
from typing import Literal

from respondby.policy.loading.parse_ladders import parse_repository
from respondby.policy.loading.times import parse_spans, parse_zone
from respondby.policy.loading.words import (
    check_name,
    parse_event,
    parse_language,
    parse_path,
    parse_secret,
    parse_when,
)
from respondby.policy.model.clocks import STAGE
from respondby.policy.model.conditions import ALWAYS, BUILT_IN_ROLES, Alternative, Role
from respondby.policy.model.policy import Channel, Contact, Customer, Person
from respondby.policy.text.cursor import Cursor, each, named

#: Bots of a policy that names none: the account of a workflow's own token.
DEFAULT_BOTS = ("github-actions[bot]",)

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})(?:\[bot\])?")
_KINDS: tuple[Literal["pagerduty", "apprise", "webhook", "console"], ...] = (
    "pagerduty", "apprise", "webhook", "console",
)  # fmt: skip
_QUIET = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_SHIFTS: tuple[Literal["current", "next", "previous"], ...] = ("current", "next", "previous")
_WAYS = ("people", "rota", "role", "team", "association")


def check_login(cursor: Cursor, login: str) -> str:
    """A login as GitHub allows them."""
    if not _LOGIN.fullmatch(login):
        raise cursor.refused("This is not a login.", value=login, hint="Write it without `@`.", rule="name")
    return login


def parse_login(cursor: Cursor) -> str:
    """A login that `people` declares, or a bot's."""
    login = check_login(cursor, cursor.text())
    return login if login.endswith("[bot]") else cursor.refer("person", login)


def parse_person(login: str, cursor: Cursor, zone: str) -> Person:
    """One of `people`; `zone` is the policy's, for dates of who names no zone."""
    check_login(cursor, login)
    if cursor.node.kind == "nothing":
        return Person(login)
    cursor.mapping(("timezone", "away", "pager"), such="{ timezone: Europe/Brussels }")
    timezone = cursor.maybe("timezone", parse_zone)
    pager = cursor.maybe("pager", _pager_id)
    away = cursor.get("away")
    if away is None:
        return Person(login, timezone, pager=pager)
    return Person(login, timezone, parse_spans(away, timezone or zone), pager)


def _pager_id(cursor: Cursor) -> str:
    """A user's id at the pager. The policy is public, so no mail address stands here."""
    if not re.fullmatch(r"[A-Za-z0-9]{1,40}", cursor.text()):
        hint = "Write the id that ends the address of their profile at the pager: `PXPGF42`."
        raise cursor.refused("This is not a user id of a pager.", hint=hint, rule="name")
    return cursor.text()


def parse_role(name: str, cursor: Cursor) -> Role:
    """`login | ALT | [ALT]`."""
    check_name(cursor, name, "role")
    if name in BUILT_IN_ROLES:
        raise cursor.refused(f"The role `{name}` is built in.", value=name, hint="Choose another name.", rule="name")
    if cursor.node.kind == "text":
        return Role(name, (Alternative(people=(parse_login(cursor),)),))
    alternatives = tuple(each(cursor.one_or_more(), _alternative))
    if cursor.node.kind == "list" and not cursor.node.value:
        raise cursor.refused("This role is empty.", value="[]")
    return Role(name, alternatives)


def _alternative(cursor: Cursor) -> Alternative:
    if cursor.node.kind == "text":
        return Alternative(people=(parse_login(cursor),))
    cursor.mapping(("when", "shift", *_WAYS))
    ways = [way for way in _WAYS if way in cursor]
    if len(ways) != 1:
        hint = f"One of {', '.join(f'`{way}`' for way in _WAYS)}."
        raise cursor.refused("An entry of a role has exactly one of these keys.", hint=hint, rule="role")
    if "shift" in cursor and "rota" not in cursor:
        raise cursor.at("shift").refused("`shift` needs `rota` beside it.", hint="Add `rota:`.", rule="role")
    team = cursor.maybe("team", _team)
    people = cursor.several("people", parse_login)
    if "people" in cursor and cursor.at("people").node.value == []:
        raise cursor.at("people").refused("This list is empty.", value="[]")
    return Alternative(
        when=cursor.maybe("when", parse_when) or ALWAYS,
        people=people,
        rota=cursor.maybe("rota", lambda item: item.name("rota")),
        shift=cursor.maybe("shift", lambda item: item.choice(_SHIFTS)) or "current",
        role=cursor.maybe("role", lambda item: item.name("role")),
        team=team[0] if team else None,
        token=team[1] if team else None,
        association=cursor.maybe("association", lambda item: item.choice(("member",))),
    )


def _team(cursor: Cursor) -> tuple[str, str]:
    cursor.mapping(("name", "token"), required=("name", "token"))
    name = cursor.at("name")
    if not re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9_-]+", name.text()):
        raise name.refused("This is not a team.", hint="Write its organisation and slug: `acme/support`.", rule="role")
    return name.text(), parse_secret(cursor.at("token"))


def parse_customer(name: str, cursor: Cursor) -> Customer:
    """One of `customers`."""
    cursor.mapping(("members", "repositories", "plan", "timezone", "language"), such="{ members: [carla] }")
    if ("members" in cursor) == ("repositories" in cursor):
        raise cursor.refused("A customer has `members` or `repositories`.", value=name, hint="Write one of them.")
    return Customer(
        name=name,
        members=cursor.several("members", lambda item: check_login(item, item.text())),
        repositories=cursor.several("repositories", parse_repository),
        plan=cursor.maybe("plan", lambda item: item.text()),
        timezone=cursor.maybe("timezone", parse_zone),
        language=cursor.maybe("language", parse_language),
    )


def parse_channel(name: str, cursor: Cursor) -> Channel:
    """One of `channels`: exactly one kind, with the name of its secret."""
    cursor.mapping(
        (*_KINDS, "headers", "body", "acknowledge", "resolve", "token", "answers", "says", "as", "quiet", "fallback"),
        such="{ apprise: CHAT_URL }",
        others="Kinds are `pagerduty`, `apprise` (Slack, Teams, mail and a hundred more), `webhook` and `console`.",
    )
    chosen = [kind for kind in _KINDS if kind in cursor]
    if len(chosen) != 1:
        hint = f"One of {', '.join(f'`{kind}`' for kind in _KINDS)}."
        raise cursor.refused("A channel has exactly one kind.", value=name, hint=hint)
    if name == STAGE:
        hint = "Call it something else: `via: stage` means the channels of the stage that a product is in."
        raise cursor.refused("A channel cannot have this name.", value=name, hint=hint)
    kind = chosen[0]
    for key in ("headers", "body", "acknowledge", "resolve"):
        if key in cursor and kind != "webhook":
            raise cursor.at(key).refused(f"Only a webhook has `{key}`.", hint=f"Remove `{key}`.")
    if "token" in cursor and kind != "pagerduty":
        raise cursor.at("token").refused("Only a channel of the kind `pagerduty` has `token`.", hint="Remove `token`.")
    return Channel(
        name=name,
        kind=kind,
        secret=parse_secret(cursor.at(kind)),
        headers=cursor.maybe("headers", parse_secret),
        body=cursor.maybe("body", parse_path),
        quiet=cursor.maybe("quiet", _quiet),
        fallback=cursor.maybe("fallback", lambda item: item.name("channel")),
        token=cursor.maybe("token", parse_secret),
        answers=cursor.maybe("answers", parse_event),
        acknowledge=cursor.maybe("acknowledge", parse_path),
        resolve=cursor.maybe("resolve", parse_path),
        says=cursor.maybe("says", parse_event),
        names=_names_there(cursor),
    )


def _names_there(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """`as`: what people are called in a chat. Of two people there none has the other's name."""
    names = cursor.get("as")
    if names is None:
        return ()
    if "says" not in cursor:
        raise names.refused("`as` needs `says` beside it.", hint="Add `says`, or remove `as`.")
    found = tuple((check_login(item, login), item.text()) for login, item in names.items())
    if len({name for _, name in found}) < len(found):
        raise names.refused("Two people have the same id here.", hint="Give each their own id.", rule="name")
    return found


def _quiet(cursor: Cursor) -> tuple[int, int]:
    match = _QUIET.fullmatch(cursor.text().replace(" ", ""))
    if match is None:
        raise cursor.refused("These are not hours of a day.", hint='Write `"22:00-07:00"`.', rule="hours")
    hour, minute, until_hour, until_minute = (int(part) for part in match.groups())
    start, end = hour * 60 + minute, until_hour * 60 + until_minute
    if minute > 59 or until_minute > 59 or start >= 24 * 60 or end > 24 * 60:
        raise cursor.refused("There is no such time of the day.", hint='Write `"22:00-07:00"`.', rule="hours")
    if start == end % (24 * 60):
        raise cursor.refused("These hours have no length.", hint='Write `"22:00-07:00"`.', rule="hours")
    return start, end


def parse_contact(cursor: Cursor) -> Contact:
    """One of `contacts`: a link of the issue chooser."""
    cursor.mapping(
        ("name", "url", "about"),
        required=("name", "url", "about"),
        such='{ name: Status, url: "https://status.example.com", about: Is it down for all? }',
    )
    url = cursor.at("url")
    if not re.fullmatch(r"https?://\S+", url.text()):
        hint = "A telephone number belongs into `about`; give the url of a page that says it."
        raise url.refused("GitHub takes only http and https links here.", hint=hint, rule="contact")
    return Contact(cursor.at("name").text(), url.text(), cursor.at("about").text())


def parse_people(cursor: Cursor | None, zone: str) -> dict[str, Person]:
    """`people`, by login; a login that differs from another only in case is refused."""
    people = named(cursor, lambda login, item: parse_person(login, item, zone))
    seen: dict[str, str] = {}
    for login in people:
        if (other := seen.setdefault(login.casefold(), login)) != login:
            assert cursor is not None
            line, column = cursor.node.keys[login]
            message = f"`{login}` and `{other}` are one account: logins ignore capitals."
            cursor.notes.problem(line, column, message, value=login, hint="Keep one of them.", rule="name")
    return people
