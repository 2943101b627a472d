"""Plays one scenario through the whole desk.

For each step: the sweeps that come before it, the forge's clock, the deed, and the runs that its events start; then
whoever was told is read from where they were told. A run is a job of one of the checkout's own workflows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, parse_time, zone
from respondby.policy.model.policy import Policy
from respondby.rehearsal.acting import Actors
from respondby.rehearsal.clockwork import Clockwork
from respondby.rehearsal.expecting import Evidence, compare, page_text
from respondby.rehearsal.observing import Checked, Happening, Observer, Since, plain
from respondby.rehearsal.reading_deeds import DEFAULT_SWEEPS
from respondby.rehearsal.refusals import Refused
from respondby.rehearsal.running import Ran, Request, Runner, Start, context, explain
from respondby.rehearsal.stage import DESK, OWNER, REPOSITORY, Stage
from respondby.rehearsal.story import Expect, Fault, Lost, Scenario, Step, Sweeps
from respondby.rehearsal.story import Policy as NewPolicy
from respondby.rehearsal.wording import deed_words
from respondby.rehearsal.workflows import DISPATCHES, Job, Workflow, WorkflowError, started

SCHEDULE = "schedule"

#: What is left of a case that is deleted, and all there is before the first.
_NO_ISSUE: Mapping[str, Any] = {"labels": [], "body": None, "reactions": {"confused": 0}}


@dataclass(frozen=True, slots=True)
class House:
    """What every scenario is played with: the checkout's workflows, and how a job and the command line are started."""

    workflows: tuple[Workflow, ...]
    run: Runner
    start: Start
    folder: Path
    every_sweep: bool = False


@dataclass(slots=True)
class Played:
    """What came of a scenario. `requests` are those of the desk's runs; `failed` counts runs that ended non-zero."""

    scenario: Scenario
    policy: Policy
    story: list[Happening | Checked]
    runs: int = 0
    sweeps: int = 0
    skipped: int = 0
    requests: int = 0
    failed: int = 0

    @property
    def checked(self) -> tuple[Checked, ...]:
        """Every expectation, in the order of the story."""
        return tuple(entry for entry in self.story if isinstance(entry, Checked))

    @property
    def kept(self) -> bool:
        """Whether everything that was expected came true."""
        return all(check.kept for check in self.checked)


#: Gets each entry of a story when it is known.
Report = Callable[[Happening | Checked], None]


def play(scenario: Scenario, stage: Stage, house: House, report: Report = lambda _: None) -> Played:
    """Play it on a stage that stands. Raises ActProblem, RunProblem and WorkflowError for what cannot be played."""
    return _Play(scenario, stage, house, report).play()


