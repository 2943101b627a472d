"""Whole runs: opened, promised, escalated once, answered, closed, reopened."""

from __future__ import annotations

import pytest
from tests.jobs.desk import BODY, POLICY, Repository

from respondby.sandbox.server import Sandbox


def test_a_request_is_labelled_and_gets_one_card(repository: Repository) -> None:
    repository.opens()
    report = repository.triage()
    assert report.failed == []
    assert repository.labels() == ["priority/normal", "type/question"]
    assert [author for author, _ in repository.comments()] == ["github-actions[bot]"]
    assert "10:00" in repository.comments()[0][1]


def test_a_second_run_changes_nothing(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    before = repository.comments()
    assert repository.triage().performed == 0
    assert repository.sweep().performed == 0
    assert repository.comments() == before


def test_an_unanswered_request_is_escalated_once_however_often_the_desk_looks(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    for time in ("09:59:00", "10:00:00", "10:05:00", "11:00:00"):
        repository.at(time)
        repository.sweep()
    assert [body for _, body in repository.comments() if "@ann" in body] != []
    assert len([body for _, body in repository.comments() if "@ann" in body]) == 1
    assert "late" in repository.labels()


def test_an_answer_stops_the_clock(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    repository.at("09:30:00")
    repository.says("bob", "You can reset it here.")
    repository.triage()
    repository.at("12:00:00")
    assert repository.sweep().performed == 0
    assert "late" not in repository.labels()


def test_a_comment_of_a_stranger_is_no_answer(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    repository.says("mallory", "I have the same problem.")
    repository.at("10:01:00")
    repository.sweep()
    assert "late" in repository.labels()


def test_the_lost_event_of_a_closing_is_made_good_by_the_next_sweep(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    repository.act("carla", "PATCH", "/issues/1", {"state": "closed"})
    open_card = repository.comments()[0][1]
    assert repository.sweep().performed == 1
    assert repository.comments()[0][1] != open_card


def test_a_closed_request_is_escalated_no_more_and_a_reopened_one_keeps_its_record(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    repository.act("carla", "PATCH", "/issues/1", {"state": "closed"})
    repository.at("11:00:00")
    repository.sweep()
    assert "late" not in repository.labels()
    repository.act("carla", "PATCH", "/issues/1", {"state": "open"})
    repository.triage()
    repository.sweep()
    assert len(repository.comments()) == 1


def test_the_command_close_closes_the_issue_even_when_its_event_was_lost(repository: Repository) -> None:
    repository.opens()
    repository.says("carla", "/close")
    repository.sweep()
    assert repository.act("ann", "GET", "/issues/1")["state"] == "closed"
    assert repository.triage().performed == 0


def test_a_dry_run_tells_the_plan_and_writes_nothing(repository: Repository) -> None:
    repository.opens()
    writes = [entry for entry in repository.sandbox.requests() if entry["method"] != "GET"][-1]["id"]
    report = repository.sweep(dry=True)
    assert report.to_json()["cases"][0]["planned"] != []
    after = [entry for entry in repository.sandbox.requests(writes) if entry["path"] != "/graphql"]
    assert after == []


@pytest.mark.parametrize(
    "mode, expected",
    [("live", 1), ("shadow", 0), ("off", 0)],
    ids=["live writes", "shadow does not", "off neither"],
)
def test_only_a_live_desk_writes(sandbox: Sandbox, mode: str, expected: int) -> None:
    repository = Repository.make(sandbox, POLICY.replace("version: 1", f"version: 1\nmode: {mode}"))
    repository.opens()
    report = repository.triage()
    assert len(repository.comments()) == expected
    assert bool(report.cases[0].planned) is (mode != "off")


def test_requests_from_before_the_desk_began_are_left_alone(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox, POLICY.replace("version: 1", "version: 1\nsince: 2026-01-06"))
    repository.opens()
    repository.at("2026-01-07T09:00:00Z")
    repository.sweep()
    assert repository.comments() == []
    repository.opens(title="Another")
    repository.sweep()
    assert len(repository.comments(2)) == 1


def test_an_idle_sweep_of_many_cases_costs_a_request_a_page(repository: Repository) -> None:
    for number in range(3):
        repository.opens(title=f"Question {number}")
    repository.sweep()
    assert repository.sweep().requests <= 2


def test_a_request_may_say_help_in_its_first_words(repository: Repository) -> None:
    repository.opens(body=BODY + "\n@help please\n")
    repository.triage()
    assert "priority/high" in repository.labels()
