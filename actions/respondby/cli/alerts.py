"""`respondby alerts`: read a system's payload by its map, as a run that receives it would."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NoReturn

import click

from respondby.alerts.episodes import incidents
from respondby.alerts.loading import load_map, shown
from respondby.alerts.model import AlertMap
from respondby.alerts.reading import Reading, read_alerts
from respondby.alerts.shipped import NoSuchSource, shipped, sources
from respondby.calendars.instants import people_instant
from respondby.cli.writing import say
from respondby.policy.text.problems import PolicyError

#: Two times of firing that lie no further apart are one incident, where no policy says otherwise.
_REOPEN_WITHIN = 3_600

#: Of a map or a payload this many bytes are read at most.
_LARGEST = 512 * 1024


class Unreadable(click.ClickException):
    """A map or a payload that cannot be read at all."""

    exit_code = 2


@click.command()
@click.option("--source", metavar="NAME", help="A map that comes with respondby; `--list` names them.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="MAP.yml",
    help="A map of your own (docs/alerts.md).",
)
@click.option("--list", "as_list", is_flag=True, help="The maps that come with respondby.")
@click.option("--json", "as_json", is_flag=True, help='Print {"alerts": […], "ignored": N, "problems": […]}.')
@click.argument("payload", type=click.File("rb"), metavar="[PAYLOAD.json]", required=False)
@click.pass_context
def command(
    context: click.Context,
    source: str | None,
    map_file: Path | None,
    as_list: bool,
    as_json: bool,
    payload: BinaryIO | None,
) -> None:
    """What a PAYLOAD of another system says, read by a map; - is standard input.

    Without a payload the map itself is tried on its examples. Exits with 1 when something cannot be read.

    \b
    respondby alerts --source alertmanager payload.json
    respondby alerts --map .github/alerts/our-tool.yml
    """
    if as_list:
        _list(as_json)
        return
    if (source is None) == (map_file is None):
        raise click.UsageError(f"Name one map: --map MAP.yml, or --source and one of {', '.join(sources())}.")
    alert_map = _own(map_file, strict=payload is None) if map_file is not None else _shipped(source or "")
    if payload is None:
        click.echo(json.dumps({"problems": []}) if as_json else f"{alert_map.source}: reads its examples as they say")
        return
    # Where a payload says no time, it counts from now.
    reading = read_alerts(alert_map, _payload(payload), int(datetime.now(UTC).timestamp()))
    _print(reading, click.echo, as_json=as_json)
    context.exit(1 if reading.problems else 0)


def _list(as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([{"source": name, "about": shipped(name).about} for name in sources()], indent=2))
        return
    width = max(map(len, sources()))
    say(f"{name:{width}}  {shipped(name).about}" for name in sources())


def _shipped(source: str) -> AlertMap:
    try:
        return shipped(source)
    except NoSuchSource as why:
        raise click.BadParameter(str(why)) from None


def _own(path: Path, *, strict: bool) -> AlertMap:
    with path.open("rb") as file:
        alert_map, problems = load_map(_text(file, str(path)), file=str(path), strict=strict)
    if alert_map is None:
        raise PolicyError(problems)
    return alert_map


def _payload(file: BinaryIO) -> object:
    name = getattr(file, "name", "<stdin>")
    try:
        return json.loads(_text(file, name))
    except json.JSONDecodeError as wrong:
        _refuse(f"{name}: this is not JSON: {wrong}")
    except RecursionError:
        _refuse(f"{name}: this is not JSON that anybody sends: its lists or objects are nested too deep")
    except ValueError:
        _refuse(f"{name}: this is not JSON that anybody sends: a number in it has thousands of digits")


def _text(file: BinaryIO, name: str) -> str:
    data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        _refuse(f"{name}: this is larger than {_LARGEST // 1024} kB, and a dispatched payload has 64 kB at most")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(f"{name}: this is not UTF-8 text ({error.reason} at byte {error.start})")


def _print(reading: Reading, say: Callable[..., None], *, as_json: bool) -> None:
    if as_json:
        said = {"alerts": [dict(shown(alert)) for alert in reading.alerts], "ignored": reading.ignored}
        say(
            json.dumps({**said, "problems": reading.problems, "remarks": reading.remarks}, indent=2, ensure_ascii=False)
        )
        return
    for alert in reading.alerts:
        texts = dict(shown(alert)) | {"at": people_instant(alert.at, UTC)}
        say(f"{texts.pop('state')}  {texts.pop('key')}")
        width = max(map(len, texts))
        for name, text in texts.items():
            say(f"    {name:{width}}  {text}")
    firing = [incident for incident in incidents(reading.alerts, _REOPEN_WITHIN) if incident.episodes[-1].firing]
    say(
        f"{len(reading.alerts)} alert{'s' * (len(reading.alerts) != 1)}, {reading.ignored} passed over by the map,"
        f" {len(reading.problems)} not read; incidents that fire: {len(firing)}"
    )
    for problem in (*reading.problems, *reading.remarks):
        say(problem, err=True)


def _refuse(words: str) -> NoReturn:
    raise Unreadable(words)
