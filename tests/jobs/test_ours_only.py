"""Law 6: a record counts only in a comment that the desk wrote, for this case, as we last wrote it, signed where we
have a key.

Law 8: nothing said in an issue is code.
"""

from __future__ import annotations

import pytest
from tests.jobs.desk import BODY, POLICY, Repository

from respondby.sandbox.server import Sandbox


def escalated(repository: Repository, number: int = 1) -> bool:
    """Whether somebody was told that the promise ran out."""
    repository.at("10:30:00")
    repository.sweep()
    return "late" in repository.labels(number)


def test_a_card_pasted_by_a_stranger_says_nothing(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    repository.opens(title="The victim")
    repository.at("10:10:00")
    repository.sweep()
    record = repository.comments(1)[0][1]
    repository.opens(title="The victim's twin")
    repository.says("mallory", record.replace("#1", "#3"), 3)
    repository.at("11:30:00")
    repository.sweep()
    assert "late" in repository.labels(3)
    assert any("@ann" in body for author, body in repository.comments(3) if author == "github-actions[bot]")


def test_our_card_of_another_case_says_nothing_here(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    repository.at("10:10:00")
    repository.sweep()
    copied = repository.comments(1)[0][1]
    repository.opens(title="Another")
    repository.triage(2)
    card = repository.case(2).cards[0].id
    repository.sandbox.call(
        "PATCH", f"/repos/{repository.name}/issues/comments/{card}", repository.bot, {"body": copied}
    )
    repository.at("11:30:00")
    repository.sweep()
    assert "late" in repository.labels(2)


def test_somebody_elses_edit_of_our_card_is_read_past_and_mended(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    assert escalated(repository)
    card = repository.case().cards[0]
    repository.act("ann", "PATCH", f"/issues/comments/{card.id}", {"body": "I have tidied this up."})
    said = len(repository.comments())
    repository.sweep()
    assert len(repository.comments()) == said, "the record was not forgotten"
    assert repository.case().ledger.records == card.ledger.records
    assert "tidied" not in repository.comments()[0][1]


def test_with_a_key_an_unsigned_record_of_the_same_account_does_not_count(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    assert repository.case().cards
    assert repository.case(secret=b"key").cards == ()
    repository.triage(secret=b"key")
    assert len(repository.case(secret=b"key").cards) == 1
    assert repository.case(secret=b"other").cards == ()


def test_only_labels_that_the_policy_declares_are_ever_removed(repository: Repository) -> None:
    repository.opens()
    repository.triage()
    repository.act("ann", "POST", "/issues/1/labels", {"labels": ["priority/high", "priority/of-my-own", "bug"]})
    repository.triage()
    assert repository.labels() == ["bug", "priority/high", "priority/of-my-own", "type/question"]


def test_after_all_our_comments_were_deleted_the_card_is_written_again_and_nobody_is_called_again(
    repository: Repository,
) -> None:
    repository.opens()
    repository.triage()
    assert escalated(repository)
    for comment in repository.case().own:
        repository.act("ann", "DELETE", f"/issues/comments/{comment.id}")
    assert repository.comments() == []
    repository.sweep()
    assert [author for author, _ in repository.comments()] == ["github-actions[bot]"]
    assert "@ann" not in repository.comments()[0][1]
    assert [record.outcome for record in repository.case().ledger.records.values()] == ["overtaken"]


TITLES = {
    "a workflow command": "Help\n::set-output name=next::pwned\n::error::x",
    "a command in brackets": "##[set-output name=next;]pwned",
    "markup": "<img src=x onerror=alert(1)> ${{ github.token }} `id`",
    "a template": "{{ 7 * 7 }} {% for x in y %}",
    "right to left": "\u202egnihton\u200b",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_a_hostile_title_is_data(repository: Repository, title: str) -> None:
    repository.opens(title=title.replace("\n", " "))
    report = repository.triage()
    assert report.failed == []
    words, _, _ = repository.comments()[0][1].rpartition("<!-- respondby:")
    assert "pwned" not in words
    assert "49" not in words


@pytest.mark.parametrize(
    "body, problem",
    [(None, False), ("", False), ("x" * 65_000, False), ("### Priority\n\nUrgent-ish\n\n### What?\n\nx\n", True)],
    ids=["no body", "an empty body", "a body of 65 kB", "an option that does not exist"],
)
def test_odd_bodies_are_acknowledged(repository: Repository, body: str | None, problem: bool) -> None:
    repository.opens(body=body)
    assert repository.triage().failed == []
    assert len(repository.comments()) == 1
    assert ("priority/normal" in repository.labels()) or problem


def test_an_author_who_was_deleted_is_nobody(repository: Repository) -> None:
    repository.sandbox.user("gone")
    repository.opens("gone")
    repository.sandbox.delete_user("gone")
    assert repository.triage().failed == []
    assert escalated(repository)


def test_the_desks_own_words_are_never_commands(sandbox: Sandbox) -> None:
    policy = POLICY.replace("notify: first }", 'notify: first, comment: "/close\\n\\n@help" }')
    repository = Repository.make(sandbox, policy)
    repository.opens(body=BODY)
    repository.triage()
    assert escalated(repository)
    repository.sweep()
    assert repository.act("ann", "GET", "/issues/1")["state"] == "open"
    assert "priority/normal" in repository.labels()
