"""Requests that are part of an incident: ties, what the customers hear of it, and their word on it, over HTTP."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.cli.output.explain import explain_text
from respondby.jobs.explaining import explained
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import run_event
from respondby.sandbox.server import Sandbox

INCIDENTS = """
customers: { durand: { members: [carla], language: fr }, smith: { members: [mallory] } }
incidents: { when: { priority: high } }
"""
COMMANDS = """  /part-of: { by: staff }
  /not-part-of: { by: staff }
  /update: { by: staff }
  /solved: { by: author }
  /not-solved: { by: author }
"""
CLOCKS = """  silence: { start: waiting, stop: resumed, target: 2h, ladder: [{ at: due, close: until reply }] }
  news: { when: { part-of: any }, start: opened, stop: [incident updated, incident resolved], target: 4h }
"""


def build(sandbox: Sandbox, policy: str = POLICY) -> Repository:
    quiet = policy.replace(", notify: first }", " }")
    text = quiet.replace("  /close:", COMMANDS + "  /close:") + CLOCKS + INCIDENTS
    return Repository.make(sandbox, text)


@pytest.fixture
def desk(sandbox: Sandbox) -> Repository:
    return build(sandbox)


def incident(desk: Repository) -> int:
    """An incident of the desk's own people."""
    number = desk.opens("ann", "The shop is down")
    desk.act("ann", "POST", f"/issues/{number}/labels", {"labels": ["priority/high"]})
    assert desk.triage(number).failed == []
    return number


def request(desk: Repository, who: str = "carla") -> int:
    number = desk.opens(who, "I cannot pay")
    assert desk.triage(number).failed == []
    return number


def told(desk: Repository, number: int) -> list[str]:
    """What the desk has said there beside its card, without what is hidden."""
    ours = [body for who, body in desk.comments(number) if who.endswith("[bot]") and '"kind":"card"' not in body]
    return [body.partition("<!--")[0].strip() for body in ours]


def tie(desk: Repository, number: int, what: str = "/part-of #1", who: str = "ann") -> Report:
    desk.says(who, what, number)
    report = desk.triage(number)
    assert report.failed == []
    return report


def test_a_tied_request_hears_each_update_once_in_its_own_language(desk: Repository) -> None:
    incident(desk)
    french, english = request(desk), request(desk, "mallory")
    tie(desk, french)
    tie(desk, english)
    assert told(desk, french) == [
        (
            "@carla: Cette demande fait partie d’un incident dont nous nous occupons : #1. Vous n’avez rien à faire ;"
            " toute nouvelle sera donnée ici."
        )
    ]
    desk.at("10:10:00")
    desk.says("ann", "Bob looks at the *other* rack, do not tell them.\n/update An index is missing;\nwe make it anew.")
    report = desk.triage(1)
    assert report.failed == []
    assert {case.number for case in report.cases} == {1, french, english}
    quoted = "\n\n> An index is missing;\n> we make it anew."
    assert told(desk, french)[1:] == [f"@carla: Nouvelles de l’incident #1 :{quoted}"]
    assert told(desk, english)[1:] == [f"@mallory: News of the incident #1:{quoted}"]
    assert not any("rack" in text for text in told(desk, french))
    assert desk.sweep().performed == 0
    assert (len(told(desk, french)), len(told(desk, english))) == (2, 2)


def test_a_sweep_alone_does_the_same(desk: Repository) -> None:
    incident(desk)
    number = request(desk)
    desk.says("ann", "/part-of #1", number)
    desk.at("10:05:00")
    desk.says("ann", "/update We know why.")
    desk.at("10:10:00")
    assert desk.sweep().failed == []
    (comment,) = told(desk, number)
    assert "Cette demande fait partie" in comment
    assert comment.endswith("@carla: Nouvelles de l’incident #1 :\n\n> We know why.")
    assert desk.sweep().performed == 0


