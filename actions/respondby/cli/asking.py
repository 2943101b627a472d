"""What `init` asks whoever is there: six questions, each with what is usual where there is something."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from respondby.setup.choices import Choices


def choices(given: dict[str, Any], root: Path) -> Choices:
    """What was said, asked or may be assumed. Each question is asked once more where its answer makes no sense."""
    from respondby.setup.choices import (
        REACHES,
        Choices,
        countries,
        read_desk,
        read_hours,
        read_login,
        read_people,
        read_reach,
        read_zone,
    )

    name = root.name.replace("-", " ").replace("_", " ").strip() or "Our"
    desk = _answer(given["desk"], "What is the desk called?", read_desk, f"{name[:1].upper()}{name[1:]} support")
    people = _answer(
        given["people"], "Who answers, a week each? GitHub logins, with commas", read_people, None, "people"
    )
    lead = _answer(given["lead"], "Who is called where they do not answer?", read_login, people[-1])
    timezone = _answer(given["timezone"], "In which time zone is the desk?", read_zone, _own_zone())
    days, windows = _answer(given["hours"], "When is it open, Monday to Friday?", read_hours, "09:00-17:00")
    ways = ", ".join(f"{way} ({what})" for way, what in REACHES.items())
    reach = _answer(given["reach"], f"How are people called: {ways}?", read_reach, "mention")
    return Choices(
        desk=desk,
        timezone=timezone,
        days=days,
        windows=windows,
        people=people,
        lead=lead,
        reach=reach,
        since=_day(given["since"]),
        country=given["country"].upper() if given["country"] else countries().get(timezone),
    )


def _answer(said: str | None, question: str, read: Callable[[str], Any], usual: str | None, name: str = "") -> Any:
    """What was said with an option, else the answer of whoever is there; at the end of the input, what is usual."""
    from textwrap import fill

    from respondby.setup.choices import WrongChoice
    from respondby.terminal import width

    if said is not None:
        return read(said)
    while True:
        click.echo(fill(f"{question}{f' [{usual}]' if usual else ''}", width()), err=True)
        click.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            click.echo(err=True)
            if usual is None:
                raise click.UsageError(f"nobody answers here: say --{name}")
            return read(usual)
        try:
            return read(line.strip() or usual or "")
        except WrongChoice as wrong:
            click.echo(f"{wrong}.", err=True)


def _own_zone() -> str:
    """This machine's time zone, else UTC."""
    from respondby.calendars.zones import zone_names

    said = os.environ.get("TZ", "").lstrip(":")
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    return next((name for name in (said, linked) if name in zone_names() and "/" in name), "UTC")


def _day(said: str | None) -> date:
    from respondby.calendars.errors import TimeError
    from respondby.calendars.instants import read_date

    if said is None:
        return datetime.now().astimezone().date()
    try:
        return read_date(said)
    except TimeError as wrong:
        raise click.UsageError(f"--since: {wrong}") from None
