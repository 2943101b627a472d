"""The reference pages say what is true today, and links between pages of docs/ lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.pages import DOCS, PAGES, ROOT
from tests.policy.policies import PROCESSES

from respondby.tracing.traced import traced

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
#: Pages in which links are examples.
EXAMPLES = ("docs/postmortem-rules.md", "docs/incidents/TEMPLATE.md")


@pytest.mark.parametrize("page", PAGES)
def test_a_reference_page_is_up_to_date(page: str) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == PAGES[page](), "write it anew: python -m tests.pages"


@pytest.mark.parametrize("policy", PROCESSES, ids=lambda path: path.parent.name)
def test_every_promise_of_a_document_is_kept_by_a_scenario_as_it_stands(policy: Path) -> None:
    document = traced(policy)
    assert document.problems == (), f"respondby rehearse {policy.parent.relative_to(ROOT)}, then python -m tests.pages"
    assert all(row.kept and row.by for row in document.rows)


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def pages() -> list[str]:
    found = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    return sorted({page.relative_to(ROOT).as_posix() for page in found} - set(EXAMPLES))


@pytest.mark.parametrize("page", pages())
def test_a_link_of_a_page_leads_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in LINK.findall(re.sub(r"`[^`\n]*`", "", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / page).parent / path if path else ROOT / page
        assert there.exists(), f"{target} is not there"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(Path(there).read_text(encoding="utf-8")), f"{target} names no heading"
