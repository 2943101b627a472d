"""From the text of a policy to the policy, or to everything that is wrong with it.

`load` is the only maker of a `Policy`. It reads no file: the texts that a policy names (rota files, templates, the
names of a folder's files) are handed in, and `named_files` tells which they are. What it accepts the schema accepts,
and what the schema refuses it refuses (a test holds that for every broken sample), so the schema library is never
imported by a desk at work; `respondby check` adds the checks of sense (`policy.checks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal

from respondby.kept import Kept
from respondby.policy.loading.circles import refuse_circles
from respondby.policy.loading.examination import Examination
from respondby.policy.loading.parse_clocks import ladder_reader, parse_clock
from respondby.policy.loading.parse_duties import parse_duty, parse_product, parse_stage, parse_uptime
from respondby.policy.loading.parse_incidents import parse_incidents
from respondby.policy.loading.parse_ladders import parse_ladder, parse_repository
from respondby.policy.loading.parse_people import (
    DEFAULT_BOTS,
    parse_channel,
    parse_contact,
    parse_customer,
    parse_people,
    parse_role,
)
from respondby.policy.loading.parse_publish import parse_publish
from respondby.policy.loading.parse_queue import parse_queue
from respondby.policy.loading.parse_requests import parse_command, parse_field, parse_form, parse_rules
from respondby.policy.loading.parse_rotas import RotaContext, parse_rota
from respondby.policy.loading.parse_watch import parse_watch
from respondby.policy.loading.references import judge
from respondby.policy.loading.times import Book, parse_calendar, parse_instant, parse_zone
from respondby.policy.loading.words import outside, parse_path, parse_secret, parse_when
from respondby.policy.model.conditions import Alternative, Role, When
from respondby.policy.model.policy import Mute, Policy
from respondby.policy.model.requests import Field, Form, Value
from respondby.policy.text.cursor import Cursor, Notes, Refused, named, scalar
from respondby.policy.text.problems import PolicyError, nearest, shorten, worst_first
from respondby.policy.text.yaml_text import Node, read

#: Where a repository keeps its policy.
DEFAULT_PATH = ".github/support.yml"

#: The language's version that this release reads.
VERSION = 1

KEYS = (
    "version", "desk", "timezone", "mode", "since", "mute", "void", "calendar", "on-policy-change", "messages",
    "internal", "heartbeat", "watch", "queue", "ceiling", "contacts", "people", "calendars", "rotas", "roles",
    "customers", "channels", "fields", "forms", "commands", "rules", "clocks", "ladders", "stages", "products",
    "incidents", "uptime", "publish", "duties",
)  # fmt: skip


#: A policy's text, its path, and the texts of the files that it names, by path and in order.
Texts = tuple[str, str, tuple[tuple[str, str], ...]]

#: Policies that this process has read: that of today, and a few of yesterday's or of other scenarios.
_POLICIES: Kept[Texts, Policy] = Kept(8)

#: For a policy that names no other files.
NO_FILES: Mapping[str, str] = MappingProxyType({})

_MODES: tuple[Literal["live", "shadow", "off"], ...] = ("live", "shadow", "off")
_ON_CHANGE: tuple[Literal["keep", "apply"], ...] = ("keep", "apply")


def load(
    text: str, *, path: str = DEFAULT_PATH, files: Mapping[str, str] = NO_FILES, commit: str | None = None
) -> Policy:
    """The policy that `text` says. `files` are the texts of `named_files(text)` by path; a missing one is a problem.

    PolicyError, with every problem and its place, where the text is no policy. `commit` is remembered in the policy.
    """
    texts = text, path, tuple(sorted(files.items()))
    policy = _POLICIES.get(texts, lambda: _valid(examine(text, path=path, files=files)))
    return policy if commit is None else replace(policy, commit=commit)


def known() -> list[Texts]:
    """The texts of the policies that this process has read."""
    return [texts for texts, _ in _POLICIES.items()]


def learn(text: str, path: str, files: Sequence[tuple[str, str]]) -> None:
    """Read a policy that another process has read."""
    load(text, path=path, files=dict(files))


def _valid(reading: Examination) -> Policy:
    if reading.policy is None:
        raise PolicyError(reading.problems)
    return reading.policy


def named_files(text: str) -> tuple[str, ...]:
    """Paths that the policy names, in the order of the text; one that ends in `/` is a folder whose files are meant.

    Only paths inside the repository are given. PolicyError where the text is no YAML.
    """
    found = (path for path in _named(read(text, path=DEFAULT_PATH)) if not outside(path))
    return tuple(dict.fromkeys(found))


#: Keys of a channel that name files.
_FILES = ("body", "acknowledge", "resolve")


def _named(root: Node) -> Iterator[str]:
    data = root.data()
    for section, keys in (("rotas", ("overrides", "assigned")), ("channels", _FILES), ("fields", ("choices-from",))):
        entries = data.get(section) if isinstance(data, dict) else None
        for entry in entries.values() if isinstance(entries, dict) else ():
            for key in keys:
                if isinstance(entry, dict) and isinstance(entry.get(key), str):
                    yield entry[key] if key != "choices-from" else entry[key].rstrip("/") + "/"
    if isinstance(data, dict) and isinstance(data.get("messages"), str):
        yield from _message_folders(data["messages"].rstrip("/"), data.get("customers"))


def _message_folders(folder: str, customers: Any) -> Iterator[str]:
    """The folder of the desk's own words, and in it one for each language that customers have."""
    yield f"{folder}/"
    for customer in customers.values() if isinstance(customers, dict) else ():
        tag = customer.get("language") if isinstance(customer, dict) else None
        if isinstance(tag, str) and "/" not in tag:
            # Whoever speaks `nl-BE` is answered in `nl` where there are no letters of their own.
            yield from dict.fromkeys((f"{folder}/{tag}/", f"{folder}/{tag.partition('-')[0]}/"))


