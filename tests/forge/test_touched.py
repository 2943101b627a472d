"""What an incremental sweep reads: what was touched, what it names, and what has come due."""

from __future__ import annotations

import pytest
from tests.forge.desks import POLICY, Desk

from respondby.forge import paging, touched
from respondby.forge.errors import RepositoryMissing
from respondby.forge.touched import gather_touched

NINE = 1767603600


def opened(desk: Desk, count: int) -> list[int]:
    """So many issues, a minute apart from nine o'clock on; it is ten then."""
    numbers = []
    for minute in range(count):
        desk.sandbox.clock(f"2026-01-05T09:{minute:02}:00Z")
        numbers.append(desk.opens())
    desk.sandbox.clock("2026-01-05T10:00:00Z")
    return numbers


@pytest.mark.parametrize(
    "since, named, due, found, requests",
    [
        (0, (), (), [1, 2, 3, 4, 5], 1),
        (180, (), (), [4, 5], 1),
        (181, (), (), [5], 1),
        (241, (), (), [], 1),
        (241, (1, 3), (), [1, 3], 1),
        (240, (5, 1), (), [1, 5], 1),
        (241, (), (2,), [2], 2),
        (241, (2,), (2,), [2], 1),
        (241, (2,), (2, 4), [2, 4], 2),
        (241, (1, 4711), (4712,), [1], 2),
    ],
)
def test_what_was_touched_is_named_or_is_due_comes_once(
    desk: Desk, since: int, named: tuple[int, ...], due: tuple[int, ...], found: list[int], requests: int
) -> None:
    opened(desk, 5)
    asked = []

    def coming(now: int) -> tuple[int, ...]:
        asked.append(now)
        return due

    gathered = gather_touched(desk.client, NINE + since, named, due=coming)
    assert [case.number for case in gathered.cases] == found
    assert (gathered.requests, gathered.now, asked) == (requests, NINE + 3600, [NINE + 3600])
    assert (gathered.policy.text, gathered.repository, gathered.failed) == (POLICY, desk.repository, ())


def test_a_closed_case_that_was_touched_comes_too(desk: Desk) -> None:
    first, _ = opened(desk, 2)
    desk.does("ann", "PATCH", f"/issues/{first}", {"state": "closed"})
    (case,) = gather_touched(desk.client, NINE + 3600, ()).cases
    assert (case.number, case.open) == (first, False)


def test_many_come_page_by_page_and_name_by_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_ISSUES", 2)
    monkeypatch.setattr(touched, "NAMED", 2)
    numbers = opened(desk, 9)
    found = gather_touched(desk.client, NINE + 4 * 60, (1, 2, 3), due=lambda _: (3, 4))
    assert [case.number for case in found.cases] == numbers
    assert found.requests == 3  # two named and two touched, two and two, one touched
    found = gather_touched(desk.client, NINE + 3600, (1, 2, 3, 4, 5))
    assert ([case.number for case in found.cases], found.requests) == ([1, 2, 3, 4, 5], 3)


def test_a_page_that_github_gives_up_on_is_halved(desk: Desk) -> None:
    numbers = opened(desk, 3)
    desk.sandbox.faults([{"match": {"path": "/graphql", "times": 2}, "do": {"status": 502}}])
    found = gather_touched(desk.client, NINE, ())
    assert ([case.number for case in found.cases], found.requests) == (numbers, 3)


def test_a_repository_that_is_gone_says_so(desk: Desk) -> None:
    desk.client.repository = "acme/nowhere"
    with pytest.raises(RepositoryMissing):
        gather_touched(desk.client, NINE, (1,))
