"""The queue as it stands in an issue: what a run has read and what stands come to what reading everything comes to."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.promises.stories import when
from tests.reports.desk import seen, support

from respondby.reports import queue_standing
from respondby.reports.queue_standing import StandingQueue, StandingRow, standing, standing_row, stood

ROWS = st.builds(
    StandingRow,
    number=st.integers(1, 30),
    title=st.text(max_size=90),
    part=st.sampled_from(["owed", "unpromised", "waiting"]),
    turn=st.sampled_from(["us", "customer", "hold"]),
    opened=st.integers(0, 9),
    owners=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    clock=st.text(max_size=5),
    group=st.text(max_size=5),
    due=st.none() | st.integers(0, 9),
    overdue=st.booleans(),
    paused=st.lists(st.tuples(st.text(max_size=5), st.integers(0, 9)), max_size=2).map(tuple),
    since=st.none() | st.integers(0, 9),
)
CASES = st.dictionaries(st.integers(1, 30), ROWS, max_size=12).map(
    lambda found: {number: row._replace(number=number) for number, row in found.items()}
)


@given(CASES, st.dictionaries(st.integers(1, 30), st.none() | ROWS, max_size=6), st.integers(1, 6))
def test_what_was_read_since_comes_to_what_everything_comes_to_or_says_that_it_does_not_know(
    before: dict[int, StandingRow], changed: dict[int, StandingRow | None], most: int
) -> None:
    now = {**before, **changed}
    open_now = [row._replace(number=number) for number, row in now.items() if row is not None]
    kept, queue_standing.MOST = queue_standing.MOST, most
    try:
        read = [row for row in open_now if row.number in changed]
        gone = changed.keys() - {row.number for row in read}
        after = standing(before.values()).after(read, gone)
        whole = standing(open_now)
    finally:
        queue_standing.MOST = kept
    if after is None:
        assert len(before) > most
        return
    assert after.rows == whole.rows
    assert after.more or not whole.more  # of more than stands nobody counts how many there are still


@given(st.lists(ROWS, max_size=5), st.booleans())
def test_what_stands_is_read_back_as_it_was(rows: list[StandingRow], more: bool) -> None:
    found = StandingQueue(tuple(rows), more)
    assert stood(json.loads(json.dumps(found.to_facts()))) == found


@pytest.mark.parametrize("facts", [{}, {"rows": ""}, {"rows": "!"}, {"rows": "eJw="}, {"rows": "eJyLrgUAARcAsg=="}])
def test_what_cannot_be_read_back_is_nothing_that_stands(facts: dict[str, str]) -> None:
    assert stood(facts) is None


def test_nothing_in_it_changes_by_time_alone() -> None:
    story = '08:00 carla opens "x"\n08:00 bob labels priority/high'
    rows = [standing_row(seen(support(), when(at), story).cases[0]) for at in ("08:10", "08:30", "08:59")]
    assert rows[0] == rows[1] == rows[2]
    late = [standing_row(seen(support(), when(at), story).cases[0]) for at in ("09:00:01", "tue 12:00")]
    assert late[0] == late[1] == rows[0]._replace(overdue=True)


def test_a_long_title_is_cut() -> None:
    case = replace(seen(support(), when("12:00"), '08:00 carla opens "x"').cases[0], title="a " * 200)
    assert len(standing_row(case).title) <= 80
    assert standing_row(case).title.endswith("a…")
