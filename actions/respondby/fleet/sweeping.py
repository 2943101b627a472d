"""Sweep the repositories of one part, one after another in one process, each within its fence.

- What happens in one is told of that one: a repository that has gone, a token that may not, a policy that is none, a
  mistake of ours. Only a limit of the token ends the part, since every other would meet it; the next run begins with
  those that were left.
- All of them share the token's limits and pace.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.fleet.figures import Figure
from respondby.forge.client import Client
from respondby.forge.errors import BadToken, ForgeError, LimitReached
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.policy_in_force import NoPolicy
from respondby.jobs.inputs.sweep_cache import SweepCache
from respondby.jobs.loop.report import Report
from respondby.jobs.loop.run import mistake
from respondby.jobs.runs import sweep

LOG = logging.getLogger(__name__)

#: How much the newest figure counts beside those before: one slow answer says little.
_NEWEST = 0.5
#: How many times longer or shorter than usual a request is taken to be.
_FAR = 2.0


@dataclass(slots=True)
class Swept:
    """One repository: its report (None: it could not be swept), why it failed, seconds and requests that it took."""

    name: str
    report: Report | None = None
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    requests: int = 0


@dataclass(slots=True)
class SweptPart:
    """What became of a part: of each repository, and of those that a limit left (`ended` says why) to the next run."""

    swept: list[Swept] = field(default_factory=list)
    left: tuple[str, ...] = ()
    ended: str | None = None

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return sum(one.requests for one in self.swept)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return sum(one.seconds for one in self.swept)


def sweep_part(
    client: Client,
    names: Sequence[str],
    desk_of: Callable[[Client], Desk],
    cache_of: Callable[[str], SweepCache | None],
    monotonic: Callable[[], float],
    *,
    dry: bool = False,
) -> SweptPart:
    """Sweep these repositories in their order."""
    part = SweptPart()
    for place, name in enumerate(names):
        one = Swept(name)
        own = client.beside(name)
        begun = monotonic()
        ended: str | None = None
        try:
            one.report = sweep(desk_of(own), dry=dry, cache=cache_of(name))
            one.failed.extend(one.report.failed)
        except (LimitReached, BadToken) as error:
            ended = str(error)
        except (ForgeError, NoPolicy) as error:
            one.failed.append(str(error))
        except Exception as error:
            LOG.exception("%s: a mistake in respondby", name)
            one.failed.append(mistake(error))
        ended = ended or client.allowance.limited or None
        one.seconds, one.requests = monotonic() - begun, own.requests
        if ended is None or one.report is not None:
            part.swept.append(one)
        if ended is not None:
            part.ended = ended
            part.left = tuple(names[place + (one.report is not None) :])
            break
    return part


def figures_after(before: Mapping[str, Figure], part: SweptPart, now: Instant) -> dict[str, Figure]:
    """The figures with what this part has taken; who failed keeps its old ones, but was looked at now.

    A repository counts with the seconds that it took, but no further from what its requests usually take than `_FAR`:
    a machine that was busy for a moment says nothing of the next sweep.
    """
    found = dict(before)
    usual = part.seconds / max(1, part.requests)
    for one in part.swept:
        name = one.name.lower()
        old = found.get(name)
        least, most = usual * one.requests / _FAR, usual * one.requests * _FAR
        took = min(max(one.seconds, least), most)
        seconds = took if old is None else old.seconds + _NEWEST * (took - old.seconds)
        if one.report is not None or old is None:
            found[name] = Figure(seconds, one.requests, now)
        else:
            found[name] = Figure(old.seconds, old.requests, now)
    return found
