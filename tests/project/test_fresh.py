"""Fresh examples: what they find is told with the command that finds it again."""

from pathlib import Path

import pytest
from tests import fresh

RARE = """
from hypothesis import given, strategies as st

@given(st.integers(0, 99))
def test_of_rare(n):
    assert n not in (17, 71)

def test_that_is_no_property():
    raise AssertionError("not run")
"""


def test_a_round_draws_by_its_seed_fails_and_says_how_to_draw_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "test_x.py").write_text(RARE)
    (tmp_path / "conftest.py").write_bytes((Path(__file__).parents[1] / "conftest.py").read_bytes())
    monkeypatch.chdir(tmp_path)
    code, output = fresh.play(5, ["-c", "/dev/null", "--rootdir=."])
    assert code == 1
    assert "no property" not in output
    [command] = fresh.again(5, output)
    assert command == "  sh tests/run -n 0 --fresh=5 'test_x.py::test_of_rare'"
    assert list(Path(".hypothesis/examples").iterdir()), "what failed is kept"
    assert [fresh.play(seed, ["-c", "/dev/null", "--rootdir=."])[0] for seed in (5, 6)] == [1, 1], "and comes first"


def test_a_round_that_does_not_get_as_far_as_a_test_is_told_whole() -> None:
    assert fresh.again(7, "INTERNALERROR") == ["  sh tests/run -n 0 --fresh=7 -m hypothesis"]
