"""Status pages say the same in every language there is: nothing is missing, and every place is filled."""

from __future__ import annotations

from typing import get_args

import pytest
from tests.letters.test_report_words import outline

from respondby.letters.status.api import INDICATORS
from respondby.letters.status.saying import status_words
from respondby.letters.words import languages
from respondby.reports.public_incidents import Impact3, Status
from respondby.reports.status_page import STATES, ProductState


@pytest.mark.parametrize("language", sorted(languages() - {"en"}))
def test_a_page_has_the_same_words_and_places_in_every_language(language: str) -> None:
    assert outline(status_words(language)) == outline(status_words("en"))


def test_everything_that_a_page_can_say_has_a_word() -> None:
    words = status_words("en")
    assert set(words["state"]) == set(words["all"]) == {*get_args(ProductState), "unmeasured"}
    assert set(words["status"]) == set(words["change"]) == set(get_args(Status))
    assert set(words["impact"]) == set(get_args(Impact3))
    assert set(INDICATORS) == set(STATES) == set(get_args(ProductState))
