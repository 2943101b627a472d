"""A game: one desk, its people and its time.

Whatever happens at the forge starts the desk's own runs, whoever did it and by which client. Time stands still until
somebody lets it pass; then the scheduled sweeps come as it passes, without those that can change nothing. One thread
does all of that, so runs and time never meet; people act whenever they like.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time

from respondby.calendars.instants import Instant, parse_time, zone
from respondby.playground.calls import Calls
from respondby.playground.choices import Choice
from respondby.playground.home import Home
from respondby.playground.kept import Kept
from respondby.playground.runs import EVERY, Runs
from respondby.playground.standing import Next, Standing, standing
from respondby.rehearsal.delivering import House
from respondby.rehearsal.receiver import Receiver
from respondby.rehearsal.times import instant
from respondby.rehearsal.workflows import WorkflowError
from respondby.sandbox.server import Sandbox

LOG = logging.getLogger(__name__)

#: How often what happens is looked for, in seconds, while time passes and while it stands.
_PLAYING, _STANDING = 0.2, 0.5

#: How long whoever acts is kept waiting for the desk, in seconds; then the page says that it is still at work.
PATIENCE = 6.0

#: How many seconds of the game one real second is.
SPEEDS = {"1": 1, "60": 60, "600": 600, "3600": 3600}


class NoGame(Exception):
    """Nothing is being played."""


class Game:
    """The game of one file. Its thread works from `with` to the end."""

    def __init__(
        self, forge: Sandbox, receiver: Receiver, kept: Kept, house: House, patience: float = PATIENCE
    ) -> None:
        self.forge, self.receiver, self.kept, self.house = forge, receiver, kept, house
        self.calls = Calls(receiver, kept)
        self.patience = patience
        self.home: Home | None = None
        self.standing = Standing(0, {})
        self.speed = 0
        self.trouble = ""
        self.working = ""
        self._secret = ""
        self._actions: Runs | None = None
        self._until: Instant = 0
        self._turn = threading.RLock()
        self._wake, self._ending = threading.Event(), threading.Event()
        self._settled = threading.Condition()
        self._asked = self._done = 0
        self._thread = threading.Thread(target=self._work, name="game", daemon=True)

    def __enter__(self) -> Game:
        self.home = Home.find(self.forge, self.receiver, self.kept)
        if self.home is not None:
            self.calls.restore()
            self._begin(self.home)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._wake.set()
        self._thread.join()

    # -- what one plays with -----------------------------------------------------------------------------------------

    def load(self, choice: Choice, now: Instant) -> None:
        """Start over with that desk."""
        with self._turn:
            self.speed, self.trouble = 0, ""
            self.home = Home.build(self.forge, self.receiver, self.kept, choice, now)
            self.calls.restore()
            news = self.forge.deliveries()  # what building did is no part of the game
            self.kept.put(delivery=news[-1]["id"] if news else 0)
            self._begin(self.home)
            self.kept.put(secret=self.secret)
            self._look()
        self.settle()

    def change_policy(self, text: str) -> None:
        """Commit another text of the policy, as the maintainer of the desk does."""
        with self._turn:
            self._home().adopt(self.kept, text)
            self._running().clockwork.happened()
        self.settle()

    @property
    def secret(self) -> str:
        """What the forms of this game carry; it outlives a restart, as open pages do."""
        if not self._secret:
            self._secret = self.kept.get("secret") or secrets.token_urlsafe(24)
            self.kept.put(secret=self._secret)
        return self._secret

    def failing(self) -> int:
        """The number of the desk's last run, if it failed, else 0. Checks of proposals are not its own."""
        last = next((run for run in self.kept.runs(20) if run["event"] != "pull_request"), None)
        return int(last["number"]) if last is not None and last["exit_code"] else 0

    @property
    def now(self) -> Instant:
        """The forge's clock."""
        return parse_time(self.forge.now(), None)

    def settle(self) -> bool:
        """Wait until the desk has done what follows from everything so far, but not for ever; whether it has."""
        with self._settled:
            self._asked += 1
            asked = self._asked
            self._wake.set()
            return self._settled.wait_for(lambda: self._done >= asked, self.patience)

    def go_to(self, end: Instant) -> bool:
        """Let time pass until then; False for an instant that is not to come."""
        if end <= self.now:
            return False
        with self._settled:
            self._until = max(self._until, end)
        self.settle()
        return True

    def play(self, speed: int) -> None:
        """Let time pass, so many seconds of it in one; 0 stops it where it is."""
        self.speed = speed
        if not speed:
            self._until = self.now
        self._wake.set()

    def monday(self) -> Instant:
        """The next Monday, 09:00 where the desk is."""
        return instant("mon 09:00", zone(self._home().policy.timezone), self.now + 1)

    def next_due(self) -> Next | None:
        """The sweep that comes when the next promise runs out, or the next step is taken."""
        found = self.standing.next()
        return None if found is None else Next(-(-found.at // EVERY) * EVERY, found.what)

    def check(self, number: int, who: str) -> None:
        """Check a pull request now, as its workflow does when people change it."""
        with self._turn:
            self._running().check(number, who, self.now)

    def answer(self, incident: str, change: str) -> bool:
        """Let whom the pager called answer there; the next sweep hears of it. False for what is answered already."""
        with self._turn:
            if change not in ("acknowledge", "resolve") or not self.calls.answer(self._home(), incident, change):
                return False
            self._running().clockwork.happened()
        self.settle()
        return True

    @property
    def seen(self) -> int:
        """The last delivery of the forge's that was looked at."""
        return self._actions.seen if self._actions else 0

    def skipped(self) -> int:
        """How many sweeps were left out, since they could change nothing."""
        return self._actions.clockwork.skipped if self._actions else 0

    # -- what follows from it ----------------------------------------------------------------------------------------

    def _home(self) -> Home:
        if self.home is None:
            raise NoGame
        return self.home

    def _running(self) -> Runs:
        if self._actions is None:
            raise NoGame
        return self._actions

    def _begin(self, home: Home) -> None:
        self._actions = Runs(home, self.house, self.kept, self.calls, self._busy)
        self._until = self.now

    def _busy(self, workflow: str) -> None:
        self.working = workflow

    def _work(self) -> None:
        last = time.monotonic()
        while not self._ending.is_set():
            self._wake.wait(_PLAYING if self.speed else _STANDING)
            self._wake.clear()
            asked = self._asked
            passed, last = time.monotonic() - last, time.monotonic()
            with self._turn:
                if self.home is not None:
                    self._go_on(self.home, passed)
            with self._settled:
                self._done = max(self._done, asked)
                self._settled.notify_all()

    def _go_on(self, home: Home, passed: float) -> None:
        if self.speed:
            with self._settled:
                self._until = max(self._until, self.now + max(1, round(self.speed * passed)))
        try:
            self._catch_up(home, self._running())
        except WorkflowError as error:
            self._stop(str(error))
        except Exception as error:
            LOG.exception("a mistake in respondby")
            self._stop(f"A mistake in respondby: {type(error).__name__}: {error}. The terminal has the rest.")
            self.standing = Standing(self.now, {}, self.trouble)
        finally:
            self.working = ""

    def _stop(self, trouble: str) -> None:
        """Say what went wrong, and let time stand: nothing goes on by halves."""
        self.trouble, self.speed, self._until = trouble, 0, self.now

    def _catch_up(self, home: Home, actions: Runs) -> None:
        """Do everything that is to be done up to the instant to which time was sent."""
        changed = False
        while not self._ending.is_set():
            if actions.has_news:
                changed, self.trouble = True, ""
                actions.follow(self.now)
                self._keep()
            elif self._until > self.now:
                changed, self.trouble = True, ""
                self._pass(home, actions)
            else:
                break
        if changed or self.standing.at != self.now:
            self._look()

    def _pass(self, home: Home, actions: Runs) -> None:
        """Let time pass until it is where it was sent, or something happens, or somebody stops it."""
        end = self._until
        for _ in actions.advance(end, including=True):
            self._keep()
            if actions.has_news or self._until != end or self._ending.is_set():
                self._until = max(self._until, self.now)
                return
        home.at(end)
        self._keep()

    def _keep(self) -> None:
        """Remember where time stands and what has been answered: after a restart the rest is done."""
        self.kept.put(now=self.forge.now(), delivery=self._running().seen)

    def _look(self) -> None:
        home = self._home()
        with self.forge.calm():  # faults are for the desk, not for who looks on
            self.standing = standing(self.forge.url, home.reading, home.secrets.get, self.now)
