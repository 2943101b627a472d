"""Files that nobody should write, and some people do: a word at its line, nothing lost, nothing run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.postmortems.documents import TOP, checked, found

from respondby.postmortems.document.document import read_document
from respondby.postmortems.fixing import fixed
from respondby.postmortems.index import index
from respondby.postmortems.rule import EXAMPLE


@pytest.mark.parametrize(
    "text, rule, line, message",
    [
        ("\ufeff" + TOP, "written-as", 1, "This file begins with a byte order mark."),
        (TOP.replace("draft\n", "draft\r\n"), "written-as", 3, "The lines of this file end in different ways."),
        ("# Orders fail\n", "front-matter", 1, "This post-mortem has no front matter."),
        (TOP + "---\n", "front-matter", None, ""),
        (
            TOP.replace("# Orders", "---\nseverity: P1\n---\n# Orders"),
            "front-matter",
            5,
            "A second front matter begins here; only the first one counts.",
        ),
        (
            TOP.replace("status: draft", "status: draft: yes"),
            "front-matter",
            3,
            "Front matter: A second `: ` in one line.",
        ),
        (TOP.replace("---\n#", "#"), "front-matter", 1, "Front matter: This front matter has no end."),
        (
            TOP.replace("draft\n", "draft\nstarted: 22025-03-18T09:36Z\n"),
            "front-matter",
            4,
            "Front matter: This is not in the form that the schema asks for.",
        ),
        (
            f"{TOP}## Timeline\n\n- 22025-03-18 09:36 Down.\n",
            "impossible-date",
            9,
            "“22025-03-18 09:36” holds no year that an incident can have.",
        ),
        ("<!doctype html>\n<p>Down</p>\n", "written-as", 1, "This is a page of HTML; only Markdown is looked at."),
        ("x" * 2_000_000, "unreadable", 1, "This file is larger than 512 kB and was not read."),
        (TOP + "a\x00b\n", "unreadable", 7, "This is not text: a control character stands here."),
        (
            f"{TOP}## Action items\n\n| What | Owner |\n| --- | --- |\n| Alert | @ann |\n",
            "incomplete-item",
            9,
            "This table of action items lacks the columns “Due”, “State”, “Issue”.",
        ),
        (
            f"{TOP}<<<<<<< HEAD\nOne\n=======\nTwo\n>>>>>>> main\n",
            "merge-conflict",
            7,
            "A merge was left unfinished here: both versions stand in the file.",
        ),
    ],
)
def test_each_has_a_word_at_its_line(text, rule, line, message):
    said = found(text, rule)
    assert ([] if line is None else [(line, message)]) == [(one, words) for one, _, words in said][:1]


def test_two_documents_for_one_incident_name_each_other():
    again = "docs/incidents/2026-11-30-41-again.md"
    said = checked(TOP, beside={again: TOP})
    assert [(one.line, one.message) for one in said.problems if one.rule == "same-incident"] == [
        (2, f"{again} is a post-mortem of this incident as well.")
    ]


def test_one_document_for_three_is_told_what_that_means():
    links = ", ".join(f"https://github.com/acme/shop/issues/{number}" for number in (41, 42, 43))
    text = TOP.replace("https://github.com/acme/shop/issues/41", f"[{links}]").replace(
        "draft\n", "draft\nstarted: 2026-11-30T09:50+01:00\n"
    )
    assert [(line, words) for line, _, words in found(text, "several-incidents")] == [
        (2, "This document tells of 3 incidents and has the milestones of one.")
    ]


@pytest.mark.parametrize(
    "title",
    ["a | b", "<script>x</script>", "[x](javascript:y)", "--> <!-- respondby:end index -->", "@everyone", "`|`"],
)
def test_a_title_ends_no_cell_no_row_and_no_block(title):
    text = TOP.replace("# Orders fail", f"# {title}").replace("draft\n", "draft\nproduct: a|b\n")
    written = index([read_document(text, EXAMPLE)])
    rows = [line for line in written.splitlines() if EXAMPLE.rpartition("/")[2] in line]
    assert len(rows) == 1
    assert rows[0].replace("\\|", "").count("|") == 9
    assert written.count("<!-- respondby:end index") == 1
    assert "<script" not in written
    assert "@everyone" not in written
    assert index([read_document(text, EXAMPLE)], written) == written


@given(st.text(max_size=400), st.sampled_from([EXAMPLE, "notes.md"]))
def test_no_text_is_too_odd_to_be_read(text, path):
    one = checked(text, path)
    for problem in one.problems:
        assert problem.line >= 1
        assert problem.column >= 1


PIECES = st.sampled_from(
    [
        "---\n", "incident: x\n", "# 2026-05-01\n", "## Timeline\n", "- **Key events**\n", "\r\n", "\ufeff",
        "\t", "```\n",
        "  - Resolved 2026-05-01 10:00\n", "| Time | What |\n| --- | --- |\n", "| 10:00 | a |\n", "- 10:00 a\n",
        "9.30 b\n",
        "\n", "> 10:00\n", "<!--", "-->", "**Duration:** 3h 10m\n", "21:45 to 23:28 UTC (5 min)\n", "## Action items\n",
        "| What | Owner |\n| --- | --- |\n| a |\n", "<!-- respondby:begin durations - - -->\n", "<<<<<<< HEAD\n",
        "<!-- respondby:end durations -->\n", "- [ ] a, agreed\n", "22025-01-01 10:00\n", "[a](b.md)",
        "<!-- respondby:allow drift -->\n",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from([EXAMPLE, "notes.md"]))
def test_pieces_of_documents_in_any_order_are_read_and_mended_without_loss(text, path):
    one = checked(text, path)
    assert all(problem.line >= 1 for problem in one.problems)
    mended = fixed(one)
    if mended is not None:
        assert fixed(checked(mended, path)) in (None, mended)
