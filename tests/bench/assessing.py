"""How long `assess` takes: a case of 20 moments and 3 clocks, and whether it is linear in moments.

    PYTHONPATH=actions:. python tests/bench/assessing.py [--json]

Two cases: an ordinary one (asked, answered, waited for, raised, resolved, confirmed), and a busy one, in which every
second moment moves a clock. Prints the best of many short rounds in microseconds of processor time: the machine may
have other work. The last column stays level where the time is linear in moments. Exit 1 where the goal is missed.
"""

from __future__ import annotations

import gc
import json
import sys
from time import process_time

from tests.promises.stories import HEAD, Story, shown, story_of, when

from respondby.promises.assess import assess

ORDINARY = """
  answer:
    start: opened
    stop: comment by staff
    pause: waiting
    target: [{ by: /agree.until }, { priority: { high: 1 business hour, normal: { by: end of next business day } } }]
  resolution:
    start: priority set
    stop: /resolved
    pause: waiting
    target: { priority: { high: 8 business hours, normal: 3 business days } }
  confirmation:
    start: /resolved
    stop: comment by author
    target: 3 business days
"""
BUSY = """
  answer:
    start: opened
    stop: comment by lead
    pause: waiting
    target: { priority: { high: 1 business hour, normal: { by: end of next business day } } }
  resolution:
    start: priority set
    stop: /resolved
    pause: waiting
    target: { priority: { high: 8 business hours, normal: 3 business days } }
  update:
    when: { state: unset }
    start: [opened, update stops]
    stop: /update
    target: 2 business hours
"""
BEGINNING = ("bob labels priority/normal", 'carla says "It began at nine"', 'ann says "/ack"', 'bob says "I am on it"')
TALK = (
    'carla says "Any news?"',
    'ann says "Not yet"',
    'bob says "/wait for the log"',
    'carla says "Here it is"',
    "bob labels priority/high",
    'carla says "It is worse now"',
    'bob says "I see why"',
    'ann says "Tomorrow, I think"',
    'carla says "Thank you"',
    'bob says "There was another cause"',
    'carla says "Oh"',
    'ann says "One more day"',
    'bob says "/resolved"',
    'bob says "Please have a look"',
    'carla says "It works"',
)
TURMOIL = (
    'bob says "/wait for the log"',
    'carla says "Here it is"',
    "bob labels priority/high",
    'ann says "/update We are looking at it"',
    'carla says "Any news?"',
    'tess says "Not yet"',
    "bob labels priority/normal",
    'bob says "/ack"',
)
CASES = {"ordinary": (ORDINARY, BEGINNING, TALK), "busy": (BUSY, BEGINNING[:1], TURMOIL)}
LENGTHS = (20, 40, 80, 160, 320)
GOAL = 100.0


def story(name: str, moments: int) -> Story:
    """A conversation of that many moments, which begins anew where it is at its end."""
    clocks, beginning, talk = CASES[name]
    acts = (*beginning, *(talk[number % len(talk)] for number in range(moments - 1 - len(beginning))))
    lines = ['mon 09:00 carla opens "Nothing works"']
    lines.extend(f"{shown(when('mon 09:10') + 400 * number, 'none')} {act}" for number, act in enumerate(acts))
    return story_of(clocks, "\n".join(lines), head=HEAD.replace("desk: Told", "desk: Told\ncalendar: office"))


def measured(name: str, moments: int) -> dict[str, float | str]:
    """One row: what the case is like, and how long its assessment takes."""
    case = story(name, moments)
    history = case.history
    now = history.facts[-1].at + 600
    runs = len(assess(case.policy, history, now).runs)
    repeat = max(1, 2000 // moments)
    best = min(_round(case, history, now, repeat) for _ in range(40))
    return {"case": name, "moments": moments, "facts": len(history.facts), "runs": runs, "us": best}


def _round(case: Story, history: object, now: int, repeat: int) -> float:
    gc.disable()  # as timeit does
    begin = process_time()
    for _ in range(repeat):
        assess(case.policy, history, now)
    taken = (process_time() - begin) / repeat * 1e6
    gc.enable()
    return taken


def main(arguments: list[str]) -> int:
    """Print the tables."""
    rows = [measured(name, moments) for name in CASES for moments in LENGTHS]
    if "--json" in arguments:
        print(json.dumps(rows))
    else:
        print("case      moments  facts  runs  assess, µs  per moment, µs")
        for row in rows:
            each = row["us"] / row["moments"]
            print("{case:8}  {moments:7}  {facts:5}  {runs:4}  {us:10.1f}".format(**row), f"{each:15.2f}")
    return 0 if rows[0]["us"] <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
