"""The files of a status page: small, harmless, the same bytes for the same facts, and not a word too much in any."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from tests.reports.desk import numbered, seen
from tests.reports.status_desk import SHOW, publishing
from tests.reports.test_uptime import APRIL, DOWN, WHERE, works

from respondby.calendars.instants import parse_time
from respondby.desk.case import Case
from respondby.letters.status.shell import fitting, shared
from respondby.letters.status.site import site
from respondby.letters.words import languages
from respondby.reports.desk import WrittenUp
from respondby.reports.status_page import status_page

STATUSPAGE = json.loads((Path(__file__).parent / "statuspage.schema.json").read_text(encoding="utf-8"))
HOSTILE = '</p><script>alert(1)</script> | =HYPERLINK("http://evil.example") [x](javascript:alert(1)) `{at}{0}` \u202e'
OVER = '11:00 bob says "/mitigated"\n12:00 bob closes'

#: Stands in everything that is nobody's business: titles, texts, comments, labels, people, causes, files.
SECRET = "Zanzibar"


def files(*stories: str, **options: str) -> Mapping[str, str]:
    return site(status_page(seen(publishing(**options), APRIL, *stories)))


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_file_is_small_and_every_place_is_filled(language: str) -> None:
    made = files(DOWN + OVER, DOWN.replace("10:00", "tue 10:00"), more=f"  language: {language}\n")
    for path, text in made.items():
        assert len(text.encode()) < 100_000, path
        shown = text.partition("</style>")[2] or text
        if path.endswith((".html", ".svg", ".atom")):
            assert "{" not in shown, path
    assert f'<html lang="{language}">' in made["index.html"]


def test_the_same_facts_are_the_same_bytes() -> None:
    assert files(DOWN + OVER) == files(DOWN + OVER)


def test_what_people_wrote_is_text_in_every_file() -> None:
    said = HOSTILE.replace('"', "'")
    made = files(DOWN + f'10:05 bob says "/update {said}"\n10:06 bob says "/public-title {said}"\n' + OVER)
    pages = [text for path, text in made.items() if path.endswith(".html")]
    assert sum("alert(1)" in page for page in pages) >= 3  # shown
    for page in pages:
        assert "<script" not in page
        assert set(re.findall(r'href="([^"]*)"', page)) <= {"data:,", *made, *(f"../{path}" for path in made), *(
            path.rpartition("/")[2] for path in made)}  # fmt: skip
    content = ET.fromstring(made["history.atom"]).findtext(".//{*}content")
    assert content is not None
    assert "<script" not in content
    assert "&lt;script" in content


def test_nothing_is_in_any_file_that_publish_does_not_name() -> None:
    """Every byte of every file, of a desk in which everything that is nobody's business holds one word."""
    case = numbered(
        f'10:00 carla opens "### What?\\n\\n{SECRET}"\n10:00 bob labels product/shop\n10:00 bob labels priority/high\n'
        f'10:00 bob labels {SECRET}\n10:01 bob assigns ann\n10:02 bob says "{SECRET}"\n'
        f'10:03 bob says "/note {SECRET}"\n'
        f'10:04 bob says "/root-cause {SECRET}"\n10:05 bob says "/public-title Slow"\n10:06 {SECRET} says "{SECRET}"\n'
        f'10:07 bob says "/update {SECRET}"\n10:08 bob deletes 6\n10:09 bob says "/update Not @{SECRET}"\n' + OVER,
        4711,
    )
    case = replace(case, title=f"{SECRET} acme-corp CHAT_URL", repository=f"{SECRET}/{SECRET}")
    case = replace(case, url=f"https://github.com/{SECRET}/{SECRET}/issues/4711")
    other = replace(numbered(DOWN.replace("product/shop", "product/old"), 4712), title=SECRET)
    written = WrittenUp(f"docs/{SECRET}.md", f"https://x/{SECRET}.md", SECRET, (case.url,), "shop", SECRET, "final", ())
    show = SHOW.replace(", post-mortems", "")
    facts = seen(replace(publishing(show), desk=SECRET), APRIL, case, other, written=(written,))
    facts = replace(facts, missing=((f"{SECRET}#9", SECRET),))
    for language in languages():
        made = site(status_page(replace(facts, policy=publishing(show, f"  language: {language}\n"))))
        assert len(made) > 15
        for path, text in made.items():
            for word in (
                SECRET,
                "carla",
                "ann",
                "bob",
                "acme",
                "bolt",
                "4711",
                "CHAT",
                "priority",
                "high",
                "github.com",
            ):
                found = re.search(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", f"{path}\n{text}", re.IGNORECASE)
                assert found is None, f"{language} {path} holds {word}"


#: What only one word of `show` shows: a text of it that stands nowhere else.
MARKS = {
    "updates": "An-update",
    "incidents": "A-public-title",
    "maintenance": "A-window",
    "post-mortems": "post-mortem.example",
    "targets": "99.9%",
    "uptime": "viewBox",
    "attainment": "Promises kept",
}
#: What tells more of something else.
NEEDS = {"updates": "incidents", "post-mortems": "incidents", "targets": "uptime"}


def marked() -> list[Case]:
    """An incident of each product and a window of the shop, all of which say all that they can."""
    words = '10:05 bob says "/public-title A-public-title"\n10:06 bob says "/update An-update"\n' + OVER
    lab = (DOWN + words).replace("product/shop", "product/lab").replace("10:00", "wed+1 10:00", 1)
    window = works("10:00", "12:00").replace("2026-03-04", "2026-04-10") + '00:01 ann says "/public-title A-window"'
    return [replace(numbered(story, n), title=SECRET) for n, story in enumerate((DOWN + words, lab, window), 1)]


@settings(max_examples=40)
@given(
    st.sets(st.sampled_from(sorted(MARKS)), min_size=1),
    st.sampled_from(["{ shop: One-name }", "{ lab: Other-name }", "{ shop: One-name, lab: Other-name }"]),
)
def test_whatever_is_published_nothing_else_is_in_any_byte(show: set[str], products: str) -> None:
    cases = marked()
    about = tuple(case.url for case in cases[:2])
    written = WrittenUp("a", "https://post-mortem.example", SECRET, about, "", "", "final", ())
    policy = publishing(", ".join(sorted(show)), "", products_shown=products)
    made = site(status_page(seen(policy, APRIL, *cases, written=(written,))))
    everything = "".join(f"{path}\n{text}" for path, text in made.items())
    assert SECRET not in everything
    for id, name in (("shop", "One-name"), ("lab", "Other-name")):
        assert (name in everything) is (name in products)
        assert (re.search(rf"\b(Web shop|Lab|{id})\b", everything) is None) or name in products
    for word, mark in MARKS.items():
        shown = word in show and NEEDS.get(word, word) in show
        if word in ("targets", "maintenance"):  # the shop alone has a target and a window
            shown = shown and "shop" in products
        assert (mark in everything) is shown, word


@settings(max_examples=30)
@given(
    st.text(min_size=1, max_size=60), st.text(max_size=200), st.sampled_from(["uptime", "maintenance", "attainment"])
)
def test_no_text_of_an_issue_changes_a_byte_of_a_page_that_tells_no_incidents(title: str, body: str, show: str) -> None:
    plain = numbered(DOWN + OVER, 1)
    opened, *rest = plain.moments
    revisions = tuple(replace(one, text=body) for one in opened.revisions)
    hostile = replace(plain, title=title, moments=(replace(opened, revisions=revisions), *rest))
    policy = publishing(show)
    assert site(status_page(seen(policy, APRIL, hostile))) == site(status_page(seen(policy, APRIL, plain)))


@settings(max_examples=30)
@given(st.text(min_size=1, max_size=300))
def test_whatever_is_said_for_the_public_the_files_stay_well_formed(text: str) -> None:
    plain = numbered(DOWN + '10:05 bob says "/update X"\n10:06 bob says "/public-title X"\n' + OVER, 1)
    moments = tuple(
        replace(one, revisions=tuple(replace(two, text=two.text.replace(" X", f" {text}")) for two in one.revisions))
        for one in plain.moments
    )
    made = site(status_page(seen(publishing(), APRIL, replace(plain, moments=moments))))
    ET.fromstring(made["history.atom"])
    assert json.loads(made["summary.json"])["page"]["name"] == "Status of Told"
    for path, found in made.items():
        found.encode()
        assert "<script" not in found, path


@pytest.mark.parametrize("path", [
    "summary", "status", "components", "incidents", "incidents/unresolved", "scheduled-maintenances",
    "scheduled-maintenances/upcoming", "scheduled-maintenances/active",
])  # fmt: skip
def test_every_json_is_as_statuspage_documents_it(path: str) -> None:
    works = (
        '00:00 bob opens "### Starts\n\n2026-04-05T10:00\n\n### Ends\n\n2026-04-05T12:00\n\n### Emergency?\n\nNo"'
    ).replace("\n", "\\n") + "\n00:00 bob labels type/works\n00:00 bob labels product/shop"
    made = files(works, DOWN + OVER, DOWN.replace("10:00", "tue 10:00"))
    data = json.loads(made[f"api/v2/{path}.json"])
    schema = STATUSPAGE | {"$ref": f"#/$defs/{path.partition('/')[0]}"}
    found = list(Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(data))
    assert [error.message for error in found] == []
    assert made["summary.json"] == made["api/v2/summary.json"]
    if path == "summary":
        assert [one["status"] for one in data["scheduled_maintenances"]] == ["scheduled"]
        assert [one["status"] for one in data["incidents"]] == ["investigating"]
        assert data["status"] == {"indicator": "critical", "description": "Major Service Outage"}


@pytest.mark.parametrize(
    "at, state, where",
    [
        ("2026-03-03T09:00", "scheduled", "upcoming"),
        ("2026-03-04T10:00", "in_progress", "active"),
        ("2026-03-04T11:59", "in_progress", "active"),
        ("2026-03-04T12:00", "completed", None),
    ],
)
def test_a_window_is_scheduled_then_on_then_over(at: str, state: str, where: str | None) -> None:
    now = parse_time(at, WHERE)
    made = site(status_page(seen(publishing(), now, works("10:00", "12:00"))))
    (one,) = json.loads(made["api/v2/scheduled-maintenances.json"])["scheduled_maintenances"]
    assert (one["status"], one["scheduled_for"]) == (state, "2026-03-04T09:00:00.000Z")
    for name in ("upcoming", "active"):
        listed = json.loads(made[f"api/v2/scheduled-maintenances/{name}.json"])["scheduled_maintenances"]
        assert [found["id"] for found in listed] == ([one["id"]] if name == where else [])
    summary = json.loads(made["summary.json"])
    assert len(summary["scheduled_maintenances"]) == (where is not None)
    assert summary["status"]["indicator"] == ("maintenance" if where == "active" else "none")


def test_a_badge_says_aloud_what_it_shows() -> None:
    made = files(DOWN + OVER)
    badge = ET.fromstring(made["badges/uptime-shop.svg"])
    assert badge.attrib["role"] == "img"
    assert badge.attrib["aria-label"] == badge.findtext("{*}title") == "uptime 2026-03: 99.85 %"
    assert ET.fromstring(made["badges/attainment.svg"]).attrib["aria-label"] == "promises kept 2026-03: 0.0 %"
    assert "#b3261e" in made["badges/uptime-shop.svg"]  # promised 99.9 %
    assert "#b3261e" not in files(DOWN + OVER, show="uptime")["badges/uptime-shop.svg"]


def test_many_products_and_incidents_grow_no_page_beyond_its_size() -> None:
    many = "\n".join(f'10:{at:02} bob says "/update {"&" * 4_000}"' for at in range(1, 50))
    stories = [DOWN + many] + [DOWN + '10:01 bob says "/update Long enough to be a line"\n' + OVER] * 150
    made = files(*stories)
    sizes = {path: len(text.encode()) for path, text in made.items() if path.endswith(".html")}
    assert max(sizes.values()) < 100_000
    one = re.search(r"incidents/(\w+)\.html", made["index.html"])
    assert one is not None
    parts = [text for path, text in made.items() if path.startswith(f"incidents/{one[1]}")]
    assert len(parts) > 1
    assert sum(text.count("&amp;" * 4_000) for text in parts) == 49  # none is left out
    listed = [text for path, text in made.items() if path.startswith("history") and path.endswith(".html")]
    assert sum(text.count('<a href="incidents/') for text in listed) == 151


def test_what_has_room_comes_first_and_the_rest_is_counted() -> None:
    assert fitting(["aa", "bbb", "c"], 3) == (["aa"], 2)
    assert fitting([], 3) == ([], 0)
    assert shared(["aa", "bbb", "c", "dddddd"], 4) == [["aa"], ["bbb", "c"], ["dddddd"]]
    assert shared([], 4) == [[]]


def test_no_address_can_be_found_by_trying_numbers() -> None:
    cases = [replace(one, number=n, node_id=f"I_kwDO{n}") for n, one in enumerate(marked(), 4711)]
    made = site(status_page(seen(publishing(), APRIL, *cases)))
    url = publishing().publish.url  # type: ignore[union-attr]
    kinds = ("incident", "maintenance", "update")
    tried = {sha256(f"{url} {kind} {n}".encode()).hexdigest()[:12] for kind in kinds for n in range(4600, 4800)}
    everything = "\n".join([*made, *made.values()])
    assert "incidents/" in everything
    assert [one for one in tried if one in everything] == []
    moved = [replace(one, repository="other/name", url="https://github.com/other/name/issues/1") for one in cases]
    assert set(site(status_page(seen(publishing(), APRIL, *moved)))) == set(made)
