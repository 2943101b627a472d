"""What a desk's workflows cost a month: arithmetic over their texts in minutes of runners, and GitHub's prices.

- A job's minutes are rounded up, and none of the desk's lasts one, but for a watch: a job is a minute.
- Public repositories pay nothing. What is included and what a minute costs are GitHub's, as they stood at `PRICES_OF`
  ("Actions runner pricing", "GitHub Actions billing" in its documentation).
- Scheduled runs come late and some never, so what a schedule comes to is the most that it can.
- What happens to a request (`REQUEST`), and for how many of them a watch is awake (`WATCHED`), is an assumption for a
  desk without a past; one with a past is told by its own runs (`setup.spending`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from respondby.calendars.crons import parse_cron
from respondby.policy.model.policy import Policy
from respondby.policy.repository.workflow_steps import desk_steps
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import read
from respondby.setup.sweep_hours import watched_seconds

#: The month that the prices below are of.
PRICES_OF = "2026-11"
#: US dollars for a minute of GitHub's usual Linux runner (two cores).
PER_MINUTE = 0.006
#: Minutes a month that a plan includes for private repositories.
INCLUDED = {"Free": 2_000, "Team": 3_000, "Enterprise": 50_000}
#: What people do to a request, as (event, action, whether a comment says a command): it is opened by a form, whose
#: label is told of as well, there are four comments, and it is closed; the desk itself closes it where there is a
#: `/close`, and what a workflow's own token does starts no run.
REQUEST = (
    ("issues", "opened", False),
    ("issues", "labeled", False),
    ("issue_comment", "created", False),
    *(("issue_comment", "created", True),) * 3,
    ("issues", "closed", False),
)
#: One request of so many is one that a watch with a `when` is awake for, and it is answered in such a part of its time.
WATCHED, ANSWERED = 5, 4
#: The longest month.
DAYS = 31
#: What a schedule comes to on the average is counted over four years.
_FIRST, _YEARS = date(2026, 1, 1), 1461


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A workflow that a schedule starts: its file's name, its runs in so many days (`_YEARS`), a run's `jobs`."""

    name: str
    runs: int
    jobs: int = 1

    @property
    def a_week(self) -> int:
        """Runs a week."""
        return round(self.runs * 7 / _YEARS)

    @property
    def minutes(self) -> int:
        """Minutes a month."""
        return round(self.runs * self.jobs * DAYS / _YEARS)


@dataclass(frozen=True, slots=True)
class Cost:
    """A month's minutes: those of schedules, those of so many requests, each of so many `runs`, and of a watch."""

    scheduled: tuple[Scheduled, ...]
    requests: int
    runs: int
    watching: int = 0

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
        return self.sweeping + self.answering + self.watching

    def dollars(self, included: int = 0) -> float:
        """What the minutes cost in a private repository, beyond those that the plan includes."""
        return max(0, self.minutes - included) * PER_MINUTE


def cost(workflows: Mapping[str, str], requests: int, policy: Policy | None = None) -> Cost:
    """What these workflows (texts by path) cost a month with so many requests. Those that do not run the desk are left
    out, and so is a schedule that GitHub would not take. The policy says what a watch is awake for, and who closes.
    """
    found, runs = [], 0
    happens = [one for one in REQUEST if one[1] != "closed" or policy is None or "/close" not in policy.commands]
    for path, text in sorted(workflows.items()):
        try:
            if not desk_steps(path, text):
                continue
            data = read(text, path=path).data()
        except PolicyError:
            continue
        conditions = [str(job.get("if", "")) for job in data["jobs"].values()]
        on = _triggers(data.get("on"))
        told = [one for one in happens if one[0] in on and one[1] in (_types(on[one[0]]) or (one[1],))]
        # A job that looks into comments looks for commands.
        runs += sum(
            command or event != "issue_comment" or "comment.body" not in condition
            for event, _, command in told
            for condition in conditions
        )
        scheduled = sum(_runs(cron) for cron in _crons(on.get("schedule")))
        if scheduled:
            found.append(Scheduled(path.rpartition("/")[2], scheduled, len(conditions)))
    return Cost(tuple(found), requests, runs, watching(policy, requests) if policy is not None else 0)


def watching(policy: Policy, requests: int) -> int:
    """Minutes of a watch that a month of so many requests needs, no more than it may."""
    if policy.watch is None:
        return 0
    many = requests / WATCHED if policy.watch.when else requests
    return round(min(policy.watch.at_most, many * watched_seconds(policy) / ANSWERED) / 60)


def _triggers(on: object) -> Mapping[str, object]:
    if isinstance(on, dict):
        return on
    return dict.fromkeys([on] if isinstance(on, str) else on if isinstance(on, list) else [])


def _types(how: object) -> tuple[str, ...]:
    types = how.get("types") if isinstance(how, dict) else None
    return (types,) if isinstance(types, str) else tuple(types or ())


def _crons(lines: object) -> Iterator[str]:
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict) and "cron" in line:
            yield str(line["cron"])


def _runs(line: str) -> int:
    try:
        cron = parse_cron(line)
    except ValueError:
        return 0
    days = sum(cron.on(_FIRST + timedelta(days=offset)) for offset in range(_YEARS))
    return len(cron.minutes) * len(cron.hours) * days
