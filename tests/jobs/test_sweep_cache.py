"""A sweep with its cache reads only what can have changed, and does what it would have done without."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.calendars.instants import iso
from respondby.jobs.inputs import sweep_cache
from respondby.jobs.inputs.sweep_cache import Rest, SweepCache
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep


@pytest.fixture
def cache(tmp_path: Path) -> SweepCache:
    return SweepCache(tmp_path / "kept" / sweep_cache.NAME, "the desk", b"key")


def swept(repository: Repository, cache: SweepCache | None) -> Report:
    return sweep(repository.desk(), cache=cache)


def looked_at(report: Report) -> list[int]:
    return [case.number for case in report.cases]


def three_cases(repository: Repository, cache: SweepCache) -> None:
    for _ in range(3):
        repository.triage(repository.opens())
    repository.at("09:20")
    swept(repository, cache)
    repository.at("09:25")


def test_what_nobody_has_touched_is_not_read_again(repository: Repository, cache: SweepCache) -> None:
    three_cases(repository, cache)
    report = swept(repository, cache)
    assert (looked_at(report), report.resting, report.requests, report.failed) == ([], 3, 1, [])


def test_a_case_that_was_touched_is_read(repository: Repository, cache: SweepCache) -> None:
    three_cases(repository, cache)
    repository.says("ann", "On it.", 2)
    repository.at("09:26")
    assert looked_at(swept(repository, cache)) == [2]


def test_a_case_is_read_and_acted_on_when_its_time_comes(
    repository: Repository, cache: SweepCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_cache, "STALE", 0)
    three_cases(repository, cache)
    repository.says("ann", "On it.", 2)
    repository.at("09:50")
    swept(repository, cache)
    repository.at("09:55")  # what the sweep itself has written is looked at once more
    swept(repository, cache)
    repository.at("10:01")
    assert looked_at(swept(repository, cache)) == [1, 3]
    assert ["late" in repository.labels(number) for number in (1, 2, 3)] == [True, False, True]


def test_the_report_tells_when_the_first_case_at_rest_comes_due(repository: Repository, cache: SweepCache) -> None:
    three_cases(repository, cache)
    repository.says("ann", "On it.", 1)
    report = swept(repository, cache)
    assert (looked_at(report), iso(report.next or 0)) == ([1], "2026-01-05T10:00:00Z")


def test_a_case_that_is_gone_is_forgotten(repository: Repository, cache: SweepCache) -> None:
    three_cases(repository, cache)
    query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { clientMutationId } }"
    node = repository.case(2).node_id
    repository.sandbox.member(repository.name, "owner", "OWNER")
    token = repository.sandbox.token("owner")
    status, answer = repository.sandbox.call("POST", "/graphql", token, {"query": query, "variables": {"id": node}})
    assert (status, answer.get("errors")) == (200, None)
    repository.at("10:01")
    assert looked_at(swept(repository, cache)) == [1, 3]
    known = cache.load()
    assert known is not None
    assert 2 not in known.next_looks


def test_a_dry_run_shows_everything_and_leaves_the_cache_alone(repository: Repository, cache: SweepCache) -> None:
    three_cases(repository, cache)
    before = cache.load()
    report = sweep(repository.desk(), dry=True, cache=cache)
    assert (looked_at(report), cache.load()) == ([1, 2, 3], before)


def change_the_policy(repository: Repository) -> None:
    repository.sandbox.files(repository.name, {".github/support.yml": POLICY.replace("target: 1h", "target: 2h")})


def rename_a_label(repository: Repository) -> None:
    repository.act("ann", "PATCH", "/labels/priority%2Fnormal", {"new_name": "usual"})


@pytest.mark.parametrize("change", [change_the_policy, rename_a_label])
def test_what_touches_no_issue_and_may_concern_all_is_answered_by_a_full_read(
    repository: Repository, cache: SweepCache, change: Callable[[Repository], None]
) -> None:
    three_cases(repository, cache)
    change(repository)
    assert looked_at(swept(repository, cache)) == [1, 2, 3]


def test_a_locked_issue_is_read_each_time(repository: Repository, cache: SweepCache) -> None:
    three_cases(repository, cache)
    repository.act("ann", "PUT", "/issues/3/lock", {})
    repository.at("09:35")
    swept(repository, cache)
    repository.at("09:45")
    assert looked_at(swept(repository, cache)) == [3]


def test_everything_is_read_once_a_day(repository: Repository, cache: SweepCache) -> None:
    three_cases(repository, cache)
    for number in (1, 2, 3):
        repository.says("ann", "On it.", number)
    swept(repository, cache)
    repository.at("2026-01-06T09:25:00Z")
    report = swept(repository, cache)
    assert (looked_at(report), report.remarks) == ([1, 2, 3], [])


def test_a_sweep_that_ends_early_leaves_the_cache_as_it_was(repository: Repository, cache: SweepCache) -> None:
    three_cases(repository, cache)
    before = cache.load()
    repository.says("ann", "/resolved", 2)
    repository.sandbox.faults([{"match": {"method": "POST", "path": ".*/reactions"}, "do": {"status": 401}}])
    repository.at("09:40")
    report = swept(repository, cache)
    repository.sandbox.clear_faults()
    assert (report.complete, cache.load()) == (False, before)
    assert swept(repository, cache).failed == []
    assert "state/resolved" in repository.labels(2)


def lost(place: Path) -> None:
    place.unlink()


def truncated(place: Path) -> None:
    place.write_bytes(place.read_bytes()[:1000])


def zeros(place: Path) -> None:
    place.write_bytes(bytes(place.stat().st_size))


def not_a_database(place: Path) -> None:
    place.write_text("not a database", encoding="utf-8")


def of_two_gigabytes(place: Path) -> None:
    os.truncate(place, 2 << 30)  # without blocks: it takes no room


def a_folder(place: Path) -> None:
    place.unlink()
    place.mkdir()


def _changed(place: Path, statement: str, *values: Any) -> None:
    connection = sqlite3.connect(place)
    with connection:
        connection.execute(statement, values)
    connection.close()


def of_another_desk(place: Path) -> None:
    _changed(place, "UPDATE head SET value = 'another' WHERE name = 'owner'")


def of_a_newer_version(place: Path) -> None:
    _changed(place, "UPDATE head SET value = '99' WHERE name = 'format'")


def without_a_table(place: Path) -> None:
    _changed(place, "DROP TABLE rest")


def changed_by_hand(place: Path) -> None:
    _changed(place, "UPDATE rest SET next = NULL")


def text_for_numbers(place: Path) -> None:
    _changed(place, "UPDATE rest SET next = 'soon'")


@pytest.mark.parametrize(
    "damage",
    [
        lost, truncated, zeros, of_two_gigabytes, not_a_database, a_folder, of_another_desk, of_a_newer_version,
        without_a_table, changed_by_hand, text_for_numbers,
    ],
)  # fmt: skip
def test_a_damaged_cache_costs_a_full_read_and_no_action(
    repository: Repository, cache: SweepCache, damage: Callable[[Path], None]
) -> None:
    three_cases(repository, cache)
    assert cache.place is not None
    damage(cache.place)
    repository.at("10:01")
    report = swept(repository, cache)
    assert ["late" in repository.labels(number) for number in (1, 2, 3)] == [True, True, True]
    assert report.failed == []
    assert (damage is lost) != any("cache" in remark for remark in report.remarks)


def test_a_cache_of_a_time_that_has_not_come_is_not_believed(repository: Repository, cache: SweepCache) -> None:
    three_cases(repository, cache)
    repository.at("09:10")
    report = swept(repository, cache)
    assert looked_at(report) == [1, 2, 3]
    assert any("has not come" in remark for remark in report.remarks)


def test_a_cache_larger_than_any_of_ours_is_not_opened(
    repository: Repository, cache: SweepCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_cases(repository, cache)
    monkeypatch.setattr(sweep_cache, "MOST_BYTES", 1000)
    report = swept(repository, cache)
    assert looked_at(report) == [1, 2, 3]
    assert any("larger" in remark for remark in report.remarks)


@contextmanager
def on_a_full_disk() -> Iterator[None]:
    """No file may grow beyond a page: what the system then refuses is told like a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of whoever runs the tests, should that be root."""
    ours = os.geteuid()
    if ours == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(ours)


REST = Rest(1_000, 1_000, "basis", {number: 2_000 + number for number in range(900)})


def test_on_a_full_disk_the_old_cache_stays_whole_and_that_is_said(tmp_path: Path) -> None:
    cache = SweepCache(tmp_path / sweep_cache.NAME, "the desk", b"key")
    cache.save(REST)
    assert cache.remark == ""
    with on_a_full_disk():
        cache.save(replace(REST, basis="another"))
    assert "could not be written" in cache.remark
    assert cache.load() == REST
    assert [path.name for path in tmp_path.iterdir()] == [sweep_cache.NAME]


def test_a_cache_that_may_only_be_read_is_read_and_the_rest_is_said() -> None:
    folder = Path(tempfile.mkdtemp())  # below no folder that is its owner's alone
    try:
        cache = SweepCache(folder / sweep_cache.NAME, "the desk", b"key")
        cache.save(REST)
        (folder / sweep_cache.NAME).chmod(0o444)
        folder.chmod(0o555)
        with as_nobody():
            assert cache.load() == REST
            cache.save(replace(REST, basis="another"))
        assert "could not be written" in cache.remark
        assert cache.load() == REST
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_cache_that_cannot_be_written_is_said(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = SweepCache(tmp_path / "file" / sweep_cache.NAME, "the desk")
    repository.triage(repository.opens())
    report = swept(repository, cache)
    assert report.failed == []
    assert any("could not be written" in remark for remark in report.remarks)
