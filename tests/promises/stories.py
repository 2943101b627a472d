"""Stories: cases in a few lines, and how their clocks stand. The language in which the rules of time are tested.

A story has one happening a line, each with its time:

    10:00 carla opens "Nothing works"          mon 10:00 is the beginning of the week; a bare time is the same day's
    10:05 bob says "/ack"
    10:06 bob edits 1 "/ack /wait"             the first comment; 0 is the request itself
    tue 09:00 bob labels priority/high         unlabels, assigns, unassigns take one word, too
    tue 09:00 desk labels sla/breached         what the desk itself did
    11:00 carla deletes 1                      closes, reopens, merges, delivers (a post-mortem) take nothing

`stands` tells all runs in a line, as the scenarios of a rehearsal do: `answer due 11:00`, `answer paused`, `answer met
10:30`, … and only `answer` for a run that promises nothing.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from respondby.calendars.instants import Instant, parse_time, wall, zone
from respondby.desk.case import Actor, Case, Moment, MomentKind, OwnComment, Revision
from respondby.desk.history import History
from respondby.desk.ledger import Ledger
from respondby.desk.reading import read
from respondby.desk.records import Kept, Pin, Record
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.promises.assessment import Assessment, Run

#: What every policy here begins with. It is Monday 2 March 2026, and Brussels is an hour ahead of UTC.
HEAD = """
version: 1
desk: Told
timezone: Europe/Brussels
people: { ann: {}, bob: {}, tess: {} }
calendars:
  office: { timezone: Europe/Brussels, hours: { mon-fri: ["09:00-17:00"] } }
roles:
  staff: [ann, bob, tess]
  bots: { people: ["gateway[bot]"] }
  lead: { when: { priority: high }, people: tess }
fields:
  type: { label: type/ }
  priority: { label: priority/, values: { high: High, normal: Normal, low: Low } }
  state: { label: state/, values: { hold: On hold, resolved: Resolved } }
commands:
  /ack: { by: staff }
  /agree: { by: staff, takes: { until: time } }
  /assign: { by: staff, takes: { who: optional login } }
  /close: { by: [author, staff] }
  /hold: { by: staff }
  /resolved: { by: staff, set: { state: resolved } }
  /resume: { by: staff }
  /reverted: { by: staff, takes: { which: optional ref } }
  /update: { by: staff }
  /wait: { by: staff, takes: { reason: optional text } }
  /workaround: { by: staff, takes: { until: time } }
