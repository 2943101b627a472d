"""A storm: above the policy's ceiling each person is called once about all cases, and no case is lost or told twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.jobs.desk import POLICY, Repository

from respondby.desk.results import Mentioned, Tried
from respondby.forge.errors import ForgeError
from respondby.jobs.inputs.sweep_cache import SweepCache
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import run_event, sweep
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

CHANNELS = "channels: { chat: { webhook: CHAT }, pager: { pagerduty: PAGER }, "
PAGE = "{ at: due, label: late, page: first, via: pager }"
MENTION = "{ at: due, label: late, notify: [first, bob] }"


def policy(rung: str, ceiling: int | None = 3) -> str:
    text = POLICY.replace("channels: { ", CHANNELS).replace("{ at: due, label: late, notify: first }", rung)
    return text if ceiling is None else text.replace("timezone: UTC\n", f"timezone: UTC\nceiling: {ceiling}\n")


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


class Desk:
    """A repository in which so many cases come due at ten."""

    def __init__(self, sandbox: Sandbox, receiver: Receiver, text: str, cases: int) -> None:
        receiver.posts.clear()
        self.receiver, self.cases = receiver, cases
        self.repository = Repository.make(sandbox, text)
        self.secrets = {"CHAT": receiver.address("webhook", "CHAT"), "PAGER": receiver.address("pagerduty", "PAGER")}
        for number in range(1, cases + 1):
            self.repository.opens(title=f"Help {number}")
        self.sweep("09:01:00")

    def sweep(self, at: str, ceiling: int | None = None, cache: SweepCache | None = None) -> Report:
        self.repository.at(at)
        return sweep(replace(self.repository.desk(), secrets=self.secrets.get, ceiling=ceiling), cache=cache)

    def event(self, number: int) -> Report:
        """The run that an event of this issue starts."""
        return run_event(replace(self.repository.desk(), secrets=self.secrets.get), "triage", number)

    @property
    def pages(self) -> Counter[str]:
        """How often each key was triggered at the pager; it knows one key as one page."""
        triggered = (post.body for post in self.receiver.posts if post.body.get("event_action") == "trigger")
        return Counter(body["dedup_key"] for body in triggered)

    def told(self, change: str) -> list[str]:
        """The keys that the pager was told to `resolve` or `acknowledge`, but for those of single cases."""
        posts = [post.body for post in self.receiver.posts if post.body.get("event_action") == change]
        return [body["dedup_key"] for body in posts if "/storm/" in body["dedup_key"]]

    def recorded(self) -> list[list[tuple[str, str, bool]]]:
        """What each case records of calls and mentions: whom, by which way, whether it went well."""
        found = []
        for number in range(1, self.cases + 1):
            case = self.repository.case(number)
            results = [one for record in case.ledger.records.values() for one in record.results]
            calls = [(one.to, one.via, one.ok) for one in results if isinstance(one, Tried)]
            found.append(calls + [(one.to, "@", one.ok) for one in results if isinstance(one, Mentioned)])
        return found

    def own(self, number: int) -> list[str]:
        """What the desk has said on an issue, but for its card."""
        return [
            body for who, body in self.repository.comments(number) if who.endswith("[bot]") and '"card"' not in body
        ]

    def told_of(self, number: int) -> int:
        """How many comments mention Ann about a case: on it, and on the log's issue."""
        lines = [f"{line}," for body in self.digests() for line in body.splitlines() if line.startswith("- @ann")]
        return sum(f"#{number}," in line for line in lines) + sum("@ann" in body for body in self.own(number))

    def digests(self) -> list[str]:
        """The comments on the log's issue that tell of a storm."""
        issues = self.repository.act("ann", "GET", "/issues?state=all&per_page=100")
        logs = [issue["number"] for issue in issues if issue["title"].startswith("The log of")]
        return [body for number in logs for body in self.own(number) if "come due at once**" in body]


def test_each_person_is_paged_once_about_all_and_every_case_records_its_call(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE), 5)
    report = desk.sweep("10:00:00")
    (page,) = [post for post in receiver.posts if "dedup_key" in post.body]
    assert page.body["payload"]["summary"] == "Help desk: 5 requests need you"
    assert desk.recorded() == [[("ann", "pager", True)]] * 5
    assert [desk.repository.labels(number).count("late") for number in range(1, 6)] == [1] * 5
    assert report.failed == []
    assert any("5 cases have come due at once" in remark for remark in report.remarks)
    assert desk.sweep("10:05:00").performed == 0
    assert sum(desk.pages.values()) == 1


