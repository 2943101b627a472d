"""Debian's Chromium, driven by playwright: pages as people see them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.npm import packages
from tests.playground import FOLDER

#: Nothing here takes a tenth of it on a calm machine, in milliseconds.
PATIENCE = 60_000

WIDTHS = (1280, 390)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. Where it is missing the test is skipped, unless RESPONDBY_REQUIRE_CHROMIUM is 1, as in `.ci/run`."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        assert os.environ.get("RESPONDBY_REQUIRE_CHROMIUM") != "1", "chromium is needed here, and is not installed"
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"], timeout=PATIENCE
        )
        try:
            yield browser
        finally:
            browser.close()


def tab(browser: Browser | BrowserContext, **options: Any) -> Page:
    """A new page; `options` are those of its context."""
    page = browser.new_page(**options)
    page.set_default_timeout(PATIENCE)
    return page


def findings(page: Page) -> list[str]:
    """What axe-core has to say against the page that is shown: a line each, empty where everybody can use it."""
    script = (packages(FOLDER / "npm" / "package-lock.json") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(script)  # not as an element of the page, which its own policy would refuse
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def mistakes(files: Sequence[Path]) -> list[str]:
    """What html-validate has to say against these pages: a line each."""
    modules = packages(FOLDER / "npm" / "package-lock.json")
    command = ["node", str(FOLDER / "npm" / "validate.mjs"), str(modules), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
