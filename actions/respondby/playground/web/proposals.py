"""What a pull request changes, with what its check says of each line; and files that one edits."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from respondby.playground.web.annotations import Note, annotations_of, checks_of
from respondby.playground.web.serving import Asked, Handler, Reply, Wrong, go
from respondby.playground.web.site import HERE, Site, markdown
from respondby.policy.loading.loader import DEFAULT_PATH as POLICY
from respondby.rehearsal.ground import REPOSITORY

_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@.*")


def routes(site: Site) -> Iterator[tuple[str, str, Handler]]:
    """The routes of this file."""

    def files(asked: Asked) -> Reply:
        return _files(site, asked)

    def edit(asked: Asked) -> Reply:
        return _edit(site, asked)

    def save(asked: Asked) -> Reply:
        return _save(site, asked)

    def file(asked: Asked) -> Reply:
        return _file(site, asked, str(asked.params["ref"]), str(asked.params["path"]))

    def file_of(asked: Asked) -> Reply:
        return _file(site, asked, asked.query.get("ref", "main"), asked.query.get("path", ""))

    yield "GET", HERE + "/pull/{number:int}/files", files
    yield "GET", HERE + "/blob/{ref}/{path:path}", file
    yield "GET", "/play/file", file_of
    yield "GET", "/play/edit", edit
    yield "POST", "/play/edit", save


def _files(site: Site, asked: Asked) -> Reply:
    number, who = asked.number(), site.who(asked)
    issue = site.ask(who, "GET", f"/issues/{number}")
    pull = site.ask(who, "GET", f"/pulls/{number}")
    notes = annotations_of(checks_of(site.game.kept, number))
    files = site.ask(who, "GET", f"/pulls/{number}/files?per_page=100")
    shown: set[Note] = set()
    for file in files:
        mine = [note for note in notes if note.file == file["filename"]]
        file["lines"] = list(_lines(file.get("patch") or "", mine, shown))
    return site.page(
        "files.html", asked, title=f"{issue['title']} #{number}", tab="pulls", issue=issue, files=files,
        base=f"{HERE}/pull/{number}", ref=pull["head"]["ref"], loose=[note for note in notes if note not in shown],
    )  # fmt: skip


def _lines(patch: str, notes: Sequence[Note], shown: set[Note]) -> Iterator[dict[str, Any]]:
    """The lines of a patch with their numbers in the new file, and the notes that are about them."""
    number = 0
    for text in patch.splitlines():
        found = _HUNK.fullmatch(text)
        if found is not None:
            number = int(found[1])
            yield {"kind": "place", "number": 0, "text": text, "notes": []}
        elif text.startswith("-"):
            yield {"kind": "removed", "number": 0, "text": text, "notes": []}
        else:
            mine = [note for note in notes if note.line == number]
            shown.update(mine)
            yield {"kind": "added" if text.startswith("+") else "", "number": number, "text": text, "notes": mine}
            number += 1


def _file(site: Site, asked: Asked, ref: str, path: str) -> Reply:
    """A file as people read it; Markdown rendered, without its front matter."""
    text, _ = _content(site, asked, ref, path)
    is_markdown = path.endswith(".md")
    return site.page(
        "file.html", asked, title=path, tab="policy" if path == POLICY else "pulls", file=path, ref=ref, text=text,
        html=markdown(_FRONT.sub("", text)) if is_markdown else "",
    )  # fmt: skip


def _edit(site: Site, asked: Asked, *, status: int = 200, problem: str = "") -> Reply:
    ref, path = asked.query.get("ref", "main"), asked.query.get("path", "")
    found = _content(site, asked, ref, path)
    name = path.rpartition("/")[2]
    return site.page(
        "edit.html", asked, status=status, problem=problem, title=f"Edit {name}", tab="pulls", ref=ref, file=path,
        text=asked.field("text") or found[0], sha=found[1], message=asked.field("message") or f"Edit {name}",
        back=_back(asked),
    )  # fmt: skip


def _content(site: Site, asked: Asked, ref: str, path: str) -> tuple[str, str]:
    found = site.ask(site.who(asked), "GET", f"/contents/{quote(path)}?{urlencode({'ref': ref})}")
    if not isinstance(found, dict) or found.get("type") != "file":
        raise Wrong(404, f"There is no file {path} on {ref}.")
    return base64.b64decode(found["content"]).decode("utf-8", "replace"), str(found["sha"])


def _save(site: Site, asked: Asked) -> Reply:
    ref, path = asked.query.get("ref", "main"), asked.query.get("path", "")
    text = asked.field("text")
    sent = {
        "message": asked.field("message") or "Edit",
        "branch": ref,
        "content": base64.b64encode(text.encode()).decode(),
        "sha": asked.field("sha"),
    }
    status, answer = site.home.ask(site.who(asked).login, "PUT", f"/repos/{REPOSITORY}/contents/{quote(path)}", sent)
    if status == 409:
        words = "Somebody has changed this file since you opened it. Your text is kept below; look at theirs first."
        return _edit(site, asked, status=409, problem=words)
    if status >= 400:
        return _edit(site, asked, status=422, problem=f"GitHub would refuse this: {(answer or {}).get('message')}.")
    site.game.settle()
    return go(_back(asked))


def _back(asked: Asked) -> str:
    place = asked.query.get("back", "")
    return place if place.startswith(f"{HERE}/") else f"{HERE}/pulls"
