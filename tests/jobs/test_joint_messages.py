"""Call storms: what one sweep tells one person by chat about several cases is one message; pages never are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.jobs.desk import BODY, POLICY, Repository
from tests.jobs.refused_writes import on_cards

from respondby.desk.results import Tried
from respondby.jobs.loop import joint_messages
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep
from respondby.letters.calls import MOST_BODY
from respondby.rehearsal.receiver import Post, Receiver
from respondby.sandbox.server import Sandbox

CHANNELS = "channels: { chat: { webhook: CHAT }, pager: { pagerduty: PAGER }, bell: { webhook: BELL, quiet: QUIET }, "


def policy(rung: str, quiet: str = '"01:00-02:00"') -> str:
    return (
        POLICY.replace("channels: { ", CHANNELS.replace("QUIET", quiet))
        .replace("{ at: due, label: late, notify: first }", rung)
        .replace("people: { ann: {}, bob: {} }", "people: { ann: {}, bob: {} }")
    )


class Storm:
    """A repository in which several cases came due at once."""

    def __init__(self, sandbox: Sandbox, receiver: Receiver, text: str, cases: int = 3, title: str = "Help") -> None:
        self.repository = Repository.make(sandbox, text)
        self.receiver = receiver
        self.secrets = {
            "CHAT": receiver.address("webhook", "CHAT"),
            "BELL": receiver.address("webhook", "BELL"),
            "PAGER": receiver.address("pagerduty", "PAGER"),
        }
        for number in range(cases):
            self.repository.opens(title=f"{title} {number + 1}", body=BODY)
        self.sweep("09:01:00")

    def sweep(self, at: str) -> Report:
        self.repository.at(at)
        return sweep(replace(self.repository.desk(), secrets=self.secrets.get))

    @property
    def posts(self) -> list[Post]:
        return self.receiver.posts

    def records(self) -> list[list[tuple[str, str, bool]]]:
        """What the ledger of each case says of calls."""
        numbers = range(1, 4)
        records = ([*self.repository.case(number).ledger.records.values()] for number in numbers)
        return [
            [(call.to, call.via, call.ok) for record in case for call in record.results if isinstance(call, Tried)]
            for case in records
        ]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


NOTIFY = "{ at: due, label: late, notify: first, via: chat }"


def test_one_person_gets_one_message_about_all_of_them_and_every_record_notes_it(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    storm = Storm(sandbox, receiver, policy(NOTIFY))
    report = storm.sweep("10:00:00")
    (post,) = storm.posts
    assert post.body["subject"] == "Help desk: 3 requests need you"
    for number in (1, 2, 3):
        assert f"Help {number}\n{storm.repository.name}#{number}" in post.body["body"]
        assert f"/issues/{number}" in post.body["body"]
    assert storm.records() == [[("ann", "chat", True)]] * 3
    assert report.failed == []
    assert storm.sweep("10:05:00").performed == 0
    assert len(storm.posts) == 1


def test_pages_are_never_merged_nor_what_goes_to_a_pager(sandbox: Sandbox, receiver: Receiver) -> None:
    rung = "{ at: due, page: first, via: chat }, { at: due, notify: bob, via: pager }"
    storm = Storm(sandbox, receiver, policy(rung))
    storm.sweep("10:00:00")
    keys = [post.body.get("key") or post.body["dedup_key"] for post in storm.posts]
    assert len(set(keys)) == len(keys) == 6


def test_people_and_channels_are_told_apart_and_one_case_alone_is_told_as_ever(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    storm = Storm(sandbox, receiver, policy("{ at: due, notify: [ann, bob], via: chat }"), cases=2)
    storm.repository.at("09:30:00")
    storm.repository.opens(title="Later", body=BODY)
    storm.sweep("10:00:00")
    assert sorted(post.body["to"] for post in storm.posts) == ["ann", "bob"]
    storm.sweep("10:30:00")
    assert [post.body["subject"] for post in storm.posts[2:]] == [
        f"First response is overdue: {storm.repository.name}#3, Later"
    ] * 2


def test_what_quiet_hours_held_comes_as_one_message_in_the_morning(sandbox: Sandbox, receiver: Receiver) -> None:
    storm = Storm(sandbox, receiver, policy("{ at: due, notify: first, via: bell }", '"09:30-11:00"'))
    storm.sweep("10:00:00")
    assert storm.posts == []
    storm.sweep("11:00:00")
    assert len(storm.posts) == 1


def test_a_message_that_nobody_took_stays_owed_to_every_case_and_is_sent_again(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    storm = Storm(sandbox, receiver, policy(NOTIFY))
    working, storm.secrets["CHAT"] = storm.secrets["CHAT"], "planted"
    report = storm.sweep("10:00:00")
    assert len([why for why in report.failed if "ann could not be reached" in why]) == 3
    assert "planted" not in str(report.to_json())
    storm.secrets["CHAT"] = working
    storm.sweep("10:05:00")
    assert len(storm.posts) == 1
    assert [(("ann", "chat", True) in case) for case in storm.records()] == [True] * 3


def test_a_run_that_dies_before_the_records_sends_it_again_under_the_same_key(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    storm = Storm(sandbox, receiver, policy(NOTIFY))
    sandbox.faults(on_cards({"status": 403}))
    assert storm.sweep("10:00:00").failed
    sandbox.clear_faults()
    storm.sweep("10:05:00")
    first, second = storm.posts
    assert first.body["key"] == second.body["key"]
    assert storm.records() == [[("ann", "chat", True)]] * 3


def test_where_the_words_are_too_long_each_case_is_told_by_its_subject(sandbox: Sandbox, receiver: Receiver) -> None:
    long = NOTIFY.replace("via: chat", f'via: chat, say: "{"Please look. " * 200}"')
    storm = Storm(sandbox, receiver, policy(long))
    storm.sweep("10:00:00")
    (post,) = storm.posts
    assert len(post.body["body"]) <= MOST_BODY
    assert all(f"/issues/{number}" in post.body["body"] for number in (1, 2, 3))
    assert "Please look" not in post.body["body"]


def test_a_message_that_cannot_be_prepared_ends_no_sweep_and_each_case_tells_its_own_part(
    sandbox: Sandbox, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("a surprise")

    storm = Storm(sandbox, receiver, policy(NOTIFY))
    monkeypatch.setattr(joint_messages, "render_together", breaks)
    report = storm.sweep("10:00:00")
    assert [post.body["to"] for post in storm.posts] == ["ann"] * 3
    assert storm.records() == [[("ann", "chat", True)]] * 3
    (failure,) = report.failed
    assert failure.startswith("a message to ann about 3 cases: a mistake in respondby (RuntimeError: a surprise, at ")
    assert report.complete
