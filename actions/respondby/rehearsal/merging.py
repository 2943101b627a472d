"""Merging pull requests in a story: one that the deed brings along with its files, or the case's open post-mortem."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from respondby.rehearsal.refusals import ActProblem, Refused
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.story import Merges

#: Where post-mortems are kept.
INCIDENTS = "docs/incidents/"


def merge(stage: Stage, act: Merges, number: int) -> None:
    """Let a person merge a pull request about a case. Raises Refused and ActProblem."""
    pull = _propose(stage, act, number) if act.files else _post_mortem(stage, act.who, number)
    _send(stage, act.who, "PUT", f"/pulls/{pull}/merge", {})


def _propose(stage: Stage, act: Merges, number: int) -> int:
    """Open a pull request with the deed's files, on a branch of its own, that says which case it is about.

    `{url}` in a text is the address of the case.
    """
    start = _send(stage, act.who, "GET", "/git/ref/heads/main")["object"]["sha"]
    url = str(_send(stage, act.who, "GET", f"/issues/{number}")["html_url"])
    branch = f"case-{number}-{start[:7]}"
    _send(stage, act.who, "POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": start})
    for path, text in act.files:
        place = f"/contents/{quote(path)}"
        status, found = stage.call(act.who, "GET", f"{place}?ref={branch}")
        content = base64.b64encode(text.replace("{url}", url).encode()).decode()
        body = {"message": f"Write {path}", "branch": branch, "content": content}
        if status == 200 and isinstance(found, dict):
            body["sha"] = found["sha"]
        _send(stage, act.who, "PUT", place, body)
    body = {"title": act.title, "body": f"For #{number}.", "head": branch, "base": "main"}
    return int(_send(stage, act.who, "POST", "/pulls", body)["number"])


def _post_mortem(stage: Stage, who: str, number: int) -> int:
    """Return the open pull request that names the case and writes below `docs/incidents/`."""
    items = _send(stage, who, "GET", f"/issues/{number}/timeline?per_page=100")
    sources = [item["source"]["issue"] for item in items if item["event"] == "cross-referenced"]
    for source in sources:
        if "pull_request" in source and source["state"] == "open":
            files = _send(stage, who, "GET", f"/pulls/{source['number']}/files?per_page=100")
            if any(file["filename"].startswith(INCIDENTS) for file in files):
                return int(source["number"])
    raise ActProblem(
        f"no open pull request names this case and writes to `{INCIDENTS}`: bring it with `merges: {{title, files}}`"
    )


def _send(stage: Stage, who: str, method: str, path: str, body: Any = None) -> Any:
    status, answer = stage.call(who, method, path, body)
    if status >= 400:
        raise Refused(status, str((answer or {}).get("message", "refused")))
    return answer
