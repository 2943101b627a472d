"""The small grammars of the language: WHEN, MOMENT, durations, instants and the names of secrets.

WHEN    {FIELD | stage | product | customer | plan | label | during | outside : v | [v…] | any | unset}
        and {part-of: any | unset}
MOMENT  opened | closed | … | /cmd | FIELD set | FIELD = V | CLOCK stops | CLOCK due | incident updated   [by ROLE]
        and where a clock starts or stops: started | detected | acknowledged | mitigated | resolved
"""

from __future__ import annotations

import re
from functools import partial

from respondby.policy.model.conditions import Pattern, PatternKind, Requirement, When
from respondby.policy.model.incidents import MILESTONES
from respondby.policy.repository.secret_names import RESERVED
from respondby.policy.text.cursor import Cursor, each
from respondby.policy.text.problems import nearest

#: MOMENTs that say everything in a word or two.
HAPPENINGS: tuple[PatternKind, ...] = (
    "opened", "edited", "closed", "reopened", "assigned", "comment", "card", "post-mortem merged", "merged",
    "all ticked", "waiting", "resumed",
)  # fmt: skip

#: What is no act of a person, so that `by ROLE` means nothing.
_NO_ACTS: tuple[PatternKind, ...] = ("card", "waiting", "clock stops", "clock due", "milestone", "incident")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_BY = re.compile(r"(?P<act>.+?)\s+by\s+(?P<role>\S+)")
_COMMAND = re.compile(r"[/@][a-z][a-z0-9-]*")
_SET = re.compile(r"(?P<field>\S+)\s+set")
_EQUALS = re.compile(r"(?P<field>\S+)\s*=\s*(?P<value>\S.*)")
_CLOSED_AS = re.compile(r"closed as (?P<reason>completed|not planned|duplicate)")
_INCIDENT = re.compile(r"incident (?P<what>updated|resolved)")
_CLOCK = re.compile(r"(?P<clock>\S+)\s+(?P<what>stops|due)")
#: The type of a dispatched event.
EVENT = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_SECRET = re.compile(r"(?:[A-Z_]|\{PERSON\}|\{PRODUCT\})(?:[A-Z0-9_]|\{PERSON\}|\{PRODUCT\})*")


def check_name(cursor: Cursor, name: str, what: str) -> str:
    """A name that labels, commands and moments can hold: letters, digits, `.`, `_` and `-`."""
    if not _NAME.fullmatch(name):
        raise cursor.refused(
            f"This is not a name for a {what}.", value=name, hint="Letters, digits, `-`, `_` and `.`.", rule="name"
        )
    return name


def parse_when(cursor: Cursor) -> When:
    """A condition: every key is a field or a built-in key, every value one that the key can have."""
    terms = []
    for key, child in cursor.items():
        cursor.refer_key("when", key)
        values = tuple(each(child.one_or_more(), partial(_value, key)))
        if child.node.kind == "list" and not child.node.value:
            raise child.refused("This condition allows no value.", hint="Write `any` for some value, `unset` for none.")
        terms.append(Requirement(key, values))
    if not terms:
        raise cursor.refused("This condition is empty.", value="{}", hint="Leave `when` out where it always holds.")
    return When(tuple(terms))


def _value(key: str, cursor: Cursor) -> str:
    value = cursor.text()
    if key in ("during", "outside"):
        return cursor.refer("calendar", value)
    if value in ("any", "unset") or key == "label":
        return value
    if key == "part-of":
        raise cursor.refused(
            "A condition asks whether a request is part of an incident, not of which.", hint="Write `any` or `unset`."
        )
    return cursor.refer(f"value of {key}", value)


def parse_moments(cursor: Cursor, *, milestones: bool = False) -> tuple[Pattern, ...]:
    """A MOMENT, or a list that means any of them; with `milestones`, an incident's milestone is one."""
    items = cursor.one_or_more()
    if not items:
        raise cursor.refused("This list is empty: it names no moment.", value="[]")
    return tuple(each(items, partial(parse_moment, milestones=milestones)))


