"""A desk on paper: a story in an ideal world, and what the desk does there, in lines that a test can read."""

from __future__ import annotations

from dataclasses import replace

from tests.laws.world import World
from tests.promises.stories import HEAD as STORY_HEAD
from tests.promises.stories import case_of, policy, shown, when

from respondby.rules.plan import Plan

#: What policies of stories begin with, with the office as their calendar and everybody in `staff`.
HEAD = STORY_HEAD.replace("desk: Told", "desk: Told\ncalendar: office").replace(
    "[ann, bob, tess]", "{ people: [ann, bob, tess] }"
)

#: What policies of stories lack to call people.
CHANNELS = """
channels:
  pager: { console: PAGER, fallback: chat }
  chat: { console: CHAT, quiet: "22:00-07:00" }
"""


def world(clocks: str, story: str, *, head: str = HEAD, more: str = "") -> World:
    """The story's case under a policy with these clocks; nothing has been done yet."""
    case = case_of(story, "acme/support")
    labels: set[str] = set()
    for moment in case.moments:
        if moment.kind == "labeled":
            labels.add(moment.text)
        elif moment.kind == "unlabeled":
            labels.discard(moment.text)
    return World(policy(clocks, head + CHANNELS + more), replace(case, labels=frozenset(labels)))


def called(world: World) -> list[str]:
    """Every call so far: `11:00 page tess pager`, `09:30 mention ann mention`; reactions are left out."""
    return [f"{shown(at)} {verb} {to} {via}" for at, _, verb, to, via in world.called if verb != "react"]


def sweep(world: World, *times: str) -> Plan:
    """Sweeps at these times; the last plan."""
    plan = Plan("")
    for time in times:
        plan = world.sweep(when(time))
    return plan


def records(world: World) -> dict[str, str]:
    """What the ledger says of each rung: `75%` → `done 09:45`."""
    return {
        "/".join(key.split("/")[2:]): f"{record.outcome} {shown(record.at)}"
        for key, record in sorted(world.case.ledger.records.items())
    }
