"""A status page in Chromium: everybody can use it, at any width, light and dark; its HTML has no mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.letters.status_sample import sample, write
from tests.letters.test_status_site import HOSTILE
from tests.playground.chromium import WIDTHS, chromium, findings, mistakes, tab

from respondby.letters.words import languages

WIDE = "a" * 300


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_every_page_at_any_width(tmp_path: Path, scheme: str) -> None:
    pages = write(sample(HOSTILE + WIDE, HOSTILE), tmp_path)
    assert len(pages) >= 8
    found = []
    with chromium() as browser:
        for width in WIDTHS:
            shown = tab(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
            for file in pages:
                shown.goto(file.as_uri())
                found += [f"{width} {file.name}: {one}" for one in findings(shown)]
                if shown.evaluate("document.documentElement.scrollWidth") > width:
                    found.append(f"{width} {file.name} is wider than its window")
            shown.close()
    assert not found, "\n".join(found)


def test_it_needs_no_script_and_loads_nothing(tmp_path: Path) -> None:
    (first,) = [file for file in write(sample(), tmp_path) if file.name == "index.html"]
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=False)
        shown = tab(context)
        asked: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(first.as_uri())
        assert [url for url in asked if not url.startswith("data:")] == [first.as_uri()]
        shown.get_by_role("link", name="Every day of Web shop").click()
        assert shown.get_by_role("row").count() == 1 + 3 + 90
        shown.get_by_role("link", name="Status").click()
        shown.get_by_role("link", name="Payments are slow").click()
        assert shown.get_by_text("Payments are fast again.").is_visible()
        context.close()


def test_the_bars_say_aloud_what_they_show(tmp_path: Path) -> None:
    (first,) = [file for file in write(sample(), tmp_path) if file.name == "index.html"]
    with chromium() as browser:
        shown = tab(browser)
        shown.goto(first.as_uri())
        label = shown.get_by_role("img").first.get_attribute("aria-label")
        assert label is not None
        assert label.startswith("Web shop, day by day from ")
        assert "with downtime" in label
        assert "unknown" in label


def test_it_prints_on_a4_and_loses_nothing(tmp_path: Path) -> None:
    pages = write(sample(HOSTILE + WIDE, HOSTILE), tmp_path)
    with chromium() as browser:
        shown = tab(browser, viewport={"width": 688, "height": 1000})  # what A4 leaves between its margins
        shown.emulate_media(media="print")
        for file in pages:
            shown.goto(file.as_uri())
            assert shown.evaluate("document.documentElement.scrollWidth") <= 688, file.name
            assert shown.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_its_html_has_no_mistake(tmp_path: Path) -> None:
    files = [
        file
        for language in sorted(languages())
        for file in write(sample(HOSTILE, HOSTILE, language), tmp_path / language)
    ]
    assert mistakes(files) == []
