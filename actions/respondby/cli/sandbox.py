"""`respondby sandbox`: a GitHub-compatible forge on this machine, in the foreground."""

from pathlib import Path

import click


@click.command("sandbox")
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
def command(port: int, db: Path | None, now: str | None, hosts: tuple[str, ...]) -> None:
    """Run a GitHub-compatible forge on 127.0.0.1 until interrupted.

    It speaks GitHub's REST and GraphQL APIs. People, repositories, tokens, the clock and faults are made
    through its own API under /_sandbox/. Without --now its clock runs with the machine's.
    """
    from respondby.sandbox.server import serve
    from respondby.sandbox.store import clock
    from respondby.sandbox.store.world import OldFile

    if now is not None:
        try:
            clock.parse(now)
        except ValueError:
            raise click.BadParameter(
                f"{now!r} is no ISO 8601 instant, e.g. 2026-01-05T09:00Z", param_hint="--now"
            ) from None
    try:
        serve(port, db, now, lambda url: click.echo(f"Sandbox at {url} (Ctrl-C ends it)", err=True), hosts)
    except OldFile as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"cannot listen on port {port}: {error.strerror}; choose another with --port") from error
