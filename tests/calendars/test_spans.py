"""The algebra of spans: sets of instants, however they were made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondby.calendars.errors import TimeError
from respondby.calendars.spans import Spans

PAIRS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda pair: (pair[0], pair[0] + pair[1])))
SPANS = PAIRS.map(Spans)


def instants(spans: Spans) -> set[int]:
    return {instant for begin, end in spans for instant in range(begin, end)}


@given(PAIRS)
def test_spans_are_in_order_apart_and_never_empty(pairs: list[tuple[int, int]]) -> None:
    spans = Spans(pairs)
    edges = [edge for pair in spans for edge in pair]
    assert edges == sorted(set(edges))
    assert instants(spans) == {instant for begin, end in pairs for instant in range(begin, end)}


@given(SPANS, SPANS)
def test_the_operations_are_those_of_sets(one: Spans, other: Spans) -> None:
    assert instants(one | other) == instants(one) | instants(other)
    assert instants(one & other) == instants(one) & instants(other)
    assert instants(one - other) == instants(one) - instants(other)


@given(SPANS, SPANS, SPANS)
def test_equal_sets_are_equal_values(one: Spans, other: Spans, third: Spans) -> None:
    assert one | other == other | one
    assert hash(one & other) == hash(other & one)
    assert one & (other | third) == (one & other) | (one & third)
    assert one - (other | third) == (one - other) - third
    assert (one - other) | (one & other) == one


@given(SPANS, SPANS)
def test_seconds_add_up(one: Spans, other: Spans) -> None:
    assert (one | other).seconds == one.seconds + other.seconds - (one & other).seconds
    assert one.seconds == len(instants(one))


@given(SPANS, st.integers(-5, 85), st.integers(-5, 85))
def test_gaps_and_clips_are_the_two_parts_of_a_span(spans: Spans, begin: int, end: int) -> None:
    inside = set(range(begin, end))
    assert instants(spans.clip(begin, end)) == instants(spans) & inside
    assert instants(spans.gaps(begin, end)) == inside - instants(spans)
    assert spans.touches(begin, end) == bool(instants(spans) & inside)


@given(SPANS, st.integers(-5, 85))
def test_membership_is_half_open(spans: Spans, instant: int) -> None:
    assert (instant in spans) == (instant in instants(spans))


@given(SPANS, st.integers(1, 60))
def test_seconds_are_reached_at_the_first_instant_by_which_they_have_passed(spans: Spans, seconds: int) -> None:
    reached = spans.reached(seconds)
    if reached is None:
        assert spans.seconds < seconds
    else:
        assert spans.clip(0, reached).seconds == seconds
        assert spans.clip(0, reached - 1).seconds == seconds - 1


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(TimeError, match="ends before it begins"):
        Spans([(5, 4)])
