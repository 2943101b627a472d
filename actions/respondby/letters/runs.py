"""What a run did, for its log and its step summary. Titles are data: they are quoted, and never whole lines of their
own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import shorten
from typing import Any

Report = Mapping[str, Any]


def run_lines(report: Report) -> Iterator[str]:
    """The report for a terminal of 80 columns."""
    counts = f"{_count(len(report['cases']), 'case')}, {_count(report['requests'], 'request')}"
    head = f"{report['verb']} at {report['now']}: {counts}"
    yield f"{head}{', dry run' if report['dry_run'] else ''}"
    for problem in report["policy"]["problems"]:
        yield f"  policy: {problem}"
    for case in report["cases"]:
        doing = case["planned"] if report["dry_run"] else case["done"]
        if not (doing or case["failures"] or case["remarks"] or case["gone"]):
            continue
        yield f"  {case['case']} {shorten(repr(case['title']), 50)}{' is gone' if case['gone'] else ''}"
        yield from (f"    {'would ' if report['dry_run'] else ''}{act}" for act in doing)
        yield from (f"    remark: {remark}" for remark in case["remarks"])
        yield from (f"    FAILED: {failure}" for failure in case["failures"])
    yield f"  next look: {report['next'] or 'when something happens'}"


def run_summary(report: Report) -> str:
    """The report as markdown for the step summary."""
    lines = [
        f"### respondby {report['verb']}{' (dry run)' if report['dry_run'] else ''}",
        "",
        ", ".join(
            [
                _count(len(report["cases"]), "case"),
                _count(report["performed"], "action"),
                _count(report["requests"], "request"),
            ]
        )
        + f"; next look: {report['next'] or 'when something happens'}.",
    ]
    if report["policy"]["problems"]:
        lines += [
            "",
            f"**The policy on the default branch is broken**; commit {report['policy']['commit']} serves.",
            "",
        ]
        lines += [f"- {_plain(problem)}" for problem in report["policy"]["problems"][:20]]
    touched = [case for case in report["cases"] if case["done"] or case["failures"] or case["remarks"]]
    if touched:
        lines += ["", "| case | done | remarks and failures |", "| --- | --- | --- |"]
        for case in touched:
            notes = [*case["remarks"], *(f"**failed:** {_plain(failure)}" for failure in case["failures"])]
            lines.append(f"| {case['case']} | {_plain('; '.join(case['done']))} | {'; '.join(notes)} |")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Text that keeps its place in a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("@", "@\u200b")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
