"""A request that no run had read when the policy was edited is read by the policy of its own time, which git knows."""

from __future__ import annotations

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.calendars.instants import parse_time
from respondby.sandbox.server import Sandbox

TARGET = "target: 1h"
EDITED = POLICY.replace(TARGET, "target: 4h").replace("Priority", "Urgency")
FILE = ".github/support.yml"


def due(repository: Repository, number: int = 1) -> str:
    """The due that the card shows."""
    card = next(body for _, body in repository.comments(number) if "What you can expect" in body)
    return next(part for part in card.split(" | ") if "2026" in part)


def test_it_is_promised_what_was_promised_when_it_was_opened(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox)
    repository.opens()
    repository.at("09:10:00")
    sandbox.files(repository.name, {FILE: EDITED})
    repository.opens(title="After it")
    repository.at("09:20:00")
    sandbox.files(repository.name, {"README.md": "Something else"})
    repository.sweep()
    assert "10:00" in due(repository)
    assert "13:10" in due(repository, 2)
    assert repository.labels() == ["priority/normal", "type/question"], "its form was that of then"
    (pin,) = repository.case().ledger.pins.values()
    assert '"within":"1h"' in pin.target
    repository.at("11:00:00")
    assert not repository.sweep().failed
    assert "late" in repository.labels()
    assert "late" not in repository.labels(2)


def test_git_is_asked_for_it_once_and_for_nothing_else(sandbox: Sandbox) -> None:
    took: list[list[int]] = []
    for edited_first in (True, False):
        repository = Repository.make(sandbox)
        repository.opens()
        repository.sweep()
        if not edited_first:
            repository.opens()
        repository.at("09:10:00")
        sandbox.files(repository.name, {FILE: EDITED})
        if edited_first:
            repository.opens()
        took.append([repository.sweep().requests for _ in range(2)])
    assert took[1] == [took[0][0] + 2, took[0][1]], "its history and a text"


@pytest.mark.parametrize("before", [POLICY.replace("version: 1", "version: 1\nmode: shadow"), "version: [1"])
def test_a_version_that_promised_nobody_anything_does_not_count(sandbox: Sandbox, before: str) -> None:
    repository = Repository.make(sandbox, before)
    repository.opens()
    repository.at("09:10:00")
    sandbox.files(repository.name, {FILE: POLICY.replace(TARGET, "target: 4h")})
    repository.sweep()
    assert "13:00" in due(repository)


def test_what_was_opened_before_there_was_a_policy_is_read_by_todays(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox, POLICY)
    repository.at("2026-01-04T09:00:00Z")
    repository.opens()
    repository.at("09:10:00")
    sandbox.files(repository.name, {FILE: POLICY.replace(TARGET, "target: 30h")})
    repository.sweep()
    assert "Mon 5 Jan 2026, 15:00" in due(repository)
    assert parse_time("2026-01-04T09:00:00Z", None) == repository.case().created
