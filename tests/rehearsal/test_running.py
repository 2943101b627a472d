"""One run of a job: what it sees, and what it hands on."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rehearsal.house import ROOT

from respondby.rehearsal.running import Ran, Request, RunProblem, by_steps, explain, in_process, subprocesses
from respondby.rehearsal.workflows import read_workflows

PROBE = """\
#!/bin/sh
if [ "$1" = --python ]; then exit "${PROBE_BROKEN:-0}"; fi
env | sort | sed 's/^/saw /'
echo "ran $*" >&2
printf 'next=\\nmany<<END\\none\\ntwo=2\\nEND\\nperformed=3\\n' >>"$GITHUB_OUTPUT"
echo '# Done' >>"$GITHUB_STEP_SUMMARY"
exit 1
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose `run.sh` tells what it sees."""
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "run.sh").write_text(PROBE)
    return tmp_path


def request_of(name: str = "triage.yml") -> Request:
    """A request for the job of that workflow."""
    [workflow] = [workflow for workflow in read_workflows(ROOT) if workflow.file == name]
    return Request(
        workflow=workflow,
        job=workflow.jobs[0],
        event="issues",
        payload={"action": "opened", "issue": {"number": 1}},
        forge="http://127.0.0.1:1",
        repository="acme/support",
        token="ghs_1",
        actor="carla",
        number=7,
        secrets={"CHAT_URL": "json://x", "HOOK": "http://x", "RESPONDBY_KEY": "k"},
        policy_secrets=("CHAT_URL", "HOOK"),
    )


def test_a_job_sees_what_github_gives_it_and_nothing_of_this_machine(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGERDUTY_ROUTING_KEY", "somebody's real key")
    monkeypatch.setenv("GITHUB_TOKEN", "the outer job's")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("https_proxy", "http://proxy")
    ran = by_steps(subprocesses(checkout))(request_of(), tmp_path / "run")
    saw = dict(line.removeprefix("saw ").split("=", 1) for line in ran.log.splitlines() if line.startswith("saw "))
    assert saw["GITHUB_TOKEN"] == "ghs_1"
    assert saw["GITHUB_API_URL"] == "http://127.0.0.1:1"
    assert saw["GITHUB_GRAPHQL_URL"] == "http://127.0.0.1:1/graphql"
    assert json.loads(Path(saw["GITHUB_EVENT_PATH"]).read_text()) == request_of().payload
    assert {name: saw[name] for name in ("CHAT_URL", "HOOK", "RESPONDBY_KEY")} == request_of().secrets
    assert (
        saw["PAGERDUTY_ROUTING_KEY"] == saw["RESPONDBY_KEY_OLD"] == ""
    )  # as a workflow gives a secret that is not set
    assert saw.pop("RESPONDBY_WATCH") == "off"
    others = {name for name in saw if not name.startswith(("GITHUB_", "RUNNER_"))} - set(request_of().secrets)
    assert others <= {"PATH", "HOME", "CI", "PAGERDUTY_ROUTING_KEY", "RESPONDBY_KEY_OLD", "PWD", "OLDPWD", "SHLVL", "_"}
    assert list(Path(saw["GITHUB_WORKSPACE"]).iterdir()) == []


def test_outputs_summary_log_and_exit_code_come_back(checkout: Path, tmp_path: Path) -> None:
    ran = by_steps(subprocesses(checkout))(request_of(), tmp_path / "run")
    assert ran.exit_code == 1
    assert ran.outputs == {"next": "", "many": "one\ntwo=2", "performed": "3"}
    assert ran.summary == "# Done\n"
    assert "ran triage" in ran.log


def test_an_environment_that_cannot_be_made_ends_the_rehearsal(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE_BROKEN", "1")
    with pytest.raises(RunProblem, match="could not make its environment"):
        subprocesses(checkout)


def test_without_a_checkout_this_interpreter_runs_the_same_package(tmp_path: Path) -> None:
    start = subprocesses(tmp_path)
    code, output, errors = start(
        ["--no-such-option"], {"GITHUB_WORKSPACE": str(tmp_path), "PYTHONPATH": str(ROOT / "actions")}
    )
    assert (code, output) == (2, "")
    assert "No such option" in errors


@pytest.mark.parametrize(
    "end,code", [(SystemExit(0), 0), (SystemExit(), 0), (SystemExit(2), 2), (SystemExit("no"), 1), (None, 0)]
)
def test_in_this_process_a_job_has_its_own_environment_and_streams(
    end: SystemExit | None, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OURS", "1")

    def main(arguments: list[str]) -> None:
        print(arguments, sorted(os.environ))
        print("oh", file=sys.stderr)
        if end is not None:
            raise end

    assert in_process(main)(["triage"], {"THEIRS": "1"}) == (code, "['triage'] ['THEIRS']\n", "oh\n")
    assert os.environ["OURS"] == "1"
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "answer,expected",
    [
        ((0, '{"clocks": [{"clock": "answer"}]}', ""), [{"clock": "answer"}]),
        ((1, "", "Traceback\nKeyError: x\n"), "`respondby explain 4` ended with 1: KeyError: x"),
        ((2, "", ""), "`respondby explain 4` ended with 2: it said nothing"),
    ],
)
def test_explain_gives_the_clocks_or_says_why_not(
    tmp_path: Path, answer: tuple[int, str, str], expected: object
) -> None:
    asked: list[tuple[list[str], str]] = []

    def start(arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        asked.append((arguments, environment["GITHUB_TOKEN"]))
        return answer

    assert explain(start, request_of(), 4, tmp_path / "explain") == expected
    assert asked == [(["explain", "4", "--json"], "ghs_1")]


def test_a_job_ends_with_its_first_step_that_fails(tmp_path: Path) -> None:
    request = request_of()
    twice = replace(request, job=replace(request.job, uses=request.job.uses * 2))
    started: list[list[str]] = []

    def start(arguments: list[str], _environment: Mapping[str, str]) -> tuple[int, str, str]:
        started.append(arguments)
        return 1, "out", "err"

    assert by_steps(start)(twice, tmp_path / "run") == Ran(1, {}, "outerr", "")
    assert started == [["triage"]]
