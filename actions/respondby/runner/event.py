"""The event that started this run, from the file that GitHub wrote."""

import json
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from respondby.dataclass import dataclass

# GitHub delivers nothing larger than 25 MB; a file beyond that is not GitHub's.
LARGEST = 25 * 1024 * 1024

ABOUT_AN_ISSUE = frozenset({"issues", "issue_comment"})


class EventProblem(Exception):
    """The event file is missing, unreadable or about something else; the text says which. Exit code 2."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name (`issues`), its action (`opened`; None for a schedule) and what it is about.

    `issue_number` is None for events about no issue, `comment_id` (REST's number) for those about no comment.
    The payload is GitHub's, whole; what people wrote in it is data.
    """

    name: str
    action: str | None
    issue_number: int | None
    comment_id: int | None
    is_pull_request: bool
    payload: Mapping[str, Any] = field(repr=False)


def read_event(name: str, path: Path | None) -> Event:
    """The event of that name in that file; raises EventProblem."""
    if not name or path is None:
        raise EventProblem("GITHUB_EVENT_NAME and GITHUB_EVENT_PATH are not set: this command runs on an event.")
    payload = _payload(path)
    issue, comment = _object(payload, "issue"), _object(payload, "comment")
    number = _number(issue, "number")
    if name in ABOUT_AN_ISSUE and number is None:
        raise EventProblem(f"The file of this `{name}` event names no issue: {path}")
    action = payload.get("action")
    return Event(
        name=name,
        action=action if isinstance(action, str) else None,
        issue_number=number,
        comment_id=_number(comment, "id"),
        is_pull_request=isinstance(issue.get("pull_request"), dict),
        payload=payload,
    )


def _payload(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise EventProblem(f"The event file cannot be read: {path}: {error.strerror}") from error
    if len(content) > LARGEST:
        raise EventProblem(f"The event file is larger than {LARGEST} bytes, which is more than GitHub sends: {path}")
    try:
        payload = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise EventProblem(f"The event file is not JSON: {path}: {error}") from error
    if not isinstance(payload, dict):
        raise EventProblem(f"The event file does not hold a JSON object: {path}")
    return payload


def _object(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = payload.get(key)
    return found if isinstance(found, dict) else {}


def _number(holder: Mapping[str, Any], key: str) -> int | None:
    found = holder.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None
