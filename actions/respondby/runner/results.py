"""What a run hands on: outputs for later steps, and the step summary that people read."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path

# GitHub refuses a step's summary beyond this, whole.
SUMMARY_LIMIT = 1024 * 1024
CUT = "\n\n_Cut here: a step summary holds 1 MiB. The run's log has everything._\n"

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def set_output(path: Path | None, name: str, value: str, *, token: Callable[[], str] = secrets.token_hex) -> None:
    """Appends `name=value` to the file at GITHUB_OUTPUT; outside a runner (None) there is nothing to hand on.

    The value is fenced by a delimiter that nobody can guess, so a value with line breaks, or one that looks like
    another output, stays the value. Raises ValueError for a name that an action could not use.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for an output")
    if path is None:
        return
    fence = f"respondby_{token()}"
    while fence in value:
        fence = f"respondby_{token()}"
    _append(path, f"{name}<<{fence}\n{value}\n{fence}\n")


def add_summary(path: Path | None, markdown: str) -> None:
    """Appends to the step summary, cut at a line's end where GitHub would refuse the whole; None does nothing."""
    if path is None:
        return
    written = path.stat().st_size if path.exists() else 0
    room = SUMMARY_LIMIT - written
    content = _bytes(markdown if markdown.endswith("\n") else markdown + "\n")
    if len(content) > room:
        kept = content[: max(0, room - len(_bytes(CUT)))]
        content = kept[: kept.rfind(b"\n") + 1] + _bytes(CUT)
        if len(content) > room:
            return  # not even the remark fits; it was made when the room ran out
    with path.open("ab") as file:
        file.write(content)


def _append(path: Path, text: str) -> None:
    with path.open("ab") as file:
        file.write(_bytes(text))


def _bytes(text: str) -> bytes:
    # A lone surrogate, which JSON can carry into a title, is shown as it was escaped there.
    return text.encode("utf-8", "backslashreplace")
