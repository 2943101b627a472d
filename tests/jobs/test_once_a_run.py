"""What a run needs of its policy and of each case is made once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from tests.jobs.desk import Repository

from respondby.desk.case import Case
from respondby.desk.ledger import Ledger
from respondby.policy.text import yaml_text
from respondby.rules import decide


def counted(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> Counter[str]:
    """How often that function is called from now on."""
    calls: Counter[str] = Counter()
    plain: Callable[..., Any] = getattr(where, name)

    def counting(*given: Any, **named: Any) -> Any:
        calls[name] += 1
        return plain(*given, **named)

    monkeypatch.setattr(where, name, counting)
    return calls


def test_the_policy_s_text_is_parsed_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.opens()
    yaml_text.read.cache_clear()
    parsed = counted(monkeypatch, yaml_text.yaml, "parse")
    repository.triage()
    assert parsed["parse"] == 1


def test_the_facts_of_a_card_are_gathered_once_for_each_decision(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.opens()
    gathered = counted(monkeypatch, decide, "card_facts")
    report = repository.triage()
    assert report.performed > 0
    assert gathered["card_facts"] == 2  # before the card was written and, read again, after it


def test_a_case_s_records_are_merged_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.opens()
    repository.triage()
    case: Case = repository.case()
    merged = counted(monkeypatch, Ledger, "merge")
    assert case.ledger is case.ledger
    assert merged["merge"] == 1  # the card's
