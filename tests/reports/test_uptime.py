"""Uptime of a product: every second in one of four states, rounded down, from the incidents' own milestones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.promises.stories import when
from tests.reports.desk import PRODUCTS, seen, support

from respondby.calendars.instants import parse_time, zone
from respondby.reports import uptime as rules
from respondby.reports.figures import Share
from respondby.reports.periods import month
from respondby.reports.uptime import UptimeFigure, uptime

WHERE = zone("Europe/Brussels")
MARCH = month("2026-03", "Europe/Brussels")
APRIL = parse_time("2026-04-02T09:00", WHERE)
DOWN = '10:00 carla opens "Down"\n10:00 bob labels product/shop\n10:00 bob labels priority/high\n'
HOUR = 3_600


def march(*stories: str, of: str = PRODUCTS, product: str = "shop") -> UptimeFigure:
    return uptime(seen(support(of), APRIL, '00:00 carla opens "First"', *stories), product, MARCH)


WORKS = """00:00 ann opens "### Product

Web shop

### Starts

2026-03-04T{0}

### Ends

2026-03-04T{1}

### Emergency?

{2}
"
00:00 ann labels type/works
"""


def works(begin: str, end: str, emergency: str = "No") -> str:
    return WORKS.format(begin, end, emergency).replace("\n\n", "\\n\\n").replace('\n"', '"', 1)


@pytest.mark.parametrize(
    "stories, down",
    [
        ([], 0),
        ([DOWN + '10:30 bob says "/mitigated"'], 30 * 60),
        ([DOWN + '10:30 bob says "/resolved"'], 30 * 60),
        ([DOWN + '10:30 bob says "/mitigated"\n11:00 bob says "/resolved"\n12:00 bob closes'], 30 * 60),
        ([DOWN + "11:00 bob closes"], HOUR),
        ([DOWN + '10:30 bob says "/started 09:00"\n11:00 bob says "/mitigated 10:50"'], 110 * 60),
        ([DOWN + "11:00 bob closes\n13:00 bob reopens\n13:30 bob closes"], 90 * 60),
        ([DOWN + "11:00 bob closes", DOWN + "11:00 bob closes"], HOUR),
        ([DOWN + "12:00 bob closes", DOWN.replace("10:00", "11:00") + "13:00 bob closes"], 3 * HOUR),
        ([DOWN + "12:00 bob closes", DOWN.replace("10:00", "10:30") + "11:00 bob closes"], 2 * HOUR),
        ([DOWN + '10:30 bob says "/close false-alarm: the probe was wrong"'], 0),
        ([DOWN + "10:20 bob labels priority/low\n11:00 bob closes"], 20 * 60),
        ([DOWN.replace("priority/high", "priority/low") + "10:20 bob labels priority/high\n11:00 bob closes"], 40 * 60),
        ([DOWN.replace("10:00 bob labels priority/high", "10:20 bob labels priority/high") + "11:00 bob closes"], HOUR),
        ([DOWN.replace("product/shop", "product/lab") + "11:00 bob closes"], 0),
        ([DOWN.replace("10:00", "sun+3 01:30") + "sun+3 03:30 bob closes"], HOUR),
    ],
    ids=[
        "nothing happened", "mitigated", "resolved", "mitigated before it was resolved", "only closed",
        "corrected times",
        "opened again: what lies between was up", "two that are the same", "two that overlap", "one within another",
        "a false alarm", "lowered: from then on it weighs nothing", "raised: from then on it weighs",
        "its first severity counts from the start", "another product's", "in the night in which two o'clock is three",
    ],
)  # fmt: skip
def test_downtime_follows_from_milestones_and_fields(stories: list[str], down: int) -> None:
    found = march(*stories)
    assert (found.down, found.lost) == (down, down * 100)
    assert found.up + found.down + found.maintenance + found.unknown == found.life


def test_the_month_is_as_long_as_it_was_and_its_seconds_are_all_accounted_for() -> None:
    found = march()
    assert MARCH.seconds == 743 * HOUR
    assert found.life == MARCH.seconds
    assert found.unknown == 24 * HOUR  # the desk's first issue came on 2 March
    assert found.share == Share(100 * 719 * HOUR, 100 * 719 * HOUR)
    assert found.allowed == 719 * HOUR // 10


@pytest.mark.parametrize("product, seconds", [("lab", 10 * 24 * HOUR), ("old", 0)])
def test_who_is_born_or_retired_in_the_month_is_measured_for_the_rest_of_it(product: str, seconds: int) -> None:
    found = march(product=product)
    assert found.life == seconds
    assert found.reason == ("" if seconds else rules.NOT_COUNTED)


@pytest.mark.parametrize(
    "lost, shown",
    [(0, "100.00"), (1, "99.99"), (133, "99.99"), (267, "99.99"), (268, "99.98")],
)
def test_a_hundred_per_cent_is_said_only_where_not_one_second_was_down(lost: int, shown: str) -> None:
    seconds = 744 * HOUR
    assert Share(100 * (seconds - lost), 100 * seconds).floor(2) == shown


@pytest.mark.parametrize(
    "begin, end, emergency, down, quiet",
    [
        ("09:00", "12:00", "No", 0, 3 * HOUR),
        ("09:00", "10:20", "No", 40 * 60, 80 * 60),
        ("10:30", "12:00", "No", 30 * 60, 90 * 60),
        ("09:00", "12:00", "Yes", HOUR, 3 * HOUR),
    ],
    ids=["announced", "it overruns", "it began too soon", "an emergency that came with enough notice"],
)
def test_announced_maintenance_is_left_out_as_it_was_announced(
    begin: str, end: str, emergency: str, down: int, quiet: int
) -> None:
    outage = DOWN.replace("10:00", "wed 10:00") + "wed 11:00 bob closes"
    found = march(works(begin, end, emergency), outage)
    assert (found.down, found.maintenance) == (down if emergency == "No" else 0, quiet)


def test_partial_impact_counts_by_the_weights_of_the_policy() -> None:
    of = PRODUCTS.replace("  by: product\n", "  by: product\n  weights: { state: { hold: 30%, resolved: 0% } }\n")
    found = march(DOWN + "10:00 bob labels state/hold\n11:00 bob closes", of=of)
    assert (found.down, found.lost) == (HOUR, HOUR * 30)
    assert march(DOWN + "11:00 bob closes", of=of).lost == 0  # what the policy weighs not at all


def test_times_that_end_before_they_begin_are_unknown_and_no_figure() -> None:
    found = march(DOWN + '10:30 bob says "/mitigated 09:00"\n11:00 bob closes')
    assert (found.down, found.unknown) == (0, 25 * HOUR)


@pytest.mark.parametrize(
    "name, now, reason",
    [("2026-04", "2026-03-20T00:00", rules.NOT_BEGUN), ("2026-02", "2026-03-20T00:00", rules.NO_DATA)],
)
def test_where_there_is_no_figure_there_is_a_reason(name: str, now: str, reason: str) -> None:
    facts = seen(support(), parse_time(now, WHERE), '00:00 carla opens "First"')
    found = uptime(facts, "shop", month(name, "Europe/Brussels"))
    assert found.reason == reason
    assert found.share.floor(2) is None
    assert found.kept is None


def test_of_a_month_that_is_not_over_only_what_has_been_counts() -> None:
    facts = seen(support(), when("12:00"), DOWN, '00:00 carla opens "First"')
    found = uptime(facts, "shop", MARCH)
    assert not found.period.over
    assert (found.down, found.life - found.unknown) == (2 * HOUR, 12 * HOUR)


MINUTES = st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1439), st.sampled_from([0, 30, 100])), max_size=6)


@settings(max_examples=25)
@given(MINUTES)
def test_each_second_counts_once_with_its_heaviest_weight(spans: list[tuple[int, int, int]]) -> None:
    of = support(
        PRODUCTS.replace(
            "  by: product\n", "  by: product\n  weights: { state: { hold: 30% }, priority: { high: 0% } }\n"
        )
    )
    whole = support(PRODUCTS)
    stories, heaviest = [], [0] * 1440
    for first, second, weight in spans:
        begin, end = sorted((first, second))
        story = [
            f'{clock(begin)} carla opens "x"',
            f"{clock(begin)} bob labels product/shop",
            f"{clock(begin)} bob labels priority/high",
        ]
        if weight:
            story.append(f"{clock(begin)} bob labels state/hold")
        stories.append("\n".join([*story, f"{clock(end)} bob closes"]))
        for minute in range(begin, end):
            heaviest[minute] = max(heaviest[minute], 30 if weight else 0)
    found = uptime(seen(of, APRIL, '00:00 carla opens "First"', *stories), "shop", MARCH)
    assert found.lost == 60 * sum(heaviest)
    known = uptime(seen(whole, APRIL, '00:00 carla opens "First"', *stories), "shop", MARCH)
    covered = {minute for first, second, _ in spans for minute in range(*sorted((first, second)))}
    assert known.down == 60 * len(covered)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
