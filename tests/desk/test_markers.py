"""The laws of `desk.markers`: a record comes back from where it was written, and from nowhere else."""

from __future__ import annotations

import base64
import json
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.desk.ledgers import ledgers

from respondby.desk import markers
from respondby.desk.keys import Keys, Use
from respondby.desk.ledger import EMPTY, Ledger, LedgerError
from respondby.desk.markers import LONG, MOST_BYTES, Marker
from respondby.desk.records import Record

CASE = "acme/support#7"
KEY = b"a key of the desk"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
kinds = st.sampled_from(["card", "say"])


def long_ledger(records: int = 400) -> Ledger:
    """A ledger as a case of many months has it."""
    return Ledger(
        {f"answer/I_1/75%/{n}": Record(f"answer/I_1/75%/{n}", n, n + 60, labels=("late",)) for n in range(records)}
    )


@given(kinds, texts, ledgers(), texts, st.sampled_from([None, KEY]), texts)
def test_what_is_written_is_read(
    kind: markers.Kind, digest: str, ledger: Ledger, key: str, secret: bytes | None, before: str
) -> None:
    body = before + markers.write(kind, CASE, digest, ledger, secret=secret, key=key)
    assert markers.read(body, CASE, secret=secret) == Marker(kind, digest, ledger, key)


@given(kinds, texts, ledgers(), texts)
def test_a_marker_cannot_end_before_its_end(kind: markers.Kind, digest: str, ledger: Ledger, key: str) -> None:
    text = markers.write(kind, CASE, digest, ledger, key=key)
    inside = text.removeprefix("<!-- ").removesuffix(" -->")
    assert text == f"<!-- {inside} -->"
    assert not {"--", "<", ">"} & {inside[at : at + size] for at in range(len(inside)) for size in (1, 2)}
    assert "\n" not in text


@given(ledgers(), st.sampled_from(["acme/support#8", "acme/support#77", "acme/suppor#7", "other/support#7", ""]))
def test_a_marker_says_nothing_on_another_case(ledger: Ledger, other: str) -> None:
    assert markers.read(markers.write("card", CASE, "", ledger), other) is None


def test_a_repository_has_its_name_in_any_case() -> None:
    assert markers.read(markers.write("card", "Acme/Support#7", "", EMPTY), CASE) is not None


@pytest.mark.parametrize(
    "body",
    [
        "{} and more text",
        "{}\n\nmore text",
        "> {}\n\nAnd what now?",
        "{}<!-- -->",
        "`{}`",
        "{}.",
        "    {}\n- an item",
        "no marker at all",
        "",
    ],
)
def test_a_marker_counts_only_at_the_very_end(body: str) -> None:
    text = markers.write("card", CASE, "d", EMPTY)
    assert markers.read(body.replace("{}", text), CASE) is None
    assert markers.read(body.replace("{}", "") + text, CASE) is not None


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "  \n\n"])
def test_white_space_after_the_marker_does_not_matter(end: str) -> None:
    assert markers.read(f"Hello\n\n{markers.write('card', CASE, 'd', EMPTY)}{end}", CASE) is not None


MARKER = markers.write("card", CASE, "d", EMPTY)


@pytest.mark.parametrize(
    "body, is_at_end",
    [
        (f"A draft.\n\n{MARKER}", True),
        (f"A draft.\n\n{MARKER}\n", True),
        (MARKER, True),
        ("A draft.", False),
        ("", False),
        (f"{MARKER}\n\nA draft.", False),
        (f"A draft.\n\n{MARKER}\n\nMore.", False),
        (f"{MARKER}\n\nA draft.\n\n{MARKER}", False),
        (f"A draft.\n\n{MARKER}\n\n{MARKER}", False),
    ],
)
def test_a_text_that_has_its_only_marker_at_its_end_is_as_we_leave_it(body: str, is_at_end: bool) -> None:
    assert markers.is_marked_at_end(body) is is_at_end
    assert markers.is_marked_at_end(markers.marked(body, MARKER))
    assert markers.marked(body, MARKER) == markers.marked(markers.without_marker(body), MARKER)


def test_the_last_of_two_markers_counts() -> None:
    both = markers.write("card", CASE, "first", EMPTY) + "\n" + markers.write("say", CASE, "second", EMPTY)
    read = markers.read(both, CASE)
    assert read is not None
    assert (read.kind, read.digest) == ("say", "second")


@pytest.mark.parametrize(
    "written, read",
    [(None, KEY), (b"another key", KEY), (b"", KEY)],
)
def test_a_desk_with_a_key_reads_only_what_it_has_signed(written: bytes | None, read: bytes) -> None:
    assert markers.read(markers.write("card", CASE, "", EMPTY, secret=written), CASE, secret=read) is None


@pytest.mark.parametrize(
    "written, signed", [(KEY, True), (b"a key of before", False), (b"another key of before", False)]
)
def test_what_a_key_of_before_has_signed_counts_and_is_not_signed_by_the_one_in_use(
    written: bytes, signed: bool
) -> None:
    keys = Keys(KEY, (b"a key of before", b"another key of before"), use=Use(9, 9))
    found = markers.read(markers.write("card", CASE, "", EMPTY, secret=written), CASE, secret=keys, at=8)
    assert found is not None
    assert found.signed is signed


