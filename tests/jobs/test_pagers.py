"""Whole runs that page both ways: the pager is asked before a rung, told once, and its silence stops nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.jobs.desk import POLICY, Repository
from tests.jobs.refused_writes import on_cards

from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep
from respondby.rehearsal.receiver import Receiver
from respondby.rules import notifying
from respondby.rules.plan import Call
from respondby.sandbox.server import Sandbox

PAGING = (
    POLICY.replace("people: { ann: {}, bob: {} }", "people: { ann: { pager: PANN }, bob: {} }")
    .replace("channels: {", "channels: { pager: { pagerduty: PAGER_KEY, token: PAGER_TOKEN }, ")
    .replace("commands:", "commands:\n  /ack: { by: staff }")
    .replace("stop: comment by staff", "stop: [/ack by staff, comment by staff]")
    .replace(
        "{ at: due, label: late, notify: first }",
        "{ at: start, page: [ann, bob], via: pager }, { at: due, label: late, page: bob, via: pager }",
    )
)


class Paged:
    """A repository whose pager is a receiver on this machine."""

    def __init__(self, repository: Repository, receiver: Receiver) -> None:
        self.repository, self.receiver = repository, receiver
        self.secrets = {
            "PAGER_KEY": receiver.address("pagerduty", "PAGER_KEY"),
            "PAGER_TOKEN": receiver.address("token", "PAGER_TOKEN"),
        }

    def sweep(self, at: str) -> Report:
        self.repository.at(at)
        self.receiver.now = f"2026-01-05T{at}Z"
        return sweep(replace(self.repository.desk(), secrets=self.secrets.get))

    def answers(self, who: str, id: str, at: str) -> None:
        assert self.receiver.pager.answer(who, id, f"{self.repository.name}#1", "acknowledge", f"2026-01-05T{at}Z")

    def events(self) -> list[str]:
        return [
            f"{post.body['event_action']} {post.body['dedup_key'].rpartition('/')[2]}" for post in self.receiver.posts
        ]


@pytest.fixture
def paged(sandbox: Sandbox) -> Iterator[Paged]:
    with Receiver() as receiver:
        repository = Repository.make(sandbox, PAGING)
        repository.opens()
        yield Paged(repository, receiver)


def kept(paged: Paged) -> list[tuple[str, str]]:
    """The acts that the record keeps."""
    kept = paged.repository.case().ledger.kept.values()
    return [(one.by, one.name) for one in kept if one.kind == "command"]


def test_an_acknowledgement_at_the_pager_is_seen_before_the_next_rung_and_silences_the_others(paged: Paged) -> None:
    paged.sweep("09:00:00")
    assert paged.events() == ["trigger ann", "trigger bob"]
    paged.answers("bob", "PANN", "09:20:00")  # ann takes bob's telephone: the policy knows her by her id
    report = paged.sweep("10:05:00")
    assert report.failed == []
    assert kept(paged) == [("ann", "/ack")]
    assert paged.events()[2:] == ["acknowledge ann"]
    assert "late" not in paged.repository.labels()
    assert paged.sweep("10:10:00").performed == 0
    paged.repository.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    paged.sweep("11:00:00")
    assert paged.events()[3:] == ["resolve ann", "resolve bob"]
    paged.sweep("12:00:00")
    assert len(paged.events()) == 5


def test_whom_the_policy_does_not_know_at_the_pager_is_who_was_called(paged: Paged) -> None:
    paged.sweep("09:00:00")
    paged.answers("bob", "PSOMEBODY", "09:20:00")
    paged.sweep("10:05:00")
    assert kept(paged) == [("bob", "/ack")]


def test_an_idle_sweep_asks_no_pager(paged: Paged, monkeypatch: pytest.MonkeyPatch) -> None:
    paged.sweep("09:00:00")
    asked: list[str] = []
    monkeypatch.setattr(paged.receiver, "ask", asked.append)
    paged.sweep("09:30:00")
    assert asked == []


def test_a_pager_that_cannot_be_asked_is_told_of_and_the_next_rung_is_performed(paged: Paged) -> None:
    paged.sweep("09:00:00")
    paged.secrets["PAGER_TOKEN"] = "http://127.0.0.1:9/planted-token"
    report = paged.sweep("10:05:00")
    assert paged.events()[2:] == ["trigger bob"]
    (remark,) = [remark for case in report.cases for remark in case.remarks]
    assert "pager could not be asked who has answered: no connection came about" in remark
    assert report.failed == []
    assert "planted" not in str(report.to_json())


def test_what_a_pager_would_not_take_is_told_again_by_the_next_run(paged: Paged) -> None:
    paged.sweep("09:00:00")
    working = paged.secrets["PAGER_KEY"]
    paged.repository.at("09:10:00")
    paged.repository.says("bob", "/ack")
    paged.secrets["PAGER_KEY"] = working.replace("rehearsal", "")  # an address that ends in no key
    report = paged.sweep("09:15:00")
    assert [why for why in report.failed if "pager could not be told to acknowledge a page" in why]
    assert paged.events() == ["trigger ann", "trigger bob"]
    paged.secrets["PAGER_KEY"] = working
    assert paged.sweep("09:20:00").failed == []
    assert paged.events()[2:] == ["acknowledge ann", "acknowledge bob"]


@pytest.mark.parametrize("killed_before", ["PATCH", "nothing"])
def test_a_run_that_dies_between_telling_and_recording_tells_again_under_the_same_key(
    paged: Paged, killed_before: str
) -> None:
    paged.sweep("09:00:00")
    paged.repository.at("09:10:00")
    paged.repository.says("bob", "/ack")
    if killed_before == "PATCH":
        paged.repository.sandbox.faults(on_cards({"status": 403}))
        assert paged.sweep("09:15:00").failed
        paged.repository.sandbox.clear_faults()
    paged.sweep("09:20:00")
    paged.sweep("09:25:00")
    told = paged.events()[2:]
    assert set(told) == {"acknowledge ann", "acknowledge bob"}
    assert len(told) == (4 if killed_before == "PATCH" else 2)


def keys(paged: Paged) -> list[str]:
    """The keys of what the pager was sent, each with what for."""
    return [f"{post.body['event_action']} {post.body['dedup_key']}" for post in paged.receiver.posts]


def test_a_page_is_resolved_under_its_own_key_when_the_repository_has_another_name(paged: Paged) -> None:
    paged.sweep("09:00:00")
    sent = [one.removeprefix("trigger ") for one in keys(paged)]
    assert len(sent) == 2
    node = paged.repository.case().node_id
    assert all(key.startswith(f"{node}/") for key in sent)
    repository = paged.repository
    repository.sandbox.member(repository.name, "olga", "OWNER", "admin")
    repository.act("olga", "PATCH", "", {"name": f"{repository.name.partition('/')[2]}-now"})
    repository.name = f"{repository.name}-now"
    repository.bot = repository.sandbox.workflow_token(repository.name, {"issues": "write", "contents": "read"})
    repository.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    paged.sweep("09:30:00")
    assert keys(paged)[2:] == [f"resolve {key}" for key in sent]


def test_a_page_of_an_earlier_version_is_resolved_under_the_key_that_it_had_then(
    paged: Paged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It named the case `owner/name#7`, and its record says nothing of that."""
    with monkeypatch.context() as earlier:
        earlier.setattr(notifying, "call_key", lambda case, record, person, **_: f"{case.ref}/{record}/{person}")
        earlier.setattr(notifying, "Call", lambda **given: Call(**{**given, "by_id": False}))
        paged.sweep("09:00:00")
    sent = [one.removeprefix("trigger ") for one in keys(paged)]
    assert all(key.startswith(f"{paged.repository.name}#1/") for key in sent)
    results = [one for record in paged.repository.case().ledger.records.values() for one in record.results]
    assert [one.unparse() for one in results] == [["page", "ann", "pager"], ["page", "bob", "pager"]]
    assert paged.sweep("09:10:00").performed == 0, "nobody is called again under another key"
    paged.sweep("10:05:00")  # what comes now has a key of its own
    (later,) = keys(paged)[2:]
    assert later.startswith(f"trigger {paged.repository.case().node_id}/")
    paged.repository.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    paged.sweep("11:00:00")
    assert keys(paged)[3:] == [f"resolve {key}" for key in (*sent, later.removeprefix("trigger "))]
