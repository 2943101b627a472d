"""Which clocks are short: those that a sweep each hour would come late for."""

from __future__ import annotations

import pytest
from tests.setup.test_sweep_hours import CLOCK, HEAD, STARTED

from respondby.policy.loading.loader import load
from respondby.policy.model.waits import short_clocks

DUE, PAGED = "{ at: due, label: late }", "{ at: start, page: ann }"
SAID = "commands: { /until: { by: staff, takes: { time: time } } }\n"


@pytest.mark.parametrize(
    "target, ladder, more, short",
    [
        ("30m", DUE, "", {"answer"}),
        ("7h", DUE, "", {"answer"}),
        ("8h", DUE, "", set()),
        ("1 business day", DUE, "", set()),
        ("7 business hours", DUE, "", {"answer"}),
        ("2 days", "{ at: 75%, notify: ann }, { at: due, label: late }", "", set()),
        ("1 day", "{ at: 75%, notify: ann }, { at: due, label: late }", "", {"answer"}),
        ("2 days", "{ at: due, label: late }, { at: due + 15m, notify: ann }", "", {"answer"}),
        ("2 days", "{ at: due, label: late, repeat: { every: 1 business day, times: 5 } }", "", set()),
        ("2 days", "{ at: due, label: late, repeat: { every: 1h, times: 5 } }", "", {"answer"}),
        ("{ by: end of next business day }", DUE, "", set()),
        ("{ by: end of business day }", DUE, "", {"answer"}),
        ("{ by: /until.time }", DUE, SAID, {"answer"}),
        ("1h", PAGED, "", set()),
        ("1h", PAGED, STARTED, {"answer"}),
        ("none", DUE, "", set()),
    ],
)
def test_a_clock_is_short_where_a_sweep_each_hour_adds_more_than_an_eighth_to_a_wait(
    target: str, ladder: str, more: str, short: set[str]
) -> None:
    assert short_clocks(load(HEAD + CLOCK % (target, ladder) + more)) == short
