"""Each workflow file in a real Actions runner, with the real actions, against the sandbox that sends its events.

The token of a run carries the `permissions:` of the workflow's own job, and the sandbox refuses what they do not grant.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.jobs.desk import POLICY, Repository
from tests.jobs.test_merges import POLICY as INCIDENTS

from respondby.jobs.report_duties import run_reports
from respondby.policy.loading.loader import load
from respondby.policy.repository.forms import form_files
from respondby.rehearsal.act import Completed, run_workflow
from respondby.rehearsal.workflows import Workflow, read_workflows
from respondby.sandbox.server import Sandbox

CHECKOUT = Path(__file__).parents[2]
WORKFLOWS = {workflow.file: workflow for workflow in read_workflows(CHECKOUT)}

#: The project's own, and no desk's: its checks, in which these tests are, and the release, whose script `.ci/run` runs.
ITSELF = {"test.yml", "release.yml"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("act")


@dataclass(frozen=True)
class Event:
    """What starts a run: the event and its payload, both as the sandbox sends them; `workspace` is checked out."""

    name: str
    payload: Mapping[str, Any]
    workspace: Path | None = None


def start(
    checkout: Path, workflow: Workflow, event: Event, repository: Repository, scratch: Path, **more: Any
) -> Completed:
    """The run that the event starts."""
    job = workflow.jobs[0]
    url = repository.sandbox.url
    env = {"GITHUB_API_URL": url, "GITHUB_GRAPHQL_URL": f"{url}/graphql", "GITHUB_REPOSITORY": repository.name}
    secrets = {"GITHUB_TOKEN": repository.sandbox.workflow_token(repository.name, job.permissions), "CHAT_URL": "log"}
    if workflow.file == "fleet.yml":  # a token of its own reaches the repositories of a fleet
        repository.sandbox.user("fleet[bot]", "Bot")
        repository.sandbox.member(repository.name, "fleet[bot]", "COLLABORATOR", "write")
        secrets["RESPONDBY_FLEET_TOKEN"] = repository.sandbox.token("fleet[bot]")
    return run_workflow(
        checkout, workflow.file, event.name, event.payload, env, secrets, scratch, workspace=event.workspace, **more
    )


def last(repository: Repository, event: str) -> Event:
    """The sandbox's last delivery of that event."""
    found = [one for one in repository.sandbox.deliveries() if one["event"] == event]
    return Event(event, found[-1]["payload"])


def opened(repository: Repository, _: Path) -> Event:
    repository.opens()
    return last(repository, "issues")


def commented(repository: Repository, _: Path) -> Event:
    repository.opens()
    repository.triage()
    repository.says("ann", "/priority high")
    return last(repository, "issue_comment")


def overdue(repository: Repository, _: Path) -> Event:
    repository.opens()
    repository.triage()
    repository.at("10:05:00")
    return Event("schedule", {"schedule": "2-59/5 * * * *"})


def overdue_in_a_fleet(repository: Repository, _: Path, *others: str) -> Event:
    names = ", ".join([repository.name, *others])
    repository.sandbox.files(repository.name, {".github/fleet.yml": f"version: 1\nrepositories: [{names}]\n"})
    repository.opens()
    repository.triage()
    repository.at("10:05:00")
    return Event("schedule", {"schedule": "4-59/15 * * * *"})


def dispatched(repository: Repository, _: Path) -> Event:
    body = {"event_type": "backup-done", "client_payload": {"size": 12}}
    repository.sandbox.member(repository.name, "olga", "OWNER", "admin")
    repository.act("olga", "POST", "/dispatches", body)
    return last(repository, "repository_dispatch")


def asked_for(_: Repository, __: Path) -> Event:
    return Event("workflow_dispatch", {"inputs": {"person": "ann"}})


def proposed(repository: Repository, folder: Path, policy: str = POLICY) -> Event:
    """A pull request that changes the policy, checked out with the commit that it would change."""
    if folder.exists():
        shutil.rmtree(folder)
    file = folder / ".github" / "support.yml"
    file.parent.mkdir(parents=True)
    who = ("-c", "user.name=ann", "-c", "user.email=ann@localhost", "-c", "commit.gpgsign=false")
    git = ("git", "-C", str(folder), *who)
    for path, text in form_files(load(POLICY)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for path in (*CHECKOUT.glob(".github/workflows/*.yml"), *CHECKOUT.glob("actions/*/action.yml")):
        copy = folder / path.relative_to(CHECKOUT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    for text in (POLICY, policy):
        # A secret that the workflows pass.
        file.write_text(text.replace("console: LOG", "console: CHAT_URL"), encoding="utf-8")
        subprocess.run([*git, "add", "--all"], check=True)
        subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "Change the policy"], check=True)
    return Event("pull_request", {"action": "opened", "number": 1, "pull_request": {"number": 1}}, folder)


