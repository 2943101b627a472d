"""What became of a fleet, for a terminal and for the step summary. Names come from a file that somebody may propose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from respondby.letters.neutral import flat

#: A summary names so many repositories; the log has everything.
_ROWS = 200


def notice_lines(notices: list[dict[str, Any]]) -> Iterator[str]:
    """What is told of repositories, those first that need somebody."""
    for notice in sorted(notices, key=lambda notice: not notice["needed"]):
        first = "needs you: " if notice["needed"] else ""
        yield f"{first}{flat(notice['repository'], 140)} {flat(notice['what'], 300)}"


def plan_lines(output: Mapping[str, Any]) -> Iterator[str]:
    """The parts of a fleet."""
    for part in output["shards"]:
        yield f"part {part['shard']}: {count(part['repositories'], 'repository')}, about {part['seconds']:.0f} s"
    if not output["shards"]:
        yield "no repository can be swept"
    if len(output["shards"]) > 1:
        yield f"the longest is {output['imbalance']:.0%} of the mean longer than the shortest"
    yield from notice_lines(output["told"])
    yield from output["remarks"]


def plan_summary(output: Mapping[str, Any]) -> str:
    """The same as markdown."""
    lines = ["### respondby fleet plan", "", *(f"- {_plain(line)}" for line in plan_lines(output))]
    return "\n".join(lines) + "\n"


def sweep_lines(output: Mapping[str, Any]) -> Iterator[str]:
    """What was done in each repository where something was, and what went wrong."""
    for one in output["repositories"]:
        name = one["repository"]
        for case in one["done"]:
            yield f"{case['case']}: {'; '.join(case['done'])}"
        yield from _failures_and_remarks(name, one["failed"], one["remarks"])
    if output["left"]:
        yield f"{count(len(output['left']), 'repository')} left to the next run: {output['ended']}"
    yield from output["remarks"]
    yield _total(output)


def sweep_summary(output: Mapping[str, Any]) -> str:
    """What became of a part as markdown: one row for each repository where there is something to say."""
    dry = " (dry run)" if output["dry_run"] else ""
    lines = [f"### respondby fleet sweep, part {output['shard']}{dry}", "", f"{_total(output)}."]
    if output["left"]:
        lines += ["", f"**{count(len(output['left']), 'repository')} left to the next run**: {_plain(output['ended'])}"]
    lines += [f"- {_plain(remark)}" for remark in output["remarks"]]
    rows = [row for row in output["repositories"] if row["failed"] or row["performed"] or row["remarks"]]
    if rows:
        lines += ["", "| repository | cases | actions | remarks and failures |", "| --- | --- | --- | --- |"]
        for row in sorted(rows, key=lambda row: not row["failed"])[:_ROWS]:
            notes = [f"**failed:** {_plain(failure)}" for failure in row["failed"][:3]]
            notes += [f"and {len(row['failed']) - 3} more"] if len(row["failed"]) > 3 else []
            notes += [_plain(remark) for remark in row["remarks"][:3]]
            lines.append(f"| {row['repository']} | {row['cases']} | {row['performed']} | {'; '.join(notes)} |")
        if len(rows) > _ROWS:
            lines.append(f"| … and {count(len(rows) - _ROWS, 'repository')} more | | | |")
    return "\n".join(lines) + "\n"


def _failures_and_remarks(name: str, failed: Iterable[str], remarks: Iterable[str]) -> Iterator[str]:
    yield from (f"{name}: failed: {flat(failure, 400)}" for failure in failed)
    yield from (f"{name}: {flat(remark, 400)}" for remark in remarks)


def _total(output: Mapping[str, Any]) -> str:
    repositories = output["repositories"]
    failed = sum(bool(one["failed"]) for one in repositories)
    performed = sum(one["performed"] for one in repositories)
    said = [count(len(repositories), "repository"), count(performed, "action"), count(output["requests"], "request")]
    return ", ".join([*said, *([f"{failed} failed"] if failed else [])])


def count(number: int, what: str) -> str:
    """`1 case`, `2 cases`, `3 repositories`."""
    many = f"{what[:-1]}ies" if what.endswith("ry") else f"{what}s"
    return f"{number} {what if number == 1 else many}"


def _plain(text: str) -> str:
    return flat(text, 400).replace("|", "\\|").replace("<", "&lt;").replace("@", "@\u200b")


def sync_lines(output: Mapping[str, Any]) -> Iterator[str]:
    """What each repository lacks, or what was done about it; those in step are counted."""
    idle = 0
    for step in output["repositories"]:
        lacks = [*step["files"], *step["labels"]]
        idle += not (lacks or step["failed"] or step["told"])
        if output["applied"]:
            for done in step["done"]:
                yield f"{step['repository']}: {flat(done, 120)}"
            if step["url"]:
                yield f"{step['repository']}: {step['url']}"
        elif lacks:
            files, labels = count(len(step["files"]), "file"), count(len(step["labels"]), "label")
            yield f"{step['repository']}: {files} and {labels} to bring into step: {flat(', '.join(lacks), 300)}"
        yield from _failures_and_remarks(step["repository"], step["failed"], step["told"])
    if output["left"]:
        yield f"{count(len(output['left']), 'repository')} left, run this again: {output['ended']}"
    yield from notice_lines(output["told"])
    if output["source"] is None:
        yield "where this respondby came from is not known, so no workflow is added: --source OWNER/respondby@COMMIT"
    yield f"{count(idle, 'repository')} in step, {count(output['requests'], 'request')}"
    if not output["applied"]:
        yield "nothing was written: --apply does"
