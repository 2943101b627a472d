"""Fresh examples: what they find is told with the command that finds it again, and whether it is new."""

import subprocess
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


@pytest.mark.parametrize("before, code", [(50, 0), (None, 1)])
def test_what_failed_before_the_change_too_is_told_and_what_held_or_was_not_there_stops_it(
    before: int | None, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *who, *arguments], check=True, capture_output=True)

    def says(most: int) -> None:
        Path("test_x.py").write_text(RARE.replace("n not in (17, 71)", f"n < {most}"))

    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    Path("conftest.py").write_bytes((Path(__file__).parents[1] / "conftest.py").read_bytes())
    Path("pytest.ini").write_text("[pytest]\naddopts = --rootdir=.\n")
    if before is not None:
        says(before)
    git("add", "-A")
    git("commit", "-q", "-m", "before")
    says(50)
    failed, output = fresh.play(5, [])
    assert failed == 1
    assert int(fresh.held_before(5, output, "HEAD")) == code
    assert fresh.held_before(5, output, "0" * 40), "a commit that is not here tells nothing"


@pytest.mark.parametrize(
    "given, files",
    [
        ([], ["tests/room/test_x.py"]),
        (["-n", "auto"], ["tests/room/test_x.py"]),
        (["tests/other/test_y.py::test_z", "-x"], []),
    ],
)
def test_only_files_that_name_hypothesis_are_imported_unless_others_are_named(
    given: list[str], files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path, text in (("room/test_x.py", RARE), ("other/test_y.py", "def test_z(): pass"), ("conftest.py", RARE)):
        file = Path("tests", path)
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text)
    played = []
    monkeypatch.setattr(fresh, "play", lambda _, arguments: (played.append(arguments), (0, "1 passed"))[1])
    monkeypatch.setattr("sys.argv", ["fresh", "--minutes", "0", "--seed", "5", *given])
    assert fresh.main() == 0
    assert played == [[*given, *files]]


@pytest.mark.parametrize("takes, rounds", [(130, 1), (61, 2), (59, 2), (45, 3), (41, 3), (20, 6)])
def test_rounds_follow_each_other_as_long_as_most_of_one_fits_in(
    takes: float, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = []
    monkeypatch.setattr(fresh, "play", lambda seed, _: (played.append(seed), (0, "1 passed"))[1])
    monkeypatch.setattr(fresh.time, "perf_counter", lambda: takes * len(played))
    monkeypatch.setattr("sys.argv", ["fresh", "--seed", "5"])
    assert fresh.main() == 0
    assert played == list(range(5, 5 + rounds))


def test_a_property_in_a_file_that_does_not_import_hypothesis_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("conftest.py").write_bytes((Path(__file__).parents[1] / "conftest.py").read_bytes())
    Path("rare.py").write_text(RARE)
    Path("test_x.py").write_text("from rare import test_of_rare")
    code, output = fresh.play(5, ["-c", "/dev/null", "--rootdir=.", "-o", "pythonpath=."])
    assert code == int(pytest.ExitCode.USAGE_ERROR)
    assert "test_x.py has a property, and does not import hypothesis" in output
