"""Groups that follow a rota: set to whoever is on call, once a change, and tried again where that fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.channels.serving import Answer, Asked, serving
from tests.jobs.desk import Repository

from respondby.forge.client import Client, Patience
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: UTC
people: { ann: {}, bob: {}, tess: {} }
rotas:
  week:
    timezone: UTC
    handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }
    members: [ann, bob]
    overrides: rota.yml
    follow: [{ group: G1, via: group, as: { ann: U1, bob: U2 } }]
roles: { staff: { people: [ann, bob, tess] } }
channels: { group: { webhook: GROUP_URL, headers: GROUP_HEADERS, body: group.json } }
fields: { type: { label: type/ } }
"""
BODY = '{ "usergroup": "{group}", "users": "{members}", "why": "{rota} {unknown}" }'


class Chat:
    """A chat's API: what it was told, and what it answers."""

    def __init__(self) -> None:
        self.url = ""
        self.told: list[Any] = []
        self.says: tuple[int, str] = (200, '{"ok": true}')

    def answer(self, asked: Asked) -> Answer:
        self.told.append((asked.body, asked.headers["Authorization"]))
        return Answer(*self.says)


@pytest.fixture
def chat() -> Iterator[Chat]:
    chat = Chat()
    with serving(chat) as chat.url:
        yield chat


@pytest.fixture
def desk(sandbox: Sandbox) -> Repository:
    return Repository.make(sandbox, POLICY, **{"rota.yml": "[]", "group.json": BODY})


def at(desk: Repository, chat: Chat, time: str, *, dry: bool = False) -> Report:
    desk.at(time)
    secrets = {
        "GROUP_URL": f"{chat.url}/set",
        "GROUP_HEADERS": '{"Authorization": "Bearer x"}',
    }
    client = Client(desk.sandbox.url, desk.bot, desk.name, pace=None, patience=Patience(tries=2), sleep=lambda _: None)
    return sweep(Desk(client, secrets.get, None), dry=dry)


def members(chat: Chat) -> list[str]:
    return [body["users"] for body, _ in chat.told]


def test_a_group_is_set_at_the_first_look_and_once_a_change(desk: Repository, chat: Chat) -> None:
    report = at(desk, chat, "2026-01-05T12:00:00Z")
    assert report.failed == []
    assert report.next == 1768212000, "Monday 12 January, 10:00"
    assert chat.told == [({"usergroup": "G1", "users": "U1", "why": "week {unknown}"}, "Bearer x")]
    for time in ("2026-01-05T12:05:00Z", "2026-01-12T09:59:00Z"):
        assert at(desk, chat, time).performed == 0
    at(desk, chat, "2026-01-12T10:00:00Z")
    at(desk, chat, "2026-01-12T10:05:00Z")
    assert members(chat) == ["U1", "U2"]
    assert not [body for _, body in desk.comments() if "ann" in body or "U1" in body], "the log names nobody"


def test_a_change_that_nobody_saw_is_made_good_and_one_that_was_undone_is_none(desk: Repository, chat: Chat) -> None:
    at(desk, chat, "2026-01-05T12:00:00Z")
    at(desk, chat, "2026-01-13T12:00:00Z")
    at(desk, chat, "2026-01-27T12:00:00Z")
    assert members(chat) == ["U1", "U2"], "two weeks later it is bob again"


def test_a_swap_counts_and_who_has_no_name_there_is_called_as_here(desk: Repository, chat: Chat) -> None:
    at(desk, chat, "2026-01-05T12:00:00Z")
    swap = "- { from: 2026-01-06T00:00, until: 2026-01-07T00:00, on: tess, instead-of: ann }\n"
    desk.sandbox.files(desk.name, {"rota.yml": swap}, "Swap")
    at(desk, chat, "2026-01-06T12:00:00Z")
    at(desk, chat, "2026-01-07T12:00:00Z")
    assert members(chat) == ["U1", "tess", "U1"]


@pytest.mark.parametrize(
    "answer, why",
    [
        ((500, ""), "it answered 500"),
        ((200, '{"ok": false, "error": "invalid_auth"}'), "it answered that this was not done"),
    ],
)
def test_a_group_that_could_not_be_set_is_a_failure_and_tried_again(
    desk: Repository, chat: Chat, answer: tuple[int, str], why: str
) -> None:
    chat.says = answer
    (failure,) = at(desk, chat, "2026-01-05T12:00:00Z").failed
    assert failure.startswith(f"the rota week: could not set G1 to ann: {why}")
    assert "invalid_auth" not in failure, "what a service answers is not ours to publish"
    chat.says = (200, "no JSON")
    assert at(desk, chat, "2026-01-05T12:05:00Z").failed == []
    assert members(chat) == ["U1", "U1"]


def test_a_dry_run_says_what_it_would_set(desk: Repository, chat: Chat) -> None:
    report = at(desk, chat, "2026-01-05T12:00:00Z", dry=True)
    assert [case.remarks for case in report.cases] == [["would set G1 to ann"]]
    assert chat.told == []


def test_while_nobody_is_on_call_a_group_keeps_whom_it_has(desk: Repository, chat: Chat) -> None:
    at(desk, chat, "2026-01-04T12:00:00Z")
    assert chat.told == []
