"""The route that searches issues and pull requests."""

from __future__ import annotations

from respondby.sandbox.domain import searching
from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.rest.issues import issue_shape
from respondby.sandbox.store.problems import Problem, invalid
from respondby.sandbox.store.values import Json, Row


def _found(call: Call, row: Row) -> Json:
    shape = issue_shape(call, call.world.get("repos", row["repo_id"]), row)
    del shape["closed_by"]
    shape.pop("parent_issue_url", None)
    return {**shape, "score": 1.0}


def search_issues(call: Call) -> Answer:
    """Find issues and pull requests; of more than 1,000 the rest cannot be read."""
    query = call.query.get("q", "")
    if not query.strip():
        raise invalid("Search", "q", "missing")
    number, size = call.query.get("page", "1"), call.query.get("per_page", "30")
    if number.isdecimal() and size.isdecimal() and (int(number) - 1) * min(int(size), 100) >= searching.MOST:
        raise Problem(422, "Only the first 1000 search results are available")
    ids = searching.search(call.world, call.viewer, query, call.query.get("sort"), call.query.get("order", "desc"))
    rows = searching.rows_of(call.world, ids[: searching.MOST])
    answer = page(call, rows, lambda row: _found(call, row))
    head = {"total_count": len(ids), "incomplete_results": False, "search_type": "lexical"}
    answer.value = {**head, "items": answer.value}
    return answer


ROUTES: Routes = [("GET", "/search/issues", search_issues)]
