"""Which runs an event starts."""

from pathlib import Path

import pytest

from respondby.rehearsal.workflows import Workflow, WorkflowError, read_workflows, started

ROOT = Path(__file__).parents[2]


def delivery(event: str, action: str | None = None, *, by_workflow_token: bool = False) -> dict[str, object]:
    payload = {"workflow": ".github/workflows/enforce.yml"} if event == "workflow_dispatch" else {}
    return {"event": event, "action": action, "by_workflow_token": by_workflow_token, "payload": payload}


def verbs(workflows: list[Workflow]) -> list[str]:
    return [use.verb for workflow in workflows for job in workflow.jobs for use in job.uses]


@pytest.fixture(scope="module")
def ours() -> tuple[Workflow, ...]:
    return read_workflows(ROOT)


@pytest.mark.parametrize(
    "event,action,expected",
    [
        ("issues", "opened", ["triage"]),
        ("issues", "edited", ["triage"]),
        ("issues", "labeled", ["triage"]),
        ("issues", "closed", ["postmortem", "triage"]),
        ("issues", "reopened", ["triage"]),
        ("issues", "pinned", []),
        ("issue_comment", "created", ["comment"]),
        ("issue_comment", "edited", ["comment"]),
        ("schedule", None, ["enforce", "postmortem", "report"]),
        ("workflow_dispatch", None, ["enforce"]),
        ("push", None, []),
        ("label", "created", []),
    ],
)
def test_an_event_starts_the_workflows_of_this_repository_that_name_it(
    ours: tuple[Workflow, ...], event: str, action: str | None, expected: list[str]
) -> None:
    assert verbs(started(ours, delivery(event, action))) == expected


def test_what_the_workflows_own_token_does_starts_nothing_but_a_dispatch(ours: tuple[Workflow, ...]) -> None:
    assert started(ours, delivery("issues", "labeled", by_workflow_token=True)) == []
    assert verbs(started(ours, delivery("workflow_dispatch", by_workflow_token=True))) == ["enforce"]


def test_a_job_whose_condition_is_false_does_not_run(ours: tuple[Workflow, ...]) -> None:
    [workflow] = started(ours, delivery("issue_comment", "created"))
    [job] = workflow.jobs
    assert job.runs({"github": {"event": {"issue": {"number": 1}}}})
    assert not job.runs({"github": {"event": {"issue": {"number": 1, "pull_request": {"url": "…"}}}}})


def test_the_environment_of_a_step_holds_its_secrets_and_the_token(ours: tuple[Workflow, ...]) -> None:
    workflow = next(one for one in started(ours, delivery("schedule")) if one.file == "enforce.yml")
    [use] = workflow.jobs[0].uses
    github = {"token": "ghs_1", "event": {}}
    context = {"github": github, "runner": {"temp": "/t"}, "inputs": {}, "secrets": {"CHAT_URL": "json://x"}}
    environment = use.environment(context)
    assert environment["GITHUB_TOKEN"] == "ghs_1"
    assert environment["CHAT_URL"] == "json://x"
    assert environment["RESPONDBY_DRY_RUN"] == "false"


ACTION = """
name: x
runs:
  using: composite
  steps:
    - run: sh "$GITHUB_ACTION_PATH/../run.sh" triage
      shell: bash
"""


def checkout(folder: Path, workflow: str, action: str = ACTION) -> Path:
    (folder / ".github/workflows").mkdir(parents=True)
    (folder / ".github/workflows/w.yml").write_text(workflow)
    (folder / "actions/triage").mkdir(parents=True)
    (folder / "actions/triage/action.yml").write_text(action)
    return folder


@pytest.mark.parametrize(
    "on,event,action,starts",
    [
        ("issues", "issues", "pinned", True),
        ("[issues, push]", "issues", "opened", True),
        ("{issues: {types: opened}}", "issues", "opened", True),
        ("{issues: {types: [opened]}}", "issues", "closed", False),
        ("{issues: }", "issues", "closed", True),
    ],
)
def test_triggers_are_read_in_all_their_shapes(tmp_path: Path, on: str, event: str, action: str, starts: bool) -> None:
    text = f"on: {on}\njobs: {{j: {{permissions: {{issues: write}}, steps: [uses: ./actions/triage]}}}}\n"
    workflows = read_workflows(checkout(tmp_path, text))
    assert bool(started(workflows, delivery(event, action))) is starts


@pytest.mark.parametrize(
    "workflow,action,message",
    [
        ("on: push\njobs: {j: {permissions: write-all, steps: []}}", ACTION, "permissions"),
        ("on: push\njobs: {j: {steps: [{uses: ./actions/other}]}}", ACTION, "does not exist"),
        ("on: push\njobs: {j: {steps: [{uses: ./actions/triage, if: always()}]}}", ACTION, "an `if`"),
        (
            "on: push\njobs: {j: {steps: [{uses: ./actions/triage}]}}",
            "runs: {using: composite, steps: [{run: make}]}",
            "one step",
        ),
    ],
)
def test_a_workflow_that_cannot_be_followed_is_an_error(
    tmp_path: Path, workflow: str, action: str, message: str
) -> None:
    with pytest.raises(WorkflowError, match=message):
        read_workflows(checkout(tmp_path, workflow, action))


def test_an_installation_without_workflows_says_so(tmp_path: Path) -> None:
    with pytest.raises(WorkflowError, match="is not a folder"):
        read_workflows(tmp_path)


@pytest.mark.parametrize(
    "changed, starts",
    [
        (["docs/incidents/2026-01-05-1-down.md"], False),
        ([".github/support.yml"], True),
        (["README.md", ".github/rota/october.yml"], True),
        ([".github/workflows/enforce.yml"], False),
        ([".githubs/support.yml"], False),
        ([], False),
    ],
)
def test_a_pull_request_starts_impact_only_where_it_changes_what_a_policy_says(
    ours: tuple[Workflow, ...], changed: list[str], starts: bool
) -> None:
    [impact] = [workflow for workflow in ours if workflow.file == "impact.yml"]
    assert impact.looks_at(changed) is starts


def test_a_workflow_without_paths_looks_at_every_pull_request(ours: tuple[Workflow, ...]) -> None:
    [check] = [workflow for workflow in ours if workflow.file == "check.yml"]
    assert check.looks_at(["anything.txt"])
