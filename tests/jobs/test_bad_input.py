"""What people and repositories do to a request that no form foresaw: whole runs, with what the desk then says."""

from __future__ import annotations

import pytest
from tests.jobs.desk import BODY, POLICY, Repository

from respondby.desk.reading import read
from respondby.jobs.loop.report import Report
from respondby.policy.loading.loader import load
from respondby.sandbox.server import Sandbox

TIMED = POLICY.replace("  /close:", "  /agree: { by: staff, takes: { until: time } }\n  /close:").replace(
    "target: 1h", "target: [{ by: /agree.until }, { within: 1h }]"
)
HIDDEN = "\u200b\u202e\u2066\u00ad\ufeff"


def ours(repository: Repository, number: int) -> list[str]:
    """What the desk said, as written, without its records."""
    said = [body for author, body in repository.comments(number) if author == "github-actions[bot]"]
    return [body.partition("<!-- respondby:")[0].strip() for body in said]


def card(repository: Repository, number: int = 1) -> str:
    return next(body for body in ours(repository, number) if "kept up to date" in body)


def replies(repository: Repository, number: int = 1) -> list[str]:
    return [body for body in ours(repository, number) if "kept up to date" not in body]


def fields(repository: Repository, policy: str = POLICY) -> dict[str, str]:
    return dict(read(load(policy), repository.case()).state.fields)


def remarks(report: Report) -> list[str]:
    return [remark for case in report.cases for remark in case.remarks]


# -- forms ---------------------------------------------------------------------------------------------------------


def test_a_form_that_asks_more_since_then_asks_it_of_nobody_who_was_answered(repository: Repository) -> None:
    """The form was edited after the issue was opened: it is read by the form of then, and the card asks no more."""
    repository.opens()
    repository.triage()
    changed = POLICY.replace(
        'ask: { what: { ask: "What?", kind: text } }', 'ask: { what: { ask: "What?", kind: text }, since: Since when? }'
    )
    assert changed != POLICY
    repository.sandbox.files(repository.name, {".github/support.yml": changed})
    assert repository.triage().failed == []
    assert fields(repository, changed) == {"type": "question", "priority": "normal"}
    assert "Since when?" not in card(repository)
    repository.act("carla", "PATCH", "/issues/1", {"body": f"{BODY}\n\n### Since when?\n\nToday\n"})
    repository.triage()
    assert "Since when?" not in card(repository)


