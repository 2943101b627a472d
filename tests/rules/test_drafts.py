"""Drafts of duties: which part of the past a review looks back on."""

from __future__ import annotations

import pytest
from tests.rules.test_duties import MONTHLY, READY, SHIFT, WEEKLY, at, local, policy

from respondby.rules.drafts import _period_before

ONCE = WEEKLY.replace("every: 1 week, at: wednesday 10:00", "every: 1 week, at: wednesday 10:00, from: 2026-01-14")


@pytest.mark.parametrize(
    "duty, time, since",
    [
        (WEEKLY, "01-14T10:00", "01-07 10:00"),
        (MONTHLY, "03-01T09:00", "02-01 09:00"),
        (ONCE, "01-14T10:00", "01-07 10:00"),  # before the first one: a week
        (ONCE, "01-21T10:00", "01-14 10:00"),
        # What comes by no cadence looks back on a week.
        (SHIFT, "01-12T10:00", "01-05 10:00"),
        (READY, "01-20T00:00", "01-13 00:00"),
    ],
)
def test_a_review_looks_back_to_the_one_before(duty: str, time: str, since: str) -> None:
    (one,) = policy(duty).duties.values()
    assert local(_period_before(one, at(f"2026-{time}"))) == since
