"""What the forge answered, and what an answer means: data, a limit, or an error that says what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.forge.errors import (
    BadToken,
    CaseGone,
    ForgeError,
    NoDate,
    NotGranted,
    NotTheForge,
    PartialAnswer,
    QueryRefused,
    Refused,
    RepositoryBlocked,
    RepositoryMissing,
    RepositoryMoved,
    TooHeavy,
    Uncertain,
)
from respondby.policy.text.json_text import read_json

#: How long GitHub asks to wait after a secondary limit that names no time.
SECONDARY_PAUSE = 60.0

_TOO_HEAVY_TYPES = {"MAX_NODE_LIMIT_EXCEEDED", "RESOURCE_LIMITS_EXCEEDED", "TIMEOUT"}
_TOO_HEAVY_WORDS = "something went wrong while executing your query"
_LIMIT_TYPES = {"RATE_LIMITED", "RATE_LIMIT"}


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. `headers` have lower-case names; `text` is the body. (No slots: the body is parsed once.)"""

    url: str
    status: int
    headers: Mapping[str, str]
    text: str

    @cached_property
    def json(self) -> Any:
        """The body; None where there is none (204). Raises NotTheForge for anything that is no JSON."""
        if not self.text:
            return None
        try:
            return read_json(self.text)
        except ValueError:
            raise NotTheForge(self.url, self.status, self.text) from None

    @property
    def fields(self) -> dict[str, Any]:
        """The body, which is an object. Raises NotTheForge for anything else: a proxy's page with status 200, say."""
        if not isinstance(self.json, dict):
            raise NotTheForge(self.url, self.status, self.text)
        return self.json

    @property
    def items(self) -> list[Any]:
        """The body, which is a list. Raises NotTheForge for anything else."""
        if not isinstance(self.json, list):
            raise NotTheForge(self.url, self.status, self.text)
        return self.json

    @property
    def date(self) -> Instant:
        """The forge's clock when it answered. Raises NoDate."""
        if self.server_date is None:
            raise NoDate(self.url)
        return self.server_date

    @cached_property
    def server_date(self) -> Instant | None:
        """The same; None where the answer does not tell."""
        try:
            return int(parsedate_to_datetime(self.headers["date"]).timestamp())
        except (KeyError, ValueError):
            return None

    @property
    def message(self) -> str:
        """GitHub's own words for a refusal: its message, and for a 422 what is wrong with which field."""
        data = self.json
        if not isinstance(data, dict):
            return "no reason given" if data is None else str(data)[:200]
        details = [
            str(error.get("message") or " ".join(str(error.get(key, "")) for key in ("resource", "field", "code")))
            if isinstance(error, dict)
            else str(error)
            for error in data.get("errors") or []
        ]
        return "; ".join([str(data.get("message", "no reason given")), *details])[:500]


def limit_pause(answer: Answer, before: int) -> float | None:
    """Seconds that a limit asks to wait, by the forge's clock; None if this answer is no limit.

    `before` counts the limits met on the way to this one: a secondary limit without a time doubles its pause each time.
    """
    if answer.status == 200:
        limited = not _performed(answer) and any(error.get("type") in _LIMIT_TYPES for error in _errors(answer))
    else:
        limited = answer.status == 429 or (
            answer.status == 403
            and (
                "retry-after" in answer.headers
                or answer.headers.get("x-ratelimit-remaining") == "0"
                or "rate limit" in answer.text[:2000].lower()
            )
        )
    if not limited:
        return None
    after = answer.headers.get("retry-after", "")
    if after.isdigit():
        return max(1.0, float(after))
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        # One second more: nobody says when within that second the reset comes.
        return max(1.0, float(int(reset) - answer.date + 1))
    return SECONDARY_PAUSE * 2.0**before


def refusal(answer: Answer, repository: str, doing: str, permission: str, missing: ForgeError) -> ForgeError | None:
    """The error that an answer's status stands for; None for a success. `missing` is what a 404 means here."""
    if answer.status < 300:
        return None
    if answer.status < 400:
        return RepositoryMoved(repository, answer.status)
    message = answer.message
    if answer.status == 401:
        return BadToken()
    block = answer.json.get("block") if isinstance(answer.json, dict) else None
    if answer.status == 451 or block:
        notice = str(block.get("html_url") or "") if isinstance(block, dict) else ""
        return RepositoryBlocked(repository, message, notice)
    if answer.status == 403:
        # `issues=write; pull_requests=write`: any one of them would do.
        wanted = answer.headers.get("x-accepted-github-permissions", "").replace("=", ": ").replace("; ", " or ")
        return NotGranted(doing, wanted or permission, message)
    if answer.status == 404:
        return missing
    if answer.status == 410:
        return CaseGone(doing)
    return Refused(doing, answer.status, message)


