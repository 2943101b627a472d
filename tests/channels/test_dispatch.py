"""Placing a call: the channels in order, every try told back, no secret told to anybody."""

from __future__ import annotations

import logging
import socket
from typing import Any

import pytest
import responses
from requests import exceptions
from tests.channels.receiver import Receiver

from respondby.channels import dispatch, http
from respondby.channels.dispatch import place
from respondby.desk.results import Tried
from respondby.policy.model.policy import Channel
from respondby.rules.plan import Call

URL = "https://github.test/acme/desk/issues/7"
CASE = "acme/desk#7"
PLANTED = "pl4nted-s3cret"


def call(*via: str, to: str = "ann", verb: Any = "page", key: str = "acme/desk#7/first-response/I_1/75%/0/ann") -> Call:
    return Call(key, verb, to, via, (), ())


def policy(**channels: Channel) -> dict[str, Channel]:
    return channels


def placed(via: Call, channels: dict[str, Channel], secrets: dict[str, str], **more: Any) -> tuple[Tried, ...]:
    slept: list[float] = []
    more = {"case": CASE, "sleep": slept.append} | more
    return place(via, "Printer on fire", "Nobody has answered.", URL, channels, secrets.get, **more)


def hook(name: str = "hook", **more: Any) -> Channel:
    return Channel(name, "webhook", name.upper(), **more)


def test_the_first_channel_that_works_is_enough(receiver: Receiver) -> None:
    secrets = {"ONE": f"http://{receiver.host}/one", "TWO": f"http://{receiver.host}/two"}
    made = placed(call("one", "two"), policy(one=hook("one"), two=hook("two")), secrets)
    assert made == (Tried("page", "ann", "one"),)
    assert [path for path, _, _ in receiver.got] == ["/one"]


def test_a_channel_that_fails_gives_way_to_the_next_and_says_why(receiver: Receiver) -> None:
    receiver.says = [500]
    secrets = {"ONE": f"http://{receiver.host}/one", "TWO": f"http://{receiver.host}/two"}
    made = placed(call("one", "two"), policy(one=hook("one"), two=hook("two")), secrets)
    assert made == (Tried("page", "ann", "one", "failed", "it answered 500"), Tried("page", "ann", "two"))


def test_a_person_whom_no_channel_reached_is_a_failure_that_is_told(receiver: Receiver) -> None:
    receiver.says = [404]
    made = placed(
        call("one", "two", "three"), policy(one=hook("one"), two=hook("two")), {"ONE": f"http://{receiver.host}/"}
    )
    assert [(tried.via, tried.ok, tried.why) for tried in made] == [
        ("one", False, "it answered 404: check the secret"),
        ("two", False, "the secret TWO is not set: add it to the repository and pass it in the workflow's env"),
        ("three", False, "the policy has no channel of that name"),
    ]


def test_a_call_without_channels_is_a_failure_that_is_told() -> None:
    assert placed(call(), {}, {}) == (Tried("page", "ann", "", "failed", "the policy gives no channel for this call"),)


@pytest.mark.parametrize(
    "secret, to, product, filled",
    [
        ("PHONE_{PERSON}", "jan-peter", None, "PHONE_JAN_PETER"),
        ("PHONE_{PERSON}", "Ann2", None, "PHONE_ANN2"),
        ("PHONE_{PERSON}", "desk[bot]", None, "PHONE_DESK_BOT_"),
        ("PROJECT_{PRODUCT}_URL", "ann", "shop.eu", "PROJECT_SHOP_EU_URL"),
        ("{PRODUCT}_{PERSON}", "ann", "shop", "SHOP_ANN"),
    ],
)
def test_a_secret_is_named_for_the_person_and_the_product(
    receiver: Receiver, secret: str, to: str, product: str | None, filled: str
) -> None:
    channels = policy(phone=Channel("phone", "webhook", secret))
    made = placed(call("phone", to=to), channels, {filled: f"http://{receiver.host}/"}, product=product)
    assert made == (Tried("page", to, "phone"),)


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_missing_or_empty_secret_is_named(value: str | None) -> None:
    secrets = {} if value is None else {"PHONE_ANN": value}
    (made,) = placed(call("phone"), policy(phone=Channel("phone", "pagerduty", "PHONE_{PERSON}")), secrets)
    assert (made.ok, "the secret PHONE_ANN is not set" in made.why) == (False, True)


def test_a_secret_named_for_a_product_needs_one() -> None:
    (made,) = placed(call("chat"), policy(chat=Channel("chat", "webhook", "{PRODUCT}_URL")), {})
    assert "has none" in made.why


