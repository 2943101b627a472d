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
