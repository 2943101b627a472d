"""The lists: issues with the time that they have left, and pull requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from respondby.playground.standing import ClockStands
from respondby.playground.web.serving import Asked, Handler, Reply
from respondby.playground.web.site import Site
from respondby.policy.repository.dispatches import known_dispatches
from respondby.rehearsal.ground import REPOSITORY

_STATES = ("open", "closed", "all")


@dataclass(frozen=True, slots=True)
class Left:
    """How a clock looks on a page: in which colours (`look`), what it `says`, and its own facts."""

    name: str
    look: str
    says: str
    due: int | None
    promise: str


def left(site: Site, clock: ClockStands) -> Left:
    """A clock in words: how much time is left, or how it ended."""
    now = site.game.now
    look: str = clock.state
    if clock.state == "running" and clock.due is not None:
        look = "late" if clock.due <= now else "soon" if clock.due - now <= 1800 else "running"
        says = site.left(clock.due) if clock.due > now else "due now"
    elif clock.state == "breached" and clock.live and clock.due is not None:
        look, says = "late", "due now" if clock.due == now else f"{site.left(clock.due).removesuffix(' ago')} over"
    else:
        says = {"breached": "missed", "late": "met late"}.get(clock.state, clock.state)
    return Left(clock.name, look, says, clock.due, clock.promise)


def routes(site: Site) -> Iterator[tuple[str, str, Handler]]:
    """The routes of this file."""

    def issues(asked: Asked) -> Reply:
        return _listed(site, asked, "issues", "Issues")

    def pulls(asked: Asked) -> Reply:
        return _listed(site, asked, "pulls", "Pull requests")

    yield "GET", "/{owner}/{repo}/issues", issues
    yield "GET", "/{owner}/{repo}/pulls", pulls


def _listed(site: Site, asked: Asked, tab: str, heading: str) -> Reply:
    of = f"{asked.params['owner']}/{asked.params['repo']}"
    who = site.who(asked)
    shown = asked.query.get("state", "open")
    shown = shown if shown in _STATES else "open"
    label = asked.query.get("label", "")
    query = {"state": shown, "per_page": "100", **({"labels": label} if label else {})}
    found = site.ask_of(of, who, "GET", f"/issues?{urlencode(query)}")
    listed = [issue | {"clock": None} for issue in found if ("pull_request" in issue) is (tab == "pulls")]
    if of == REPOSITORY:
        for issue in listed:
            stands = site.game.standing.cases.get(issue["number"])
            if stands is not None and (clock := stands.next or stands.last) is not None:
                issue["clock"] = left(site, clock)
    others: list[Any] = sorted({REPOSITORY, *site.home.others}) if site.home.others and tab == "issues" else []
    empty = "Nothing here." if shown != "open" or label else f"No open {heading.lower()}."
    return site.page(
        "list.html", asked, title=heading, tab=tab, heading=heading, issues=listed, shown=shown, label=label, of=of,
        others=others, empty=empty, standing_problem=site.game.standing.problem,
        dispatches=bool(known_dispatches(site.home.policy)),
    )  # fmt: skip