def has_a_card(repository: Repository, _: Completed) -> bool:
    return "10:00" in repository.comments()[0][1] and repository.labels() == ["priority/normal", "type/question"]


def has_a_reaction(repository: Repository, _: Completed) -> bool:
    found = repository.act("ann", "GET", "/issues/1/comments?per_page=100")
    return [comment["reactions"]["+1"] for comment in found] == [0, 1] and "priority/high" in repository.labels()


def has_called(repository: Repository, _: Completed) -> bool:
    return "late" in repository.labels() and "@ann" in repository.comments()[-1][1]


def has_a_log(repository: Repository, _: Completed) -> bool:
    found = repository.act("ann", "GET", "/issues?state=all")
    return [issue["title"] for issue in found] == ["The log of Help desk"] and len(repository.comments()) == 1


def says_that_all_is_well(_: Repository, completed: Completed) -> bool:
    return not completed.annotations


def resolved(repository: Repository, _: Path) -> Event:
    repository.opens(body="### What?\n\nThe shop is down.\n")
    repository.triage()
    repository.says("ann", "/resolved")
    repository.triage()
    repository.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    return last(repository, "issues")


def has_proposed(repository: Repository, _: Completed) -> bool:
    found = repository.act("ann", "GET", "/pulls")
    reviewers = [person["login"] for pull in found for person in pull["requested_reviewers"]]
    return [pull["title"] for pull in found] == ["Post-mortem of #1: Help"] and reviewers == ["ann"]


def a_month_is_over(repository: Repository, _: Path) -> Event:
    repository.opens()
    run_reports(repository.desk())  # what is seen for the first time counts from then on
    repository.at("2026-02-01T09:52:00Z")
    return Event("schedule", {"schedule": "52 * * * *"})


def has_reported(repository: Repository, _: Completed) -> bool:
    return [pull["title"] for pull in repository.act("ann", "GET", "/pulls")] == ["Report for January 2026"]


def nothing_is_due_soon(repository: Repository, _: Path) -> Event:
    repository.opens()
    repository.triage()
    repository.says("ann", "On it.")
    repository.triage()
    return Event("workflow_dispatch", {"inputs": {"after": ""}})


def has_gone_to_sleep(repository: Repository, completed: Completed) -> bool:
    return completed.outputs.get("ended") == "idle" and len(repository.comments(2)) == 1  # the lease, in the log


def a_product_is_down(repository: Repository, _: Path) -> Event:
    repository.opens()
    repository.triage()
    repository.act("ann", "POST", "/issues/1/labels", {"labels": ["product/shop"]})
    repository.says("ann", "/priority high")
    return last(repository, "issue_comment")


def has_a_page(repository: Repository, completed: Completed) -> bool:
    return completed.outputs.get("deploy") == "true" and "major outage" in completed.log


PUBLISHING = (
    POLICY.replace("fields:\n", "fields:\n  product: { label: product/, set-by: staff }\n")
    + """
products: { shop: {} }
incidents: { when: { priority: high } }
uptime: { by: product }
publish: { title: Status, url: "https://x.example/", products: { shop: Shop }, show: [uptime, incidents] }
"""
)


def quicker(repository: Repository, folder: Path) -> Event:
    """Somebody proposes half an hour, after an answer that took longer."""
    repository.opens()
    repository.triage()
    repository.at("09:45:00")
    repository.says("ann", "Hello")
    repository.triage()
    event = proposed(repository, folder, POLICY.replace("target: 1h", "target: 30m"))
    repository.sandbox.files(
        repository.name, {".github/support.yml": POLICY.replace("console: LOG", "console: CHAT_URL")}
    )
    return event


def says_what_would_have_been(_: Repository, completed: Completed) -> bool:
    said = [(one.file, one.message) for one in completed.annotations if one.level == "notice"]
    return said == [(".github/support.yml", "Something differs in 1 of 1 case; 1 would have been late.")]


MONTHLY = """
duties:
  monthly: { schedule: { every: 1 month, at: 1 09:00 }, do: { report: monthly } }
"""
DUTY = """
duties:
  backup: { schedule: { every: 1 day }, silent: true, expects: dispatch backup-done, owner: first, within: 3h }
"""

FLEET = POLICY.replace("first: ann }", 'first: ann, bots: { people: ["github-actions[bot]", "fleet[bot]"] } }')

