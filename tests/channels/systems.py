"""The table of systems: a channel of docs/examples/systems each, its server, and what is there after a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.channels.services import Jira, Opsgenie, PagerDuty, Sheet, Slack, SuiteDash, Twilio
from tests.channels.serving import Service, serving

from respondby.channels.dispatch import Recipient, change, place
from respondby.channels.message import Sent, short_key
from respondby.desk.results import Tried
from respondby.policy.model.policy import Policy
from respondby.rules.plan import Call

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "systems"
KEY = "acme/desk#7/first response/I_1/75%/0/ann"
CASE, URL = "acme/desk#7", "https://github.test/acme/desk/issues/7"
SUBJECT = 'First response is overdue: acme/desk#7, <Printer> & "fax" on fire'
WRITTEN = SUBJECT.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
BODY = "It was due at 10:00 (Europe/Brussels).\nNobody has answered."
SID = "AC" + "a" * 32


@dataclass(frozen=True)
class System:
    """A row: the channel, the system's server, what the secrets hold where `{}` is its address, and what is there then.

    `keys` are attributes of Apprise's plugin that hold an address: they lead here instead.
    """

    channel: str
    service: Callable[[], Service]
    secrets: Mapping[str, str]
    there: Callable[[Any], object]
    expected: object
    keys: Mapping[str, str] | None = None


GENIE = '{"Authorization": "GenieKey 8b799edf-6f98-4d3a-9be7-2862fb4e5752"}'
SYSTEMS = [
    System(
        "pager",
        PagerDuty,
        {"PAGERDUTY_KEY": "{}/v2/enqueue/" + "R0" * 16},
        lambda pager: pager.incidents,
        {KEY: "triggered"},
    ),
    System(
        "opsgenie",
        lambda: Opsgenie("/v2"),
        {"OPSGENIE_URL": "{}/v2", "OPSGENIE_HEADERS": GENIE},
        lambda opsgenie: opsgenie.alerts,
        {short_key(KEY): "open"},
    ),
    System(
        "jsm",
        lambda: Opsgenie("/jsm/ops/integration/v2"),
        {"JSM_URL": "{}/jsm/ops/integration/v2", "JSM_HEADERS": GENIE},
        lambda jsm: jsm.alerts,
        {short_key(KEY): "open"},
    ),
    System(
        "jira",
        Jira,
        {"JIRA_URL": "{}/rest/api/3", "JIRA_HEADERS": '{"Authorization": "Basic ZGVza0BhY21lLnRlc3Q6QVRBVFQ="}'},
        lambda jira: [(key, one["fields"]["summary"], one["links"]) for key, one in jira.issues.items()],
        [("MCT-7", SUBJECT, {URL: URL})],
    ),
    System(
        "slack",
        Slack,
        {"SLACK_URL": "{}/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ".replace("A1B", "B1B")},
        lambda slack: [asked.body["text"] for asked in slack.asked],
        [f"<!subteam^S0ONCALL> {WRITTEN}\n{BODY}\n{URL}\nFor ann."],
    ),
    System(
        "slack-app",
        Slack,
        {"SLACK_APP_URL": "slack://T1JJ3T3L2/B1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#support"},
        lambda slack: [asked.body["channel"] for asked in slack.asked],
        ["#support"],
        {"slack.NotifySlack.webhook_url": "{}/services"},
    ),
    System(
        "sms",
        Twilio,
        {"SMS_ANN": f"twilio://{SID}:{'b' * 32}@+15551234567/+15559876543"},
        lambda twilio: [asked.path.rpartition("/")[2] for asked in twilio.asked],
        ["Messages.json"],
        {"twilio.NotifyTwilio.notify_sms_url": "{}/2010-04-01/Accounts/{sid}/Messages.json"},
    ),
    System(
        "phone",
        Twilio,
        {"PHONE_ANN": f"twilio://{SID}:{'b' * 32}@+15551234567/+15559876543?method=call"},
        lambda twilio: [asked.path.rpartition("/")[2] for asked in twilio.asked],
        ["Calls.json"],
        {"twilio.NotifyTwilio.notify_call_url": "{}/2010-04-01/Accounts/{sid}/Calls.json"},
    ),
    System(
        "suitedash",
        SuiteDash,
        {"SUITEDASH_URL": "{}/inbound/1"},
        lambda suitedash: [asked.body for asked in suitedash.asked],
        [{"subject": SUBJECT, "message": BODY, "link": URL}],
    ),
    System(
        "sheet",
        Sheet,
        {"SHEET_URL": "{}/macros/s/AKfycbx/exec"},
        lambda sheet: sheet.rows,
        [[CASE, SUBJECT, URL]],
    ),
]


class Desk:
    """A desk that has one system, and behind it a chat of its own as the next way of the ladder."""

    def __init__(self, system: System, service: Any, address: str, policy: Policy, files: Mapping[str, str]) -> None:
        self.service, self.files = service, files
        self.channel = system.channel
        self.secrets = {name: value.replace("{}", address) for name, value in system.secrets.items()}
        self.channels = dict(policy.channels)
        self.channels["next"] = replace(policy.channels["suitedash"], name="next", secret="NEXT", body=None)
        self.slept: list[float] = []

    def pages(self, verb: Any = "page", next_url: str | None = None, **more: str) -> tuple[Tried, ...]:
        """A call by the system; with `next_url`, that is tried after it."""
        via = (self.channel, "next") if next_url else (self.channel,)
        call = Call(more.get("key", KEY), verb, "ann", via, (), ())
        secrets = self.secrets | ({"NEXT": next_url} if next_url else {})
        words = (more.get("subject", SUBJECT), more.get("body", BODY), URL)
        return place(call, *words, self.channels, secrets.get, case=CASE, bodies=self.files, sleep=self.slept.append)

    def changes(self, what: Any, key: str = KEY) -> Sent:
        """The page was answered, or its case closed."""
        whom = Recipient("ann", None, CASE, URL)
        return change(
            what, key, self.channel, whom, self.channels, self.secrets.get,
            bodies=self.files, sleep=self.slept.append,
        )  # fmt: skip


@contextmanager
def at(system: System, policy: Policy, files: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The desk and its system, which listens."""
    service = system.service()
    with serving(service) as address:
        for name, value in (system.keys or {}).items():
            monkeypatch.setattr(f"apprise.plugins.{name}", value.replace("{}", address))
        yield Desk(system, service, address, policy, files)


def of(name: str) -> System:
    return next(system for system in SYSTEMS if system.channel == name)
