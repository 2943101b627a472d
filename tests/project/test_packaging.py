"""The package's data is found wherever it runs from: the checkout, a wheel, a zip."""

import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from respondby import data

ROOT = Path(__file__).parents[2]
PROCESS = "docs/processes/priorities-and-help"
SCHEMA = "schemas/policy.schema.json"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    [built] = folder.glob("*.whl")
    return built


def python(where, program):
    """What the program prints with only that on its path, in a folder that has nothing to do with it."""
    env = {**os.environ, "PYTHONPATH": str(where), "PYTHONSAFEPATH": "1"}
    return subprocess.check_output([sys.executable, "-c", program], env=env, cwd="/", text=True, timeout=60)


READ = f"from respondby import data; print(data.__file__); print(data.text({SCHEMA!r}), end='')"
LIST = (
    f"from respondby import data; folder = data.folder({PROCESS!r})\n"
    "print(sorted(str(file.relative_to(folder)) for file in folder.rglob('*') if file.is_file()))"
)


def test_in_the_checkout_data_are_the_repository_s_own_files():
    assert data.text(SCHEMA) == (ROOT / SCHEMA).read_text(encoding="utf-8")
    assert data.folder(PROCESS) == ROOT / PROCESS


def test_an_unpacked_wheel_has_the_schemas_and_the_default_process(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    file, _, text = python(tmp_path, READ).partition("\n")
    assert file.startswith(str(tmp_path))
    assert text == (ROOT / SCHEMA).read_text(encoding="utf-8")
    files = (file for file in (ROOT / PROCESS).rglob("*") if file.is_file())
    assert python(tmp_path, LIST) == f"{sorted(str(file.relative_to(ROOT / PROCESS)) for file in files)}\n"


def test_an_unpacked_wheel_knows_which_runs_an_event_starts(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = (
        "from respondby import data; from respondby.rehearsal.workflows import read_workflows\n"
        "print([workflow.file for workflow in read_workflows(data.root())])"
    )
    files = [
        "check",
        "comment",
        "enforce",
        "fleet",
        "impact",
        "page",
        "postmortem",
        "publish",
        "receive",
        "report",
        "triage",
        "watch",
    ]
    assert python(tmp_path, program) == f"{[f'{name}.yml' for name in files]}\n"


def test_an_unpacked_wheel_has_the_desks_that_one_plays_and_the_pages_to_play_them(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = (
        "from respondby.playground.choices import choices; from respondby.playground.web.site import Site\n"
        "print([choice.id for choice in choices(None) if choice.policy], Site(None).static('play.js')[:20])"
    )
    ids = sorted(folder.name for folder in (ROOT / "docs/processes").iterdir() if folder.is_dir())
    assert python(tmp_path, program) == f"{ids} /play/static/play.js\n"


def test_a_zipped_wheel_reads_texts(wheel):
    file, _, text = python(wheel, READ).partition("\n")
    assert file.startswith(str(wheel))
    assert text == (ROOT / SCHEMA).read_text(encoding="utf-8")


def test_the_wheel_holds_the_package_its_data_and_the_licence_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"respondby"}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name or "tests/" in name or "/test_" in name]


@pytest.fixture(scope="module")
def papers():
    """The script that writes what accompanies a release."""
    spec = importlib.util.spec_from_file_location("release_papers", ROOT / ".ci" / "release_papers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_release_s_bill_of_materials_names_every_package_of_the_lock(papers):
    bill = papers.bill(ROOT, "f" * 40)
    locked = re.findall(r"(?m)^([a-z0-9._-]+)==", (ROOT / "locks/sandbox.txt").read_text())
    assert {one["name"] for one in bill["components"]} == set(locked) != set()
    assert {one["purl"] for one in bill["components"]} == set(bill["dependencies"][0]["dependsOn"])
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")


def test_a_release_s_notes_name_the_commit_and_what_is_new(papers):
    text = papers.notes(ROOT, "f" * 40)
    assert f"actions/triage@{'f' * 40} # v" in text
    assert "docs/upgrading.md" in text
    assert "respondby init" in text


def test_a_release_of_which_the_changelog_says_nothing_is_refused(papers, tmp_path):
    (tmp_path / "actions/respondby").mkdir(parents=True)
    (tmp_path / "actions/respondby/__init__.py").write_text('__version__ = "9.9.9"\n')
    (tmp_path / "CHANGELOG.md").write_text("## Unreleased\n")
    with pytest.raises(SystemExit, match=r"9\.9\.9"):
        papers.notes(tmp_path, "f" * 40)


@pytest.mark.parametrize(
    "read, name", [(data.text, "schemas/none.json"), (data.folder, "schemas/none"), (data.folder, SCHEMA)]
)
def test_what_is_not_there_is_named(read, name):
    with pytest.raises(FileNotFoundError, match=name):
        read(name)
