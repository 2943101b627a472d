"""Searching issues and pull requests, in GitHub's language of qualifiers.

Rules of GitHub held here: a query names `is:issue` or `is:pr`; AND, OR and parentheses combine terms; no more than the
first 1,000 can be read, whatever the count; and the index lags behind. By default it is up to date here;
`World.search_lag` lets it know nothing of what changed in the last so many seconds, so that an issue is found by what
it was.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable
from typing import Any

from respondby.sandbox.store import access, clock
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

MOST = 1000
_TERM = re.compile(r"(-?)([a-z-]+):(.+)", re.DOTALL)
#: Whoever asks, where a qualifier asks for somebody.
_ME = re.compile(r"(?<=\w):@me\b")
_KINDS = {"issue": False, "pr": True, "pull-request": True}
Test = Callable[[Json], bool]


def documents(world: World, viewer: Viewer | None) -> list[Json]:
    """Return what the index knows of each issue that the viewer may see: its state when it was indexed last."""
    cutoff = world.clock.now() - world.search_lag
    visible = {
        repo["id"]: f"{repo['login']}/{repo['name']}".lower()
        for repo in world.all("SELECT r.*, u.login FROM repos r JOIN users u ON u.id = r.owner_id")
        if access.can_see(world, viewer, repo)
    }
    known = {row["issue_id"]: row["document"] for row in world.all("SELECT * FROM search_index")}
    found = []
    for row in world.all("SELECT * FROM issues WHERE NOT deleted"):
        if row["repo_id"] not in visible:
            continue
        if row["updated_at"] <= cutoff:
            document = _document(world, row)
            if world.search_lag:
                world.run("INSERT OR REPLACE INTO search_index VALUES (?, ?)", row["id"], json.dumps(document))
        elif row["id"] in known:
            document = json.loads(known[row["id"]])
        else:
            continue
        found.append({**document, "repo": visible[row["repo_id"]]})
    return found


def _document(world: World, row: Row) -> Json:
    def logins(sql: str) -> list[str]:
        return [found[0].lower() for found in world.all(sql, row["id"])]

    comments = world.all("SELECT body FROM comments WHERE issue_id = ? AND minimized IS NULL", row["id"])
    pull = world.one("SELECT * FROM pulls WHERE issue_id = ?", row["id"])
    return {
        "id": row["id"],
        "pull": bool(row["is_pull"]),
        "state": row["state"],
        "reason": row["state_reason"],
        "merged": pull is not None and pull["merged_at"] is not None,
        "draft": pull is not None and bool(pull["draft"]),
        "locked": bool(row["locked"]),
        "title": row["title"].lower(),
        "body": (row["body"] or "").lower(),
        "said": " ".join(comment["body"] for comment in comments).lower(),
        "comments": len(comments),
        "author": world.get("users", row["author_id"])["login"].lower(),
        "labels": logins("SELECT l.name FROM issue_labels i JOIN labels l ON l.id = i.label_id WHERE i.issue_id = ?"),
        "assignees": logins("SELECT u.login FROM assignees a JOIN users u ON u.id = a.user_id WHERE a.issue_id = ?"),
        "commenters": logins("SELECT u.login FROM comments c JOIN users u ON u.id = c.author_id WHERE c.issue_id = ?"),
        "asked": logins("SELECT u.login FROM review_requests r JOIN users u ON u.id = r.user_id WHERE r.issue_id = ?"),
        "milestone": logins("SELECT m.title FROM issues i JOIN milestones m ON m.id = i.milestone_id WHERE i.id = ?"),
        "created": row["created_at"],
        "updated": row["updated_at"],
        "closed": row["closed_at"],
    }


def search(world: World, viewer: Viewer | None, query: str, sort: str | None, order: str) -> list[int]:
    """Return the ids of the issues that a query finds: the newest first, or by `sort` (created, updated, comments).

    Raises Problem (422) for a query that GitHub does not take.
    """
    tests, kinds = read(query if viewer is None else _ME.sub(f":{viewer.login}", query))
    if not kinds:
        raise Problem(422, "Query must include 'is:issue' or 'is:pull-request'")
    if sort not in (None, "created", "updated", "comments"):
        raise invalid("Search", "sort", "invalid", value=sort)
    matches = [document for document in documents(world, viewer) if all(test(document) for test in tests)]
    key = sort or "created"
    matches.sort(key=lambda document: (document[key], document["id"]), reverse=order != "asc")
    return [document["id"] for document in matches]


def read(query: str) -> tuple[list[Test], set[bool]]:
    """Return the conditions of a query, and whether it asks for pull requests (True), issues (False), or both.

    Terms apart by blanks or AND hold together; OR is an alternative, weaker than those; parentheses group.
    """
    places = ["title", "body", "said"]
    kinds: set[bool] = set()
    terms: list[str] = []
    for term in _terms(query):
        found = _TERM.fullmatch(term)
        name, value = ("", "") if found is None else (found[2], found[3].lower())
        if name == "in":
            places = [{"comments": "said"}.get(place, place) for place in value.split(",")]
        elif found is not None and name in ("is", "type") and value in _KINDS and not found[1]:
            kinds.add(_KINDS[value])
        else:
            terms.append(term)
    test = _either(terms, places)
    if terms:
        raise invalid("Search", "q", "invalid", "The search is not valid: a parenthesis is not opened.")
    return [test, lambda document: document["pull"] in kinds], kinds


def _terms(query: str) -> list[str]:
    """Return a query's terms; a parenthesis that stands at the edge of one is a term of its own."""
    try:
        lexer = shlex.shlex(query, posix=True, punctuation_chars=False)
        lexer.whitespace_split, lexer.commenters, lexer.quotes, lexer.escape = True, "", '"', ""
        words = list(lexer)
    except ValueError:
        raise invalid("Search", "q", "invalid", "The search is not valid: a quote is not closed.") from None
    terms: list[str] = []
    for word in words:
        inner = word
        while inner.startswith("("):
            terms.append("(")
            inner = inner[1:]
        closed = 0
        while inner.endswith(")") and inner.count(")") > inner.count("("):
            inner, closed = inner[:-1], closed + 1
        terms += [inner] * bool(inner) + [")"] * closed
    return terms


