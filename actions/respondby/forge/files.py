"""Files of the repository, as they are at a commit: no checkout is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.forge import repository_queries
from respondby.forge.client import Client
from respondby.forge.errors import FileUnreadable
from respondby.forge.nodes import instant_of


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy at a commit: its text (None: there is none), its blob's id, and what is wrong where it is no text."""

    text: str | None
    oid: str | None = None
    problem: str | None = None


def file_text(node: Mapping[str, Any] | None, path: str) -> PolicyText:
    """What GraphQL's `object(expression:)` says of a path; `node` needs `__typename` and a blob's fields."""
    if node is None:
        return PolicyText(None)
    oid = node.get("oid")
    if node["__typename"] != "Blob":
        return PolicyText(None, oid, f"{path} is not a file (but a {node['__typename'].lower()})")
    if node["isBinary"] or node["text"] is None:
        return PolicyText(None, oid, f"{path} is not text: save it as UTF-8")
    if node["isTruncated"]:
        return PolicyText(None, oid, f"{path} is too large ({node['byteSize']} bytes): GitHub gives only a part of it")
    return PolicyText(str(node["text"]), oid)


def read_files(client: Client, paths: Sequence[str], commit: str) -> Mapping[str, str | None]:
    """The texts of these paths at a commit, in one request; None where there is no such file.

    Raises FileUnreadable where something is there that is no text.
    """
    if not paths:
        return {}
    variables = _place(client) | {f"file{index}": f"{commit}:{path}" for index, path in enumerate(paths)}
    doing = f"reading files of {client.repository} at {commit[:7]}"
    data, _ = client.graphql(repository_queries.files(len(paths)), variables, doing=doing)
    texts: dict[str, str | None] = {}
    for index, path in enumerate(paths):
        found = file_text(data["repository"][f"file{index}"], path)
        if found.problem is not None:
            raise FileUnreadable(found.problem)
        texts[path] = found.text
    return texts


def read_named(client: Client, names: Sequence[str], commit: str) -> Mapping[str, str]:
    """The texts of files and, for a name that ends in `/`, of all files of that folder, by path. What is not there is
    left out; so is a folder's file that is no text. Raises FileUnreadable where a named file is none.
    """
    files = [name for name in names if not name.endswith("/")]
    found = {path: text for path, text in read_files(client, files, commit).items() if text is not None}
    folders = [name.rstrip("/") for name in names if name.endswith("/")]
    if folders:
        variables = _place(client) | {f"folder{index}": f"{commit}:{path}" for index, path in enumerate(folders)}
        doing = f"reading folders of {client.repository} at {commit[:7]}"
        data, _ = client.graphql(repository_queries.folders(len(folders)), variables, doing=doing)
        for index, path in enumerate(folders):
            texts = folder_texts(data["repository"][f"fileFolder{index}"], path)
            found |= {name: text for name, text in texts.items() if text is not None}
    return found


def folder_texts(tree: Mapping[str, Any] | None, folder: str) -> dict[str, str | None]:
    """The texts of a folder's files by path, None for what is no text; nothing for a path that is no folder."""
    entries = ((f"{folder}/{entry['name']}", entry["object"]) for entry in (tree or {}).get("entries") or [])
    return {path: file_text(node, path).text for path, node in entries if node and node["__typename"] == "Blob"}


class Version(NamedTuple):
    """A commit that touched a file, and when it was made."""

    commit: str
    at: Instant


def policy_history(client: Client, path: str, count: int) -> tuple[Version, ...]:
    """The last commits of the default branch that touched a file, newest first: among them the last valid policy's."""
    doing = f"reading the history of {path}"
    data, _ = client.graphql(repository_queries.HISTORY, _place(client) | {"path": path, "count": count}, doing=doing)
    target = (data["repository"]["defaultBranchRef"] or {}).get("target") or {}
    history = target.get("history") or {}
    nodes = (commit for commit in history.get("nodes") or [] if commit)
    return tuple(Version(str(commit["oid"]), instant_of(commit["committedDate"])) for commit in nodes)


def text_at(client: Client, commit: str, path: str) -> str | None:
    """A file's text at a commit; None where it was not there, or was no text (such a policy was never valid)."""
    variables = _place(client) | {"file0": f"{commit}:{path}"}
    data, _ = client.graphql(repository_queries.files(1), variables, doing=f"reading {path} at {commit[:7]}")
    return file_text(data["repository"]["file0"], path).text


def _place(client: Client) -> dict[str, Any]:
    owner, _, name = client.repository.partition("/")
    return {"owner": owner, "name": name}
