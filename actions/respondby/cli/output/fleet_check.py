"""What is inherited and what is a repository's own, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from respondby.cli.output.fleet import count, notice_lines
from respondby.letters.neutral import flat


def check_lines(output: Mapping[str, Any]) -> Iterator[str]:
    """Which repositories there are, which of their keys are not the inherited ones, and what is to be told."""
    base = output["extends"]
    repositories = output["repositories"]
    of = f", whose policy is {base}'s" if base else ", each with a policy of its own"
    yield f"{output['file']}: {count(len(repositories), 'repository')}{of}"
    for one in repositories:
        if one["changes"]:
            yield ""
            yield f"{one['repository']}: {count(len(one['changes']), 'key')} of its own"
            for change in one["changes"]:
                yield f"  {_change(change, base)}"
    for key in output["keys"] or ():
        yield f"  {flat(key['key'], 80)}: {flat(key['value'], 80)}  [{key['from']}]"
    notices = list(notice_lines(output["told"]))
    if notices:
        yield ""
        yield from notices
    wrong = sum(problem["severity"] == "error" for problem in output["problems"])
    if wrong:
        yield f"{count(wrong, 'problem')} in the policies that this makes"


def _change(change: Mapping[str, Any], base: str | None) -> str:
    where = f"[{change['from']}, {change['of']}]"
    if change["after"] is None:
        return f"{flat(change['key'], 80)}: taken away {where}; {base} says {flat(change['before'] or '', 60)}"
    instead = f"; {base} says {flat(change['before'], 60)}" if change["before"] is not None else ""
    return f"{flat(change['key'], 80)}: {flat(change['after'], 60)} {where}{instead}"
