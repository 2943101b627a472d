"""The sandbox with its people's side, on one port of this machine, until it is ended."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from respondby.calendars.instants import Instant
from respondby.playground.game import PATIENCE, Game
from respondby.playground.kept import Kept
from respondby.playground.web.app import site_above
from respondby.playground.web.site import Site
from respondby.playground.web.start import Own
from respondby.rehearsal.receiver import Receiver
from respondby.rehearsal.rehearse import open_house
from respondby.rehearsal.running import Start
from respondby.sandbox.server import Sandbox
from respondby.sandbox.serving.routing import App, Receive, Scope, Send
from respondby.sandbox.store.world import World


@dataclass(frozen=True, slots=True)
class Place:
    """A playground that is open: its address, its game, and the forge that it is played on."""

    url: str
    game: Game
    forge: Sandbox


class Playable(Sandbox):
    """The sandbox, with an entrance before it, and a memory in its own file."""

    def __init__(self, path: Path | None, accepted: Collection[str], port: int) -> None:
        self.entrance = _Entrance()
        super().__init__(path, accepted=accepted, port=port, wrap=self.entrance.before)

    @property
    def world(self) -> World:
        """What it stands on."""
        return self._world


class _Entrance:
    """Hands every request to the pages, once they are there; until then to the forge."""

    app: App

    def before(self, forge: App) -> App:
        self.app = forge
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@contextmanager
def playground(
    port: int,
    path: Path | None = None,
    own: Path | None = None,
    begins: Instant | None = None,
    accepted: Collection[str] = (),
    *,
    start: Start | None = None,
    patience: float = PATIENCE,
) -> Iterator[Place]:
    """Open it on a port of 127.0.0.1 (0: a free one), with what `path` holds from before.

    `own` is a policy to play beside the processes, `begins` the instant at which games begin, `accepted` are host names
    beside this machine's own. `start` replaces how the command line is started; whoever acts waits for the desk, but no
    longer than `patience` seconds. Raises OSError for a port that is taken, and OldFile.
    """
    names = frozenset(name.lower() for name in accepted)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="respondby-sandbox-"))).resolve()
        forge = Playable(path, names, port)
        stack.enter_context(forge)
        kept = Kept(forge.world)
        receiver = stack.enter_context(Receiver())
        house = stack.enter_context(open_house(folder, start=start))
        game = stack.enter_context(Game(forge, receiver, kept, house, patience))
        site = Site(game)
        forge.entrance.app = site_above(site, Own(own, begins, int(time.time())), forge.entrance.app, names)
        yield Place(forge.url, game, forge)
