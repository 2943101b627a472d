"""What a doctor found, for a terminal of 80 columns and for a step summary. Names and titles in it are data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from respondby.calendars.instants import parse_time, people_instant, zone
from respondby.terminal import width

_LEVELS = ("error", "warning", "fine")
_INDENT = 10


def health_lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """The findings, worst first, each with what to do below it."""
    at = f" at {people_instant(parse_time(facts['now'], None), zone(facts['timezone']))}" if facts["now"] else ""
    yield f"{facts['repository']}{at}"
    yield ""
    column = max((len(finding["check"]) for finding in facts["findings"]), default=0) + 2
    for finding in worst_first(facts["findings"]):
        head = f"{finding['level']:<{_INDENT}}{finding['check']:<{column}}"
        inside = " " * (_INDENT + column)
        yield from wrap(_plain(finding["message"]), width(), initial_indent=head, subsequent_indent=inside)
        if finding["fix"] and finding["level"] != "fine":
            yield from wrap(
                f"→ {_plain(finding['fix'])}", width(), initial_indent=inside, subsequent_indent=f"{inside}  "
            )
    yield ""
    if "time_data" in facts:
        yield f"With {facts['time_data']}."
    yield summary(facts)


def health_markdown(facts: Mapping[str, Any]) -> str:
    """The same as a table for the step summary."""
    lines = [f"### respondby doctor: {summary(facts)}", "", "| | | | what to do |", "| --- | --- | --- | --- |"]
    for finding in worst_first(facts["findings"]):
        cells = (finding["level"], finding["check"], finding["message"], finding["fix"])
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    if "time_data" in facts:
        lines += ["", f"<sub>With {facts['time_data']}.</sub>"]
    return "\n".join(lines) + "\n"


def summary(facts: Mapping[str, Any]) -> str:
    """How many of each, in one line."""
    counts = [sum(finding["level"] == level for finding in facts["findings"]) for level in _LEVELS]
    errors, warnings, fine = counts
    said = [_count(errors, "error")] * bool(errors) + [_count(warnings, "warning")] * bool(warnings)
    return f"{' and '.join(said) or 'Nothing wrong'}; {fine} looked at and fine."


def worst_first(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Errors, then warnings, then the rest; each in the order in which they were found."""
    return sorted(findings, key=lambda finding: _LEVELS.index(finding["level"]))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _cell(text: str) -> str:
    """Text that keeps its place in a table, and calls nobody."""
    return " ".join(_plain(text).split()).replace("|", "\\|").replace("<", "&lt;").replace("@", "@\u200b")
