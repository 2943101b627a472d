"""What was kept of each promise: counted where it was due, over all who were promised it, excuses shown."""

from __future__ import annotations

import pytest
from tests.promises.stories import policy, when
from tests.reports.desk import CLOCKS, DESK, PRODUCTS, seen, support
from tests.reports.test_uptime import APRIL, MARCH

from respondby.reports.attainment import attainment, total
from respondby.reports.desk import Facts, scoped
from respondby.reports.figures import Quantile, Share, Taken, lengths
from respondby.reports.happenings import backlog, first_answers, flow, incidents, lateness, unplaced
from respondby.reports.monthly import monthly
from respondby.reports.periods import month

ASKED = '10:00 carla opens "x"\n10:00 bob labels priority/{}\n'
HOUR = 3_600


def facts(*stories: str) -> Facts:
    return seen(support(), APRIL, *stories)


def counts(found: Facts, clock: str = "answer") -> dict[str, int]:
    rows = [row for row in attainment(found, MARCH) if row.clock == clock]
    return {name: count for row in rows for name, count in row.counts.items() if count}


@pytest.mark.parametrize(
    "story, told",
    [
        (ASKED.format("high") + '10:30 ann says "Hi"', {"met": 1}),
        (ASKED.format("high") + '11:00:00 ann says "Hi"', {"met": 1}),
        (ASKED.format("high") + '11:00:01 ann says "Hi"', {"late": 1}),
        (ASKED.format("high"), {"open": 1}),
        (ASKED.format("high") + "12:00 carla closes", {"given up": 1}),
        (ASKED.format("high") + "10:30 carla closes", {}),
        (ASKED.format("high") + '12:00 tess says "/excuse the line was cut"', {"excused": 1}),
        (ASKED.format("high") + '10:40 tess says "/excuse too soon to know"', {"open": 1}),
        (ASKED.format("high") + '12:00 ann says "/excuse not hers to say"', {"open": 1}),
        (ASKED.format("high") + '12:00 tess says "/excuse fix: another clock"', {"open": 1}),
        (ASKED.format("high") + '12:00 tess says "/excuse answer: the line was cut"', {"excused": 1}),
    ],
    ids=[
        "met", "in the second of the due", "a second later", "open and late", "closed without an answer",
        "closed before it was due", "excused", "excused before it was missed",
        "excused by whom the policy does not let",
        "another clock excused", "this clock excused",
    ],
)  # fmt: skip
def test_each_promise_is_one_of_these(story: str, told: dict[str, int]) -> None:
    assert counts(facts(story)) == told


def test_an_excuse_is_shown_and_the_share_without_it_too() -> None:
    found = facts(
        ASKED.format("high") + '10:30 ann says "Hi"',
        ASKED.format("high"),
        ASKED.format("high") + '12:00 tess says "/excuse the line was cut"',
    )
    (row,) = [row for row in attainment(found, MARCH) if row.clock == "answer"]
    assert (row.share, row.with_excused) == (Share(1, 2), Share(1, 3))
    report = monthly(found, "2026-03")
    assert [(one.run.clock, one.excuse.reason if one.excuse else "") for one in report.excused] == [
        ("answer", "the line was cut")
    ]


def test_who_has_no_answer_yet_counts_at_least_as_long_as_they_have_waited() -> None:
    found = facts(ASKED.format("high") + '10:30 ann says "Hi"', ASKED.format("high"), ASKED.format("high"))
    (row,) = [row for row in attainment(found, MARCH) if row.clock == "answer"]
    waited = MARCH.end - when("10:00")
    assert (row.lengths.n, row.lengths.open) == (3, 2)
    assert row.lengths.median == Quantile(waited, least=True)


@pytest.mark.parametrize(
    "told, median, p90",
    [
        ([], None, None),
        ([5], (5, False), (5, False)),
        ([4, 7], (5, False), (7, False)),
        (list(range(1, 11)), (5, False), (9, False)),
        (list(range(1, 12)), (6, False), (10, False)),
    ],
)
def test_the_median_is_the_mean_of_the_two_in_the_middle_and_none_of_none(
    told: list[int], median: tuple[int, bool] | None, p90: tuple[int, bool] | None
) -> None:
    found = lengths(Taken(seconds, f"acme/support#{seconds}") for seconds in told)
    assert (found.median, found.p90) == (median and Quantile(*median), p90 and Quantile(*p90))


def test_a_promise_counts_in_the_month_of_its_due() -> None:
    found = facts(ASKED.format("high") + '10:30 ann says "Hi"')
    assert not attainment(found, month("2026-02", "Europe/Brussels"))
    assert total(found, MARCH).part == 1


def test_open_at_the_end_of_the_month_is_not_what_is_open_when_somebody_asks() -> None:
    late = APRIL + 40 * 86_400
    found = seen(support(), late, '10:00 carla opens "x"', '10:00 carla opens "z"\nwed 10:00 bob closes')
    assert (flow(found, MARCH).open_after, len(flow(found, MARCH).closed)) == (1, 1)
    assert sum(len(age.cases) for age in backlog(found, MARCH.end - 1)) == 1


def test_nothing_is_no_zero() -> None:
    found = facts()
    assert first_answers(found, MARCH).median is None
    assert lateness(found, MARCH).median is None
    assert total(found, MARCH).floor(1) is None
    assert incidents(found, MARCH) == ()


def test_an_incident_of_a_product_that_the_policy_no_longer_has_is_named_and_in_no_figure() -> None:
    story = ASKED.format("high") + "10:00 bob labels product/shop\n11:00 bob closes"
    renamed = support()
    found = seen(renamed, APRIL, story.replace("product/shop", "product/gone"))
    assert [(case.number, impact.weight) for case, impact in unplaced(found, MARCH)] == [(1, 100)]
    assert [one.down for one in monthly(found, "2026-03").uptimes] == [0, 0, 0]


def test_a_customer_sees_their_own_cases_alone_and_no_uptime() -> None:
    found = scoped(facts(ASKED.format("high")), customer="nobody")
    assert found.cases == ()
    assert monthly(facts(ASKED.format("high")), "2026-03", customer="nobody").uptimes == ()


@pytest.mark.parametrize(
    "said, resolution",
    [("/resolved", ""), ("/resolved 10:50", ""), ("/resolved 10:50 the disk was full", "the disk was full")],
)
def test_a_resolution_is_what_was_said_and_not_the_time_that_was_named(said: str, resolution: str) -> None:
    takes = DESK.replace("/resolved: { by: staff,", "/resolved: { by: staff, takes: { text: optional text },")
    of = policy(f"{CLOCKS}\n{PRODUCTS}", takes)
    (row,) = incidents(seen(of, APRIL, ASKED.format("high") + f'11:00 ann says "{said}"'), MARCH)
    assert row.resolution == resolution
    resolved = row.case.incident.milestone("resolved") if row.case.incident is not None else None
    assert resolved == (when("11:00") if said == "/resolved" else when("10:50"))
