"""What a run hands on: outputs for later steps, and the step summary that people read."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path

# GitHub refuses a step's summary beyond this, whole.
SUMMARY_LIMIT = 1024 * 1024
CUT = "\n\n_Cut here: a step summary holds 1 MiB. The run's log has everything._\n"

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class CannotHandOn(Exception):
    """A file that the runner reads cannot be written; the text says which, and why. What the run did is done."""


def set_output(path: Path | None, name: str, value: str, *, token: Callable[[], str] = secrets.token_hex) -> None:
    """Appends `name=value` to the file at GITHUB_OUTPUT; outside a runner (None) there is nothing to hand on.

    The value is fenced by a delimiter that nobody can guess, so a value with line breaks, or one that looks like
    another output, stays the value. Raises ValueError for a name that an action could not use.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a name for an output")
    if path is None:
        return
    fence = f"respondby_{token()}"
    while fence in value:
        fence = f"respondby_{token()}"
    _append(path, _bytes(f"{name}<<{fence}\n{value}\n{fence}\n"), f"the output {name} (GITHUB_OUTPUT)")


def add_summary(path: Path | None, markdown: str) -> None:
    """Appends to the step summary, cut at a line's end where GitHub would refuse the whole; None does nothing."""
    if path is None:
        return
    written = _size(path)
    room = SUMMARY_LIMIT - written
    content = _bytes(markdown if markdown.endswith("\n") else markdown + "\n")
    if len(content) > room:
        kept = content[: max(0, room - len(_bytes(CUT)))]
        content = kept[: kept.rfind(b"\n") + 1] + _bytes(CUT)
        if len(content) > room:
            return  # not even the remark fits; it was made when the room ran out
    _append(path, content, "the step summary (GITHUB_STEP_SUMMARY)")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # whether it can be written is seen then


def _append(path: Path, content: bytes, what: str) -> None:
    try:
        with path.open("ab") as file:
            file.write(content)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise CannotHandOn(
            f"{what} cannot be written: {path}: {why}. What this run did is done; only telling the runner failed."
        ) from error


def _bytes(text: str) -> bytes:
    # A lone surrogate, which JSON can carry into a title, is shown as it was escaped there.
    return text.encode("utf-8", "backslashreplace")