def examine(text: str, *, path: str = DEFAULT_PATH, files: Mapping[str, str] = NO_FILES) -> Examination:
    """Like `load`, but what is wrong is told, not raised."""
    try:
        root = read(text, path=path).apart()  # a key that was misspelt is mended in it
    except PolicyError as error:
        return Examination(path, None, None, error.problems, (), files)
    notes = Notes(path)
    policy = _Parser(Cursor(root, (), notes), files).parse()
    problems = worst_first(notes.problems)
    return Examination(path, root, None if problems else policy, problems, tuple(notes.references), files)


class _Parser:
    """Section after section; a section that is refused is empty, so that the others are still read."""

    def __init__(self, root: Cursor, files: Mapping[str, str]) -> None:
        self.root = root
        self.files = files

    def parse(self) -> Policy | None:
        if not self._is_policy():
            return None
        root = self.root
        own_zone = root.maybe("timezone", parse_zone)
        self._at_most(60, "rotas")
        self._at_most(120, "calendars")
        self._at_most(400, "clocks")
        calendars = named(self.root.get("calendars"), lambda _, item: parse_calendar(item, own_zone or "UTC"))
        calendar = root.maybe("calendar", lambda item: item.name("calendar"))
        timezone = own_zone or (calendars[calendar].timezone if calendar in calendars else "UTC")
        people = parse_people(root.get("people"), timezone)
        book = Book(calendars, calendar)
        rota_context = RotaContext(people, self.files, timezone, book)
        ladders = named(root.get("ladders"), lambda _, item: parse_ladder(item))
        ladder = ladder_reader(ladders)
        forms = named(root.get("forms"), parse_form)
        products = named(root.get("products"), lambda id, item: parse_product(id, item, timezone))
        fields = named(root.get("fields"), parse_field)
        internal = root.maybe("internal", _internal)
        policy = Policy(
            desk=root.maybe("desk", lambda item: item.text()) or "",
            timezone=timezone,
            calendar=calendar,
            calendars=calendars,
            people=people,
            rotas=named(root.get("rotas"), lambda name, item: parse_rota(name, item, rota_context)),
            roles=_with_standard_roles(named(root.get("roles"), parse_role), tuple(people)),
            customers=named(root.get("customers"), parse_customer),
            channels=named(root.get("channels"), parse_channel),
            fields={name: self._with_values(field, forms, products) for name, field in fields.items()},
            forms=forms,
            commands=named(root.get("commands"), parse_command),
            rules=root.maybe("rules", parse_rules) or (),
            clocks=named(root.get("clocks"), lambda name, item: parse_clock(name, item, ladder, book)),
            stages=named(root.get("stages"), parse_stage),
            products=products,
            duties=named(root.get("duties"), lambda name, item: parse_duty(name, item, ladder, book, timezone)),
            incidents=root.maybe("incidents", lambda item: parse_incidents(item, ladder, book)),
            uptime=root.maybe("uptime", parse_uptime),
            mode=root.maybe("mode", lambda item: item.choice(_MODES)) or "live",
            since=root.maybe("since", lambda item: parse_instant(item, timezone)),
            void=root.maybe("void", _void),
            mute=root.several("mute", lambda item: _mute(item, timezone), alone=False),
            on_policy_change=root.maybe("on-policy-change", lambda item: item.choice(_ON_CHANGE)) or "keep",
            messages=root.maybe("messages", parse_path),
            internal=internal[0] if internal else None,
            internal_token=internal[1] if internal else None,
            contacts=root.several("contacts", parse_contact, alone=False),
            heartbeat=root.maybe("heartbeat", parse_secret),
            watch=root.maybe("watch", parse_watch),
            publish=root.maybe("publish", lambda item: parse_publish(item, timezone)),
            queue=root.maybe("queue", parse_queue),
            ceiling=root.maybe("ceiling", lambda item: item.whole(least=1)),
        )
        self._check_bodies()
        judge(root.notes, root, policy)
        refuse_circles(root, policy)
        return policy

    def _is_policy(self) -> bool:
        """Is it a mapping of our keys, in a version that we read? A newer version is the only thing said about it."""
        root = self.root
        if root.node.kind != "mapping":
            root.refused("A policy is a mapping of keys to values.")
            return False
        version = root.get("version")
        if version is not None and version.node.value != str(VERSION):
            written = scalar(version.node)
            newer = written.isascii() and written.isdigit() and int(written[:9]) > VERSION
            message = f"There is no version {shorten(written)}." if written else "The version is missing."
            if newer:
                message = f"This policy is of version {shorten(written)}; this release reads version {VERSION}."
            version.refused(
                message,
                hint="Use a newer respondby." if newer else f"Write `version: {VERSION}`.",
                rule="version",
            )
            return False
        with suppress(Refused):  # noted; the sections are read all the same
            root.mapping(KEYS, required=("version", "desk"))
        self._mend_slips()
        return True

    def _mend_slips(self) -> None:
        """Read a section under the key that was meant: one slip is told once, and not by whatever asks for it."""
        node = self.root.node
        for key in [key for key in node.value if key not in KEYS]:
            meant = nearest(key, KEYS)
            if meant is not None and meant not in node.value:
                node.value[meant], node.keys[meant] = node.value[key], node.keys[key]

    def _with_values(self, field: Field, forms: Mapping[str, Form], products: Mapping[str, Any]) -> Field:
        if field.name == "type":
            return replace(field, values=tuple(Value(form.id, form.name) for form in forms.values() if form.name))
        if field.name == "product":
            return replace(field, values=tuple(Value(id, product.name) for id, product in products.items()))
        if field.choices_from is None:
            return field
        folder = field.choices_from.rstrip("/") + "/"
        names = sorted(path.removeprefix(folder).rsplit(".", 1)[0] for path in self.files if path.startswith(folder))
        values = tuple(Value(name, name.replace("-", " ").capitalize()) for name in names if "/" not in name)
        return replace(field, values=values)

    def _at_most(self, most: int, key: str) -> None:
        """Refuse a section of more entries than people write: each of them takes time to be judged."""
        section = self.root.get(key)
        if section is not None and section.node.kind == "mapping" and len(section.node.value) > most:
            count = len(section.node.value)
            section.refused(f"There are {count} {key}.", hint=f"A policy has {most} at most.", rule=key)
            section.node.value.clear()

    def _check_bodies(self) -> None:
        """Templates of webhooks have to be there."""
        section = self.root.get("channels")
        for _, channel in section.items() if section is not None and section.node.kind == "mapping" else ():
            for key in _FILES if channel.node.kind == "mapping" else ():
                file = channel.get(key)
                if file is not None and file.node.kind == "text" and file.node.value not in self.files:
                    file.refused(
                        "This file is not in the repository.", hint="Add it, or correct the path.", rule="file"
                    )


