"""What came of a record: each result is read as it was written, and records of version 1 as what they meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from tests.desk.ledgers import came_of_it

from respondby.desk import markers
from respondby.desk.ledger import Ledger
from respondby.desk.ledger_v1 import result_of
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
    Tried,
    in_order,
    parse_result,
)

#: Texts that the build before ledgers of version 2 wrote into comments, playing scenarios of this project.
WRITTEN = json.loads((Path(__file__).parent / "version_1.json").read_text(encoding="utf-8"))


@given(came_of_it)
def test_a_result_is_read_as_it_was_written(result: Result) -> None:
    form = json.loads(json.dumps(result.unparse()))
    assert parse_result(form) == result
    assert form == parse_result(form).unparse()


@pytest.mark.parametrize(
    "result, form",
    [
        (Tried("page", "ann", "pager"), ["page", "ann", "pager"]),
        (Tried("notify", "ann", "chat", "failed", "500"), ["notify", "ann", "chat", "failed", "500"]),
        (Tried("page", "ann", "pager", "joined"), ["page", "ann", "pager", "joined"]),
        (Mentioned("ann"), ["mention", "ann"]),
        (Mentioned("ann", inside=True), ["inside", "ann"]),
        (Deferred("ann", -1), ["quiet", "ann", -1]),
        (PagerUpdated("resolve", "ann", "pager"), ["resolve", "ann", "pager"]),
        (Opened("acme/infra#7"), ["opened", "acme/infra#7"]),
        (Commented(), ["said"]),
    ],
)
def test_its_form_is_short(result: Result, form: list[object]) -> None:
    assert result.unparse() == form


@pytest.mark.parametrize(
    "form",
    [
        "page",
        [],
        [7],
        ["sang", "ann"],
        ["page", "ann"],
        ["page", "ann", "pager", "perhaps"],
        ["page", "ann", 7],
        ["page", "ann", "pager", "failed", "why", "more"],
        ["quiet", "ann"],
        ["quiet", "ann", "morning"],
        ["quiet", "ann", True],
        ["quiet", "ann", -(10**12)],
        ["opened", "acme/infra", "perhaps"],
    ],
)
def test_what_nobody_wrote_is_refused(form: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_result(form)


@pytest.mark.parametrize(
    "call, meant",
    [
        (["ann", "pager", True, ""], Tried("call", "ann", "pager")),
        (["ann", "pager", True, "told with a newer one"], Tried("call", "ann", "pager", "joined")),
        (["ann", "pager", False, "it answered 500"], Tried("call", "ann", "pager", "failed", "it answered 500")),
        (["ann", "mention", True, ""], Mentioned("ann")),
        (["ann", "companion", False, "no"], Mentioned("ann", inside=True, ok=False, why="no")),
        (["ann", "held", False, "until 2026-10-21T07:00:00Z"], Deferred("ann", 1_792_566_000)),
        (["ann", "ahead", True, "called before, in place of a role that nobody held"], CalledBefore("ann")),
        (["", "ahead", True, "due+15m"], StoodIn("due+15m")),
        (["", "", False, "nobody holds the role lead"], RoleEmpty("lead")),
        (["", "assign", False, "nosuchuser"], NotAssigned("nosuchuser")),
        (["ann", "acknowledge pager", True, ""], PagerUpdated("acknowledge", "ann", "pager")),
        (["ann", "resolve pager", False, "429"], PagerUpdated("resolve", "ann", "pager", ok=False, why="429")),
        (["#", "mention", False, "not yet"], Commented(ok=False, why="not yet")),
        (["#elsewhere", "open", True, "acme/app#1"], Opened("acme/app#1")),
        (["#elsewhere", "open", False, "not opened in acme/app"], Opened("acme/app", ok=False)),
    ],
)
def test_a_call_of_version_1_is_read_as_what_it_meant(call: list[object], meant: Result) -> None:
    assert result_of(call) == meant


@pytest.mark.parametrize("text", WRITTEN, ids=lambda one: f"{one['from']} {len(one['text'])}")
def test_a_comment_of_the_build_before_is_read_whole_and_written_anew(text: dict[str, str]) -> None:
    marker = markers.read(text["text"], text["case"])
    assert marker is not None
    anew = markers.write(marker.kind, text["case"], marker.digest, marker.ledger, key=marker.key)
    assert '"v":2' in anew
    assert markers.read(anew, text["case"]) == marker
    assert anew.count('"key"') == text["text"].count('"key"')


def test_the_real_records_of_version_1_say_what_they_said() -> None:
    ledger = Ledger()
    for text in WRITTEN:
        marker = markers.read(text["text"], text["case"])
        assert marker is not None
        ledger = ledger.merge(marker.ledger)
    records = ledger.records.values()
    stood_in = next(record for record in records if record.stood_in)
    assert (stood_in.stood_in, stood_in.informed) == ("start+10m", {"ann"})
    unreached = [record.unreached for record in records if record.unreached]
    assert [[result.to for result in results] for results in unreached] == [["bob"]]
    assert not any(record.unsaid or record.unopened for record in records)
    kinds = {type(result) for record in records for result in record.results}
    assert kinds == {
        Tried, Mentioned, Deferred, RoleEmpty, StoodIn, CalledBefore, NotAssigned, PagerUpdated, Commented, Opened,
    }  # fmt: skip


@pytest.mark.parametrize(
    "results, unreached",
    [
        ((Tried("page", "ann", "pager", "failed", "500"),), ["page"]),
        ((Tried("page", "ann", "pager", "failed", "500"), Tried("page", "ann", "chat")), []),
        ((Deferred("ann", 7),), ["quiet"]),
        ((Deferred("ann", 7), Tried("notify", "ann", "chat", "joined")), []),
        ((Mentioned("ann", ok=False), CalledBefore("ann")), []),
        ((Mentioned("ann", ok=False),), ["mention"]),
        ((PagerUpdated("acknowledge", "ann", "pager", ok=False), RoleEmpty("lead"), NotAssigned("ann")), []),
    ],
)
def test_who_is_still_owed_a_call(results: tuple[Result, ...], unreached: list[str]) -> None:
    record = Record("answer/I_1/due/0", 1, 2, results=results)
    assert [result.unparse()[0] for result in record.unreached] == unreached
    assert record.pending == bool(unreached)


def test_the_order_of_two_unions_is_the_same() -> None:
    one, other = Tried("page", "ann", "pager"), Deferred("bob", 7)
    assert in_order({one, other}) == in_order([other, one, other])
