"""What a run did, for its log and its step summary. Titles are data: they are quoted, and never whole lines of their
own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

from respondby.calendars.instants import parse_time, people_instant, zone
from respondby.letters.neutral import flat
from respondby.terminal import width

Report = Mapping[str, Any]

#: More rows than these nobody reads; the report as JSON has them all.
_ROWS = 200


def run_lines(report: Report) -> Iterator[str]:
    """The report for a terminal of 80 columns."""
    resting = f" ({report['resting']} more at rest)" if report["resting"] > 0 else ""
    counts = f"{_count(len(report['cases']), 'case')}{resting}, {_count(report['requests'], 'request')}"
    at = f" at {_at(report['now'], report['timezone'])}" if report["now"] else ""
    yield f"{report['verb']}{at}: {counts}{', dry run' if report['dry_run'] else ''}"
    for problem in report["policy"]["problems"]:
        yield from _hanging("  policy: ", problem)
    touched = [case for case in report["cases"] if _acts(report, case) or case["gone"]]
    for case in touched:
        yield f"  {case['case']} “{flat(case['title'], 40)}”{' is gone' if case['gone'] else ''}"
        for act in _done(report, case):
            yield from _hanging("    ", act)
        for remark in case["remarks"]:
            yield from _hanging("    remark: ", remark)
        for failure in case["failures"]:
            yield from _hanging("    FAILED: ", failure)
    if not touched:
        yield "  nothing to do"
    for failure in _other_failures(report):
        yield from _hanging("  FAILED: ", failure)
    for remark in (*_lateness(report), *report["remarks"]):
        yield from _hanging("  remark: ", remark)
    yield f"  next look: {_next_look(report)}"


def run_summary(report: Report) -> str:
    """The report as markdown for the step summary."""
    resting = f" ({report['resting']} more at rest)" if report["resting"] > 0 else ""
    counts = [_count(len(report["cases"]), "case") + resting, _count(report["requests"], "request")]
    if not report["dry_run"]:
        counts.insert(1, _count(report["performed"], "action"))
    lines = [
        f"### respondby {report['verb']}{' (dry run)' if report['dry_run'] else ''}",
        "",
        f"{', '.join(counts)}; next look: {_next_look(report)}.",
    ]
    problems = report["policy"]["problems"]
    if problems:
        lines += [
            "",
            f"**The policy on the default branch is broken**; commit {report['policy']['commit']} serves.",
            "",
        ]
        lines += [f"- {_plain(problem)}" for problem in problems[:20]]
    others = _other_failures(report)
    if others:
        lines += ["", *(f"- **failed:** {_plain(failure)}" for failure in others)]
    remarks = [*_lateness(report), *report["remarks"]]
    if remarks:
        lines += ["", *(f"- {_plain(remark)}" for remark in remarks)]
    touched = [case for case in report["cases"] if _acts(report, case)]
    if touched:
        lines += ["", f"| case | {'would do' if report['dry_run'] else 'done'} | remarks and failures |"]
        lines += ["| --- | --- | --- |"]
        for case in touched[:_ROWS]:
            notes = [_plain(remark) for remark in case["remarks"]]
            notes += [f"**failed:** {_plain(failure)}" for failure in case["failures"]]
            lines.append(f"| {case['case']} | {_plain('; '.join(_done(report, case)))} | {'; '.join(notes)} |")
        if len(touched) > _ROWS:
            lines.append(f"| … and {_count(len(touched) - _ROWS, 'case')} more | | |")
    return "\n".join(lines) + "\n"


def act_words(act: Mapping[str, Any], timezone: str = "UTC") -> str:
    """A planned action in words: `page ann via pager, else chat (first-response due, …)`; times in that zone."""
    match act["do"]:
        case "page" | "notify":
            return f"{act['do']} {act['to']} via {', else '.join(act['via'])}{_why(act, timezone)}"
        case "acknowledge" | "resolve":
            return f"{act['do']} the page to {act['to']} at {act['via'][0]}"
        case "comment":
            parts = [f"mention {', '.join(act['mentions'])}"] if act["mentions"] else []
            parts += [f"say “{flat(text, 60)}”" for text in act["texts"]]
            parts += [f"tell of the incident: {one}" for one in act["news"]]
            parts += [f"reply to “{flat(line, 40)}”" for line in act["replies"]]
            return f"comment{' in the companion' if act['inside'] else ''}: {', '.join(parts)}{_why(act, timezone)}"
        case "open":
            return f"open an issue in {act['in']}"
        case "track":
            due = f", due {act['due']}" if act["due"] else ""
            return (
                f"move it on the board {act['project']}{due}"
                if act["moved"]
                else f"put it on the board {act['project']}{due}"
            )
        case "reopen":
            return "open it again"
        case "follow":
            return f"{'open' if act['open'] else 'close'} the companion, #{act['number']}"
        case "label":
            changes = [*(f"+{label}" for label in act["add"]), *(f"-{label}" for label in act["remove"])]
            return f"label {' '.join(changes)}"
        case "assign":
            return f"assign {', '.join(act['people'])}"
        case "close":
            return f"close as {act['reason'].replace('_', ' ')}"
        case "react":
            what = f"comment {act['comment']}" if act["comment"] else "the request"
            return f"react {act['content']} to {what}"
        case "duty":
            periods = ", ".join(_at(period, timezone) for period in act["periods"])
            return f"open the duty {act['duty']}{' for ' + act['for'] if act['for'] else ''}: {periods}"
        case "card":
            return "write the card" if act["new"] else "update the card"
        case _:
            return f"delete our doubled comment {act['comment']}"


def _why(act: Mapping[str, Any], timezone: str) -> str:
    reasons = [_reason(one, timezone) for one in act["because"]]
    return f" ({'; '.join(reasons)})" if reasons else ""


def _reason(reason: Mapping[str, Any], timezone: str) -> str:
    if "window" in reason:
        return f"maintenance of {reason['of']} {reason['window']}, from {_at(reason['starts'], timezone)}"
    if "clock" in reason:
        due = f"due {_at(reason['due'], timezone)}" if reason["due"] else ""
        rung = "" if reason["rung"] == "due" and due else f"at {reason['rung']}"
        return f"{reason['clock']} {', '.join(part for part in (rung, due) if part)}"
    return f"rule {reason['rule']}" if "rule" in reason else f"{reason['command']} by {reason['by']}"


def _next_look(report: Report) -> str:
    return _at(report["next"], report["timezone"]) if report["next"] else "when something happens"


def _at(instant: str, timezone: str) -> str:
    """An instant of the report as people of the desk say it."""
    return people_instant(parse_time(instant, None), zone(timezone))


def _lateness(report: Report) -> Iterator[str]:
    """What came late because a run of ours was late, and how late such runs come."""
    if not report["late"]:
        return
    yield f"Steps came up to {_span(report['late'])} late, because this run was late."
    found = report["schedule"]
    if found is not None:
        yield (
            f"The latest {_count(found['runs'], 'run')} of its schedule waited {_span(found['median'])} in the middle,"
            f" 95 of 100 of them {_span(found['p95'])} at most, the worst {_span(found['worst'])}."
        )


def _span(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _acts(report: Report, case: Mapping[str, Any]) -> bool:
    """Whether there is anything to tell of the case."""
    return bool(_done(report, case) or case["failures"] or case["remarks"])


def _done(report: Report, case: Mapping[str, Any]) -> list[str]:
    """What was done, or in a dry run would be."""
    return (
        [f"would {act_words(act, report['timezone'])}" for act in case["planned"]]
        if report["dry_run"]
        else list(case["done"])
    )


def _other_failures(report: Report) -> list[str]:
    """Failures that no case in the report tells."""
    facts = {f"{case['case']}: {failure}" for case in report["cases"] for failure in case["failures"]}
    return [failure for failure in report["failed"] if failure not in facts]


def _hanging(start: str, text: str) -> Iterator[str]:
    """The text in lines of 80 columns, indented below its start; words that are longer stay whole."""
    yield from wrap(
        " ".join(text.split()),
        width(),
        initial_indent=start,
        subsequent_indent=" " * (len(start) - len(start.lstrip()) + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(text: str) -> str:
    """Text that keeps its place in a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("@", "@\u200b")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
