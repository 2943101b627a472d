"""A scenario played on the real sandbox, with a runner that only notes: what starts runs, when, and with what."""

from pathlib import Path
from threading import Barrier

import pytest
from tests.rehearsal.house import BODY_FILE, HEAD, POLICY, ROOT, Noting, later, no_command_line, rehearsed

from respondby.letters.neutral import inline
from respondby.rehearsal.delivering import House
from respondby.rehearsal.ground import REPOSITORY
from respondby.rehearsal.refusals import ActProblem
from respondby.rehearsal.rehearse import rehearse
from respondby.rehearsal.running import Ran, Request
from respondby.rehearsal.workflows import read_workflows

OPENS = "  - { at: 09:00, who: carla, opens: question, title: How?, with: { priority: high, what: How so? } }\n"


def test_a_form_is_filled_in_as_the_page_does_and_starts_triage_by_the_workflows_token(tmp_path: Path) -> None:
    runner = Noting()
    rehearsed(tmp_path, OPENS, runner)
    [request] = runner.asked
    issue = request.payload["issue"]
    assert (request.workflow.file, request.event, request.actor) == ("triage.yml", "issues", "carla")
    assert issue["body"] == "### Priority\n\nHigh\n\n### What?\n\nHow so?"
    assert issue["author_association"] == "NONE"
    assert issue["labels"] == []
    assert request.token.startswith("ghs_")
    assert set(request.policy_secrets) == {
        "PAGER_KEY",
        "CHAT_ANN",
        "CHAT_JAN_PETER",
        "HOOK",
        "HOOK_HEADERS",
        "SHAPED",
        "LOG",
    }


def test_a_forms_label_that_exists_comes_with_the_case_and_is_the_openers_own_act(tmp_path: Path) -> None:
    labelled = "  - { at: 09:00, who: carla, opens: , title: T }\n  - { at: 09:00, who: ann, labels: type/question }\n"
    runner = Noting()
    rehearsed(tmp_path, labelled + OPENS.replace("09:00", "09:01"), runner)
    assert [(request.actor, request.payload["action"]) for request in runner.asked if request.event == "issues"] == [
        ("carla", "opened"),
        ("ann", "labeled"),
        ("carla", "opened"),
        ("carla", "labeled"),
    ]


def test_every_deed_of_a_person_starts_the_workflow_that_its_event_names(tmp_path: Path) -> None:
    steps = OPENS + (
        "  - { at: 09:00, sweeps: off }\n"
        "  - { at: 09:01, who: carla, says: one }\n"
        "  - { at: 09:02, who: carla, edits: two }\n"
        "  - { at: 09:03, who: carla, edits: { title: New, with: { what: Else } } }\n"
        "  - { at: 09:04, who: ann, labels: { add: [x, y], remove: x } }\n"
        "  - { at: 09:05, who: mia, assigns: [jan-peter] }\n"
        "  - { at: 09:06, who: carla, deletes: comment }\n"
        "  - { at: 09:07, who: carla, closes: }\n"
        "  - { at: 09:08, who: carla, reopens: }\n"
    )
    runner = Noting()
    played = rehearsed(tmp_path, steps, runner)
    assert runner.seen == [
        ("09:00", "issues", "opened"),
        ("09:01", "issue_comment", "created"),
        ("09:02", "issue_comment", "edited"),
        ("09:03", "issues", "edited"),
        ("09:04", "issues", "labeled"),
        ("09:04", "issues", "labeled"),
        ("09:04", "issues", "unlabeled"),
        ("09:05", "issues", "assigned"),
        ("09:07", "issues", "closed"),
        ("09:08", "issues", "reopened"),
    ]
    assert runner.asked[3].payload["issue"]["title"] == "New"
    assert runner.asked[3].payload["issue"]["body"].endswith("### What?\n\nElse")
    assert played.kept


def test_several_cases_are_told_apart_by_the_order_in_which_they_were_opened(tmp_path: Path) -> None:
    steps = OPENS + OPENS + "  - { at: 09:01, case: 1, who: ann, says: a }\n  - { at: 09:02, who: ann, says: b }\n"
    runner = Noting()
    rehearsed(tmp_path, steps, runner)
    said = {
        request.payload["comment"]["body"]: request.payload["issue"]["number"]
        for request in runner.asked
        if request.event == "issue_comment"
    }
    assert said == {"a": 1, "b": 2}


def test_sweeps_come_when_the_last_one_said_and_the_others_are_counted(tmp_path: Path) -> None:
    runner = Noting(next=lambda now: later(now, 1_790) if now < "2026-01-05T10:00" else "")
    played = rehearsed(tmp_path, OPENS + "  - { at: 11:00, expect: { paged: [] } }\n", runner)
    assert [time for time, event, _ in runner.seen if event == "schedule"] == ["09:01", "09:31", "10:01"]
    assert (played.runs, played.sweeps, played.skipped) == (4, 3, 120 - 3)


def test_lost_events_start_nothing_and_the_next_sweep_comes_all_the_same(tmp_path: Path) -> None:
    steps = (
        "  - { at: 09:00, lost: events }\n"
        + OPENS
        + "  - { at: 09:10, lost: nothing }\n  - { at: 09:10, who: carla, says: x }\n"
    )
    runner = Noting()
    rehearsed(tmp_path, steps, runner)
    assert runner.seen == [("09:01", "schedule", ""), ("09:10", "issue_comment", "created")]