"""
WHERE = zone("Europe/Brussels")
WEEK = "mon", "tue", "wed", "thu", "fri", "sat", "sun"
DESK = Actor("github-actions[bot]", bot=True)
PEOPLE: Mapping[str, Actor] = {
    name: Actor(name, "MEMBER") for name in ("ann", "bob", "tess")
} | {"desk": DESK, "gateway": Actor("gateway[bot]", bot=True)}  # fmt: skip

_TIME = re.compile(r"(?:(?P<day>mon|tue|wed|thu|fri|sat|sun)(?P<week>\+\d+)? )?(?P<clock>\d\d:\d\d(?::\d\d)?)")
_EVENTS: Mapping[str, MomentKind] = {
    "labels": "labeled", "unlabels": "unlabeled", "assigns": "assigned", "unassigns": "unassigned",
    "closes": "closed", "reopens": "reopened", "merges": "merged", "delivers": "post-mortem merged",
}  # fmt: skip


@lru_cache(maxsize=256)
def policy(clocks: str, head: str = HEAD) -> Policy:
    """A policy with these clocks, and whatever stands below them."""
    return load(f"{head}\nclocks:\n{clocks}\n")


def when(text: str, day: str = "mon") -> Instant:
    """`10:00`, `tue 10:00`, `tue+1 10:00` (the week after), on that day where none is named."""
    parts = _TIME.fullmatch(text)
    assert parts is not None, f"{text!r} is not a time of a story"
    date = 2 + WEEK.index(parts["day"] or day) + 7 * int(parts["week"] or 0)
    return parse_time(f"2026-03-{date:02d}T{parts['clock']}", WHERE)


def shown(instant: Instant | None, day: str = "mon") -> str:
    """An instant as stories write it: without its day on that one; nothing for none."""
    if instant is None:
        return ""
    local = wall(instant, WHERE)
    clock = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    name, week = WEEK[local.weekday()], (local.day - 2) // 7
    return clock if (name, week) == (day, 0) else f"{name}{f'+{week}' if week else ''} {clock}"


@dataclass(frozen=True)
class Story:
    """A policy and a case that happened under it."""

    policy: Policy
    case: Case

    @property
    def history(self) -> History:
        """The case as it is read."""
        return read(self.policy, self.case)

    def assessed(self, at: str | Instant, pins: Mapping[str, Pin] | None = None) -> Assessment:
        """The assessment at that instant, of what had happened by then."""
        now = when(at) if isinstance(at, str) else at
        happened = replace(self.case, moments=tuple(moment for moment in self.case.moments if moment.at <= now))
        return assess(self.policy, read(self.policy, happened), now, pins)

    def stands(self, at: str, pins: Mapping[str, Pin] | None = None) -> str:
        """All runs at that instant: `answer due 11:00; update late 12:00`."""
        return "; ".join(stand(run) for run in self.assessed(at, pins).runs)

    def with_ledger(self, records: Iterable[Record] = (), kept: Iterable[Kept] = (), pins: Iterable[Pin] = ()) -> Story:
        """The same case with a card that records this."""
        ledger = Ledger({r.key: r for r in records}, {p.key: p for p in pins}, {k.key: k for k in kept})
        own = (*self.case.own, OwnComment(999, "IC_card", self.case.created, "card", ledger))
        return replace(self, case=replace(self.case, own=own))


def stand(run: Run) -> str:
    """One run as the scenarios write it."""
    if run.state == "running" and run.paused:
        return f"{run.clock} paused"
    if run.state == "running":
        return run.clock if run.due is None else f"{run.clock} due {shown(run.due)}"
    if run.state == "breached" and run.ended is None:
        return f"{run.clock} breached {shown(run.due)}"
    return f"{run.clock} {run.state} {shown(run.ended)}"


def story_of(clocks: str, story: str, *, head: str = HEAD, repository: str = "acme/support") -> Story:
    """The story, happening under a policy with these clocks."""
    return Story(policy(clocks, head), case_of(story, repository))


@dataclass
class _Teller:
    moments: list[Moment] = field(default_factory=list)
    cards: list[OwnComment] = field(default_factory=list)
    comments: int = 0
    day: str = "mon"

    def line(self, text: str) -> None:
        clock = _TIME.match(text)
        assert clock is not None, f"{text!r} has no time"
        self.day = f"{clock['day']}{clock['week'] or ''}" if clock["day"] else self.day
        at = when(f"{self.day} {clock['clock']}")
        who, verb, *rest = shlex.split(text[clock.end() :])
        by = PEOPLE.get(who) or Actor(who)
        source = f"X_{len(self.moments)}"
        said = rest[-1].replace("\\n", "\n") if rest else ""
        match verb:
            case "opens":
                self.moments.append(Moment(at, "opened", by, "I_1", revisions=(Revision(at, by.login, said),)))
            case "says":
                self._say(at, by, said)
            case "posts":
                self._say(at, DESK, "", ours=True)
                self.cards.append(OwnComment(self.comments, f"IC_{self.comments}", at, "card", Ledger()))
            case "edits":
                self._edit(int(rest[0]), Revision(at, by.login, said))
            case "deletes":
                gone = f"IC_{rest[0]}"
                self.moments = [moment for moment in self.moments if moment.source != gone]
                self.moments.append(Moment(at, "comment deleted", by, source))
            case _:
                self.moments.append(Moment(at, _EVENTS[verb], by, source, said, ours=by is DESK))

    def _say(self, at: Instant, by: Actor, text: str, *, ours: bool = False) -> None:
        self.comments += 1
        self.moments.append(
            Moment(
                at,
                "comment",
                by,
                f"IC_{self.comments}",
                revisions=(Revision(at, by.login, text),),
                ours=ours,
                number=self.comments,
            )
        )

    def _edit(self, number: int, revision: Revision) -> None:
        source = f"IC_{number}" if number else "I_1"
        index = next(index for index, moment in enumerate(self.moments) if moment.source == source)
        edited = self.moments[index]
        self.moments[index] = replace(edited, revisions=(*edited.revisions, revision))


def case_of(story: str, repository: str = "acme/support") -> Case:
    """The case that a story tells."""
    teller = _Teller()
    for line in story.strip().splitlines():
        teller.line(line.strip())
    opened = teller.moments[0]
    state = [moment.kind for moment in teller.moments if moment.kind in ("closed", "reopened")]
    return Case(
        repository=repository,
        number=7,
        node_id="I_1",
        url=f"https://github.com/{repository}/issues/7",
        title="Nothing works",
        author=opened.by,
        created=opened.at,
        open=not state or state[-1] == "reopened",
        labels=frozenset(),
        assignees=(),
        moments=tuple(teller.moments),
        own=tuple(teller.cards),
    )
