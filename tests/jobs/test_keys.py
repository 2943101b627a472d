"""A desk that gets a key, or another one, says nothing again; what was written since without it counts for nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jobs.desk import BODY, POLICY, Repository

from respondby.desk import markers
from respondby.desk.keys import Keys, Use, read_keys, sign, word_of
from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.forge.errors import KeyReturned
from respondby.forge.gathering import gather_open
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import run_event, sweep
from respondby.sandbox.server import Sandbox

FIRST, SECOND = "the first key of enough characters", "the second key of enough characters"


@pytest.fixture
def running(sandbox: Sandbox) -> Repository:
    """A desk without a key: one case was escalated, another one was opened."""
    repository = Repository.make(sandbox, POLICY)
    repository.opens(body=BODY)
    repository.sweep()
    repository.at("10:01:00")
    assert repository.sweep().performed > 0
    repository.opens(body=BODY)
    repository.triage(2)
    return repository


def swept(repository: Repository, at: str, key: str, old: str | None = None, number: int | None = None) -> Report:
    repository.at(at)
    desk = replace(repository.desk(), signing=read_keys(key, old))
    return sweep(desk) if number is None else run_event(desk, "comment", number)


def said(repository: Repository, number: int = 1) -> list[str]:
    return [body for _, body in repository.comments(number) if "@ann" in body]


def signatures(repository: Repository, number: int = 1) -> list[str]:
    """Which key has signed the card, and what else ends in a marker."""
    found = []
    for _, body in repository.comments(number):
        for signature, text in re.findall(r"<!-- respondby:(\S+) (\{[^<>]*\}) -->", body):
            names = {sign(text, key.encode()): name for name, key in (("first", FIRST), ("second", SECOND))}
            found.append(names.get(signature, signature))
    return found


def test_storing_a_key_on_a_running_desk_calls_nobody_again_and_the_cards_are_signed(running: Repository) -> None:
    before = said(running)
    report = swept(running, "10:05:00", FIRST)
    assert (report.failed, said(running)) == ([], before)
    assert [case.done for case in report.cases] == [["card"], ["card"]]
    assert signatures(running) == ["first", "-"], "the card, and the comment of then"
    assert swept(running, "10:06:00", FIRST).performed == 0
    assert said(running) == before


def test_an_event_that_comes_before_the_first_sweep_with_the_key_calls_nobody_either(
    running: Repository,
) -> None:
    before = said(running)
    assert swept(running, "10:05:00", FIRST, number=2).failed == []
    assert swept(running, "10:06:00", FIRST, number=1).failed == []
    assert swept(running, "10:07:00", FIRST).failed == []
    assert said(running) == before


def test_changing_the_key_beside_the_old_one_calls_nobody_again(running: Repository) -> None:
    before = said(running)
    swept(running, "10:05:00", FIRST)
    report = swept(running, "10:10:00", SECOND, FIRST)
    assert (report.failed, said(running)) == ([], before)
    assert signatures(running) == ["second", "-"]
    assert swept(running, "10:11:00", SECOND, FIRST).performed == 0


def test_changing_the_key_without_the_old_one_fails_says_what_to_do_and_calls_nobody(running: Repository) -> None:
    swept(running, "10:05:00", FIRST)
    before = said(running)
    report = swept(running, "10:10:00", SECOND)
    assert len(report.failed) == 2
    assert all("RESPONDBY_KEY_OLD" in failure for failure in report.failed)
    assert said(running) == before
    assert swept(running, "10:11:00", SECOND, FIRST).failed == []
    assert said(running) == before


@pytest.mark.parametrize("old", [None, SECOND, f"{SECOND}\n{FIRST}"], ids=["alone", "beside", "among the old ones"])
@pytest.mark.parametrize("number", [None, 1], ids=["a sweep", "an event"])
def test_a_key_that_was_replaced_and_comes_back_ends_every_run_before_anything_is_done(
    running: Repository, old: str | None, number: int | None
) -> None:
    swept(running, "10:05:00", FIRST)
    swept(running, "10:10:00", SECOND, FIRST)
    running.says("carla", "Any news?", 1)
    assert swept(running, "10:20:00", SECOND).failed == []  # once nothing is signed with the first any more
    before = running.comments(1), running.comments(2)
    with pytest.raises(KeyReturned, match="that this desk has replaced before"):
        swept(running, "10:30:00", FIRST, old, number=number)
    assert (running.comments(1), running.comments(2)) == before
    third = swept(running, "10:31:00", "the third key of enough characters", f"{FIRST}\n{SECOND}")
    assert (third.failed, said(running)) == ([], [body for _, body in before[0] if "@ann" in body])


def test_the_word_of_a_replaced_key_counts_in_its_own_repository_alone_and_may_be_any_nonsense(
    running: Repository,
) -> None:
    """It stands in plain sight: who copies it elsewhere stops nobody."""
    swept(running, "10:05:00", FIRST)
    running.at("10:10:00")
    case = running.case(2)
    keys = Keys(b"another", use=Use(1, 1), replaced=frozenset({word_of(FIRST.encode(), "R_of_somebody_else")}))
    copied = markers.write("say", case.node_id, "", Ledger(), secret=keys)
    for body in (f"Told.{copied}", copied.replace('"replaced":[', '"replaced":[7,')):
        running.sandbox.call("POST", f"/repos/{running.name}/issues/2/comments", running.bot, {"body": body})
    assert swept(running, "10:11:00", FIRST).failed == []


@pytest.mark.parametrize("forged_by", [None, b"some other key of enough characters"], ids=["nobody", "another key"])
def test_a_record_that_was_written_since_and_is_not_signed_counts_for_nothing(
    running: Repository, forged_by: bytes | None
) -> None:
    swept(running, "10:05:00", FIRST)
    running.at("10:10:00")
    case = running.case(2)
    forged = Ledger({"x/y/due/0": Record("x/y/due/0", 1, 1)})
    body = "Told." + markers.write("say", case.node_id, "", forged, secret=forged_by)
    status, _ = running.sandbox.call("POST", f"/repos/{running.name}/issues/2/comments", running.bot, {"body": body})
    assert status == 201
    assert swept(running, "10:11:00", FIRST).failed == []
    desk = replace(running.desk(), signing=read_keys(FIRST, None))
    (_, second) = gather_open(desk.client, identify=desk.identify).cases
    assert "x/y/due/0" not in second.ledger.records


instants = st.integers(0, 50)


@given(at=instants, since=instants, first=instants, by=st.sampled_from(["current", "old", "nobody", "another"]))
def test_who_has_to_have_signed_depends_on_when_it_was_written_and_on_nothing_else(
    at: int, since: int, first: int, by: str
) -> None:
    use = Use(max(since, first), first)
    keys = Keys(b"current", (b"old",), use)
    signature = "-" if by == "nobody" else sign("text", by.encode())
    expected = {
        "current": "yes",
        "old": "yes" if at <= use.since else "no",
        "nobody": "yes" if at <= use.first else "no",
        "another": "unknown key" if at <= use.since else "no",
    }[by]
    if by == "nobody" and use.since >= at > use.first:
        expected = "no"
    assert keys.counts(signature, "text", at) == expected
    assert keys.counts(signature, "text", None) == ("yes" if by == "current" else "no")
