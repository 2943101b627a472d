"""A status page with something in each of its parts, for tests that look at pages, and for pictures.

python -m tests.letters.status_sample FOLDER                     the page, wide and narrow, light and dark, on paper
python -m tests.letters.status_sample --page docs/pictures/status-page.png     the picture of docs/status-page.md

Both say how large the pages are and when they were first painted, from disk.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page
from tests.playground.chromium import WIDTHS, chromium, tab
from tests.reports.desk import numbered, seen
from tests.reports.status_desk import SHOW, publishing
from tests.reports.test_uptime import APRIL, DOWN, WHERE, works

from respondby.calendars.instants import parse_time
from respondby.letters.status.site import site
from respondby.reports.desk import WrittenUp
from respondby.reports.status_page import status_page

MAY = parse_time("2026-05-21T15:30", WHERE)

#: How often a page is loaded for its figures.
LOADS = 7

LIVED = (
    DOWN + '10:04 bob says "/public-title Payments are slow"\n10:05 bob says "/update We are looking for the cause.'
    '\\nOrders are kept."\n10:20 bob says "/root-cause a full disk"\n10:21 bob says "/update The cause is found."'
    '\n10:41 bob says "/mitigated"\n10:45 bob says "/update Payments are fast again."\n12:00 bob closes'
)  # fmt: skip


def calm() -> Mapping[str, str]:
    """The files of a page on a day in May: something is down, works are announced."""
    lab = DOWN.replace("product/shop", "product/lab")
    stories = [
        numbered('00:00 carla opens "Why?"\n09:00 ann says "So"', 1),
        numbered(LIVED, 2),
        numbered(DOWN.replace("10:00", "wed+1 22:40") + "thu+1 00:20 bob closes", 3),
        numbered(lab.replace("10:00", "wed+2 10:00") + "wed+2 11:00 bob closes", 4),
        numbered(works("10:00", "12:00").replace("2026-03-04", "2026-05-23"), 5),
    ]
    down = numbered(
        lab + '10:05 bob says "/public-title Sign-in fails for some"\n10:06 bob says "/update We see it."', 6
    )
    later = MAY - 40 * 60 - down.created
    moments = tuple(
        replace(one, at=one.at + later, revisions=tuple(replace(two, at=two.at + later) for two in one.revisions))
        for one in down.moments
    )
    stories.append(replace(down, created=down.created + later, moments=moments))
    policy = publishing(SHOW, "  about: The web shop, and what is tried beside it.\n", (", retired: 2026-03-20", ""))
    return site(status_page(seen(policy, MAY, *stories)))


def sample(said: str = "", title: str = "", language: str = "en") -> Mapping[str, str]:
    """The files of a page; `said` and `title` are what an incident says of itself in public."""
    lab = DOWN.replace("product/shop", "product/lab")
    wrong = 'fri+1 10:30 bob says "/mitigated 07:00"\nfri+1 12:00 bob closes'
    stories = [
        numbered('00:00 carla opens "Why?"\n09:00 ann says "So"', 1),
        numbered(LIVED, 2),
        numbered(DOWN.replace("10:00", "wed+1 22:40") + "thu+1 00:20 bob closes", 3),
        numbered(lab.replace("10:00", "wed+1 10:00") + "wed+1 11:00 bob closes", 4),
        numbered(works("10:00", "12:00"), 5),
        numbered(DOWN.replace("10:00", "fri+1 09:00") + wrong, 6),
        numbered(DOWN.replace("10:00", "tue+3 10:00"), 7),
    ]  # fmt: skip
    if said or title:
        story = stories[-1]
        words = [("/update ", said or "x"), ("/public-title ", title or "x")]
        spoken = [
            replace(stories[0].moments[-1], at=story.created + 60, source=f"IC_s{at}", revisions=(
                replace(stories[0].moments[-1].revisions[0], text=word + text),))
            for at, (word, text) in enumerate(words)
        ]  # fmt: skip
        stories[-1] = replace(story, moments=(*story.moments, *spoken))
    written = WrittenUp("docs/a.md", "https://example.com/a.md", "A", (stories[1].url,), "shop", "", "final", ())
    policy = publishing(more=f"  language: {language}\n  about: The web shop, and what is tried beside it.\n")
    return site(status_page(seen(policy, APRIL, *stories, written=(written,))))


def write(files: Mapping[str, str], folder: Path) -> list[Path]:
    """The files in that folder; its pages."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.rglob("*.html"))


def first_paint(page: Page, file: Path) -> float:
    """How long after it was asked for a page shows something, in milliseconds: the median of some loads."""
    found = []
    for _ in range(LOADS):
        page.goto(file.as_uri())
        while not (painted := page.evaluate("performance.getEntriesByName('first-contentful-paint')")):
            page.wait_for_timeout(20)
        found.append(float(painted[0]["startTime"]))
    return sorted(found)[LOADS // 2]


def main() -> None:
    """Take pictures, and say what they cost."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("folder", nargs="?", type=Path)
    reader.add_argument("--page", type=Path, metavar="FILE", help="take only the picture of the page, into this file")
    reader.add_argument("--site", type=Path, metavar="FOLDER", help="of a page that `respondby publish` wrote")
    asked = reader.parse_args()
    if (asked.folder is None) == (asked.page is None):
        reader.error("name a folder, or a file with --page")
    with tempfile.TemporaryDirectory() as made, chromium() as browser:
        files = sorted(asked.site.rglob("*.html")) if asked.site else write(calm(), Path(made))
        (first,) = [file for file in files if file.name == "index.html"]
        if asked.page is not None:
            page = tab(browser, viewport={"width": 960, "height": 1100})
            page.goto(first.as_uri())
            page.screenshot(path=str(asked.page))
            return
        asked.folder.mkdir(parents=True, exist_ok=True)
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                page = tab(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
                print(f"{scheme} {width}: {first_paint(page, first):.0f} ms, {first.stat().st_size} bytes")
                page.screenshot(path=str(asked.folder / f"page-{width}-{scheme}.png"), full_page=True)
                for file in files:
                    if file.parent.name == "incidents" or file.name.startswith("days"):
                        page.goto(file.as_uri())
                        page.screenshot(path=str(asked.folder / f"{file.stem}-{width}-{scheme}.png"), full_page=True)
                page.close()
        page = tab(browser)
        page.goto(first.as_uri())
        page.pdf(path=str(asked.folder / "page.pdf"), prefer_css_page_size=True)


if __name__ == "__main__":
    main()
