"""The repository's labels follow the policy; a rename keeps history, and nothing is ever deleted."""

from __future__ import annotations

from typing import Any

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.forge.errors import NotGranted
from respondby.forge.standing import read_standing
from respondby.policy.loading.loader import load
from respondby.sandbox.server import Sandbox
from respondby.setup.labels import (
    Label,
    LabelPlan,
    LabelsApplied,
    WrongRename,
    apply_labels,
    declared_labels,
    labels_of,
    plan_labels,
)

DESK = load(POLICY)
DECLARED = declared_labels(DESK)
HIGH, NORMAL = DECLARED["priority/high"], DECLARED["priority/normal"]


def plan(*present: Label, renames: tuple[tuple[str, str], ...] = (), without: tuple[str, ...] = ()) -> LabelPlan:
    """The plan for a repository that has all declared labels but `without`, and these besides."""
    standing = {label.name: label for label in DECLARED.values() if label.name not in without}
    return plan_labels(DESK, [*standing.values(), *present], renames)


def said(made: LabelPlan) -> list[str]:
    """The changes in short."""
    old = [change.before.name if change.before else "-" for change in made.changes]
    return [f"{change.what} {name} {change.after.name}" for name, change in zip(old, made.changes, strict=True)]


def test_values_of_fields_and_labels_of_verbs_are_declared() -> None:
    assert list(DECLARED) == ["type/question", "priority/high", "priority/normal", "state/resolved", "late"]


def test_labels_of_duties_are_declared_too() -> None:
    ladder = "[{ at: due, label: d/late, unlabel: d/ok }]"
    duty = f"{{ schedule: {{ every: 1 days, at: '10:00' }}, owner: ann, target: 4h, ladder: {ladder} }}"
    assert {"d/late", "d/ok"} <= set(declared_labels(load(f"{POLICY}duties: {{ d: {duty} }}\n")))


@pytest.mark.parametrize(
    "label, changes",
    [
        (HIGH, []),
        (Label("priority/high", "ffffff", HIGH.description), ["update priority/high priority/high"]),
        (Label("priority/high", HIGH.colour, "Other"), ["update priority/high priority/high"]),
        (Label("Priority/HIGH", HIGH.colour, HIGH.description), ["update Priority/HIGH priority/high"]),
    ],
    ids=["as declared", "another colour", "another description", "other capitals"],
)
def test_a_label_that_looks_different_is_changed(label: Label, changes: list[str]) -> None:
    assert said(plan(label, without=("priority/high",))) == changes


def test_a_missing_label_is_created_and_one_of_others_is_left() -> None:
    made = plan(Label("bug", "d73a4a", ""), Label("priority", "d73a4a", ""), without=("priority/high", "late"))
    assert said(made) == ["create - priority/high", "create - late"]
    assert (made.in_step, made.undeclared, made.problems) == (len(DECLARED) - 2, (), ())


OLD = Label("priority/critical", "ededed", "")


@pytest.mark.parametrize(
    "present, without, undeclared",
    [
        ((OLD,), ("priority/high",), (("priority/critical", "priority/high"),)),
        ((OLD,), (), (("priority/critical", None),)),
        ((OLD,), ("state/resolved",), (("priority/critical", None),)),
        (
            (OLD, Label("priority/higher", "ededed", "")),
            ("priority/high",),
            (("priority/critical", None), ("priority/higher", "priority/high")),
        ),
    ],
    ids=[
        "the only one that is missing",
        "none is missing",
        "one of another field is missing",
        "the one that is like it",
    ],
)
def test_a_label_that_is_no_value_any_more_is_told_with_what_it_may_have_become(
    present: tuple[Label, ...], without: tuple[str, ...], undeclared: tuple[tuple[str, str | None], ...]
) -> None:
    assert plan(*present, without=without).undeclared == undeclared


def test_a_rename_comes_first_and_takes_the_look_with_it() -> None:
    made = plan(OLD, renames=(("priority/critical", "priority/high"),), without=("priority/high", "late"))
    assert said(made) == ["rename priority/critical priority/high", "create - late"]
    assert made.changes[0].after == HIGH
    assert made.undeclared == ()


@pytest.mark.parametrize(
    "present, without, problems, remarks",
    [
        ((OLD,), (), ["which exists as well"], []),
        ((), (), [], ["`priority/high` is there"]),
        ((), ("priority/high",), [], ["`priority/high` will be new"]),
    ],
    ids=["both exist", "done already", "neither exists"],
)
def test_a_rename_that_cannot_be_or_need_not_be_is_told(
    present: tuple[Label, ...], without: tuple[str, ...], problems: list[str], remarks: list[str]
) -> None:
    made = plan(*present, renames=(("priority/critical", "priority/high"),), without=without)
    assert "rename" not in {change.what for change in made.changes}
    assert [part in text for part, text in zip(problems, made.problems, strict=True)] == [True] * len(problems)
    assert [part in text for part, text in zip(remarks, made.remarks, strict=True)] == [True] * len(remarks)


