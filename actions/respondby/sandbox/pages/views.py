"""The pages: a repository's issues and pull requests, one with its timeline, what one changes, one file.

They show everything to anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from respondby.sandbox.domain import issues, pulls, repositories
from respondby.sandbox.serving.routing import Receive, Route, Scope, Send, refuse, reply
from respondby.sandbox.shapes import events
from respondby.sandbox.shapes import issues as shapes
from respondby.sandbox.shapes import pulls as pull_shapes
from respondby.sandbox.shapes.people import user
from respondby.sandbox.shapes.repositories import full_name
from respondby.sandbox.store import objects, timeline
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TEMPLATES = ("page.html", "parts.html", "list.html", "issue.html", "changes.html", "file.html")


@cache
def _templates() -> Environment:
    from importlib.resources import files

    from jinja2 import DictLoader, Environment  # both imported on the first page: most sandboxes show none

    sources = {name: files(__package__).joinpath(name).read_text(encoding="utf-8") for name in _TEMPLATES}
    return Environment(loader=DictLoader(sources), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _rendered(text: str) -> Markup:
    from markupsafe import Markup

    from respondby.sandbox.shapes.markdown import render

    return Markup(render(text))  # noqa: S704 - render escapes what people wrote


def says(item: Json) -> str:
    """Return what an event of a timeline says, without its actor and time."""
    match item["event"]:
        case "labeled" | "unlabeled":
            return f"{'added' if item['event'] == 'labeled' else 'removed'} the label {item['label']['name']}"
        case "assigned" | "unassigned":
            return f"{item['event']} {item['assignee']['login']}"
        case "renamed":
            return f"changed the title from “{item['rename']['from']}” to “{item['rename']['to']}”"
        case "closed" | "reopened":
            why = item["state_reason"]
            return f"{item['event']} this" + (f" as {why.replace('_', ' ')}" if why else "")
        case "cross-referenced":
            issue = item["source"]["issue"]
            return f"mentioned this in {issue['repository']['full_name']}#{issue['number']}"
        case "committed":
            return f"added the commit {item['sha'][:7]} {item['message'].partition(chr(10))[0]}"
        case "review_requested" | "review_request_removed":
            act = "asked" if item["event"] == "review_requested" else "no longer asks"
            return f"{act} {item['requested_reviewer']['login']} for a review"
        case "review_dismissed":
            return f"dismissed a review: {item['dismissed_review']['dismissal_message']}"
        case "merged":
            return f"merged this as {item['commit_id'][:7]}"
        case "ready_for_review" | "convert_to_draft":
            return "marked this as ready for review" if item["event"][0] == "r" else "marked this as a draft"
        case "head_ref_deleted" | "head_ref_force_pushed":
            return "deleted the branch" if item["event"].endswith("deleted") else "force-pushed the branch"
        case "milestoned" | "demilestoned":
            return f"{'added this to' if item['event'][0] == 'm' else 'took this from'} {item['milestone']['title']}"
        case "connected" | "disconnected":
            return "linked this to another" if item["event"][0] == "c" else "took a link away"
        case "marked_as_duplicate":
            return "marked this as a duplicate"
        case "comment_deleted":
            return "deleted a comment"
        case other:
            return f"{other.replace('_', ' ')} this"


class Page:
    """An ASGI application for one page."""

    def __init__(self, show: Callable[[Json], str]) -> None:
        self.show = show

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            page = self.show(scope["path_params"])
        except Problem as problem:
            await refuse(send, problem)
        else:
            await reply(send, 200, page.encode(), {}, "text/html; charset=utf-8")


class Pages:
    """The pages over one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[Route]:
        """Return the pages' routes."""
        return [
            ("GET", "/{owner}/{repo}/issues", Page(self.show_list)),
            ("GET", "/{owner}/{repo}/issues/{number:int}", Page(self.show_issue)),
            ("GET", "/{owner}/{repo}/pulls", Page(self.show_pulls)),
            ("GET", "/{owner}/{repo}/pull/{number:int}", Page(self.show_issue)),
            ("GET", "/{owner}/{repo}/pull/{number:int}/files", Page(self.show_changes)),
            ("GET", "/{owner}/{repo}/blob/{ref}/{path:path}", Page(self.show_file)),
        ]

    def _page(self, template: str, repo: Row, **values: Any) -> str:
        name = full_name(self.world, repo)
        text = _templates().get_template(template)
        return text.render(repository=name, now=iso(self.world.clock.now()), **values)

    def _repo(self, params: Json) -> Row:
        return repositories.find(self.world, f"{params['owner']}/{params['repo']}")

    def show_list(self, params: Json) -> str:
        """Show all issues, newest first."""
        return self._list(params, "Issues", is_pull=False)

    def show_pulls(self, params: Json) -> str:
        """Show all pull requests, newest first."""
        return self._list(params, "Pull requests", is_pull=True)

    def _list(self, params: Json, heading: str, is_pull: bool) -> str:
        with self.world.lock:
            repo = self._repo(params)
            rows = self.world.all(
                "SELECT * FROM issues WHERE repo_id = ? AND NOT deleted AND is_pull = ? ORDER BY number DESC",
                repo["id"],
                is_pull,
            )
            found = [shapes.issue(self.world, repo, row) for row in rows]
            title = f"{heading} · {full_name(self.world, repo)}"
            return self._page("list.html", repo, title=title, heading=heading, issues=found)

    def show_changes(self, params: Json) -> str:
        """Show what a pull request changes, file by file."""
        with self.world.lock:
            repo = self._repo(params)
            row, pull = pulls.need(self.world, repo, params["number"])
            files = [
                pull_shapes.file(self.world, repo, pull, item) for item in pull_shapes.changes_of(self.world, pull)
            ]
            title = f"{row['title']} · #{row['number']}"
            issue = shapes.issue(self.world, repo, row)
            return self._page("changes.html", repo, title=title, issue=issue, files=files)

    def show_issue(self, params: Json) -> str:
        """Show one issue with its timeline."""
        with self.world.lock:
            repo = self._repo(params)
            row = issues.need(self.world, repo, params["number"])
            items = []
            for item in timeline.items(self.world, row["id"]):
                shape = events.timeline_item(self.world, repo, row, item)
                if item.kind == "commented":
                    shape |= {"html": _rendered(shape["body"]), "edited": item.row["edited_at"] is not None}
                elif item.kind == "reviewed":
                    verdict = shape["state"].lower().replace("_", " ")
                    shape |= {"html": _rendered(shape["body"] or f"*{verdict.capitalize()}*"), "verdict": verdict}
                else:
                    actor, at = user(self.world, item.row["actor_id"]), iso(item.at)
                    shape |= {"says": says(shape), "id": item.id, "actor": actor, "created_at": at}
                items.append(shape)
            return self._page(
                "issue.html",
                repo,
                title=f"{row['title']} · #{row['number']}",
                issue=shapes.issue(self.world, repo, row),
                pull=pull_shapes.simple(self.world, repo, row) if row["is_pull"] else None,
                body=_rendered(row["body"] or "*No description provided.*"),
                edited=row["edited_at"] is not None,
                items=items,
            )

    def _place(self, repo: Row, ref: str, path: str) -> tuple[str, str]:
        """The ref and the path of an address: the name of a branch may hold slashes."""
        parts = [ref, *path.split("/")]
        for count in range(1, len(parts)):
            name = "/".join(parts[:count])
            if objects.resolve(self.world, repo, name) is not None:
                return name, "/".join(parts[count:])
        return ref, path

    def show_file(self, params: Json) -> str:
        """Show one file; markdown rendered."""
        with self.world.lock:
            repo = self._repo(params)
            ref, path = self._place(repo, params["ref"], params["path"])
            oid = objects.resolve(self.world, repo, ref)
            entry = (
                None if oid is None else objects.at_path(self.world, objects.read_commit(self.world, oid).tree, path)
            )
            if entry is None or entry.type != "blob":
                raise Problem(404, f"No file {path} at {ref}")
            text = objects.content(self.world, entry.oid).decode(errors="replace")
            html = _rendered(text) if path.endswith(".md") else None
            return self._page("file.html", repo, title=path, path=path, ref=ref, text=text, html=html)
