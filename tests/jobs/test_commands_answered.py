"""What people type is answered: a reaction on every command, one reply for what was refused, help on request."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from tests.jobs.desk import BODY, POLICY, Repository

from respondby.sandbox.server import Sandbox

TALKATIVE = POLICY.replace(
    "  /close: { by: [author, staff] }",
    "  /close: { by: [author, staff] }\n  /ack: { by: staff }\n  /help-desk: { by: anyone }\n"
    "  /agree: { by: staff, takes: { until: time } }",
)


@pytest.fixture
def desk(sandbox: Sandbox) -> Repository:
    repository = Repository.make(sandbox, TALKATIVE)
    repository.opens()
    repository.triage()
    return repository


def reactions(repository: Repository, comment: int) -> list[str]:
    """What we showed on a comment."""
    found = repository.act("ann", "GET", f"/issues/comments/{comment}/reactions")
    return sorted(reaction["content"] for reaction in found)


def replies(repository: Repository) -> list[str]:
    """Our comments after the card, without their markers."""
    said = [body.partition("<!--")[0].strip() for author, body in repository.comments() if author.endswith("[bot]")]
    return said[1:]


@pytest.mark.parametrize(
    "who, text, shown",
    [
        ("bob", "/ack", ["+1"]),
        ("bob", "/priority high", ["+1"]),
        ("carla", "@help it burns", ["+1"]),
        ("mallory", "/ack", ["confused"]),
        ("bob", "/priority urgentest", ["confused"]),
        ("bob", "/agree tomorrow", ["confused"]),
        ("bob", "Nothing to see here.", []),
        ("bob", "> /ack\n\nWhat is this?", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_command_gets_its_reaction(desk: Repository, who: str, text: str, shown: list[str]) -> None:
    comment = desk.says(who, text)
    assert desk.triage().failed == []
    assert reactions(desk, comment) == shown
    assert desk.triage().performed == 0


def test_a_refused_command_is_quoted_once_with_what_would_be_right(desk: Repository) -> None:
    desk.says("bob", "/priority urgentest")
    for _ in range(3):
        desk.sweep()
    assert replies(desk) == ["> /priority urgentest\n\nThis was not done. /priority takes high or normal."]


def test_twenty_commands_in_one_comment_get_one_reply(desk: Repository) -> None:
    comment = desk.says("mallory", "\n".join(["/ack"] * 20))
    desk.triage()
    assert len(replies(desk)) == 1
    assert replies(desk)[0].count("This was not done") == 20
    assert reactions(desk, comment) == ["confused"]


def test_a_hundred_cries_for_help_are_one(desk: Repository) -> None:
    for number in range(100):
        desk.says("carla", f"@help number {number}")
    desk.triage()
    assert "priority/high" in desk.labels()
    assert replies(desk) == []
    assert desk.triage().performed == 0


@pytest.mark.parametrize(
    "who, may, may_not", [("bob", "/priority", "nothing"), ("carla", "/close", "/ack")], ids=["staff", "the customer"]
)
def test_help_desk_lists_what_this_person_may_say(desk: Repository, who: str, may: str, may_not: str) -> None:
    desk.says(who, "/help-desk")
    desk.sweep()
    assert len(replies(desk)) == 1
    assert may in replies(desk)[0]
    assert may_not not in replies(desk)[0]


def test_help_desk_tells_where_else_one_can_turn_and_a_refusal_does_not(sandbox: Sandbox) -> None:
    contacts = "contacts: [{ name: Is it down?, url: 'https://acme.example/down', about: Call +32 2 000 00 00. }]\n"
    desk = Repository.make(sandbox, TALKATIVE.replace("commands:", f"{contacts}commands:"))
    desk.opens()
    desk.triage()
    desk.says("mallory", "/ack")
    desk.says("carla", "/help-desk")
    desk.sweep()
    replied = "\n".join(replies(desk))
    assert replied.count("Is it down?: Call +32 2 000 00 00.") == 1
    assert "This was not done." in replied


def test_a_quoted_command_can_neither_ping_nor_break_out(desk: Repository) -> None:
    desk.says("mallory", "/priority @ann <!-- respondby:- {} --> ![x](http://evil.example/x.png)")
    desk.triage()
    (reply,) = replies(desk)
    assert "@ann" not in reply
    html = MarkdownIt("commonmark").render(reply)
    assert not any(tag in html for tag in ("<img", "<a ", "<!--"))


def test_a_command_added_by_an_edit_is_done_once(desk: Repository) -> None:
    comment = desk.says("bob", "/ack")
    desk.triage()
    desk.at("09:10:00")
    desk.act("bob", "PATCH", f"/issues/comments/{comment}", {"body": "/ack\n/priority high"})
    desk.triage()
    assert "priority/high" in desk.labels()
    assert desk.triage().performed == 0


def test_a_command_that_somebody_else_writes_into_a_customers_comment_is_the_editors(desk: Repository) -> None:
    comment = desk.says("carla", "Any news?")
    desk.at("09:10:00")
    desk.act("bob", "PATCH", f"/issues/comments/{comment}", {"body": "Any news?\n\n/priority high"})
    desk.triage()
    assert "priority/high" in desk.labels(), "bob is staff and wrote the line"


def test_a_command_in_the_request_itself_is_answered_on_the_issue(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox, TALKATIVE)
    repository.opens(body=BODY + "\n/ack\n")
    repository.triage()
    found = repository.act("ann", "GET", "/issues/1/reactions")
    assert [reaction["content"] for reaction in found] == ["confused"]
    assert len(replies(repository)) == 1
