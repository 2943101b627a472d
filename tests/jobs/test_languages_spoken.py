"""Whole runs speak to each reader in their language, with the repository's own letters where it has some."""

from __future__ import annotations

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.sandbox.server import Sandbox

CUSTOMERS = """
customers:
  bakery: { members: [carla], language: nl }
  florist: { members: [mallory], language: fr }
"""
TALKATIVE = POLICY.replace(
    "  /close: { by: [author, staff] }",
    "  /close: { by: [author, staff] }\n  /done: { by: staff, notify: author }\n"
    "  /tell: { by: staff, notify: [author, first] }\n  /help-desk: { by: anyone }",
)


def replies(repository: Repository) -> list[str]:
    """Our comments without their markers; the first is the card."""
    comments = repository.comments()
    return [body.partition("<!--")[0].strip() for author, body in comments if author.endswith("[bot]")]


def desk(sandbox: Sandbox, extra: str = CUSTOMERS, **files: str) -> Repository:
    repository = Repository.make(sandbox, TALKATIVE + extra, **files)
    repository.opens()
    return repository


def test_the_card_speaks_its_customers_language_and_escalation_the_desks(sandbox: Sandbox) -> None:
    repository = desk(sandbox)
    repository.triage()
    repository.at("10:00:00")
    repository.sweep()
    card, escalation = replies(repository)
    assert "heeft uw aanvraag ontvangen" in card
    assert "termijn verstreken" in card
    assert escalation == "@ann: “First response” was due Mon 5 Jan 2026, 10:00 (UTC)."


@pytest.mark.parametrize(
    "who, line, says",
    [
        ("carla", "/resolved", "Dit is niet uitgevoerd. /resolved is voorbehouden aan onze medewerkers."),
        ("carla", "/state resolved", "Dit is niet uitgevoerd. /state is voorbehouden aan onze medewerkers."),
        ("carla", "/help-desk", "U kunt hier schrijven:"),
        ("mallory", "/resolved", "Cette commande n’a pas été exécutée."),
        ("bob", "/priority huge", "This was not done. /priority takes high or normal."),
        ("bob", "/done", "@carla: Zie “/done” hierboven."),
        ("bob", "/tell", "@carla @ann: Please see “/tell” above."),
    ],
)
def test_each_is_answered_in_their_own_language(sandbox: Sandbox, who: str, line: str, says: str) -> None:
    repository = desk(sandbox)
    repository.triage()
    repository.says(who, line)
    repository.triage()
    _, reply = replies(repository)
    assert says in reply


def test_the_repositorys_own_letters_are_spoken(sandbox: Sandbox) -> None:
    files = {"words/card.md": "Hello.", "words/nl/card.md": "Dag {{ kind }}.", "words/fr/card.md": "{{ nobody }}"}
    repository = desk(sandbox, f"{CUSTOMERS}messages: words\n", **files)
    repository.opens("mallory")
    repository.opens("bob")
    report = repository.sweep()
    cards = [repository.comments(number)[0][1].partition("<!--")[0].strip() for number in (1, 2, 3)]
    assert cards[0] == "Dag Question."
    assert cards[1].startswith("**Help desk** a bien reçu votre demande")
    assert cards[2] == "Hello."
    assert report.failed == []
    told = [remark for case in report.cases for remark in case.remarks]
    assert told == ["words/fr/card.md is broken, so our own words are used: line 1: 'nobody' is undefined"]


@pytest.mark.parametrize("files", [{}, {"words/notes.txt": "x"}, {"words": "a file"}])
def test_a_folder_without_letters_changes_nothing(sandbox: Sandbox, files: dict[str, str]) -> None:
    repository = desk(sandbox, "messages: words\n", **files)
    assert repository.triage().failed == []
    assert "has received your request" in replies(repository)[0]
