"""Who hears of a maintenance window, and when: once, however often somebody looks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.laws.world import World
from tests.promises.stories import case_of, policy, shown, story_of, when
from tests.promises.test_windows import ASKED, DESK, MORE, asked, edited

from respondby.desk.reading import read
from respondby.promises.assess import assess
from respondby.promises.windows import planned, windows_of
from respondby.rules.decide import decide
from respondby.rules.maintenance import maintenance_tasks
from respondby.rules.plan import Because, Call, WriteComment

HEAD = DESK.replace("  lead: { when: { priority: high }, people: tess }", "  lead: tess")


URGENT = asked("08:00", "08:30", "09:00", urgent="Yes")


def world(*story: str) -> World:
    return World(policy(MORE, HEAD), case_of("\n".join(story)))


def heard(world: World, *times: str) -> list[str]:
    """`08:05 tess`: who heard of what at which sweep."""
    for time in times:
        world.sweep(when(time))
    return [f"{shown(at)} {to}" for at, _, verb, to, _ in world.called if verb == "mention"]


def recorded(world: World) -> dict[str, str]:
    found = {}
    for key, record in sorted(world.case.ledger.records.items()):
        head, _, rest = key.partition("/")
        if head == "window":
            at, slash, what = rest.partition("/")
            found[f"window/{shown(int(at))}{slash}{what}"] = record.outcome
    return found


@pytest.mark.parametrize(
    "story, times, people, records",
    [
        ([ASKED], ["08:05", "08:10"], ["08:05 tess"], {"window/08:00": "done"}),
        ([ASKED], ["13:00", "13:05"], ["13:00 tess"], {"window/08:00": "done", "window/08:00/reminder": "done"}),
        (
            [ASKED], ["08:05", "12:59", "13:00", "13:30"], ["08:05 tess", "13:00 tess"],
            {"window/08:00": "done", "window/08:00/reminder": "done"},
        ),
        ([ASKED], ["15:30"], [], {"window/08:00": "overtaken", "window/08:00/reminder": "overtaken"}),
        ([ASKED], ["15:00"], [], {"window/08:00": "overtaken", "window/08:00/reminder": "overtaken"}),
        (
            [ASKED], ["08:05", "14:00"], ["08:05 tess"],
            {"window/08:00": "done", "window/08:00/reminder": "overtaken"},
        ),
        (
            [ASKED, edited("13:00", "18:00", "19:00")], ["08:05", "13:05"], ["08:05 tess", "13:05 tess"],
            {"window/08:00": "done", "window/13:00": "done"},
        ),
        (
            [ASKED, edited("09:00", "16:00", "17:00")], ["08:05", "09:05"], ["08:05 tess", "09:05 tess"],
            {"window/08:00": "done", "window/09:00": "done"},
        ),
        (
            [ASKED, edited("09:00", "16:00", "17:00")], ["09:05"], ["09:05 tess"],
            {"window/08:00": "overtaken", "window/09:00": "done"},
        ),
        (
            [ASKED, "09:00 ann closes"], ["08:05", "09:05", "13:00"], ["08:05 tess", "09:05 tess"],
            {"window/08:00": "done", "window/09:00": "done"},
        ),
        ([ASKED, "09:00 ann closes"], ["09:05"], [], {"window/08:00": "overtaken", "window/09:00": "overtaken"}),
        ([URGENT], ["08:05", "08:20"], ["08:05 tess"], {"window/08:00": "done"}),
        (
            [asked("08:00", "09:00", "10:00", urgent="Yes")], ["08:05", "08:30"], ["08:05 tess"],
            {"window/08:00": "done"},
        ),
        ([asked("08:00", "09:00", "10:00")], ["08:05", "09:00"], [], {}),
    ],
    ids=[
        "announced once",
        "announced late, reminded at once, in one comment",
        "announced, and reminded an hour before",
        "when it is over nobody is told",
        "nor in the second in which it ends",
        "once it has begun nobody is reminded",
        "what is moved when it is to be reminded of is not reminded of as it was",
        "a move is told again",
        "nobody hears of what was replaced before anybody looked",
        "called off",
        "what nobody was told of is called off in silence",
        "an emergency so near needs no reminder",
        "what is announced when it is to be reminded of needs none beside it",
        "what is refused is told to nobody",
    ],
)  # fmt: skip
def test_who_hears_of_a_window(story: list[str], times: list[str], people: list[str], records: dict[str, str]) -> None:
    one = world(*story)
    assert heard(one, *times) == people
    assert recorded(one) == records


@pytest.mark.parametrize(
    "story, at, look",
    [
        ([ASKED], "12:30", "13:00"),
        ([ASKED], "13:00", ""),
        ([ASKED], "13:30", ""),
        ([ASKED, "12:20 ann closes"], "12:30", ""),
        ([ASKED, edited("12:20", "17:00", "18:00")], "12:30", "16:00"),
    ],
)
def test_the_next_look_is_at_the_reminder(story: list[str], at: str, look: str) -> None:
    assert shown(world(*story).sweep(when(at)).next) == look


@pytest.mark.parametrize(
    "story, what, state",
    [
        (ASKED, "Shop", ""),
        (URGENT, "Shop", "emergency"),
        (ASKED.replace("Shop", "_No response_"), "", ""),
    ],
)
def test_what_is_told_of_a_window(story: str, what: str, state: str) -> None:
    one = world(story)
    history = read(one.policy, one.case)
    (task,) = maintenance_tasks(one.policy, history, one.case.ledger, when("08:05"), ())
    window = planned(one.policy, history).window
    assert window is not None
    assert task.because == Because("window", what, "announced", window.end, window.start, state)
    heard(one, "08:05")
    history = read(one.policy, one.case)
    assert list(maintenance_tasks(one.policy, history, one.case.ledger, when("08:10"), ())) == []


def test_who_could_not_be_reached_hears_it_in_the_same_words_later() -> None:
    head = HEAD.replace("desk: Told", "desk: Told\nchannels: { chat: { console: CHAT } }")
    more = MORE.replace("notify: lead }", "notify: lead, via: chat }")
    one = World(policy(more, head), case_of(f"{ASKED}\n{edited('08:30', '15:00', '17:00')}"), unreachable={"tess"})
    words = []
    for time in ("08:35", "08:40"):
        _, plan = one.look(when(time))
        words += [because.rung for call in plan.actions if isinstance(call, Call) for because in call.because]
        one.sweep(when(time))
    assert words == ["announced", "announced"]


def test_the_later_of_two_windows_that_meet_is_told() -> None:
    other = story_of(MORE, asked("07:00", "14:30", "16:00"), head=HEAD)
    first = planned(other.policy, other.history).window
    assert first is not None
    one = world(ASKED)
    history = read(one.policy, one.case)
    assessment = assess(one.policy, history, when("08:05"))

    def told_of(window):
        plan = decide(one.policy, history, assessment, [window])
        comment = next(action for action in plan.actions if isinstance(action, WriteComment))
        return [(because.rung, shown(because.started)) for because in comment.because]

    near = replace(first, case="acme/support#3", url="https://github.com/acme/support/issues/3")
    assert told_of(near) == [("announced", "14:00"), ("meets", "14:30")]
    alone = [("announced", "14:00")]
    assert told_of(replace(near, start=when("15:00"))) == alone, "one ends where the other begins"
    assert told_of(replace(near, value="lab")) == alone, "another product"
    assert told_of(replace(near, announced=when("08:01"))) == alone, "the other one was later: its request is told"
    assert told_of(replace(near, case=one.case.ref)) == alone, "itself"

    def meets(at: str) -> list[str]:
        found = maintenance_tasks(one.policy, history, one.case.ledger, when(at), [replace(near, start=when("13:30"))])
        return [task.because.rung for task in found if task.because.rung == "meets"]

    assert (meets("14:59"), meets("15:00")) == (["meets"], []), "this one is over"
    near = replace(near, end=when("14:30"))
    assert (meets("14:29"), meets("14:30")) == (["meets"], []), "the other one is over"
    assert windows_of(one.policy, [history], "shop")[0].overlaps(near)


@pytest.mark.parametrize("looked, told", [(["08:05"], ["announced", "moved"]), ([], ["announced"])])
def test_a_window_is_moved_for_who_has_heard_of_it_and_announced_to_who_has_not(
    looked: list[str], told: list[str]
) -> None:
    one = world(ASKED, edited("08:30", "15:00", "17:00"))
    words = []
    for time in [*looked, "08:35"]:
        _, plan = one.look(when(time))
        one.sweep(when(time))
        comments = [action for action in plan.actions if isinstance(action, WriteComment)]
        words += [because.rung for comment in comments for because in comment.because]
    assert words == told
