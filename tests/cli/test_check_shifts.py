"""`respondby check` on a pull request: who gains and who loses which shifts, from what git has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.cli.rota_desk import POLICY, SWAP, commit, git, write_desk

from respondby.cli.main import main

AT = "2026-11-30T12:00Z"
TRADE = "- { from: 2026-12-18T18:00, until: 2026-12-21T08:00, on: ann, instead-of: bob, why: A trade }\n"


@pytest.fixture(autouse=True)
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A job of a pull request, in a checkout; its folder."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }.items():
        monkeypatch.setenv(name, value)
    return folder


def event(folder: Path, base: str) -> None:
    (folder.parent / "event.json").write_text(json.dumps({"pull_request": {"base": {"sha": base}}}), encoding="utf-8")


def summary(folder: Path) -> str:
    return (folder.parent / "summary.md").read_text(encoding="utf-8")


def check() -> Result:
    return CliRunner().invoke(main, ["check", "--at", AT])


EXPECTED = """\
### Who answers when

ann gains shifts; bob loses shifts.

#### week

| from (Europe/Brussels) | until | was | will be |
| --- | --- | --- | --- |
| Fri 18 Dec 2026, 18:00 | Mon 21 Dec 2026, 08:00 | bob | ann (for bob: A trade) |

#### What it comes to

| who | shifts | hours | nights | weekend days | holidays |
| --- | ---: | ---: | ---: | ---: | ---: |
| ann | +1 | +62 | +3 | +2 | – |
| bob | −1 | −62 | −3 | −2 | – |
"""


def test_a_swap_tells_who_gains_and_who_loses(runner: Path) -> None:
    write_desk(runner)
    base = commit(runner, "A desk")
    write_desk(runner, swaps=SWAP + TRADE)
    commit(runner, "A trade")
    event(runner, base)
    result = check()
    assert EXPECTED in summary(runner)
    assert "::notice file=.github/support.yml,title=shifts::ann gains shifts; bob loses shifts." in result.stdout


def test_the_merge_that_github_made_is_compared_with_its_first_parent(runner: Path) -> None:
    write_desk(runner)
    old = commit(runner, "A desk")
    git(runner, "checkout", "--quiet", "-b", "swap")
    write_desk(runner, swaps=SWAP + TRADE)
    commit(runner, "A trade")
    git(runner, "checkout", "--quiet", "main")
    write_desk(runner, nights="- { from: 2026-12-02T22:00, until: 2026-12-03T06:00, on: ann }\n")
    commit(runner, "Somebody else's change of the nights, merged meanwhile")
    git(runner, "merge", "--quiet", "--no-edit", "swap")
    event(runner, old)
    check()
    assert "#### week" in summary(runner)
    assert "#### nights" not in summary(runner)


def test_a_shallow_checkout_without_the_base_says_what_to_fetch(runner: Path) -> None:
    write_desk(runner, swaps=SWAP + TRADE)
    commit(runner, "A trade")
    event(runner, "0" * 40)
    result = check()
    assert "::warning file=.github/support.yml::Whose shifts this changes cannot be told" in result.stdout
    assert "fetch-depth: 2" in result.stdout


def test_a_first_policy_is_told_as_new_rotas(runner: Path) -> None:
    (runner / "README.md").write_text("Nothing yet.", encoding="utf-8")
    base = commit(runner, "Empty")
    write_desk(runner)
    commit(runner, "A desk")
    event(runner, base)
    check()
    assert "#### week: a new rota" in summary(runner)
    assert "more; the figures count them all" in summary(runner)


def test_what_changes_no_shift_says_nothing_of_shifts(runner: Path) -> None:
    write_desk(runner)
    base = commit(runner, "A desk")
    write_desk(runner, policy=POLICY.replace("desk: Rota", "desk: A rota"))
    event(runner, base)
    result = check()
    assert "Who answers when" not in summary(runner)
    assert "::notice" not in result.stdout


def test_no_other_event_tells_of_shifts(runner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_EVENT_NAME", "push")
    write_desk(runner)
    commit(runner, "A desk")
    check()
    assert "Who answers when" not in summary(runner)


def test_a_proposal_that_does_not_load_is_told_by_its_problems_alone(runner: Path) -> None:
    write_desk(runner)
    base = commit(runner, "A desk")
    write_desk(runner, swaps=SWAP.replace("dan", "dna"))
    event(runner, base)
    result = check()
    assert result.exit_code == 1
    assert "Who answers when" not in summary(runner)


def test_a_base_that_does_not_load_leaves_nothing_to_compare(runner: Path) -> None:
    write_desk(runner, swaps=SWAP.replace("dan", "dna"))
    base = commit(runner, "A broken desk")
    write_desk(runner)
    event(runner, base)
    assert "the policy that it changes does not load" in check().stdout


def test_an_event_that_cannot_be_read_is_wrong_usage(runner: Path) -> None:
    write_desk(runner)
    commit(runner, "A desk")
    result = check()
    assert result.exit_code == 2
    assert "event file cannot be read" in result.stderr + result.stdout


def test_names_that_are_proposed_are_no_markup_and_call_nobody(runner: Path) -> None:
    write_desk(runner)
    base = commit(runner, "A desk")
    rota = "  a_b_c: { timezone: Europe/Brussels, handover: { every: 1 week, from: 2026-01-05 }, members: [ann] }\n"
    write_desk(runner, policy=POLICY.replace("roles:", rota + "roles:"))
    event(runner, base)
    check()
    assert "a\\_b\\_c: a new rota" in summary(runner)
