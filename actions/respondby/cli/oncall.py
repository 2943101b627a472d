"""`respondby oncall`: who answers now and next, over a time or a month, as a calendar; and for machines, `--batch`."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from respondby.calendars.errors import TimeError, hint, text_of
from respondby.calendars.instants import DAY, Instant, iso, parse_time, resolve, wall, zone
from respondby.calendars.overrides import read_away
from respondby.calendars.rotas import Rota
from respondby.cli.batch import run_batch

if TYPE_CHECKING:
    from respondby.policy.model.policy import Policy

_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)

#: A calendar that is subscribed to shows the last four weeks and the coming half year unless it is told otherwise.
_BACK, _AHEAD = 28 * DAY, 183 * DAY


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: which rotas, at which instant, over which time (None: now), of whom."""

    rotas: tuple[str, ...]
    at: Instant
    time: tuple[Instant, Instant] | None
    month: tuple[int, int] | None
    person: str | None
    calendar: str | None


@click.command()
@click.argument("words", nargs=-1, metavar="[LOGIN] [DAY | TIME]")
@click.option("--rota", "rotas", multiple=True, metavar="ROTA", help="Only this rota; may be given again.")
@click.option("--at", default="now", metavar="TIME", help="now (default), 16:00, fri 16:00 or ISO 8601.")
@click.option("--from", "begin", metavar="TIME", help="List the shifts from then on …")
@click.option("--until", "end", metavar="TIME", help="… until then (four weeks later, unless said).")
@click.option("--month", metavar="YYYY-MM", help="A month as a table; `this` and `next` will do.")
@click.option("--person", metavar="LOGIN", help="Only this person's shifts.")
@click.option("--calendar", metavar="CALENDAR", help="The policy's calendar whose public holidays count.")
@click.option("--ical", is_flag=True, help="Print an iCalendar file to subscribe to.")
@click.option("--diff", "base", metavar="COMMIT", help="Who gains and who loses shifts since that commit or branch.")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another policy.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.option("--batch", type=click.File("rb"), help="JSON lines to answer instead; - is standard input.")
@click.pass_context
def command(context: click.Context, /, policy: Path | None, batch: BinaryIO | None, **options: Any) -> None:
    """Who is on call, since when and until when: for example

    \b
        respondby oncall                          now, and the shifts to come
        respondby oncall tomorrow                 that day's shifts; so with fri, or 2026-12-24
        respondby oncall ann                      when Ann is on call
        respondby oncall --at "sat 03:00"         who would be woken then
        respondby oncall --month next             a month as a table
        respondby oncall --from 2026-01-01 --until 2027-01-01 --person ann
        respondby oncall --diff main              what a swap in here changes
        respondby oncall --ical > on-call.ics     for Google's or Apple's calendar

    A time or a month also tells what each person carries: hours, nights, weekends and holidays.

    With --batch, each line {"rota": {…}, "at": T} is answered by {"on_call": [names], "since": T, "until": T}. The
    rota is the policy's rota object with its overrides inline; "people" may hold the policy's people, for who is
    away.
    """
    if batch is not None:
        context.exit(run_batch(batch, answer))
    # Only for people: a batch starts faster without them.
    from respondby.cli.policy_files import read_named, read_text, the_policy
    from respondby.policy.loading.loader import load

    path = the_policy(policy)
    text = read_text(path)
    loaded = load(text, path=str(path), files=read_named(path, text))
    if not loaded.rotas:
        raise click.UsageError(f"{path} has no rotas, so nobody takes turns")
    try:
        asked = _asked(loaded, options)
        click.echo(_answer(loaded, asked, path, options), nl=not options["ical"])
    except TimeError as wrong:
        raise click.UsageError(str(wrong)) from None


def _answer(policy: Policy, asked: Asked, path: Path, options: dict[str, Any]) -> str:
    from respondby.policy.people.roster import on_call_now, shift_changes, shifts_between

    if options["base"]:
        from respondby.cli.base_policy import policy_at
        from respondby.cli.output.shift_changes import changes_text

        before = policy_at(options["base"], path)
        output = shift_changes(before, policy, asked.at, names=options["rotas"], calendar=asked.calendar)
        return json.dumps(output, indent=2, ensure_ascii=False) if options["as_json"] else changes_text(output)
    if options["ical"]:
        from respondby.cli.output.icalendar import icalendar

        begin, end = asked.time or (asked.at - _BACK, asked.at + _AHEAD)
        output = shifts_between(policy, asked.rotas, begin, end, person=asked.person)
        return icalendar(output, policy.desk)
    if asked.time is None:
        output = on_call_now(policy, asked.rotas, asked.at, asked.person)
    else:
        # A month's table is in each rota's own zone, whose month begins and ends up to a day away from ours.
        margin = DAY if asked.month and not options["as_json"] else 0
        output = shifts_between(
            policy, asked.rotas, *asked.time, person=asked.person, calendar=asked.calendar, margin=margin
        )
    if options["as_json"]:
        return json.dumps(output, indent=2, ensure_ascii=False)
    from respondby.cli.output.oncall import month_text, now_text, shifts_text

    if asked.month is not None:
        return month_text(output, *asked.month)
    return now_text(output) if asked.time is None else shifts_text(output)


