"""A report's JSON beside the recomputation: the same figures in one shape, and every difference by its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from respondby.reports.desk import Facts
from respondby.reports.status_page import status_page


def page_differs(facts: Facts, report: dict[str, Any], month: str) -> Iterator[str]:
    """Where a status page, where there is one, says another uptime of that month than the report, to the second."""
    if facts.policy.publish is None:
        return
    reported = {one["product"]: one for one in report["uptime"]}
    for product in status_page(facts).products:
        for one in product.months:
            if one.period.name != month:
                continue
            ours = {name: getattr(one, name) for name in ("life", "up", "down", "maintenance", "unknown")}
            ours |= {"share": one.share.floor(4), "lost_hundredths": one.lost, "kept": one.kept}
            yield from differences(ours, {name: reported[product.id][name] for name in ours}, f".page.{product.id}")


def told(report: dict[str, Any]) -> dict[str, Any]:
    """What the recomputation also says, in its shape."""

    def number(ref: str) -> int:
        return int(ref.rpartition("#")[2])

    def lengths(found: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in found.items() if name != "worst_case"}

    rows = [row for row in report["attainment"] if not row["duty"]]
    return {
        "attainment": sorted(
            (
                {
                    "clock": row["clock"],
                    "by": row["by"],
                    "group": row["group"],
                    "binding": row["binding"],
                    "counts": row["counts"],
                    "kept": row["kept"],
                    "with_excused": row["with_excused"],
                    "lengths": lengths(row["lengths"]),
                    "runs": sorted(
                        (number(run["case"]), run["started"], run["due"], run["ended"], run["outcome"])
                        for run in row["runs"]
                    ),
                }
                for row in rows
            ),
            key=lambda row: (row["clock"], row["by"] or "", row["group"] or "", row["binding"]),
        ),
        "duties": {
            row["clock"]: {
                "runs": sorted(
                    (number(run["case"]), run["started"], run["due"], run["ended"], run["outcome"])
                    for run in row["runs"]
                ),
                "lengths": lengths(row["lengths"]),
            }
            for row in report["attainment"]
            if row["duty"]
        },
        "first_answers": lengths(report["first_answers"]),
        "calls": sorted(
            ({name: row[name] for name in ("person", "day", "night", "nights")} for row in report["calls"]),
            key=lambda row: row["person"],
        ),
        "flow": {
            **{name: sorted(map(number, report["flow"][name])) for name in ("opened", "closed", "reopened")},
            **{name: report["flow"][name] for name in ("open_before", "open_after")},
        },
        "backlog": {str(age["days"]): sorted(map(number, age["cases"])) for age in report["backlog"]},
        "excused": sorted(
            (number(one["case"]), one["clock"], one["started"], one["reason"], one["by"], one["at"])
            for one in report["excused"]
        ),
        "incidents": {
            number(row["case"]): {
                "detected": row["detected"],
                "milestones": {name: one["at"] for name, one in row["milestones"].items()},
                "corrected": sorted(name for name, one in row["milestones"].items() if one["corrected"]),
                "lasted": [(one["from"], one["to"]) for one in row["lasted"]],
                **{name: row[name] for name in ("seconds", "ongoing", "false_alarm", "problem", "cause", "resolution")},
                **{name: row[name] for name in ("product", "fields")},
            }
            for row in report["incidents"]
        },
        "uptime": [
            {
                name: row[name]
                for name in (
                    "product",
                    "share",
                    "lost_hundredths",
                    "allowed_hundredths",
                    "excused_hundredths",
                    "kept",
                    "life",
                    "up",
                    "down",
                    "maintenance",
                    "unknown",
                )
            }
            | {
                "spans": [
                    (one["from"], one["to"], one["weight"], sorted(map(number, one["cases"]))) for one in row["spans"]
                ]
            }
            for row in report["uptime"]
        ],
        "lateness": lengths(report["lateness"]),
        "before": None if report["before"] is None else before(report["before"]),
    }


def before(found: dict[str, Any]) -> dict[str, Any]:
    """The figures of the period before."""
    return {name: value for name, value in found.items() if name != "period"} | {
        "uptime": [(one["product"], one["share"]) for one in found["uptime"]]
    }


def differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """Each place at which the two are not the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            yield from differences(one.get(key), other.get(key), f"{place}.{key}")
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        for index, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from differences(first, second, f"{place}[{index}]")
    elif one != other:
        yield f"{place}: {one!r} and {other!r}"


def count(value: Any) -> int:
    """How many figures it holds."""
    if isinstance(value, dict):
        return sum(map(count, value.values()))
    return sum(map(count, value)) if isinstance(value, list | tuple) else 1
