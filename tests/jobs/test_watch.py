"""Watches against the sandbox: the lease, what starts one, what one does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.jobs.desk import OPENED, POLICY, Repository

from respondby.desk.log import entry_of
from respondby.forge.errors import CaseGone
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import run_event, sweep
from respondby.jobs.watching.lease import LASTS, Lease, read_lease, taken
from respondby.jobs.watching.watching import Watching
from respondby.policy.loading.loader import load
from respondby.policy.text.problems import PolicyError
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

WATCHED = POLICY + "watch: { when: { priority: high }, idle: 90m, at-most: 10h }\n"
WORKFLOW = "on: workflow_dispatch\njobs: {}\n"


def desk_with(sandbox: Sandbox, policy: str = WATCHED, **permissions: str) -> Repository:
    repository = Repository.make(sandbox, policy, **{".github/workflows/watch.yml": WORKFLOW})
    granted = {"issues": "write", "contents": "read", "actions": "write", **permissions}
    return replace(repository, bot=sandbox.workflow_token(repository.name, granted))


def watching(repository: Repository, holder: str, told: list[Report] | None = None, **more: Any) -> Watching:
    stop = more.pop("stop", threading.Event())
    return Watching(repository.desk(), holder, (told if told is not None else []).append, stop, **more)


def the_lease(repository: Repository) -> Lease | None:
    for number in range(1, 9):
        try:
            case = repository.case(number)
        except CaseGone:
            return None
        for comment in case.own:
            if comment.kind == "lease":
                [kept] = comment.ledger.kept.values()
                return read_lease(entry_of(kept))
    return None


def test_of_two_watches_one_goes_on(sandbox: Sandbox) -> None:
    repository = desk_with(sandbox)
    repository.opens(body="### Priority\n\nHigh\n\n### What?\n\nAll is down.\n")
    first, second = watching(repository, "first"), watching(repository, "second")
    assert first.sweep().mine
    assert not second.sweep().mine
    assert first.sweep().mine


def test_two_that_start_in_one_second_are_one_when_each_has_looked_again(sandbox: Sandbox) -> None:
    repository = desk_with(sandbox)
    repository.opens()
    both = [watching(repository, name) for name in ("first", "second")]
    barrier = threading.Barrier(2)

    def start(one: Watching) -> None:
        barrier.wait()
        one.sweep()

    threads = [threading.Thread(target=start, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.sweep().mine for one in both if one.mine) == 1


def test_a_lease_that_was_not_renewed_runs_out(sandbox: Sandbox) -> None:
    repository = desk_with(sandbox)
    repository.opens()
    killed, next_one = watching(repository, "killed"), watching(repository, "next")
    killed.sweep()
    repository.at("09:14")
    assert not next_one.sweep().mine
    repository.at("09:16")
    assert watching(repository, "next").sweep().mine
    assert not killed.sweep().mine
    lease = the_lease(repository)
    assert lease is not None
    assert (lease.number, lease.holder) == (2, "next")


def test_a_successor_takes_the_lease_of_whoever_started_it_and_of_nobody_else(sandbox: Sandbox) -> None:
    repository = desk_with(sandbox)
    repository.opens()
    first = watching(repository, "first")
    first.sweep()
    assert not watching(repository, "stranger", after=7).sweep().mine
    assert watching(repository, "successor", after=1).sweep().mine
    assert not first.sweep().mine


def test_the_lease_is_one_comment_however_long_a_watch_lasts(sandbox: Sandbox) -> None:
    repository = desk_with(sandbox)
    repository.opens()
    first = watching(repository, "first")
    for minute in range(0, 60, 6):
        repository.at(f"09:{minute:02}")
        assert first.sweep().mine
    log = next(number for number in range(1, 5) if "log" in str(repository.case(number).mark))
    assert len([comment for comment in repository.case(log).own if comment.kind == "lease"]) == 1
    lease = the_lease(repository)
    assert lease is not None
    assert (lease.number, lease.spent >= 48 * 60) == (1, True)


def test_the_hours_of_a_month_are_counted_over_all_watches() -> None:
    month = 1_000_000 // LASTS * LASTS
    first = taken(None, "first", month).renewed(month + 300).ended(month + 500)
    second = taken(first, "second", month + 9_000).renewed(month + 9_300)
    assert (first.spent, second.spent, second.number) == (500, 800, 2)


def started(repository: Repository) -> list[dict[str, Any]]:
    return [one for one in repository.sandbox.deliveries() if one["event"] == "workflow_dispatch"]


HIGH = "### Priority\n\nHigh\n\n### What?\n\nAll is down.\n"


def test_a_run_starts_a_watch_where_a_step_of_a_watched_case_is_due_soon(sandbox: Sandbox) -> None:
    repository = desk_with(sandbox)
    before = len(started(repository))
    repository.opens()
    desk = replace(repository.desk(), wakes=True)
    run_event(desk, "triage", 1)
    assert len(started(repository)) == before
    repository.says("ann", "@help", 1)
    report = run_event(replace(repository.desk(), wakes=True), "comment", 1)
    assert len(started(repository)) == before + 1
    assert any("a watch was started" in remark for remark in report.remarks)


LONG = "  follow-up: { start: first-response stops, stop: closed, target: 12h, ladder: [{ at: due, label: old }] }\n"
SHORT = LONG.replace("12h", "1h")


@pytest.mark.parametrize("then, at, watches", [(SHORT, "09:30", 1), (LONG, "17:30", 0)])
def test_what_a_sweep_each_hour_does_in_time_keeps_no_watch_awake(
    sandbox: Sandbox, then: str, at: str, watches: int
) -> None:
    repository = desk_with(sandbox, POLICY + then + "watch: { when: { priority: high }, idle: 5h }\n")
    repository.opens(body=HIGH)
    repository.says("ann", "I am on it", 1)
    run_event(repository.desk(), "comment", 1)
    repository.at(at)
    before = len(started(repository))
    run_event(replace(repository.desk(), wakes=True), "enforce", 1)
    assert len(started(repository)) == before + watches


def test_a_sweep_starts_none_while_one_is_awake(sandbox: Sandbox) -> None:
    repository = desk_with(sandbox)
    repository.opens(body=HIGH)
    repository.says("ann", "@help", 1)
    repository.triage()
    repository.sandbox.run(repository.name, "watch.yml", OPENED, "workflow_dispatch", conclusion=None)
    before = len(started(repository))
    sweep(replace(repository.desk(), wakes=True))
    assert len(started(repository)) == before


def test_a_token_that_may_start_nothing_fails_the_run_for_the_schedule_counts_on_the_watch(sandbox: Sandbox) -> None:
    repository = desk_with(sandbox, actions="read")
    repository.opens()
    repository.says("ann", "@help", 1)
    report = run_event(replace(repository.desk(), wakes=True), "comment", 1)
    assert report.performed > 0
    assert [("a watch was not started" in why, "actions: write" in why) for why in report.failed] == [(True, True)]


def test_what_a_watch_has_done_no_sweep_does_again(sandbox: Sandbox) -> None:
    repository = desk_with(sandbox)
    repository.opens()
    repository.triage()
    first = watching(repository, "first")
    first.sweep()
    repository.at("10:00")
    first.sweep()
    assert repository.sweep().performed == 0


def test_the_command_acts_to_the_second_and_ends_cleanly_when_it_is_told_to(sandbox: Sandbox, tmp_path: Path) -> None:
    repository = desk_with(sandbox)
    repository.opens()
    repository.triage()
    sandbox.set_clock("2026-01-05T09:59:55Z", running=True)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "actions"),
        "GITHUB_API_URL": sandbox.url,
        "GITHUB_TOKEN": repository.bot,
        "LOG": "log",
    }
    command = [sys.executable, "-m", "respondby", "watch", "--repo", repository.name, "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        reports = []
        for line in process.stdout:
            reports.append(json.loads(line))
            if any("late" in str(case["done"]) for case in reports[-1].get("cases", [])):
                process.send_signal(signal.SIGTERM)
    sandbox.clock("2026-01-05T10:00:30Z")
    assert process.returncode == 0
    assert reports[-1]["ended"] == "stopped"
    acted = next(report["now"] for report in reports if any(case["done"] for case in report.get("cases", [])[:1]))
    assert acted[:18] == "2026-01-05T10:00:0"
    lease = the_lease(repository)
    assert lease is not None
    assert not lease.holds(lease.at)


def test_a_month_whose_hours_are_used_up_fails_the_watch_after_it_has_done_what_is_due(sandbox: Sandbox) -> None:
    repository = desk_with(sandbox, POLICY + "watch: { at-most: 5m }\n")
    repository.opens()
    earlier = watching(repository, "earlier")
    for time in ("09:00", "09:06"):
        repository.at(time)
        earlier.sweep()
    repository.at("10:00")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "actions"),
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": repository.name,
        "GITHUB_EVENT_NAME": "workflow_dispatch",
        "GITHUB_API_URL": sandbox.url,
        "GITHUB_TOKEN": repository.bot,
        "LOG": "log",
    }
    command = [sys.executable, "-m", "respondby", "watch"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "the hours of this month that the policy gives it (watch: at-most) are used up" in done.stdout
    assert repository.sweep().performed == 0


@pytest.mark.parametrize(
    "watch, said",
    [
        ("{ at-most: 744h }", "44,640 minutes (about 89 to 268 dollars)"),
        ("{ idle: 6h }", "too short or too long"),
        ("{ idle: 2 business hours }", "elapsed time"),
        ("{ awake: 1h }", "awake"),
    ],
)
def test_a_watch_that_would_cost_too_much_or_says_nothing_is_refused(watch: str, said: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load(POLICY + f"watch: {watch}\n")
    assert said in "\n".join(f"{problem} {problem.hint}" for problem in refused.value.problems)


def test_a_watch_that_is_killed_between_its_page_and_the_record_doubles_no_page(sandbox: Sandbox) -> None:
    paged = WATCHED.replace("{ log: { console: LOG } }", "{ log: { console: LOG }, pager: { pagerduty: PAGER } }")
    paged = paged.replace("label: late, notify: first }", "label: late, page: first, via: pager }")
    repository = desk_with(sandbox, paged)
    repository.opens()
    repository.triage()
    sandbox.set_clock("2026-01-05T09:59:50Z", running=True)
    with Receiver() as receiver:
        pager = receiver.address("pagerduty", "PAGER")
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "actions"),
            "GITHUB_API_URL": sandbox.url,
            "GITHUB_TOKEN": repository.bot,
            "LOG": "log",
            "PAGER": pager,
        }
        command = [sys.executable, "-m", "respondby", "watch", "--repo", repository.name, "--json"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline()  # it has looked once, and has the lease
            writes = [{"body": "mutation"}, *({"method": verb, "path": "/repos/.*"} for verb in ("POST", "PATCH"))]
            sandbox.faults([{"match": one, "do": {"cut": True}} for one in writes])  # from now on nothing is recorded
            while not receiver.posts:
                assert process.poll() is None
                threading.Event().wait(0.01)
            process.kill()
        sandbox.clear_faults()
        (key,) = {post.body["dedup_key"] for post in receiver.posts}
        assert "late" not in repository.labels()
        sandbox.clock("2026-01-05T10:10:00Z")
        desk = replace(repository.desk(), secrets={"LOG": "log", "PAGER": pager}.get)
        assert sweep(desk).failed == []
        assert sweep(desk).performed == 0
        assert {post.body["dedup_key"] for post in receiver.posts} == {key}
        assert "late" in repository.labels()


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_runner_whose_clock_is_an_hour_off_acts_by_the_forges(sandbox: Sandbox, tmp_path: Path, hours: int) -> None:
    repository = desk_with(sandbox)
    repository.opens()
    repository.triage()
    shift = "import time\nclock = time.time\ntime.time = lambda: clock() + {0}\nns = time.time_ns\n"
    shift += "time.time_ns = lambda: ns() + {0} * 10**9\n"
    (tmp_path / "sitecustomize.py").write_text(shift.format(hours * 3600), encoding="utf-8")
    actions = Path(__file__).resolve().parents[2] / "actions"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{actions}",
        "GITHUB_API_URL": sandbox.url,
        "GITHUB_REPOSITORY": repository.name,
        "GITHUB_TOKEN": repository.bot,
        "LOG": "log",
        "TZ": "Pacific/Kiritimati",
    }
    for at, late in (("09:59:59", False), ("10:00:00", True)):
        repository.at(at)
        done = subprocess.run(
            [sys.executable, "-m", "respondby", "enforce", "--json"], env=environment, capture_output=True, timeout=120,
            check=True,
        )  # fmt: skip
        assert json.loads(done.stdout)["failed"] == []
        assert ("late" in repository.labels()) is late
