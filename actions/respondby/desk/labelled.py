"""Lines such as `Label: value`, as people write them below a command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_BEFORE_LABEL = re.compile(r"\s*(?:[-*+]\s+)?([*_]{0,2})")
_NOTHING_SAID = "_no response_"


def labelled_answers(
    labels: Sequence[tuple[str, tuple[str, ...]]], lines: Iterable[str]
) -> tuple[dict[str, str], list[str]]:
    """The values of labelled lines by id, and the lines above the first of them.

    `labels` are ids, each with the ways in which its label may be written, without regard to case. The lines below a
    labelled one belong to its value. A label that occurs twice is no answer: nobody can tell which was meant.
    """
    ways = sorted(((way.casefold(), id) for id, written in labels for way in written), key=lambda way: -len(way[0]))
    found: dict[str, list[list[str]]] = {}
    above: list[str] = []
    here = above
    for line in lines:
        labelled = _labelled(line, ways)
        if labelled is None:
            here.append(line)
        else:
            here = [labelled[1]]
            found.setdefault(labelled[0], []).append(here)
    answers = {id: "\n".join(values[0]).strip() for id, values in found.items() if len(values) == 1}
    return {id: value for id, value in answers.items() if value and value.lower() != _NOTHING_SAID}, above


def _labelled(line: str, ways: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The id and the value where the line starts with a label; after a question mark the colon may be missing.

    The label may be a list's item, and it may be emphasised with its colon or without it.
    """
    before = _BEFORE_LABEL.match(line)
    assert before is not None, "every part of that pattern may be empty"
    start, emphasis = before.end(), before[1]
    for way, id in ways:
        if line[start : start + len(way)].casefold() != way:
            continue
        left = line[start + len(way) :].lstrip()
        if left.startswith(f":{emphasis}"):
            return id, left[1 + len(emphasis) :].lstrip()
        left = left.removeprefix(emphasis).lstrip()
        if left.startswith(":") or way.endswith("?"):
            return id, left.removeprefix(":").lstrip()
    return None
