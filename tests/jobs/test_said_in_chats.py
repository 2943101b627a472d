"""What somebody says in a chat, as a relay dispatches it: their own command on the case, kept once, or told why not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.jobs.loop.report import Report
from respondby.jobs.receiving import receive
from respondby.jobs.runs import sweep
from respondby.sandbox.server import Sandbox

CHAT = POLICY.replace(
    "channels: { log: { console: LOG } }",
    "channels: { log: { console: LOG }, chat: { console: CHAT, says: said-in-chat,"
    " as: { ann: U0ANN, carla: U0CARLA } } }",
).replace("commands:", "commands:\n  /ack: { by: staff }\n  /assign: { by: staff, takes: { who: optional login } }")


class Chatting:
    """An open request of carla's, about which people talk in a chat."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        repository.opens()
        repository.at("2026-01-05T09:05:00Z")
        sweep(repository.desk())

    def says(self, text: object, by: str = "U0CARLA", at: str = "09:20:00", run: str = "1", **more: Any) -> Report:
        self.repository.at(at)
        payload = {"text": text, "by": by, **more}
        event = {"action": "said-in-chat", "client_payload": payload, "sender": {"login": "relay"}}
        return receive(self.repository.desk(), event, run)

    def kept(self) -> list[tuple[str, str]]:
        """Who said which command in a chat."""
        kept = self.repository.case().ledger.kept
        return [(one.by, one.name) for key, one in sorted(kept.items()) if key.startswith("chat/")]


@pytest.fixture
def chat(sandbox: Sandbox) -> Chatting:
    return Chatting(Repository.make(sandbox, CHAT))


def test_a_call_for_help_in_a_chat_makes_the_request_urgent_and_tells_everybody(
    chat: Chatting, capsys: pytest.CaptureFixture[str]
) -> None:
    report = chat.says("#1 @help the launch is today", key="1733.01")
    assert report.failed == []
    assert chat.kept() == [("carla", "@help")]
    assert "priority/high" in chat.repository.labels()
    said = capsys.readouterr().err
    assert "notify for ann" in said
    assert "notify for bob" in said
    assert sweep(chat.repository.desk()).performed == 0


@pytest.mark.parametrize(
    "text, by, names",
    [
        ("/resolved #1", "U0ANN", [("ann", "/resolved")]),
        ("#1 /resolved", "bob", [("bob", "/resolved")]),
        ("#1\n/priority high", "U0ANN", [("ann", "priority")]),
        ("/ack acme/other", "U0ANN", []),
    ],
)
def test_whoever_may_say_it_on_the_issue_may_say_it_there(
    chat: Chatting, text: str, by: str, names: list[tuple[str, str]]
) -> None:
    report = chat.says(text, by)
    assert chat.kept() == names
    assert bool(report.failed) == (names == [])


def test_what_changes_a_field_there_changes_it_for_ever(chat: Chatting) -> None:
    assert chat.says("#1 /priority high", "U0ANN").failed == []
    assert "priority/high" in chat.repository.labels()
    chat.repository.at("2026-01-05T09:50:00Z")
    assert sweep(chat.repository.desk()).performed == 0
    assert "priority/high" in chat.repository.labels()


@pytest.mark.parametrize("case", ["#1", "1#", "ADDRESS", "NAME#1"])
def test_the_case_is_named_in_the_text_or_beside_it(chat: Chatting, case: str) -> None:
    name = chat.repository.name
    known = case.replace("NAME", name).replace("ADDRESS", f"https://github.com/{name}/issues/1")
    report = chat.says("@help", case=known)
    assert bool(report.failed) == (case == "1#")


def test_the_same_message_again_changes_nothing(chat: Chatting) -> None:
    chat.says("#1 @help", key="1733.01")
    before = chat.repository.comments()
    assert chat.says("#1 @help", at="09:40:00", run="2", key="1733.01").failed == []
    assert chat.kept() == [("carla", "@help")]
    assert [body for _, body in chat.repository.comments()] == [body for _, body in before]


@pytest.mark.parametrize(
    "text, by, why",
    [
        ("#1 @help", "U0STRANGER", "whom nobody knows: write who that is into `as` of the channel `chat`"),
        ("#1 @help", "", "whom nobody knows"),
        ("#9 @help", "U0CARLA", "is about no open request"),
        ("acme/other#1 @help", "U0CARLA", "is about no open request"),
        ("@help", "U0CARLA", "is about no open request"),
        ("#1 thank you", "U0CARLA", "says no command of this desk; it knows `/ack`"),
        (None, "U0CARLA", "is about no open request"),
        (["#1"], "U0CARLA", "says no command"),
        ("#1 /resolved", "U0CARLA", "says `/resolved`, which is not done: "),
        ("#1 /priority enormous", "U0ANN", "which is not done: "),
    ],
)
def test_what_nobody_may_say_is_told_and_nothing_of_it_is_kept(chat: Chatting, text: object, by: str, why: str) -> None:
    (told,) = chat.says(text, by).failed
    assert told.startswith("the dispatch `said-in-chat` ")
    assert why in told
    assert chat.kept() == []


def test_one_command_that_is_refused_keeps_back_the_others_of_its_message(chat: Chatting) -> None:
    assert chat.says("#1\n@help\n/resolved").failed
    assert chat.kept() == []
    assert "priority/high" not in chat.repository.labels()


def test_who_says_it_twice_in_a_moment_is_told_so(chat: Chatting) -> None:
    chat.says("#1 @help", key="a")
    (told,) = chat.says("#1 @help", at="09:25:00", key="b").failed
    assert "it was said a moment ago" in told
