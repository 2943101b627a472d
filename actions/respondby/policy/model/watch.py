"""When a job stays awake for what is due soon, and what that costs."""

from __future__ import annotations

from respondby.dataclass import dataclass
from respondby.policy.model.conditions import ALWAYS, When

#: Unless the policy says so: a watch ends when nothing is due within so many seconds.
IDLE = 2 * 3_600
#: Nothing that comes later than a job can live is worth staying awake for (GitHub ends a job after six hours).
LONGEST = 5 * 3_600
#: Unless the policy says so: how many seconds of a calendar month jobs may watch.
AT_MOST = 60 * 3_600
#: More than this is refused: it costs more than the desk is worth, and a host of one's own does it for nothing.
MOST = 300 * 3_600
#: US dollars a minute of a job on Linux with one core and with two, in a private repository past the free minutes.
DOLLARS = (0.002, 0.006)


@dataclass(frozen=True, slots=True)
class Watch:
    """`when` says for which cases, at which times; `idle` and `at_most` are seconds: a watch ends when nothing of such
    a case is due within `idle`, and jobs watch for no more than `at_most` in a calendar month (UTC).
    """

    when: When = ALWAYS
    idle: int = IDLE
    at_most: int = AT_MOST


def price(seconds: int) -> str:
    """What a job that lives so long bills, in words: minutes, and dollars by GitHub's prices of 2026."""
    minutes = -(-seconds // 60)
    least, most = (round(minutes * dollars) for dollars in DOLLARS)
    return f"{minutes:,} minutes (about {least} to {most} dollars)"
