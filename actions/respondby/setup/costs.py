"""What a desk's workflows cost a month: arithmetic over their texts in minutes of runners, and GitHub's prices.

- A run's minutes are rounded up, and none of the desk's jobs lasts one: a run is a minute.
- Public repositories pay nothing. What is included and what a minute costs are GitHub's, as they stood at `PRICES_OF`
  ("Actions runner pricing", "GitHub Actions billing" in its documentation).
- Scheduled runs come late and some never, so what a schedule comes to is the most that it can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from respondby.calendars.crons import parse_cron
from respondby.policy.repository.workflow_secrets import desk_steps
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import Node, read

#: The month that the prices below are of.
PRICES_OF = "2026-11"
#: US dollars for a minute of GitHub's usual Linux runner (two cores).
PER_MINUTE = 0.006
#: Minutes a month that a plan includes for private repositories.
INCLUDED = {"Free": 2_000, "Team": 3_000, "Enterprise": 50_000}
#: Runs that one request starts, from being opened to being closed: its opening, four comments, a label or an assignment
#: by hand, and its closing, which the workflow of post-mortems hears of too.
RUNS_OF_A_REQUEST = 8
#: What the status page's workflow adds to that: a label by hand, two comments with a command, its closing.
RUNS_OF_A_PAGE = 4
#: The longest month.
DAYS = 31


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A workflow that a schedule starts: its file's name, and its runs a week at the most."""

    name: str
    a_week: int

    @property
    def minutes(self) -> int:
        """Minutes a month."""
        return -(-self.a_week * DAYS // 7)


@dataclass(frozen=True, slots=True)
class Cost:
    """A month's minutes: those of schedules, and those of so many requests, each of so many `runs`."""

    scheduled: tuple[Scheduled, ...]
    requests: int
    runs: int = RUNS_OF_A_REQUEST

    @property
    def sweeping(self) -> int:
        """Minutes of the schedules."""
        return sum(one.minutes for one in self.scheduled)

    @property
    def answering(self) -> int:
        """Minutes of what happens to requests."""
        return self.requests * self.runs

    @property
    def minutes(self) -> int:
        """All of a month's minutes."""
        return self.sweeping + self.answering

    def dollars(self, included: int = 0) -> float:
        """What the minutes cost in a private repository, beyond those that the plan includes."""
        return max(0, self.minutes - included) * PER_MINUTE


def cost(workflows: Mapping[str, str], requests: int) -> Cost:
    """What these workflows (texts by path) cost a month with so many requests. Those that do not run the desk are left
    out, and so is a schedule that GitHub would not take.
    """
    found, publishes = [], False
    for path, text in sorted(workflows.items()):
        try:
            steps = desk_steps(path, text)
            if not steps:
                continue
            publishes |= any(step.verb == "publish" for step in steps)
            crons = tuple(_crons(read(text, path=path)))
        except PolicyError:
            continue
        runs = sum(_runs_a_week(cron) for cron in crons)
        if runs:
            found.append(Scheduled(path.rpartition("/")[2], runs))
    return Cost(tuple(found), requests, RUNS_OF_A_REQUEST + (RUNS_OF_A_PAGE if publishes else 0))


def _crons(root: Node) -> Iterator[str]:
    on = root.value.get("on") if root.kind == "mapping" else None
    schedule = on.value.get("schedule") if on is not None and on.kind == "mapping" else None
    for line in schedule.value if schedule is not None and schedule.kind == "list" else ():
        cron = line.value.get("cron") if line.kind == "mapping" else None
        if cron is not None:
            yield str(cron.value)


def _runs_a_week(line: str) -> int:
    try:
        cron = parse_cron(line)
    except ValueError:
        return 0
    days = 7 if cron.weekdays is None else len(cron.weekdays)
    return len(cron.minutes) * len(cron.hours) * days