def _either(terms: list[str], places: list[str]) -> Test:
    """Read alternatives up to the end or to a parenthesis that closes; takes what it reads from `terms`."""
    choices = [_all(terms, places)]
    while terms and terms[0] == "OR":
        terms.pop(0)
        choices.append(_all(terms, places))
    return lambda document: any(choice(document) for choice in choices)


def _all(terms: list[str], places: list[str]) -> Test:
    tests: list[Test] = []
    while terms and terms[0] not in (")", "OR"):
        term = terms.pop(0)
        if term == "(":
            tests.append(_either(terms, places))
            if not terms:
                raise invalid("Search", "q", "invalid", "The search is not valid: a parenthesis is not closed.")
            terms.pop(0)
        elif term != "AND":
            tests.append(_one(term, places))
    return lambda document: all(test(document) for test in tests)


def _one(term: str, places: list[str]) -> Test:
    found = _TERM.fullmatch(term)
    if found is None or found[2] not in _QUALIFIERS:
        return _says(term.lower(), places)
    test = _QUALIFIERS[found[2]](found[3].lower())
    return _not(test) if found[1] else test


def _not(test: Test) -> Test:
    return lambda document: not test(document)


def _says(word: str, places: list[str]) -> Test:
    return lambda document: any(word in document[place] for place in places if place in document)


def _is(value: str) -> Test:
    if value in _KINDS:
        return lambda document: document["pull"] is _KINDS[value]
    if value in ("open", "closed"):
        return lambda document: document["state"] == value
    if value in ("merged", "draft", "locked"):
        return lambda document: bool(document[value])
    raise invalid("Search", "q", "invalid", f"`is:{value}` is not known here")


def _equals(field: str) -> Callable[[str], Test]:
    return lambda value: lambda document: document[field] == value


def _one_of(field: str) -> Callable[[str], Test]:
    """Return a qualifier of a list; several values apart by commas are alternatives."""

    def of(value: str) -> Test:
        wanted = set(value.split(","))
        return lambda document: not wanted.isdisjoint(document[field])

    return of


def _involves(value: str) -> Test:
    return lambda document: value in {document["author"], *document["assignees"], *document["commenters"]}


def _none(value: str) -> Test:
    fields = {"label": "labels", "assignee": "assignees", "milestone": "milestone"}
    if value not in fields:
        raise invalid("Search", "q", "invalid", f"`no:{value}` is not known here")
    return lambda document: not document[fields[value]]


def _owner(value: str) -> Test:
    return lambda document: document["repo"].partition("/")[0] == value


def created_within(value: str) -> Test:
    """Return what tells whether a row with `created` lies in a span of dates: `>=A`, `A..B`, `A`; refuses others."""
    return _ranges("created", _day)(value)


def _ranges(field: str, point: Callable[[str], tuple[int, int]]) -> Callable[[str], Test]:
    """Return a qualifier of instants or numbers: `>=A`, `A..B`, `A`; `point` is the span that one value stands for."""

    def of(value: str) -> Test:
        sign = re.match(r"[<>]=?", value)
        try:
            if ".." in value:
                first, _, last = value.partition("..")
                low = None if first in ("", "*") else point(first)[0]
                high = None if last in ("", "*") else point(last)[1]
            elif sign is not None:
                start, end = point(value[sign.end() :])
                low = {">": end + 1, ">=": start}.get(sign[0])
                high = {"<": start - 1, "<=": end}.get(sign[0])
            else:
                low, high = point(value)
        except ValueError:
            raise invalid("Search", "q", "invalid", f"`{value}` is no {field}") from None
        return lambda document: (
            document[field] is not None
            and (low is None or document[field] >= low)
            and (high is None or document[field] <= high)
        )

    return of


def _day(text: str) -> tuple[int, int]:
    start = clock.parse(text.upper())
    return start, start + (86_399 if len(text) == 10 else 0)


def _number(text: str) -> tuple[int, int]:
    return int(text), int(text)


_QUALIFIERS: dict[str, Callable[[str], Test]] = {
    "is": _is,
    "type": _is,
    "state": _is,
    "reason": _equals("reason"),
    "repo": _equals("repo"),
    "org": _owner,
    "user": _owner,
    "author": _equals("author"),
    "assignee": _one_of("assignees"),
    "commenter": _one_of("commenters"),
    "involves": _involves,
    "review-requested": _one_of("asked"),
    "label": _one_of("labels"),
    "milestone": _one_of("milestone"),
    "no": _none,
    "created": _ranges("created", _day),
    "updated": _ranges("updated", _day),
    "closed": _ranges("closed", _day),
    "comments": _ranges("comments", _number),
}


def rows_of(world: World, ids: Iterable[int]) -> list[Any]:
    """Return the issues of these ids, in their order."""
    return [world.get("issues", number) for number in ids]