@pytest.mark.parametrize(
    "text, harmless",
    [
        ("hi @everyone", "hi @\u200beveryone"),
        ("@Here and @channel", "@\u200bHere and @\u200bchannel"),
        ("<!channel> <@U12> <#C1>", "<\u200b!channel> <\u200b@U12> <\u200b#C1>"),
        ("ann@example.test a < b @ann", "ann@example.test a < b @ann"),
    ],
)
def test_text_from_an_issue_calls_nobody_in_a_chat(receiver: Receiver, text: str, harmless: str) -> None:
    place(call("hook"), text, text, URL, policy(hook=hook()), {"HOOK": f"http://{receiver.host}/"}.get)
    ((_, _, message),) = receiver.got
    assert (message["subject"], message["body"]) == (harmless, harmless)


def closed_port() -> str:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{closed.getsockname()[1]}"


KINDS = {
    "webhook": f"http://HOST/{PLANTED}",
    "pagerduty": f"http://HOST/v2/{PLANTED}",
    "apprise": f"json://ann:{PLANTED}@HOST/{PLANTED}",
}
FAULTS: dict[str, Any] = {
    "taken": 202,
    "refused": 400,
    "forbidden": 403,
    "moved": 302,
    "broken": 500,
    "slow": exceptions.ReadTimeout(f"read timed out: {PLANTED}"),
    "cut": exceptions.ConnectionError(f"cut: {PLANTED}"),
    "distrusted": exceptions.SSLError(f"certificate of {PLANTED}"),
    "odd": exceptions.InvalidHeader(f"bad header {PLANTED}"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_secret_shows_nowhere_whatever_happens(
    kind: Any, fault: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    channel = Channel("it", kind, "IT", headers="HEADERS" if kind == "webhook" else None)
    secrets = {"IT": KINDS[kind].replace("HOST", "chat.test"), "HEADERS": f'{{"Authorization": "{PLANTED}"}}'}
    answer = FAULTS[fault]
    with responses.RequestsMock(assert_all_requests_are_fired=False) as wire:
        for url in (f"http://chat.test/{PLANTED}", f"http://chat.test/{PLANTED}/", "http://chat.test/v2"):
            if isinstance(answer, int):
                wire.add("POST", url, status=answer, body=PLANTED, headers={"Location": f"http://else.test/{PLANTED}"})
            else:
                wire.add("POST", url, body=answer)
        (made,) = placed(call("it"), policy(it=channel), secrets)
        assert len(wire.calls) > 0
    assert made.ok == (fault == "taken")
    assert bool(made.why) != made.ok
    shown = " ".join([repr(made), caplog.text, *capfd.readouterr()])
    assert PLANTED not in shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_real_connection_leaves_no_secret_in_the_log(
    receiver: Receiver, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for host, ok in ((receiver.host, True), (closed_port(), False)):
        secrets = {"IT": KINDS[kind].replace("HOST", host)}
        (made,) = placed(call("it"), policy(it=Channel("it", kind, "IT")), secrets)
        assert made.ok == ok, made.why
        assert PLANTED not in repr(made) + caplog.text
    assert len(receiver.got) == 1


@pytest.mark.parametrize("deep", [200, 5000])
def test_a_body_file_that_is_nested_too_deeply_is_a_failure_that_is_told(receiver: Receiver, deep: int) -> None:
    bodies = {"deep.json": "[" * deep + '"{body}"' + "]" * deep}
    secrets = {"HOOK": f"http://{receiver.host}/"}
    (made,) = placed(call("hook"), policy(hook=hook(body="deep.json")), secrets, bodies=bodies)
    assert (made.why, receiver.got) == (
        "its body file deep.json is not JSON: it is nested more than 100 levels deep",
        [],
    )


def test_an_answer_that_is_nested_too_deeply_is_no_answer(receiver: Receiver) -> None:
    with responses.RequestsMock() as wire:
        wire.add("GET", "http://deep.test/", body="[" * 5000 + "]" * 5000)
        with pytest.raises(http.Failed, match="its answer is not JSON"):
            http.get("http://deep.test/")


@pytest.mark.parametrize("kind", KINDS)
def test_no_adapter_shows_its_secret(kind: Any) -> None:
    adapter = dispatch.open_channel(Channel("it", kind, "IT"), {"IT": PLANTED}.get, {}, lambda _: None)
    assert PLANTED not in repr(adapter)


def test_a_channel_imports_apprise_only_where_it_is_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    secrets = {"HOOK": f"http://{receiver.host}/", "CHAT": f"json://{receiver.host}/"}
    channels = policy(hook=hook(), chat=Channel("chat", "apprise", "CHAT"))
    assert placed(call("hook"), channels, secrets)[0].ok
    (made,) = placed(call("chat"), channels, secrets)
    assert (made.ok, made.why) == (False, "Apprise is not installed: install respondby[notify]")
