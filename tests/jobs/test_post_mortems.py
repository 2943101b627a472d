"""The draft's pull request: one an incident, on a branch of its own, and nothing that a person wrote is lost."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.jobs.desk import Repository
from tests.jobs.test_merges import POLICY, propose, put, with_incident

from respondby.cli.main import main
from respondby.forge.client import Client, Patience
from respondby.forge.errors import ForgeError
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.post_mortems import propose_all
from respondby.sandbox.server import Sandbox

PATH = "docs/incidents/2026-01-05-1-help.md"
BRANCH = "respondby/post-mortem-1"
GRANTED = {"contents": "write", "issues": "write", "pull-requests": "write"}
WANTED = POLICY.replace(
    "post-mortem: { reviewers: first }", "post-mortem: { reviewers: first, stakeholders: [first, author] }"
)


@pytest.fixture
def repository(sandbox: Sandbox) -> Repository:
    return with_incident(sandbox, WANTED)


def allow(repository: Repository, *, proposals: bool = True) -> None:
    """Let workflows open pull requests, or not."""
    repository.sandbox.settings(repository.name, workflows_open_pulls=proposals)


def run(repository: Repository, *, dry: bool = False, granted: Mapping[str, str] = GRANTED) -> Report:
    """One run of the job."""
    token = repository.sandbox.workflow_token(repository.name, granted)
    client = Client(
        repository.sandbox.url, token, repository.name, pace=None, patience=Patience(tries=2), sleep=lambda _: None
    )
    return propose_all(Desk(client, {"LOG": "log"}.get), dry=dry)


def pulls(repository: Repository) -> list[dict[str, Any]]:
    return list(repository.act("ann", "GET", "/pulls?state=all"))


def text_on(repository: Repository, branch: str = BRANCH, path: str = PATH) -> str:
    found = repository.act("ann", "GET", f"/contents/{path}?ref={branch}")
    return base64.b64decode(found["content"]).decode()


def rewrite(repository: Repository, text: str, branch: str = BRANCH, path: str = PATH) -> None:
    sha = repository.act("ann", "GET", f"/contents/{path}?ref={branch}")["sha"]
    body = {"message": "Write", "branch": branch, "sha": sha, "content": base64.b64encode(text.encode()).decode()}
    repository.act("ann", "PUT", f"/contents/{path}", body)


def test_a_resolved_incident_gets_one_pull_request_with_its_draft(repository: Repository) -> None:
    report = run(repository)
    assert (report.failed, [one.done for one in report.cases]) == ([], [["pull request #2"]])
    [pull] = pulls(repository)
    assert (pull["title"], pull["head"]["ref"], pull["base"]["ref"]) == ("Post-mortem of #1: Help", BRANCH, "main")
    assert [person["login"] for person in pull["requested_reviewers"]] == ["ann"]
    assert "@ann @carla" in pull["body"]
    assert f"incident: {repository.case().url}\n" in text_on(repository)
    assert f"({PATH.rpartition('/')[2]})" in text_on(repository, path="docs/incidents/README.md")
    timeline = repository.act("ann", "GET", "/issues/1/timeline")
    assert "cross-referenced" in [item["event"] for item in timeline]
    assert report.requests <= 1 + 8


def test_a_second_run_opens_nothing_and_a_change_of_the_facts_renews_the_blocks(repository: Repository) -> None:
    run(repository)
    rewrite(repository, text_on(repository).replace("_Say why it happened", "The index was missing. _Say why"))
    assert run(repository).cases == []
    repository.at("10:30")
    repository.says("ann", "/close")
    repository.triage()
    report = run(repository)
    assert [one.done for one in report.cases] == [["facts in pull request #2"]]
    assert "The index was missing." in text_on(repository)
    assert "| 2026-01-05 10:30 | ann: /close (" in text_on(repository)
    assert len(pulls(repository)) == 1


def test_the_list_follows_what_people_write_in_the_draft_and_keeps_what_stands_around_it(sandbox: Sandbox) -> None:
    repository = with_incident(sandbox, WANTED)
    put(repository, "ann", "docs/incidents/README.md", "# Ours\n\nRead them.\n")
    run(repository)
    rewrite(repository, text_on(repository).replace("# Help", "# The index was missing"))
    run(repository)
    listed = text_on(repository, path="docs/incidents/README.md")
    assert listed.startswith("# Ours\n\nRead them.\n")
    assert "[The index was missing](" in listed
    commits = len(repository.act("ann", "GET", f"/commits?sha={BRANCH}"))
    run(repository)
    assert len(repository.act("ann", "GET", f"/commits?sha={BRANCH}")) == commits


def test_a_draft_that_was_closed_unmerged_is_not_opened_again(repository: Repository) -> None:
    run(repository)
    repository.act("ann", "PATCH", "/pulls/2", {"state": "closed"})
    assert run(repository).cases == []
    assert [pull["state"] for pull in pulls(repository)] == ["closed"]


def test_a_renamed_file_is_found_in_its_pull_request(repository: Repository) -> None:
    run(repository)
    text = text_on(repository)
    sha = repository.act("ann", "GET", f"/contents/{PATH}?ref={BRANCH}")["sha"]
    repository.act("ann", "DELETE", f"/contents/{PATH}", {"message": "Move", "branch": BRANCH, "sha": sha})
    put(repository, "ann", "docs/incidents/2026-01-05-1-other.md", text, BRANCH)
    repository.at("10:40")
    repository.says("ann", "/close")
    repository.triage()
    assert [one.done for one in run(repository).cases] == [["facts in pull request #2"]]
    assert "/close" in text_on(repository, path="docs/incidents/2026-01-05-1-other.md")


def begin(repository: Repository) -> None:
    """The branch of the draft, as a run begins it."""
    start = repository.act("ann", "GET", "/git/ref/heads/main")["object"]["sha"]
    repository.act("ann", "POST", "/git/refs", {"ref": f"refs/heads/{BRANCH}", "sha": start})


def test_a_branch_that_holds_something_else_is_left_alone_and_told_of(repository: Repository) -> None:
    begin(repository)
    put(repository, "ann", "notes.txt", "Mine.", BRANCH)
    report = run(repository)
    assert pulls(repository) == []
    assert [one.remarks for one in report.cases] == [
        [f"the branch {BRANCH} is there and holds no draft of this incident: it was left alone"]
    ]


def test_a_run_that_ended_before_it_wrote_anything_is_made_good(repository: Repository) -> None:
    begin(repository)
    put(repository, "ann", "unrelated.txt", "The default branch goes on.")
    assert [one.done for one in run(repository).cases] == [["pull request #2"]]
    assert "incident: " in text_on(repository)


def test_a_run_that_ended_before_the_pull_request_is_made_good(repository: Repository) -> None:
    run(repository)
    text = text_on(repository)
    other = with_incident(repository.sandbox, WANTED)
    begin(other)
    put(other, "ann", PATH, text.replace(repository.case().url, other.case().url), BRANCH)
    assert [one.done for one in run(other).cases] == [["pull request #2"]]


@pytest.mark.parametrize("last", range(2, 11))
def test_a_run_that_dies_after_any_of_its_requests_is_made_good_by_the_next(repository: Repository, last: int) -> None:
    """The answer to the last one never comes, though it took effect; nothing goes through after it."""
    unanswered = {"match": {"nth": last}, "when": "after", "do": {"cut": True}}
    repository.sandbox.faults([unanswered, {"match": {"from": last}, "do": {"cut": True}}])
    with suppress(ForgeError):
        run(repository)
    repository.sandbox.clear_faults()
    assert run(repository).failed == []
    assert run(repository).cases == []
    [pull] = pulls(repository)
    assert [person["login"] for person in pull["requested_reviewers"]] == ["ann"]
    assert f"incident: {repository.case().url}\n" in text_on(repository)
    assert f"({PATH.rpartition('/')[2]})" in text_on(repository, path="docs/incidents/README.md")


def test_whose_review_a_person_wants_no_more_is_not_asked_again(repository: Repository) -> None:
    run(repository)
    repository.act("bob", "DELETE", "/pulls/2/requested_reviewers", {"reviewers": ["ann"]})
    assert run(repository).cases == []
    [pull] = pulls(repository)
    assert pull["requested_reviewers"] == []


def force_push(repository: Repository, files: Mapping[str, str]) -> str:
    """A person replaces all of the draft's branch: these files on top of the default branch. Returns its commit."""
    other = f"other-{len(files)}"
    start = repository.act("bob", "GET", "/git/ref/heads/main")["object"]["sha"]
    repository.act("bob", "POST", "/git/refs", {"ref": f"refs/heads/{other}", "sha": start})
    for path, text in files.items():
        put(repository, "bob", path, text, other)
    sha = str(repository.act("bob", "GET", f"/git/ref/heads/{other}")["object"]["sha"])
    repository.act("bob", "PATCH", f"/git/refs/heads/{BRANCH}", {"sha": sha, "force": True})
    return sha


