"""The pages in Chromium, as people use them. `.ci/run` runs this file by its name; `sh tests/run` leaves it out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.playground.chromium import PATIENCE, WIDTHS, chromium, findings, tab
from tests.playground.conftest import DESK
from tests.playground.visiting import HERE, MONDAY, Visitor

from respondby.playground.choices import OWN, choice
from respondby.playground.serving import Place

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>[x](javascript:alert(3))"
#: The pages on which one is most of the time.
MAIN = ("/", f"{HERE}/issues", f"{HERE}/issues/1", "/play/calls", "/play/oncall")
WIDE = f"| a | b |\n|---|---|\n| 1 | 2 |\n\n```\n{'wide ' * 60}\n```\n\n/cause hosting-platform"
ANSWERS = {"priority": "Urgent", "reach": "Some end-users", "what": HOSTILE}

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab in which no script of ours fails, and none of anybody else's runs."""
    opened, wrong = tab(browser, viewport={"width": 1280, "height": 900}), []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield opened
    opened.close()
    assert not wrong


def test_a_person_opens_waits_breaches_is_paged_answers_and_closes(page: Page, place: Place) -> None:
    page.goto(place.url)
    page.get_by_role("button", name="Harbour support").click()
    if page.get_by_role("heading", name="Start over").is_visible():
        page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("No open issues.")).to_be_visible()
    page.get_by_role("link", name="New issue").click()
    page.get_by_role("link", name="Get started with Problem/Troubleshooting").click()
    page.get_by_label("Title").fill("Payments are slow")
    page.get_by_label("Priority").select_option("Urgent")
    page.get_by_label("Who is affected?").select_option("Some end-users")
    page.get_by_label("What happens?").fill("Every payment takes a minute.")
    page.get_by_role("button", name="Create as casey").click()
    expect(page.get_by_text("has received your request")).to_be_visible()

    clocks = page.locator("#clocks")
    expect(clocks).to_contain_text("in 1 h")
    page.get_by_role("button", name="+15 min").click()
    expect(clocks).to_contain_text("in 45 min")
    page.get_by_role("button", name="Next due").click()
    expect(clocks).to_contain_text("due now")
    expect(page.locator("#labels")).to_contain_text("sla/breached")
    page.get_by_role("button", name="+15 min").click()
    expect(clocks).to_contain_text("15 min over")

    page.get_by_role("link", name="Pages and chats").click()
    expect(page.get_by_text("First response is overdue: acme/support#1").first).to_be_visible()
    page.get_by_role("button", name="Acknowledge").last.click()
    expect(page.get_by_text("acknowledged").first).to_be_visible()

    page.get_by_label("You are").select_option("ann")
    page.get_by_role("button", name="Switch").click()
    page.get_by_role("link", name="Issues").click()
    page.get_by_role("link", name="Payments are slow").click()
    page.get_by_label("Add a comment as ann (staff)").fill("Looking into it.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#clocks")).to_contain_text("met late")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("#head")).to_contain_text("Closed")


def test_what_the_desk_does_shows_without_loading_the_page_and_leaves_alone_what_one_writes(
    page: Page, visitor: Visitor
) -> None:
    number = visitor.open("Payments", **ANSWERS)
    page.goto(f"{visitor.url}{HERE}/issues/{number}")
    box = page.get_by_label("Add a comment as casey (customer)")
    box.fill("Half a sen")
    visitor.be("ann")
    visitor.act(number, "comment", comment="From another tab")
    expect(page.get_by_text("From another tab")).to_be_visible()
    visitor.post("/play/time", {"do": "15", "at": str(MONDAY)})
    expect(page.locator("#clock")).to_have_text("Mon 5 Jan 2026, 10:15")
    expect(box).to_have_value("Half a sen")


def test_time_plays_until_it_is_paused(page: Page, visitor: Visitor, place: Place) -> None:
    page.goto(f"{visitor.url}{HERE}/issues")
    page.get_by_label("Speed").select_option("1 h a second")
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#clock")).not_to_have_text("Mon 5 Jan 2026, 10:00")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert place.game.speed == 0


def test_everything_works_by_keyboard(page: Page, visitor: Visitor) -> None:
    number = visitor.open("Payments", **ANSWERS)
    page.goto(f"{visitor.url}{HERE}/issues/{number}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
        if page.evaluate("document.activeElement.id") == "comment":
            break
    assert {"Edit", "comment"} <= reached
    page.keyboard.type("Typed, not clicked")
    while page.evaluate("document.activeElement.textContent.trim()") != "Comment":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("Typed, not clicked")


def test_it_works_without_javascript(browser: Browser, place: Place, visitor: Visitor) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = tab(context)
    page.goto(f"{visitor.url}{HERE}/issues/new?template=problem.yml")
    page.get_by_label("Title").fill("Payments")
    page.get_by_label("Who is affected?").select_option("Some end-users")
    page.get_by_label("What happens?").fill(HOSTILE)
    page.get_by_role("button", name="Create as casey").click()
    expect(page.get_by_text("has received your request")).to_be_visible()
    page.get_by_role("button", name="+15 min").click()
    expect(page.locator("#clock")).to_have_text("Mon 5 Jan 2026, 10:15")
    page.get_by_label("You are").select_option("ann")
    page.get_by_role("button", name="Switch").click()
    page.get_by_label("Add a comment as ann (staff)").fill("Here.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#clocks")).to_contain_text("met")
    context.close()


def test_everybody_can_use_every_page_wide_and_narrow_light_and_dark(browser: Browser, place: Place) -> None:
    place.game.load(choice(OWN, DESK), MONDAY)
    visitor = Visitor(place.url, {"who": "ann"})
    visitor.open("Payments " + HOSTILE, **{**ANSWERS, "priority": "Production down", "reach": "A lot of end-users"})
    visitor.act(1, "comment", comment=WIDE)
    visitor.post("/play/time", {"do": "15", "at": str(MONDAY)})
    visitor.act(1, "comment", comment="/resolved")
    visitor.act(1, "close", comment="/close mended")
    visitor.post(f"{HERE}/pull/2", {"do": "check"})
    visitor.open("Open", **ANSWERS)
    paths = [
        *("/", f"{HERE}/issues", f"{HERE}/issues/1", f"{HERE}/issues/3", f"{HERE}/issues/new/choose"),
        *(f"{HERE}/issues/new?template=problem.yml", f"{HERE}/pulls", f"{HERE}/pull/2", f"{HERE}/pull/2/files"),
        *("/play/calls", f"{HERE}/actions", f"{HERE}/actions/runs/1", "/play/oncall", "/play/policy", "/play/nothing"),
        *("/play/edit?path=.github/support.yml", f"{HERE}/blob/main/.github/support.yml"),
        "/play/file?ref=respondby/post-mortem-1&path=docs/incidents/README.md",
    ]
    found = []
    page = tab(browser)
    page.context.add_cookies([{"name": "who", "value": "ann", "url": place.url}])
    for path in paths:
        page.goto(f"{place.url}{path}")
        for scheme in ("light", "dark"):
            for width in WIDTHS if path in MAIN else [WIDTHS[scheme == "dark"]]:
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                found += [f"{scheme} {width} {path}: {one}" for one in findings(page)]
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    found.append(f"{scheme} {width} {path} is wider than its window")
    page.close()
    assert not found, "\n".join(found)
