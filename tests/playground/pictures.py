"""Pictures of the sandbox that one plays in, and how large and how fast its pages are.

python -m tests.playground.pictures FOLDER            the five main pages, wide and narrow, light and dark
python -m tests.playground.pictures --page docs/pictures/sandbox.png      the picture of the README
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median

from playwright.sync_api import Page
from tests.playground.chromium import WIDTHS, chromium, tab
from tests.playground.conftest import DESK
from tests.playground.visiting import HERE, MONDAY, Visitor

from respondby.playground.choices import OWN, choice
from respondby.playground.serving import Place, playground

MAIN = {
    "start": "/",
    "issues": f"{HERE}/issues",
    "issue": f"{HERE}/issues/2",
    "calls": "/play/calls",
    "oncall": "/play/oncall",
}

#: How often a page is loaded for its figures.
LOADS = 7


def main() -> None:
    """Play a morning, and take pictures of it."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("folder", nargs="?", type=Path)
    reader.add_argument("--page", type=Path, metavar="FILE", help="take only the picture of an issue, into this file")
    asked = reader.parse_args()
    if (asked.folder is None) == (asked.page is None):
        reader.error("name a folder, or a file with --page")
    with playground(0, own=DESK, begins=MONDAY) as place, chromium() as browser:
        _morning(place)
        if asked.page is not None:
            page = tab(browser, viewport={"width": 1280, "height": 860})
            page.goto(f"{place.url}{HERE}/issues/4")
            asked.page.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(asked.page))
            return
        asked.folder.mkdir(parents=True, exist_ok=True)
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                page = tab(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
                for name, path in MAIN.items():
                    page.goto(place.url + path)
                    page.screenshot(path=str(asked.folder / f"{name}-{width}-{scheme}.png"), full_page=True)
                page.close()
        page = tab(browser, viewport={"width": 1280, "height": 900})
        for name, path in MAIN.items():
            print(f"{name:<8} {_figures(page, place.url + path)}")


def _morning(place: Place) -> None:
    """Four requests of a Monday morning, in different states."""
    place.game.load(choice(OWN, DESK), MONDAY)
    visitor = Visitor(place.url)
    visitor.open("Add dana to the staging cluster", "access", who="dana", what="Add", systems="Staging, read only")
    slow = "Since **08:40** every payment takes about a minute. The queue `payments-eu` grows."
    visitor.open("Payments take a minute since 08:40", priority="Urgent", reach="Some end-users", what=slow)
    visitor.open("How do we rotate the signing keys?", "guidance", question="Is there a runbook for it?")
    visitor.be("ann")
    visitor.act(3, "comment", comment="There is: see *Keys* in the handbook. Does that answer it?")
    visitor.post("/play/time", {"do": "due", "at": str(MONDAY)})
    visitor.post("/play/time", {"do": "15", "at": str(MONDAY + 3600)})
    visitor.be("casey")
    empty = "Every basket is empty."
    visitor.open("Checkout is empty", priority="Production down", reach="A lot of end-users", what=empty)
    visitor.be("bob")
    visitor.act(2, "comment", comment="Looking into it: the connection pool is exhausted. I raise it now.")
    visitor.act(2, "assignees", assignee=["bob"])


def _figures(page: Page, url: str) -> str:
    """Bytes of the page with all that it loads the first time, and the median of its first paint, warm."""
    page.goto(url)
    script = """async () => {
        let paint;
        while (!(paint = performance.getEntriesByName('first-contentful-paint')[0]))
            await new Promise(done => setTimeout(done, 20));
        const sizes = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
        return [paint.startTime, sizes.reduce((sum, one) => sum + one.encodedBodySize, 0)];
    }"""
    loads = []
    for _ in range(LOADS):
        page.goto(url)
        loads.append(page.evaluate(script))
    return f"{max(size for _, size in loads) / 1000:.1f} kB, first paint {median(at for at, _ in loads):.0f} ms"


if __name__ == "__main__":
    main()
