"""The desk itself: whom it called, who is on call, and what it promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from respondby.calendars.instants import Instant, parse_time, people_clock, resolve, wall, zone
from respondby.playground.choices import OWN, choice
from respondby.playground.web.serving import Asked, Handler, Reply, Wrong, go
from respondby.playground.web.site import Site
from respondby.playground.web.start import Own
from respondby.policy.people.roster import holiday_calendar, on_call_now, shifts_between

_MONTH = re.compile(r"(\d{4})-(\d{2})")


def routes(site: Site, own: Own) -> Iterator[tuple[str, str, Handler]]:
    """The routes of this file."""

    def calls(asked: Asked) -> Reply:
        incidents = {one.key: one for one in site.game.receiver.pager.incidents}
        found = site.game.kept.calls()
        for call in found:
            call["incident"] = None if call["kind"] != "page" or call["again"] else incidents.get(call["key"])
        return site.page("calls.html", asked, title="Pages and chats", tab="calls", calls=found)

    def answer(asked: Asked) -> Reply:
        if not site.game.answer(asked.field("incident"), asked.field("do")):
            raise Wrong(409, "This page has been answered already.")
        return go("/play/calls")

    def oncall(asked: Asked) -> Reply:
        return _oncall(site, asked)

    def policy(asked: Asked) -> Reply:
        text = site.home.text
        return _policy(site, own, asked, text)

    def commit(asked: Asked) -> Reply:
        text = asked.field("text")
        if asked.field("do") == "reload" and own.file is not None:
            text = choice(OWN, own.file).text
        broken = any(one.severity == "error" for one in site.home.problems_of(text, site.game.now))
        if broken and asked.field("anyway") != "yes":
            return _policy(site, own, asked, text, status=422)
        site.game.change_policy(text)
        return go("/play/policy")

    yield "GET", "/play/calls", calls
    yield "POST", "/play/page", answer
    yield "GET", "/play/oncall", oncall
    yield "GET", "/play/policy", policy
    yield "POST", "/play/policy", commit


def _policy(site: Site, own: Own, asked: Asked, text: str, *, status: int = 200) -> Reply:
    file = own.file if site.home.id == OWN else None
    problems = site.home.problems_of(text, site.game.now)
    return site.page(
        "policy.html", asked, status=status, title="Policy", tab="policy", text=text, own=file, problems=problems,
        errors=sum(one.severity == "error" for one in problems),
    )  # fmt: skip


def _oncall(site: Site, asked: Asked) -> Reply:
    policy, now = site.home.policy, site.game.now
    year, month = _month(asked.query.get("month", ""), wall(now, zone(policy.timezone)).date())
    first = date(year, month, 1)
    later = (first + timedelta(days=31)).replace(day=1)
    names = list(policy.rotas)
    at_once = on_call_now(policy, names, now)["rotas"]
    where = zone(policy.timezone)
    begin, end = _midnight(first - timedelta(days=7), where), _midnight(later + timedelta(days=7), where)
    shifts = shifts_between(policy, names, begin, end)["rotas"]
    counted = shifts_between(
        policy, names, _midnight(first, where), _midnight(later, where), calendar=holiday_calendar(policy)
    )
    rotas = [
        {
            **at_once[name],
            "name": name,
            "weeks": list(_weeks(shifts[name]["shifts"], first, later, zone(at_once[name]["timezone"]), now)),
        }
        for name in names
    ]
    return site.page(
        "oncall.html", asked, title="On call", tab="oncall", rotas=rotas, month_name=f"{first:%B %Y}",
        before=f"{first - timedelta(days=1):%Y-%m}", after=f"{later:%Y-%m}", figures=counted["figures"]["people"],
    )  # fmt: skip


def _weeks(
    shifts: list[dict[str, Any]], first: date, later: date, where: tzinfo, now: Instant
) -> Iterator[list[dict[str, Any]]]:
    """A month in weeks from Monday to Sunday; on each day who is on call, and from when where that changes."""
    spans = [
        (_instant(one["since"]), _instant(one["until"]), one["on_call"])
        for one in shifts
    ]  # fmt: skip
    today = wall(now, where).date()
    day = first - timedelta(days=first.weekday())
    while day < later:
        week = []
        for _ in range(7):
            begin, end = _midnight(day, where), _midnight(day + timedelta(days=1), where)
            found = [
                {"who": who, "since": people_clock(wall(since, where)) if since is not None and since > begin else ""}
                for since, until, people in spans
                if (since is None or since < end) and (until is None or until > begin)
                for who in people
            ]
            inside = first <= day < later
            week.append({"number": day.day, "inside": inside, "today": day == today, "shifts": found})
            day += timedelta(days=1)
        yield week


def _month(text: str, today: date) -> tuple[int, int]:
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12 or not 1971 <= int(found[1]) <= 2200:
        return today.year, today.month
    return int(found[1]), int(found[2])


def _instant(text: str | None) -> Instant | None:
    return parse_time(text, None) if text else None


def _midnight(day: date, where: tzinfo) -> Instant:
    return resolve(datetime.combine(day, datetime.min.time()), where)
