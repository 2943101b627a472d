"""JSON lines in, JSON lines out: what the `--batch` of `deadline` and of `oncall` share.

Each line has its answer in its place. A line that is no JSON, or that cannot be answered, is `{"error": "…"}` there,
and the batch goes on; blank lines at the end are none.
"""

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from respondby.calendars.errors import TimeError

#: A line of a batch is no longer than this, in bytes.
LONGEST = 1 << 20

# `json.loads` without what it does for streams.
_DECODE = json.JSONDecoder().raw_decode

Answer = Callable[[dict[str, object]], dict[str, object]]


def run_batch(lines: Iterable[bytes], answer: Answer) -> int:
    """Answer every line on standard output. The exit code: 0 when all could be answered, else 1."""
    # A line leaves nothing behind, and looking for cycles after every few hundred objects costs a twentieth of it all.
    often = gc.get_threshold()
    gc.set_threshold(100_000, *often[1:])
    try:
        return _run(lines, answer)
    finally:
        gc.set_threshold(*often)


def _run(lines: Iterable[bytes], answer: Answer) -> int:
    exit_code = 0
    blank = 0
    # Each answer goes out at once, for whoever asks line by line; click's way of it costs as much as the arithmetic.
    write, flush = sys.stdout.write, sys.stdout.flush
    for line in lines:
        if line.isspace():
            blank += 1
            continue
        for text in (b"",) * blank + (line,):
            result = _answered(text, answer)
            exit_code = 1 if "error" in result else exit_code
            write(_text(result) + "\n")
            flush()
        blank = 0
    return exit_code


def bounded(lines: IO[bytes]) -> Iterator[bytes]:
    """The lines, of which none is kept beyond `LONGEST`: its beginning stands for it, and can be no JSON."""
    while line := lines.readline(LONGEST):
        yield line
        while line and not line.endswith(b"\n"):
            line = lines.readline(LONGEST)


def _text(result: dict[str, object]) -> str:
    """The answer as JSON."""
    due = result.get("due")
    if len(result) == 1 and type(due) is str:
        return f'{{"due": "{due}"}}'  # an instant of ours holds nothing that JSON escapes
    return json.dumps(result)


def _answered(line: bytes, answer: Answer) -> dict[str, object]:
    try:
        text = line.decode().strip()
        asked, end = _DECODE(text.removeprefix("\ufeff"))
        if end != len(text):
            asked = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as wrong:
        return {"error": f"this line is not JSON: {wrong}"}
    if not isinstance(asked, dict):
        return {"error": "this line is JSON, but not an object"}
    try:
        return answer(asked)
    except TimeError as wrong:
        return {"error": str(wrong)}
