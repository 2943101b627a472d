"""Who answered a page at PagerDuty: asked of a receiver that answers as its REST API does, or as it should not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.channels import serving

from respondby.channels import http
from respondby.channels.dispatch import Recipient, change
from respondby.channels.message import Secrets
from respondby.channels.pagerduty_answers import Answer, NotAnswered, answer_to
from respondby.policy.model.policy import Channel

ANN = Recipient("ann")
KEY = "acme/desk#7/answer/I_1/start/0/ann"


class Api:
    """`says` are answers by path; `asked` what came: (path with query, Accept, Authorization)."""

    def __init__(self) -> None:
        self.url = ""
        self.says: dict[str, serving.Answer] = {}
        self.asked: list[tuple[str, str, str]] = []

    def has(self, path: str, content: Any, status: int = 200) -> None:
        """From now on this is what is there; `cut` ends before it should."""
        headers = {"Content-Length": "53"} if content == b"cut" else {}
        self.says[path] = serving.Answer(status, content, headers)

    def answer(self, asked: serving.Asked) -> serving.Answer:
        self.asked.append((asked.target, asked.headers["Accept"], asked.headers["Authorization"]))
        return self.says.get(asked.path, serving.Answer(404, {}))

    @property
    def secrets(self) -> Secrets:
        """The token's secret: this server's address, ending in a key."""
        return {"PAGER_TOKEN": f"{self.url}/sesame-open-now"}.get


@pytest.fixture
def api() -> Iterator[Api]:
    api = Api()
    with serving.serving(api) as api.url:
        yield api


CHANNEL = Channel("pager", "pagerduty", "PAGER_KEY", token="PAGER_TOKEN")


def incident(status: str, *acknowledged: dict[str, Any], changed: str = "2026-01-05T09:00:00Z") -> dict[str, Any]:
    return {
        "id": "Q1",
        "status": status,
        "created_at": "2026-01-05T09:00:00Z",
        "last_status_change_at": changed,
        "acknowledgements": list(acknowledged),
    }


def acknowledged(at: str, kind: str = "user_reference", id: str = "PANN") -> dict[str, Any]:
    return {"at": at, "acknowledger": {"id": id, "type": kind}}


def logged(kind: str, at: str, agent: str = "user_reference", id: str = "PANN") -> dict[str, Any]:
    return {"type": f"{kind}_log_entry", "created_at": at, "agent": {"id": id, "type": agent}}


def asked(api: Api) -> Answer | None:
    return answer_to(CHANNEL, KEY, ANN, api.secrets)


def test_the_incident_is_asked_for_by_the_pages_key_with_the_headers_of_the_api(api: Api) -> None:
    api.has("/incidents", {"incidents": []})
    assert asked(api) is None
    ((path, accept, authorization),) = api.asked
    assert path.startswith("/incidents?incident_key=acme%2Fdesk%237%2Fanswer%2FI_1%2Fstart%2F0%2Fann&date_range=all")
    assert (accept, authorization) == ("application/vnd.pagerduty+json;version=2", "Token token=sesame-open-now")


@pytest.mark.parametrize(
    "found, log, answer",
    [
        (incident("triggered"), None, None),
        (incident("acknowledged", acknowledged("2026-01-05T09:05:00Z")), None, ("PANN", 1_767_603_900)),
        (
            incident("acknowledged", acknowledged("2026-01-05T10:05:00+01:00"), acknowledged("2026-01-05T09:04:00Z")),
            None,
            ("PANN", 1_767_603_840),
        ),
        # Our own acknowledgement by the Events API answers nothing, though the log may name somebody.
        (incident("acknowledged", acknowledged("2026-01-05T09:05:00Z", "service_reference")), [], None),
        (incident("resolved"), [logged("resolve", "2026-01-05T09:05:00Z")], ("PANN", 1_767_603_900)),
        (incident("resolved"), [logged("resolve", "2026-01-05T09:05:00Z", "integration_reference")], None),
        # It rings again: an acknowledgement ran out there, and is one all the same.
        (
            incident("triggered", changed="2026-01-05T09:35:00Z"),
            [logged("unacknowledge", "2026-01-05T09:35:00Z"), logged("acknowledge", "2026-01-05T09:05:00Z")],
            ("PANN", 1_767_603_900),
        ),
        (
            incident("resolved"),
            [logged("resolve", "2026-01-05T09:09:00Z"), logged("acknowledge", "2026-01-05T09:05:00Z", id="PBOB")],
            ("PBOB", 1_767_603_900),
        ),
    ],
)
def test_the_first_person_who_acknowledged_or_resolved_has_answered(
    api: Api, found: dict[str, Any], log: list[Any] | None, answer: tuple[str, int] | None
) -> None:
    api.has("/incidents", {"incidents": [found]})
    if log is not None:
        api.has("/incidents/Q1/log_entries", {"log_entries": log})
    assert asked(api) == (Answer(answer[1], answer[0]) if answer else None)
    assert len(api.asked) == (1 if log is None else 2)


@pytest.mark.parametrize(
    "status, content, why",
    [
        (401, {}, "it answered 401: check the secret"),
        (429, {}, "it answered 429"),
        (500, {}, "it answered 500"),
        (302, {}, "it answered 302: it has moved"),
        (200, b"<html>", "its answer is not JSON"),
        (200, [], "its answer is not of the known shape"),
        (200, {"incidents": [{"id": "Q1"}]}, "its answer is not of the known shape"),
        (200, {"incidents": [incident("acknowledged", acknowledged("yesterday"))]}, "not of the known shape"),
        (200, b"cut", "no connection came about, or it was cut"),
    ],
)
def test_what_it_cannot_tell_is_said_without_its_address_or_key(api: Api, status: int, content: Any, why: str) -> None:
    api.has("/incidents", content, status)
    with pytest.raises(NotAnswered) as error:
        asked(api)
    assert why in str(error.value)
    assert "sesame" not in str(error.value)
    assert "127.0.0.1" not in str(error.value)


def test_an_answer_without_end_is_cut_off(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LONGEST", 100)
    api.has("/incidents", {"incidents": [], "more": "x" * 200})
    with pytest.raises(NotAnswered, match="its answer has no end"):
        asked(api)


def test_a_token_that_is_not_set_is_named() -> None:
    with pytest.raises(NotAnswered, match="the secret PAGER_TOKEN is not set"):
        answer_to(CHANNEL, KEY, ANN, {}.get)


def test_a_bare_key_is_for_pagerdutys_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def get(url: str, *_: Any) -> Any:
        seen.append(url)
        return {"incidents": []}

    monkeypatch.setattr(http, "get", get)
    assert answer_to(CHANNEL, KEY, ANN, {"PAGER_TOKEN": "sesame"}.get) is None
    assert seen == ["https://api.pagerduty.com/incidents"]


def test_a_change_names_the_key_and_tries_again_where_that_helps(receiver: Any) -> None:
    secrets = {"PAGER_KEY": f"http://{receiver.host}/v2/enqueue/routing"}
    receiver.says = [500]
    slept: list[float] = []
    sent = change("acknowledge", KEY, "pager", ANN, {"pager": CHANNEL}, secrets.get, sleep=slept.append)
    assert (sent.ok, slept) == (True, [1.0])
    body = {"routing_key": "routing", "event_action": "acknowledge", "dedup_key": KEY}
    assert [(path, sent) for path, _, sent in receiver.got] == [("/v2/enqueue", body)] * 2
    receiver.says = [400]
    assert change("resolve", KEY, "pager", ANN, {"pager": CHANNEL}, secrets.get).why == (
        "it answered 400: it does not understand this message"
    )
    assert "PAGER_KEY is not set" in change("resolve", KEY, "pager", ANN, {"pager": CHANNEL}, {}.get).why
