"""Talk of the desk in the `internal` repository, and issues that `open` asks for, against the sandbox over HTTP."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import pytest
from tests.jobs.desk import OPENED, POLICY, Repository
from tests.jobs.refused_writes import on_cards

from respondby.desk import markers
from respondby.desk.ledger import EMPTY
from respondby.forge.client import Client, Patience
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import run_event, sweep
from respondby.sandbox.server import Sandbox

INSIDE = """
internal: { repository: acme/%(inside)s, token: INSIDE_TOKEN }
"""
BODY = "### Priority\n\nNormal\n\n### What?\n\nHow do I log in?\n"
_serial = itertools.count(1)


@dataclass
class Desks(Repository):
    """A desk with a repository inside, and the token for it."""

    inside: str = ""
    token: str = ""

    @classmethod
    def build(cls, sandbox: Sandbox, policy: str = POLICY, *, private: bool = True, token: str | None = None) -> Desks:
        name = f"inside-{next(_serial)}"
        sandbox.clock(OPENED)
        sandbox.repo("acme", name, private=private)
        for login in ("ann", "bob", "acme-inside"):
            sandbox.member(f"acme/{name}", login, "MEMBER")
        made = Repository.make(
            sandbox, policy % {"inside": name} if "%(" in policy else policy + INSIDE % {"inside": name}
        )
        given = sandbox.token("acme-inside") if token is None else token
        return cls(made.sandbox, made.name, made.bot, f"acme/{name}", given)

    def desk(self, secret: bytes | None = None) -> Desk:
        client = Client(
            self.sandbox.url, self.bot, self.name, pace=None, patience=Patience(tries=2), sleep=lambda _: None
        )
        return Desk(client, {"LOG": "log", "INSIDE_TOKEN": self.token}.get, secret)

    def issues(self, state: str = "all") -> list[Any]:
        """The issues of the repository inside, oldest first."""
        status, found = self.sandbox.call(
            "GET", f"/repos/{self.inside}/issues?state={state}&direction=asc", self.sandbox.token("ann")
        )
        assert status == 200, found
        return list(found)

    def talk(self, number: int = 1) -> list[tuple[str, str]]:
        """What was said inside: (author, body without its marker)."""
        path = f"/repos/{self.inside}/issues/{number}/comments"
        _, found = self.sandbox.call("GET", path, self.sandbox.token("ann"))
        return [(said["user"]["login"], said["body"].partition("<!--")[0].strip()) for said in found]


@pytest.fixture
def desks(sandbox: Sandbox) -> Desks:
    return Desks.build(sandbox)


def breached(desks: Desks) -> Report:
    desks.opens()
    desks.triage()
    desks.at("10:00:00")
    return desks.sweep()


def test_a_mention_is_talk_inside_and_nothing_of_it_shows_on_the_issue(desks: Desks) -> None:
    report = breached(desks)
    assert report.failed == []
    (companion,) = desks.issues()
    assert companion["title"] == f"Help ({desks.name}#1)"
    assert f"**[Help]({desks.sandbox.url}/{desks.name}/issues/1)**" in companion["body"]
    assert desks.talk() == [("acme-inside", "@ann: “First response” was due Mon 5 Jan 2026, 10:00 (UTC).")]
    public = [body for _, body in desks.comments()]
    assert len(public) == 1, "the card alone"
    assert "ann" not in public[0].partition("<!-- respondby:")[0]
    assert desks.labels() == ["late", "priority/normal", "type/question"]
    assert desks.sweep().performed == 0
    assert len(desks.issues()) == 1


def test_the_customer_is_told_on_the_issue_itself(sandbox: Sandbox) -> None:
    policy = POLICY.replace("notify: first", "notify: [author, first], comment: 'We are late.'")
    desks = Desks.build(sandbox, policy)
    assert breached(desks).failed == []
    assert desks.talk() == [("acme-inside", "@ann: “First response” was due Mon 5 Jan 2026, 10:00 (UTC).")]
    said = desks.comments()[1][1].partition("<!--")[0]
    assert said.startswith("@carla: “First response” was due"), said
    assert "We are late." in said
    assert "ann" not in said


def test_the_companion_is_closed_and_opened_again_with_its_case(desks: Desks) -> None:
    breached(desks)
    desks.act("carla", "PATCH", "/issues/1", {"state": "closed"})
    desks.sweep()
    assert [one["state"] for one in desks.issues()] == ["closed"]
    assert desks.sweep().performed == 0
    desks.act("carla", "PATCH", "/issues/1", {"state": "open"})
    assert desks.triage().failed == []
    assert [one["state"] for one in desks.issues()] == ["open"]
    assert desks.triage().performed == 0


def test_with_a_chat_beside_it_a_companion_that_could_not_follow_its_case_does_so_when_it_can(sandbox: Sandbox) -> None:
    assert "channels: {" in POLICY
    desks = Desks.build(sandbox, POLICY.replace("channels: {", "channels: { chat: { webhook: HOOK },"))
    breached(desks)
    desks.act("carla", "PATCH", "/issues/1", {"state": "closed"})
    token, desks.token = desks.token, "ghp_nobody"
    desks.sweep()
    assert desks.sweep().failed, "at rest but for its companion, and still told"
    assert [one["state"] for one in desks.issues()] == ["open"]
    desks.token = token
    assert desks.sweep().failed == []
    assert [one["state"] for one in desks.issues()] == ["closed"]


def test_a_companion_that_somebody_closed_by_hand_stays_as_they_left_it(desks: Desks) -> None:
    breached(desks)
    desks.sandbox.call("PATCH", f"/repos/{desks.inside}/issues/1", desks.sandbox.token("bob"), {"state": "closed"})
    assert desks.sweep().performed == 0
    assert desks.issues("open") == []


def test_a_case_without_talk_has_no_companion(desks: Desks) -> None:
    desks.opens()
    desks.triage()
    desks.act("carla", "PATCH", "/issues/1", {"state": "closed"})
    before = len(desks.sandbox.requests())
    desks.triage()
    paths = [request["path"] for request in desks.sandbox.requests()[before:]]
    assert desks.issues() == []
    assert not [path for path in paths if desks.inside in path]


def test_a_run_that_died_after_it_spoke_inside_does_not_speak_again(desks: Desks) -> None:
    desks.opens()
    desks.triage()
    desks.at("10:00:00")
    desks.sandbox.faults(on_cards({"status": 500}))
    assert desks.sweep().failed
    desks.sandbox.clear_faults()
    desks.at("10:01:00")
    assert desks.sweep().failed == []
    assert len(desks.talk()) == 1
    assert len(desks.issues()) == 1


@pytest.mark.parametrize("cut", ["after", "before"])
def test_an_opening_without_an_answer_is_looked_up(desks: Desks, cut: str) -> None:
    desks.opens()
    desks.triage()
    desks.at("10:00:00")
    match = {"method": "POST", "path": f"/repos/{desks.inside}/issues", "times": 1}
    desks.sandbox.faults([{"match": match, "when": cut, "do": {"cut": True}}])
    desks.sweep()
    desks.sandbox.clear_faults()
    desks.at("10:02:00")
    assert desks.sweep().failed == []
    assert len(desks.issues()) == 1
    assert len(desks.talk()) == 1


def test_of_two_companions_the_first_counts_and_the_other_is_closed(desks: Desks) -> None:
    """Another run has made one a moment earlier: its own, with the marker that it would write."""
    desks.opens()
    desks.triage()
    case = desks.case()
    key = f"companion {desks.inside}"
    body = f"Talk.\n\n{markers.write('elsewhere', case.node_id, '', EMPTY, key=key)}"
    for _ in range(2):
        desks.sandbox.call("POST", f"/repos/{desks.inside}/issues", desks.token, {"title": "Help", "body": body})
    desks.at("10:00:00")
    assert desks.sweep().failed == []
    assert [(one["number"], one["state"]) for one in desks.issues()] == [(1, "open"), (2, "closed")]
    assert [len(desks.talk(number)) for number in (1, 2)] == [1, 0]
    assert desks.sweep().performed == 0


@pytest.mark.parametrize("who", ["bob", "acme-inside"])
def test_a_marker_that_is_not_ours_is_no_companion(desks: Desks, who: str) -> None:
    desks.opens()
    desks.triage()
    key = f"companion {desks.inside}"
    text = f"Talk.\n\n{markers.write('elsewhere', desks.case().node_id, '', EMPTY, key=key)}"
    path = f"/repos/{desks.inside}/issues"
    first = text if who == "bob" else "Mine."
    _, made = desks.sandbox.call("POST", path, desks.sandbox.token(who), {"title": "Help", "body": first})
    if who != "bob":  # ours, and somebody else wrote the marker into it
        desks.sandbox.call("PATCH", f"{path}/{made['number']}", desks.sandbox.token("bob"), {"body": text})
    desks.at("10:00:00")
    assert desks.sweep().failed == []
    assert [len(desks.talk(number)) for number in (1, 2)] == [0, 1]


def test_what_stands_in_the_ledger_is_found_though_its_text_was_edited(desks: Desks) -> None:
    policy = POLICY.replace(
        "label: late, notify: first }]", "label: late, notify: first, repeat: { every: 30m, times: 3 } }]"
    )
    desks.sandbox.files(desks.name, {".github/support.yml": policy + INSIDE % {"inside": desks.inside.split("/")[1]}})
    breached(desks)
    path = f"/repos/{desks.inside}/issues/1"
    desks.sandbox.call("PATCH", path, desks.sandbox.token("bob"), {"body": "I tidied up."})
    desks.at("10:30:00")
    assert desks.sweep().failed == []
    assert len(desks.issues()) == 1
    assert len(desks.talk()) == 2


WRONG = {
    "no value": ("", {}, "the secret INSIDE_TOKEN has no value"),
    "an unknown token": ("ghp_nobody", {}, "cannot be used with the token in INSIDE_TOKEN (GitHub does not know it)"),
    "a public repository": (None, {"private": False}, "everybody can read"),
}


@pytest.mark.parametrize("token, how, why", WRONG.values(), ids=WRONG)
def test_what_cannot_be_said_inside_is_a_failure_and_never_said_outside(
    sandbox: Sandbox, token: str | None, how: dict[str, Any], why: str
) -> None:
    desks = Desks.build(sandbox, token=token, **how)
    report = breached(desks)
    assert [why in failure for failure in report.failed] == [True], report.failed
    assert [author for author, _ in desks.comments()] == ["github-actions[bot]"], "the card alone"
    assert "late" in desks.labels(), "the rest is done"
    assert desks.issues() == []
    assert desks.sweep().failed, "it is tried again, and told again"
    desks.token = sandbox.token("acme-inside")
    if token is not None:
        assert desks.sweep().failed == []
        assert len(desks.talk()) == 1


def test_a_token_without_access_is_a_failure(desks: Desks) -> None:
    desks.token = desks.sandbox.token("mallory")
    (failure,) = breached(desks).failed
    assert "may not know of it" in failure
    assert "INSIDE_TOKEN" in failure


def test_a_dry_run_looks_at_nothing_inside(desks: Desks) -> None:
    desks.opens()
    desks.triage()
    desks.at("10:00:00")
    before = len(desks.sandbox.requests())
    (case,) = desks.sweep(dry=True).to_json()["cases"]
    assert {"do": "comment", "inside": True}.items() <= case["planned"][0].items()
    assert len(desks.sandbox.requests()) == before + 1


def test_two_runs_at_once_say_it_once(desks: Desks) -> None:
    """Both have read the case and found nothing inside; then both speak."""
    desks.opens()
    desks.triage()
    desks.at("10:00:00")
    assert run_event(desks.desk(), "triage", 1).failed == []
    assert len(desks.talk()) == 1
    # The same comment stands twice, as the second run would leave it.
    _, found = desks.sandbox.call("GET", f"/repos/{desks.inside}/issues/1/comments", desks.token)
    desks.sandbox.call("POST", f"/repos/{desks.inside}/issues/1/comments", desks.token, {"body": found[0]["body"]})
    desks.act("carla", "PATCH", "/issues/1", {"state": "closed"})
    assert sweep(desks.desk()).failed == []
    assert len(desks.talk()) == 1


OPENING = POLICY.replace(
    "  /close: { by: [author, staff] }",
    "  /close: { by: [author, staff] }\n"
    "  /change: { by: staff, open: { in: acme/%(inside)s, form: change, token: INSIDE_TOKEN }, comment: Planned. }",
).replace("forms:\n", "forms:\n  change: { ask: { what: What is wanted?, why: Why? } }\n")


def test_an_issue_elsewhere_is_opened_once_with_the_cases_answers(sandbox: Sandbox) -> None:
    desks = Desks.build(sandbox, OPENING)
    desks.opens()
    desks.triage()
    desks.says("ann", "/change")
    report = desks.triage()
    assert report.failed == []
    assert f"open {desks.inside}#1" in report.cases[0].done
    (made,) = desks.issues()
    assert made["title"] == f"Help ({desks.name}#1)"
    assert "**What is wanted?**\n\n> How do I log in?" in made["body"]
    assert "**Why?**\n\n_Not answered._" in made["body"]
    assert "Planned." in desks.comments()[-1][1]
    assert desks.sweep().performed == 0
    desks.says("ann", "/change")
    desks.triage()
    assert len(desks.issues()) == 2, "asked for again, it is another one"


def test_an_issue_that_could_not_be_opened_is_tried_again_and_nothing_else_is(sandbox: Sandbox) -> None:
    desks = Desks.build(sandbox, OPENING, token="")
    desks.opens()
    desks.triage()
    desks.says("ann", "/change")
    assert "INSIDE_TOKEN has no value" in desks.triage().failed[0]
    assert desks.sweep().failed
    desks.token = sandbox.token("acme-inside")
    assert desks.sweep().failed == []
    assert len(desks.issues()) == 1
    assert sum("Planned." in body for _, body in desks.comments()) == 1
