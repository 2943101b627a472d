"""`respondby swap`: somebody stands in for somebody else, as an entry in the rota's file."""

from __future__ import annotations

import difflib
import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, people_time, resolve, time_text, wall, zone
from respondby.cli.deadline_text import read_begin
from respondby.cli.oncall import known, login_of
from respondby.cli.policy_files import the_policy
from respondby.cli.writing import say, writing
from respondby.policy.text.problems import PolicyError, Problem

if TYPE_CHECKING:
    from respondby.policy.model.policy import Policy

_YEAR = 366 * 86_400


class Refused(Exception):
    """A swap that `check` would refuse; the text says why, and nothing was written. Exit code 1."""


@click.command()
@click.argument("who")
@click.argument("with_whom", metavar="WITH")
@click.option("--from", "begin", metavar="TIME", help="fri 16:00, tomorrow 09:00, ISO 8601. Default: WHO's next shift.")
@click.option("--until", "end", metavar="TIME", help="Its end, which is no longer part of it.")
@click.option("--rota", metavar="ROTA", help="The rota, where WHO takes turns in several.")
@click.option("--why", metavar="TEXT", help="The reason, for people.")
@click.option("--at", default="now", metavar="TIME", help="As at this time instead of now.")
@click.option("--dry-run", is_flag=True, help="Show the change of the file, and write nothing.")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another policy.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(policy: Path | None, **options: Any) -> None:
    """WITH stands in for WHO, as an entry in the rota's file: for example

    \b
        respondby swap fay eli                                      Fay's next shift
        respondby swap fay eli --from "thu 10:00" --until "fri 10:00" --why Thanksgiving
        respondby swap fay eli --dry-run                            what would be written

    Nothing else in the file is touched. What `respondby check` would refuse is refused, and what is written is told:
    who gains and who loses which shifts. Propose it as a pull request as any other change.
    """
    path = the_policy(policy)
    try:
        _swap(path, options)
    except TimeError as wrong:
        raise click.UsageError(str(wrong)) from None


def _swap(path: Path, options: Mapping[str, Any]) -> None:
    from respondby.cli.policy_files import read_named, read_text, root_of
    from respondby.policy.loading.loader import load
    from respondby.policy.people.roster import holiday_calendar, shift_changes
    from respondby.policy.repository.entries import added, line_of

    text = read_text(path)
    files = read_named(path, text)
    before = load(text, path=str(path), files=files)
    who, with_whom = login_of(before, options["who"], "WHO"), login_of(before, options["with_whom"], "WITH")
    now = read_begin(options["at"], int(time.time()), zone(before.timezone))
    name = _rota(before, who, now, options["rota"])
    plan = before.rotas[name]
    begin, end = _time(before, name, who, now, options)
    entry = _entry(plan.rota.timezone, begin, end, who, with_whom, options["why"])
    file = plan.overrides or plan.assigned
    if file is None or file not in files:
        raise click.UsageError(
            f"the rota “{name}” has no file of entries: give it `overrides: rota/{name}.yml`, and let that hold `[]`"
        )
    changed = {**files, file: added(files[file], entry, path=file)}
    warnings = _checked(path, text, files, changed, now)
    after = load(text, path=str(path), files=changed)
    changes = shift_changes(before, after, now, names=[name], calendar=holiday_calendar(after))
    if not options["dry_run"]:
        with writing(root_of(path) / file):
            (root_of(path) / file).write_bytes(changed[file].encode())
    if options["as_json"]:
        facts = {"file": file, "entry": entry, "written": not options["dry_run"], **changes}
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    click.echo(_diff(file, files[file], changed[file]) if options["dry_run"] else f"{file}: - {line_of(entry)}")
    _tell(changes, warnings)


def _tell(changes: Mapping[str, Any], warnings: Iterable[Problem]) -> None:
    from respondby.cli.output.shift_changes import changes_text

    click.echo(f"\n{changes_text(changes)}")
    for problem in warnings:
        say(problem.text().split("\n"), err=True)


def _rota(policy: Policy, who: str, now: Instant, asked: str | None) -> str:
    """The rota that is meant: the one that was named, else the only one in which this person takes turns."""
    if asked is not None:
        known(asked, policy.rotas, "--rota", "rota")
        return asked
    names = [
        name
        for name, plan in policy.rotas.items()
        if any(who in people for people in plan.rota.members)
        or any(who in entry.on for entry in plan.rota.overrides if entry.end > now)
    ]
    if len(names) == 1:
        return names[0]
    if not names:
        raise click.UsageError(f"“{who}” takes turns in no rota, so nobody can stand in for them")
    raise click.UsageError(f"“{who}” takes turns in {', '.join(names)}: say which with --rota")


def _time(policy: Policy, name: str, who: str, now: Instant, options: Mapping[str, Any]) -> tuple[Instant, Instant]:
    """The time that was given, else this person's next whole shift."""
    rota = policy.rotas[name].rota
    where = zone(rota.timezone)
    if (options["begin"] is None) != (options["end"] is None):
        raise click.UsageError("give both --from and --until, or neither for the next shift")
    if options["begin"] is None:
        for shift in rota.shifts(now, now + _YEAR):
            if who in shift.people and shift.since is not None and shift.until is not None and shift.since >= now:
                return shift.since, shift.until
        raise click.UsageError(f"“{who}” has no shift to come in the rota “{name}”: give --from and --until")
    begin, end = read_begin(options["begin"], now, where), read_begin(options["end"], now, where)
    if end <= begin:
        raise click.UsageError("--until lies before --from: write the later time last")
    if end <= now:
        raise click.UsageError(f"that time is over since {people_time(end, where)}: nobody can stand in any more")
    return begin, end


def _entry(timezone: str, begin: Instant, end: Instant, who: str, with_whom: str, why: str | None) -> dict[str, str]:
    from respondby.letters.neutral import flat

    times = {"from": _written(begin, timezone), "until": _written(end, timezone)}
    entry = {**times, "on": with_whom, "instead-of": who}
    return {**entry, "why": flat(why, 200)} if why and flat(why) else entry


def _written(instant: Instant, timezone: str) -> str:
    """A time in the rota's zone; with its offset where clocks show it twice, and the second is meant."""
    shown = wall(instant, zone(timezone))
    local = shown.replace(tzinfo=None, fold=0)
    return time_text(local if resolve(local, zone(timezone)) == instant else shown)


def _checked(
    path: Path, text: str, files: Mapping[str, str], changed: Mapping[str, str], now: Instant
) -> list[Problem]:
    """The warnings that the swap brings; `Refused` with the errors that it brings."""
    from respondby.policy.checks.rule import Surroundings
    from respondby.policy.checks.table import check

    seen = Counter((one.rule, one.message) for one in check(text, Surroundings(now), path=str(path), files=files))
    found = check(text, Surroundings(now), path=str(path), files=changed)
    new = list((Counter((one.rule, one.message) for one in found) - seen).elements())
    problems = [one for one in found if (one.rule, one.message) in new]
    errors = [one for one in problems if one.severity == "error"]
    if errors:
        raise Refused(f"{PolicyError(errors)}\nNothing was written: `respondby check` would refuse this swap.")
    return problems


def _diff(file: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), f"a/{file}", f"b/{file}", lineterm="")
    return "\n".join(lines)
