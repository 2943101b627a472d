"""VERBS and RUNGs: what is done, and when on the way to a due.

A rung's id is its own `at` (or `after`) text, normalised: it stays the same when rungs beside it come or go. Rungs of
one ladder with equal texts are told apart by `~2`, `~3`, … in the order of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, TypeVar

from respondby.policy.loading.times import parse_length
from respondby.policy.loading.words import parse_roles, parse_secret, parse_when
from respondby.policy.model.clocks import STAGE, Open, Repeat, Rule, Rung, RungAt, Track, Verbs
from respondby.policy.model.conditions import ALWAYS
from respondby.policy.text.cursor import Cursor, each

T = TypeVar("T", Rung, Rule)

VERB_KEYS = (
    "set", "raise", "label", "unlabel", "assign", "comment", "notify", "page", "close", "reopen", "open", "track",
    "via", "say",
)  # fmt: skip

#: Texts may hold these, and the names of fields and questions.
PLACEHOLDERS = ("url",)

_AT = re.compile(r"(?P<base>start|due)(?:\s*(?P<sign>[+-])\s*(?P<offset>\S.*))?")
_SHARE = re.compile(r"(?P<percent>\d{1,3})\s*%")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def parse_verbs(cursor: Cursor) -> Verbs:
    """The VERBS among this mapping's keys (which ones it may have is the caller's to say)."""
    via = cursor.maybe("via", lambda item: item.text() if item.text() == STAGE else item.name("channel"))
    closes, until_reply = cursor.maybe("close", _closes) or (False, False)
    return Verbs(
        set=cursor.maybe("set", _settings) or (),
        raise_=cursor.maybe("raise", _settings) or (),
        label=cursor.maybe("label", _labels) or (),
        unlabel=cursor.maybe("unlabel", _labels) or (),
        assign=cursor.maybe("assign", parse_roles) or (),
        comment=cursor.maybe("comment", parse_template),
        notify=cursor.maybe("notify", parse_roles) or (),
        page=cursor.maybe("page", parse_roles) or (),
        via=via,
        say=cursor.maybe("say", parse_template),
        close=closes,
        until_reply=until_reply,
        reopen=cursor.maybe("reopen", lambda item: item.flag()) or False,
        open=cursor.maybe("open", _open),
        track=cursor.maybe("track", _track),
    )


def _closes(cursor: Cursor) -> tuple[bool, bool]:
    """Whether to close, and whether only until the customer replies."""
    until_reply = " ".join(cursor.text().split()) == "until reply"
    return (True, True) if until_reply else (cursor.flag(), False)


def _settings(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    settings = []
    for field, child in cursor.items():
        cursor.refer_key("field", field)
        settings.append((field, child.refer(f"value of {field}", child.text())))
    return tuple(settings)


def _labels(cursor: Cursor) -> tuple[str, ...]:
    return tuple(each(cursor.one_or_more(), parse_label))


def parse_label(cursor: Cursor) -> str:
    """The name of a label."""
    label = cursor.text()
    if not label.strip() or len(label) > 50 or "\n" in label:
        raise cursor.refused("A label has 1 to 50 characters.", hint="GitHub refuses others.", rule="label")
    return label


def parse_template(cursor: Cursor) -> str:
    """A text that may hold {url} and {FIELD}."""
    text = cursor.text()
    for name in _PLACEHOLDER.findall(text):
        cursor.refer("placeholder", name)
    return text


def _open(cursor: Cursor) -> Open:
    cursor.mapping(("in", "form", "token"), required=("in",))
    return Open(
        where=parse_repository(cursor.at("in")),
        form=cursor.maybe("form", lambda item: item.name("form")),
        token=cursor.maybe("token", parse_secret),
    )


def parse_repository(cursor: Cursor) -> str:
    """`owner/name`."""
    name = cursor.text()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}", name):
        raise cursor.refused("This is not a repository.", hint="Write `owner/name`.")
    return name


def _track(cursor: Cursor) -> Track:
    cursor.mapping(("project", "due", "of", "token"), required=("project",))
    project = cursor.at("project")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[1-9]\d{0,8}", project.text()):
        raise project.refused("This is not a project board.", hint="Write its owner and number: `acme/12`.")
    if "of" in cursor and "due" not in cursor:
        raise cursor.at("of").refused("`of` needs `due` beside it, a date field of the board.", rule="missing")
    return Track(
        project=project.text(),
        due=cursor.maybe("due", lambda item: item.text()),
        token=cursor.maybe("token", parse_secret),
        of=cursor.maybe("of", lambda item: item.name("clock")),
    )


def parse_ladder(cursor: Cursor) -> tuple[Rung, ...]:
    """A list of RUNGs, their ids told apart."""
    return tuple(with_distinct_ids(each(cursor.entries(such="[{ at: due, notify: lead }]"), parse_rung)))


def with_distinct_ids(items: Iterable[T]) -> Iterator[T]:
    """Rungs or rules; of those with one id the second and later ones get a number: `due`, `due~2`."""
    seen: dict[str, int] = {}
    for item in items:
        count = seen[item.id] = seen.get(item.id, 0) + 1
        yield item if count == 1 else replace(item, id=f"{item.id}~{count}")


def parse_rung(cursor: Cursor) -> Rung:
    """One RUNG: `at` or `after`, what it does, and how often it is repeated."""
    cursor.mapping(("at", "after", "when", "repeat", *VERB_KEYS), such="{ at: due, notify: lead }")
    if ("at" in cursor) == ("after" in cursor):
        raise cursor.refused("A rung has one of `at` and `after`.", hint="`at: 75%`, `at: due + 15m`, or `after: 10m`.")
    at = parse_after(cursor.at("after")) if "after" in cursor else parse_at(cursor.at("at"))
    return Rung(
        id=at.text,
        at=at,
        verbs=parse_verbs(cursor),
        when=cursor.maybe("when", parse_when) or ALWAYS,
        repeat=cursor.maybe("repeat", _repeat),
    )


def parse_at(cursor: Cursor) -> RungAt:
    """`start`, `start + D`, `N%`, `due`, `due + D` or `due - D`."""
    text = " ".join(cursor.text().split())
    if match := _SHARE.fullmatch(text):
        percent = int(match["percent"])
        if not 0 < percent <= 100:
            raise cursor.refused(
                "A share is between 1% and 100%.", hint="After the due write `due + 15m`.", rule="rung"
            )
        return RungAt("share", percent=percent, text=f"{percent}%")
    if match := _AT.fullmatch(text):
        return _offset(cursor, match["base"], match["sign"], match["offset"])
    hint = "Write `start`, `75%`, `due`, `start + 10m`, `due - 1h` or `due + 15m`."
    raise cursor.refused("This is not a time of a rung.", hint=hint, rule="rung")


def _offset(cursor: Cursor, base: str, sign: str | None, offset: str | None) -> RungAt:
    kind: Literal["start", "due"] = "start" if base == "start" else "due"
    if offset is None or sign is None:
        return RungAt(kind, text=base)
    if base == "start" and sign == "-":
        raise cursor.refused(
            "Nothing is done before a clock starts.", hint="Write `start` or `start + 10m`.", rule="rung"
        )
    length = parse_length(cursor, offset)
    return RungAt(kind, offset=length, sign=1 if sign == "+" else -1, text=f"{base}{sign}{offset}")


def parse_after(cursor: Cursor) -> RungAt:
    """`after: D`: counted from when the rung before was really performed (rule 7)."""
    text = " ".join(cursor.text().split())
    return RungAt("after", offset=parse_length(cursor, text), text=f"after {text}")


def _repeat(cursor: Cursor) -> Repeat:
    cursor.mapping(("every", "times", "then"), required=("every", "times"), such="{ every: 30m, times: 4 }")
    return Repeat(parse_length(cursor.at("every")), cursor.at("times").whole(least=1), cursor.maybe("then", _then))


def _then(cursor: Cursor) -> Verbs:
    cursor.mapping(VERB_KEYS)
    return parse_verbs(cursor)
