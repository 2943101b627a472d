"""JSON lines in, JSON lines out: what the `--batch` of `deadline` and of `oncall` share.

Each line has its answer in its place. A line that is no JSON, or that cannot be answered, is `{"error": "…"}` there,
and the batch goes on; blank lines at the end are none.
"""

import json
from collections.abc import Callable, Iterable

import click

from respondby.calendars.errors import TimeError

Answer = Callable[[dict[str, object]], dict[str, object]]


def run_batch(lines: Iterable[bytes], answer: Answer) -> int:
    """Answer every line on standard output. The exit code: 0 when all could be answered, else 1."""
    exit_code = 0
    blank = 0
    for line in lines:
        if not line.strip():
            blank += 1
            continue
        for text in (b"",) * blank + (line,):
            result = _answered(text, answer)
            exit_code = 1 if "error" in result else exit_code
            click.echo(json.dumps(result))
        blank = 0
    return exit_code


def _answered(line: bytes, answer: Answer) -> dict[str, object]:
    try:
        asked = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        return {"error": f"this line is no JSON: {wrong}"}
    if not isinstance(asked, dict):
        return {"error": "this line is JSON, but no object"}
    try:
        return answer(asked)
    except TimeError as wrong:
        return {"error": str(wrong)}