def _internal(cursor: Cursor) -> tuple[str, str]:
    cursor.mapping(("repository", "token"), required=("repository", "token"))
    return parse_repository(cursor.at("repository")), parse_secret(cursor.at("token"))


def _void(cursor: Cursor) -> When:
    when = parse_when(cursor)
    timed = next((term.key for term in when.terms if term.key in ("stage", "during", "outside")), None)
    if timed is not None:
        message = "Whether a request is void does not change with time."
        raise cursor.at(timed).refused(message, hint="Ask for fields, labels, the customer or the plan.", rule="void")
    return when


def _mute(cursor: Cursor, timezone: str) -> Mute:
    cursor.mapping(("from", "until", "why"), required=("from", "until", "why"))
    start, end = parse_instant(cursor.at("from"), timezone), parse_instant(cursor.at("until"), timezone)
    if end <= start:
        raise cursor.at("until").refused("This ends before it begins.", hint="Write the later time last.", rule="time")
    return Mute(start, end, cursor.at("why").text())


def _with_standard_roles(roles: dict[str, Role], everybody: tuple[str, ...]) -> dict[str, Role]:
    """`staff` (all `people`) and `bots` (the workflow's own account) where the policy does not name them."""
    standard = {
        "staff": Role("staff", (Alternative(people=everybody),)),
        "bots": Role("bots", (Alternative(people=DEFAULT_BOTS),)),
    }
    return {**roles, **{name: role for name, role in standard.items() if name not in roles}}
