"""Reports say the same in every language there is: nothing is missing, and every place is filled."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from respondby.letters.report.sections import SECTIONS as SAID
from respondby.letters.report.words import report_words
from respondby.letters.words import languages
from respondby.policy.model.duties import ReportKind
from respondby.reports import uptime
from respondby.reports.attainment import OUTCOMES, Outcome
from respondby.reports.impacts import ENDS_FIRST
from respondby.reports.monthly import SECTIONS

PLACE = re.compile(r"\{([\w-]+)\}")


def outline(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: outline(inner) for key, inner in value.items()}
    return [outline(inner) for inner in value] if isinstance(value, list) else sorted(PLACE.findall(value))


@pytest.mark.parametrize("language", sorted(languages() - {"en"}))
def test_a_report_has_the_same_words_and_places_in_every_language(language: str) -> None:
    assert outline(report_words(language)) == outline(report_words("en"))


@pytest.mark.parametrize("language", sorted(languages()))
def test_everything_that_figures_can_be_has_a_word(language: str) -> None:
    words = report_words(language)
    assert set(words["outcome"]) == set(OUTCOMES) == set(get_args(Outcome))
    reasons = {getattr(uptime, name) for name in ("NOT_MEASURED", "NOT_BEGUN", "NO_DATA", "NOT_COUNTED")}
    assert set(words["reason"]) == reasons | {uptime.ALL_MAINTENANCE, ENDS_FIRST}
    assert set(words["title"]) == {*get_args(ReportKind), "meeting"}
    parts = {part for sections in SECTIONS.values() for part in sections}
    assert parts == set(SAID)
    assert parts <= set(words["section"])
