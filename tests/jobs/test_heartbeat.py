"""The sweep's own pulse: its heartbeat outside of GitHub, and how late its schedule comes where that mattered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.channels.serving import Answer, Asked, serving
from tests.jobs.desk import POLICY, Repository
from tests.jobs.refused_writes import on_comments

from respondby.cli.output.runs import run_lines, run_summary
from respondby.jobs.inputs.lateness import Schedule, schedule_of
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import run_event, sweep
from respondby.sandbox.server import Sandbox

BEATING = POLICY.replace("channels:", "heartbeat: SWITCH\nchannels:")
CRON = Schedule("enforce.yml", "2-59/5 * * * *")
WORKFLOW = {".github/workflows/enforce.yml": "on:\n  schedule:\n    - cron: '2-59/5 * * * *'\n"}


class Switch:
    """A dead-man's switch: the paths that were reached, and the status that it answers."""

    def __init__(self) -> None:
        self.url = ""
        self.reached: list[str] = []
        self.status = 200

    def answer(self, asked: Asked) -> Answer:
        self.reached.append(asked.target)
        return Answer(self.status)


@pytest.fixture
def switch() -> Iterator[Switch]:
    switch = Switch()
    with serving(switch) as switch.url:
        yield switch


def swept(
    repository: Repository, switch: Switch | None, *, dry: bool = False, schedule: Schedule | None = None
) -> Report:
    address = f"{switch.url}/planted-uuid" if switch is not None else None
    desk = replace(repository.desk(), secrets={"LOG": "log", "SWITCH": address}.get, schedule=schedule)
    return sweep(desk, dry=dry)


def test_every_whole_sweep_reaches_the_switch_and_nothing_else_does(sandbox: Sandbox, switch: Switch) -> None:
    repository = Repository.make(sandbox, BEATING)
    number = repository.opens()
    swept(repository, switch)
    swept(repository, switch)
    assert switch.reached == ["/planted-uuid"] * 2
    desk = replace(repository.desk(), secrets={"SWITCH": "http://127.0.0.1:9/"}.get)
    assert run_event(desk, "triage", number).remarks == []
    assert swept(repository, switch, dry=True).remarks == []
    assert len(switch.reached) == 2


@pytest.mark.parametrize("mode", ["shadow", "off"])
def test_a_desk_that_is_not_live_reaches_nobody(sandbox: Sandbox, switch: Switch, mode: str) -> None:
    repository = Repository.make(sandbox, f"{BEATING}mode: {mode}\n")
    swept(repository, switch)
    assert switch.reached == []


def test_a_case_that_fails_does_not_stop_the_heart_but_a_sweep_that_ended_early_does(
    sandbox: Sandbox, switch: Switch
) -> None:
    repository = Repository.make(sandbox, BEATING)
    repository.opens()
    sandbox.faults(on_comments({"status": 403}))
    assert swept(repository, switch).failed
    assert len(switch.reached) == 1
    sandbox.clear_faults()
    repository.opens()
    sandbox.faults(on_comments({"status": 401}))
    assert not swept(repository, switch).complete
    sandbox.clear_faults()
    assert len(switch.reached) == 1


@pytest.mark.parametrize(
    "status, why", [(500, "it answered 500"), (404, "it answered 404: check the secret"), (None, "is not set")]
)
def test_a_heartbeat_that_does_not_get_through_is_a_warning_without_its_address(
    sandbox: Sandbox, switch: Switch, status: int | None, why: str
) -> None:
    repository = Repository.make(sandbox, BEATING)
    switch.status = status or 200
    report = swept(repository, switch if status else None)
    (remark,) = report.remarks
    assert remark.startswith("the heartbeat SWITCH ")
    assert why in remark
    assert report.failed == []
    told = "\n".join([*run_lines(report.to_json()), run_summary(report.to_json())])
    assert " ".join(remark.split()[:4]) in told
    assert "planted" not in told
    assert "127.0.0.1" not in told


def with_runs(sandbox: Sandbox, *times: str) -> Repository:
    repository = Repository.make(sandbox, POLICY, **WORKFLOW)
    for time in times:
        sandbox.run(repository.name, "enforce.yml", f"2026-01-05T{time}:00Z", conclusion="success")
    repository.bot = sandbox.workflow_token(repository.name, {"issues": "write", "contents": "read", "actions": "read"})
    return repository


def test_where_a_step_came_late_the_runs_of_the_schedule_say_how_late_they_come(sandbox: Sandbox) -> None:
    repository = with_runs(sandbox, "08:47", "08:53", "08:57", "09:04", "11:30")
    repository.opens()
    repository.at("11:30:00")
    report = swept(repository, None, schedule=CRON)
    told = report.to_json()
    assert (told["late"], told["schedule"]) == (5400, {"median": 60, "p95": 8580, "worst": 8580, "runs": 4})
    lines = " ".join(" ".join(run_lines(told)).split())
    assert "Steps came up to 1 h 30 min late, because this run was late." in lines
    assert "waited 1 min in the middle, 95 of 100 of them 2 h 23 min at most, the worst 2 h 23 min" in lines
    (comment,) = [body for _, body in repository.comments() if "@ann" in body]
    assert "This comes 1 hour 30 minutes late, because our own run was late." in comment
    assert "(our own run was 1 hour 30 minutes late)" in repository.comments()[0][1] + repository.comments()[1][1]


@pytest.mark.parametrize("at", ["09:30:00", "10:09:00"])
def test_where_nothing_came_late_nobody_asks(sandbox: Sandbox, at: str) -> None:
    repository = with_runs(sandbox, "08:47")
    repository.opens()
    repository.at(at)
    before = len(sandbox.requests())
    report = swept(repository, None, schedule=CRON)
    assert (report.late, report.lateness) == (0, None)
    assert not [one for one in sandbox.requests(before) if "/actions/" in str(one)]


def test_what_may_not_be_seen_is_said_with_what_to_do(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox, POLICY, **WORKFLOW)
    repository.opens()
    repository.at("11:30:00")
    sandbox.faults([{"match": {"path": ".*/actions/.*"}, "do": {"status": 403}}])
    report = swept(repository, None, schedule=CRON)
    sandbox.clear_faults()
    assert (report.late, report.lateness, report.failed) == (5400, None, [])
    assert [remark for remark in report.remarks if "give it `actions: read`" in remark]


@pytest.mark.parametrize(
    "ref, cron, expected",
    [
        ("acme/desk/.github/workflows/enforce.yml@refs/heads/main", "2-59/5 * * * *", CRON),
        ("acme/desk/.github/workflows/enforce.yml@refs/heads/main", None, None),
        ("", "2-59/5 * * * *", None),
        ("acme/desk/.github/workflows/../../secrets@x", "2-59/5 * * * *", None),
    ],
)
def test_what_started_a_run_is_read_from_githubs_own_words(ref: str, cron: object, expected: Schedule | None) -> None:
    assert schedule_of(ref, cron) == expected