def _asked(policy: Policy, options: dict[str, Any]) -> Asked:
    from respondby.cli.deadline_text import read_begin, read_day
    from respondby.policy.people.roster import holiday_calendar

    if options["ical"] and (options["as_json"] or options["base"]):
        raise click.UsageError("--ical stands alone: it is a file of its own, neither JSON nor a comparison")
    if options["month"] and (options["begin"] or options["end"]):
        raise click.UsageError("give a --month, or --from and --until, not both")
    if options["base"] and (options["month"] or options["begin"] or options["end"] or options["person"]):
        raise click.UsageError("--diff looks ahead from --at; it goes with --rota, --calendar and --json")
    for name in options["rotas"]:
        known(name, policy.rotas, "--rota", "rota")
    if options["calendar"] is not None:
        known(options["calendar"], policy.calendars, "--calendar", "calendar")
    options = _with_words(policy, options)
    names = tuple(dict.fromkeys(options["rotas"])) or tuple(policy.rotas)
    rotas = [policy.rotas[name].rota for name in names]
    where = zone(rotas[0].timezone if len({rota.timezone for rota in rotas}) == 1 else policy.timezone)
    at = read_begin(options["at"], int(time.time()), where)
    if options["day"]:
        day = read_day(options["day"], int(time.time()) if options["at"] == "now" else at, where)
        whole = (_midnight(day, where), _midnight(day + timedelta(days=1), where))
        counted = options["calendar"] or holiday_calendar(policy)
        return Asked(names, at, whole, None, _person(policy, options["person"]), counted)
    month = _month(options["month"], wall(at, where)) if options["month"] else None
    span = None
    if month is not None:
        first = date(*month, 1)
        later = (first + timedelta(days=31)).replace(day=1)
        span = (_midnight(first, where), _midnight(later, where))
    elif options["begin"] or options["end"]:
        begin = read_begin(options["begin"], at, where) if options["begin"] else at
        end = read_begin(options["end"], at, where) if options["end"] else begin + 28 * DAY
        if end <= begin:
            raise click.UsageError("--until lies before --from: write the later time last")
        span = (begin, end)
    calendar = options["calendar"] or holiday_calendar(policy)
    return Asked(names, at, span, month, _person(policy, options["person"]), calendar)


def _with_words(policy: Policy, options: dict[str, Any]) -> dict[str, Any]:
    """The options with what was said without one: a login, a day (`tomorrow`, `fri`, a date) or a time."""
    from respondby.cli.deadline_text import is_day

    words = list(options.pop("words"))
    people = {login.casefold() for login in policy.people}
    found: dict[str, Any] = {"day": None}
    if words and words[0].removeprefix("@").casefold() in people:
        found["person"] = words.pop(0)
    if words and is_day(" ".join(words)):
        found["day"] = " ".join(words)
    elif words and ":" in words[-1]:
        found["at"] = " ".join(words)
    elif words:
        near = hint(words[0], policy.people)
        raise click.UsageError(f"“{words[0]}” is neither in `people` nor a day or a time{near}")
    if found["day"] and (options["month"] or options["begin"] or options["end"]):
        raise click.UsageError("give a day, or --month, or --from and --until, not two of them")
    return {**options, **found}


def known(name: str, names: Any, option: str, what: str) -> None:
    """Nothing where there is one of that name; a usage error with the nearest and all of them."""
    if name not in names:
        listed = ", ".join(names) or "none"
        raise click.BadParameter(
            f"there is no {what} “{name}”{hint(name, names)}; there is {listed}", param_hint=option
        )


def _person(policy: Policy, login: str | None) -> str | None:
    return None if login is None else login_of(policy, login, "--person")


def login_of(policy: Policy, login: str, option: str) -> str:
    """The login as the policy writes it; a usage error for somebody whom it does not know."""
    wanted = login.removeprefix("@")
    for known in policy.people:
        if known.casefold() == wanted.casefold():
            return known
    raise click.BadParameter(f"“{wanted}” is not in `people`{hint(wanted, policy.people)}", param_hint=option)


def _month(text: str, today: datetime) -> tuple[int, int]:
    if text in ("this", "next"):
        day = today.date().replace(day=1)
        day = (day + timedelta(days=31)).replace(day=1) if text == "next" else day
        return day.year, day.month
    parts = _MONTH.fullmatch(text)
    if not parts or not 1 <= int(parts[2]) <= 12 or not 1900 <= int(parts[1]) <= 2200:
        raise click.BadParameter(f"“{text}” is not a month; write one such as 2026-12", param_hint="--month")
    return int(parts[1]), int(parts[2])


def _midnight(day: date, where: tzinfo) -> Instant:
    return resolve(datetime.combine(day, datetime.min.time()), where)


def answer(line: dict[str, object]) -> dict[str, object]:
    """The answer to one line of a batch. Raises `TimeError` for one that has none."""
    for key in ("rota", "at"):
        if key not in line:
            raise TimeError(f'a line needs “{key}”, such as {{"rota": {{…}}, "at": "2026-01-05T16:00:00Z"}}')
    given = line["rota"]
    timezone = text_of(given.get("timezone", "UTC"), "timezone") if isinstance(given, dict) else "UTC"
    rota = Rota.from_mapping(given, read_away(line.get("people") or {}, timezone))
    shift = rota.on_call(parse_time(text_of(line["at"], "at"), None))
    return {
        "on_call": list(shift.people),
        "since": None if shift.since is None else iso(shift.since),
        "until": None if shift.until is None else iso(shift.until),
    }
