"""What GitHub Actions does for the desk's repository: starts the runs of what has happened, and those of the schedule.

A run is a job of one of the checkout's own workflows. Who looks on (a scenario's player, the people of the sandbox)
says what has happened and hears of every run. Sweeps come by the clockwork, which leaves out those that change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, parse_time
from respondby.dataclass import dataclass
from respondby.rehearsal.clockwork import Clockwork
from respondby.rehearsal.ground import DESK, REPOSITORY, Ground
from respondby.rehearsal.running import Ran, Request, Runner, Start, context
from respondby.rehearsal.workflows import DISPATCHES, NOT_PLAYED, Job, Workflow, WorkflowError, started

SCHEDULE = "schedule"

Delivery = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class House:
    """What desks are tried with: the checkout's workflows, and how a job and the command line are started."""

    workflows: tuple[Workflow, ...]
    run: Runner
    start: Start
    folder: Path
    every_sweep: bool = False


class Actions:
    """Starts runs on a ground. `waiting` are deliveries that have started none yet; `sweeps` counts those performed.

    `news` tells what has happened since it was asked last; `ran` hears of a run that has ended, at an instant, and
    tells which deliveries it has set off; `lost` says that events start no run, but for dispatches.
    """

    def __init__(
        self,
        ground: Ground,
        house: House,
        clockwork: Clockwork,
        news: Callable[[], Iterable[Delivery]],
        ran: Callable[[Instant, Request, Ran], Iterable[Delivery]],
    ) -> None:
        self.ground, self.house, self.clockwork = ground, house, clockwork
        self._news, self._ran = news, ran
        self.waiting: list[Delivery] = []
        self.lost = False
        self.number = 0
        self.sweeps = 0
        self._others_next: Instant | None = None

    def follow(self, at: Instant) -> None:
        """Start the runs of everything that has happened, until nothing more does."""
        self.clockwork.happened()
        self.waiting += self._news()
        while self.waiting:
            delivery = self.waiting.pop(0)
            if self.lost and delivery["event"] not in DISPATCHES:
                continue
            for workflow in self.started(delivery):
                self.jobs(workflow, delivery["event"], delivery["payload"], delivery["actor"], at)

    def advance(self, end: Instant, *, including: bool) -> Iterator[Instant]:
        """Perform the sweeps up to `end`, and name the instant of each when it is over."""
        for at in self.clockwork.until(end, including=including):
            self.sweep(at)
            yield at

    def sweep(self, at: Instant) -> None:
        """Perform the scheduled sweep of that instant, and what it sets off."""
        self.ground.at(at)
        self.sweeps += 1
        happened = self.clockwork.due or (self._others_next is not None and self._others_next <= at)
        ran = self._on_schedule(self.sweeping(), at)
        sure = all(result.exit_code == 0 and "next" in result.outputs for result in ran)
        if happened:
            # They come once an hour on GitHub. Here they come with the first sweep after something has happened, and
            # when they said that something may change; what they do is seen by the sweep after it.
            sweeping = self.sweeping()
            others = self._on_schedule([one for one in self._scheduled() if one not in sweeping], at)
            self._others_next = _first_change(others)
            sure = sure and all(result.outputs.get("performed", "0") == "0" for result in others)
        changes = [change for change in (_first_change(ran), self._others_next) if change is not None]
        self.clockwork.swept(min(changes, default=None), sure=sure)
        if self.waiting:
            self.follow(at)

    def started(self, delivery: Delivery) -> list[Workflow]:
        """The workflows that a delivery starts."""
        return started(self.workflows(), delivery)

    def jobs(self, workflow: Workflow, event: str, payload: Mapping[str, Any], actor: str, at: Instant) -> list[Ran]:
        """Run the jobs of a workflow whose conditions hold."""
        requests = (self.request(workflow, job, event, payload, actor) for job in workflow.jobs)
        return [self._run(request, at) for request in requests if request.job.runs(context(request))]

    def workflows(self) -> list[Workflow]:
        """Those that this desk needs: post-mortems are drafted, and reports made, where its policy asks for them.

        What no rehearsal plays is none of them.
        """
        policy = self.ground.policy
        idle = set(NOT_PLAYED)
        if policy.incidents is None or policy.incidents.post_mortem is None:
            idle.add("postmortem")
        if all(duty.report is None for duty in policy.duties.values()):
            idle.add("report")
        return [workflow for workflow in self.house.workflows if not workflow.verbs or not workflow.verbs <= idle]

    def sweeping(self) -> list[Workflow]:
        """Those that sweep on a schedule. WorkflowError where none does."""
        found = [workflow for workflow in self._scheduled() if "enforce" in workflow.verbs]
        if not found:
            raise WorkflowError("no workflow of this checkout sweeps on a schedule, so there is no sweep to rehearse")
        return found

    def request(self, workflow: Workflow, job: Job, event: str, payload: Mapping[str, Any], actor: str) -> Request:
        """A job to run, under a number and a token of its own."""
        self.number += 1
        ground = self.ground
        return Request(
            workflow=workflow,
            job=job,
            event=event,
            payload=payload,
            forge=ground.forge.url,
            repository=REPOSITORY,
            token=ground.forge.workflow_token(REPOSITORY, job.permissions),
            actor=actor,
            number=self.number,
            secrets=ground.secrets,
            policy_secrets=ground.policy_secrets,
        )

    def folder(self, request: Request, what: str = "run") -> Path:
        """Where a run leaves its files."""
        return self.house.folder / f"{what}-{request.number}"

    def _scheduled(self) -> list[Workflow]:
        return [workflow for workflow in self.workflows() if workflow.starts_for(SCHEDULE, None)]

    def _on_schedule(self, workflows: Iterable[Workflow], at: Instant) -> list[Ran]:
        payload = {SCHEDULE: "* * * * *"}
        return [result for workflow in workflows for result in self.jobs(workflow, SCHEDULE, payload, DESK, at)]

    def _run(self, request: Request, at: Instant) -> Ran:
        ran = self.house.run(request, self.folder(request))
        self.waiting += self._ran(at, request, ran)
        return ran


def _first_change(ran: Iterable[Ran]) -> Instant | None:
    """When the first of these runs said that something may change."""
    changes = (_instant(result.outputs.get("next", "")) for result in ran)
    return min((change for change in changes if change is not None), default=None)


def _instant(text: str) -> Instant | None:
    try:
        return parse_time(text, None) if text else None
    except TimeError:
        return None
