"""Law 7: what fails is named and tried again, and stops nothing else; what a person did meanwhile is no failure."""

from __future__ import annotations

from typing import Any

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.forge.errors import BadToken, TooHeavy
from respondby.jobs import runs
from respondby.jobs.loop import deciding
from respondby.sandbox.server import Sandbox


def break_case(monkeypatch: pytest.MonkeyPatch, number: int, error: Exception) -> None:
    """Deciding about that case raises."""
    real = deciding.decide

    def decide(policy: Any, history: Any, assessment: Any, others: Any) -> Any:
        if history.case.number == number:
            raise error
        return real(policy, history, assessment, others)

    monkeypatch.setattr(deciding, "decide", decide)


def test_a_mistake_of_ours_in_one_case_stops_no_other_and_is_named(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        repository.opens()
    break_case(monkeypatch, 2, KeyError("surprise"))
    report = repository.sweep()
    assert [bool(case.done) for case in report.cases] == [True, False, True]
    (failure,) = report.failed
    assert failure.startswith(f"{repository.name}#2: ")
    assert "KeyError: 'surprise'" in failure
    assert "test_failures.py" in failure
    monkeypatch.undo()
    assert repository.sweep().failed == []
    assert len(repository.comments(2)) == 1


@pytest.mark.parametrize("error", [TooHeavy("reading #2", "502")], ids=["too heavy for GitHub"])
def test_a_case_that_github_cannot_serve_stops_no_other(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    for _ in range(3):
        repository.opens()
    break_case(monkeypatch, 2, error)
    report = repository.sweep()
    assert [bool(case.done) for case in report.cases] == [True, False, True]
    assert report.failed == [f"{repository.name}#2: {error}"]


def test_what_stops_the_whole_sweep_still_tells_what_was_done_and_what_was_not(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        repository.opens()
    break_case(monkeypatch, 2, BadToken())
    report = repository.sweep()
    assert [case.number for case in report.cases if case.done] == [1]
    assert report.failed == [f"{repository.name}#2: {BadToken()}", "the sweep ended there; 1 case was not looked at"]


def test_an_assignment_that_cannot_work_is_refused_and_told_and_the_clock_runs_on(sandbox: Sandbox) -> None:
    command = "commands:\n  /assign: { by: staff, takes: { who: optional login } }"
    stops = POLICY.replace("commands:", command).replace("stop: comment by staff", "stop: assigned")
    repository = Repository.make(sandbox, stops)
    repository.opens()
    repository.triage()
    comment = repository.says("ann", "/assign nosuchuser")
    report = repository.triage()
    assert report.failed == []
    reactions = repository.act("ann", "GET", f"/issues/comments/{comment}/reactions")
    assert [reaction["content"] for reaction in reactions] == ["confused"]
    assert "nosuchuser cannot be assigned here" in repository.comments()[-1][1]
    again = repository.sweep()
    assert (again.performed, again.failed, again.cases[0].remarks) == (0, [], [])
    repository.at("10:01:00")
    repository.sweep()
    assert "late" in repository.labels(), "nobody was assigned, so the promise was not kept"
    repository.says("ann", "/assign bob")
    repository.triage()
    assert [person["login"] for person in repository.act("ann", "GET", "/issues/1")["assignees"]] == ["bob"]


def test_a_comment_deleted_before_its_reaction_is_no_end_of_the_case(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    comment = repository.says("carla", "@help it burns")
    desk = repository.desk()
    real = desk.client.rest

    def rest(method: str, path: str, *args: Any, **kwargs: Any) -> Any:
        if path.endswith("/reactions"):
            repository.act("carla", "DELETE", f"/issues/comments/{comment}")
        return real(method, path, *args, **kwargs)

    desk.client.rest = rest  # type: ignore[method-assign]
    report = runs.run_event(desk, "comment", 1)
    assert (report.failed, [case.gone for case in report.cases]) == ([], [False])
    assert any(key.startswith("command/@help") for key in repository.case().ledger.records)


def test_a_card_deleted_before_it_is_written_is_written_anew_in_the_same_run(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    (card,) = [comment.id for comment in repository.case().own]
    repository.at("10:01:00")
    desk = repository.desk()
    real = desk.client.mutate

    def mutate(*args: Any, **kwargs: Any) -> Any:
        repository.act("ann", "DELETE", f"/issues/comments/{card}")
        desk.client.mutate = real  # type: ignore[method-assign]
        return real(*args, **kwargs)

    desk.client.mutate = mutate  # type: ignore[method-assign]
    report = runs.run_event(desk, "enforce", 1)
    assert (report.failed, [case.gone for case in report.cases]) == ([], [False])
    assert len(repository.case().cards) == 1
    assert repository.sweep().performed == 0
    assert len([body for _, body in repository.comments() if "@ann" in body]) == 1


def test_a_long_sweep_looks_again_before_it_calls_anybody(repository: Repository) -> None:
    """The page of cases is minutes old when its last case is dealt with; meanwhile somebody may have answered."""
    for _ in range(2):
        repository.opens()
    repository.sweep()
    repository.at("10:01:00")
    desk = repository.desk()
    real: Any = desk.client.rest
    told: list[str] = []

    def rest(method: str, path: str, *args: Any, **kwargs: Any) -> Any:
        if not told:
            repository.says("bob", "We are on it.", 2)
            repository.at("10:01:11")  # writes are paced: the second case's turn comes later
        told.append(path)
        return real(method, path, *args, **kwargs)

    desk.client.rest = rest  # type: ignore[method-assign]
    runs.sweep(desk)
    assert [len([b for _, b in repository.comments(number) if "@ann" in b]) for number in (1, 2)] == [1, 0]


def test_escalated_cases_cost_a_request_an_effect_and_are_read_again_together(repository: Repository) -> None:
    for _ in range(3):
        repository.opens()
    repository.sweep()
    repository.at("10:01:00")
    report = repository.sweep()
    effects = 1 + 3 * len(["comment", "label and card"])  # the label itself is made once
    reads = 1 + 1  # the page; all of them after their cards
    assert report.requests == effects + reads


def test_a_clock_of_the_forge_that_is_behind_what_happened_there_is_said_and_the_run_goes_on(
    repository: Repository,
) -> None:
    repository.opens()
    repository.at("08:00:00")
    report = repository.sweep()
    (failure,) = report.failed
    assert failure.startswith(
        f"the forge's clock says Mon 5 Jan 2026, 08:00 (UTC), and {repository.name}#1 was touched at"
        " Mon 5 Jan 2026, 09:00 (UTC)"
    )
    assert [case.done for case in report.cases] != []