@pytest.mark.parametrize(
    "renames, says",
    [
        ([("x", "priority/hihg")], "did you mean `priority/high`"),
        ([("priority/normal", "priority/high")], "still declares `priority/normal`"),
        ([("Priority/Normal", "priority/high")], "still declares"),
        ([("priority/critical", "priority/high"), ("priority/soon", "priority/high")], "one label only"),
    ],
    ids=["to no label", "of a value that still is", "the same in other capitals", "of two labels to one"],
)
def test_a_rename_that_the_policy_contradicts_is_refused(renames: list[tuple[str, str]], says: str) -> None:
    standing = [OLD, Label("priority/soon", "ededed", "")]
    with pytest.raises(WrongRename, match=says):
        plan_labels(DESK, standing, renames)


def test_a_label_that_github_would_not_take_is_told_before_anything_is_sent() -> None:
    long = "resolved" * 6
    made = plan_labels(load(POLICY.replace("resolved", long)), DECLARED.values())
    assert (said(made), len(made.problems)) == ([], 1)
    assert f"`state/{long}` has 54 characters, and GitHub takes 50" in made.problems[0]


def sync(repository: Repository, *renames: tuple[str, str], token: str | None = None) -> LabelsApplied:
    """Compare with what stands, and apply."""
    client = repository.desk().client
    standing = plan_labels(DESK, labels_of(read_standing(client).labels), renames)
    if token is not None:
        repository.bot = token
    return apply_labels(repository.desk().client, standing)


def labels(repository: Repository) -> dict[str, tuple[str, str | None]]:
    """The repository's labels by name."""
    found: Any = repository.act("ann", "GET", "/labels?per_page=100")
    return {label["name"]: (label["color"], label["description"]) for label in found}


def looks() -> dict[str, tuple[str, str]]:
    """The labels as the policy wants them."""
    return {label.name: (label.colour, label.description) for label in DECLARED.values()}


def test_a_renamed_label_stays_on_every_issue_that_has_it(repository: Repository) -> None:
    for name in ("priority/critical", "Late", "bug"):
        repository.act("ann", "POST", "/labels", {"name": name, "color": "ededed"})
    repository.opens()
    repository.act("ann", "POST", "/issues/1/labels", {"labels": ["priority/critical", "bug"]})
    repository.act("carla", "PATCH", "/issues/1", {"state": "closed"})
    applied = sync(repository, ("priority/critical", "priority/high"))
    assert (len(applied.done), applied.failed) == (len(DECLARED), [])
    assert labels(repository) == looks() | {"bug": ("ededed", None)}
    assert repository.labels() == ["bug", "priority/high"]
    assert sync(repository, ("priority/critical", "priority/high")) == LabelsApplied()


def test_what_a_person_chose_is_still_chosen_under_its_new_name(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    repository.act("ann", "DELETE", "/issues/1/labels/priority%2Fnormal")
    repository.act("ann", "POST", "/issues/1/labels", {"labels": ["priority/high"]})
    repository.triage()
    renamed = POLICY.replace("high: High", "urgent: Urgent").replace("priority: high", "priority: urgent")
    repository.sandbox.files(repository.name, {".github/support.yml": renamed})
    client = repository.desk().client
    standing = labels_of(read_standing(client).labels)
    apply_labels(client, plan_labels(load(renamed), standing, [("priority/high", "priority/urgent")]))
    repository.sweep()
    assert repository.labels() == ["priority/urgent", "type/question"]


def test_labels_past_the_first_hundred_are_seen(repository: Repository) -> None:
    for number in range(120):
        repository.act("ann", "POST", "/labels", {"name": f"a{number}"})
    repository.act("ann", "POST", "/labels", {"name": "late", "color": "b60205", "description": looks()["late"][1]})
    assert len(sync(repository).done) == len(DECLARED) - 1


def test_a_label_that_fails_stops_no_other_and_doing_it_again_is_enough(
    sandbox: Sandbox, repository: Repository
) -> None:
    sandbox.faults([{"match": {"method": "POST", "path": ".*/labels", "nth": 2}, "do": {"status": 500}}])
    applied = sync(repository)
    sandbox.clear_faults()
    assert (len(applied.done), len(applied.failed)) == (len(DECLARED) - 1, 1)
    assert "nobody knows whether it was done" in applied.failed[0]
    assert len(sync(repository).done) == 1
    assert labels(repository) == looks()


def test_a_label_that_was_deleted_meanwhile_is_told(repository: Repository) -> None:
    repository.act("ann", "POST", "/labels", {"name": "late", "color": "ededed"})
    made = plan_labels(DESK, labels_of(read_standing(repository.desk().client).labels))
    repository.act("ann", "DELETE", "/labels/late")
    applied = apply_labels(repository.desk().client, made)
    assert len(applied.failed) == 1
    assert "there is no such label any more" in applied.failed[0]


def test_a_token_that_may_not_write_says_which_permission_it_needs(sandbox: Sandbox, repository: Repository) -> None:
    reading = sandbox.workflow_token(repository.name, {"issues": "read", "contents": "read"})
    with pytest.raises(NotGranted, match="issues: write"):
        sync(repository, token=reading)
    assert labels(repository) == {}