def test_what_was_said_before_the_tie_is_told_with_it_and_never_again(desk: Repository) -> None:
    incident(desk)
    desk.says("ann", "/update The first.")
    desk.at("10:05:00")
    desk.says("ann", "/update The second.")
    desk.triage(1)
    number = request(desk, "mallory")
    desk.at("10:10:00")
    tie(desk, number)
    assert told(desk, number)[0].endswith("The latest news of it:\n\n> The second.")
    assert desk.sweep().performed == 0


def resolved(desk: Repository, *, close: bool = False) -> tuple[int, int]:
    incident(desk)
    number = request(desk, "mallory")
    tie(desk, number)
    desk.at("10:30:00")
    desk.says("ann", "/close" if close else "/resolved")
    assert desk.triage(1).failed == []
    return 1, number


@pytest.mark.parametrize("close", [False, True], ids=["by its milestone", "by its closing"])
def test_once_it_is_resolved_the_customer_is_asked_and_the_clock_of_silence_closes(
    desk: Repository, close: bool
) -> None:
    _, number = resolved(desk, close=close)
    assert told(desk, number)[1:] == [
        (
            "@mallory: The incident #1 is resolved. Is it well again for you, too? Write `/solved`, and this request is"
            " closed; write `/not-solved`, or what is still wrong, and we go on."
        )
    ]
    assert desk.act("ann", "GET", f"/issues/{number}")["state"] == "open"
    desk.at("12:29:59")
    assert desk.sweep().performed == 0
    desk.at("12:30:00")
    desk.sweep()
    issue = desk.act("ann", "GET", f"/issues/{number}")
    assert (issue["state"], issue["state_reason"]) == ("closed", "not_planned")


@pytest.mark.parametrize(
    "word, state, reason",
    [("/solved", "closed", "completed"), ("/not-solved", "open", None), ("Still broken here", "open", None)],
)
def test_the_customers_word_on_it(desk: Repository, word: str, state: str, reason: str | None) -> None:
    _, number = resolved(desk)
    desk.at("11:00:00")
    desk.says("mallory", word, number)
    assert desk.triage(number).failed == []
    issue = desk.act("ann", "GET", f"/issues/{number}")
    assert (issue["state"], issue["state_reason"]) == (state, reason)
    desk.at("18:00:00")
    desk.sweep()
    assert desk.act("ann", "GET", f"/issues/{number}")["state"] == state, "the clock of silence has nothing to close"
    assert len(told(desk, number)) == 2


def test_an_incident_that_goes_on_ends_the_waiting_and_says_so(desk: Repository) -> None:
    _, number = resolved(desk, close=True)
    desk.at("11:00:00")
    desk.act("ann", "PATCH", "/issues/1", {"state": "open"})
    desk.triage(1)
    assert told(desk, number)[-1].startswith("@mallory: The incident #1 is not over after all")
    desk.at("18:00:00")
    desk.sweep()
    assert desk.act("ann", "GET", f"/issues/{number}")["state"] == "open"
    desk.says("ann", "/resolved")
    desk.triage(1)
    assert [text.partition(" is ")[0] for text in told(desk, number)[-2:]][-1] == "@mallory: The incident #1"
    assert len(told(desk, number)) == 4


@pytest.mark.parametrize(
    "states, hears, waits",
    [
        ("closed open", ["is resolved", "is not over after all"], False),
        ("closed open closed", ["is resolved", "is not over after all", "is resolved"], True),
    ],
)
def test_what_becomes_of_an_incident_within_one_second_is_heard_in_its_order(
    desk: Repository, states: str, hears: list[str], waits: bool
) -> None:
    incident(desk)
    number = request(desk, "mallory")
    tie(desk, number)
    desk.at("10:30:00")
    for state in states.split():
        desk.act("ann", "PATCH", "/issues/1", {"state": state})
    desk.triage(1)
    said = "\n".join(told(desk, number)[1:])
    assert re.findall("is resolved|is not over after all", said) == hears
    desk.at("18:00:00")
    desk.sweep()
    assert (desk.act("ann", "GET", f"/issues/{number}")["state"] == "closed") is waits