def test_what_a_person_pushed_by_force_stays_and_only_our_blocks_in_it_are_renewed(repository: Repository) -> None:
    run(repository)
    theirs = text_on(repository).replace("_Say why it happened", "The index was missing. _Say why")
    force_push(repository, {"docs/incidents/2026-01-05-1-the-index.md": theirs})
    repository.at("10:30")
    repository.says("ann", "/close")
    repository.triage()
    assert [one.done for one in run(repository).cases] == [["facts in pull request #2"]]
    written = text_on(repository, path="docs/incidents/2026-01-05-1-the-index.md")
    assert "The index was missing." in written
    assert "ann: /close (" in written
    assert [pull["number"] for pull in pulls(repository)] == [2]


def test_a_person_who_pushed_the_document_away_gets_no_second_draft(repository: Repository) -> None:
    run(repository)
    sha = force_push(repository, {"notes.txt": "Mine."})
    assert run(repository).failed == []
    assert repository.act("ann", "GET", f"/git/ref/heads/{BRANCH}")["object"]["sha"] == sha
    assert [pull["number"] for pull in pulls(repository)] == [2]


def test_a_branch_that_a_person_deleted_gets_no_second_draft(repository: Repository) -> None:
    run(repository)
    repository.act("bob", "DELETE", f"/git/refs/heads/{BRANCH}")
    assert run(repository).cases == []
    assert [pull["state"] for pull in pulls(repository)] == ["closed"]


