"""`respondby deadline`: when a promise runs out, explained span by span; or, with `--batch`, answered for machines."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click

from respondby.calendars.dues import due, elapsed
from respondby.calendars.errors import TimeError, hint, text_of
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import FOREVER, UTC, Instant, instant_of, iso, parse_time, people_instant, read_time
from respondby.calendars.spans import Pair
from respondby.calendars.targets import ByArgument, Handover, Target, parse_by, parse_within
from respondby.cli.batch import run_batch


@dataclass(frozen=True, slots=True)
class Chosen:
    """The calendars for one question: the one that was named, the policy's default, and what to call them."""

    named: Calendar | None = None
    default: Calendar | None = None
    timezone: str = "UTC"
    label: str = ""


@click.command()
@click.argument("target", required=False)
@click.option(
    "--from", "--at", "begin", default="now", metavar="TIME", help="now (default), 16:00, fri 16:00, ISO 8601."
)
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another policy.")
@click.option("--name", metavar="CALENDAR", help="The policy's calendar to measure it on.")
@click.option(
    "--calendar",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with one calendar object, instead of a policy.",
)
@click.option("--pause", "pauses", multiple=True, metavar="T/T", help="A pause of the clock; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@click.option("--batch", type=click.File("rb"), help="JSON lines to answer instead; - is standard input.")
@click.pass_context
def command(
    context: click.Context,
    target: str | None,
    begin: str,
    policy: Path | None,
    name: str | None,
    calendar: Path | None,
    pauses: tuple[str, ...],
    as_json: bool,
    batch: BinaryIO | None,
) -> None:
    """When a promise runs out, and why: for example

    \b
        respondby deadline "4 business hours" --from "fri 16:00"
        respondby deadline "end of next business day" --name office

    TARGET is a duration or what the policy accepts after `by`. Without --name or --calendar a plain duration is elapsed
    time, as in a policy, and the rest is measured on the policy's default calendar.
    """
    if batch is not None:
        context.exit(run_batch(batch, answer))
    if target is None:
        raise click.UsageError('say what was promised, such as "4 business hours", or give --batch FILE')
    if calendar is not None and (policy is not None or name is not None):
        raise click.UsageError("--calendar stands alone; --name names a calendar of a policy")
    # Only for people: a batch starts faster without them.
    from respondby.calendars.explaining import explain_due
    from respondby.calendars.instants import zone
    from respondby.cli.deadline_text import as_data, as_text, read_begin, read_pause

    try:
        chosen = _calendars(policy, name, calendar)
        where = zone((chosen.named or chosen.default or chosen).timezone)
        explanation = explain_due(
            _target(target),
            read_begin(begin, int(time.time()), where),
            chosen.named,
            chosen.default,
            [read_pause(pause, where) for pause in pauses],
            chosen.timezone,
        )
        text = json.dumps(as_data(explanation), indent=2) if as_json else as_text(explanation, target, chosen.label)
    except TimeError as wrong:
        raise click.UsageError(str(wrong)) from None
    click.echo(text)


def answer(line: dict[str, object]) -> dict[str, object]:
    """The answer to one line of a batch. Raises `TimeError` for one that has none."""
    given = line.get("calendar")
    calendar = None if given is None else Calendar.from_mapping(given)
    begin = _time(line, "from", calendar)
    pauses = _pauses(line.get("pauses"), calendar)
    within, by, to = line.get("within"), line.get("by"), line.get("to")
    if (within is not None) + (by is not None) + (to is not None) != 1:
        asked = [key for key in ("within", "by", "to") if line.get(key) is not None]
        raise TimeError(f"a line needs exactly one of within, by and to; this one has {' and '.join(asked) or 'none'}")
    if to is not None:
        return {"elapsed": elapsed(calendar, begin, _time(line, "to", calendar), pauses)}
    target = parse_within(within) if within is not None else _answerable(parse_by(by))
    end = due(target, begin, calendar, calendar, pauses)
    return {"due": None if end == FOREVER else iso(end)}


def _time(line: dict[str, object], key: str, calendar: Calendar | None) -> Instant:
    if key not in line:
        raise TimeError(f"a line needs “{key}”, a time such as 2026-11-20T17:00+01:00")
    text = text_of(line[key], key)
    time = read_time(text)
    if time.tzinfo is not None:
        return instant_of(time, UTC)
    return parse_time(text, calendar.zone if calendar else None)


def _pauses(given: object, calendar: Calendar | None) -> list[Pair]:
    """The pauses of a line; one that nobody has ended has null for its end."""
    if given is None:
        return []
    pauses = []
    for pair in _list(given):
        if len(_list(pair)) != 2:
            raise TimeError('a pause must be two times, such as ["2026-11-20T17:10Z", "2026-11-20T17:20Z"]')
        begin, end = (FOREVER if time is None else _time({"pauses": time}, "pauses", calendar) for time in _list(pair))
        if end < begin:
            raise TimeError(
                f"a pause ends before it begins, at {people_instant(end, calendar.zone if calendar else UTC)}"
            )
        pauses.append((begin, end))
    return pauses


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TimeError("pauses must be a list of pairs of times")
    return value


def _target(text: str) -> Target:
    """A person says a duration or a `by` without the word before it."""
    try:
        return parse_within(text)
    except TimeError as no_duration:
        if "end of" not in text.lower() and not (text[:4].isdigit() and text[4:5] == "-"):
            raise no_duration from None
    return _answerable(parse_by(text))


def _answerable(target: Target | ByArgument | Handover) -> Target:
    if isinstance(target, ByArgument | Handover):
        raise TimeError(f"“{target}” is known on a case only; give the time that it means")
    return target


def _calendars(policy: Path | None, name: str | None, file: Path | None) -> Chosen:
    """The calendars that the options choose. Without any, a policy where it usually is, or elapsed time."""
    if file is not None:
        calendar = Calendar.from_mapping(_read(file))
        return Chosen(calendar, calendar, calendar.timezone, str(file))
    from respondby.cli.policy_files import POLICY, found_policy

    path = policy or found_policy()
    if path is None:
        if name is not None:
            raise TimeError(f"there is no policy at {POLICY} to name a calendar of; give --policy FILE")
        return Chosen()
    facts = _read(path)
    timezone = text_of(facts.get("timezone") or "UTC", "timezone")
    calendars = facts.get("calendars") or {}
    if not isinstance(calendars, dict):
        raise TimeError("the policy's calendars must be a mapping of names to calendars")
    chosen = name or facts.get("calendar") or (next(iter(calendars)) if len(calendars) == 1 else None)
    if chosen is None:
        return Chosen(timezone=timezone)
    text_of(chosen, "the policy's calendar")
    if chosen not in calendars:
        raise TimeError(f"the policy has no calendar “{chosen}”{hint(chosen, calendars)}")
    calendar = Calendar.from_mapping(calendars[chosen], timezone)
    return Chosen(calendar if name else None, calendar, timezone, chosen)


def _read(file: Path) -> dict[str, Any]:
    """A YAML file as plain data in which every scalar is the text that was written."""
    from respondby.cli.policy_files import read_text
    from respondby.policy.text.problems import PolicyError
    from respondby.policy.text.yaml_text import read

    try:
        data = read(read_text(file), path=str(file)).data()
    except PolicyError as wrong:
        raise TimeError(f"{file} cannot be read: {wrong}") from None
    if not isinstance(data, dict):
        raise TimeError(f"{file} must hold a mapping")
    return data
