"""The runs of a game: started by what happens at the forge, remembered with what they said and whom they called.

Those of pull requests are among them, which look at a checkout of what is proposed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from respondby.calendars.instants import Instant, parse_time
from respondby.playground.calls import Calls
from respondby.playground.checkouts import changed_files, check_out
from respondby.playground.home import Home
from respondby.playground.kept import Kept
from respondby.rehearsal.clockwork import Clockwork
from respondby.rehearsal.delivering import Actions, Delivery, House
from respondby.rehearsal.ground import REPOSITORY
from respondby.rehearsal.running import Ran, Request, RunProblem
from respondby.rehearsal.workflows import Workflow

#: How often the desk's workflow sweeps, in seconds.
EVERY = 300

#: What happens to a pull request that starts a workflow which names no types.
_PROPOSED = ("opened", "synchronize", "reopened")


class Runs(Actions):
    """Starts them and remembers them. `busy` hears which workflow is at work; `seen` is the last delivery looked at."""

    def __init__(self, home: Home, house: House, kept: Kept, calls: Calls, busy: Callable[[str], None]) -> None:
        clockwork = Clockwork(parse_time(home.forge.now(), None), EVERY)
        clockwork.happened()  # whatever was left undone, or recurs, is looked at by the next sweep
        super().__init__(home, replace(house, run=self._started), clockwork, self.news, self._ended)
        self.home, self._kept, self._calls, self._busy, self._job = home, kept, calls, busy, house.run
        self.number = kept.last_run()
        self.seen: int = kept.get("delivery", 0)

    @property
    def has_news(self) -> bool:
        """Whether anything has happened that nobody has looked at."""
        return bool(self.home.forge.deliveries(self.seen))

    def news(self) -> list[Delivery]:
        """What has happened in the desk's repository since it was asked last."""
        new = self.home.forge.deliveries(self.seen)
        if new:
            self.seen = new[-1]["id"]
            self._calls.mentions(self.home, new, self.number)
        return [one for one in new if one["payload"].get("repository", {}).get("full_name") == REPOSITORY]

    def started(self, delivery: Delivery) -> list[Workflow]:
        """The workflows that a delivery starts. What the desk's own token proposes starts none, as on GitHub."""
        if delivery["event"] != "pull_request":
            return super().started(delivery)
        if delivery["by_workflow_token"] or delivery["action"] not in _PROPOSED:
            return []
        return self._checking(delivery["payload"]["pull_request"]["number"])

    def check(self, number: int, who: str, at: Instant) -> None:
        """Check a pull request as if somebody had changed it."""
        payload = {"action": "synchronize", "number": number, "pull_request": {"number": number}}
        for workflow in self._checking(number):
            self.jobs(workflow, "pull_request", payload, who, at)

    def _checking(self, number: int) -> list[Workflow]:
        """The workflows that look at what this pull request changes."""
        changed = changed_files(self.home, number)
        return [one for one in self.workflows() if "pull_request" in one.on and one.looks_at(changed)]

    def _started(self, request: Request, folder: Path) -> Ran:
        """Run a job. One that cannot be started has failed, and its log says why."""
        self._busy(request.workflow.file.rsplit(".", 1)[0])
        try:
            if request.event == "pull_request":
                check_out(self.home, request.payload["pull_request"]["number"], folder / "workspace")
            return self._job(request, folder)
        except RunProblem as error:
            return Ran(1, log=str(error))

    def _ended(self, at: Instant, request: Request, ran: Ran) -> Iterable[Delivery]:
        """Remember a run, and whom it called."""
        about: Any = request.payload.get("issue") or request.payload.get("pull_request") or {}
        performed = ran.outputs.get("performed", "")
        self._kept.add_run(
            number=request.number, at=at, workflow=request.workflow.file, job=request.job.name, event=request.event,
            action=str(request.payload.get("action", "")), actor=request.actor, issue=about.get("number"),
            exit_code=ran.exit_code, performed=int(performed) if performed.isdecimal() else 0, log=ran.log,
            summary=ran.summary,
        )  # fmt: skip
        self._calls.take(self.home, at, request.number, ran.log)
        with suppress(FileNotFoundError):  # a run that could not be started has left nothing
            shutil.rmtree(self.folder(request))
        return self.news()