def parse_moment(cursor: Cursor, *, milestones: bool = False) -> Pattern:
    """One MOMENT."""
    text = " ".join(cursor.text().split())
    by, act = None, text
    if match := _BY.fullmatch(text):
        act, by = match["act"], match["role"]
    kind, name, value = _milestone(act) if milestones and act in MILESTONES else _act(act, cursor)
    if by is not None:
        if kind in _NO_ACTS:
            raise cursor.refused(
                f"`{act}` is not what a person does: no `by` can follow.",
                hint=f"Write `{act}`.",
                rule="moment",
            )
        cursor.refer("role", by)
    return Pattern(kind, name, value, by, text)


def _milestone(name: str) -> tuple[PatternKind, str, str]:
    return "milestone", name, ""


def _act(act: str, cursor: Cursor) -> tuple[PatternKind, str, str]:
    for happening in HAPPENINGS:
        if act == happening:
            return happening, "", ""
    if match := _CLOSED_AS.fullmatch(act):
        return "closed", "", "" if match["reason"] == "completed" else match["reason"]
    if _COMMAND.fullmatch(act):
        return "command", cursor.refer("command", act), ""
    if match := _INCIDENT.fullmatch(act):
        return "incident", match["what"], ""
    if match := _CLOCK.fullmatch(act):
        clock = cursor.refer("clock", match["clock"])
        return ("clock stops" if match["what"] == "stops" else "clock due"), clock, ""
    if match := _SET.fullmatch(act):
        return "field set", cursor.refer("field", match["field"]), ""
    if match := _EQUALS.fullmatch(act):
        field = cursor.refer("field", match["field"])
        if match["value"] == "any":
            raise cursor.refused("A moment needs a value.", hint=f"Write `{field} set`.", rule="moment")
        return "field is", field, cursor.refer(f"value of {field}", match["value"])
    close = nearest(act, HAPPENINGS)
    forms = "Such as `opened`, `/command`, `FIELD set`, `FIELD = VALUE`, `CLOCK stops` or `CLOCK due`."
    raise cursor.refused("This is not a moment.", hint=f"Did you mean `{close}`?" if close else forms, rule="moment")


def parse_roles(cursor: Cursor) -> tuple[str, ...]:
    """WHO: one role (or login of `people`) or a list of them."""
    names = cursor.names("role")
    if cursor.node.kind == "list" and not cursor.node.value:
        raise cursor.refused("This list is empty.", value="[]")
    return names


def parse_secret(cursor: Cursor) -> str:
    """The name of an environment variable; it may hold {PERSON} and {PRODUCT}."""
    name = cursor.text()
    if not _SECRET.fullmatch(name):
        hint = "Put the address into a secret and write the secret's name, such as `CHAT_URL`."
        raise cursor.refused("This is not the name of a secret: capitals, digits and `_`.", hint=hint, rule="secret")
    if name.startswith(RESERVED):
        hint = "Call it something else: no name begins with " + ", ".join(RESERVED) + "."
        raise cursor.refused("GitHub keeps this name for itself.", hint=hint, rule="secret")
    return cursor.refer("secret", name)


def parse_event(cursor: Cursor) -> str:
    """The type of a dispatched event."""
    if not EVENT.fullmatch(cursor.text()):
        raise cursor.refused(
            "This is not an event type of a dispatch.", hint="Letters, digits, `-`, `_` and `.`, at most 100."
        )
    return cursor.text()


def parse_path(cursor: Cursor) -> str:
    """A path inside of this repository."""
    path = cursor.text()
    if why := outside(path):
        hint = "Write a path below this policy's root, such as `rota/on-call.yml`."
        raise cursor.refused(f"This path leads out of the repository: {why}.", hint=hint, rule="path")
    return path


def outside(path: str) -> str | None:
    """Why a path cannot be read inside a repository; None where it can."""
    parts = path.rstrip("/").split("/")
    if path.startswith("/"):
        return "it is absolute"
    if "\\" in path or "\0" in path or ":" in parts[0]:
        return "it has a backslash or a colon"
    if ".." in parts:
        return "it has `..`"
    if not all(part and part != "." for part in parts):
        return "it has an empty part"
    if parts[0].casefold() == ".git":
        return "`.git` is not content"
    return None


def parse_language(cursor: Cursor) -> str:
    """A language tag."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", cursor.text()):
        raise cursor.refused("This is not a language tag.", hint="Write `nl` or `pt-BR`.")
    return cursor.text()
