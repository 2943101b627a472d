"""Texts of the policy say what was answered: by the request, or in the block of a command, which comes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep
from respondby.policy.loading.loader import examine
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

TELLING = (
    POLICY.replace("log: { console: LOG }", "log: { console: LOG }, chat: { apprise: CHAT_URL }")
    .replace(
        "forms:",
        'forms:\n  block: { ask: { what: "What again?", tried: Steps taken, more: { ask: More, optional: true } } }',
    )
    .replace("choose: [priority], ask: {", "choose: [priority], ask: { product: { ask: Which?, optional: true },")
    .replace(
        "commands:",
        "commands:\n  /escalate: { by: staff, needs: block, notify: first, via: chat,"
        ' say: "Severity {priority}: {what}, {tried}, {more}, of {product}. {url}" }',
    )
    .replace("label: late, notify: first", "label: late, notify: first, via: chat, say: 'Asked: {what}, {tried}'")
)
BODY = "### Priority\n\nNormal\n\n### Which?\n\nevil\n\n### What?\n\nHow do I\nlog in?\n"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def swept(repository: Repository, receiver: Receiver, at: str, asked: list[str] | None = None) -> Report:
    """What a sweep comes to, and the names of the secrets that it asks for."""
    repository.at(at)

    def secret(name: str) -> str | None:
        (asked if asked is not None else []).append(name)
        return receiver.address("apprise", name) if name.startswith("CHAT") else None

    return sweep(replace(repository.desk(), secrets=secret))


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_a_text_says_what_was_answered_last(sandbox: Sandbox, receiver: Receiver) -> None:
    repository = Repository.make(sandbox, TELLING)
    repository.opens(body=BODY)
    assert swept(repository, receiver, "10:01:00").failed == []
    assert "Asked: How do I log in?, –" in receiver.posts[-1].body["message"]
    repository.at("10:05:00")
    repository.says("bob", "/escalate\nWhat again?: Nobody can log in\nSteps taken: @carla restarted {url}")
    assert swept(repository, receiver, "10:06:00").failed == []
    said = receiver.posts[-1].body["message"]
    assert "Severity normal: Nobody can log in, @carla restarted {url}, –, of evil." in said
    assert said.count("/issues/1") == 2  # ours and the letter's, not the one that bob typed


def test_what_people_write_chooses_no_secret(sandbox: Sandbox, receiver: Receiver) -> None:
    repository = Repository.make(sandbox, TELLING.replace("CHAT_URL", "'CHAT_{PRODUCT}_URL'"))
    repository.opens(body=BODY)
    asked: list[str] = []
    [failed] = swept(repository, receiver, "10:01:00", asked).failed
    assert "is named for a product, and this case has none" in failed
    assert receiver.posts == []
    assert not [name for name in asked if "EVIL" in name.upper()]


def test_a_place_that_nothing_fills_is_refused_with_what_is_known() -> None:
    [problem] = examine(TELLING.replace("Asked: {what}", "Asked: {wht}")).problems
    assert "wht" in problem.message
    assert "`what`" in problem.hint
