"""An issue or pull request with everything that happened on it, and what a person can do there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from markupsafe import Markup

from respondby.playground.people import Actor
from respondby.playground.web import deeds
from respondby.playground.web.annotations import annotations_of, checks_of
from respondby.playground.web.deeds import BOX
from respondby.playground.web.lists import left
from respondby.playground.web.serving import Asked, Handler, Reply, Wrong, go
from respondby.playground.web.site import Site, tickable
from respondby.playground.web.site import shown as shown_html
from respondby.policy.model.requests import Command
from respondby.rehearsal.ground import REPOSITORY
from respondby.sandbox.pages.views import says

_PAGE = 100


def routes(site: Site) -> Iterator[tuple[str, str, Handler]]:
    """The routes of this file."""

    def issue(asked: Asked) -> Reply:
        return shown(site, asked)

    def act(asked: Asked) -> Reply:
        try:
            anchor = deeds.perform(site, asked, site.who(asked))
        except Wrong as wrong:
            if wrong.status != 422:
                raise
            return shown(site, asked, status=422, problem=wrong.words)
        site.game.settle()
        return go(f"{asked.path}{anchor}")

    for kind in ("issues", "pull"):
        place = f"/{{owner}}/{{repo}}/{kind}/{{number:int}}"
        yield "GET", place, issue
        yield "POST", place, act


def shown(site: Site, asked: Asked, *, status: int = 200, problem: str = "") -> Reply:
    """The page of one issue or pull request."""
    number, who = asked.number(), site.who(asked)
    of = f"{asked.params['owner']}/{asked.params['repo']}"
    issue = site.ask_of(of, who, "GET", f"/issues/{number}", media="full")
    is_pull = "pull_request" in issue
    base = f"/{of}/{'pull' if is_pull else 'issues'}/{number}"
    if asked.method == "GET" and asked.path != base:
        return go(base)
    may = _may(who)
    boxes = len(BOX.findall(issue["body"] or "")) if may(issue["user"]["login"]) else 0
    labels, assignees = [one["name"] for one in issue["labels"]], [one["login"] for one in issue["assignees"]]
    return site.page(
        "issue.html", asked, status=status, problem=problem, title=f"{issue['title']} #{number}",
        tab="pulls" if is_pull else "issues", base=base, issue=issue,
        body=tickable(shown_html(issue["body_html"] or "<p><em>No description provided.</em></p>"), boxes),
        boxes=boxes,
        items=list(_items(_timeline(site, of, who, number))), may=may, draft=asked.field("comment"),
        all_labels=site.ask_of(of, who, "GET", "/labels?per_page=100"), has_labels=labels,
        assignable=_assignable(site, assignees), has_assignees=assignees,
        commands=[_command(one) for one in site.home.policy.commands.values()] if of == REPOSITORY else [],
        **(_of_desk(site, number) if of == REPOSITORY else {"clocks": [], "coming": [], "runs": []}),
        **(_of_pull(site, of, who, number) if is_pull else {"pull": None, "annotations": []}),
    )  # fmt: skip


def _timeline(site: Site, of: str, who: Actor, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        path = f"/issues/{number}/timeline?per_page={_PAGE}&page={len(found) // _PAGE + 1}"
        page = site.ask_of(of, who, "GET", path, media="full")
        found += page
        if len(page) < _PAGE:
            return found


def _of_desk(site: Site, number: int) -> dict[str, Any]:
    """How the desk sees it: its clocks, what comes if nothing happens, its last runs."""
    stands = site.game.standing.cases.get(number)
    runs = site.game.kept.runs_about(number)
    clocks = [left(site, clock) for clock in stands.clocks] if stands else []
    coming = stands.coming[:5] if stands and stands.open else ()
    return {"clocks": clocks[::-1], "coming": coming, "runs": runs}


def _of_pull(site: Site, of: str, who: Actor, number: int) -> dict[str, Any]:
    checks = checks_of(site.game.kept, number)
    return {
        "pull": site.ask_of(of, who, "GET", f"/pulls/{number}"),
        "checked": next(iter(checks), None),
        "annotations": annotations_of(checks),
    }


def _assignable(site: Site, assigned: list[str]) -> list[str]:
    house = [actor.login for actor in site.home.cast if actor.part in ("staff", "maintainer")]
    return sorted({*house, *assigned})


def _may(who: Actor) -> Any:
    """Whether one may edit what somebody wrote: one's own, and as one of the house everything."""
    return lambda user: who.login == user or who.part in ("staff", "maintainer")


def _items(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A timeline's items, with their HTML or words; labels and assignments of one moment are told in one line."""
    for (kind, who, at), group in groupby(found, _alike):
        items = list(group)
        if kind == "commented":
            yield from (item | {"html": shown_html(item["body_html"])} for item in items)
        elif kind == "reviewed":
            for item in items:
                verdict = item["state"].lower().replace("_", " ")
                yield item | {"html": shown_html(item.get("body_html")), "verdict": verdict}
        else:
            yield {"event": kind, "who": who, "at": at, "says": _together(kind, items)}


def _alike(item: dict[str, Any]) -> tuple[str, str, str]:
    person = item.get("actor") or item.get("user") or {"login": (item.get("author") or {}).get("name", "ghost")}
    at = item.get("created_at") or item.get("submitted_at") or (item.get("author") or {}).get("date", "")
    return item["event"], person["login"], at


def _together(kind: str, items: list[dict[str, Any]]) -> Markup:
    if kind in ("labeled", "unlabeled"):
        chips = [
            Markup('<span class="label" style="--c:#{}">{}</span>').format(one["label"]["color"], one["label"]["name"])
            for one in items
        ]
        return Markup("{} {}").format("added" if kind == "labeled" else "removed", Markup(" ").join(chips))
    if kind in ("assigned", "unassigned"):
        return Markup("{} {}").format(kind, ", ".join(one["assignee"]["login"] for one in items))
    if kind == "cross-referenced":
        links = [
            Markup('<a href="/{}/issues/{}">{}</a>').format(
                one["source"]["issue"]["repository"]["full_name"],
                one["source"]["issue"]["number"],
                f"#{one['source']['issue']['number']} {one['source']['issue']['title']}",
            )
            for one in items
        ]
        return Markup("mentioned this in {}").format(Markup(", ").join(links))
    return Markup("; ").join(says(item) for item in items)


def _command(command: Command) -> dict[str, str]:
    takes = " ".join(f"[{one.name}]" if one.optional else one.name.upper() for one in command.takes)
    return {"says": f"{command.word} {takes}".strip(), "by": f"by {', '.join(command.by)}"}
