"""What a run has decided about a case stays, whatever the policy or the forge say of it later."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.laws.world import World
from tests.promises.stories import HEAD, case_of, policy, shown, stand, when

from respondby.desk.case import GHOST, Moment
from respondby.desk.history import History
from respondby.desk.ledger import Ledger
from respondby.desk.records import Kept
from respondby.desk.remembered import Remembered
from respondby.promises.assess import assess

CLOCKS = """
  answer: { start: opened, stop: comment by staff, target: { priority: { high: 1h, normal: 8h } } }
  owner: { start: opened, stop: assigned by staff, target: 8h }
  hot: { when: { label: hot }, start: opened, stop: closed by staff, target: 8h }
  silence: { start: waiting, stop: comment by author, target: 1 day }
"""
FORM = """forms:
  problem:
    name: Problem
    about: Broken.
    choose: [priority]
    ask: { what: { ask: "What happens?", kind: text }, since: { ask: "Since when?", optional: true } }
"""
FIRST = HEAD.replace("priority: { label: priority/,", "priority: { label: priority/, default: normal,").replace(
    "  /hold: { by: staff }", "  /hold: { by: staff }\n  /hot: { by: staff, label: hot }\n  /only: { by: lead }"
)
BODY = "### Priority\\n\\nHigh\\n\\n### What happens?\\n\\nIt burns\\n\\n### Since when?\\n\\nMonday"
OPENED = f'09:00 carla opens "{BODY}"'


def seen(story: str, at: str) -> World:
    """The story under the first policy, seen by a run at that time."""
    world = World(policy(CLOCKS + FORM, FIRST), case_of(f"{OPENED}\n{story}"))
    world.sweep(when(at))
    return world


def since(world: World, story: str, *edits: tuple[str, str]) -> World:
    """The same case once more has happened, under the policy with these edits."""
    text = CLOCKS + FORM, FIRST
    for old, new in edits:
        assert any(old in part for part in text), old
        text = text[0].replace(old, new), text[1].replace(old, new)
    case = case_of(f"{OPENED}\n{story}")
    ours = tuple(moment for moment in world.case.moments if moment.ours)
    moments = tuple(sorted((*case.moments, *ours), key=lambda moment: moment.at))
    return World(policy(*text), replace(world.case, moments=moments))


def stands(world: World, at: str) -> list[str]:
    """How each clock stands."""
    history = world.read(when(at))
    return [stand(run) for run in assess(world.policy, history, when(at), history.ledger.pins).runs]


def field(history: History, name: str = "priority") -> str | None:
    """The value of a field at the end."""
    return history.state.fields.get(name)


LEFT = ("staff: [ann, bob, tess]", "staff: [ann, tess]")
JOINED = ("staff: [ann, bob, tess]", "staff: [ann, bob, tess, dora]"), ("tess: {} }", "tess: {}, dora: {} }")
REWORDED = ("What happens?", "What goes wrong?")


@pytest.mark.parametrize(
    "happened, edits, stood",
    [
        ("09:30 bob says Hello", [LEFT], "answer met 09:30"),
        ("09:30 dora says Hello", JOINED, "answer due 10:00"),
        ("09:30 bob assigns bob", [LEFT], "owner met 09:30"),
        ("09:30 dora assigns dora", JOINED, "owner due 17:00"),
        ("09:10 bob says /hot\n09:30 bob closes", [LEFT], "hot met 09:30"),
        ("09:10 bob says /hot", [("/hot: { by: staff, label: hot }", "/hot: { by: staff }")], "hot due 17:10"),
        ("09:10 bob says /hot", [("  /hot: { by: staff, label: hot }\n", "")], "hot due 17:10"),
        ("09:30 bob says /ack", [("  /ack: { by: staff }\n", "")], "answer due 10:00"),
        ("09:30 bob labels priority/normal", [("normal", "middle"), ("Normal", "Middle")], "answer due 17:00"),
        ("09:30 bob labels priority/normal", [("label: priority/", "label: prio/")], "answer due 17:00"),
        ("09:30 bob says Hello", [REWORDED], "answer met 09:30"),
    ],
)
def test_what_a_run_has_seen_stands_as_it_did(happened: str, edits: list[tuple[str, str]], stood: str) -> None:
    world = seen(happened, "09:45")
    assert stood in stands(world, "09:45")
    assert stood in stands(since(world, happened, *edits), "09:46")


@pytest.mark.parametrize("deleted", [{"IC_1"}, {"IC_2"}, {"IC_1", "IC_2"}, {"IC_3"}])
@pytest.mark.parametrize(
    "order, stood",
    [
        ("carla says Thanks\n09:30 bob says /wait", "silence due tue 09:30"),
        ("bob says /wait\n09:30 carla says Thanks", "silence met 09:30"),
    ],
)
def test_what_came_first_in_a_second_came_first_also_when_its_comment_is_gone(
    order: str, stood: str, deleted: set[str]
) -> None:
    world = seen(f"09:30 {order}\n09:40 bob says Well", "09:45")
    assert stood in stands(world, "09:45")
    left = tuple(moment for moment in world.case.moments if moment.source not in deleted)
    gone = replace(world, case=replace(world.case, moments=left))
    assert stands(gone, "09:45") == stands(world, "09:45")


@pytest.mark.parametrize("kind", ["says Hello", "assigns bob"])
def test_who_deleted_the_account_has_answered_all_the_same(kind: str) -> None:
    world = seen(f"09:30 bob {kind}", "09:45")
    ghosts = tuple(replace(m, by=GHOST) if m.by.login == "bob" else m for m in world.case.moments)
    gone = replace(world, case=replace(world.case, moments=ghosts))
    assert stands(gone, "10:30") == stands(world, "10:30")
    history = gone.read(when("10:30"))
    assert {fact.by.login for fact in history.facts if fact.by is not None and fact.at == when("09:30")} == {"bob"}


def test_a_deleted_author_is_still_whose_request_it_is() -> None:
    world = seen("09:30 carla says More", "09:45")
    ghosts = tuple(replace(m, by=GHOST) if m.by.login == "carla" else m for m in world.case.moments)
    gone = replace(world, case=replace(world.case, moments=ghosts, author=GHOST))
    assert gone.read(when("10:00")).requester.login == "carla"


def test_a_label_that_is_renamed_meant_what_it_meant() -> None:
    world = seen("09:30 bob labels priority/normal", "09:45")

    def renamed(moment: Moment) -> Moment:
        return replace(moment, text="later") if moment.text == "priority/normal" else moment

    changed = replace(world, case=replace(world.case, moments=tuple(map(renamed, world.case.moments))))
    assert field(changed.read(when("10:00"))) == "normal"
    without = tuple(moment for moment in world.case.moments if moment.text != "priority/normal")
    assert field(replace(world, case=replace(world.case, moments=without)).read(when("10:00"))) == "normal"


def test_a_request_is_read_by_the_form_of_then_also_where_it_is_edited_later() -> None:
    world = seen("", "09:10")
    edit = f'09:30 carla edits 0 "{BODY.replace("High", "Normal").replace("burns", "smokes")}"'
    later = since(world, edit, REWORDED, ("high: High, normal: Normal", "high: At once, normal: Soon"))
    history = later.read(when("10:00"))
    assert (history.form, field(history)) == ("problem", "normal")
    assert history.answers["what"] == "It smokes"
    assert history.answers["since"] == "Monday", "a heading of then is not swallowed by the answer before it"
    assert history.problems == ()


def test_a_request_that_no_run_has_read_is_read_by_todays_form() -> None:
    fresh = World(policy(CLOCKS + FORM.replace(*REWORDED), FIRST), case_of(OPENED.replace(*REWORDED)))
    assert fresh.read(when("10:00")).answers["what"] == "It burns"


def test_what_was_refused_is_not_obeyed_because_the_policy_changed() -> None:
    happened = "09:10 bob says /only"
    world = seen(happened, "09:45")
    later = since(world, f"{happened}\n09:50 bob says /only", ("/only: { by: lead }", "/only: { by: staff }"))
    later.policy = replace(later.policy, committed=when("09:46"))
    assert [(said.verdict, shown(said.at)) for said in later.read(when("10:00")).commands] == [
        ("refused", "09:10"),
        ("accepted", "09:50"),
    ]


@pytest.mark.parametrize(
    "committed, verdicts",
    [
        ("09:46", ["refused", "refused", "accepted"]),  # the policy names Dora from 09:46 on
        (None, ["refused", "refused", "refused"]),  # nobody knows since when: from the next run on
    ],
)
def test_who_joins_counts_from_the_policys_commit_or_from_the_run_that_notices(
    committed: str | None, verdicts: list[str]
) -> None:
    happened = "09:10 dora says /ack"
    world = seen(happened, "09:40")
    story = f"{happened}\n09:42 dora says /ack\n09:50 dora says /ack"
    later = since(world, story, *JOINED)
    later.policy = replace(later.policy, committed=when(committed) if committed else None)
    assert [said.verdict for said in later.read(when("09:55")).commands] == verdicts
    later.sweep(when("09:55"))
    joined = since(later, f"{story}\n09:58 dora says Hello", *JOINED)
    assert "answer met 09:58" in stands(joined, "10:00") or committed is not None


def test_which_words_a_text_was_heard_to_say() -> None:
    kept = [
        Kept("IC_1:1 command /ack", 5, "bob", "MEMBER", "command", "/ack"),
        Kept("IC_1:2 field priority", 5, "bob", "MEMBER", "field", "priority", "high"),
        Kept("IC_2:1 command /wait", 5, "bob", "MEMBER", "command", "/wait"),
        Kept("IC_1 standing", 5, "bob", "MEMBER", "standing", "", "staff"),
    ]
    remembered = Remembered(Ledger(kept={one.key: one for one in kept}))
    assert remembered.words("IC_1") == {"/ack", "/priority"}
    assert remembered.words("IC_2") == {"/wait"}
    assert remembered.words("IC_3") == frozenset()