def test_a_form_that_is_gone_leaves_the_case_and_its_promises(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    gone = POLICY.replace("question: { name: Question,", "problem: { name: Problem,").replace('"What?"', '"Which?"')
    repository.sandbox.files(repository.name, {".github/support.yml": gone})
    assert repository.triage().failed == []
    assert "First response" in card(repository)
    assert "priority/normal" in repository.labels()
    assert repository.sweep().performed == 0, "it comes to rest"


def test_of_two_forms_with_one_question_the_label_decides_and_without_it_the_better_answered(sandbox: Sandbox) -> None:
    second = 'change: { name: Question too, about: Ask., choose: [priority], ask: { what: "What?", why: Why? } }'
    two = POLICY.replace("forms:\n", f"forms:\n  {second}\n")
    repository = Repository.make(sandbox, two)
    labelled = repository.sandbox.open_by_form(repository.name, "carla", "Help", BODY)
    repository.triage(labelled)
    assert "type/question" in repository.labels(labelled)
    more = repository.opens(body=f"{BODY}\n### Why?\n\nBecause\n")
    repository.triage(more)
    assert "type/change" in repository.labels(more)


CHOSEN = "### Priority\n\nNormal\n\n### What?\n\n"
HOSTILE = {
    "a heading in a text": (f"{CHOSEN}see\n\n### Priority\n\nHigh\n", "normal", None),
    "a heading in a code block": (f"{CHOSEN}```\n### Priority\n\nHigh\n```\n", "normal", None),
    "a heading without its blank lines": (f"{CHOSEN}see\n### Priority\nHigh\n", "normal", None),
    "a heading before the form's own": (f"### Priority\n\nHigh\n\n{CHOSEN}see\n", "normal", "Priority"),
    "a question asked twice": (f"{CHOSEN}see\n\n### What?\n\nthis\n", "normal", None),
    "a check list in a text": ("### Priority\n\nHigh\n\n### What?\n\n- [ ] one\n- [x] two\n", "high", None),
    "the word None": ("### Priority\n\nHigh\n\n### What?\n\nNone\n", "high", None),
    "no answer": ("### Priority\n\n_No response_\n\n### What?\n\n_No response_\n", "normal", "What?"),
    "no form at all": ("Please make it `### Priority` High.", "normal", None),
}


@pytest.mark.parametrize("body, priority, asks", HOSTILE.values(), ids=HOSTILE)
def test_no_text_sets_a_field_silently(repository: Repository, body: str, priority: str, asks: str | None) -> None:
    """Where two readings are possible the answer is nobody's, the default holds, and the card asks."""
    repository.opens(body=body)
    assert repository.triage().failed == []
    assert fields(repository)["priority"] == priority
    told = [line for line in card(repository).splitlines() if line.startswith("- **")]
    asked = [line for line in told if asks is not None and line.startswith(f"- **{asks}**")]
    assert bool(told) is (asks is not None), told
    assert len(asked) == (asks is not None), told


# -- commands ------------------------------------------------------------------------------------------------------


def test_a_strangers_command_is_refused_with_whose_it_is(repository: Repository) -> None:
    repository.opens()
    repository.says("mallory", "/priority high")
    repository.triage()
    assert replies(repository) == ["> /priority high\n\nThis was not done. /priority is for our own staff."]
    assert fields(repository)["priority"] == "normal"


def test_somebody_who_left_the_desk_can_do_no_more_but_what_they_did_stays(repository: Repository) -> None:
    repository.opens()
    repository.says("bob", "/priority high")
    repository.triage()
    assert "priority/high" in repository.labels()
    left = POLICY.replace("people: { ann: {}, bob: {} }", "people: { ann: {} }").replace("[ann, bob]", "[ann]")
    repository.sandbox.files(repository.name, {".github/support.yml": left})
    repository.at("09:10:00")
    repository.says("bob", "/priority normal")
    assert repository.triage().failed == []
    assert "priority/high" in repository.labels(), "what was decided stays decided"
    assert replies(repository)[-1] == "> /priority normal\n\nThis was not done. /priority is for our own staff."


def test_a_time_in_the_past_is_refused_with_what_would_be_right(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox, TIMED)
    repository.opens()
    repository.says("ann", "/agree 2020-01-01T10:00")
    repository.triage()
    (reply,) = replies(repository)
    assert reply.startswith("> /agree 2020-01-01T10:00\n\nThis was not done. “2020-01-01T10:00” has passed already.")
    assert reply.endswith("Write a time that is still to come.")


@pytest.mark.parametrize("text", [f"{HIDDEN}/priority{HIDDEN} high{HIDDEN}", f"@{'help'}{HIDDEN} me"])
def test_what_nobody_can_see_changes_no_command_and_is_not_said_back(repository: Repository, text: str) -> None:
    repository.opens()
    repository.says("ann", text)
    assert repository.triage().failed == []
    assert fields(repository)["priority"] == "high"
    repository.says("mallory", f"/priority{HIDDEN} \u202egnihton\u202c")
    repository.triage()
    (reply,) = replies(repository)
    assert not set(reply) & set(HIDDEN + "\u202c") - {"\u200b"}, "no mark of direction is said back"
    assert reply.startswith("> /priority gnihton\n")


# -- labels --------------------------------------------------------------------------------------------------------


def test_a_label_that_was_deleted_from_the_repository_is_made_again_with_its_look(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    repository.act("ann", "DELETE", "/labels/priority%2Fnormal")
    assert "priority/normal" not in repository.labels()
    report = repository.triage()
    assert report.failed == []
    told = "the label `priority/normal` was deleted from the repository, and the policy still has it: it is made again"
    assert remarks(report) == [f"{repository.name}#1: {told}"]
    found = {label["name"]: label["color"] for label in repository.act("ann", "GET", "/labels?per_page=100")}
    if "priority/normal" in repository.labels():
        assert found["priority/normal"] != "ededed", "with its colour"
    assert repository.sweep().performed == 0, "it comes to rest"


def test_a_label_that_somebody_renamed_by_hand_is_left_to_them_and_the_field_stays(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    repository.act("ann", "PATCH", "/labels/priority%2Fnormal", {"new_name": "priority/ordinary"})
    report = repository.triage()
    assert report.failed == []
    assert "`priority/ordinary`, which the desk put on, is no label of the policy" in " ".join(remarks(report))
    assert fields(repository)["priority"] == "normal"
    assert {"priority/normal", "priority/ordinary"} <= set(repository.labels())
    assert repository.sweep().performed == 0, "it comes to rest"
