"""Pull requests that the desk opens: branches, files on them, the proposal, its reviewers. One request a function.

A file is written over the version that was read (`sha`), never over another one: what somebody pushed meanwhile makes
GitHub refuse, and is read again by the next run.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import quote

from respondby.dataclass import dataclass
from respondby.forge.client import Client
from respondby.forge.errors import ForgeError, NotGranted, Refused, RepositoryMissing

PullState = Literal["open", "closed", "merged"]

_CONTENTS = "contents: write"
_PULLS = "pull-requests: write"
#: GitHub's words where a repository does not let its workflows propose.
_NOT_PERMITTED = "not permitted to create"


class ProposalsOff(ForgeError):
    """The repository does not let its workflows open pull requests."""

    def __init__(self, doing: str) -> None:
        super().__init__(
            f"{doing}: workflows may not open pull requests here; switch on “Allow GitHub Actions to create and approve"
            f" pull requests” in the repository's settings, under Actions, General"
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pull request: its number, address and state, and whether somebody is asked to review it as it stands."""

    number: int
    url: str
    state: PullState
    asked: bool = False


@dataclass(frozen=True, slots=True)
class OpenProposal:
    """A pull request that is open: its number, the branch (of this repository) that it comes from, its text, and
    whether somebody is asked to review it.
    """

    number: int
    branch: str
    body: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class FileThere:
    """A file of a branch: its text (None: no UTF-8 text), and the id that a new version has to name."""

    text: str | None
    sha: str


def proposals_from(client: Client, branch: str) -> tuple[Proposal, ...]:
    """The pull requests that were ever opened from a branch of this repository, newest first."""
    owner = client.repository.partition("/")[0]
    path = f"/pulls?state=all&per_page=30&head={quote(f'{owner}:{branch}')}"
    answer = client.rest(
        "GET", path, doing=f"looking for pull requests from {branch}", permission="pull-requests: read"
    )
    return tuple(_proposal(pull) for pull in answer.items if pull["head"]["ref"] == branch)


def open_from(client: Client, prefix: str) -> tuple[OpenProposal, ...]:
    """The open pull requests from branches of this repository that begin so, oldest first; of the newest hundred."""
    doing = f"looking for open pull requests from {prefix}…"
    answer = client.rest("GET", "/pulls?state=open&per_page=100", doing=doing, permission="pull-requests: read")
    found = [
        OpenProposal(int(pull["number"]), str(pull["head"]["ref"]), str(pull["body"] or ""), _is_asked(pull))
        for pull in answer.items
        if str(pull["head"]["ref"]).startswith(prefix)
        and str((pull["head"]["repo"] or {}).get("full_name", "")).lower() == client.repository.lower()
    ]
    return tuple(sorted(found, key=lambda pull: pull.number))


def edit_proposal(client: Client, number: int, body: str) -> None:
    """Write a pull request's text anew."""
    client.rest("PATCH", f"/pulls/{number}", {"body": body}, doing=f"editing #{number}", permission=_PULLS)


def create_branch(client: Client, branch: str, commit: str) -> bool:
    """Begin a branch at a commit; False where there is one of that name."""
    body = {"ref": f"refs/heads/{branch}", "sha": commit}
    try:
        client.rest("POST", "/git/refs", body, doing=f"creating the branch {branch}", permission=_CONTENTS)
    except Refused as refused:
        if refused.status == 422 and "already exists" in refused.message:
            return False
        raise
    return True


def ahead_by(client: Client, branch: str, base: str) -> int | None:
    """How many commits a branch has that the base lacks; None where one of them is not there."""
    owner, _, name = client.repository.partition("/")
    query = """
query Ahead($owner: String!, $name: String!, $base: String!, $head: String!) {
  repository(owner: $owner, name: $name) { ref(qualifiedName: $base) { compare(headRef: $head) { aheadBy } } }
}
"""
    variables = {"owner": owner, "name": name, "base": f"refs/heads/{base}", "head": branch}
    data, _ = client.graphql(query, variables, doing=f"comparing {branch} with {base}", missing_ok=True)
    found = ((data["repository"] or {}).get("ref") or {}).get("compare")
    return int(found["aheadBy"]) if found else None


