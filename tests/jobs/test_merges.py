"""A clock stops when what it waits for is merged: at the time of the merge, whoever merges and by whatever name."""

from __future__ import annotations

import base64

import pytest
from tests.jobs.desk import Repository

from respondby.calendars.instants import iso
from respondby.jobs.post_mortems import drafted
from respondby.promises.assessment import Run
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: UTC
people: { ann: {}, bob: {} }
roles: { staff: { people: [ann, bob] }, first: ann }
channels: { log: { console: LOG } }
fields: { type: { label: type/ } }
forms: { problem: { name: Problem, about: It broke., ask: { what: { ask: "What?", kind: text } } } }
commands: { /resolved: { by: staff }, /close: { by: [author, staff] } }
incidents: { when: { type: problem }, post-mortem: { reviewers: first } }
clocks:
  post-mortem:
    { start: /resolved, stop: post-mortem merged, target: 2h, survives: close, ladder: [{ at: due, label: late }] }
  fix: { start: opened, stop: [merged, /close], target: 8h }
"""


def with_incident(sandbox: Sandbox, policy: str = POLICY, *, resolved: bool = True) -> Repository:
    """A repository with an incident, which was resolved at 10:00 where that is asked for."""
    repository = Repository.make(sandbox, policy)
    repository.opens(body="### What?\n\nThe shop is down.\n")
    repository.triage()
    repository.at("10:00")
    if resolved:
        repository.says("ann", "/resolved")
        repository.triage()
    return repository


@pytest.fixture
def repository(sandbox: Sandbox) -> Repository:
    return with_incident(sandbox)


def document(repository: Repository) -> str:
    return f"---\nincident: {repository.case().url}\nstatus: review\n---\n# Down\n"


def put(repository: Repository, who: str, path: str, text: str, branch: str = "main") -> None:
    body = {"message": "Write", "branch": branch, "content": base64.b64encode(text.encode()).decode()}
    repository.act(who, "PUT", f"/contents/{path}", body)


def propose(repository: Repository, who: str, path: str, text: str, body: str) -> int:
    """A pull request with that file; its number."""
    start = repository.act(who, "GET", "/git/ref/heads/main")["object"]["sha"]
    branch = f"b-{path.replace('/', '-')}"
    repository.act(who, "POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": start})
    put(repository, who, path, text, branch)
    opened = {"title": "Down", "body": body, "head": branch, "base": "main"}
    return int(repository.act(who, "POST", "/pulls", opened)["number"])


def clock(repository: Repository, name: str) -> Run:
    """The clock's last run, as a sweep sees it."""
    report = repository.sweep()
    assert report.failed == []
    [assessment] = [one.assessment for one in report.cases if one.number == 1]
    assert assessment is not None
    run = assessment.latest(name)
    assert run is not None
    return run


def stands(repository: Repository, name: str) -> tuple[str, str | None, str]:
    run = clock(repository, name)
    return run.state, iso(run.ended)[11:16] if run.ended is not None else None, run.stopped_by


def test_a_post_mortem_that_a_pull_request_brought_stops_its_clock_when_it_was_merged(repository: Repository) -> None:
    number = propose(repository, "ann", "docs/incidents/any-name.md", document(repository), "For #1.")
    repository.at("10:30")
    assert stands(repository, "post-mortem") == ("running", None, "")
    repository.at("11:00")
    repository.act("bob", "PUT", f"/pulls/{number}/merge", {})
    repository.at("13:00")
    assert stands(repository, "post-mortem") == ("met", "11:00", "bob")
    assert "late" not in repository.labels()


def test_one_that_was_pushed_stops_it_too_and_its_removal_changes_nothing(repository: Repository) -> None:
    repository.at("11:10")
    put(repository, "ann", "docs/incidents/2026-01-05-1-down.md", document(repository))
    repository.at("11:20")
    assert stands(repository, "post-mortem")[:2] == ("met", "11:10")
    place = "/contents/docs/incidents/2026-01-05-1-down.md"
    repository.act("ann", "DELETE", place, {"message": "Gone", "sha": repository.act("ann", "GET", place)["sha"]})
    repository.at("15:00")
    assert stands(repository, "post-mortem")[:2] == ("met", "11:10")


def test_a_document_of_another_incident_and_one_on_a_branch_stop_nothing(repository: Repository) -> None:
    put(repository, "ann", "docs/incidents/other.md", document(repository).replace("issues/1", "issues/11"))
    propose(repository, "ann", "docs/incidents/mine.md", document(repository), "For #1.")
    repository.at("13:00")
    assert stands(repository, "post-mortem") == ("breached", None, "")
    assert "late" in repository.labels()


def test_a_pull_request_that_names_the_case_stops_what_waits_for_merged(repository: Repository) -> None:
    other = propose(repository, "ann", "unrelated.txt", "x", "Nothing to do with it.")
    repository.act("ann", "PUT", f"/pulls/{other}/merge", {})
    number = propose(repository, "bob", "fix.txt", "x", "Fixes the shop, see #1.")
    assert stands(repository, "fix")[0] == "running"
    repository.at("10:40")
    repository.act("ann", "PUT", f"/pulls/{number}/merge", {})
    repository.at("10:50")
    assert stands(repository, "fix") == ("met", "10:40", "ann")


def test_who_waits_for_nothing_of_this_kind_pays_no_request(sandbox: Sandbox) -> None:
    text = POLICY.replace("stop: post-mortem merged", "stop: /done").replace("merged, /close", "/close")
    plain = Repository.make(sandbox, text.replace("commands: {", "commands: { /done: { by: staff },"))
    plain.opens(body="### What?\n\nThe shop is down.\n")
    plain.triage()
    assert plain.sweep().requests == 1


def test_the_draft_of_a_case_has_its_facts_and_stops_the_clock_once_it_is_merged(repository: Repository) -> None:
    path, text = drafted(repository.desk(), 1)
    assert path == "docs/incidents/2026-01-05-1-help.md"
    assert f"incident: {repository.case().url}\n" in text
    assert "resolved: 2026-01-05T10:00:00Z\n" in text
    assert "| 2026-01-05 10:00 | ann: /resolved (" in text
    put(repository, "bob", path, text)
    assert stands(repository, "post-mortem")[0] == "met"