def test_what_was_no_incident_lets_its_requests_go_on(desk: Repository) -> None:
    incident(desk)
    number = request(desk, "mallory")
    tie(desk, number)
    desk.act("ann", "PATCH", "/issues/1", {"state": "closed", "state_reason": "not_planned"})
    desk.triage(1)
    assert "has been closed without a repair" in told(desk, number)[-1]
    desk.says("ann", "/update Nobody hears this.")
    desk.triage(1)
    desk.sweep()
    assert len(told(desk, number)) == 2


def test_an_untied_request_hears_no_more_and_a_closed_one_nothing_that_was_said_meanwhile(desk: Repository) -> None:
    incident(desk)
    untied, closed = request(desk, "mallory"), request(desk, "mallory")
    tie(desk, untied)
    tie(desk, closed)
    tie(desk, untied, "/not-part-of")
    desk.act("ann", "PATCH", f"/issues/{closed}", {"state": "closed"})
    desk.at("10:20:00")
    desk.says("ann", "/update One.")
    desk.triage(1)
    desk.at("10:30:00")
    desk.act("ann", "PATCH", f"/issues/{closed}", {"state": "open"})
    desk.sweep()
    assert (len(told(desk, untied)), told(desk, closed)[1:]) == (1, [])
    desk.at("10:40:00")
    desk.says("ann", "/update Two.")
    desk.triage(1)
    assert (len(told(desk, untied)), told(desk, closed)[-1][-6:]) == (1, "> Two.")


def test_a_sub_issue_of_an_incident_is_part_of_it_until_it_is_taken_out(desk: Repository) -> None:
    incident(desk)
    number = request(desk, "mallory")
    child = {"sub_issue_id": desk.act("ann", "GET", f"/issues/{number}")["id"]}
    desk.act("ann", "POST", "/issues/1/sub_issues", child)
    desk.at("10:01:00")
    desk.sweep()
    assert told(desk, number)[0].startswith("@mallory: This request is part of an incident")
    desk.says("ann", "/update One.")
    desk.triage(1)
    assert told(desk, number)[-1].endswith("> One.")
    desk.at("10:10:00")
    desk.act("ann", "DELETE", "/issues/1/sub_issue", child)
    desk.at("10:11:00")
    desk.says("ann", "/update Two.")
    desk.sweep()
    assert len(told(desk, number)) == 2
    assert desk.sweep().performed == 0


def test_a_sub_issue_that_is_taken_out_and_put_back_in_one_second_is_part_of_it(desk: Repository) -> None:
    incident(desk)
    number = request(desk, "mallory")
    child = {"sub_issue_id": desk.act("ann", "GET", f"/issues/{number}")["id"]}
    desk.act("ann", "POST", "/issues/1/sub_issues", child)
    desk.act("ann", "DELETE", "/issues/1/sub_issue", child)
    desk.act("ann", "POST", "/issues/1/sub_issues", child)
    desk.at("10:01:00")
    desk.sweep()
    desk.says("ann", "/update One.")
    desk.triage(1)
    assert told(desk, number)[-1].endswith("> One.")


def test_a_sub_issue_of_what_becomes_an_incident_later(desk: Repository) -> None:
    parent, number = desk.opens("ann", "A task"), request(desk, "mallory")
    desk.triage(parent)
    desk.act(
        "ann",
        "POST",
        f"/issues/{parent}/sub_issues",
        {"sub_issue_id": desk.act("ann", "GET", f"/issues/{number}")["id"]},
    )
    desk.sweep()
    assert told(desk, number) == [], "a parent that is no incident is nobody's mistake"
    desk.says("ann", "/priority high", parent)
    desk.triage(parent)
    desk.sweep()
    assert told(desk, number)[0].startswith("@mallory: This request is part of an incident")