def test_whom_a_comment_would_mention_on_each_is_mentioned_once(sandbox: Sandbox, receiver: Receiver) -> None:
    desk = Desk(sandbox, receiver, policy(MENTION), 4)
    desk.sweep("10:00:00")
    (digest,) = desk.digests()
    assert "**4 requests have come due at once**" in digest
    assert "- @ann: #1, #2, #3, #4" in digest
    assert "- @bob: #1, #2, #3, #4" in digest
    assert [desk.own(number) for number in range(1, 5)] == [[]] * 4
    assert desk.recorded() == [[("ann", "@", True), ("bob", "@", True)]] * 4
    assert desk.sweep("10:05:00").performed == 0
    assert len(desk.digests()) == 1


@pytest.mark.parametrize(
    "ceiling, asked, once", [(4, None, False), (3, None, True), (None, None, False), (None, 2, True), (2, 9, False)]
)
def test_the_ceiling_is_the_policys_or_the_runs_own(
    sandbox: Sandbox, receiver: Receiver, ceiling: int | None, asked: int | None, once: bool
) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE, ceiling), 4)
    desk.sweep("10:00:00", asked)
    assert sum(desk.pages.values()) == (1 if once else 4)
    assert desk.recorded() == [[("ann", "pager", True)]] * 4


def test_what_was_asked_for_by_a_command_is_said_on_its_case(sandbox: Sandbox, receiver: Receiver) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE, 1), 3)
    for number in (1, 2, 3):
        desk.repository.says("carla", "@help", number)
    desk.sweep("09:02:00")
    assert desk.digests() == []


def test_somebody_whom_no_channel_reaches_is_a_failure_and_is_tried_again(sandbox: Sandbox, receiver: Receiver) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE), 4)
    pager = desk.secrets.pop("PAGER")
    report = desk.sweep("10:00:00")
    assert any("ann could not be reached about 4 cases at once" in failure for failure in report.failed)
    desk.secrets["PAGER"] = pager
    assert desk.sweep("10:05:00").failed == []
    assert sum(desk.pages.values()) == 1
    assert [set(calls) for calls in desk.recorded()] == [{("ann", "pager", False), ("ann", "pager", True)}] * 4


def test_a_case_that_is_answered_before_the_next_run_stays_out_of_it(sandbox: Sandbox, receiver: Receiver) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE), 5)
    desk.repository.says("ann", "On it.", 2)
    desk.sweep("10:00:00")
    assert desk.recorded()[1] == []
    assert sum(desk.pages.values()) == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(cases=2, ceiling=1, rung=MENTION, dies=5, done=False, event=1)  # a part was told of by an event's run
@given(
    st.integers(2, 5), st.integers(1, 4), st.sampled_from([PAGE, MENTION]), st.integers(1, 40), st.booleans(),
    st.integers(0, 3),
)  # fmt: skip
def test_wherever_a_run_dies_nothing_is_lost_and_nothing_doubled(
    sandbox: Sandbox, receiver: Receiver, cases: int, ceiling: int, rung: str, dies: int, done: bool, event: int
) -> None:
    """From its request `dies` on no answer comes (whether or not that was `done`); others go on from there."""
    desk = Desk(sandbox, receiver, policy(rung, ceiling), cases)
    sandbox.faults([{"match": {"from": dies}, "when": "after" if done else "before", "do": {"cut": True}}])
    with suppress(ForgeError):  # a run that can read nothing
        desk.sweep("10:00:00")
    sandbox.clear_faults()
    if 1 <= event <= cases:
        desk.repository.at("10:02:00")
        desk.event(event)
    for at in ("10:05:00", "10:10:00", "10:15:00"):
        report = desk.sweep(at)
    assert (report.performed, report.failed) == (0, [])
    whole = [("ann", "pager", True)] if rung == PAGE else [("ann", "@", True), ("bob", "@", True)]
    assert desk.recorded() == [whole] * cases
    if rung == PAGE:
        assert len(desk.pages) == (1 if cases > ceiling and not event else len(desk.pages))
        assert len(desk.pages) <= max(1, cases if cases <= ceiling else cases - ceiling + 1)
    else:
        assert [desk.told_of(number) for number in range(1, cases + 1)] == [1] * cases


