"""Generated policies and stories: small clocks of every kind, and people who do everything that moves one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st
from tests.promises.stories import HEAD, PEOPLE, Story, policy, when

from respondby.desk.case import Actor, Case, Moment, MomentKind, Revision
from respondby.policy.model.policy import Policy

START = when("fri 15:00")
POLICY_HEAD = HEAD.replace("desk: Told", "desk: Told\ncalendar: office").replace(
    "calendars:", 'calendars:\n  night: { timezone: Europe/Brussels, hours: { fri-sun: ["22:00-06:00"] } }'
)
TARGETS = (
    "30m",
    "26h",
    "2 business hours",
    "1 business day",
    "none",
    "{ by: end of next business day }",
    "{ by: end of week }",
    "{ within: 3h, calendar: night }",
    "[{ when: { during: office }, within: 15m }, { within: 3h }]",
    "[{ by: /agree.until }, { priority: { high: 20m, normal: 2 business hours } }, { within: 1 day }]",
    "{ priority: { high: 20m, normal: 2 business hours, low: { by: end of next week } } }",
)
WHENS = (
    "{ priority: [high, normal] }",
    "{ state: unset }",
    "{ label: vip }",
    "{ during: office }",
    "{ outside: night, state: [unset, hold] }",
)
STARTS = ("opened", "[opened, reopened]", "/ack", "priority set", "comment by author", "waiting", "closed")
STOPS = ("comment by staff", "[/ack by staff, comment by lead]", "/resolved", "state set", "closed", "assigned")
CHAINS = ("{other} due", "{other} stops", "[opened, {own} stops]")


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A policy with one to four clocks, the later ones listening to the earlier."""
    clocks = []
    for number in range(draw(st.integers(1, 4))):
        start = draw(st.sampled_from(STARTS))
        if draw(st.integers(0, 2)) == 0:
            chain = draw(st.sampled_from(CHAINS if number else CHAINS[2:]))
            start = chain.format(other=f"clock-{number - 1}", own=f"clock-{number}")
        lines = [
            f"  clock-{number}:",
            f"    start: {start}",
            f"    stop: {draw(st.sampled_from(STOPS))}",
            f"    target: {draw(st.sampled_from(TARGETS))}",
        ]
        if draw(st.booleans()):
            lines.append(f"    pause: {draw(st.sampled_from(['waiting', '[waiting, /hold]', 'state = hold']))}")
        if draw(st.integers(0, 2)) == 0:
            lines.append(f"    when: {draw(st.sampled_from(WHENS))}")
        if draw(st.integers(0, 3)) == 0:
            lines.append("    survives: close")
        if draw(st.integers(0, 3)) == 0:
            lines.append("    each: true")
        clocks.extend(lines)
    return policy("\n".join(clocks), POLICY_HEAD)


@dataclass(frozen=True)
class Act:
    """What somebody can do."""

    who: str
    kind: MomentKind
    text: str


ACTS = (
    Act("bob", "comment", "On it"),
    Act("tess", "comment", "Not yet"),
    Act("dora", "comment", "Me too"),
    Act("bob", "comment", "/ack"),
    Act("ann", "comment", "/ack\n\nI am on it"),
    Act("carla", "comment", "Any news?"),
    Act("bob", "comment", "/wait for the log"),
    Act("bob", "comment", "/resume"),
    Act("bob", "comment", "/hold"),
    Act("bob", "comment", "/resolved"),
    Act("bob", "labeled", "state/hold"),
    Act("bob", "unlabeled", "state/hold"),
    Act("bob", "labeled", "priority/high"),
    Act("bob", "labeled", "priority/normal"),
    Act("bob", "labeled", "priority/low"),
    Act("bob", "comment", "/agree 2026-03-12T12:00"),
    Act("bob", "comment", "/agree 2026-03-10T18:00"),
    Act("bob", "labeled", "vip"),
    Act("bob", "unlabeled", "vip"),
    Act("bob", "assigned", "ann"),
    Act("carla", "closed", ""),
    Act("bob", "closed", ""),
    Act("carla", "reopened", ""),
    Act("bob", "comment", "/close"),
)
# Minutes, hours and days, so that acts meet dues, each other and the weekend.
AFTER = st.one_of(st.integers(0, 40).map(lambda n: n * 600), st.integers(0, 96).map(lambda n: n * 3600))


@dataclass(frozen=True)
class Happened:
    """An act at an instant."""

    at: int
    act: Act

    def moment(self, number: int) -> Moment:
        """The act as the forge tells it; `number` names it for ever."""
        by = PEOPLE.get(self.act.who) or Actor(self.act.who)
        if self.act.kind == "comment":
            said = (Revision(self.at, by.login, self.act.text),)
            return Moment(self.at, "comment", by, f"IC_{number}", revisions=said, number=number)
        return Moment(self.at, self.act.kind, by, f"E_{number}", self.act.text)


def stories(most: int = 14) -> st.SearchStrategy[list[Happened]]:
    """What happens in a case, in order of time."""
    happened = st.builds(Happened, AFTER.map(lambda after: START + after), st.sampled_from(ACTS))
    return st.lists(happened, max_size=most).map(lambda story: sorted(story, key=lambda one: one.at))


def case_of(story: Sequence[Happened]) -> Case:
    """The case that such a story makes."""
    carla = Actor("carla")
    opened = Moment(START, "opened", carla, "I_1", revisions=(Revision(START, "carla", "Nothing works"),))
    moments = [happened.moment(number) for number, happened in enumerate(story, 1)]
    return Case(
        repository="acme/support",
        number=7,
        node_id="I_1",
        url="https://github.com/acme/support/issues/7",
        title="Nothing works",
        author=carla,
        created=START,
        open=True,
        labels=frozenset(),
        assignees=(),
        moments=(opened, *moments),
    )


def story_under(subject: Policy, story: Sequence[Happened]) -> Story:
    """The story under a policy."""
    return Story(subject, case_of(story))


def without_last(case: Story, until: int) -> Story:
    """The case as it was known at an instant."""
    moments = tuple(moment for moment in case.case.moments if moment.at <= until)
    return replace(case, case=replace(case.case, moments=moments))
