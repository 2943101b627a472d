"""A policy that is broken on the default branch does not silence the desk."""

from __future__ import annotations

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.cli.output.runs import run_lines, run_summary
from respondby.jobs.inputs.policy_in_force import NoPolicy
from respondby.sandbox.server import Sandbox

BROKEN = {
    "no YAML": "version: [1",
    "a word that nobody knows": POLICY.replace("clocks:", "clokcs:"),
    "an unknown role": POLICY.replace("comment by staff", "comment by stuff"),
    "nothing": "",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_the_last_valid_policy_serves_and_the_maintainers_get_one_issue(sandbox: Sandbox, text: str) -> None:
    repository = Repository.make(sandbox)
    repository.opens()
    sandbox.files(repository.name, {".github/support.yml": text})
    sandbox.files(repository.name, {".github/support.yml": text + "\n# again\n"})
    for _ in range(3):
        report = repository.sweep()
        assert report.in_force is not None
        assert report.in_force.problems
    assert repository.labels() == ["priority/normal", "type/question"]
    issues = repository.act("ann", "GET", "/issues?state=all")
    assert [issue["title"] for issue in issues if issue["number"] != 1] == [
        "The support policy on the default branch is broken"
    ]
    repository.act("ann", "PATCH", "/issues/2", {"title": "The policy!"})
    repository.at("12:00:00")
    repository.sweep()
    assert len(repository.act("ann", "GET", "/issues?state=all")) == 2, "it is known under any title"
    assert repository.comments(2) == [], "the maintainers' issue is no case"
    sandbox.files(repository.name, {".github/support.yml": POLICY})
    repository.sweep()
    assert repository.act("ann", "GET", "/issues/2")["state"] == "closed"


def test_what_is_wrong_is_told_in_sentences(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox)
    repository.opens()
    sandbox.files(repository.name, {".github/support.yml": POLICY.replace("comment by staff", "comment by stuff")})
    told = repository.sweep().to_json()
    (problem,) = told["policy"]["problems"]
    assert problem.startswith(".github/support.yml:")
    assert problem.endswith(": There is no role `stuff`. Did you mean `staff`?")
    assert "Problem(" not in "\n".join((run_summary(told), *run_lines(told)))


def test_a_desk_that_never_had_a_valid_policy_says_what_to_do(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox, "desk: [")
    repository.opens()
    with pytest.raises(NoPolicy, match="respondby check"):
        repository.triage()


def test_a_desk_without_a_policy_says_what_to_do(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox)
    sandbox.files(repository.name, {".github/support.yml": None})
    repository.opens()
    with pytest.raises(NoPolicy, match="write one"):
        repository.triage()


def test_an_edit_of_the_policy_leaves_running_promises_alone(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox)
    repository.opens()
    repository.triage()
    sandbox.files(repository.name, {".github/support.yml": POLICY.replace("target: 1h", "target: 5m")})
    repository.at("09:30:00")
    repository.opens(title="Another")
    repository.sweep()
    assert "late" not in repository.labels(1), "it was promised an hour"
    repository.at("09:36:00")
    repository.sweep()
    assert "late" in repository.labels(2), "it was promised five minutes"
