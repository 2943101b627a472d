"""What is expected against what is there."""

from typing import Any

import pytest
from tests.rehearsal.house import BODY_FILE, POLICY

from respondby.calendars.instants import parse_time, zone
from respondby.policy.loading.loader import load
from respondby.rehearsal.expecting import Evidence, compare
from respondby.rehearsal.observing import Since
from respondby.rehearsal.story import ClockIs, Expect

ZONE = zone("Europe/Brussels")
NOON = parse_time("2026-01-05T12:00", ZONE)
ONE = parse_time("2026-01-05T13:00", ZONE)
POLICY_READ = load(POLICY, files={"hook.json": BODY_FILE})


def run(
    state: str, due: str | None = "2026-01-05T12:00:00Z", started: str = "2026-01-05T09:00:00Z", clock: str = "answer"
) -> Any:
    return {"clock": clock, "state": state, "due": due, "started": started, "ended": None, "cycle": 1}


def evidence(clocks: Any = (), labels: tuple[str, ...] = (), since: Since | None = None, **pages: str) -> Evidence:
    issue = {"labels": [{"name": name} for name in labels]}
    return Evidence(clocks, issue, since or Since(), pages, pages, {}, {})


def outcome(expect: Expect, found: Evidence) -> list[tuple[str, str, bool]]:
    return [(check.expected, check.seen, check.kept) for check in compare(expect, found, POLICY_READ, NOON, 1, ZONE)]


@pytest.mark.parametrize(
    "wanted,runs,expected,seen,kept",
    [
        (ClockIs("answer", "due", ONE), [run("running")], "due 13:00", "due 13:00", True),
        (
            ClockIs("answer", "due", ONE),
            [run("running", "2026-01-06T12:00:00Z")],
            "due 13:00",
            "due Tue 6 Jan, 13:00",
            False,
        ),
        (ClockIs("answer", "due", ONE), [run("met")], "due 13:00", "met", False),
        (ClockIs("answer", "due", ONE), [run("running", None)], "due 13:00", "running, due at no known time", False),
        (ClockIs("answer", "off"), [], "off", "off", True),
        (ClockIs("answer", "off"), [run("cancelled")], "off", "off", True),
        (ClockIs("answer", "off"), [run("running")], "off", "due 13:00", False),
        (ClockIs("answer", "off"), [run("running", clock="other")], "off", "off", True),
        (ClockIs("answer", "late"), [run("late")], "late", "late", True),
        (ClockIs("answer", "met"), [run("late")], "met", "late", False),
        (
            ClockIs("answer", "breached"),
            [run("met", started="2026-01-04T09:00:00Z"), run("breached")],
            "breached",
            "breached",
            True,
        ),
        (
            ClockIs("answer", "met"),
            [run("breached"), run("met", started="2026-01-04T09:00:00Z")],
            "met",
            "breached",
            False,
        ),
        (ClockIs("answer", "met"), "explain failed", "met", "explain failed", False),
    ],
)
def test_a_clock_is_as_its_latest_run_stands(wanted: ClockIs, runs: Any, expected: str, seen: str, kept: bool) -> None:
    assert outcome(Expect(clocks=(wanted,)), evidence(runs)) == [(expected, seen, kept)]


@pytest.mark.parametrize(
    "expect,labels,kept",
    [
        (Expect(fields=(("priority", "high"),)), ("priority/high",), True),
        (Expect(fields=(("priority", "high"),)), ("priority/high", "priority/normal"), False),
        (Expect(fields=(("priority", "high"),)), ("priority/normal",), False),
        (Expect(fields=(("priority", None),)), ("type/question",), True),
        (Expect(fields=(("priority", None),)), ("priority/high",), False),
        (Expect(labels=("a", "b")), ("a", "b", "c"), True),
        (Expect(labels=("a", "b")), ("a",), False),
        (Expect(no_labels=("a",)), ("b",), True),
        (Expect(labels=("SLA/Breached",)), ("sla/breached",), True),
        (Expect(no_labels=("SLA/Breached",)), ("sla/breached",), False),
        (Expect(fields=(("priority", "high"),)), ("Priority/High",), True),
        (Expect(fields=(("priority", None),)), ("Priority/High",), False),
        (Expect(no_labels=("a",)), ("a",), False),
    ],
)
def test_fields_and_labels_are_those_of_the_case(expect: Expect, labels: tuple[str, ...], kept: bool) -> None:
    assert all(held for *_, held in outcome(expect, evidence(labels=labels))) is kept


@pytest.mark.parametrize(
    "expect,since,kept",
    [
        (Expect(paged=frozenset()), Since(), True),
        (Expect(paged=frozenset({"ann"})), Since(paged={"ann"}), True),
        (Expect(paged=frozenset({"ann"})), Since(paged={"ann", "bob"}), False),
        (Expect(paged=frozenset({"ann"})), Since(notified={"ann"}), False),
        (Expect(notified=frozenset({"ann"})), Since(notified={"ann"}, paged={"bob"}), True),
        (Expect(comments=1), Since(comments=["Hello"]), True),
        (Expect(comments=0), Since(comments=["Hello"]), False),
        (Expect(comments=("ell", "bye")), Since(comments=["Hello", "Good bye"]), True),
        (Expect(comments=("bye", "ell")), Since(comments=["Hello", "Good bye"]), False),
        (Expect(comments=("ell",)), Since(comments=["Hello", "Good bye"]), False),
        (Expect(messages=(("chat", ("Look at it",)),)), Since(messages=[("chat", "It is late\nLook  at it.")]), True),
        (Expect(messages=(("chat", ("Look at it",)),)), Since(messages=[("pager", "Look at it.")]), False),
        (Expect(messages=(("chat", ()),)), Since(messages=[("pager", "Look at it.")]), True),
        (Expect(messages=(("chat", ()),)), Since(messages=[("chat", "Look at it.")]), False),
        (Expect(refused=("labels",)), Since(refused=["labels"]), True),
        (Expect(refused=()), Since(refused=["labels"]), False),
    ],
)
def test_events_are_exactly_those_since_the_last_expectation(expect: Expect, since: Since, kept: bool) -> None:
    [(_, _, held)] = outcome(expect, evidence(since=since))
    assert held is kept


def test_what_somebody_sees_is_on_their_page_whatever_the_line_breaks() -> None:
    expect = Expect(sees=(("carla", ("due at ten", "late")),))
    assert [kept for *_, kept in outcome(expect, evidence(carla="It is due\nat ten."))] == [True, False]
