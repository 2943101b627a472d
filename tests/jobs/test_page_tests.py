"""A test page reaches somebody through every channel that calls them, says that it is one, and is remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from click.testing import CliRunner
from tests.jobs.desk import Repository

from respondby.cli import main as cli
from respondby.desk.log import Log
from respondby.forge.gathering import gather_open
from respondby.jobs.effects.logbook import is_log
from respondby.jobs.page_tests import NoRecipient, Outcome, channels_of, place_test
from respondby.policy.loading.loader import load
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: UTC
people: { ann: {}, bob: {}, tess: {} }
roles: { staff: { people: [ann, bob, tess] }, first: ann, lead: { when: { priority: high }, people: tess } }
channels:
  pager: { pagerduty: PAGER_KEY, fallback: chat }
  chat: { webhook: CHAT_URL }
  phone: { webhook: "PHONE_{PERSON}" }
  leads: { console: LEADS }
  idle: { console: IDLE }
fields:
  type: { label: type/ }
  priority: { label: priority/, values: { high: High, normal: Normal } }
forms: { question: { name: Question, about: Ask., ask: { what: "What?" } } }
commands: { /test-page: { by: staff, page: speaker, via: chat } }
clocks:
  answer:
    start: opened
    stop: comment by staff
    target: 1h
    ladder: [{ at: due, page: first, via: pager, repeat: { every: 5m, times: 1, then: { notify: lead, via: leads } } }]
"""


@pytest.mark.parametrize(
    "person, channels",
    [("ann", ("pager", "chat", "phone")), ("bob", ("chat", "phone")), ("tess", ("chat", "phone", "leads"))],
)
def test_the_channels_of_a_person_are_those_that_could_ever_call_them(person: str, channels: tuple[str, ...]) -> None:
    assert channels_of(load(POLICY), person, "acme/support") == channels


class Desk:
    """A repository whose channels lead to a receiver."""

    def __init__(self, repository: Repository, receiver: Receiver) -> None:
        self.repository, self.receiver = repository, receiver
        self.secrets = {
            "PAGER_KEY": receiver.address("pagerduty", "PAGER_KEY"),
            "CHAT_URL": receiver.address("webhook", "CHAT_URL"),
            "PHONE_ANN": receiver.address("webhook", "PHONE_ANN"),
        }

    def test(self, person: str, only: str | None = None) -> Outcome:
        desk = replace(self.repository.desk(), secrets=self.secrets.get)
        return place_test(desk, person, "https://forge/run/1", only)

    def log(self) -> list[dict[str, str]]:
        gathered = gather_open(self.repository.desk().client, identify=self.repository.desk().identify)
        logs = [case.ledger for case in gathered.cases if is_log(case)]
        return [dict(entry.facts) for entry in Log.of(*logs).entries.values() if entry.kind == "page test"]


@pytest.fixture
def desk(sandbox: Sandbox) -> Iterator[Desk]:
    with Receiver() as receiver:
        yield Desk(Repository.make(sandbox, POLICY), receiver)


def test_every_channel_is_called_by_itself_and_the_outcome_is_remembered(desk: Desk) -> None:
    tested = desk.test("Ann")
    assert (tested.person, tested.reached) == ("ann", True)
    assert [post.secret for post in desk.receiver.posts] == ["PAGER_KEY", "CHAT_URL", "PHONE_ANN"]
    event, chat, _ = (post.body for post in desk.receiver.posts)
    assert event["payload"]["summary"] == chat["subject"] == "Test page from Help desk: nothing is wrong"
    assert event["payload"]["severity"] == "critical"
    assert chat["body"].startswith("This is only a test.")
    assert chat["url"] == "https://forge/run/1"
    assert desk.log() == [{"pager": "ok", "chat": "ok", "phone": "ok"}]


def test_two_tests_ring_twice(desk: Desk) -> None:
    desk.test("ann", "pager")
    desk.repository.at("09:00:01")
    desk.test("ann", "pager")
    keys = [post.body["dedup_key"] for post in desk.receiver.posts]
    assert len(set(keys)) == len(keys) == 2


def test_a_channel_that_does_not_work_is_not_hidden_by_its_fallback(desk: Desk) -> None:
    desk.secrets["PAGER_KEY"] = "http://127.0.0.1:9/planted-key"
    desk.secrets["CHAT_URL"] = ""
    tested = desk.test("ann")
    assert [(name, call.ok) for name, call in tested.calls] == [("pager", False), ("chat", False), ("phone", True)]
    assert not tested.reached
    assert "planted" not in str(tested)
    (entry,) = desk.log()
    assert entry["phone"] == "ok"
    assert "no connection came about" in entry["pager"]
    assert "the secret CHAT_URL is not set" in entry["chat"]


@pytest.mark.parametrize(
    "person, only, why",
    [
        ("nobody", None, "the policy knows no “nobody”; it knows ann, bob, tess"),
        ("bob", "pager", "bob is called by no channel “pager”; those that call them: chat, phone"),
        ("ann", "idle", "called by no channel “idle”"),
    ],
)
def test_whom_and_what_the_policy_does_not_know_is_refused(desk: Desk, person: str, only: str | None, why: str) -> None:
    with pytest.raises(NoRecipient, match=why.split("“")[0]) as error:
        desk.test(person, only)
    assert why in str(error.value)
    assert desk.receiver.posts == []


@pytest.mark.parametrize("works, code", [(True, 0), (False, 1)])
def test_the_command_tells_what_came_of_it_and_ends_with_1_where_somebody_was_not_reached(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, works: bool, code: int
) -> None:
    surroundings = {
        "GITHUB_API_URL": desk.repository.sandbox.url,
        "GITHUB_REPOSITORY": desk.repository.name,
        "GITHUB_TOKEN": desk.repository.bot,
        "CHAT_URL": desk.secrets["CHAT_URL"] if works else "planted",
        "RESPONDBY_PACE": "off",
    }
    for name in ("GITHUB_GRAPHQL_URL", "GITHUB_ACTIONS", "GITHUB_RUN_ID", "GITHUB_EVENT_NAME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    arguments = ["page", "--test", "bob", "--via", "chat"]
    told = CliRunner().invoke(cli.main, [*arguments, "--json"])
    assert told.exit_code == code, told.output
    answer = json.loads(told.stdout)
    assert (answer["person"], answer["reached"], answer["remembered"]) == ("bob", works, True)
    shown = CliRunner().invoke(cli.main, arguments)
    assert shown.exit_code == code
    assert ("chat: taken" if works else "chat: NOT taken (its address is not an http or https URL)") in shown.output
    assert all(len(line) <= 80 for line in shown.output.splitlines())
    assert "planted" not in told.output + shown.output