def test_what_the_forge_refuses_is_an_expectation_that_is_not_kept_unless_it_was_expected(tmp_path: Path) -> None:
    steps = OPENS + "  - { at: 09:01, who: mallory, labels: x }\n"
    unexpected = rehearsed(tmp_path, steps, Noting())
    assert [(check.about, check.seen, check.kept, check.line) for check in unexpected.checked] == [
        ("refused", "labels", False, 8)
    ]
    expected = rehearsed(tmp_path, steps + "  - { at: +1s, expect: { refused: [labels] } }\n", Noting())
    assert expected.kept
    assert [check.about for check in expected.checked] == ["refused"]


@pytest.mark.parametrize("said", ["/ack  now", "/ack *now*", "/ack @ann", "/ack now & then"])
def test_words_that_the_desk_answers_are_refused_however_they_are_written(tmp_path: Path, said: str) -> None:
    """The desk quotes a line on one line and harmless, so not as it was typed."""

    def answers(request: Request) -> Ran | None:
        if request.event == "issue_comment":
            forge = runner.stage.forge
            token = forge.workflow_token(REPOSITORY, {"issues": "write"})
            comment = request.payload["comment"]["id"]
            forge.call(
                "POST", f"/repos/{REPOSITORY}/issues/comments/{comment}/reactions", token, {"content": "confused"}
            )
            body = {"body": f"> {inline(said)}\n\nThis was not done."}
            forge.call("POST", f"/repos/{REPOSITORY}/issues/1/comments", token, body)
        return None

    runner = Noting(doing=answers)
    steps = f'{OPENS}  - {{ at: 09:01, who: ann, says: "{said}" }}\n  - {{ at: +1s, expect: {{ refused: [] }} }}\n'
    played = rehearsed(tmp_path, steps, runner)
    assert [(check.about, check.seen, check.kept) for check in played.checked] == [("refused", "/ack", False)]


@pytest.mark.parametrize(
    "step,message",
    [
        ("who: carla, edits: x", "has not commented"),
        ("who: nobody, says: x", "nobody is called `nobody`"),
        ("who: carla, opens: wish, title: T", "there is no form `wish`"),
        ("who: carla, opens: question, title: T, with: { priority: huge }", "no option “huge”"),
        ("who: carla, opens: question, title: T, with: { why: x }", "does not ask `why`"),
    ],
)
def test_a_deed_that_makes_no_sense_ends_the_rehearsal_with_its_reason(tmp_path: Path, step: str, message: str) -> None:
    with pytest.raises(ActProblem, match=message):
        rehearsed(tmp_path, f"{OPENS}  - {{ at: +1m, {step} }}\n", Noting())


def test_faults_are_for_the_desk_and_not_for_people(tmp_path: Path) -> None:
    answers: list[int] = []

    def doing(request: Request) -> Ran | None:
        from http.client import HTTPConnection

        host = request.forge.removeprefix("http://")
        connection = HTTPConnection(host)
        connection.request("GET", f"/repos/{request.repository}", headers={"Authorization": f"Bearer {request.token}"})
        answers.append(connection.getresponse().status)
        connection.close()
        return None

    steps = (
        "  - { at: 09:00, fault: { do: { status: 502 } } }\n" + OPENS + "  - { at: 09:00, fault: none }\n"
        "  - { at: 09:00, who: carla, says: x }\n"
    )
    played = rehearsed(tmp_path, steps, Noting(doing=doing))
    assert answers == [502, 200]
    assert played.requests == 2


def test_another_policy_reaches_the_default_branch_and_a_broken_one_leaves_the_old_names(tmp_path: Path) -> None:
    (tmp_path / "second.yml").write_text(POLICY.replace("High", "At once").replace("PAGER_KEY", "OTHER_KEY"))
    steps = (
        '  - { at: 09:00, policy: "version: 1\\nclocks: [" }\n'
        + OPENS
        + "  - { at: 09:01, policy: second.yml }\n"
        + OPENS.replace("09:00", "09:02")
    )
    runner = Noting()
    rehearsed(tmp_path, steps, runner)
    bodies = [request.payload["issue"]["body"] for request in runner.asked if request.event == "issues"]
    assert [body.splitlines()[2] for body in bodies] == ["High", "At once"]
    assert "OTHER_KEY" in runner.asked[-1].policy_secrets


def test_a_run_that_fails_is_told_and_counted_and_its_log_is_kept(tmp_path: Path) -> None:
    played = rehearsed(tmp_path, OPENS, Noting(doing=lambda _request: Ran(1, log="one\nthe reason\n")))
    assert played.failed == 1
    assert "triage failed: the reason" in [entry.text for entry in played.story if getattr(entry, "kind", "") == "run"]
    assert (tmp_path / "run-1" / "log").read_text() == "one\nthe reason\n"


def test_scenarios_are_played_side_by_side_and_come_back_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_text(POLICY)
    (tmp_path / "hook.json").write_text(BODY_FILE)
    files = [tmp_path / f"{name}.yml" for name in ("b", "a")]
    for file in files:
        file.write_text(HEAD + OPENS)
    together = Barrier(2)

    def run(request: Request, folder: Path) -> Ran:
        if request.number == 1:
            together.wait(timeout=30)  # the first run of either ends only when the other one has begun
        return Ran(0)

    house = House(read_workflows(ROOT), run, no_command_line, tmp_path / "runs")
    (tmp_path / "runs" / "1-b").mkdir(parents=True)
    (tmp_path / "runs" / "2-a").mkdir()
    assert [played.scenario.file for played in rehearse(files, house, at_once=2)] == [str(file) for file in files]
