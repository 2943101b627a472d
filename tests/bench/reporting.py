"""What a month's report of a large desk costs: computing, memory, requests. A script, not a test.

    python tests/bench/reporting.py [--issues 20000] [--moments 10] [--pages 3]

Prints, for one machine and one run of this script:
- processor seconds from cases as the forge tells them to the report in all its forms, and their share of what only
  making the cases takes; the most memory that the process had, beside what it had before;
- requests of reading a repository of so many pages of issues, beside ⌈N / 100⌉.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "actions"), str(ROOT)]

from respondby.desk.case import Actor, Case, Moment, Revision  # noqa: E402
from respondby.desk.reading import read  # noqa: E402
from respondby.letters.report.markdown import markdown  # noqa: E402
from respondby.letters.report.page import page  # noqa: E402
from respondby.letters.report.sheet import sheet  # noqa: E402
from respondby.letters.report.words import voice  # noqa: E402
from respondby.letters.report.writing import paper_of  # noqa: E402
from respondby.policy.loading.loader import load  # noqa: E402
from respondby.promises.assess import assess  # noqa: E402
from respondby.reports.as_json import report_json  # noqa: E402
from respondby.reports.desk import made  # noqa: E402
from respondby.reports.monthly import monthly  # noqa: E402
from respondby.reports.reading import facts_of  # noqa: E402

PROCESS = ROOT / "docs/processes/priorities-and-help"
CARLA, ANN = Actor("carla"), Actor("ann", "MEMBER")
BEGIN, NOW = 1_735_689_600, 1_793_491_200  # 2025-01-01, 2026-11-01


def cases(count: int, moments: int) -> Iterator[Case]:
    """So many cases with so many moments each, spread over twenty-two months; one in nine is open."""
    step = (NOW - BEGIN) // count
    for number in range(1, count + 1):
        at = BEGIN + (number - 1) * step
        body = f"### Priority\n\n{('Urgent', 'Normal priority')[number % 3 > 0]}\n\n### Your question\n\nHow?"
        told = [Moment(at, "opened", CARLA, f"I_{number}", revisions=(Revision(at, "carla", body),))]
        told.append(Moment(at + 1, "labeled", ANN, f"L_{number}", "type/guidance"))
        for index in range(moments - 3):
            later = at + 600 * (index + 1) * (1 + number % 40)
            who, text = ((CARLA, "And now?"), (ANN, "Like this"), (ANN, "/wait"))[index % 3]
            told.append(
                Moment(later, "comment", who, f"C_{number}_{index}", revisions=(Revision(later, who.login, text),))
            )
        closed = bool(number % 9)
        if closed:
            told.append(Moment(told[-1].at + 60, "closed", ANN, f"E_{number}", "completed"))
        url = f"https://github.com/acme/support/issues/{number}"
        yield Case(
            "acme/support", number, f"I_{number}", url, f"Question {number}", CARLA, at, not closed,
            frozenset({"type/guidance"}), (), tuple(moment for moment in told if moment.at <= NOW),
        )  # fmt: skip


def memory() -> float:
    """The most that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a month's report costs.")
    parser.add_argument("--issues", type=int, default=20_000)
    parser.add_argument("--moments", type=int, default=10)
    parser.add_argument("--pages", type=int, default=3)
    given = parser.parse_args()
    gc.set_threshold(100_000, 50, 50)  # as `__main__` has it
    policy = load(
        (PROCESS / "support.yml").read_text(), files={"rota/on-call.yml": (PROCESS / "rota/on-call.yml").read_text()}
    )
    before = memory()
    begin = time.process_time()
    count = sum(len(case.moments) for case in cases(given.issues, given.moments))
    alone = time.process_time() - begin
    begin = time.process_time()

    def facts():
        for case in cases(given.issues, given.moments):
            history = read(policy, case)
            yield facts_of(policy, history, assess(policy, history, NOW, history.ledger.pins))

    found = made(policy, NOW, facts())
    read_in = time.process_time() - begin - alone
    begin = time.process_time()
    report = monthly(found, "2026-10")
    paper = paper_of(report, voice(None, "Europe/Brussels"))
    sizes = [len(text) for text in (markdown(paper), page(paper), sheet(paper), str(report_json(report)))]
    told = time.process_time() - begin
    whole = read_in + told
    print(f"{given.issues} issues, {count} moments: {whole:.1f} s of computing, {told:.1f} of them the report itself")
    print(f"  {whole / alone:.1f} times what only making the cases takes ({alone:.1f} s)")
    print(f"  {memory():.0f} MB at most, {before:.0f} of them before it began; the page has {sizes[1] // 1000} kB")
    _requests(given.pages)


def _requests(pages: int) -> None:
    from respondby.forge.client import Client
    from respondby.jobs.inputs.desk import Desk
    from respondby.jobs.report_facts import report_input
    from respondby.sandbox.server import Sandbox

    with Sandbox(now="2026-10-20T09:00:00Z") as forge:
        text = (PROCESS / "support.yml").read_text()
        forge.repo(
            "acme",
            "support",
            files={".github/support.yml": text, "rota/on-call.yml": (PROCESS / "rota/on-call.yml").read_text()},
        )
        forge.user("carla")
        token = forge.token("carla")
        for number in range(pages * 100 - 30):
            forge.call("POST", "/repos/acme/support/issues", token, {"title": f"Question {number}", "body": "How?"})
        bot = forge.workflow_token("acme/support", {"issues": "read", "contents": "read"})
        client = Client(forge.url, bot, "acme/support", pace=None)
        report_input(Desk(client, {}.get))
        print(f"{pages * 100 - 30} issues: {client.requests} requests, {pages} of them pages of a hundred")


if __name__ == "__main__":
    main()
