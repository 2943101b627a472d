"""An incident's alerts as its ledger keeps them: when it fired, and when again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from respondby.alerts.episodes import Episode
from respondby.alerts.model import Alert
from respondby.desk.alerts import firing, keep_alert, kept_alert, refires
from respondby.desk.records import Kept


def kept_of(told: str) -> list[Kept]:
    """Alerts as they are kept: `firing 0, resolved 10, firing 20 b` are of two ids; each key is its place."""
    alerts = []
    for place, one in enumerate(told.split(", ") if told else ()):
        state, at, *id = one.split()
        alerts.append(keep_alert(str(place), Alert("", "", id[0] if id else "a", state, int(at)), 0))  # type: ignore[arg-type]
    return alerts


@pytest.mark.parametrize(
    "told, episodes, again",
    [
        ("", [], []),
        ("firing 5", [(5, None)], []),
        ("firing 5, resolved 10", [(5, 10)], []),
        ("firing 5, resolved 10, firing 20", [(5, 10), (20, None)], [2]),
        ("firing 20, firing 5, resolved 10", [(5, 10), (20, None)], [0]),
        ("firing 5, resolved 10, acknowledged 20", [(5, 10), (20, None)], [2]),
        ("firing 5, resolved 10, firing 20, firing 25", [(5, 10), (20, None)], [2]),
        ("firing 5, resolved 10, firing 20, resolved 30, firing 40", [(5, 10), (20, 30), (40, None)], [2, 4]),
        # Resolved and firing in one second: it is resolved first.
        ("firing 5, resolved 10, firing 10", [(5, 10), (10, None)], [2]),
        # While another of its alerts fires it is not over.
        ("firing 5, firing 8 b, resolved 10, firing 20", [(5, None)], []),
    ],
)
def test_when_it_fired_and_which_alerts_set_it_off_again(
    told: str, episodes: list[tuple[int, int | None]], again: list[int]
) -> None:
    kept = kept_of(told)
    assert [(one.start, one.end) for one in firing(kept)] == episodes
    assert refires(kept) == {kept[place].key for place in again}


def test_other_facts_are_no_alerts() -> None:
    kept = kept_of("firing 5, resolved 10, firing 20")
    other = replace(kept[2], kind="standing")
    assert firing([*kept[:2], other]) == (Episode(5, 10),)
    assert refires([*kept[:2], other, other]) == frozenset()


@pytest.mark.parametrize(
    "value", ["", "7", "{}", "[1, 2]", '["a"]', '["a", "b"]', '["a", 1, 2]', '["a", null]', "[", json.dumps(["a", 1.5])]
)
def test_what_is_no_alert_of_ours_is_none(value: str) -> None:
    (kept,) = kept_of("firing 5")
    assert kept_alert(kept) == Alert("", "", "a", "firing", 5)
    assert kept_alert(replace(kept, value=value)) is None
    assert kept_alert(replace(kept, name="elsewhere")) is None


@pytest.mark.parametrize("at, comes", [(5, 7), (7, 7), (9, 9)])
def test_as_a_fact_of_the_case_it_comes_no_sooner_than_the_case(at: int, comes: int) -> None:
    kept = keep_alert("dispatch-1", Alert("s", "k", "a", "firing", at), 7)
    assert kept == Kept("alert/dispatch-1 alert firing", comes, "", "", "alert", "firing", f'["a",{at}]')
    assert kept_alert(kept) == Alert("", "", "a", "firing", at)
