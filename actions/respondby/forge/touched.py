"""Gather what was touched since an earlier look, and what has come due meanwhile: what an incremental sweep reads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.forge import queries, repository_queries
from respondby.forge.client import Client
from respondby.forge.errors import RepositoryMissing
from respondby.forge.gathering import POLICY, Gather, Gathered, Identify, only_the_token
from respondby.forge.nodes import Json, nodes

#: How many issues the query for what was touched names by number.
NAMED = 20
#: What an answer holds where no page was asked for.
_NO_PAGE: Json = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


def gather_touched(
    client: Client,
    since: Instant,
    numbers: Collection[int],
    *,
    due: Callable[[Instant], Collection[int]] = lambda _: (),
    identify: Identify = only_the_token,
    policy: str = POLICY,
) -> Gathered:
    """The cases that were touched at or after `since`, open or closed, those with these numbers, and those that are
    `due` by the forge's clock. One that is gone is not among them.
    """
    gather = Gather(client, identify, policy)
    gather.whole = False
    waiting = sorted(numbers)
    page: dict[str, Any] = {"more": True, "after": None, "since": iso(since)}
    first: Json | None = None
    found: dict[str, Json] = {}
    while page["more"] or waiting:
        named, waiting = waiting[:NAMED], waiting[NAMED:]
        data = gather.pages.shrinking(partial(_page, gather, page, named, with_facts=first is None))
        if first is None:
            first = data
            assert gather.pages.now is not None, "an answer has come"
            waiting = sorted({*waiting, *due(gather.pages.now)} - {*named})
        facts = data["repository"]
        touched = facts.get("touched") or _NO_PAGE
        there = (facts[f"case{index}"] for index in range(len(named)))
        found.update((issue["id"], issue) for issue in (*nodes(touched), *there) if issue is not None)
        page["more"], page["after"] = touched["pageInfo"]["hasNextPage"], touched["pageInfo"]["endCursor"]
    assert first is not None, "the first page is always read"
    return gather.gathered(first, sorted(found.values(), key=lambda issue: int(issue["number"])))


def _page(gather: Gather, page: Json, named: Sequence[int], *, with_facts: bool) -> Json:
    """One answer. Raises RepositoryMissing."""
    variables = {**gather.pages.place, **page, "issues": gather.pages.issues, "items": gather.pages.items}
    variables |= {f"number{index}": number for index, number in enumerate(named)}
    if with_facts:
        variables["policy"] = f"HEAD:{gather.policy}"
    repository = gather.client.repository
    query = touched_query(len(named), with_facts=with_facts)
    data = gather.pages.query(query, variables, f"reading what was touched in {repository}", missing_ok=True)
    if data.get("repository") is None:
        raise RepositoryMissing(repository)
    return data


def touched_query(named: int, *, with_facts: bool) -> str:
    """The query for a page of the issues that were touched since `$since`, and for `named` others by number: variables
    `$number0`, … and `$more`, which says whether that page is wanted.
    """
    variables = "".join(f", $number{index}: Int!" for index in range(named))
    parts = "\n".join(f"  case{index}: issue(number: $number{index}) {{ ...issue }}" for index in range(named))
    page = """
  touched: issues(
    first: $issues, after: $after, filterBy: {since: $since}, orderBy: {field: UPDATED_AT, direction: ASC}
  ) @include(if: $more) {
    pageInfo { hasNextPage endCursor }
    nodes { ...issue }
  }
"""
    head = "$owner: String!, $name: String!, $items: Int!, $issues: Int!"
    head += ", $more: Boolean!, $after: String, $since: DateTime!"
    facts = "...facts" if with_facts else "nameWithOwner"
    policy = ", $policy: String!" if with_facts else ""
    return (
        f"query Touched({head}{policy}{variables}) {{\n  viewer {{ login }}\n"
        f"  repository(owner: $owner, name: $name) {{ {facts}\n{parts}{page}  }}\n}}"
        + (repository_queries.FACTS_PARTS if with_facts else "")
        + queries.ISSUE_PARTS
    )