def test_a_log_that_takes_no_more_silences_nobody(sandbox: Sandbox, receiver: Receiver) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE), 4)
    desk.sweep("10:00:00")
    (log,) = [
        issue["number"]
        for issue in desk.repository.act("ann", "GET", "/issues?state=all")
        if issue["title"].startswith("The log of")
    ]
    sandbox.member(desk.repository.name, "olga", "OWNER", "admin")
    desk.repository.act("olga", "PUT", f"/issues/{log}/lock", {})
    for number in range(5, 10):
        desk.repository.opens(title=f"Help {number}")
    report = desk.sweep("12:00:00")
    assert any("somebody has locked it" in failure for failure in report.failed)
    assert len(desk.pages) == 1 + 5


@pytest.mark.parametrize("cached", [False, True])
def test_the_page_is_resolved_once_all_its_cases_are_answered(
    sandbox: Sandbox, receiver: Receiver, cached: bool
) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE), 5)
    cache = SweepCache(None, "the desk") if cached else None
    desk.sweep("10:00:00", cache=cache)
    (key,) = desk.pages
    desk.repository.at("10:10:00")
    desk.repository.says("ann", "On it.", 1)
    desk.repository.act("ann", "PATCH", "/issues/2", {"state": "closed"})
    desk.repository.act("ann", "POST", "/issues/3/assignees", {"assignees": ["bob"]})
    sandbox.member(desk.repository.name, "olga", "OWNER", "admin")
    node = desk.repository.act("ann", "GET", "/issues/4")["node_id"]
    mutation = f'mutation {{ deleteIssue(input: {{issueId: "{node}"}}) {{ clientMutationId }} }}'
    sandbox.call("POST", "/graphql", sandbox.token("olga"), {"query": mutation})
    desk.sweep("10:15:00", cache=cache)
    assert desk.told("resolve") == []  # nobody has looked at the fifth
    desk.repository.says("bob", "I look.", 5)
    report = desk.sweep("10:20:00", cache=cache)
    assert desk.told("resolve") == [key]
    assert report.failed == []
    assert any("resolve the page to ann about 5 cases" in done for case in report.cases for done in case.done)
    desk.sweep("10:25:00", cache=cache)
    desk.sweep("10:30:00")
    assert desk.told("resolve") == [key]
    assert desk.told("acknowledge") == []


def test_an_open_case_that_nobody_answers_keeps_the_page_however_long_it_rests(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE), 4)
    desk.sweep("10:00:00")
    for number in (1, 2, 3):
        desk.repository.says("ann", "On it.", number)
    for at in ("2026-01-06T10:00:00Z", "2026-02-06T10:00:00Z"):
        assert desk.sweep(at).failed == []
    assert desk.told("resolve") == []
    desk.repository.act("ann", "PATCH", "/issues/4", {"state": "closed"})
    desk.sweep("2026-04-06T10:00:00Z")  # long after anybody touched it
    assert len(desk.told("resolve")) == 1


def test_a_pager_that_was_not_reached_is_told_by_the_next_sweep_under_the_same_key(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE), 4)
    desk.sweep("10:00:00")
    for number in range(1, 5):
        desk.repository.says("ann", "On it.", number)
    pager = desk.secrets.pop("PAGER")
    report = desk.sweep("10:05:00")
    assert any("could not be told to resolve a page about 4 cases" in failure for failure in report.failed)
    desk.secrets["PAGER"] = pager
    assert desk.sweep("10:10:00").failed == []
    assert desk.told("resolve") == [*desk.pages]


def test_a_sweep_that_dies_before_it_has_noted_a_resolution_tells_it_again_under_the_same_key(
    sandbox: Sandbox, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE), 4)
    desk.sweep("10:00:00")
    for number in range(1, 5):
        desk.repository.says("ann", "On it.", number)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("respondby.jobs.loop.storm_pages.Entry", dies)
        with pytest.raises(KeyboardInterrupt):
            desk.sweep("10:05:00")
    desk.sweep("10:10:00")
    desk.sweep("10:15:00")
    assert desk.told("resolve") == [*desk.pages] * 2


def test_a_storm_after_the_first_one_has_a_page_of_its_own(sandbox: Sandbox, receiver: Receiver) -> None:
    desk = Desk(sandbox, receiver, policy(PAGE), 4)
    desk.sweep("10:00:00")
    for number in range(1, 5):
        desk.repository.says("ann", "On it.", number)
    later = [desk.repository.opens(title=f"Help {number}") for number in range(5, 10)]
    desk.sweep("10:05:00")
    first = desk.told("resolve")
    desk.sweep("11:10:00")
    assert len(desk.pages) == 2
    assert desk.told("resolve") == first
    for number in later:
        desk.repository.act("ann", "PATCH", f"/issues/{number}", {"state": "closed"})
    desk.sweep("11:20:00")
    assert desk.told("resolve") == [*desk.pages]
