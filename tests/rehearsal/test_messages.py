"""Calls as they arrive: made by the desk's own channels, read by the rehearsal."""

from collections.abc import Iterator

import pytest
from tests.rehearsal.house import BODY_FILE, POLICY

from respondby.channels.dispatch import place
from respondby.channels.message import as_name
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.rehearsal.ground import expanded
from respondby.rehearsal.messages import Delivery, in_log, in_post
from respondby.rehearsal.receiver import Receiver
from respondby.rules.plan import Call

FILES = {"hook.json": BODY_FILE}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(POLICY, files=FILES)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
@pytest.mark.parametrize("via", ["pager", "chat", "hook", "shaped"])
@pytest.mark.parametrize("verb", ["page", "notify"])
@pytest.mark.parametrize("to", ["ann", "jan-peter"])
def test_whom_a_call_is_for_and_whether_it_pages_is_read_from_what_arrives(
    policy: Policy, receiver: Receiver, via: str, verb: str, to: str
) -> None:
    secrets = {
        name: receiver.address(channel.kind, name)
        for channel in policy.channels.values()
        for name in expanded(channel.secret, policy)
    } | {"HOOK_HEADERS": "{}"}
    call = Call("key", verb, to, (via,), (), ())  # type: ignore[arg-type]
    [made] = place(call, "It is late", "Look at it.", "https://forge/1", policy.channels, secrets.get, bodies=FILES)
    assert made.ok, made.why
    key = "key" if via in ("pager", "hook") else ""
    deliveries = [in_post(post, policy, FILES) for post in receiver.posts]
    assert deliveries == [Delivery(to, verb == "page", via, "It is late", key)]
    assert "It is late" in deliveries[0].text
    assert ("Look at it." in deliveries[0].text) == (via != "shaped")  # whose file leaves the body out


def test_a_console_channel_arrives_in_the_log(policy: Policy, capsys: pytest.CaptureFixture[str]) -> None:
    call = Call("key", "page", "ann", ("log",), (), ())
    place(call, "It is late (very)", "Look.", "https://forge/1", policy.channels, {}.get)
    log = f"enforce at …\n{capsys.readouterr().err}next look: never\n"
    [delivery] = in_log(log, policy)
    assert delivery == Delivery("ann", True, "log", "It is late (very)")
    assert "page for ann: It is late (very)" in delivery.text


def test_a_log_says_nothing_where_the_policy_has_no_console(policy: Policy) -> None:
    without = POLICY.replace("  log: { console: LOG }\n", "").replace("notify: staff, via: log", "label: late")
    silent = load(without, files=FILES)
    assert list(in_log("page for ann: x (https://forge/1)", silent)) == []


def test_a_secret_for_each_person_is_one_address_for_each(policy: Policy) -> None:
    assert expanded("CHAT_{PERSON}", policy) == tuple(f"CHAT_{as_name(login)}" for login in ("ann", "jan-peter"))
    assert expanded("PAGER_KEY", policy) == ("PAGER_KEY",)
    assert expanded("", policy) == ()
