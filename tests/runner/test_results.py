"""Outputs and the step summary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondby.runner import results
from respondby.runner.results import SUMMARY_LIMIT, CannotHandOn, add_summary, set_output


def outputs_in(text):
    """A model of how the runner reads the file at GITHUB_OUTPUT: heredocs, and `name=value` lines."""
    found, lines = {}, iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, heredoc, fence = line.partition("<<")
        if not heredoc or "=" in name:
            name, _, value = line.partition("=")
            found[name] = value
            continue
        value = []
        for inner in lines:
            if inner == fence:
                break
            value.append(inner)
        found[name] = "\n".join(value)
    return found


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_an_output_is_read_back_as_it_was_and_sets_nothing_else(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("outputs") / "output"
    set_output(path, "first", value)
    set_output(path, "second", "2")
    assert outputs_in(path.read_bytes().decode()) == {"first": value, "second": "2"}


def test_a_value_that_holds_the_fence_gets_another_fence(tmp_path):
    tokens = iter(["guessed", "free"])
    set_output(tmp_path / "output", "a", "x\nrespondby_guessed\nb=c", token=lambda: next(tokens))
    assert outputs_in((tmp_path / "output").read_text()) == {"a": "x\nrespondby_guessed\nb=c"}


@pytest.mark.parametrize("name", ["", "a b", "a\nb", "1a", "a=b", "a<<b"])
def test_a_name_that_no_action_could_use_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="not a name for an output"):
        set_output(tmp_path / "output", name, "x")


def test_outside_a_runner_nothing_is_written(tmp_path):
    set_output(None, "a", "b")
    add_summary(None, "x")
    assert list(tmp_path.iterdir()) == []


def test_summaries_follow_each_other(tmp_path):
    add_summary(tmp_path / "summary", "# One")
    add_summary(tmp_path / "summary", "# Two \ud800\n")
    assert (tmp_path / "summary").read_text() == "# One\n# Two \\ud800\n"


def test_a_summary_that_github_would_refuse_is_cut_at_a_line_and_says_so(tmp_path):
    path = tmp_path / "summary"
    add_summary(path, "first\n")
    add_summary(path, "zeile ü\n" * 200_000)
    content = path.read_bytes()
    assert len(content) <= SUMMARY_LIMIT
    assert len(content) > SUMMARY_LIMIT - 200
    assert content.decode().endswith("zeile ü\n" + results.CUT)


def test_a_full_summary_stays_as_it_is(tmp_path):
    path = tmp_path / "summary"
    path.write_bytes(b"x" * SUMMARY_LIMIT)
    add_summary(path, "more")
    assert path.stat().st_size == SUMMARY_LIMIT


def test_a_file_that_cannot_be_written_is_named_with_its_reason(tmp_path):
    with pytest.raises(CannotHandOn, match=r"the step summary .* cannot be written: .*: No such file or directory"):
        add_summary(tmp_path / "nowhere" / "summary", "x")
    with pytest.raises(CannotHandOn, match=r"the output next .* cannot be written: .*: Is a directory"):
        set_output(tmp_path, "next", "x")
