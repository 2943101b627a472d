"""The companion goes with its case, twins go, and what is asked for in other repositories is opened once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import HEAD, Story, story_of, when

from respondby.desk.case import OwnComment
from respondby.desk.known import Companion, Known
from respondby.desk.ledger import Ledger
from respondby.desk.reading import read
from respondby.desk.records import Elsewhere, Record
from respondby.rules.elsewhere import Following, companion_key, follow, twins
from respondby.rules.plan import DropTwin, Follow

INSIDE = HEAD + "internal: { repository: acme/inside, token: INSIDE_TOKEN }\n"
CLOCKS = "  answer: { start: opened, stop: comment by staff, target: 1h }"
OPENED = '10:00 carla opens "X"\n'
CLOSED = "10:10 bob closes\n"
AGAIN = "10:10 bob closes\n10:20 carla reopens\n"
KEY = companion_key("acme/inside")


def following(
    story: str, companion: Companion | None, *done: str, has_one: bool = True, head: str = INSIDE
) -> Following:
    """What becomes of the companion at eleven, where these turns of the case have been followed."""
    told: Story = story_of(CLOCKS, OPENED + story, head=head)
    elsewhere = {KEY: Elsewhere(3, "acme/inside", "https://x.test/3", KEY)} if has_one else {}
    ledger = Ledger({key: Record(key, 1, 1) for key in done}, elsewhere=elsewhere)
    card = OwnComment(999, "IC_card", told.case.created, "card", ledger)
    case = replace(told.case, own=(card,))
    return follow(told.policy, read(told.policy, case, Known(companion=companion)), when("11:00"))


def record(kind: str, source: str, at: str) -> Record:
    return Record(f"companion/{kind}/{source}", when(at), when("11:00"))


@pytest.mark.parametrize(
    "story, companion, wanted, actions, records",
    [
        # Nobody has looked for it: it is wanted once the case has been closed or opened again.
        ("", None, False, (), ()),
        (CLOSED, None, True, (), ()),
        ("", Companion(3), False, (), ()),
        (CLOSED, Companion(3), False, (Follow(3, False, "companion/closed/X_1"),), (record("closed", "X_1", "10:10"),)),
        (CLOSED, Companion(3, open=False), False, (), (record("closed", "X_1", "10:10"),)),
        (AGAIN, Companion(3, open=False), False, (Follow(3, True, "companion/reopened/X_2"),),
         (record("reopened", "X_2", "10:20"),)),
        (AGAIN, Companion(3), False, (), (record("reopened", "X_2", "10:20"),)),
        (CLOSED, Companion(0), False, (), ()),
        (CLOSED, Companion(3, twins=(5, 6)), False,
         (Follow(5, open=False), Follow(6, open=False), Follow(3, False, "companion/closed/X_1")),
         (record("closed", "X_1", "10:10"),)),
        ("", Companion(3, twins=(5,)), False, (Follow(5, open=False),), ()),
        (CLOSED, Companion(3, problem="no access"), False, (), ()),
    ],
)  # fmt: skip
def test_it_is_closed_and_opened_with_its_case_once_a_turn(
    story: str, companion: Companion | None, wanted: bool, actions: tuple[object, ...], records: tuple[Record, ...]
) -> None:
    assert following(story, companion) == Following(wanted, actions, records)  # type: ignore[arg-type]


@pytest.mark.parametrize("companion, wanted", [(None, False), (Companion(3), False)])
def test_a_turn_that_was_followed_is_followed_no_more(companion: Companion | None, wanted: bool) -> None:
    assert following(CLOSED, companion, "companion/closed/X_1") == Following(wanted)
    assert following(CLOSED, companion, has_one=False) == Following()
    assert following(CLOSED, companion, head=HEAD) == Following()


def said(id: int, *keys: str, kind: str = "say") -> OwnComment:
    return OwnComment(id, f"IC_{id}", 0, kind, Ledger({key: Record(key, 1, 1) for key in keys}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "own, gone",
    [
        ((said(1, "a"), said(2, "a")), [2]),
        ((said(1, "a"), said(2, "b")), []),
        ((said(1, "a", "b"), said(2, "b"), said(3, "b", "c")), [2]),
        ((said(1, "a"), said(2, "b"), said(3, "a", "b")), [3]),
        ((said(1), said(2)), []),
        ((said(1, "a", kind="card"), said(2, "a")), []),
        ((said(1, "a"), said(2, "a", kind="card")), []),
    ],
)
def test_of_two_comments_that_say_the_same_the_later_one_goes(own: tuple[OwnComment, ...], gone: list[int]) -> None:
    assert list(twins(own)) == gone
    found = following("", Companion(3, own=own))
    assert found.actions == tuple(DropTwin(id, inside=True) for id in gone)