#: Every workflow: the policy, what starts it, and what it must have done.
STORIES: Mapping[str, tuple[str, Callable[[Repository, Path], Event], Callable[[Repository, Completed], bool]]] = {
    "check.yml": (POLICY, proposed, says_that_all_is_well),
    "comment.yml": (POLICY, commented, has_a_reaction),
    "enforce.yml": (POLICY, overdue, has_called),
    "fleet.yml": (FLEET, overdue_in_a_fleet, has_called),
    "impact.yml": (POLICY, quicker, says_what_would_have_been),
    "page.yml": (POLICY, asked_for, has_a_log),
    "postmortem.yml": (INCIDENTS, resolved, has_proposed),
    "publish.yml": (PUBLISHING, a_product_is_down, has_a_page),
    "receive.yml": (POLICY + DUTY, dispatched, has_a_log),
    "report.yml": (POLICY + MONTHLY, a_month_is_over, has_reported),
    "triage.yml": (POLICY, opened, has_a_card),
    "watch.yml": (POLICY, nothing_is_due_soon, has_gone_to_sleep),
}


def test_every_workflow_has_its_story_here() -> None:
    files = {file.name for file in (CHECKOUT / ".github" / "workflows").iterdir()}
    assert files - ITSELF == set(STORIES), "a workflow that never ran in a runner is a guess: tell its story here"


@pytest.mark.parametrize("file", STORIES)
def test_a_workflow_does_its_work_with_the_permissions_that_it_asks_for(
    file: str, sandbox: Sandbox, scratch: Path
) -> None:
    policy, happens, done = STORIES[file]
    repository = Repository.make(sandbox, policy)
    event = happens(repository, scratch / "proposed")
    completed = start(CHECKOUT, WORKFLOWS[file], event, repository, scratch, actor="carla")
    assert completed.exit_code == 0, completed.log
    assert done(repository, completed), completed.log


def test_a_repository_of_a_fleet_that_is_not_there_fails_the_plan_and_the_others_are_swept(
    sandbox: Sandbox, scratch: Path
) -> None:
    repository = Repository.make(sandbox, FLEET)
    event = overdue_in_a_fleet(repository, scratch, "acme/never-was")
    completed = start(CHECKOUT, WORKFLOWS["fleet.yml"], event, repository, scratch)
    assert completed.exit_code == 1
    assert [one.message.split()[0] for one in completed.annotations if one.level == "error"] == ["acme/never-was"]
    assert has_called(repository, completed), completed.log


def test_a_proposed_policy_that_makes_no_sense_fails_with_its_place(sandbox: Sandbox, scratch: Path) -> None:
    repository = Repository.make(sandbox)
    event = proposed(
        repository, scratch / "proposed", POLICY.replace("stop: comment by staff", "stop: comment by stuff")
    )
    completed = start(CHECKOUT, WORKFLOWS["check.yml"], event, repository, scratch)
    assert completed.exit_code == 1
    [error] = [one for one in completed.annotations if one.level == "error"]
    assert (error.file, error.line) == (".github/support.yml", 1 + POLICY[: POLICY.index("stop: comment")].count("\n"))


def test_a_workflow_that_asks_for_too_little_is_refused_and_says_what_it_lacks(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    file = "triage.yml"
    for name in ("actions", "locks", "schemas", ".github/workflows"):
        shutil.copytree(CHECKOUT / name, tmp_path / "checkout" / name, ignore=shutil.ignore_patterns("__pycache__"))
    changed = tmp_path / "checkout" / ".github" / "workflows" / file
    changed.write_text(changed.read_text().replace("issues: write", "issues: read"))
    [workflow] = [one for one in read_workflows(tmp_path / "checkout") if one.file == file]
    policy, happens, _ = STORIES[file]
    repository = Repository.make(sandbox, policy)
    event = happens(repository, tmp_path / "proposed")
    before = repository.comments()
    (tmp_path / "act").mkdir()
    completed = start(tmp_path / "checkout", workflow, event, repository, tmp_path / "act")
    assert completed.exit_code == 1
    assert any("give the job `permissions: issues: write`" in one.message for one in completed.annotations)
    assert repository.comments() == before


def test_runs_side_by_side_leave_what_one_leaves(sandbox: Sandbox, tmp_path: Path) -> None:
    repository = Repository.make(sandbox)
    event = opened(repository, tmp_path)
    folders = [tmp_path / str(number) for number in range(3)]
    for folder in folders:
        folder.mkdir()

    def one(folder: Path) -> Completed:
        return start(CHECKOUT, WORKFLOWS["triage.yml"], event, repository, folder)

    with ThreadPoolExecutor(len(folders)) as pool:
        assert [completed.exit_code for completed in pool.map(one, folders)] == [0, 0, 0]
    assert repository.sweep().performed == 0
    assert has_a_card(repository, Completed(0, "", (), (), {}))
    assert len(repository.comments()) == 1
