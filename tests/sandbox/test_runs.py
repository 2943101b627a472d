"""Workflows, their runs, and what is left of a rate limit."""

import pytest
from tests.sandbox.desk import REPO, People

from respondby.sandbox.server import Sandbox
from respondby.sandbox.store.problems import Problem

DUTY = f"{REPO}/actions/workflows/duty.yml"


def test_a_workflow_is_known_by_its_file_and_by_its_number(sandbox: Sandbox, people: People) -> None:
    sandbox.files("acme/desk", {".github/workflows/duty.yml": 'name: "The duty"\non: push\n'})
    status, workflow = sandbox.call("GET", DUTY, people.ann)
    assert (status, workflow["name"], workflow["path"], workflow["state"]) == (
        200,
        "The duty",
        ".github/workflows/duty.yml",
        "active",
    )
    assert sandbox.call("GET", f"{REPO}/actions/workflows/{workflow['id']}", people.ann) == (200, workflow)


def test_a_workflow_without_a_name_is_called_by_its_path(sandbox: Sandbox, people: People) -> None:
    assert sandbox.call("GET", DUTY, people.ann)[1]["name"] == ".github/workflows/duty.yml"


@pytest.mark.parametrize("name", ["none.yml", "99", "../support.yml"])
def test_a_workflow_that_is_no_file_of_the_default_branch_is_not_there(
    sandbox: Sandbox, people: People, name: str
) -> None:
    assert sandbox.call("GET", f"{REPO}/actions/workflows/{name}", people.ann)[0] == 404


def test_a_workflow_can_be_silenced(sandbox: Sandbox, people: People) -> None:
    sandbox.workflow_state("acme/desk", "duty.yml", "disabled_inactivity")
    assert sandbox.call("GET", DUTY, people.ann)[1]["state"] == "disabled_inactivity"
    with pytest.raises(Problem, match="Validation"):
        sandbox.workflow_state("acme/desk", "duty.yml", "asleep")


def test_runs_are_listed_newest_first_and_filtered(sandbox: Sandbox, people: People) -> None:
    sandbox.run("acme/desk", "duty.yml", "2026-01-05T08:00:00Z")
    sandbox.run("acme/desk", "duty.yml", "2026-01-05T08:10:00Z", conclusion="failure")
    sandbox.run("acme/desk", "duty.yml", "2026-01-05T08:05:00Z", event="workflow_dispatch", login="ann")
    sandbox.run("acme/desk", "duty.yml", "2026-01-05T08:15:00Z", conclusion=None)

    def listed(query: str) -> list[str]:
        answer = sandbox.call("GET", f"{DUTY}/runs{query}", people.ann)[1]
        assert answer["total_count"] >= len(answer["workflow_runs"])
        return [run["run_started_at"][11:16] for run in answer["workflow_runs"]]

    assert listed("") == ["08:15", "08:10", "08:05", "08:00"]
    assert listed("?event=schedule") == ["08:15", "08:10", "08:00"]
    assert listed("?status=completed") == ["08:10", "08:05", "08:00"]
    assert listed("?status=in_progress") == ["08:15"]
    assert listed("?status=failure") == ["08:10"]
    assert listed("?per_page=2&page=2") == ["08:05", "08:00"]


def test_runs_of_a_private_repository_need_the_permission(sandbox: Sandbox) -> None:
    sandbox.repo("acme", "inside", private=True, files={".github/workflows/duty.yml": "on: push\n"})
    path = "/repos/acme/inside/actions/workflows/duty.yml/runs"
    without = sandbox.workflow_token("acme/inside", {"issues": "write", "contents": "read"})
    granted = sandbox.workflow_token("acme/inside", {"actions": "read"})
    assert [sandbox.call("GET", path, token)[0] for token in (without, granted)] == [403, 200]


@pytest.mark.parametrize("given", [{"at": "soon"}, {"at": "2026-01-05T08:00:00Z", "conclusion": "well"}])
def test_a_run_that_cannot_have_been_is_refused(sandbox: Sandbox, given: dict[str, str]) -> None:
    body = {"workflow": "duty.yml", **given}
    assert sandbox.call("POST", "/_sandbox/repos/acme/desk/runs", None, body)[0] == 422


def test_the_control_api_records_runs_and_states(sandbox: Sandbox, people: People) -> None:
    body = {"workflow": "duty.yml", "at": "2026-01-05T08:00:00Z"}
    assert sandbox.call("POST", "/_sandbox/repos/acme/desk/runs", None, body)[1]["number"] == 1
    silence = {"workflow": "duty.yml", "state": "disabled_manually"}
    assert sandbox.call("POST", "/_sandbox/repos/acme/desk/workflow-states", None, silence)[0] == 204
    assert sandbox.call("GET", DUTY, people.ann)[1]["state"] == "disabled_manually"


def test_asking_what_is_left_costs_nothing(sandbox: Sandbox, people: People) -> None:
    sandbox.call("GET", DUTY, people.workflow)
    first = sandbox.call("GET", "/rate_limit", people.workflow)[1]["resources"]["core"]
    assert (first["limit"], first["used"], first["remaining"]) == (1000, 1, 999)
    _, headers, again = sandbox.exchange("GET", "/rate_limit", people.workflow)
    assert again["resources"]["core"] == again["rate"] == first
    assert headers["x-ratelimit-remaining"] == "999"
    assert sandbox.call("GET", "/rate_limit", "ghp_nobody")[0] == 401
