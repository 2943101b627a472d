"""Which scenarios are meant."""

from pathlib import Path

import pytest

from respondby.rehearsal.finding import SHOW_PIECE, NoScenarioError, scenario_files
from respondby.rehearsal.reading import read_scenario


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two processes with their policies, and a scenario that stands alone."""
    for name in ("one", "two"):
        (tmp_path / name / "scenarios").mkdir(parents=True)
        (tmp_path / name / "support.yml").write_text("version: 1\n")
        (tmp_path / name / "scenarios" / "b.yml").write_text("scenario: B\n")
        (tmp_path / name / "scenarios" / "a.yaml").write_text("[]\n")
    (tmp_path / "alone.yml").write_text("# first\nscenario: Alone\n")
    return tmp_path


def names(folder: Path, *paths: str) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in scenario_files([folder / path for path in paths])]


def test_a_folder_stands_for_all_of_its_scenarios_and_for_no_policy(folder: Path) -> None:
    expected = [
        "alone.yml",
        "one/scenarios/a.yaml",
        "one/scenarios/b.yml",
        "two/scenarios/a.yaml",
        "two/scenarios/b.yml",
    ]
    assert names(folder, ".") == expected


def test_a_file_is_itself_and_each_is_played_once(folder: Path) -> None:
    assert names(folder, "one/scenarios/b.yml", "one", "one/support.yml") == [
        "one/scenarios/b.yml",
        "one/scenarios/a.yaml",
        "one/support.yml",
    ]


@pytest.mark.parametrize("path", ["missing.yml", "empty"])
def test_a_path_without_a_scenario_says_so(folder: Path, path: str) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(NoScenarioError, match=path):
        scenario_files([folder / path])


def test_without_a_path_the_show_piece_is_meant() -> None:
    [file] = scenario_files([])
    assert file.as_posix().endswith(SHOW_PIECE)
    assert read_scenario(file).keeps