def test_a_signature_covers_the_whole_record() -> None:
    signed = markers.write("card", CASE, "digest", EMPTY, secret=KEY)
    assert markers.read(signed, CASE, secret=KEY) is not None
    assert markers.read(signed.replace('digest"', 'digesu"'), CASE, secret=KEY) is None


def test_a_long_record_is_compressed_and_fits_a_comment() -> None:
    ledger = long_ledger()
    text = markers.write("card", CASE, "", ledger, secret=KEY)
    assert '"z":' in text
    assert len(text) < LONG < len(json.dumps(ledger.to_json()))
    read = markers.read(text, CASE, secret=KEY)
    assert read is not None
    assert read.ledger == ledger


def test_a_record_that_could_not_be_read_again_is_not_written() -> None:
    with pytest.raises(LedgerError, match="more than 4194304"):
        markers.write("card", CASE, "", long_ledger(70_000))


def test_a_short_record_can_be_read_by_people() -> None:
    text = markers.write("card", CASE, "", long_ledger(3))
    assert "answer/I_1/75%/2" in text
    assert '"z":' not in text


def _packed(text: bytes) -> str:
    return base64.b64encode(zlib.compress(text, 9)).decode()


@pytest.mark.parametrize(
    "z, problem",
    [
        (_packed(b" " * (MOST_BYTES + 1)), "more than 4194304 bytes"),
        (_packed(b'{"v":1}')[:-2], "cannot be read"),
        (base64.b64encode(zlib.compress(b'{"v":1}')[:-5]).decode(), "cut off"),
        (_packed(b"no JSON"), "cannot be read"),
        (_packed(b"[" * 100_000), "cannot be read"),
        (_packed(b'{"v":3}'), "reads versions 1 to 2: update respondby"),
        (base64.b64encode(b"no zlib").decode(), "cannot be read"),
        ("no base64!", "cannot be read"),
        ("ü", "cannot be read"),
        (7, "no text"),
    ],
)
def test_a_damaged_record_is_an_error_and_never_an_empty_one(z: object, problem: str) -> None:
    payload = {"kind": "card", "case": CASE, "digest": "", "z": z}
    with pytest.raises(LedgerError, match=problem):
        markers.read(f"<!-- respondby:- {json.dumps(payload)} -->", CASE)


@pytest.mark.parametrize(
    "payload, problem",
    [
        ({"kind": "card", "case": CASE, "ledger": {"v": 99}}, "version 99"),
        ({"kind": "card", "case": CASE}, "not an object"),
        ({"kind": "diary", "case": CASE, "ledger": {"v": 1}}, "unknown kind 'diary'"),
        ({"kind": ["card"], "case": CASE, "ledger": {"v": 1}}, "unknown kind"),
    ],
)
def test_a_record_of_a_later_version_is_an_error(payload: object, problem: str) -> None:
    with pytest.raises(LedgerError, match=problem):
        markers.read(f"<!-- respondby:- {json.dumps(payload)} -->", CASE)


@pytest.mark.parametrize("text", ["[]", "{}", '{"case": 7}'])
def test_what_only_looks_like_a_marker_is_none(text: str) -> None:
    assert markers.read(f"<!-- respondby:- {text} -->", CASE) is None


@pytest.mark.parametrize("text", ["{not json}", '{"case":"acme/support#7}', "{" + '"a":{' * 20_000 + "}" * 20_001])
def test_a_genuine_marker_that_is_no_json_is_an_error_and_never_no_record(text: str) -> None:
    with pytest.raises(LedgerError, match="nothing is written over it"):
        markers.read(f"<!-- respondby:- {text} -->", CASE)
    assert markers.read(f"<!-- respondby:- {text} -->", CASE, secret=KEY) is None  # not signed, so not genuine


def test_an_instant_before_1970_is_read_again_and_so_is_what_the_last_version_made_of_it() -> None:
    """A dispatch with Go's zero time was written as `\\u002d62135596800`, which is not JSON: the log was lost."""
    ledger = EMPTY.with_records(Record("answer/I_1/due-1h/0", -62_135_596_800, -1))
    text = markers.write("log", CASE, "", ledger)
    assert ":-62135596800," in text
    before = text.replace("-62135596800", "\\u002d62135596800").replace(":-1,", ":\\u002d1,")
    assert before != text
    for one in (text, before):
        read = markers.read(one, CASE)
        assert read is not None
        assert read.ledger == ledger


#: What a marker at the end of a text is, in one expression; it looks at each character of a long text several times.
AT_END = re.compile(r"<!-- respondby:([0-9a-f]{32}|-) (\{[^<>]*\}) -->\s*\Z")
pieces = st.sampled_from(
    [
        "<!-- respondby:",
        "-",
        "0" * 32,
        "f" * 31,
        " ",
        "{",
        "}",
        '{"a":1}',
        " -->",
        "-->",
        "\n",
        "\x1f",
        "\u2003",
        "<",
        "x",
    ]
)


@given(st.lists(pieces, max_size=9).map("".join), st.booleans())
def test_the_marker_at_the_end_is_found_where_one_stands_and_nowhere_else(text: str, whole: bool) -> None:
    body = f'{text}<!-- respondby:- {{"a":1}} -->{text}' if whole else text
    found = AT_END.search(body)
    assert markers.at_end(body) == (found.groups() if found is not None else None)
    assert markers.without_marker(body) == AT_END.sub("", body).rstrip()
