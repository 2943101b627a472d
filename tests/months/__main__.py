"""Three months of all five processes, lived through the desk's real runs, reported, recomputed and compared.

    python -m tests.months [--months 3] [--stories 3] [--seed 1] [PROCESS …]

Every month's report has to say what `recompute.py` finds in the raw timelines, figure by figure, and `explain` what the
report says, to the second. Where one differs, it says where and ends with 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from tests.months.comparing import count, differences, page_differs, told
from tests.months.lives import LIVES
from tests.months.living import Life, lived
from tests.months.raw import raw
from tests.months.recompute import figures

from respondby.jobs.explaining import explained
from respondby.jobs.report_facts import report_input
from respondby.jobs.reporting import Asked, month_report

MONTHS = ("2026-09", "2026-10", "2026-11")


def compared(life: Life, months: int) -> Iterator[tuple[str, int, list[str]]]:
    """For each month: how many figures were compared, and every difference."""
    given = report_input(life.desk)
    timelines = json.loads(json.dumps(raw(life)))  # as a file would hold it
    explanations: dict[str, Any] = {}
    policy = given.facts.policy
    scopes = [
        Asked(),
        *(Asked(product=name) for name in policy.products),
        *(Asked(customer=name) for name in policy.customers),
    ]
    for month in MONTHS[:months]:
        seen, found = 0, []
        for asked in scopes:
            about = asked.product or asked.customer or ""
            report = json.loads(month_report(given, asked, month).texts["json"])
            ours = json.loads(json.dumps(told(report)))
            theirs = json.loads(json.dumps(figures(timelines, month, asked.product, asked.customer)))
            seen += count(ours)
            found += [f"{about}{one}" for one in differences(ours, theirs)]
            if not about:
                found += page_differs(given.facts, report, month)
                found += explain_differs(life, report, explanations)
        yield month, seen, found


def explain_differs(life: Life, report: dict[str, Any], known: dict[str, Any]) -> Iterator[str]:
    """Where `explain` says something else of a run than the report: its due, its end, how long it took."""
    for row in report["attainment"]:
        for run in row["runs"]:
            ref = run["case"]
            if ref not in known:
                known[ref] = explained(life.desk, int(ref.rpartition("#")[2]))["clocks"]
            (same,) = [one for one in known[ref] if (one["clock"], one["source"]) == (run["clock"], run["source"])]
            for name in ("started", "due", "ended", "elapsed"):
                if same[name] != run[name]:
                    yield f"explain {ref} {run['clock']} {name}: {same[name]} and {run[name]}"


def main() -> int:
    """Live them, compare them, and say what differs."""
    parser = argparse.ArgumentParser(description="Three months of all processes, recomputed.")
    parser.add_argument("processes", nargs="*", metavar="PROCESS", default=[])
    parser.add_argument("--months", type=int, default=3)
    parser.add_argument("--stories", type=int, default=3, help="stories that begin in each month")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    figures_seen = wrong = 0
    for process in given.processes or LIVES:
        with lived(process, given.months, given.stories, seed=given.seed) as life:
            for month, seen, found in compared(life, given.months):
                print(f"{process} {month}: {seen} figures, {len(found)} differ", flush=True)
                figures_seen, wrong = figures_seen + seen, wrong + len(found)
                for one in found:
                    print(f"  {one}")
            print(f"{process}: {life.runs} runs of the desk", flush=True)
    print(f"{figures_seen} figures, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
