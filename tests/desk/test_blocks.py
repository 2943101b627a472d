"""Generated blocks: refreshed without a character of what people wrote around them."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from respondby.desk.blocks import Made, block, names, refreshed, taken

OLD, NEW = Made("a" * 16, "- one\n- two"), Made("b" * 16, "- three")
NOTICE = "Edited by hand."
BODY = f"Before\n\n{block('calls', OLD)}\n\nAfter"


def test_a_block_is_written_anew_when_its_facts_change() -> None:
    assert refreshed(BODY, {"calls": NEW}, NOTICE) == f"Before\n\n{block('calls', NEW)}\n\nAfter"


def test_the_same_facts_change_nothing_however_they_are_said() -> None:
    assert refreshed(BODY, {"calls": Made(OLD.digest, "other words")}, NOTICE) == BODY


def test_an_empty_block_is_filled() -> None:
    assert refreshed(block("calls"), {"calls": NEW}, NOTICE) == block("calls", NEW)


def test_what_somebody_wrote_inside_stays_and_is_said_to_be_theirs() -> None:
    edited = BODY.replace("- two", "- two, but not really")
    stays = refreshed(edited, {"calls": NEW}, NOTICE)
    assert stays == edited.replace("end calls -->", f"end calls -->\n<sub>{NOTICE}</sub>")
    assert refreshed(stays, {"calls": Made("c" * 16, "later")}, NOTICE) == stays
    assert (taken(BODY), taken(stays)) == ((), ("calls",))


def test_what_somebody_emptied_is_the_desks_again() -> None:
    edited = refreshed(BODY.replace("- two", "- 2"), {"calls": NEW}, NOTICE)
    emptied = re.sub(r"-->\n\n- one.*?<!--", "-->\n<!--", edited, flags=re.DOTALL)
    assert refreshed(emptied, {"calls": NEW}, NOTICE) == f"Before\n\n{block('calls', NEW)}\n\nAfter"


def test_a_block_that_was_taken_out_stays_out() -> None:
    assert refreshed("Before\n\nAfter", {"calls": NEW}, NOTICE) == "Before\n\nAfter"


def test_a_browsers_line_ends_are_no_edit() -> None:
    assert names(refreshed(BODY.replace("\n", "\r\n"), {"calls": NEW}, NOTICE)) == ("calls",)
    assert taken(BODY.replace("\n", "\r\n")) == ()


def test_a_block_that_lost_its_end_is_no_block() -> None:
    broken = BODY.replace("<!-- respondby:end calls -->", "")
    assert refreshed(broken, {"calls": NEW}, NOTICE) == broken


TEXTS = st.text("ab <!->\n-", max_size=30)


def outside(body: str) -> list[str]:
    return re.split(r"<!-- respondby:begin .*?end [a-z]+ -->", body, flags=re.DOTALL)


@settings(max_examples=100)
@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_refresh_changes_a_character_of_what_people_wrote(before: str, between: str, after: str, fact: str) -> None:
    one, two = block("calls", OLD), block("notes")
    body = f"{before}\n{one}\n{between}\n{two}\n{after}"
    made = {"calls": NEW, "notes": Made("d" * 16, fact.replace("<", "&lt;") or "none")}
    fresh = refreshed(body, made, NOTICE)
    assert outside(fresh) == outside(body)
    assert refreshed(fresh, made, NOTICE) == fresh
