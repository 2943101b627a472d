"""Related cases: what speaks of the same comes first, whatever surrounds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondby.desk.related import FIRST_WORDS, IndexedText, Related

CHECKOUT = IndexedText("7", "Checkout answers with errors", "Payments fail since the release.")
AGAIN = IndexedText("12", "Errors at the checkout again", "Customers cannot pay.")
DISK = IndexedText("9", "Disk of db-1 nearly full", "The backup volume grows.")
MAIL = IndexedText("20", "Mail is not delivered", "The queue waits for DNS.")


def refs(found):
    return [document.ref for document in found]


def test_the_case_about_the_same_comes_first_and_the_case_itself_not_at_all():
    index = Related([CHECKOUT, AGAIN, DISK, MAIL])

    assert refs(index.most_alike(AGAIN))[0] == "7"
    assert "12" not in refs(index.most_alike(AGAIN))


def test_what_shares_no_word_is_not_related():
    assert Related([DISK]).most_alike(IndexedText("1", "Checkout errors")) == []
    assert Related([]).most_alike(DISK) == []


def test_a_word_of_the_title_counts_more_than_one_of_the_text():
    in_title = IndexedText("1", "certificate", "alpha beta gamma delta")
    in_text = IndexedText("2", "alpha", "beta certificate gamma delta")

    assert refs(Related([in_text, in_title]).most_alike(IndexedText("3", "certificate"))) == ["1", "2"]


def test_only_the_beginning_of_a_text_is_read():
    late = IndexedText("1", "Something", "word " * FIRST_WORDS + "certificate")

    assert Related([late]).most_alike(IndexedText("3", "certificate")) == []


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: certificate\n---\nOther.",
        "<!-- certificate -->",
        "```\ncertificate\n```",
        "https://x.example/certificate",
    ],
)
def test_what_is_no_prose_relates_nothing(text):
    assert Related([IndexedText("1", "Something", text)]).most_alike(IndexedText("3", "certificate")) == []


def test_of_documents_that_are_equally_alike_the_order_stays():
    twins = [IndexedText(ref, "Disk full") for ref in ("c", "a", "b")]

    assert refs(Related(twins).most_alike(IndexedText("x", "disk full"))) == ["a", "b", "c"]


def test_no_more_than_asked_for_are_found():
    many = [IndexedText(str(place), "disk full") for place in range(20)]

    assert len(Related(many).most_alike(IndexedText("x", "disk"))) == 5
    assert len(Related(many).most_alike(IndexedText("x", "disk"), 3)) == 3


DOCUMENTS = st.lists(
    st.builds(
        IndexedText,
        st.sampled_from("abcdef"),
        st.text("xyzw ", max_size=12),
        st.text("xyzw \n`-<>!", max_size=60),
    ),
    max_size=8,
    unique_by=lambda document: document.ref,
)


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_documents_does_not_matter(documents, random):
    shuffled = random.sample(documents, len(documents))

    for document in documents:
        assert Related(shuffled).most_alike(document) == Related(documents).most_alike(document)
        assert document not in Related(documents).most_alike(document)
