"""Every system of docs/systems.md: what the desk sends is of the system's own format, and what it refuses is not sent.

The channels are those of docs/examples/systems, with the files that stand there; only the addresses lead to a server of
`services` on this machine, which answers as the system does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.channels.services import Slack
from tests.channels.serving import Answer, Service, serving
from tests.channels.systems import BODY, CASE, FOLDER, KEY, SUBJECT, SYSTEMS, URL, Desk, System, at, of

from respondby.channels.dispatch import Hung, place
from respondby.channels.groups import set_group
from respondby.channels.message import Sent, short_key
from respondby.desk.results import Tried
from respondby.policy.loading.loader import load, named_files
from respondby.policy.model.policy import Policy
from respondby.rules.plan import Call

ids = [system.channel for system in SYSTEMS]
ALERTING = [system for system in SYSTEMS if system.channel in ("opsgenie", "jsm")]


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    text = (FOLDER / "support.yml").read_text()
    return {name: (FOLDER / name).read_text() for name in named_files(text)}


@pytest.fixture(scope="module")
def policy(files: dict[str, str]) -> Policy:
    return load((FOLDER / "support.yml").read_text(), files=files)


@pytest.fixture
def desk(
    request: pytest.FixtureRequest, policy: Policy, files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    with at(request.param, policy, files, monkeypatch) as one:
        yield one


@pytest.mark.parametrize("desk, system", [(one, one) for one in SYSTEMS], ids=ids, indirect=["desk"])
def test_a_page_is_of_the_systems_own_format_and_what_it_says_is_there(desk: Desk, system: System) -> None:
    assert desk.pages() == (Tried("page", "ann", system.channel),)
    assert system.there(desk.service) == system.expected


@pytest.mark.parametrize("desk", SYSTEMS, ids=ids, indirect=True)
def test_the_longest_and_strangest_message_is_taken_too(desk: Desk) -> None:
    """Words of an issue: as long as a letter may be, with signs that are markup, JSON or a command somewhere."""
    subject = ('</Say><Dial>+1</Dial> <!channel> "}, {subject} %2F\u2028 & ' + "x" * 300)[:200]
    assert [tried.why for tried in desk.pages(subject=subject, body="y & <z>\n" * 1500)] == [""]


@pytest.mark.parametrize(
    "status, headers, why",
    [
        (400, {}, ""),
        (401, {}, ""),
        (404, {}, ""),
        (500, {}, ""),
        (503, {}, ""),
        (429, {"Retry-After": "120"}, ""),
    ],
)
@pytest.mark.parametrize("desk", SYSTEMS, ids=ids, indirect=True)
def test_what_it_refuses_is_not_sent_and_the_next_way_is_tried(
    desk: Desk, status: int, headers: dict[str, str], why: str
) -> None:
    desk.service.says = [Answer(status, "no", headers)] * 9
    with serving(SuiteDashLike()) as address:
        refused, reached = desk.pages(next_url=address)
    assert (refused.outcome, reached) == ("failed", Tried("page", "ann", "next"))
    assert refused.why
    assert not any(
        part in refused.why for secret in desk.secrets.values() for part in secret.split("/") if len(part) > 9
    )
    assert sum(desk.slept) <= 10, "who asks for two minutes is passed over"


class SuiteDashLike(Service):
    """Takes anything: the next way."""

    def take(self, asked: Any) -> Answer:
        """Yes."""
        return Answer(200, {})


@pytest.mark.parametrize("name", ["pager", "opsgenie", "jsm", "jira", "slack", "suitedash", "sheet"])
def test_a_service_that_is_asked_too_often_is_asked_once_more_when_it_says_so(
    name: str, policy: Policy, files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(of(name), policy, files, monkeypatch) as desk:
        desk.service.says = [Answer(429, "slowly", {"Retry-After": "3"})]
        assert [tried.ok for tried in desk.pages()] == [True]
        assert desk.slept[:1] == [3.0]
        assert of(name).there(desk.service), "and it has it then"


def test_an_alert_that_opsgenie_takes_and_later_drops_is_not_sent(
    policy: Policy, files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(of("opsgenie"), policy, files, monkeypatch) as desk, serving(SuiteDashLike()) as address:
        desk.service.fails = True
        refused, reached = desk.pages(next_url=address)
        assert refused.why == ("get /alerts/requests/{request}: its answer says false at $.data.success, and not true")
        assert reached.ok
        assert desk.service.alerts == {}


@pytest.mark.parametrize("desk", ALERTING, ids=["opsgenie", "jsm"], indirect=True)
def test_an_answer_on_the_issue_acknowledges_the_alert_and_closing_closes_it(desk: Desk) -> None:
    desk.pages()
    assert desk.changes("acknowledge") == Sent(True)
    assert desk.service.alerts == {short_key(KEY): "acknowledge"}
    assert desk.changes("resolve") == Sent(True)
    assert desk.service.alerts == {short_key(KEY): "close"}


@pytest.mark.parametrize("desk", [of("pager")], indirect=True)
def test_pagerduty_hears_the_same(desk: Desk) -> None:
    desk.pages()
    assert desk.changes("acknowledge").ok
    assert desk.service.incidents == {KEY: "acknowledge"}
    assert desk.changes("resolve").ok
    assert desk.service.incidents == {KEY: "resolve"}


@pytest.mark.parametrize("desk", [of("sheet")], indirect=True)
def test_a_spreadsheet_hears_that_it_is_over(desk: Desk) -> None:
    desk.pages()
    assert desk.changes("resolve").ok
    assert desk.service.closed == [CASE]


@pytest.mark.parametrize("desk", [of("jira")], indirect=True)
class TestJira:
    """One issue for one case, however often it is told, linked to it, and closed with it."""

    def test_a_second_message_about_the_case_makes_no_second_issue(self, desk: Desk) -> None:
        desk.pages()
        assert desk.pages(key="another rung")[0].ok
        assert list(desk.service.issues) == ["MCT-7"]

    def test_what_broke_off_is_finished_by_the_next_run(self, desk: Desk) -> None:
        nothing, made = Answer(200, {"issues": []}), {"id": "10007", "key": "MCT-7"}
        desk.service.issues["MCT-7"] = {"project": "MCT", "labels": [CASE], "status": "new", "links": {}}
        desk.service.says = [nothing, Answer(201, made), Answer(502)]
        (broken,) = desk.pages()
        assert broken.why == "post /issue/{ref}/remotelink: it answered 502"
        assert desk.pages()[0].ok
        assert desk.service.issues["MCT-7"]["links"] == {URL: URL}
        assert len(desk.service.issues) == 1

    def test_closing_the_case_closes_it_once(self, desk: Desk) -> None:
        desk.pages()
        assert desk.changes("resolve") == Sent(True)
        assert desk.service.issues["MCT-7"]["status"] == "done"
        assert desk.changes("resolve", key="another rung") == Sent(True), "a closed issue is left alone"

    def test_an_issue_that_is_gone_is_told(self, desk: Desk) -> None:
        sent = desk.changes("resolve")
        assert (sent.ok, sent.why) == (False, "post /issue/{ref}/transitions: no answer has named {ref}")


def test_a_user_group_of_slack_holds_whoever_is_on_call_and_a_refusal_with_200_is_told(
    policy: Policy, files: dict[str, str]
) -> None:
    slack = Slack()
    with serving(slack) as address:
        secrets = {
            "SLACK_GROUP_URL": f"{address}/api/usergroups.users.update",
            "SLACK_GROUP_HEADERS": '{"Authorization": "Bearer xoxb-1"}',
        }

        def group(*members: str) -> Sent:
            channel = policy.channels["slack-group"]
            return set_group(channel, "S0ONCALL", members, "on-call", secrets.get, files, Hung())

        assert group("U0ANN", "U0BOB") == Sent(True)
        assert slack.groups == {"S0ONCALL": ["U0ANN", "U0BOB"]}
        assert not group("ann").ok
        assert slack.groups == {"S0ONCALL": ["U0ANN", "U0BOB"]}


def test_a_chat_that_refuses_with_200_has_not_been_told(policy: Policy, files: dict[str, str]) -> None:
    slack = Slack()
    slack.says = [Answer(200, {"ok": False, "error": "channel_not_found"})]
    with serving(slack) as address:
        call = Call(KEY, "notify", "ann", ("slack",), (), ())
        (tried,) = place(
            call, SUBJECT, BODY, URL, policy.channels, {"SLACK_URL": f"{address}/api/chat"}.get, bodies=files
        )
    assert tried.why == "it answered that this was not done: check the names in it, and the secrets"


@pytest.mark.parametrize("name", ["pager", "nowhere"])
def test_a_group_is_set_by_a_webhook_alone(name: str, policy: Policy, files: dict[str, str]) -> None:
    sent = set_group(policy.channels.get(name), "S0ONCALL", ["U0ANN"], "on-call", {}.get, files, Hung())
    assert sent == Sent(False, "a group is set by a webhook, and this is none")
