"""Generated policies and timelines: small, but with every kind of target, ladder and happening in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hypothesis import strategies as st
from tests.laws.world import World

from respondby.calendars.instants import parse_time, zone
from respondby.desk.case import Actor, Moment, Revision
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy

START = parse_time("2026-10-23T14:00", zone("Europe/Brussels"))  # a Friday; the clocks change on Sunday
CARLA = Actor("carla")
STAFF = {name: Actor(name, "MEMBER") for name in ("ann", "bob", "tess")}

_HEAD = """
version: 1
desk: Generated
timezone: Europe/Brussels
calendar: office
people: { ann: { timezone: Europe/Brussels }, bob: { timezone: America/New_York }, tess: {} }
calendars:
  office: { timezone: Europe/Brussels, hours: { mon-fri: ["09:00-12:30", "13:00-17:30"] }, holidays: { country: BE } }
  night: { timezone: Europe/Brussels, hours: { fri-sun: ["22:00-06:00"] } }
roles:
  staff: { people: [ann, bob, tess] }
  first: ann
  lead: tess
  absent: { when: { state: resolved }, people: tess }
channels:
  pager: { pagerduty: PAGER, fallback: chat }
  chat: { console: CHAT, quiet: "22:00-07:00" }
fields:
  type: { label: type/, set-by: staff }
  priority: { label: priority/, set-by: staff, default: normal, values: { high: High, normal: Normal, low: Low } }
  state: { label: state/, set-by: staff, values: { resolved: Resolved } }
forms:
  question: { name: Question, about: Ask., choose: [priority], ask: { what: { ask: "What?", kind: text } } }
commands:
  "@help": { by: anyone, raise: { priority: high }, notify: staff, via: chat, cooldown: 15m }
  /ack: { by: staff }
  /wait: { by: staff }
  /resume: { by: staff }
  /resolved: { by: staff, set: { state: resolved }, notify: author }
  /reopen: { by: anyone, reopen: true }
  /hold: { by: staff, takes: { until: duration } }
  /started: { by: staff, takes: { at: optional time } }
  /mitigated: { by: staff, takes: { at: optional time } }
  /close: { by: [author, staff] }
rules:
  - { when: { priority: high }, label: hot, notify: lead, via: chat }
