"""What the linters of `.ci/run` do not say about the workflows and actions."""

import re
from pathlib import Path

import click
import pytest
import yaml

from respondby.cli import main as cli

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / "actions").glob("*/action.yml"))
CHECKOUT = re.compile(r"actions/checkout@[0-9a-f]{40}")
#: What a release is signed and handed on with; no workflow of a desk has it.
RELEASE = re.compile(r"actions/(attest|upload-artifact)@[0-9a-f]{40}")
#: What hands the status page to GitHub Pages.
PAGES = re.compile(r"actions/(configure-pages|upload-pages-artifact|deploy-pages)@[0-9a-f]{40}")
CACHE = re.compile(r"actions/(cache(/restore|/save)?|(up|down)load-artifact)@[0-9a-f]{40}")

by_name = pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)


def jobs(file):
    return yaml.safe_load(file.read_text())["jobs"]


def steps(file):
    return [step for job in jobs(file).values() for step in job["steps"]]


@by_name
def test_a_workflow_grants_nothing_and_each_job_what_it_needs_with_a_reason(file):
    text = file.read_text()
    assert yaml.safe_load(text)["permissions"] == {}
    for job in jobs(file).values():
        assert job["permissions"], "a job that needs nothing needs no job"
        for scope, level in job["permissions"].items():
            assert re.search(rf"(?m)^ +{scope}: {level} # \w", text), f"no reason for {scope}: {level}"


@by_name
def test_a_workflow_uses_our_own_actions_of_the_running_commit_and_at_most_github_s_checkout(file):
    for step in steps(file):
        if file.name == "test.yml" and CACHE.fullmatch(step.get("uses", "")):
            continue  # what properties have found; no workflow of a desk has it
        if file.name == "release.yml" and RELEASE.fullmatch(step.get("uses", "")):
            continue
        if file.name == "publish.yml" and PAGES.fullmatch(step.get("uses", "")):
            continue
        if "uses" in step and not CHECKOUT.fullmatch(step["uses"]):
            verb = step["uses"].removeprefix("$/actions/")
            assert (ROOT / "actions" / verb / "action.yml").is_file(), step["uses"]


@by_name
def test_a_job_ends_by_itself(file):
    longest = 350 if file.name == "watch.yml" else 30  # a watch hands over before a job's six hours are over
    assert all(job["timeout-minutes"] <= longest for job in jobs(file).values())


def test_runs_about_one_issue_wait_for_each_other_and_none_is_cancelled():
    # A watch's successor starts while it is still awake: its lease, and no group, lets one of them go on.
    watched = {file.name: yaml.safe_load(file.read_text()) for file in WORKFLOWS}
    assert "concurrency" not in watched.pop("watch.yml")
    groups = {name: workflow["concurrency"] for name, workflow in watched.items()}
    assert groups["triage.yml"] == groups["comment.yml"]
    assert groups["triage.yml"] == {
        "group": "respondby-issue-${{ github.event.issue.number }}",
        "queue": "max",
        "cancel-in-progress": False,
    }
    assert groups["enforce.yml"]["cancel-in-progress"] is False
    assert groups["receive.yml"] == {"group": "respondby-receive", "queue": "max", "cancel-in-progress": False}


def test_every_run_of_the_desk_gets_the_same_secrets():
    given = {file.name: [step["env"] for step in steps(file) if "env" in step] for file in WORKFLOWS}
    runs = ("triage.yml", "comment.yml", "enforce.yml", "receive.yml", "watch.yml")
    assert all(given[name] == given["triage.yml"] != [] for name in runs)


def desk_steps(action):
    """The steps that run the desk; others restore and save what GitHub keeps, or ask where it lies."""
    steps = [step for step in action["runs"]["steps"] if not CACHE.fullmatch(step.get("uses", ""))]
    return [step for step in steps if step.get("id") not in ("packages", "last")]


@pytest.mark.parametrize("file", ACTIONS, ids=lambda file: file.parent.name)
def test_an_action_takes_its_packages_from_the_cache_only_where_it_has_no_environment(file):
    first, second, *rest = yaml.safe_load(file.read_text())["runs"]["steps"]
    folder = "${{ runner.temp }}/respondby-packages"
    assert first["run"] == 'sh "$GITHUB_ACTION_PATH/../run.sh" --packages runtime >>"$GITHUB_OUTPUT"'
    assert second["if"] == "steps.packages.outputs.missing == 'true'"
    assert second["with"] == {"path": folder, "key": "respondby-packages-${{ steps.packages.outputs.key }}"}
    given = [step["env"]["RESPONDBY_PACKAGES"] for step in rest if "run" in step]
    assert set(given) == {folder}


@pytest.mark.parametrize("file", ACTIONS, ids=lambda file: file.parent.name)
def test_an_action_gives_its_inputs_by_environment_and_runs_the_shared_script(file):
    action = yaml.safe_load(file.read_text())
    assert action["runs"]["using"] == "composite"
    [step] = desk_steps(action)
    assert step["run"] == f'sh "$GITHUB_ACTION_PATH/../run.sh" {file.parent.name}'
    conditions = [other["if"] for other in action["runs"]["steps"] if "if" in other]
    values = [*step.get("env", {}).values(), *conditions]
    used = {name for value in values for name in re.findall(r"inputs\.([\w-]+)", value)}
    assert used == set(action.get("inputs", {}))


@pytest.mark.parametrize("file", ACTIONS, ids=lambda file: file.parent.name)
def test_a_verb_reads_the_variables_that_its_action_sets(file):
    [step] = desk_steps(yaml.safe_load(file.read_text()))
    command = cli.main.get_command(click.Context(cli.main), file.parent.name)
    read = {parameter.envvar for parameter in command.params}
    for_run_sh = {"RESPONDBY_PACKAGES"}
    assert {name for name in step["env"] if name.startswith("RESPONDBY_")} - for_run_sh <= read
