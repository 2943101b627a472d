"""Where one begins: which desk is played, whom one is, and how time passes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from respondby.calendars.instants import Instant, parse_time, zone
from respondby.playground.choices import choices, chosen
from respondby.playground.game import SPEEDS
from respondby.playground.web.serving import Asked, Handler, Reply, Wrong, go
from respondby.playground.web.site import HERE, Site
from respondby.policy.model.policy import Policy
from respondby.rehearsal.times import instant


@dataclass(frozen=True, slots=True)
class Own:
    """One's own policy, where there is one, and the instant at which games begin (None: on the last Monday, 09:00)."""

    file: Path | None
    begins: Instant | None
    today: Instant

    def beginning(self, policy: Policy) -> Instant:
        """When a game of that desk begins."""
        if self.begins is not None:
            return self.begins
        return instant("mon 09:00", zone(policy.timezone), self.today - 7 * 86_400)


def routes(site: Site, own: Own) -> Iterator[tuple[str, str, Handler]]:
    """The routes of this file."""

    def show(asked: Asked) -> Reply:
        return site.page("start.html", asked, title="Play a support desk", choices=choices(own.file))

    def load(asked: Asked) -> Reply:
        choice = chosen(asked.field("id"), own.file)
        if choice is None:
            raise Wrong(404, "There is no such desk.")
        if choice.policy is None:
            return site.page("start.html", asked, status=422, title="Play a support desk", choices=choices(own.file))
        if site.game.kept.last_run() and asked.field("sure") != "yes":
            return site.page("sure.html", asked, title=f"Start over with {choice.title}?", choice=choice)
        site.game.load(choice, own.beginning(choice.policy))
        return go(f"{HERE}/issues")

    def become(asked: Asked) -> Reply:
        actor = site.home.actor(asked.field("who"))
        if actor is None:
            raise Wrong(422, "There is nobody of that name here.")
        return go(_back(asked), who=actor.login)

    def pass_time(asked: Asked) -> Reply:
        game, do = site.game, asked.field("do")
        site.need_game()
        if do == "play":
            game.play(SPEEDS.get(asked.field("speed"), 60))
        elif do == "pause":
            game.play(0)
        else:
            _jump(site, do, asked.field("at"))
        return go(_back(asked))

    def status(_: Asked) -> Reply:
        game = site.game
        site.need_game()
        due = game.next_due()
        state = {
            "rev": site.revision(), "now": game.now, "clock": site.clock(game.now), "playing": bool(game.speed),
            "busy": f"{game.working} is at work …" if game.working else game.trouble,
            "due": site.when(due.at) if due else "", "what": due.what if due else "", "counts": site.counts(),
        }  # fmt: skip
        return Reply(200, json.dumps(state).encode(), "application/json")

    yield "GET", "/", show
    yield "POST", "/play/load", load
    yield "POST", "/play/who", become
    yield "POST", "/play/time", pass_time
    yield "GET", "/play/status", status


def _jump(site: Site, do: str, at: str) -> None:
    """Let time pass to where a button of a page says that was loaded at an instant. Raises Wrong."""
    game = site.game
    seen = int(at) if at.isdecimal() and len(at) < 12 else game.now
    if do == "15":
        end: Instant | None = (game.now if game.speed else seen) + 900
    elif do == "monday":
        end = game.monday()
    elif do == "due":
        due = game.next_due()
        if due is None:
            raise Wrong(409, "Nothing is going to happen by itself: no clock is running.")
        end = due.at
    else:
        end = _named(do)
    if end is None:
        raise Wrong(422, "There is no such time.")
    if not game.go_to(end):
        raise Wrong(409, f"It is {site.clock(game.now)} already: time was moved elsewhere, in another tab perhaps.")


def _named(text: str) -> Instant | None:
    try:
        return parse_time(text, None)
    except ValueError:
        return None


def _back(asked: Asked) -> str:
    """The page of this site that a form was on."""
    place = asked.field("back")
    return place if place.startswith("/") and not place.startswith(("//", "/\\")) else "/"