def commits_ahead(client: Client, branch: str, base: str) -> tuple[tuple[str, str], ...]:
    """The commits that a branch has and the base lacks, newest first, of the last hundred: whose account made each
    (empty: a bot's, or nobody's that GitHub knows), and the first line of its message.
    """
    owner, _, name = client.repository.partition("/")
    query = """
query Ahead($owner: String!, $name: String!, $base: String!, $branch: String!, $head: String!) {
  repository(owner: $owner, name: $name) {
    base: ref(qualifiedName: $base) { compare(headRef: $head) { aheadBy } }
    branch: ref(qualifiedName: $branch) { target { ... on Commit {
      history(first: 100) { nodes { messageHeadline author { user { login } } } }
    } } }
  }
}
"""
    refs = {"base": f"refs/heads/{base}", "branch": f"refs/heads/{branch}", "head": branch}
    variables = {"owner": owner, "name": name, **refs}
    data, _ = client.graphql(query, variables, doing=f"comparing {branch} with {base}", missing_ok=True)
    found = data["repository"] or {}
    ahead = ((found.get("base") or {}).get("compare") or {}).get("aheadBy", 0)
    commits = ((found.get("branch") or {}).get("target") or {}).get("history", {}).get("nodes") or []
    return tuple(
        (str(((commit["author"] or {}).get("user") or {}).get("login", "")), str(commit["messageHeadline"]))
        for commit in commits[:ahead]
    )


def file_on(client: Client, path: str, branch: str) -> FileThere | None:
    """A file of a branch; None where it is not there."""
    doing = f"reading {path} on {branch}"
    try:
        answer = client.rest("GET", f"/contents/{quote(path)}?ref={quote(branch)}", doing=doing, permission=_CONTENTS)
    except RepositoryMissing:
        return None  # GitHub says 404 of a file as of a repository, and this one was read a moment ago
    found = answer.json
    if not isinstance(found, dict) or found.get("type") != "file":
        return None
    try:
        text = base64.b64decode(str(found.get("content") or "")).decode()
    except (UnicodeDecodeError, binascii.Error):
        return FileThere(None, str(found["sha"]))
    return FileThere(text, str(found["sha"]))


def blob_of(text: str) -> str:
    """The id that git gives a file of this text."""
    content = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def write_file(client: Client, path: str, branch: str, text: str, message: str, sha: str | None = None) -> None:
    """Write a file on a branch: a new one, or over the version `sha`. Raises Refused where another one is there."""
    body: dict[str, Any] = {
        "message": message,
        "branch": branch,
        "content": base64.b64encode(text.encode()).decode(),
    }
    if sha is not None:
        body["sha"] = sha
    client.rest("PUT", f"/contents/{quote(path)}", body, doing=f"writing {path} on {branch}", permission=_CONTENTS)


def open_proposal(client: Client, title: str, body: str, branch: str, base: str) -> Proposal:
    """Open a pull request. Raises ProposalsOff where workflows may open none."""
    request = {"title": title, "body": body, "head": branch, "base": base, "maintainer_can_modify": True}
    doing = f"opening a pull request in {client.repository}"
    try:
        answer = client.rest("POST", "/pulls", request, doing=doing, permission=_PULLS)
    except NotGranted as refused:
        if _NOT_PERMITTED in str(refused):
            raise ProposalsOff(doing) from refused
        raise
    return _proposal(answer.fields)


def ask_reviewers(client: Client, number: int, people: Sequence[str]) -> None:
    """Ask people for a review. GitHub refuses all of them where one may not review."""
    body = {"reviewers": list(people)}
    doing = f"asking {', '.join(people)} to review #{number}"
    client.rest("POST", f"/pulls/{number}/requested_reviewers", body, doing=doing, permission=_PULLS)


def ask_each(client: Client, number: int, people: Sequence[str]) -> tuple[str, ...]:
    """Ask people for a review; where one of them may not, each by themselves. Why others were not asked, in words."""
    try:
        ask_reviewers(client, number, people)
    except Refused:
        refusals = []
        for person in people:
            try:
                ask_reviewers(client, number, [person])
            except Refused as refused:
                refusals.append(str(refused))
        return tuple(refusals)
    return ()


def was_asked_for_review(client: Client, number: int) -> bool:
    """Whether anybody was ever asked to review a pull request, or did so unasked, in its first hundred happenings."""
    doing = f"reading what happened to #{number}"
    path = f"/issues/{number}/timeline?per_page=100"
    answer = client.rest("GET", path, doing=doing, permission="pull-requests: read")
    return any(item["event"] in ("review_requested", "review_request_removed", "reviewed") for item in answer.items)


def files_of(client: Client, number: int) -> tuple[str, ...]:
    """The paths that a pull request adds or changes, under their names there; the first hundred."""
    answer = client.rest(
        "GET", f"/pulls/{number}/files?per_page=100", doing=f"reading #{number}", permission="pull-requests: read"
    )
    return tuple(str(file["filename"]) for file in answer.items if file["status"] != "removed")


def _proposal(pull: dict[str, Any]) -> Proposal:
    state: PullState = "merged" if pull.get("merged_at") else "open" if pull["state"] == "open" else "closed"
    return Proposal(int(pull["number"]), str(pull["html_url"]), state, _is_asked(pull))


def _is_asked(pull: dict[str, Any]) -> bool:
    return bool(pull.get("requested_reviewers") or pull.get("requested_teams"))
