"""Calls of githubkit for the routes of sub-issues and dependencies, each on issues of its own."""

from collections.abc import Callable
from typing import Any

from githubkit_schemas.v2026_03_10.rest import RestNamespace

DESK = ("acme", "desk")


def opened(rest: RestNamespace, times: int = 1) -> list[dict[str, Any]]:
    """New issues."""
    return [rest.issues.create(*DESK, title="Related").json() for _ in range(times)]


def family(rest: RestNamespace) -> list[dict[str, Any]]:
    """A parent and its two sub-issues."""
    found = opened(rest, 3)
    for child in found[1:]:
        rest.issues.add_sub_issue(*DESK, found[0]["number"], sub_issue_id=child["id"])
    return found


def blocked(rest: RestNamespace) -> list[dict[str, Any]]:
    """An issue and the one that blocks it."""
    issue, blocker = opened(rest, 2)
    rest.issues.add_blocked_by_dependency(*DESK, issue["number"], issue_id=blocker["id"])
    return [issue, blocker]


def _added(rest: RestNamespace) -> Any:
    parent, child = opened(rest, 2)
    return rest.issues.add_sub_issue(*DESK, parent["number"], sub_issue_id=child["id"])


def _removed(rest: RestNamespace) -> Any:
    parent, child, _ = family(rest)
    return rest.issues.remove_sub_issue(*DESK, parent["number"], sub_issue_id=child["id"])


def _moved(rest: RestNamespace) -> Any:
    parent, first, second = family(rest)
    return rest.issues.reprioritize_sub_issue(*DESK, parent["number"], sub_issue_id=first["id"], after_id=second["id"])


def _blocked(rest: RestNamespace) -> Any:
    issue, blocker = opened(rest, 2)
    return rest.issues.add_blocked_by_dependency(*DESK, issue["number"], issue_id=blocker["id"])


def _unblocked(rest: RestNamespace) -> Any:
    issue, blocker = blocked(rest)
    return rest.issues.remove_dependency_blocked_by(*DESK, issue["number"], blocker["id"])


_ISSUE = "…/issues/{number:int}"
ANSWERED: dict[str, Callable[[RestNamespace], Any]] = {
    f"GET {_ISSUE}/parent": lambda rest: rest.issues.get_parent(*DESK, family(rest)[1]["number"]),
    f"GET {_ISSUE}/sub_issues": lambda rest: rest.issues.list_sub_issues(*DESK, family(rest)[0]["number"]),
    f"POST {_ISSUE}/sub_issues": _added,
    f"DELETE {_ISSUE}/sub_issue": _removed,
    f"PATCH {_ISSUE}/sub_issues/priority": _moved,
    f"GET {_ISSUE}/dependencies/blocked_by": lambda rest: rest.issues.list_dependencies_blocked_by(
        *DESK, blocked(rest)[0]["number"]
    ),
    f"POST {_ISSUE}/dependencies/blocked_by": _blocked,
    f"DELETE {_ISSUE}/dependencies/blocked_by/{{id:int}}": _unblocked,
    f"GET {_ISSUE}/dependencies/blocking": lambda rest: rest.issues.list_dependencies_blocking(
        *DESK, blocked(rest)[1]["number"]
    ),
}