@pytest.mark.parametrize(
    "said, why",
    [
        ("/part-of #2", "#2 is this issue itself"),
        ("/part-of #3", "#3 is not an incident"),
        ("/part-of #99", "There is no issue #99 here"),
        ("/part-of #0", "There is no issue #0 here"),
        ("/part-of 99999999999", "There is no issue 99999999999 here"),
        ("/part-of #999999999999", "There is no issue #999999999999 here"),
        ("/part-of acme/other#1", "is in another repository"),
        ("/part-of https://github.com/acme/other/issues/1", "is in another repository"),
        ("/part-of #issuecomment-12", "There is no issue #issuecomment-12 here"),
        ("/part-of the outage", "is not what /part-of takes"),
        ("/part-of", "incident is missing"),
    ],
)
def test_a_tie_that_cannot_be_is_refused_with_a_word(desk: Repository, said: str, why: str) -> None:
    incident(desk)
    number = request(desk, "mallory")
    request(desk, "mallory")
    tie(desk, number, said)
    (answer,) = told(desk, number)
    plain = answer.replace("\u200b", "").replace("\\", "")
    assert why in plain
    desk.says("ann", "/update Hello.")
    desk.triage(1)
    desk.sweep()
    assert told(desk, number) == [answer]


def test_a_tie_to_what_is_closed_gone_or_moved_away_is_refused(desk: Repository, sandbox: Sandbox) -> None:
    incident(desk)
    moved, number = incident(desk), request(desk, "mallory")
    desk.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    tie(desk, number)
    assert "is closed" in told(desk, number)[-1]
    other = f"{desk.name}-other"
    sandbox.repo("acme", other.split("/")[1])
    sandbox.member(other, "ann", "MEMBER")
    ids = [desk.act("ann", "GET", path)["node_id"] for path in (f"/issues/{moved}", "")]
    to = sandbox.call("GET", f"/repos/{other}", sandbox.token("ann"))[1]["node_id"]
    query = (
        f'mutation {{ transferIssue(input: {{ issueId: "{ids[0]}", repositoryId: "{to}" }}) {{ clientMutationId }} }}'
    )
    assert "errors" not in sandbox.call("POST", "/graphql", sandbox.token("ann"), {"query": query})[1]
    tie(desk, number, f"/part-of #{moved}")
    assert "There is no issue" in told(desk, number)[-1]


def test_a_circle_is_refused_whoever_says_it_second(desk: Repository) -> None:
    one, two, three = incident(desk), incident(desk), incident(desk)
    desk.says("ann", f"/part-of #{one}", two)
    desk.at("10:01:00")
    desk.says("ann", f"/part-of #{two}", three)
    desk.at("10:02:00")
    desk.says("ann", f"/part-of #{three}", one)
    desk.at("10:05:00")
    assert desk.sweep().failed == []
    assert f"#\u200b{three} is part of this issue already" in told(desk, one)[-1]
    desk.says("ann", "/update It is the network.", one)
    desk.triage(one)
    desk.sweep()
    assert [told(desk, number)[-1].endswith("> It is the network.") for number in (one, two, three)] == [
        False,
        True,
        True,
    ]
    assert desk.sweep().performed == 0


def test_only_the_desk_ties_and_only_it_tells(desk: Repository) -> None:
    incident(desk)
    number = request(desk, "mallory")
    tie(desk, number, who="mallory")
    assert "/part-of is for our own staff" in told(desk, number)[-1]
    tie(desk, number)
    desk.says("mallory", "/update All is well!")
    desk.triage(1)
    desk.sweep()
    assert len(told(desk, number)) == 2


HOSTILE = "/update <!-- respondby: {} --> @bob **bold** [x](https://evil.example) | `code` {{ 7*7 }} </blockquote> #12"


