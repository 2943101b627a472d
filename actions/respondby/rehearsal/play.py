"""Plays one scenario through the whole desk.

For each step: the sweeps that come before it, the forge's clock, the deed, and the runs that its events start; then
whoever was told is read from where they were told. A run is a job of one of the checkout's own workflows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from respondby.calendars.instants import Instant, zone
from respondby.dataclass import dataclass
from respondby.policy.model.policy import Policy
from respondby.rehearsal.acting import Actors
from respondby.rehearsal.boards import on_board
from respondby.rehearsal.clockwork import Clockwork
from respondby.rehearsal.delivering import SCHEDULE, Actions, House
from respondby.rehearsal.expecting import Evidence, compare, page_text
from respondby.rehearsal.ground import DESK, INSIDE, OWNER, REPOSITORY
from respondby.rehearsal.observing import Checked, Happening, Observer, Since, plain
from respondby.rehearsal.reading_deeds import DEFAULT_SWEEPS
from respondby.rehearsal.refusals import Refused
from respondby.rehearsal.running import Ran, Request, explain
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.story import Expect, Fault, Lost, Scenario, Step, Sweeps
from respondby.rehearsal.story import Policy as NewPolicy
from respondby.rehearsal.wording import deed_words
from respondby.rehearsal.workflows import DISPATCHES

#: What is left of a case that is deleted, and all there is before the first.
_NO_ISSUE: Mapping[str, Any] = {"labels": [], "body": None, "reactions": {"confused": 0}}


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
        self.sent = 0  # requests so far, of anybody
        self.actors = Actors(stage)
        self.observer = Observer(stage)
        self.clockwork = Clockwork(scenario.starts, DEFAULT_SWEEPS, keep_all=house.every_sweep)
        self.clockwork.due = bool(stage.policy.duties)  # what recurs has begun before the story has
        self.actions = Actions(stage, replace(house, run=self._counted), self.clockwork, self._news, self._ran)
        self.played = Played(scenario, stage.policy, self.observer.story)

    def play(self) -> Played:
        self.observer.deliveries()  # what setting up did is no part of the story
        for step in self.scenario.story:
            for _ in self.actions.advance(step.at, including=isinstance(step.deed, Expect)):
                pass
            self.stage.at(step.at)
            self._step(step)
        self._unexpected_refusals(self.scenario.story[-1])
        self._report()
        self.played.skipped, self.played.sweeps = self.clockwork.skipped, self.actions.sweeps
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
                self.actions.lost = events
            case Fault(plans):
                self.stage.forge.clear_faults()
                self.stage.forge.faults(plans)
            case NewPolicy(text):
                self.stage.change_policy(text)
            case act:
                self._act(step, act)
                return
        self.observer.note(step.at, "stage", "", deed_words(step.deed))
        self.actions.follow(step.at)

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
        self.actions.follow(step.at)

    # -- runs -------------------------------------------------------------------------------------------------------

    def _news(self) -> list[dict[str, Any]]:
        new = self.observer.deliveries()
        self._report()
        return new

    def _counted(self, request: Request, folder: Path) -> Ran:
        self.sent += len(self.stage.forge.requests(self.sent))
        ran = self.house.run(request, folder)
        sent = len(self.stage.forge.requests(self.sent))
        self.played.requests += sent
        self.sent += sent
        return ran

    def _ran(self, at: Instant, request: Request, ran: Ran) -> list[dict[str, Any]]:
        folder = self.actions.folder(request)
        folder.mkdir(exist_ok=True)
        (folder / "log").write_text(ran.log, encoding="utf-8")
        self.played.runs += 1
        self.observer.calls(at, ran.log)
        dispatched = [new for new in self.observer.deliveries() if new["event"] in DISPATCHES]
        if ran.exit_code:
            self.played.failed += 1
            self.observer.note(at, "run", DESK, f"{request.job.name} failed: {last_words(ran.log)}")
        self._report()
        return dispatched

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
            boards={name: self._on_board(name, number) for name, _ in expect.boards},
        )
        self.played.story += compare(expect, evidence, self.stage.policy, step.at, step.line, where)
        if expect.refused is None:
            self._unexpected_refusals(step)
        self.observer.since = Since()
        self._report()

    def _clocks(self, number: int) -> list[dict[str, Any]] | str:
        workflow = self.actions.sweeping()[0]
        request = self.actions.request(workflow, workflow.jobs[0], SCHEDULE, {}, DESK)
        with self.stage.forge.calm():
            return explain(self.house.start, request, number, self.actions.folder(request, "explain"))

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
        refused = [plain(line).split()[0] for number, line in since.quoted if self._confused(number, line)]
        return replace(since, refused=[*since.refused, *refused])

    def _confused(self, number: int, line: str) -> bool:
        texts = [self._issue(number), *self._comments(OWNER, number)]
        said = plain(line)
        return any(text["reactions"]["confused"] and said in plain(text["body"] or "") for text in texts)

    def _pager(self, person: str, number: int | None) -> str:
        return self.stage.receiver.pager.state(person, f"{REPOSITORY}#{number}") or "none"

    def _on_board(self, project: str, number: int | None) -> str:
        forge = self.stage.forge
        with forge.calm():
            return on_board(forge, self.stage.token(INSIDE), project, number)

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
