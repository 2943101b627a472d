"""What a new incident is like: said once, to the desk, by a channel or in the companion, and never on the case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.jobs.desk import Repository
from tests.jobs.test_companions import Desks
from tests.laws import fire
from tests.laws.fire import Receiver

from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.receiving import receive
from respondby.jobs.runs import run_event, sweep
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: UTC
people: { ann: {}, bob: {} }
roles: { staff: { people: [ann, bob] }, first: ann }
channels: { chat: { webhook: CHAT } }
fields:
  type: { label: type/ }
forms:
  incident: { name: Incident, about: Broken., ask: { what: "What?" } }
  question: { name: Question, about: Ask., ask: { what: "What is it?" } }
clocks: { answer: { when: { type: incident }, start: opened, stop: comment by staff, target: 15m } }
incidents:
  when: { type: incident }
  alerts: { dispatch: alert, source: plain, form: incident, answers: { what: summary } }
  related: { notify: staff, via: chat }
"""
DOCUMENT = "---\nstatus: done\n---\n# The checkout answered with errors\n\nA release broke the checkout.\n"


@pytest.fixture(scope="module")
def chat() -> Iterator[Receiver]:
    with fire.receiver() as receiver:
        yield receiver


def desk_of(sandbox: Sandbox, policy: str = POLICY) -> Repository:
    """A desk with a closed incident, an open question and two post-mortems."""
    files = {
        "docs/incidents/2025-11-01-1-checkout.md": DOCUMENT,
        "docs/incidents/2025-12-01-2-mail.md": "# Mail waited\n\nA queue was full.\n",
        "docs/incidents/README.md": "# The checkout in the index\n",
    }
    made = Repository.make(sandbox, policy, **files)
    made.opens(title="Errors at the checkout", body="### What?\n\nPaying fails\n")
    made.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    made.opens(title="How do I change my address?", body="### What is it?\n\nMy address\n")
    return made


class Chat:
    """What this desk has said in the chat since the beginning of a test."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver, self.first = receiver, len(receiver.bodies)

    @property
    def said(self) -> list[dict[str, Any]]:
        return self.receiver.bodies[self.first :]


def run(desk: Repository, chat: Receiver, number: int) -> Report:
    return run_event(Desk(desk.desk().client, {"CHAT": chat.url}.get), "triage", number)


def test_it_is_said_once_by_the_channel_and_nowhere_on_the_case(sandbox: Sandbox, chat: Receiver) -> None:
    desk, heard = desk_of(sandbox), Chat(chat)
    number = desk.opens(title="The checkout has errors", body="### What?\n\nNo order goes through\n")

    for _ in range(2):
        assert run(desk, chat, number).failed == []
    sweep(Desk(desk.desk().client, {"CHAT": chat.url}.get))

    said = [body for body in heard.said if "like these" in str(body)]
    assert sorted(body["to"] for body in said) == ["ann", "bob"]
    lines = [line for line in said[0]["body"].splitlines() if line.startswith("- ")]
    document = f"{desk.name}/blob/HEAD/docs/incidents/2025-11-01-1-checkout.md"
    assert lines == [
        f"- Errors at the checkout: {sandbox.url}/{desk.name}/issues/1",
        f"- The checkout answered with errors: {sandbox.url}/{document}",
    ]
    assert not [text for _, text in desk.comments(number) if "Errors at the checkout" in text or "2025-11" in text]


def test_an_alert_s_incident_is_told_of_too_and_what_is_no_incident_is_not(sandbox: Sandbox, chat: Receiver) -> None:
    desk, heard = desk_of(sandbox), Chat(chat)
    event = {"action": "alert", "client_payload": {"key": "pay", "state": "firing", "summary": "Checkout errors"}}
    assert receive(Desk(desk.desk().client, {"CHAT": chat.url}.get), event, "1").failed == []
    run(desk, chat, desk.opens(title="Checkout: how do errors look?", body="### What is it?\n\nErrors\n"))

    assert {body["subject"].partition(", ")[2] for body in heard.said if "like these" in str(body)} == {
        "Checkout errors"
    }


def test_without_a_channel_it_is_said_in_the_companion(sandbox: Sandbox) -> None:
    policy = POLICY.replace("{ notify: staff, via: chat }", "{ notify: first }").replace(
        "channels: { chat: { webhook: CHAT } }", "internal: { repository: acme/%(inside)s, token: INSIDE_TOKEN }"
    )
    desks = Desks.build(sandbox, policy)
    desks.opens(title="Errors at the checkout", body="### What?\n\nPaying fails\n")
    desks.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    desks.opens(title="The checkout has errors", body="### What?\n\nNo order goes through\n")
    assert desks.triage(2).failed == []

    address = f"{sandbox.url}/{desks.name}/issues/1"
    assert desks.talk() == [("acme-inside", f"@ann: It is most like these:\n- Errors at the checkout: {address}")]
    assert not [text for _, text in desks.comments(2) if "Errors at the checkout" in text]


def test_where_nothing_is_alike_nothing_is_said_and_nobody_looks_again(sandbox: Sandbox, chat: Receiver) -> None:
    desk, heard = desk_of(sandbox), Chat(chat)
    number = desk.opens(title="Zzz", body="### What?\n\nQqq\n")
    first = run(desk, chat, number)
    again = run(desk, chat, number)

    assert [body for body in heard.said if "like these" in str(body)] == []
    assert again.requests < first.requests - 2
    assert again.performed == 0


def test_a_channel_that_fails_is_tried_again_and_then_it_is_said(sandbox: Sandbox, chat: Receiver) -> None:
    desk, heard = desk_of(sandbox), Chat(chat)
    number = desk.opens(title="The checkout has errors", body="### What?\n\nNo order goes through\n")
    failed = run_event(Desk(desk.desk().client, {}.get), "triage", number)
    assert failed.failed or any(case.failures for case in failed.cases)

    run(desk, chat, number)
    assert len([body for body in heard.said if "like these" in str(body)]) == 2
