"""`respondby sandbox`: a GitHub-compatible forge on this machine, in the foreground; with `--open` one to play in."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click


@click.command("sandbox")
@click.argument("policy", required=False, type=click.Path(path_type=Path))
@click.option("--open", "playing", is_flag=True, help="Play a desk: a start page, in the browser where there is one.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free port.")
@click.option("--db", type=click.Path(dir_okay=False, path_type=Path), help="Keep everything in this SQLite file.")
@click.option("--now", metavar="T", help="Let the clock stand at this instant (ISO 8601) until it is moved.")
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="Serve the pages and /_sandbox/ under this host name too; otherwise only under names of this machine.",
)
def command(
    policy: Path | None, playing: bool, port: int, db: Path | None, now: str | None, hosts: tuple[str, ...]
) -> None:
    """Run a GitHub-compatible forge on 127.0.0.1 until interrupted.

    It speaks GitHub's REST and GraphQL APIs. People, repositories, tokens, the clock and faults are made
    through its own API under /_sandbox/. Without --now its clock runs with the machine's.

    With --open one plays a desk there: open requests by its forms, let time pass, see whom it calls. POLICY is a
    desk of your own; without it, .github/support.yml of this folder or one above, where there is one.
    """
    from respondby.sandbox.store import clock
    from respondby.sandbox.store.world import OldFile

    if policy is not None and not playing:
        raise click.UsageError("a POLICY is played with --open")
    if policy is not None and not policy.is_file():
        raise click.UsageError(f"there is no file {policy}")
    begins = None
    if now is not None:
        try:
            begins = clock.parse(now)
        except ValueError:
            raise click.BadParameter(
                f"{now!r} is not an ISO 8601 instant, e.g. 2026-01-05T09:00Z", param_hint="--now"
            ) from None
    try:
        if playing:
            _play(policy or _own(), port, db, begins, hosts)
        else:
            _serve(port, db, now, hosts)
    except OldFile as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"cannot listen on port {port}: {error.strerror}; choose another with --port") from error


def _serve(port: int, db: Path | None, now: str | None, hosts: tuple[str, ...]) -> None:
    from respondby.sandbox.server import serve

    serve(port, db, now, lambda url: click.echo(f"Sandbox at {url} (Ctrl-C ends it)", err=True), hosts)


def _play(policy: Path | None, port: int, db: Path | None, begins: int | None, hosts: tuple[str, ...]) -> None:
    from respondby.playground.serving import playground

    with playground(port, db, policy, begins, hosts) as place:
        kept = f"kept in {db}" if db else "gone when this ends, unless you name a file with --db"
        click.echo(f"Play at {place.url} (Ctrl-C ends it; the game is {kept})", err=True)
        if _has_a_browser():
            click.launch(place.url)
        _wait()


def _own() -> Path | None:
    """The policy of this folder's repository."""
    here = Path.cwd()
    return next((file for folder in (here, *here.parents) if (file := folder / ".github/support.yml").is_file()), None)


def _has_a_browser() -> bool:
    """Whether a window can open: no browser of the terminal's is started over this command."""
    if os.environ.get("CI"):
        return False
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _wait() -> NoReturn:
    import signal
    import threading

    def end(_number: int, _frame: object) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    threading.Event().wait()
    raise AssertionError("nothing sets this event")
