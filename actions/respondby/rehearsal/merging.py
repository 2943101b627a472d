"""Pull requests in a story: merging one that the deed brings along with its files, the case's open post-mortem, or the
weekly one of action items; and writing into the open post-mortem.
"""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import quote

from respondby.jobs.effects.items_pull import PREFIX
from respondby.postmortems.document.document import FOLDER, NOT_DOCUMENTS
from respondby.rehearsal.refusals import ActProblem, Refused
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.story import Merges, Writes

#: Where post-mortems are kept.
INCIDENTS = f"{FOLDER}/"

_PROMPT = re.compile(r"^_[^\n]+_\n", re.MULTILINE)
_EMPTY_ROW = re.compile(r"^\|(?: +\|)+\n", re.MULTILINE)


def merge(stage: Stage, act: Merges, number: int) -> None:
    """Let a person merge a pull request about a case. Raises Refused and ActProblem."""
    if act.files:
        pull = _propose(stage, act, number)
    elif act.what == "post-mortem":
        pull, _ = _post_mortem(stage, act.who, number)
    else:
        pull = _action_items(stage, act.who)
    _send(stage, act.who, "PUT", f"/pulls/{pull}/merge", {})


def write(stage: Stage, act: Writes, number: int) -> None:
    """Let a person write into the open post-mortem of a case. Raises Refused and ActProblem."""
    pull, path = _post_mortem(stage, act.who, number)
    branch = str(_send(stage, act.who, "GET", f"/pulls/{pull}")["head"]["ref"])
    found = _send(stage, act.who, "GET", f"/contents/{quote(path)}?ref={branch}")
    text = base64.b64decode(found["content"]).decode()
    for title, words in act.sections:
        text = written(text, title, words)
    body = {
        "message": "Write the post-mortem",
        "branch": branch,
        "sha": found["sha"],
        "content": base64.b64encode(text.encode()).decode(),
    }
    _send(stage, act.who, "PUT", f"/contents/{quote(path)}", body)


def written(text: str, title: str, words: str) -> str:
    """A document with what a section asks answered: rows of a table take the place of its empty one."""
    found = re.search(rf"^## {re.escape(title)}\n(?P<body>.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ActProblem(f"the draft has no section “{title}”")
    body = found["body"]
    if words.lstrip().startswith("|"):
        body = _EMPTY_ROW.sub(lambda _: f"{words.strip()}\n", _PROMPT.sub("", body, count=1), count=1)
    elif _PROMPT.search(body):
        body = _PROMPT.sub(lambda _: f"{words.strip()}\n", body, count=1)
    else:
        body = f"\n{words.strip()}\n{body}"
    return f"{text[: found.start('body')]}{body}{text[found.end('body') :]}"


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


def _action_items(stage: Stage, who: str) -> int:
    """The open pull request that says what became of action items."""
    for pull in _send(stage, who, "GET", "/pulls?state=open&per_page=100"):
        if pull["head"]["ref"].startswith(PREFIX):
            return int(pull["number"])
    raise ActProblem("no pull request says what became of action items: it comes when an item differs, once a week")


def _post_mortem(stage: Stage, who: str, number: int) -> tuple[int, str]:
    """The open pull request that names the case and writes below `docs/incidents/`, and the document's path."""
    items = _send(stage, who, "GET", f"/issues/{number}/timeline?per_page=100")
    sources = [item["source"]["issue"] for item in items if item["event"] == "cross-referenced"]
    for source in sources:
        if "pull_request" in source and source["state"] == "open":
            files = _send(stage, who, "GET", f"/pulls/{source['number']}/files?per_page=100")
            paths = [file["filename"] for file in files if file["filename"].startswith(INCIDENTS)]
            documents = [path for path in paths if path.rpartition("/")[2] not in NOT_DOCUMENTS]
            if documents:
                return int(source["number"]), documents[0]
    raise ActProblem(
        f"no open pull request names this case and writes to `{INCIDENTS}`: bring it with `merges: {{title, files}}`"
    )


def _send(stage: Stage, who: str, method: str, path: str, body: Any = None) -> Any:
    status, answer = stage.call(who, method, path, body)
    if status >= 400:
        raise Refused(status, str((answer or {}).get("message", "refused")))
    return answer