class _Play:
    def __init__(self, scenario: Scenario, stage: Stage, house: House, report: Report) -> None:
        self.scenario, self.stage, self.house, self.report = scenario, stage, house, report
        self.reported = 0
        self.actors = Actors(stage)
        self.observer = Observer(stage)
        self.clockwork = Clockwork(scenario.starts, DEFAULT_SWEEPS, keep_all=house.every_sweep)
        self.clockwork.due = bool(stage.policy.duties)  # what recurs has begun before the story has
        self.lost = False
        self.played = Played(scenario, stage.policy, self.observer.story)
        self.waiting: list[dict[str, Any]] = []
        self.number = 0

    def play(self) -> Played:
        self.observer.deliveries()  # what setting up did is no part of the story
        for step in self.scenario.story:
            for at in self.clockwork.until(step.at, including=isinstance(step.deed, Expect)):
                self._sweep(at)
            self.stage.at(step.at)
            self._step(step)
        self._unexpected_refusals(self.scenario.story[-1])
        self._report()
        self.played.skipped = self.clockwork.skipped
        return self.played

    def _report(self) -> None:
        for entry in self.observer.story[self.reported :]:
            self.report(entry)
        self.reported = len(self.observer.story)

    # -- steps ------------------------------------------------------------------------------------------------------

    def _step(self, step: Step) -> None:
        match step.deed:
            case Expect() as expect:
                self._check(step, expect)
                return
            case Sweeps(every):
                self.clockwork.rhythm(every, step.at)
            case Lost(events):
                self.lost = events
            case Fault(plans):
                self.stage.forge.clear_faults()
                self.stage.forge.faults(plans)
            case NewPolicy(text):
                self.stage.change_policy(text)
            case act:
                self._act(step, act)
                return
        self.observer.note(step.at, "stage", "", deed_words(step.deed))
        self._follow(step.at)

    def _act(self, step: Step, act: Any) -> None:
        try:
            self.actors.perform(act, step.case)
        except Refused as refused:
            self.observer.since.refused.append(_verb(act))
            words = f"{deed_words(act)}: the forge refuses it, {refused}"
        else:
            words = deed_words(act)
        number = self.actors.number(step.case)
        self.observer.note(step.at, "act", act.who, words, number)
        self._follow(step.at)

    def _follow(self, at: Instant) -> None:
        """Start the runs of everything that has happened, until nothing more does."""
        self.clockwork.happened()
        self.waiting += self.observer.deliveries()
        self._report()
        while self.waiting:
            delivery = self.waiting.pop(0)
            if self.lost and delivery["event"] not in DISPATCHES:
                continue
            for workflow in started(self._workflows(), delivery):
                self._jobs(workflow, delivery["event"], delivery["payload"], delivery["actor"], at)

    def _sweep(self, at: Instant) -> None:
        self.stage.at(at)
        self.played.sweeps += 1
        happened = self.clockwork.due
        ran = self._on_schedule(self._sweeping(), at)
        changes = [_instant(result.outputs.get("next", "")) for result in ran]
        sure = all(result.exit_code == 0 and "next" in result.outputs for result in ran)
        self.clockwork.swept(min((change for change in changes if change is not None), default=None), sure=sure)
        if happened:
            # They come once an hour on GitHub. Here they come with the first sweep after something has happened.
            sweeping = self._sweeping()
            others = [workflow for workflow in self._scheduled() if workflow not in sweeping]
            self._on_schedule(others, at)
        if self.waiting:
            self._follow(at)

    def _on_schedule(self, workflows: Iterable[Workflow], at: Instant) -> list[Ran]:
        payload = {SCHEDULE: "* * * * *"}
        return [result for workflow in workflows for result in self._jobs(workflow, SCHEDULE, payload, DESK, at)]

    def _workflows(self) -> list[Workflow]:
        """Those that this desk needs: post-mortems are drafted where its policy asks for them."""
        incidents = self.stage.policy.incidents
        asked = incidents is not None and incidents.post_mortem is not None
        return [workflow for workflow in self.house.workflows if asked or workflow.verbs != {"postmortem"}]

    def _scheduled(self) -> list[Workflow]:
        return [workflow for workflow in self._workflows() if workflow.starts_for(SCHEDULE, None)]

    def _sweeping(self) -> list[Workflow]:
        found = [workflow for workflow in self._scheduled() if "enforce" in workflow.verbs]
        if not found:
            raise WorkflowError("no workflow of this checkout sweeps on a schedule, so there is no sweep to rehearse")
        return found

    # -- runs -------------------------------------------------------------------------------------------------------

    def _jobs(self, workflow: Workflow, event: str, payload: Mapping[str, Any], actor: str, at: Instant) -> list[Ran]:
        requests = (self._request(workflow, job, event, payload, actor) for job in workflow.jobs)
        return [self._run(request, at) for request in requests if request.job.runs(context(request))]

    def _run(self, request: Request, at: Instant) -> Ran:
        before = len(self.stage.forge.requests())
        folder = self.house.folder / f"run-{request.number}"
        ran = self.house.run(request, folder)
        folder.mkdir(exist_ok=True)
        (folder / "log").write_text(ran.log, encoding="utf-8")
        self.played.requests += len(self.stage.forge.requests(before))
        self.played.runs += 1
        self.observer.calls(at, ran.log)
        self.waiting += [new for new in self.observer.deliveries() if new["event"] in DISPATCHES]
        if ran.exit_code:
            self.played.failed += 1
            self.observer.note(at, "run", DESK, f"{request.job.name} failed: {last_words(ran.log)}")
        self._report()
        return ran

    def _request(self, workflow: Workflow, job: Job, event: str, payload: Mapping[str, Any], actor: str) -> Request:
        self.number += 1
        stage = self.stage
        return Request(
            workflow=workflow,
            job=job,
            event=event,
            payload=payload,
            forge=stage.forge.url,
            repository=REPOSITORY,
            token=stage.forge.workflow_token(REPOSITORY, job.permissions),
            actor=actor,
            number=self.number,
            secrets=stage.secrets,
            policy_secrets=stage.policy_secrets,
        )

    # -- expectations -----------------------------------------------------------------------------------------------

    def _check(self, step: Step, expect: Expect) -> None:
        number = self.actors.number(step.case)
        where = zone(self.scenario.timezone)
        readers = [person for person, _ in expect.sees]
        evidence = Evidence(
            clocks=self._clocks(number) if expect.clocks and number is not None else (),
            issue=self._issue(number),
            since=self._since(),
            read={person: self._page(person, number) for person in readers},
            pages={person: self._pager(person, number) for person, _ in expect.pages},
            groups=self.observer.groups,
        )
        self.played.story += compare(expect, evidence, self.stage.policy, step.at, step.line, where)
        if expect.refused is None:
            self._unexpected_refusals(step)
        self.observer.since = Since()
        self._report()

    def _clocks(self, number: int) -> list[dict[str, Any]] | str:
        workflow = self._sweeping()[0]
        request = self._request(workflow, workflow.jobs[0], SCHEDULE, {}, DESK)
        with self.stage.forge.calm():
            return explain(self.house.start, request, number, self.house.folder / f"explain-{request.number}")

    def _issue(self, number: int | None) -> Mapping[str, Any]:
        if number is None:
            return _NO_ISSUE
        status, issue = self.stage.call(OWNER, "GET", f"/issues/{number}")
        return issue if status == 200 else _NO_ISSUE

    def _page(self, person: str, number: int | None) -> str:
        if number is None:
            return ""
        status, issue = self.stage.call(person, "GET", f"/issues/{number}")
        return page_text(issue, self._comments(person, number)) if status == 200 else ""

    def _since(self) -> Since:
        """What came since the last `expect`; words count as refused where the desk is confused at them and says so."""
        since = self.observer.since
        refused = [line.split()[0] for number, line in since.quoted if self._confused(number, line)]
        return replace(since, refused=[*since.refused, *refused])

    def _confused(self, number: int, line: str) -> bool:
        texts = [self._issue(number), *self._comments(OWNER, number)]
        said = plain(line)
        return any(text["reactions"]["confused"] and said in plain(text["body"] or "") for text in texts)

    def _pager(self, person: str, number: int | None) -> str:
        return self.stage.receiver.pager.state(person, f"{REPOSITORY}#{number}") or "none"

    def _comments(self, who: str, number: int) -> list[dict[str, Any]]:
        status, comments = self.stage.call(who, "GET", f"/issues/{number}/comments?per_page=100")
        return comments if status == 200 else []

    def _unexpected_refusals(self, step: Step) -> None:
        """A deed that the forge refused, unnoticed by the scenario, is a broken expectation: it did not happen."""
        if self.observer.since.refused:
            seen = ", ".join(self.observer.since.refused)
            self.played.story.append(Checked(step.at, step.line, "refused", "nothing", seen, kept=False))
            self.observer.since.refused = []


def last_words(log: str) -> str:
    """The last line of a log, an annotation without its command."""
    lines = log.strip().splitlines()
    return re.sub(r"^::\w+[^:]*::", "", lines[-1]) if lines else "it said nothing"


def _verb(act: Any) -> str:
    return type(act).__name__.lower()


def _instant(text: str) -> Instant | None:
    try:
        return parse_time(text, None) if text else None
    except TimeError:
        return None
