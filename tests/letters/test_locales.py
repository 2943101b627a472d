"""Dates and counts are written as the Unicode locale data have them, which Babel reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from babel import Locale
from babel.dates import format_skeleton

from respondby.letters.drafts import render_part
from respondby.letters.when import speaking
from respondby.letters.words import languages, our_words
from respondby.rules.drafts import Part, Rest, Shift

#: Whose dates are not those of the locale of that name, and why.
OWN = {
    "en": "the locale `en` is that of the United States, with the month first",
    "fr": "the first of a month is written `1er`, which the locale data leave out",
}
DAYS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=13 * number) for number in range(60)]


@pytest.mark.parametrize("language", sorted(languages() - {"en"}))
def test_a_date_is_written_as_its_locale_writes_it(language: str) -> None:
    spoken = speaking(language, "UTC")
    for day in DAYS:
        if language == "fr" and day.day == 1:
            continue
        assert spoken.date(int(day.timestamp())) == format_skeleton("yMMMEd", day, locale=language)


def test_an_exception_is_one() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    for language in OWN:
        assert speaking(language, "UTC").date(int(day.timestamp())) != format_skeleton("yMMMEd", day, locale=language)


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_count_has_the_form_that_its_language_asks_for(language: str) -> None:
    """Each unit has two forms: the languages of this package know no third for lengths of time."""
    rule, spoken = Locale(language).plural_form, speaking(language, "UTC")
    assert {rule(number) for number in range(1, 10_000)} == {"one", "other"}
    for number in (*range(1, 60), 100, 101, 111, 121, 1000):
        one, other = our_words(language)["units"]["business day"]
        wanted = one if rule(number) == "one" else other
        assert spoken.length(f"{number} business days") == wanted.replace("{n}", str(number))


@pytest.mark.parametrize("language", sorted(languages()))
def test_what_is_counted_in_a_hand_over_has_its_form_also_for_none(language: str) -> None:
    rule, spoken = Locale(language).plural_form, speaking(language, "UTC")

    def said(count: int) -> str:
        rest = Rest("ann", count, 7, "1 day")
        return render_part(Part("shift", Shift("week", ("ann",), ("bob",), 0, 0, (rest,))), spoken)

    alike = {count: said(count).replace(f"({count} ", "(") for count in (0, 1, 2)}
    assert alike[1] != alike[2]
    assert alike[0] == alike[1 if rule(0) == "one" else 2]
