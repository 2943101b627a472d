"""A policy that is inherited: key by key, and every value as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jobs.desk import POLICY

from respondby.fleet.document import Fleet, read_fleet
from respondby.fleet.inheriting import Changed, dumped, inherited
from respondby.policy.loading.loader import load
from respondby.policy.text.yaml_text import Node, read

COMMIT = "3f2c1a4b5d6e7f8091a2b3c4d5e6f708192a3b4c"


def fleet(overrides: str = "") -> Fleet:
    more = f"overrides:\n{overrides}\n" if overrides else ""
    return read_fleet(f"version: 1\nextends: acme/desk@{COMMIT}\nrepositories: [acme/api, acme/web]\n{more}")


def test_who_changes_nothing_has_the_inherited_text_below_one_line() -> None:
    found = inherited(fleet(), POLICY, "acme/api")
    head, _, rest = found.text.partition("\n")
    assert head == f"# Inherited from acme/desk/.github/support.yml@{COMMIT}: change it there, not here."
    assert (rest, found.changes) == (POLICY, ())


def test_a_mapping_is_merged_a_list_replaces_and_nothing_takes_away() -> None:
    own = """
  all: { timezone: Europe/Brussels }
  acme/web:
    people: { bob: ~, zoe: {} }
    roles: { staff: { people: [ann, zoe] } }
    clocks: { first-response: { target: 2h } }
"""
    found = inherited(fleet(own), POLICY, "acme/web")
    policy = load(found.text)
    assert (policy.timezone, list(policy.people)) == ("Europe/Brussels", ["ann", "zoe"])
    assert read(found.text, path="p").data()["clocks"]["first-response"] == {
        "start": "opened", "stop": "comment by staff", "target": "2h",
        "ladder": [{"at": "due", "label": "late", "notify": "first"}],
    }  # fmt: skip
    assert [(".".join(one.path), one.of, one.before, one.after) for one in found.changes] == [
        ("timezone", "all", "UTC", "Europe/Brussels"),
        ("people.bob", "acme/web", "{}", None),
        ("people.zoe", "acme/web", None, "{}"),
        ("roles.staff.people", "acme/web", "[ann, bob]", "[ann, zoe]"),
        ("clocks.first-response.target", "acme/web", "1h", "2h"),
    ]


def test_what_one_has_in_place_of_what_all_have_is_told_once_against_the_inherited_value() -> None:
    found = inherited(
        fleet("  all: { timezone: Europe/Brussels }\n  acme/web: { timezone: Asia/Tokyo }"), POLICY, "acme/web"
    )
    assert found.changes == (Changed(("timezone",), "acme/web", 6, "UTC", "Asia/Tokyo"),)
    same = inherited(fleet("  all: { timezone: Asia/Tokyo }\n  acme/web: { timezone: UTC }"), POLICY, "acme/web")
    assert same.changes == ()


TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n"), max_size=12)


@st.composite
def nodes(draw: st.DrawFn, depth: int = 3) -> Node:
    kind = draw(st.sampled_from(["text", "nothing", "list", "mapping"] if depth else ["text", "nothing"]))
    if kind == "nothing":
        return Node("nothing", None, 1, 1, plain=True)
    if kind == "list":
        return Node("list", draw(st.lists(nodes(depth - 1), max_size=3)), 1, 1)
    if kind == "mapping":
        return Node("mapping", draw(st.dictionaries(TEXTS.filter(_key), nodes(depth - 1), max_size=3)), 1, 1)
    plain = draw(st.sampled_from(["10:30", "no", "2026-12-24", "1", "true", "4h", "comment by staff", "0x1F"]))
    text = draw(st.one_of(TEXTS, st.just(plain)))
    return Node("text", text, 1, 1, plain=text == plain)


def _key(text: str) -> bool:
    return text != "<<" and "\n" not in text


@given(st.dictionaries(TEXTS.filter(_key), nodes(), min_size=1, max_size=4))
def test_what_is_written_is_read_as_it_was(values: dict[str, Node]) -> None:
    root = Node("mapping", values, 1, 1)
    text = dumped(root)
    assert read(text, path="p").data() == root.data(), text


@pytest.mark.parametrize("text", ["10:30", "no", "2026-12-24", "1", "true"])
def test_what_stood_without_quotes_is_written_without(text: str) -> None:
    written = f'a: {text}\nb: "{text}"\n'
    assert dumped(read(written, path="p")) == written
