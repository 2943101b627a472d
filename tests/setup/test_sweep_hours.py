"""How often a policy has to be swept, and the schedule that comes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from respondby.calendars.crons import parse_cron
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.setup.costs import cost
from respondby.setup.schedules import with_schedule
from respondby.setup.sweep_hours import STEPS, cron_lines, grid

HEAD = """
version: 1
desk: Help desk
timezone: Europe/Brussels
calendar: office
calendars:
  office: { hours: { mon-fri: ["09:00-17:30"] } }
  tokyo: { timezone: Asia/Tokyo, hours: { mon-fri: ["09:00-17:00"] } }
people: { ann: {} }
fields: { priority: { label: p/, set-by: staff, default: low, values: { high: High, low: Low } } }
forms: { question: { name: Question, about: Ask., ask: { what: { ask: "What?", kind: text } } } }
clocks:
"""
CLOCK = "  answer: { start: opened, stop: comment by staff, target: %s, ladder: [%s] }\n"
DUE = "{ at: due, label: late }"
STARTED = (
    "  manager: { start: answer due, stop: comment by staff, target: 2 days, ladder: [{ at: start, notify: ann }] }\n"
)
SECOND = "  second: { start: answer due, stop: comment by staff, target: 30m, ladder: [{ at: due, label: late }] }\n"
REPEATED = "{ at: start, notify: ann, repeat: { every: 2h, times: 2 } }"
UNTIL = "commands: { /until: { by: staff, takes: { time: time } } }\n"
NIGHT, EARLY, NOON, CLOSING, EVENING, SUNDAY = (1, 3), (1, 8), (1, 12), (1, 17), (1, 19), (6, 12)
END_OF_DAY = "{ by: end of next business day }"
SOME_TIME = "[{ when: { during: office }, within: 4h }, { within: 3 days }]"
AFTER = "{ at: due, label: late }, { at: due + 15m, notify: ann, repeat: { every: 30m, times: 4 } }"


def desk(target: str, ladder: str = DUE, more: str = "", when: str = "") -> Policy:
    clock = CLOCK.replace("start: opened", f"when: {{ {when} }}, start: opened") if when else CLOCK
    return load(HEAD + clock % (target, ladder) + more)


@pytest.mark.parametrize(
    "policy, minutes",
    [
        (desk("30m"), {NIGHT: 5, NOON: 5, SUNDAY: 5}),
        (desk("4h"), {NIGHT: 30, NOON: 30, SUNDAY: 30}),
        (desk("4 business hours"), {NIGHT: 60, NOON: 30, EVENING: 60, SUNDAY: 60}),
        (desk("2 business days"), {NIGHT: 60, NOON: 60, SUNDAY: 60}),
        (desk("4 business hours", "{ at: due - 30m, notify: ann }"), {NIGHT: 60, EARLY: 20, NOON: 20, SUNDAY: 60}),
        (desk(END_OF_DAY), {EARLY: 60, NOON: 60, CLOSING: 60, EVENING: 60}),
        (desk(END_OF_DAY, "{ at: 75%, notify: ann }"), {EARLY: 60, NOON: 30, CLOSING: 30, EVENING: 60}),
        (desk(END_OF_DAY, AFTER), {NIGHT: 60, NOON: 60, CLOSING: 5, EVENING: 5, (1, 20): 60, SUNDAY: 60}),
        (desk(END_OF_DAY, "{ at: due - 1h, notify: ann }, " + AFTER), {EARLY: 60, NOON: 60, (1, 16): 30, CLOSING: 5}),
        (desk(END_OF_DAY, "{ at: due + 1 business hour, notify: ann }"), {EARLY: 60, NOON: 60, EVENING: 60}),
        (desk("4 business hours", REPEATED), {NIGHT: 15, NOON: 15}),
        (desk("4h", "{ at: start, page: ann }"), {NIGHT: 60, NOON: 60}),
        (desk("4h", "{ at: start, page: ann }", STARTED), {NIGHT: 30, NOON: 30}),
        (desk("{ by: /until.time }", DUE, UNTIL), {NIGHT: 60, NOON: 30, EVENING: 60}),
        (desk("{ by: /until.time }", DUE, UNTIL + "watch: {}\n"), {NIGHT: 60, NOON: 60}),
        (desk("4 business hours", "{ at: due + 2h, notify: ann }"), {NIGHT: 60, NOON: 30, EVENING: 30, SUNDAY: 60}),
        (desk("{ within: 4h, calendar: tokyo }"), {NIGHT: 30, NOON: 60, SUNDAY: 60}),
        (desk("30m", DUE, "watch: {}\n"), {NIGHT: 60, NOON: 60, SUNDAY: 60}),
        (desk("4h", DUE, "watch: { idle: 1h }\n"), {NIGHT: 60, NOON: 60, SUNDAY: 60}),
        (desk("4h", DUE, "watch: { idle: 59m }\n"), {NIGHT: 30, NOON: 30, SUNDAY: 30}),
        (desk("30m", DUE, "watch: {}\n", when="during: office"), {NIGHT: 5, NOON: 5}),
        (desk("3 days", DUE, SECOND + "watch: {}\n"), {NIGHT: 5, NOON: 5, SUNDAY: 5}),
        (desk("2h", DUE, SECOND + "watch: {}\n"), {NIGHT: 60, NOON: 60, SUNDAY: 60}),
        (desk("3 days", DUE, SECOND.replace("answer due", "answer stops") + "watch: {}\n"), {NIGHT: 60, NOON: 60}),
        (desk("2h", DUE, SECOND.replace("answer due", "[answer due, second due]") + "watch: {}\n"), {NIGHT: 5}),
        (desk(SOME_TIME, DUE, "watch: { when: { during: office } }\n"), {NIGHT: 30, NOON: 30, EVENING: 30}),
        (
            desk(
                "[{ when: { priority: high }, within: 30m }, { within: 4h }]", DUE,
                "watch: { when: { priority: high } }\n",
            ),
            {NIGHT: 30, NOON: 30, SUNDAY: 30},
        ),
    ],
)  # fmt: skip
def test_an_hour_is_swept_as_often_as_what_can_come_due_in_it_asks(
    policy: Policy, minutes: dict[tuple[int, int], int]
) -> None:
    found = grid(policy)
    assert {place: found[place] for place in minutes} == minutes


@pytest.mark.parametrize("target", ["30m", "4 business hours", "2 business days"])
@pytest.mark.parametrize("name", ["Help desk", "Support", "x"])
def test_the_lines_of_a_schedule_sweep_each_hour_of_a_week_as_often_as_it_asks(target: str, name: str) -> None:
    wanted = grid(desk(target))
    lines = [parse_cron(line, "Europe/Brussels") for line in cron_lines(wanted, name)]
    monday = datetime(2026, 11, 2, tzinfo=UTC)
    found = dict.fromkeys(wanted, 0)
    for cron in lines:
        for day in range(7):
            on = monday + timedelta(days=day)
            if cron.weekdays is None or (on.weekday() + 1) % 7 in cron.weekdays:
                for hour in cron.hours:
                    found[day, hour] += len(cron.minutes)
        assert 0 not in cron.minutes
    assert {place: 60 // count for place, count in found.items()} == dict(wanted)
    assert set(wanted.values()) <= set(STEPS)


WORKFLOW = """on:
  schedule:
    # Five minutes is the shortest.
    - cron: "2-59/5 * * * *"
  workflow_dispatch:
jobs:
  enforce:
    runs-on: ubuntu-latest
    steps:
      - uses: $/actions/enforce
"""


def test_a_schedule_is_written_from_the_policy_and_written_again_is_the_same() -> None:
    policy = desk("4 business hours")
    once = with_schedule("enforce.yml", WORKFLOW, policy)
    assert "timezone: Europe/Brussels" in once
    assert once.endswith(WORKFLOW.partition("  workflow_dispatch")[2])
    assert with_schedule("enforce.yml", once, policy) == once
    before, after = (cost({".github/workflows/enforce.yml": text}, 0).minutes for text in (WORKFLOW, once))
    assert (before, after < before / 5) == (8928, True)


@pytest.mark.parametrize(
    "text",
    [
        WORKFLOW.replace("# Five minutes", "# kept by hand: five minutes"),
        WORKFLOW.replace("$/actions/enforce", "$/actions/triage"),
        WORKFLOW.replace("schedule:", "push:"),
    ],
)
def test_a_schedule_of_ones_own_and_other_workflows_stay_as_they_are(text: str) -> None:
    assert with_schedule("enforce.yml", text, desk("4 business hours")) == text


@pytest.mark.parametrize("target", ["30m", "4 business hours", "{ by: end of next business day }"])
def test_the_forecast_is_within_one_in_twenty_of_a_month_that_is_counted(target: str) -> None:
    text = with_schedule("enforce.yml", WORKFLOW, desk(target))
    forecast = cost({".github/workflows/enforce.yml": text}, 0).minutes
    start = int(datetime(2026, 10, 1, tzinfo=UTC).timestamp())
    counted = 0
    for line in cron_lines(grid(desk(target)), "Help desk"):
        cron, at = parse_cron(line, "Europe/Brussels"), start
        while (due := cron.after(at)) is not None and due < start + 31 * 86_400:
            counted, at = counted + 1, due
    assert abs(forecast - counted) <= counted / 20
