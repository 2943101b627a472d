"""The receiver that stands for every pager and chat."""

import json
from urllib.request import Request, urlopen

import pytest

from respondby.rehearsal.receiver import Post, Receiver


def post(url: str, body: bytes) -> tuple[int, bytes]:
    with urlopen(Request(url, body, method="POST")) as answer:
        return answer.status, answer.read()


def test_what_is_posted_is_written_down_under_the_secret_it_came_to() -> None:
    with Receiver() as receiver:
        status, answer = post(receiver.address("webhook", "CHAT_URL"), b'{"title": "x"}')
        endpoint, _, key = receiver.address("pagerduty", "PAGER_ANN").rpartition("/")
        post(endpoint, b"no json")
    assert key == "rehearsal"
    assert status == 202
    assert json.loads(answer)["status"] == "success"
    assert receiver.posts == [Post("CHAT_URL", {"title": "x"}), Post("PAGER_ANN", "no json")]


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_an_apprise_secret_is_an_address_that_apprise_understands() -> None:
    apprise = pytest.importorskip("apprise")
    with Receiver() as receiver:
        target = apprise.Apprise()
        assert target.add(receiver.address("apprise", "CHAT_URL"))
        assert target.notify(title="Somebody", body="is called")
    [received] = receiver.posts
    assert received.secret == "CHAT_URL"
    assert received.body["message"] == "is called"


def test_after_its_end_nothing_listens() -> None:
    with Receiver() as receiver:
        address = receiver.address("webhook", "X")
    with pytest.raises(OSError, match="refused"):
        post(address, b"{}")