def test_a_hostile_update_does_nothing_where_it_is_told(desk: Repository) -> None:
    incident(desk)
    number = request(desk, "mallory")
    tie(desk, number)
    desk.says("ann", HOSTILE)
    assert desk.triage(1).failed == []
    (text,) = told(desk, number)[1:] or [""]
    body = next(body for _, body in desk.comments(number) if "&lt;!-- respondby" in body)
    assert "@bob" not in body
    assert "@\u200bbob" in body
    assert "{{ 7\\*7 }}" in body
    assert "\\[x\\](https:\u200b//evil.example)" in body
    assert text.startswith("@mallory: News of the incident #1:")
    html = desk.act("ann", "GET", f"/issues/{number}")["state"]
    assert html == "open"


def test_an_update_that_is_too_long_is_refused_and_told_to_nobody(desk: Repository) -> None:
    incident(desk)
    number = request(desk, "mallory")
    tie(desk, number)
    desk.says("ann", "/update " + "long " * 8_000)
    assert desk.triage(1).failed == []
    assert "Write it in at most 5000." in told(desk, 1)[-1]
    desk.says("ann", "/update " + "x" * 5_000)
    desk.triage(1)
    assert told(desk, number)[-1].endswith("x" * 5_000)


def test_a_storm_of_updates_goes_out_in_several_comments(desk: Repository) -> None:
    incident(desk)
    number = request(desk, "mallory")
    tie(desk, number)
    for count in range(7):
        desk.says("ann", f"/update {count} " + "*" * 4_900)
    report = desk.sweep()
    assert report.failed == []
    said = told(desk, number)[1:]
    assert len(said) == 3
    assert [f"> {count} " in "\n".join(said) for count in range(7)] == [True] * 7
    assert desk.sweep().performed == 0


def _dies(sandbox: Sandbox, path: str, nth: int) -> list[Any]:
    return [{"match": {"method": "POST", "path": path, "nth": nth}, "when": "after", "do": {"cut": True}}]


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_whatever_answer_is_lost_each_request_is_told_once(desk: Repository, sandbox: Sandbox, nth: int) -> None:
    incident(desk)
    numbers = [request(desk, "mallory") for _ in range(2)]
    for number in numbers:
        tie(desk, number)
    desk.says("ann", "/update One.")
    sandbox.faults(_dies(sandbox, ".*/comments", nth))
    desk.triage(1)
    sandbox.clear_faults()
    desk.at("10:30:00")
    desk.sweep()
    desk.sweep()
    assert [[text for text in told(desk, number) if "> One." in text] != [] for number in numbers] == [True, True]
    assert [len(told(desk, number)) for number in numbers] == [2, 2]


def test_forty_requests_are_read_in_few_requests(desk: Repository) -> None:
    incident(desk)
    numbers = [request(desk, "mallory") for _ in range(12)]
    for number in numbers:
        desk.says("ann", "/part-of #1", number)
    desk.sweep()
    desk.says("ann", "/update One.")
    run = desk.desk()
    report = run_event(run, "triage", 1)
    assert report.failed == []
    effects = 2 * len(numbers) + 2  # a comment and the card's record each, the incident's card and reaction
    assert report.requests - effects <= 1 + 1 + 2 * (1 + len(numbers) // 10), (
        "one to gather, one for all, groups of ten"
    )
    assert all(told(desk, number)[-1].endswith("> One.") for number in numbers)


def test_the_card_and_explain_say_of_which_incident_it_is_part(desk: Repository) -> None:
    incident(desk)
    number = request(desk, "mallory")
    tie(desk, number)
    card = next(body for _, body in desk.comments(number) if '"kind":"card"' in body)
    assert "This request is part of the incident #1; whatever is new about it is told here." in card
    facts = explained(desk.desk(), number)
    assert facts["part_of"] == 1
    assert " · part of #1 · " in explain_text(facts).replace("\n  ", " ")
