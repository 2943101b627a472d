"""Texts that are no policy, as YAML already: what is said about each, word by word."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.policies import Row, rows_of

from respondby.policy.loading.loader import examine
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import read

BOMB = "version: 1\na: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n" for before, name in pairwise("abcdefghij")
)

#: Name, text, and of each problem its place and rule, what is said, and what to write instead.
BROKEN: list[tuple[str, str, list[Row]]] = [
    ("an empty file", "", [("1:1 yaml", "This file is empty.", "A policy begins with `version: 1` and `desk: NAME`.")]),
    (
        "only comments",
        "# nothing yet\n",
        [("1:1 yaml", "This file is empty.", "A policy begins with `version: 1` and `desk: NAME`.")],
    ),
    ("a list", "- version: 1\n", [("1:1 shape", "A policy is a mapping of keys to values.", "")]),
    ("a sentence", "Answer within four hours.\n", [("1:1 yaml", "A mapping of keys to values is expected.", "")]),
    (
        "a control character",
        'version: 1\ndesk: "bell \x07"\n',
        [("2:13 yaml", "This is not text: a control character stands here.", "Save the file as UTF-8 text.")],
    ),
    (
        "a tab",
        "version: 1\npeople:\n\tann: {}\n",
        [("3:1 yaml", "A tab stands where spaces indent.", "Indent by spaces.")],
    ),
    (
        "a key written twice",
        "version: 1\ndesk: A\nversion: 1\n",
        [("3:1 yaml", "`version` is written twice; the first time in line 1.", "Keep one of them.")],
    ),
    (
        "two documents",
        "version: 1\n---\ndesk: A\n",
        [("2:1 yaml", "A second document starts here.", "Remove the line `---`.")],
    ),
    ("an alias of nothing", "version: 1\ndesk: *name\n", [("2:7 yaml", "There is no anchor `&name` before this.", "")]),
    (
        "an alias in itself",
        "version: 1\nrules: &all [*all]\n",
        [("2:14 yaml", "This alias stands inside its own anchor.", "")],
    ),
    ("a tag", "version: !!int 1\n", [("1:10 yaml", "A policy cannot have YAML's tags.", "Remove `!!int`.")]),
    (
        "a merge key",
        "version: 1\npeople: { ann: &a {}, bob: { <<: *a } }\n",
        [
            (
                "2:30 yaml",
                "A policy cannot have YAML's merge keys (`<<`).",
                "Anchor the whole value, or write the keys out.",
            )
        ],
    ),
    ("a list as a key", "? [version]\n: 1\n", [("1:3 yaml", "A key has to be a text.", "Did you mean a list: `[…]`?")]),
    ("an open quote", 'version: 1\ndesk: "A\n', [("3:1 yaml", "A quote is not closed.", "Close the quote.")]),
    (
        "an open bracket",
        "version: 1\nroles: { lead: ann\n",
        [("3:1 yaml", "A `,` or a closing bracket is missing.", "Close what the line opens.")],
    ),
    (
        "two colons",
        "version: 1\ndesk: Support: the desk\n",
        [("2:14 yaml", "A second `: ` in one line.", "Quote the text that holds a colon.")],
    ),
    (
        "an at sign",
        "version: 1\ncommands: { @help: {} }\n",
        [("2:13 yaml", "A text cannot start with @ unless it is quoted.", 'Write it as "@…".')],
    ),
    (
        "a wrong indent",
        "version: 1\nroles:\n  staff: ann\n lead: bob\n",
        [("4:2 yaml", "This line is indented unlike those beside it.", "Keys of a mapping share a column.")],
    ),
    ("an alias bomb", BOMB, [("7:4 yaml", "This file, with its aliases written out, has more than 50000 values.", "")]),
    (
        "a policy of 5 MB",
        "version: 1\ndesk: " + "x" * 5_000_000,
        [
            (
                "1:1 yaml",
                "This file is larger than 512 kB.",
                "A policy is a short file: take out what does not belong into it.",
            )
        ],
    ),
    (
        "values too deep",
        "version: 1\nrules: " + "[" * 100_000,
        [("2:47 yaml", "Values are nested deeper than 40 levels.", "")],
    ),
]


@pytest.mark.parametrize("text, said", [pytest.param(text, said, id=name) for name, text, said in BROKEN])
def test_what_is_said_about_a_text_that_is_no_policy(text: str, said: list[Row]) -> None:
    assert rows_of(examine(text).problems) == said


@pytest.mark.parametrize(
    "text, value",
    [
        ("a: 10:30", "10:30"),
        ("a: no", "no"),
        ("a: on", "on"),
        ("a: 2026-02-30", "2026-02-30"),
        ("a: 0x1F", "0x1F"),
        ("a: 1_000", "1_000"),
        ("a: 012", "012"),
        ("a: true", "true"),
        ("a: .5", ".5"),
        ('a: "~"', "~"),
        ("a: ~", None),
        ("a: null", None),
        ("a:", None),
        ("a: Who is it?", "Who is it?"),
        ("{ a: Who is it? }", "Who is it?"),
        ("\ufeffa: first", "first"),
        ("a: |\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_a_scalar_stays_what_was_written(text: str, value: str | None) -> None:
    assert read(text, path="p").data() == {"a": value}


@pytest.mark.parametrize("key", ["on", "no", "true", "1", "null", "~", ""])
def test_a_key_stays_what_was_written(key: str) -> None:
    assert read(f'"{key}": x', path="p").data() == {key: "x"}


def test_places_are_those_of_the_text_for_keys_values_items_and_what_an_alias_means() -> None:
    root = read("a: &x\n  b: [c,\n    d]\ne: *x\n", path="p")
    held = root.value["a"].value["b"]
    assert root.value["a"].keys["b"] == (2, 3)
    assert [(node.line, node.column) for node in (held, *held.value)] == [(2, 6), (2, 7), (3, 5)]
    assert root.value["e"] is root.value["a"]


SCALARS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"]), max_size=8)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4))


@given(st.dictionaries(SCALARS, TREES, min_size=1, max_size=5))
def test_what_json_writes_is_read_back(tree: dict[str, object]) -> None:
    assert read(json.dumps(tree), path="p").data() == tree


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_at_a_place_inside_of_it(text: str) -> None:
    with suppress(PolicyError):
        read(text, path="p")
    for problem in examine(text).problems:
        assert 1 <= problem.line <= text.count("\n") + text.count("\r") + 2
        assert problem.column >= 1
        assert problem.message