incidents: { when: { priority: [high, normal] } }
"""

TARGETS = (
    "30m",
    "26h",
    "{ within: 2 business hours }",
    "{ within: 1 business day }",
    "{ by: end of next business day }",
    "{ by: end of week }",
    "{ within: 3h, calendar: night }",
    "{ priority: { high: { within: 20m }, normal: { within: 2 business hours }, low: { by: end of business day } } }",
)
RUNGS = (
    "{ at: start, page: first, via: pager }",
    "{ at: start, when: { priority: high }, page: lead, via: pager }",
    "{ at: 50%, notify: first }",
    "{ at: 50%, track: { project: acme/1, due: Due, token: BOARD } }",
    "{ at: 75%, notify: absent, via: chat }",
    "{ at: 75%, notify: first, via: chat }",
    "{ at: 75%, set: { priority: low } }",
    "{ at: due - 5m, notify: lead }",
    "{ at: due, label: sla/breached, page: first, via: pager }",
    "{ at: due + 10m, unlabel: hot }",
    "{ at: due + 15m, page: lead, via: pager, repeat: { every: 30m, times: 3, then: { notify: staff, via: chat } } }",
    "{ at: due, raise: { priority: high }, assign: first, repeat: { every: 10m, times: 2 } }",
    "{ at: due + 20m, when: { during: office }, page: first, via: pager }",
    "{ at: due + 30m, set: { state: resolved } }",
    "{ at: due + 50m, raise: { priority: high }, page: lead, via: pager }",
    "{ after: 10m, when: { outside: office }, notify: lead, via: chat }",
    "{ at: due + 1 business hour, notify: [first, lead], comment: Nobody has answered yet. }",
)
#: Rules that time makes true.
TIMED_RULES = (
    "{ when: { during: night, priority: high }, label: nightly, notify: lead, via: chat }",
    "{ when: { outside: office, priority: normal }, set: { priority: high } }",
    "{ when: { during: office, state: unset }, notify: first, via: chat }",
)
STARTS = ("opened", "[opened, reopened]", "/ack", "priority set", "started", "[detected, reopened]")
STOPS = (
    "comment by staff", "[/ack by staff, comment by staff]", "/resolved", "state set", "mitigated", "[/ack, resolved]",
)  # fmt: skip


def policies() -> st.SearchStrategy[Policy]:
    """A policy with one to three clocks."""
    return policy_texts().map(load)


@st.composite
def policy_texts(draw: st.DrawFn) -> str:
    """The same as people write it."""
    clocks = []
    for number in range(draw(st.integers(1, 3))):
        rungs = draw(st.lists(st.sampled_from(RUNGS), max_size=4, unique=True))
        rungs.sort(key=RUNGS.index)
        lines = [
            f"  clock-{number}:",
            f"    start: {draw(st.sampled_from(STARTS))}",
            f"    stop: {draw(st.sampled_from(STOPS))}",
            f"    target: {draw(st.sampled_from(TARGETS))}",
            f"    ladder: [{', '.join(rungs)}]",
        ]
        if draw(st.integers(0, 3)):
            pauses = ["waiting", "[waiting, /hold]", "{ from: /hold, until: comment by author }", "state = resolved"]
            lines.append(f"    pause: {draw(st.sampled_from(pauses))}")
        if draw(st.integers(0, 3)) == 0:
            lines.append("    when: { priority: [high, normal] }")
        if draw(st.integers(0, 4)) == 0:
            lines.append("    survives: close")
        clocks.extend(lines)
    rules = draw(st.lists(st.sampled_from(TIMED_RULES), max_size=2, unique=True))
    return with_clocks("\n".join(clocks), rules)


def with_clocks(clocks: str, rules: Iterable[str] = ()) -> str:
    """The desk of these laws with these clocks, and rules beside its own, as people write it."""
    more = "".join(f"  - {rule}\n" for rule in rules)
    return _HEAD.replace("rules:\n", f"rules:\n{more}") + "clocks:\n" + clocks.strip("\n") + "\n"


@dataclass(frozen=True)
class Step:
    """Something that a person does `after` seconds after the opening."""

    after: int
    who: Actor
    what: str

    def moment(self, number: int) -> Moment:
        """The step as the forge tells it."""
        at, source = START + self.after, f"X_{number}"
        if self.what in ("closed", "reopened"):
            return Moment(at, "closed" if self.what == "closed" else "reopened", self.who, source)
        if self.what.startswith("+"):
            return Moment(at, "labeled", self.who, source, text=self.what[1:])
        return Moment(
            at, "comment", self.who, source, revisions=(Revision(at, self.who.login, self.what),), number=number
        )


def steps() -> st.SearchStrategy[list[Step]]:
    """A timeline over four days, in order of time."""
    customer = st.sampled_from(["Any news?", "@help it burns", "/close", "closed", "reopened"]).map(
        lambda what: (CARLA, what)
    )
    staff = st.tuples(
        st.sampled_from(list(STAFF.values())),
        st.sampled_from(
            [
                "We look.",
                "/ack",
                "/wait",
                "/wait",
                "/resume",
                "/hold 3h",
                "/reopen",
                "/resolved",
                "/mitigated",
                "/mitigated 14:20",
                "/mitigated 2026-10-23T16:30",
                "/started 13:10",
                "/started 2026-10-23T13:40",
                "/priority low",
                "/priority high",
                "+priority/low",
                "closed",
            ]
        ),
    )
    when = st.one_of(
        st.sampled_from([60, 300, 900, 1200, 1800, 3600, 7200]),
        st.integers(1, 300).map(lambda k: k * 60),
        st.integers(1, 4 * 86_400),
    )
    step = st.builds(lambda after, act: Step(after, *act), when, st.one_of(customer, staff))
    return st.lists(step, min_size=1, max_size=12).map(lambda found: sorted(found, key=lambda one: one.after))


def happen(world: World, timeline: Iterable[Step], sweeps: Iterable[int]) -> None:
    """Everything happens in its order, and the desk looks at these times."""
    happenings = [(START + step.after, 0, step.moment(number)) for number, step in enumerate(timeline)]
    for at, kind, moment in sorted([*happenings, *((at, 1, None) for at in sweeps)], key=lambda one: one[:2]):
        if kind == 0 and moment is not None:
            world.happen(moment)
        else:
            world.sweep(at)
