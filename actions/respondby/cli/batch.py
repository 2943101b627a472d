"""JSON lines in, JSON lines out: what the `--batch` of `deadline` and of `oncall` share.

Each line has its answer in its place. A line that is no JSON, or that cannot be answered, is `{"error": "…"}` there,
and the batch goes on; blank lines at the end are none.
"""

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO

from respondby.calendars.errors import TimeError

#: A line of a batch is no longer than this, in bytes.
LONGEST = 1 << 20

#: So many bytes are read at once, where so many are there.
_AT_ONCE = 1 << 16

# `json.loads` without what it does for streams.
_DECODE = json.JSONDecoder().raw_decode

Answer = Callable[[dict[str, object]], dict[str, object]]


def run_batch(stream: IO[bytes], answer: Answer) -> int:
    """Answer every line on standard output. The exit code: 0 when all could be answered, else 1."""
    # A line leaves nothing behind, and looking for cycles after every few hundred objects costs a twentieth of it all.
    often = gc.get_threshold()
    gc.set_threshold(100_000, *often[1:])
    try:
        return _run(arrivals(stream), answer)
    finally:
        gc.set_threshold(*often)


def _run(lines_by_arrival: Iterable[Sequence[bytes]], answer: Answer) -> int:
    exit_code = 0
    blank = 0
    write, flush = sys.stdout.write, sys.stdout.flush
    for lines in lines_by_arrival:
        texts = []
        for line in lines:
            if not line or line.isspace():
                blank += 1
                continue
            for asked in (b"",) * blank + (line,):
                result = _answered(asked, answer)
                exit_code = 1 if "error" in result else exit_code
                texts.append(_text(result))
            blank = 0
        if texts:
            # At once, for whoever asks line by line; click's way of it costs as much as the arithmetic.
            write("\n".join(texts) + "\n")
            flush()
    return exit_code


def arrivals(stream: IO[bytes]) -> Iterator[list[bytes]]:
    """The lines, together as they arrive: what is here is answered before more is waited for.

    None is kept beyond `LONGEST`: its beginning stands for it, and can be no JSON.
    """
    begun = b""
    while chunk := stream.read1(_AT_ONCE):  # type: ignore[attr-defined]  # every buffered stream has it
        *lines, rest = chunk.split(b"\n")
        if lines:
            lines[0] = (begun + lines[0])[:LONGEST]
            yield lines
            begun = b""
        begun = (begun + rest)[:LONGEST]
    if begun:
        yield [begun]


def _text(result: dict[str, object]) -> str:
    """The answer as JSON."""
    due = result.get("due")
    if len(result) == 1 and type(due) is str:
        return f'{{"due": "{due}"}}'  # an instant of ours holds nothing that JSON escapes
    return json.dumps(result)


def _answered(line: bytes, answer: Answer) -> dict[str, object]:
    try:
        text = line.decode().removeprefix("\ufeff").strip()
        asked, end = _DECODE(text)
        if end != len(text):
            asked = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        return {"error": f"this line is not JSON: {wrong}"}
    if not isinstance(asked, dict):
        return {"error": "this line is JSON, but not an object"}
    try:
        return answer(asked)
    except TimeError as wrong:
        return {"error": str(wrong)}
