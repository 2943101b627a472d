"""What a command tells people, and files that it writes where somebody said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from respondby.terminal import fitted


def say(lines: Iterable[str], *, err: bool = False) -> None:
    """Print sentences and lists, as wide as the terminal is."""
    for line in fitted(lines, err=err):
        click.echo(line, err=err)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Around what writes that file or folder. Raises UsageError, with the reason, where the system refuses."""
    try:
        yield
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror or error}") from None
