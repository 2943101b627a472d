"""A dated entry put into a rota's file: one line more, whatever the file looks like, and nothing else is touched."""

from __future__ import annotations

import pytest

from respondby.policy.repository.entries import added, line_of
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import read

ENTRY = {"from": "2026-12-07T10:00", "until": "2026-12-14T10:00", "on": "dan"}
LINE = "{ from: 2026-12-07T10:00, until: 2026-12-14T10:00, on: dan }"
OLD = "{ from: 2026-11-07T10:00, until: 2026-11-14T10:00, on: bob }"


@pytest.mark.parametrize(
    "before, after",
    [
        pytest.param(f"# Swaps\n- {OLD}\n", f"# Swaps\n- {OLD}\n- {LINE}\n", id="a comment stays above"),
        pytest.param(
            f"- {OLD} # why\n# the end\n", f"- {OLD} # why\n# the end\n- {LINE}\n", id="a comment stays below"
        ),
        pytest.param(f"- {OLD}", f"- {OLD}\n- {LINE}\n", id="a last line without an end"),
        pytest.param(f"- {OLD}\r\n", f"- {OLD}\r\n- {LINE}\r\n", id="lines of Windows"),
        pytest.param(f"  - {OLD}\n", f"  - {OLD}\n  - {LINE}\n", id="an indented list"),
        pytest.param("-\n  from: 2026-11-07\n  until: 2026-11-14\n  on: bob\n", None, id="a dash on a line of its own"),
        pytest.param(
            "- from: 2026-11-07\n  until: 2026-11-14\n  on: [bob, ann]\n",
            f"- from: 2026-11-07\n  until: 2026-11-14\n  on: [bob, ann]\n- {LINE}\n",
            id="entries over several lines",
        ),
        pytest.param("[]\n", f"- {LINE}\n", id="an empty list"),
        pytest.param(
            "# none yet [ ]\n[ ] # so far\n", f"# none yet [ ]\n- {LINE} # so far\n", id="an empty, explained"
        ),
        pytest.param(f"[{OLD}]\n", f"[{OLD}, {LINE}]\n", id="a list in brackets"),
        pytest.param(f"[\n  {OLD},\n]\n", f"[\n  {OLD}, {LINE}\n]\n", id="a comma after the last entry"),
        pytest.param(f"[\n  {OLD} # [so]\n] # [end]\n", None, id="brackets in comments"),
        pytest.param(f"\ufeff- {OLD}\n", f"\ufeff- {OLD}\n- {LINE}\n", id="a byte order mark"),
    ],
)
def test_an_entry_is_the_last_one_and_the_rest_is_as_it_was(before: str, after: str | None) -> None:
    if after is None:
        with_it = added(before, ENTRY, path="o.yml")
        assert read(with_it, path="o.yml").data() == [*read(before, path="o.yml").data(), ENTRY]
        assert [line for line in before.splitlines() if line not in with_it] == []
    else:
        assert added(before, ENTRY, path="o.yml") == after


@pytest.mark.parametrize(
    "why, written",
    [
        ("A course", "A course"),
        ("Ann's day", "Ann's day"),
        ("off: ill", '"off: ill"'),
        ("null", '"null"'),
        ('# 3, {so} & "more"', '"# 3, {so} & \\"more\\""'),
        ("é日", '"é日"'),
        (" ", '" "'),
    ],
)
def test_a_reason_is_read_as_it_was_given(why: str, written: str) -> None:
    assert line_of({"why": why}) == f"{{ why: {written} }}"
    assert read(added("[]", {**ENTRY, "why": why}, path="o.yml"), path="o.yml").data() == [{**ENTRY, "why": why}]


@pytest.mark.parametrize("text", ["on: bob\n", f"- {OLD}\n...\n"])
def test_a_file_that_cannot_be_added_to_is_left_alone_with_a_word(text: str) -> None:
    with pytest.raises(PolicyError, match=r"list of entries|Write this entry by hand: - \{ from: 2026-12-07T10:00"):
        added(text, ENTRY, path="o.yml")
