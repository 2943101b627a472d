"""A watch at work: the loop of `jobs.watching.loop` over a real forge."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import field

from respondby.calendars.instants import FOREVER, Instant
from respondby.dataclass import dataclass
from respondby.forge.client import Client
from respondby.forge.errors import ForgeError
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.sweep_cache import SweepCache
from respondby.jobs.loop.report import Report
from respondby.jobs.loop.run import Selection
from respondby.jobs.runs import sweep
from respondby.jobs.watching import lease as leases
from respondby.jobs.watching.lease import Lease, read_lease
from respondby.jobs.watching.loop import Ending, Failed, Look, watch
from respondby.jobs.watching.waking import start
from respondby.policy.model.policy import Policy
from respondby.policy.model.watch import Watch

LOG = logging.getLogger(__name__)

#: Below so many requests left in the hour a watch asks less often.
FEW = 200
#: What changes by itself now and did not come to rest is looked at again after so many seconds, and ever later.
RESTLESS = 5


@dataclass(slots=True)
class Watching:
    """One watch. `holder` names it, `after` is the number of the lease that it comes after (None: none that is held);
    `billed` says that its time costs minutes, which the policy's `at-most` limits; `tell` hears of every sweep that did
    something, `stop` is set where it is told to end.
    """

    desk: Desk
    holder: str
    tell: Callable[[Report], None]
    stop: threading.Event
    after: int | None = None
    billed: bool = True
    lease: Lease | None = None
    sweeps: int = 0
    mine: bool = True
    restless: int = 0
    started_at: Instant = 0
    last: Report | None = None
    _cache: SweepCache = field(default_factory=lambda: SweepCache(None, ""))
    _logbook: Logbook | None = None
    _policy: Policy | None = None
    _etag: str = ""
    _left: int | None = None

    def run(self, seconds: int) -> Ending:
        """Stay awake for so long at most; why it ended. Raises NoPolicy."""
        try:
            self._first()
            return watch(self, ends=self.started_at + seconds)
        finally:
            self._give_back()

    # What the loop asks for.

    def now(self) -> float:
        """The forge's clock."""
        return self._client.time()

    def wait(self, seconds: float) -> bool:
        """Sleep; False where the watch is told to end."""
        return not self.stop.wait(seconds)

    def changed(self) -> bool:
        """Whether an issue was touched since the last question. Raises Failed."""
        path = f"/repos/{self._client.repository}/issues?state=all&sort=updated&direction=desc&per_page=1"
        try:
            answer = self._client.ask("GET", path, doing="looking whether something has happened", unless=self._etag)
        except ForgeError as error:
            raise self._failed(str(error)) from error
        left = answer.headers.get("x-ratelimit-remaining", "")
        self._left = int(left) if left.isdigit() else None
        if answer.status == 304:
            return False
        if answer.status != 200:
            raise self._failed(f"GitHub answered {answer.status} when asked whether something has happened")
        known, self._etag = self._etag, answer.headers.get("etag", "")
        return bool(known)

    def slowly(self) -> bool:
        """Whether few of the hour's requests are left."""
        return self._left is not None and self._left < FEW

    def sweep(self) -> Look:
        """One sweep, with the lease looked at first. Raises Failed and NoPolicy."""
        try:
            report = sweep(self.desk, cache=self._cache, first=self._look_at_lease)
        except ForgeError as error:
            raise self._failed(str(error)) from error
        self.sweeps += 1
        self.last = report
        if report.performed or report.failed or self.sweeps == 1:
            self.tell(report)
        if self.lease is None and self.mine:
            raise Failed("the lease could not be taken")
        following = report.next
        if following is not None and following <= report.now:
            self.restless += 1
            following = report.now + min(60, RESTLESS * 2**self.restless)
        else:
            self.restless = 0
        if not self.billed:  # a host of one's own stays awake whatever is due
            return Look(following, report.now, self.mine, idle=FOREVER)
        return Look(following, report.wanted_at, self.mine, self._exhausted(), self._settings().idle)

    def hand_over(self) -> bool:
        """Start a successor, which takes the lease after ours."""
        if not self.billed or self.lease is None or self.last is None:
            return False
        try:
            start(self._client, self._branch, {"after": str(self.lease.number)})
        except ForgeError as error:
            self._failed(f"no successor could be started, the sweep goes on alone: {error}")
            return False
        return True

    # Inside.

    @property
    def _client(self) -> Client:
        return self.desk.client

    @property
    def _branch(self) -> str | None:
        return self.last.branch if self.last is not None else None

    def _first(self) -> None:
        """The first answer tells the time, and what stands now."""
        self.changed()
        self.started_at = int(self._client.time())

    def _settings(self) -> Watch:
        return (self._policy.watch if self._policy is not None else None) or Watch()

    def _look_at_lease(self, policy: Policy, logbook: Logbook, report: Report) -> Selection:
        """Take the lease, keep it, or find that another one has it: then nothing is looked at."""
        self._policy, self._logbook = policy, logbook
        stands, now = read_lease(logbook.lease()), report.now
        if self.lease is None:
            if stands is not None and stands.holds(now) and stands.number != self.after:
                self.mine = False
            else:
                self._write(logbook, leases.taken(stands, self.holder, now))
        elif stands is None or (stands.number, stands.holder) != (self.lease.number, self.holder):
            self.mine = False
        elif now - self.lease.at >= leases.RENEWED_AFTER:
            self._write(logbook, self.lease.renewed(now))
        return Selection(None if self.mine else frozenset())

    def _write(self, logbook: Logbook, wanted: Lease) -> None:
        stands = read_lease(logbook.write_lease(wanted.entry()))
        self.mine = stands is not None and (stands.number, stands.holder) == (wanted.number, wanted.holder)
        self.lease = wanted

    def _give_back(self) -> None:
        """So that whoever comes next need not wait for the lease to run out."""
        if self.lease is None or self._logbook is None or not self.mine:
            return
        try:
            self._logbook.write_lease(self.lease.ended(int(self._client.time())).entry())
        except ForgeError as error:
            LOG.warning("the lease was not given back, it runs out by itself: %s", error)

    def _exhausted(self) -> bool:
        lease = self.lease
        if not self.billed or lease is None:
            return False
        return lease.renewed(int(self._client.time())).spent > self._settings().at_most

    def _failed(self, why: str) -> Failed:
        report = Report("watch", int(self._client.time()))
        report.failed.append(why)
        self.tell(report)
        return Failed(why)
