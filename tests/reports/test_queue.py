"""What to answer next: by the time that is left, then what nothing is promised of, then what waits for others."""

from __future__ import annotations

from tests.promises.stories import when
from tests.reports.desk import CLOCKS, seen, support

from respondby.reports.cases import CaseFacts
from respondby.reports.queue import Queue, QueueRow, queue, row_of

NOON = when("12:00")
HOUR = 3_600
HIGH = "\n{0} bob labels priority/high\n"

#: The customer is given two days for an answer; what is on hold for a supplier waits for neither side.
WAITING = f"""{CLOCKS}
  silence: {{ start: waiting, stop: comment by author, target: 2d }}
  parts: {{ start: /note, stop: /resolved, pause: [waiting, priority = normal], target: 8h }}
"""


def asked(at: str, priority: str = "normal", more: str = "") -> str:
    return f'{at} carla opens "x"\n{at} bob labels priority/{priority}\n{more}'


def told(found: Queue) -> list[tuple[int, str, str, str | None]]:
    return [
        (row.case.number, row.part, row.turn, row.promise.clock if row.promise is not None else None)
        for row in found.rows
    ]


def row(story: str, clocks: str = WAITING, now: int = NOON) -> QueueRow:
    found = seen(support(clocks=clocks), now, story)
    return row_of(found.cases[0])


def test_what_has_the_least_time_left_comes_first_whatever_came_first() -> None:
    found = queue(
        seen(
            support(), NOON,
            asked("08:30"),                # answered within 4 h, by 12:30
            asked("11:50", "high"),        # within 1 h, by 12:50
            asked("10:30", "high"),        # due at 11:30: past
            asked("09:00", "high"),        # due at 10:00: longer past
            '08:00 carla opens "Late note"\n09:00 ann says "Hi"',  # answered, and nothing else is promised
            '07:00 carla opens "Early note"\n09:00 ann says "Hi"',
            asked("08:00", "normal", '09:00 ann says /wait'),
        )
    )  # fmt: skip
    assert told(found) == [
        (4, "owed", "us", "answer"),
        (3, "owed", "us", "answer"),
        (1, "owed", "us", "answer"),
        (2, "owed", "us", "answer"),
        (7, "owed", "customer", "fix"),
        (6, "unpromised", "us", None),
        (5, "unpromised", "us", None),
    ]
    assert [row.promise.left for row in found.rows[:2] if row.promise] == [-2 * HOUR, -HOUR // 2]
    assert [row.overdue for row in found.rows[:3]] == [True, True, False]


def test_time_left_is_open_time_of_the_promises_own_calendar() -> None:
    """A promise of 8 business hours that is due on Tuesday morning leaves less than one of 30 elapsed hours."""
    target = "{ priority: { high: 30h, normal: 8 business hours } }"
    slow = f"  answer: {{ start: opened, stop: comment by staff, target: {target} }}"
    friday = when("fri 16:00")
    found = queue(seen(support(clocks=slow), friday, asked("fri 15:00", "high"), asked("fri 15:00")))
    assert [row.case.number for row in found.rows] == [2, 1]
    assert [row.promise.left for row in found.rows if row.promise] == [7 * HOUR, 29 * HOUR]


def test_what_stands_still_is_told_with_since_when() -> None:
    waits = row('08:00 carla opens "x"\n09:00 ann says /wait')
    assert (waits.part, waits.turn, waits.since) == ("waiting", "customer", when("09:00"))
    assert [(run.clock, run.paused_since) for run in waits.paused] == [("answer", when("09:00"))]
    assert waits.promise is not None
    assert (waits.promise.clock, waits.promise.due) == ("silence", when("wed 09:00"))  # the customer's time, not ours
    held = row('08:00 carla opens "x"\n08:30 ann says "/note ordered"\n09:00 bob labels priority/normal')
    assert held.part == "owed"  # `fix` goes on


def test_on_hold_is_nobodys_turn() -> None:
    clocks = "  parts: { start: opened, stop: /resolved, pause: [priority = normal], target: 8h }"
    held = row(asked("08:00"), clocks)
    assert (held.part, held.turn, held.since, held.promise) == ("waiting", "hold", when("08:00"), None)


def test_what_waits_longest_comes_first_of_what_waits() -> None:
    clocks = "  answer: { start: opened, stop: comment by staff, pause: waiting, target: 4h }"
    stories = ('07:00 carla opens "x"\n09:30 bob says /wait', '08:00 carla opens "x"\n09:00 bob says /wait')
    found = queue(seen(support(clocks=clocks), NOON, *stories))
    assert [row.case.number for row in found.rows] == [2, 1]


def test_closed_and_void_cases_are_not_in_it() -> None:
    of = support(more="calendar: office\nvoid: { priority: high }", clocks=CLOCKS)
    found = queue(
        seen(of, NOON, asked("08:00", "high"), asked("08:00", "normal", "09:00 carla closes"), asked("08:00"))
    )
    assert [row.case.number for row in found.rows] == [3]


def test_it_is_of_one_person_or_of_nobody() -> None:
    found = seen(
        support(), NOON, asked("08:00", "normal", "08:10 bob assigns ann"),
        asked("08:30", "normal", "08:40 bob assigns bob"), asked("09:00"),
    )  # fmt: skip
    assert numbers(queue(found, person="Ann")) == [1]
    assert numbers(queue(found, person="")) == [3]
    assert numbers(queue(found, person="carla")) == []
    assert numbers(queue(found)) == [1, 2, 3]


def test_it_is_of_one_product_or_customer() -> None:
    found = seen(support(), NOON, asked("08:00", "normal", "08:10 bob labels product/shop"), asked("08:30"))
    assert numbers(queue(found, product="shop")) == [1]
    assert numbers(queue(found, customer="acme")) == []


def numbers(found: Queue) -> list[int]:
    cases: list[CaseFacts] = [row.case for row in found.rows]
    return [case.number for case in cases]
