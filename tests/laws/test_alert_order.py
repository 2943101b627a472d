"""Law 9: what an incident's alerts come to follows from their own times, never from the order of delivery."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondby.alerts.episodes import episodes, incidents
from respondby.alerts.model import Alert

STEPS = ("fire", "repeat", "resolve", "re-fire")
MINUTE = 60
START = 1_793_610_000

#: Every sequence of the four, of one to five steps.
SEQUENCES = [steps for length in range(1, 6) for steps in product(STEPS, repeat=length)]


def told(steps: tuple[str, ...]) -> list[Alert]:
    """What a monitoring system says as these steps happen, one a minute. A repeat tells the same start again."""
    alerts: list[Alert] = []
    last_start: int | None = None
    for place, step in enumerate(steps):
        at = START + place * MINUTE
        if step == "resolve":
            alerts.append(alert("resolved", at))
        elif step == "repeat" and last_start is not None:
            alerts.append(alert("firing", last_start))
        else:
            alerts.append(alert("firing", at))
            last_start = at
    return alerts


def alert(state, at, id_="id", key="key"):
    return Alert("test", key, id_, state, at)


def played(steps: tuple[str, ...]) -> list[tuple[int, int | None]]:
    """The same by hand: when it fired, from first to last."""
    spans: list[tuple[int, int | None]] = []
    ever = False
    for place, step in enumerate(steps):
        at = START + place * MINUTE
        firing = bool(spans) and spans[-1][1] is None
        if step == "resolve":
            if firing:
                spans[-1] = (spans[-1][0], at)
        elif not firing and not (step == "repeat" and ever):
            spans.append((at, None))
        if step != "resolve":
            ever = True
    return spans


def orders(alerts: list[Alert]) -> list[list[Alert]]:
    """Six orders of delivery, each with one alert delivered twice."""
    middle = len(alerts) // 2
    shuffled = [
        alerts,
        alerts[::-1],
        alerts[middle:] + alerts[:middle],
        alerts[::2] + alerts[1::2],
        alerts[1::2] + alerts[::2],
        sorted(alerts, key=lambda item: (item.state, -item.at)),
    ]
    return [[*order, order[place % len(order)]] for place, order in enumerate(shuffled)]


def test_there_are_as_many_sequences_as_the_law_speaks_of():
    assert len(SEQUENCES) == 1_364


def test_every_sequence_in_every_order_ends_in_the_state_that_its_own_times_say():
    for steps in SEQUENCES:
        expected = played(steps)
        for order in orders(told(steps)):
            found = [(episode.start, episode.end) for episode in episodes(order)]
            assert found == expected, (steps, order)


ALERTS = st.lists(
    st.builds(
        alert,
        st.sampled_from(("firing", "acknowledged", "resolved")),
        st.integers(0, 8).map(lambda minute: START + minute * MINUTE),
        st.sampled_from("abc"),
        st.sampled_from(("k", "l")),
    ),
    max_size=12,
)


@given(ALERTS, st.randoms(use_true_random=False), st.integers(0, 5 * MINUTE))
def test_neither_order_nor_repetition_of_deliveries_changes_an_incident(alerts, random, reopen_within):
    again = [*alerts, *random.sample(alerts, len(alerts) // 2)]
    random.shuffle(again)

    assert incidents(again, reopen_within) == incidents(sorted(again, key=lambda one: one.at), reopen_within)
    assert set(incidents(again, reopen_within)) == set(incidents(alerts, reopen_within))


@given(ALERTS)
def test_a_key_fires_at_the_end_exactly_when_one_of_its_ids_was_last_said_to_fire(alerts):
    for key in {item.key for item in alerts}:
        mine = [item for item in alerts if item.key == key]
        # No id says two things in one second, so that the last word of each is clear.
        if len({(item.id, item.at) for item in mine}) != len({(item.id, item.at, item.state) for item in mine}):
            continue
        last: dict[str, Alert] = {}
        for item in sorted(mine, key=lambda item: item.at):
            last[item.id] = item
        firing = any(item.state != "resolved" for item in last.values())
        found = episodes(mine)
        assert bool(found and found[-1].firing) == firing


@given(ALERTS, st.integers(0, 5 * MINUTE))
def test_episodes_of_a_key_neither_touch_nor_overlap_and_incidents_lie_further_apart_than_asked(alerts, within):
    for key in {item.key for item in alerts}:
        found = episodes(item for item in alerts if item.key == key)
        assert all(before.end is not None and before.end <= after.start for before, after in pairwise(found))
        mine = [incident for incident in incidents(alerts, within) if incident.key == key]
        assert [episode for incident in mine for episode in incident.episodes] == list(found)
        for before, after in pairwise(mine):
            assert before.end is not None
            assert after.start - before.end > within


@pytest.mark.parametrize(
    "alerts, spans",
    [
        ([("firing", 0), ("resolved", 0)], [(0, 0)]),
        ([("firing", 0), ("resolved", 5), ("firing", 5)], [(0, 5), (5, None)]),
        ([("resolved", 3)], []),
        ([("resolved", 3), ("firing", 1)], [(1, 3)]),
        ([("acknowledged", 4), ("resolved", 9)], [(4, 9)]),
    ],
)
def test_what_happens_in_one_second_has_an_order(alerts, spans):
    found = episodes(alert(state, START + at) for state, at in alerts)

    assert [(e.start - START, None if e.end is None else e.end - START) for e in found] == spans
