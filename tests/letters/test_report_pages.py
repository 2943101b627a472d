"""A report's page in Chromium: everybody can use it, at any width, light and dark; its HTML has no mistake."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.playground.chromium import WIDTHS, chromium, findings, mistakes, tab
from tests.reports.desk import numbered, seen, support
from tests.reports.test_uptime import APRIL, DOWN

from respondby.letters.report.markdown import markdown
from respondby.letters.report.page import page
from respondby.letters.report.paper import Paper
from respondby.letters.report.words import voice
from respondby.letters.report.writing import paper_of, paper_of_meeting
from respondby.letters.words import languages
from respondby.reports.meeting import meeting
from respondby.reports.monthly import monthly

HOSTILE = '</td><script>alert(1)</script> | =HYPERLINK("http://evil.example") [x](javascript:alert(1)) `</style>'


def paper(language: str = "en", *, of_meeting: bool = False) -> Paper:
    """A report with something in most of its parts, and a title that would do harm."""
    hostile = numbered(DOWN + '11:00 bob says "/mitigated"\n12:00 bob closes', 1)
    stories = [
        replace(hostile, title=HOSTILE),
        DOWN.replace("10:00", "tue 10:00") + 'tue 18:00 tess says "/excuse <img src=x onerror=alert(1)>"',
        DOWN.replace("product/shop", "product/lab").replace("10:00", "wed+1 10:00") + "wed+1 11:00 bob closes",
    ]
    facts = seen(support(), APRIL, *stories)
    speaking = voice(language, "Europe/Brussels")
    if of_meeting:
        return paper_of_meeting(meeting(facts, facts.cases[0].opened), speaking)
    return paper_of(monthly(facts, "2026-03"), speaking)


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_page_is_small_and_says_what_people_wrote_as_text(language: str) -> None:
    text = page(paper(language))
    assert len(text.encode()) < 100_000
    assert "<script" not in text
    assert "<img" not in text
    assert "javascript:alert" in text  # shown
    assert 'href="javascript:' not in text
    assert "{" not in text.partition("</style>")[2]  # every place is filled


def test_markdown_makes_no_link_no_cell_and_no_markup_of_what_people_wrote() -> None:
    text = markdown(paper())
    assert "<script" not in text
    assert "](javascript:" not in text.replace("\\](", "")
    rows = [line for line in text.splitlines() if "evil" in line]
    assert rows
    assert all(line.startswith("| ") and line.endswith(" |") for line in rows)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_page_at_any_width(tmp_path: Path, scheme: str) -> None:
    files = {name: tmp_path / f"{name}.html" for name in ("month", "meeting")}
    files["month"].write_text(page(paper()), encoding="utf-8")
    files["meeting"].write_text(page(paper(of_meeting=True)), encoding="utf-8")
    with chromium() as browser:
        for width in WIDTHS:
            shown = tab(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
            for file in files.values():
                shown.goto(file.as_uri())
                assert findings(shown) == []
                assert shown.evaluate("document.documentElement.scrollWidth") <= width
            shown.close()


def test_a_page_prints_on_a4_and_loses_no_column(tmp_path: Path) -> None:
    file = tmp_path / "month.html"
    file.write_text(page(paper()), encoding="utf-8")
    with chromium() as browser:
        shown = tab(browser, viewport={"width": 688, "height": 1000})  # what A4 leaves between its margins
        shown.emulate_media(media="print")
        shown.goto(file.as_uri())
        assert shown.evaluate("Math.max(...[...document.querySelectorAll('table')].map(t => t.scrollWidth))") <= 688
        assert shown.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_its_html_has_no_mistake(tmp_path: Path) -> None:
    for language in sorted(languages()):
        (tmp_path / f"{language}.html").write_text(page(paper(language)), encoding="utf-8")
    (tmp_path / "meeting.html").write_text(page(paper(of_meeting=True)), encoding="utf-8")
    assert mistakes(sorted(tmp_path.glob("*.html"))) == []


def test_what_is_in_the_middle_says_at_the_top_as_well_that_it_may_be_more() -> None:
    waiting = ['10:00 carla opens "Down"'] * 2
    rows = markdown(paper_of(monthly(seen(support(), APRIL, *waiting), "2026-03"), voice("en", "Europe/Brussels")))
    (row,) = [line for line in rows.splitlines() if "Median first answer" in line]
    assert "at least" in row
