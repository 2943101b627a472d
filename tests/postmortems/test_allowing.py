"""What a document allows: where, with a reason, and only what there is."""

from __future__ import annotations

import pytest
from tests.postmortems.documents import checked, found, named

TEXT = """# Orders fail

{file}

## Timeline

{section}

- 10:00 Down.
- 10:10 Up.

## Root cause

{other}

Human error.
"""


def problems(rule, **comments):
    text = TEXT.format(**{"file": "", "section": "", "other": "", **comments})
    return named(checked(text, "notes.md").problems, rule)


ALLOW = "<!-- respondby:allow no-zone because we are one office -->"


@pytest.mark.parametrize("place", ["file", "section"])
def test_a_rule_is_allowed_for_the_section_or_the_file(place):
    assert problems("no-zone", **{place: ALLOW}) == []
    assert problems("allowance", **{place: ALLOW}) == []
    assert len(problems("person-as-cause", **{place: ALLOW})) == 1


def test_in_another_section_it_allows_nothing_and_says_so():
    assert len(problems("no-zone", other=ALLOW)) == 1
    assert [one.message for one in problems("allowance", other=ALLOW)] == ["Nothing here is said by `no-zone`."]


@pytest.mark.parametrize(
    "comment, message, hint",
    [
        (
            "<!-- respondby:allow no-zone -->",
            "This allows `no-zone` without a reason, so it is not allowed.",
            "Write `<!-- respondby:allow RULE because REASON -->`.",
        ),
        (
            "<!-- respondby:allow no-zones because x -->",
            "There is no rule `no-zones` to allow.",
            "Did you mean `no-zone`?",
        ),
        ("<!-- respondby:allow drift because x -->", "`drift` cannot be allowed.", "Mend what it says instead."),
    ],
)
def test_an_allowance_that_is_none_is_told_of_at_its_line(comment, message, hint):
    [said] = problems("allowance", section=comment)
    assert (said.line, said.message, said.hint, said.severity) == (7, message, hint, "warning")
    assert len(problems("no-zone", section=comment)) == 1


def test_one_in_a_list_of_code_allows_nothing():
    text = f"# Orders fail\n\n```\n{ALLOW}\n```\n\n## Timeline\n\n- 10:00 Down.\n- 10:10 Up.\n"
    assert len(found(text, "no-zone", "notes.md")) == 1
