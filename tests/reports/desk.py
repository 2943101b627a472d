"""Facts for tests: stories of cases (`tests.promises.stories`) under one policy, as a report sees them."""

from __future__ import annotations

from dataclasses import replace

from tests.promises.stories import HEAD, case_of, policy, when

from respondby.calendars.instants import Instant
from respondby.desk.case import Case
from respondby.desk.reading import read
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.reports.cases import CaseFacts
from respondby.reports.desk import Facts, WrittenUp, made
from respondby.reports.reading import facts_of
from respondby.rules.duty_cases import as_case

#: Every story begins here: Monday 2 March 2026, 00:00 in Brussels. It is the month of 2026-03, in which clocks go on.
MONDAY = when("00:00")

CLOCKS = """
  answer: { start: opened, stop: comment by staff, pause: waiting, target: { priority: { high: 1h, normal: 4h } } }
  fix: { start: priority set, stop: /resolved, target: 8 business hours }
"""
PRODUCTS = """
calendar: office
products:
  shop: { name: Web shop, launched: 2026-01-05, uptime: 99.9% }
  lab: { name: Lab, launched: 2026-03-10, retired: 2026-03-20 }
  old: { name: Old, launched: 2026-01-05, retired: 2026-02-10 }
stages:
  building: { promises: none }
  live: { from: launched }
  gone: { from: retired, promises: none }
incidents: { when: { priority: high } }
uptime:
  by: product
  when: { stage: live }
  maintenance: { form: works, notice: 24h, emergency: { emergency: "Yes" } }
forms:
  problem: { name: Problem, about: x, choose: [product, priority], ask: { what: "What?" } }
  works:
    name: Works
    about: x
    choose: [product]
    ask:
      starts: { ask: Starts, kind: time }
      ends: { ask: Ends, kind: time }
      emergency: { ask: "Emergency?", options: ["No", "Yes"] }
"""
COMMANDS = """commands:
  /mitigated: { by: staff }
  /started: { by: staff }
  /excuse: { by: lead }
  /note: { by: staff }
"""
DESK = HEAD.replace("fields:", "fields:\n  product: { label: product/ }").replace("commands:\n", COMMANDS)


def support(more: str = PRODUCTS, clocks: str = CLOCKS) -> Policy:
    """The policy of these tests."""
    return policy(f"{clocks}\n{more}", DESK)


def seen(of: Policy, now: Instant, *stories: str | Case, written: tuple[WrittenUp, ...] = ()) -> Facts:
    """What a report knows of these cases at an instant; stories are numbered from 1."""
    cases = [story if isinstance(story, Case) else numbered(story, n) for n, story in enumerate(stories, 1)]
    return made(of, now, [facts(of, case, now) for case in cases], written)


def numbered(story: str, number: int) -> Case:
    """A story as the case of that number."""
    case = case_of(story)
    ref = f"https://github.com/{case.repository}/issues/{number}"
    return replace(case, number=number, url=ref, node_id=f"I_{number}")


def facts(of: Policy, case: Case, now: Instant) -> CaseFacts:
    """One case as a report sees it."""
    alone, case = as_case(of, case)
    history = read(alone, case)
    return facts_of(alone, history, assess(alone, history, now, case.ledger.pins))