def test_a_draft_in_conflict_keeps_what_both_sides_wrote_and_merges_once_people_have_settled_it(
    repository: Repository,
) -> None:
    run(repository)
    mine = "# Ours\n\nRead them.\n"
    put(repository, "bob", "docs/incidents/README.md", mine)
    put(repository, "bob", PATH, f"---\nincident: {repository.case().url}x\nstatus: review\n---\n# Theirs\n")
    assert repository.act("ann", "GET", "/pulls/2")["mergeable"] is False
    theirs = text_on(repository)
    repository.at("10:30")
    repository.says("ann", "/close")
    repository.triage()
    run(repository)
    assert text_on(repository, "main", "docs/incidents/README.md") == mine
    assert "# Theirs" in text_on(repository, "main")
    assert text_on(repository).startswith(theirs.partition("<!-- respondby:begin timeline")[0][:400])
    assert [pull["number"] for pull in pulls(repository)] == [2]


def test_what_people_have_begun_themselves_gets_no_second_draft(repository: Repository) -> None:
    propose(repository, "bob", "docs/incidents/mine.md", "# Mine\n", "For #1.")
    assert run(repository).cases == []
    assert len(pulls(repository)) == 1


def test_a_strangers_fork_keeps_no_incident_from_its_draft(repository: Repository) -> None:
    fork = repository.sandbox.fork(repository.name, "mallory")
    token = repository.sandbox.token("mallory")
    text = f"---\nincident: {repository.case().url}\nstatus: review\n---\n# Mine\n"
    content = base64.b64encode(text.encode()).decode()
    body = {"message": "m", "branch": "main", "content": content}
    status, _ = repository.sandbox.call("PUT", f"/repos/{fork}/contents/docs/incidents/mine.md", token, body)
    assert status == 201
    proposal = {"title": "Mine", "body": "For #1.", "head": "mallory:main", "base": "main"}
    status, made = repository.sandbox.call("POST", f"/repos/{repository.name}/pulls", token, proposal)
    assert (status, made["number"]) == (201, 2)
    assert [one.done for one in run(repository).cases] == [["pull request #3"]]


def test_one_that_stands_on_the_default_branch_gets_none(repository: Repository) -> None:
    put(repository, "bob", "docs/incidents/mine.md", f"---\nincident: {repository.case().url}\nstatus: review\n---\n")
    assert run(repository).cases == []
    assert pulls(repository) == []


def test_before_it_is_resolved_and_in_a_dry_run_nothing_is_written(sandbox: Sandbox, repository: Repository) -> None:
    unresolved = with_incident(sandbox, WANTED, resolved=False)
    assert run(unresolved).cases == []
    assert [one.remarks for one in run(repository, dry=True).cases] == [[f"would draft {PATH}"]]
    assert pulls(repository) == []


def test_where_workflows_may_open_no_pull_requests_the_case_has_the_text_once_and_what_to_switch_on(
    sandbox: Sandbox,
) -> None:
    repository = with_incident(sandbox, WANTED)
    allow(repository, proposals=False)
    run(repository)
    before = len(repository.comments())
    [text] = [body for _, body in repository.comments() if "The draft of the post-mortem" in body]
    assert "Allow GitHub Actions to create and approve pull requests" in text
    assert f"incident: {repository.case().url}" in text
    run(repository)
    assert len(repository.comments()) == before
    allow(repository)
    assert [one.done for one in run(repository).cases] == [["pull request #2"]]


def test_a_token_that_may_not_says_which_permission_is_missing(repository: Repository) -> None:
    report = run(repository, granted={"contents": "read", "issues": "write", "pull-requests": "write"})
    assert len(report.failed) == 1
    assert "contents: write" in report.failed[0]


def test_a_check_that_may_ask_says_which_incident_does_not_exist(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs/incidents").mkdir(parents=True)
    url = repository.case().url
    for number, link in ((1, url), (77, url.replace("issues/1", "issues/77"))):
        text = f"---\nincident: {link}\nstatus: draft\n---\n# Down\n"
        (tmp_path / f"docs/incidents/2026-01-05-{number}-down.md").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    for name, value in {
        "GITHUB_API_URL": repository.sandbox.url,
        "GITHUB_GRAPHQL_URL": f"{repository.sandbox.url}/graphql",
        "GITHUB_REPOSITORY": repository.name,
        "GITHUB_TOKEN": repository.sandbox.token("ann"),
    }.items():
        monkeypatch.setenv(name, value)
    told = json.loads(CliRunner().invoke(main, ["postmortem", "check", "--online", "--json"]).stdout)
    assert [
        (one["path"], one["line"], one["message"]) for one in told["problems"] if one["rule"] == "unknown-incident"
    ] == [("docs/incidents/2026-01-05-77-down.md", 2, f"There is no incident 77 in {repository.name}.")]
