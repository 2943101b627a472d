"""What `fleet.yml` says: which repositories, by whose policy, and what some have of their own.

A text in, a `Fleet` out, or everything that is wrong with it and where. The policy is inherited from a commit: a branch
or a tag would let somebody else change what all repositories promise, at an instant that nobody here has chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field

from respondby.dataclass import dataclass
from respondby.policy.loading.loader import DEFAULT_PATH
from respondby.policy.loading.words import outside
from respondby.policy.text.cursor import Cursor, Notes, Refused
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import Node, read

#: Where the repository of a fleet keeps it.
FLEET = ".github/fleet.yml"
#: The version of its language that this release reads.
VERSION = 1
#: Into how many jobs a fleet is parted, unless it says.
SHARDS = 4
#: GitHub runs no more jobs of one matrix.
MOST_SHARDS = 256
#: No more repositories are swept for one desk.
MOST = 5_000
#: What is changed for every repository.
ALL = "all"

_REPOSITORY = r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}"
_PIN = re.compile(rf"(?P<repository>{_REPOSITORY})(?:/(?P<path>[^@\s]+))?@(?P<commit>\S+)")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")
_TOPIC = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")


@dataclass(frozen=True, slots=True)
class Pin:
    """A policy of another repository, as it was at a commit."""

    repository: str
    commit: str
    path: str = DEFAULT_PATH

    def __str__(self) -> str:
        return f"{self.repository}@{self.commit[:7]}"


@dataclass(frozen=True, slots=True)
class Query:
    """All repositories of an owner, or those with a topic, but for some (lower-case names)."""

    owner: str
    topic: str | None = None
    leaving_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fleet:
    """A fleet. `path` is its file's; `overrides` what of the policy is another's, by lower-case name, or `all`."""

    path: str
    pin: Pin | None
    repositories: tuple[str, ...]
    queries: tuple[Query, ...] = ()
    overrides: Mapping[str, Node] = field(default_factory=dict)
    shards: int = SHARDS

    def changes_of(self, repository: str) -> tuple[tuple[str, Node], ...]:
        """What of the inherited policy is changed for a repository, in order: for all first, then its own."""
        names = (ALL, repository.lower())
        return tuple((name, self.overrides[name]) for name in names if name in self.overrides)


def read_fleet(text: str, *, path: str = FLEET) -> Fleet:
    """The fleet that `text` says. PolicyError, with every problem and its place, where it is none."""
    notes = Notes(path)
    fleet: Fleet | None = None
    with suppress(Refused):  # noted
        fleet = _fleet(Cursor(read(text, path=path), (), notes))
    if notes.problems or fleet is None:
        raise PolicyError(notes.problems)
    return fleet


def _fleet(root: Cursor) -> Fleet:
    root.mapping(("version", "extends", "overrides", "repositories", "queries", "shards"), required=("version",))
    version = root.at("version")
    if version.text() != str(VERSION):
        version.refused(
            f"This release reads version {VERSION} of a fleet.", hint=f"Write `version: {VERSION}`.", rule="version"
        )
    repositories = root.several("repositories", _repository, alone=False)
    queries = root.several("queries", _query, alone=False)
    if "repositories" not in root and "queries" not in root:
        hint = "Name them under `repositories`, or ask for them under `queries`."
        root.refused("This fleet has no repositories.", value="", hint=hint, rule="missing")
    _once(root, repositories)
    pin = root.maybe("extends", _pin)
    overrides = root.maybe("overrides", _overrides) or {}
    if overrides and "extends" not in root:
        root.at("overrides").refused(
            "This changes a policy, and no policy is inherited.", value="", hint="Add `extends:`.", rule="missing"
        )
    shards = root.maybe("shards", lambda cursor: cursor.whole(least=1)) or SHARDS
    if shards > MOST_SHARDS:
        root.at("shards").refused(
            f"GitHub runs {MOST_SHARDS} jobs of a matrix at most.",
            hint="Each job is billed a minute at least: four or five serve 500 repositories.",
            rule="shards",
        )
    return Fleet(root.notes.file, pin, repositories, queries, overrides, shards)


def _once(root: Cursor, repositories: tuple[str, ...]) -> None:
    """Nobody is named twice, and there are no more than one desk can look after."""
    section = root.get("repositories")
    if section is None or section.node.kind != "list":
        return
    if len(repositories) > MOST:
        section.refused(f"There are {len(repositories)} repositories.", value="", hint=f"A fleet has {MOST} at most.")
    seen: set[str] = set()
    for item in section.entries():
        name = str(item.node.value).lower()
        if item.node.kind == "text" and name in seen:
            item.refused("This repository is named twice.", hint="Once is enough.", rule="twice")
        seen.add(name)


def _repository(cursor: Cursor) -> str:
    name = cursor.text()
    if not re.fullmatch(_REPOSITORY, name):
        raise cursor.refused("This is not a repository.", hint="Write `owner/name`.", rule="repository")
    return name


def _query(cursor: Cursor) -> Query:
    cursor.mapping(("owner", "topic", "except"), required=("owner",), such="{ owner: acme, topic: support }")
    owner = cursor.at("owner")
    if not _OWNER.fullmatch(owner.text()):
        raise owner.refused("This is not an account.", hint="Write the organisation's or person's login.", rule="query")
    topic = cursor.maybe("topic", _topic)
    return Query(owner.text(), topic, frozenset(name.lower() for name in cursor.several("except", _repository)))


def _topic(cursor: Cursor) -> str:
    topic = cursor.text()
    if not _TOPIC.fullmatch(topic):
        raise cursor.refused(
            "This is not a topic.", hint="Small letters, digits and hyphens, as GitHub has them.", rule="query"
        )
    return topic


def _pin(cursor: Cursor) -> Pin:
    text = cursor.text()
    found = _PIN.fullmatch(text)
    if found is None:
        raise cursor.refused(
            "This is not a policy of a repository at a commit.",
            hint="Write `OWNER/NAME@COMMIT`, or `OWNER/NAME/path/to/support.yml@COMMIT`.",
            rule="pinned",
        )
    if not _COMMIT.fullmatch(found["commit"]):
        raise cursor.refused(
            f"`{found['commit']}` may be another policy tomorrow: what all promise is pinned to a commit.",
            hint=f"Write the whole commit: `git ls-remote https://github.com/{found['repository']} HEAD` prints it.",
            rule="pinned",
        )
    path = found["path"] or DEFAULT_PATH
    why = outside(path)
    if why is not None:
        raise cursor.refused(f"This path cannot be read inside a repository: {why}.", rule="pinned")
    return Pin(found["repository"], found["commit"], path)


def _overrides(cursor: Cursor) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for key, value in cursor.items():
        if key != ALL and not re.fullmatch(_REPOSITORY, key):
            hint = "Write `all`, or `owner/name`."
            line, column = cursor.node.keys[key]
            cursor.notes.problem(line, column, f"`{key}` is not a repository.", value=key, hint=hint, rule="shape")
        elif value.node.kind != "mapping":
            value.refused("The policy's keys are expected here.", hint="Such as `{ timezone: Europe/Brussels }`.")
        elif "version" in value.node.value:
            line, column = value.node.keys["version"]
            message = "The version of the inherited policy stays as it is."
            cursor.notes.problem(line, column, message, hint="Leave `version` out.", rule="shape")
        else:
            found[key.lower()] = value.node
    return found
