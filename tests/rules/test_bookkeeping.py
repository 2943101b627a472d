"""What a plan's records gain while it is applied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.desk.results import (
    CalledBefore,
    Commented,
    Deferred,
    Mentioned,
    NotAssigned,
    Opened,
    PagerUpdated,
    Result,
    RoleEmpty,
    StoodIn,
    Tracked,
    Tried,
)
from respondby.rules import bookkeeping
from respondby.rules.plan import Assign, Call, OpenElsewhere, PutOnBoard, UpdatePager, WriteComment

OLD, NEW = Record("a/I_1/50%/0", 10, 20), Record("a/I_1/due/0", 30, 40)
KNOWN = Ledger({"k": Record("k", 1, 2, outstanding=("assign", "react"))})


def records() -> bookkeeping.Records:
    return {OLD.key: OLD, NEW.key: NEW}


@pytest.mark.parametrize("by_id", [True, False])
def test_a_call_is_the_newest_rungs_and_told_of_the_older_ones_where_it_went_out(by_id: bool) -> None:
    found = records()
    call = Call("key", "page", "ann", ("pager", "chat"), (), (OLD.key, NEW.key), by_id=by_id)
    failed, reached = Tried("page", "ann", "pager", "failed", "it answered 500"), Tried("page", "ann", "chat")
    bookkeeping.called(found, call, [failed, reached])
    tried = tuple(replace(one, by_id=by_id) for one in (failed, reached))
    assert found[NEW.key].results == tried
    assert found[OLD.key].results == (tried[0], replace(tried[1], outcome="joined"))


@pytest.mark.parametrize(
    "why, made",
    [(None, PagerUpdated("resolve", "ann", "pager")), ("no", PagerUpdated("resolve", "ann", "pager", False, "no"))],
)
def test_what_a_pager_was_told_is_said_once(why: str | None, made: PagerUpdated) -> None:
    found = records()
    for _ in range(2):
        bookkeeping.pager_updated(found, UpdatePager("key", "resolve", "ann", "pager", "k"), KNOWN, why)
    assert found["k"].results == (made,)
    assert found["k"].done == 2, "it is the record that the case's ledger knows"


def test_an_issue_that_was_opened_elsewhere_is_known_by_its_name_and_one_that_was_not_by_its_place() -> None:
    found = records()
    bookkeeping.opened(found, OpenElsewhere(NEW.key, "acme/app"), "acme/app#7")
    bookkeeping.opened(found, OpenElsewhere(OLD.key, "acme/app"), None)
    assert (found[NEW.key].results, found[OLD.key].results) == ((Opened("acme/app#7"),), (Opened("acme/app", False),))


@pytest.mark.parametrize(
    "item, came_of_it, results",
    [
        ("", Tracked("acme/1", "PVTI_1", "2026-12-24", 7), (Tracked("acme/1", "PVTI_1", "2026-12-24", 7),)),
        ("", None, (Tracked("acme/1", outcome="failed"),)),
        ("PVTI_1", Tracked("acme/1", "PVTI_1", "2026-12-25", 7), (Tracked("acme/1", "PVTI_1", "2026-12-25", 7),)),
        ("PVTI_1", None, ()),  # the date differs still: the next run moves it
    ],
)
def test_a_board_that_could_not_be_reached_is_noted_where_the_issue_is_not_on_it(
    item: str, came_of_it: Tracked | None, results: tuple[Result, ...]
) -> None:
    found = records() | ({} if item else dict(KNOWN.records))
    bookkeeping.tracked(found, PutOnBoard("k", "acme/1", item=item), KNOWN, came_of_it)
    assert found["k"].results == results


@pytest.mark.parametrize("ok, why", [(True, ""), (False, "the comment was not taken")])
def test_a_comment_says_whom_it_mentions_in_each_record_and_its_texts_in_theirs(ok: bool, why: str) -> None:
    comment = WriteComment("c", ("ann", "bob"), (), ("Late.",), (OLD.key, NEW.key), texts_of=(NEW.key,), inside=True)
    mentioned = (Mentioned("ann", True, ok, why), Mentioned("bob", True, ok, why))
    found = bookkeeping.commented(comment, records(), ok=ok)
    assert {key: one.results for key, one in found.items()} == {
        OLD.key: mentioned, NEW.key: (*mentioned, Commented(ok, why)),
    }  # fmt: skip


@pytest.mark.parametrize("inside, carried", [(False, {OLD.key, NEW.key}), (True, {NEW.key})])
def test_a_comment_on_the_issue_also_carries_what_a_newer_call_has_told_of(inside: bool, carried: set[str]) -> None:
    other = Record("b/I_1/due/0", 1, 2, results=(Tried("page", "ann", "chat"),))
    joined = OLD.gained([Tried("page", "ann", "chat", "joined")])
    comment = WriteComment("c", ("ann",), (), (), (NEW.key,), inside=inside)
    found = bookkeeping.carried(comment, {OLD.key: joined, NEW.key: NEW, other.key: other}).records
    assert found.keys() == carried
    assert found[NEW.key].results == (Mentioned("ann", inside),)


def test_who_was_left_out_is_noted_and_the_assignment_is_done() -> None:
    found = records()
    bookkeeping.assigned(found, Assign(("ann", "bob"), ("k", NEW.key)), KNOWN, ["bob"])
    assert (found["k"].results, found["k"].outstanding) == ((NotAssigned("bob"),), ("react",))
    assert (found[NEW.key].results, found[OLD.key].results) == ((NotAssigned("bob"),), ())


FAILED, UNSAID = Tried("page", "ann", "pager", "failed", "no"), Commented(False, "no")


@pytest.mark.parametrize(
    "results, informed, unreached, pending",
    [
        ((), "", (), False),
        ((Tried("page", "ann", "pager"),), "ann", (), False),
        ((Tried("page", "ann", "pager", "joined"),), "ann", (), False),
        ((FAILED,), "", (FAILED,), True),
        ((FAILED, Tried("page", "ann", "chat")), "ann", (), False),
        ((Mentioned("ann"),), "ann", (), False),
        ((Mentioned("ann", ok=False),), "", (Mentioned("ann", ok=False),), True),
        ((CalledBefore("ann"),), "ann", (), False),
        ((Deferred("bob", 7), FAILED, Deferred("ann", 9)), "", (Deferred("ann", 9), Deferred("bob", 7)), True),
        ((Opened("acme/app", False),), "", (), True),
        ((Opened("acme/app", False), Opened("acme/app#7")), "", (), False),
        ((UNSAID,), "", (), True),
        ((UNSAID, Commented()), "", (), False),
        ((Tracked("acme/1", outcome="failed"),), "", (), True),
        ((Tracked("acme/1", outcome="failed"), Tracked("acme/1", "I", "", 1)), "", (), False),
        ((NotAssigned("ann"),), "", (), False),
    ],
)
def test_who_knows_of_a_rung_and_what_is_still_owed(
    results: tuple[Result, ...], informed: str, unreached: tuple[Result, ...], pending: bool
) -> None:
    record = NEW.gained(results)
    assert (record.informed, record.unreached, record.pending) == (frozenset(informed.split()), unreached, pending)


@pytest.mark.parametrize(
    "results, vacant, stood_in",
    [
        ((), (), None),
        ((RoleEmpty("lead"), RoleEmpty("first")), ("lead", "first"), None),
        ((RoleEmpty("lead"), StoodIn("due")), (), "due"),
        ((RoleEmpty("lead"), Mentioned("ann")), (), None),
        ((RoleEmpty("lead"), Deferred("ann", 7)), (), None),
        ((RoleEmpty("lead"), CalledBefore("ann")), (), None),
        ((RoleEmpty("lead"), Commented()), ("lead",), None),
    ],
)
def test_a_role_stays_vacant_until_somebody_is_called(
    results: tuple[Result, ...], vacant: tuple[str, ...], stood_in: str | None
) -> None:
    record = NEW.gained(results)
    assert (record.vacant, record.stood_in) == (vacant, stood_in)
