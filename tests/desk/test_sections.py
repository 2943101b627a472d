"""Where answers stand: what is read the short way is what every reading says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondby.desk import sections as room
from respondby.desk.sections import Section, sections

LABELS = ("One", "Two", "Three")
LINES = st.lists(st.sampled_from(["", "", "text", "odd", *(f"### {label}" for label in LABELS)]), max_size=14)


@given(lines=LINES, labels=st.lists(st.sampled_from(LABELS), min_size=1, max_size=4))
def test_the_short_way_is_one_of_the_possible_readings_and_the_only_one(lines: list[str], labels: list[str]) -> None:
    def misfit(_: int, section: Section) -> bool:
        return "odd" in lines[slice(*section)]

    short = sections(labels, lines, misfit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "_plain", lambda *_: None)
        assert sections(labels, lines, misfit) == short


def test_a_body_as_the_form_writes_it_is_read_the_short_way() -> None:
    places = room._plain([(0,), (), (4,)], ["### One", "", "text", "", "### Three", "", "text"])
    assert places is not None
    assert [place.sections for place in places] == [{(1, 4)}, {None}, {(5, 7)}]
    assert room._plain([(4,), (0,)], [""] * 6) is None
    assert room._plain([(0, 4)], [""] * 6) is None


@pytest.mark.parametrize(
    "lines, places",
    [
        # A value that the field cannot have weighs as much as text above the first heading.
        (["### One", "", "no One", "", "### One", "", "text"], [{(1, 7), (5, 7)}]),
        # A heading without its blank line weighs as well.
        (["### One", "no One", "", "### One", "", "text"], [{(4, 6)}]),
        (["### One", "", "no One", "### One", "", "text"], [{(1, 6)}]),
        (["text", "### One", "", "text", "", "### One", "", "text"], [{(6, 8)}]),
        (["### One", "", "text", "", "### Two", "", "no Two", "", "### Two", "", "text"], [{(1, 8)}, {(9, 11)}]),
        (["### One", "", "text", "", "### Two", "", "no One", "", "### Two", "", "text"], [{(1, 4)}, {(5, 11)}]),
        (["### One", "", "text", "", "### Two", "no Two", "", "### Two", "", "text"], [{(1, 7)}, {(8, 10)}]),
        (["text", "", "### Two", "", "text", "", "### Two", "", "no Two"], [{None}, {(3, 9), (7, 9)}]),
    ],
)  # fmt: skip
def test_of_all_readings_those_with_the_fewest_faults_count(
    lines: list[str], places: list[set[Section | None]]
) -> None:
    found = sections(
        LABELS[: len(places)], lines, lambda field, section: f"no {LABELS[field]}" in lines[slice(*section)]
    )
    assert [place.sections for place in found] == places


@pytest.mark.parametrize(
    "labels, lines, places",
    [
        # To pass over a heading weighs more than all else, whichever it is.
        (LABELS, ["text", "", "### Two", "", "a", "", "### One", "", "b", "", "### Three", "", "c"],
         [None, None, {(11, 13)}]),
        (LABELS, ["### Two", "", "a", "", "### One", "", "b", "", "### Three", "", "c"],
         [{(5, 8)}, {(1, 4)}, {(9, 11)}]),  # the form was put into another order
        (LABELS[:2], ["### Two", "", "a", "", "### One", "", "no One"], [None, None]),
        (LABELS[:2], ["### Two", "", "a", "### One", "", "b"], [None, None]),
        (LABELS[:2], ["### Two", "", "no Two", "### One", "", "b"], [None, None]),
        (LABELS[:2], ["### Two", "", "```", "", "### One", "", "b", "```"], [None, None]),
        (LABELS[:2], ["### Two", "", "```", "no Two", "### One", "", "b", "```"], [None, None]),
        # Of two fields of one name each has a heading of its own, or nobody knows which has it.
        (("One", "One"), ["### One", "", "a", "", "### One", "", "b"], [{(1, 4)}, {(5, 7)}]),
        (("One", "One"), ["### One", "", "a"], [None, None]),
    ],
)  # fmt: skip
def test_where_a_heading_is_passed_over_its_field_is_lost(
    labels: tuple[str, ...], lines: list[str], places: list[set[Section] | None]
) -> None:
    found = sections(labels, lines, lambda field, section: f"no {labels[field]}" in lines[slice(*section)])
    assert [None if place.lost else place.sections for place in found] == places
