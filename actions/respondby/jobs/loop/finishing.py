"""What a sweep does after its cases: groups that follow a rota are set, drafts of open duties are kept up to date.

Both look at what stands now, so what one sweep could not do the next one does. What goes wrong here is a failure of the
run, and never of a case (law 7).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from respondby.calendars.instants import Instant
from respondby.channels.message import Secrets
from respondby.desk.case import Case
from respondby.desk.log import Entry
from respondby.forge.client import Client
from respondby.forge.errors import CaseGone, ForgeError
from respondby.forge.gathering import Gathered, Identify, gather_case, gather_open
from respondby.jobs.effects import maintainers
from respondby.jobs.effects.drafting import Drafting
from respondby.jobs.effects.following import follow, next_change, settings
from respondby.jobs.effects.logbook import Logbook, is_log
from respondby.jobs.inputs import closed_cases
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.jobs.loop.settling import Settled

LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Finished:
    """What was done, for the run's report; `coming` is when something of it comes next."""

    cases: list[Settled] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    coming: Instant | None = None


@dataclass(frozen=True, slots=True)
class Finishing:
    """A sweep that has looked at its cases: `touched` says whether it has changed anything, `notes` what the log is to
    remember of them.
    """

    client: Client
    in_force: PolicyInForce
    gathered: Gathered
    logbook: Logbook
    identify: Identify
    signing: bytes | None
    secrets: Secrets
    writes: bool
    touched: bool
    closed_within: int
    notes: tuple[Entry, ...] = ()

    def finish(self, cases: Iterable[Case]) -> Finished:
        """Do what comes after the cases."""
        now = self.gathered.now
        log = self.logbook.log.with_entries(self.notes)
        comings = (next_change(self.in_force.policy, now), closed_cases.coming(log, now))
        found = Finished(coming=min((at for at in comings if at is not None), default=None))
        for step in (self._remember, self._follow, self._refresh):
            try:
                step(list(cases), found)
            except ForgeError as error:
                found.failed.append(str(error))
            except Exception as error:
                LOG.exception("a mistake in respondby")
                found.failed.append(f"a mistake in respondby ({' '.join(str(error).split())[:200]}): see the log")
        return found

    def _remember(self, _: list[Case], __: Finished) -> None:
        """When closed cases have to be looked at again."""
        if self.writes:
            self.logbook.write(self.notes)

    def _follow(self, _: list[Case], found: Finished) -> None:
        """Groups that follow a rota are set to whoever is on call."""
        rotas, now = f"{self.client.repository}: rotas", self.gathered.now
        if not self.writes:
            for one in settings(self.in_force.policy, self.logbook.log, now):
                found.cases.append(Settled(rotas, 0, one.rota, remarks=[f"would {one.text}"]))
            return
        for setting, failure in follow(self.in_force, self.logbook, self.secrets, now):
            found.cases.append(Settled(rotas, 0, setting.rota, done=[] if failure else [setting.text]))
            if failure:
                found.failed.append(f"the rota {setting.rota}: could not {setting.text}: {failure}")

    def _refresh(self, cases: list[Case], found: Finished) -> None:
        """Drafts are made from what every case is now: what this run has done is read again."""
        drafting = Drafting(self.client, self.in_force, self.gathered.us.home, self.signing)
        if not self.writes or not drafting.wanted(cases):
            return
        gathered = self.gathered
        if self.touched:
            gathered = gather_open(self.client, identify=self.identify, closed_within=self.closed_within)
        cases = [case for case in gathered.cases if not (maintainers.is_ours(case) or is_log(case))]
        for number in closed_cases.to_fetch(self.logbook.log, None, {case.number for case in cases}):
            try:
                cases.extend(gather_case(self.client, number, identify=self.identify).cases)
            except CaseGone:
                continue  # the next sweep at which it would be due notes that
        for case, failure in drafting.refresh(cases, self.logbook.log, gathered.now):
            found.cases.append(Settled(case.ref, case.number, case.title, done=[] if failure else ["draft"]))
            if failure:
                found.failed.append(f"{case.ref}: {failure}")