def graphql_data(answer: Answer, repository: str, doing: str, *, missing_ok: bool) -> Any:
    """The `data` of a GraphQL answer. With `missing_ok`, a node that is not there is None instead of an error."""
    body = answer.fields
    data = body.get("data")
    missing: list[str] = []
    for error in _errors(answer):
        path = [str(step) for step in error.get("path") or []]
        message = str(error.get("message", ""))
        kind = error.get("type")
        if kind == "NOT_FOUND":
            if path == ["repository"]:
                raise RepositoryMissing(repository)
            if not missing_ok:
                raise CaseGone(doing)
        elif kind in ("FORBIDDEN", "INSUFFICIENT_SCOPES"):
            raise NotGranted(doing, _permission(path), message)
        elif gave_up := _gave_up(error):
            raise TooHeavy(doing, gave_up)
        elif data is None:
            raise QueryRefused(doing, message)
        else:
            missing.append(".".join(path) or message)
    if missing:
        raise PartialAnswer(doing, ", ".join(missing[:5]))
    if not isinstance(data, dict):
        raise NotTheForge(answer.url, answer.status, answer.text)
    if "repository" in data and data["repository"] is None:
        raise RepositoryMissing(repository)
    return data


@dataclass(frozen=True, slots=True)
class PartError:
    """Why a part of a mutation was refused: GitHub's `type` of the error, and its words."""

    kind: str
    message: str


def refused_parts(answer: Answer, doing: str) -> Mapping[str, PartError]:
    """The parts of a mutation that were refused, by name.

    Raises QueryRefused where the whole was, Uncertain where an error or a silence belongs to no part.
    """
    body = answer.fields
    data, errors = body.get("data"), _errors(answer)
    if not isinstance(data, dict):
        if not errors:
            raise NotTheForge(answer.url, answer.status, answer.text)
        if gave_up := _gave_up(errors[0]):
            raise Uncertain(doing, gave_up)
        raise QueryRefused(doing, str(errors[0].get("message", "")))
    refused: dict[str, PartError] = {}
    for error in errors:
        part = str((error.get("path") or [""])[0])
        if data.get(part, error) is not None:
            raise Uncertain(doing, f"GitHub told of an error ({str(error.get('message', ''))[:100]})")
        refused.setdefault(part, PartError(str(error.get("type", "")), str(error.get("message", ""))))
    silent = [name for name, value in data.items() if value is None and name not in refused]
    if silent:
        raise Uncertain(doing, f"GitHub said nothing of {', '.join(silent)}")
    return refused


def parts(answer: Answer, doing: str) -> tuple[Mapping[str, Any], Mapping[str, PartError]]:
    """The parts of a query that stand for themselves, by name, and why others were refused.

    Raises QueryRefused where the whole was, TooHeavy where a smaller query may help.
    """
    body = answer.fields
    data, errors = body.get("data"), _errors(answer)
    for error in errors:
        if gave_up := _gave_up(error):
            raise TooHeavy(doing, gave_up)
        if not isinstance(data, dict) or not error.get("path"):
            raise QueryRefused(doing, str(error.get("message", "")))
    if not isinstance(data, dict):
        raise NotTheForge(answer.url, answer.status, answer.text)
    refused = {
        str(error["path"][0]): PartError(str(error.get("type", "")), str(error.get("message", ""))) for error in errors
    }
    return {name: value for name, value in data.items() if name not in refused}, refused


def _gave_up(error: Mapping[str, Any]) -> str:
    """That GitHub gave up on a query, in its words; empty where the error is another."""
    message = str(error.get("message", ""))
    if error.get("type") in _TOO_HEAVY_TYPES or message.lower().startswith(_TOO_HEAVY_WORDS):
        return f"GitHub gave up on it ({message[:100]})"
    return ""


def _performed(answer: Answer) -> bool:
    """Whether a part of a GraphQL request was answered: then the whole is not to be sent again."""
    data = answer.json.get("data") if isinstance(answer.json, dict) else None
    return isinstance(data, dict) and any(value is not None for value in data.values())


def _errors(answer: Answer) -> list[dict[str, Any]]:
    body = answer.json
    errors = body.get("errors") if isinstance(body, dict) else None
    return [error for error in errors or [] if isinstance(error, dict)]


def _permission(path: list[str]) -> str:
    """Which permission a part of our queries needs: files are contents, everything else belongs to issues."""
    files = "policy" in path or "defaultBranchRef" in path or any(step.startswith("file") for step in path)
    return "contents: read" if files else "issues: read"
