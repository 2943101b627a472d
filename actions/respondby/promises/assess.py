"""What was promised, what was paused, what is due, what was kept: `assess(policy, history, now)`.

Laws (docs/language.md, rules 6 to 18):

- Pure: reads no clock, file, network or environment.
- Within one instant: facts, then `when`, then each moment in the order in which the forge tells them, what it stops
  before what it starts; a moment cannot stop what it started, a later one of the same instant can (rule 8). What a
  comment says comes first, then each of its commands.
- A stop in the due second meets the promise (rule 8).
- `when` false cancels, true late starts then; a target's time conditions are judged once, at the start (rule 9).
- The due never moves earlier, except by a raise (rule 11), `/cmd.argument`, a changed policy that applies at once, or
  a milestone whose time is corrected.
- A clock that starts or stops at a milestone counts from there, and to there, by the time that was said of it last
  (`desk.milestones`): of several corrections, the order in which they are said of different milestones changes nothing.

    a run:   (nothing) ──start──► running ──stop ≤ due──► met
                                    │  └────stop > due──► late
                                    ├── due passes ─────► breached ──stop──► late
                                    └── closed, or `when` false: cancelled; breached if its due had passed

It is a simulation: facts in order, and between them the instants at which something happens by itself (a due, a stage
or calendar boundary that a condition names). What happens within one instant is `promises.playing`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from respondby.calendars.instants import FOREVER, Instant
from respondby.desk.history import History, turns
from respondby.desk.in_force import Earlier
from respondby.desk.milestones import learned
from respondby.desk.records import Pin
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment
from respondby.promises.playing import Playing


def assess(policy: Policy, history: History, now: Instant, pins: Mapping[str, Pin] | None = None) -> Assessment:
    """Every run of every clock of this case, as they stand at `now`.

    `pins` are what earlier runs promised, from the ledger (rule 18); without them the policy as it is now counts.
    """
    playing = Playing(policy, history, pins or {})
    facts, states = history.facts, history.states
    coming = list(history.earlier)
    known = deque(learned(policy, history))
    for first, last in turns(facts):
        if (instant := facts[first].at) > now:
            break
        while coming and coming[0].until < instant:
            _replaced(playing, history.today, coming)
        while playing.alone < instant:
            playing.instant(playing.alone)
        playing.stands(states[last - 1])
        news = []
        while known and known[0].facts <= last:
            news.append(known.popleft())
        playing.instant(instant, facts[first:last], news)
    while coming and coming[0].until < now:
        _replaced(playing, history.today, coming)
    while playing.alone <= now:
        playing.instant(playing.alone)
    following = playing.alone if playing.alone < FOREVER else None
    runs = [run.frozen() for run in playing.runs]
    return Assessment(
        now,
        playing.cycle,
        tuple([run for run in runs if run.clock in policy.clocks]),
        following,
        frozenset(playing.heeded),
        tuple([run for run in runs if run.clock not in policy.clocks]),
    )


def _replaced(playing: Playing, policy: Policy, coming: list[Earlier]) -> None:
    """The earliest of the policies that are still to come to their end is replaced by the next one, at last today's."""
    until = coming.pop(0).until
    while playing.alone <= until:
        playing.instant(playing.alone)
    playing.under(coming[0].policy if coming else policy, until + 1)
