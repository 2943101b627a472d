"""The command `sync`: what it writes, what it only shows, and how it ends."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from respondby.cli import main as cli
from respondby.sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "docs" / "processes" / "priorities-and-help"
WORKFLOWS = ("triage.yml", "comment.yml", "enforce.yml", "receive.yml")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working copy with a policy and the workflows, in which the command is run."""
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    shutil.copytree(POLICY / "rota", tmp_path / "rota")
    shutil.copy(POLICY / "support.yml", tmp_path / ".github")
    for name in WORKFLOWS:
        shutil.copy(ROOT / ".github" / "workflows" / name, tmp_path / ".github" / "workflows")
        shutil.copytree(ROOT / "actions" / Path(name).stem, tmp_path / "actions" / Path(name).stem)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        running.repo("acme", "desk", files={})
        yield running


def sync(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli.main, ["sync", *arguments])


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    "arguments, says",
    [
        ((), "say what"),
        (("--forms", "--apply"), "--labels"),
        (("--forms", "--rename", "a=b"), "--labels"),
        (("--labels", "--apply", "--check"), "leave one of them out"),
        (("--labels", "--rename", "a"), "not OLD=NEW"),
        (("--labels", "--rename", "=b"), "not OLD=NEW"),
        (("--labels",), "GITHUB_REPOSITORY"),
    ],
)
def test_wrong_usage_is_code_2(
    copy: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], says: str
) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    result = sync(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_outside_of_a_repository_with_a_policy_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = sync("--forms")
    assert (result.exit_code, "`respondby init` writes one" in result.stderr) == (2, True)


def test_a_policy_that_does_not_load_is_code_2_with_its_places(copy: Path) -> None:
    (copy / ".github" / "support.yml").write_text("version: 1\ndesk: [", encoding="utf-8")
    result = sync("--forms")
    assert result.exit_code == 2
    assert ".github/support.yml:" in result.stderr


def test_check_shows_a_diff_and_writes_nothing(copy: Path) -> None:
    before = files(copy)
    result = sync("--forms", "--workflows", "--check")
    assert result.exit_code == 1
    assert "--- /dev/null\n+++ b/.github/ISSUE_TEMPLATE/config.yml\n@@ -0,0 +1," in result.stdout
    assert "+          CHAT_URL: ${{ secrets.CHAT_URL }}" not in result.stdout
    assert files(copy) == before


def test_files_are_written_once_and_are_in_step_then(copy: Path) -> None:
    assert sync("--forms", "--workflows").exit_code == 0
    before = files(copy)
    assert ".github/ISSUE_TEMPLATE/config.yml" in before
    result = sync("--forms", "--workflows", "--check")
    assert (result.exit_code, result.stdout) == (
        0,
        "The forms are in step with the policy.\nThe workflows are in step with the policy.\n",
    )
    assert sync("--forms", "--workflows").exit_code == 0
    assert files(copy) == before


def test_the_committed_forms_and_workflows_are_in_step_with_the_committed_policy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    result = sync("--forms", "--workflows", "--check")
    assert result.exit_code == 0, result.stdout


def test_a_file_of_others_in_the_way_is_left_and_ends_it_with_1(copy: Path) -> None:
    (copy / ".github" / "ISSUE_TEMPLATE").mkdir()
    mine = copy / ".github" / "ISSUE_TEMPLATE" / "config.yml"
    mine.write_text("blank_issues_enabled: true\n", encoding="utf-8")
    (mine.parent / "bug.md").write_text("Mine\n", encoding="utf-8")
    result = sync("--forms")
    assert result.exit_code == 1
    assert result.stderr.startswith(".github/ISSUE_TEMPLATE/config.yml:1:1: error: ")
    assert "not ours     .github/ISSUE_TEMPLATE/bug.md\n" in result.stdout
    assert mine.read_text(encoding="utf-8") == "blank_issues_enabled: true\n"


def test_in_a_runner_what_is_in_the_way_is_an_annotation(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (copy / ".github" / "ISSUE_TEMPLATE").mkdir()
    (copy / ".github" / "ISSUE_TEMPLATE" / "config.yml").write_bytes(b"\xff")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setattr("respondby.runner.log.guard_standard_streams", lambda: None)
    result = sync("--forms")
    assert result.exit_code == 1
    assert result.stderr.startswith("::error file=.github/ISSUE_TEMPLATE/config.yml,line=1::")


def test_nothing_is_written_through_a_link(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (copy / ".github" / "ISSUE_TEMPLATE").symlink_to(outside)
    result = sync("--forms")
    assert (result.exit_code, "leads elsewhere" in result.stderr) == (2, True)
    (copy / ".github" / "ISSUE_TEMPLATE").unlink()
    (copy / ".github" / "ISSUE_TEMPLATE").mkdir()
    (copy / ".github" / "ISSUE_TEMPLATE" / "config.yml").symlink_to(outside / "config.yml")
    assert sync("--forms").exit_code == 1
    assert files(outside) == {}


def test_a_diff_carries_no_control_characters(copy: Path) -> None:
    sync("--forms")
    form = next((copy / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
    form.write_text(form.read_text(encoding="utf-8") + "# \x1b]0;pwned\x07\n", encoding="utf-8")
    result = sync("--forms", "--check")
    assert "pwned" in result.stdout
    assert not any(letter in result.stdout for letter in "\x1b\x07")


@pytest.mark.parametrize("arguments", [("--check",), ()])
def test_json_is_all_that_is_printed(copy: Path, arguments: tuple[str, ...]) -> None:
    told = json.loads(sync("--forms", "--workflows", "--json", *arguments).stdout)
    assert {change["change"] for change in told["forms"]["changes"]} == {"create"}
    assert told["forms"]["changes"][0]["diff"].startswith("--- /dev/null\n")
    assert told["workflows"]["changes"] == []


def desk(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a job with the permissions of ours."""
    token = sandbox.workflow_token("acme/desk", {"issues": "write", "contents": "read"})
    given = {"GITHUB_API_URL": sandbox.url, "GITHUB_REPOSITORY": "acme/desk", "GITHUB_TOKEN": token}
    for name, value in {**given, "RESPONDBY_PACE": "off"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GITHUB_GRAPHQL_URL", raising=False)


def test_labels_are_written_only_with_apply(copy: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    desk(sandbox, monkeypatch)
    before = sandbox.requests()[-1]["id"] if sandbox.requests() else 0
    for arguments, code in (((), 0), (("--check",), 1)):
        result = sync("--labels", *arguments)
        assert result.exit_code == code
        assert "to create" in result.stdout
        assert "Nothing was written" in result.stdout
        assert max(map(len, result.stdout.splitlines())) <= 80
    assert {request["path"] for request in sandbox.requests(before)} == {"/graphql"}
    assert "created;" in sync("--labels", "--apply").stdout
    result = sync("--labels", "--check")
    assert (result.exit_code, "Nothing to do" in result.stdout) == (0, True)
    told = json.loads(sync("--labels", "--rename", "old=sla/breached", "--json").stdout)
    assert told["labels"]["remarks"] == ["There is no label `old`: `sla/breached` is there."]


def test_a_plan_tells_each_change_in_80_columns(copy: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    desk(sandbox, monkeypatch)
    sandbox.repo("acme", "old", files={})
    sandbox.member("acme/old", "ann", "MEMBER")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/old")
    monkeypatch.setenv("GITHUB_TOKEN", sandbox.token("ann"))
    for name, description in (("priority/hot", "\u202eHot"), ("Priority/Normal", ""), ("sla/breached", "x" * 100)):
        body = {"name": name, "color": "ededed", "description": description}
        assert sandbox.call("POST", "/repos/acme/old/labels", sandbox.token("ann"), body)[0] == 201
    lines = sync("--labels").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "  no value priority/hot" in lines
    assert "           if it has a new name: --rename priority/hot=NEW" in lines
    assert "  update   Priority/Normal → priority/normal" in lines
    lines = sync("--labels", "--rename", "priority/hot=priority/urgent").stdout.splitlines()
    at = lines.index("  rename   priority/hot → priority/urgent")
    assert lines[at + 1].startswith("           ededed → ")
    assert lines[at + 2].startswith("           “\ufffdHot” → “")
    assert lines[-2].endswith("1 to rename; 0 are as the policy says.")


def test_what_fails_is_told_and_ends_it_with_1(copy: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    desk(sandbox, monkeypatch)
    sandbox.repo("acme", "new", files={})
    token = sandbox.workflow_token("acme/new", {"issues": "write", "contents": "read"})
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/new")
    monkeypatch.setenv("GITHUB_TOKEN", token)
    sandbox.faults([{"match": {"method": "POST", "path": ".*/labels", "nth": 1}, "do": {"status": 500}}])
    result = sync("--labels", "--apply")
    sandbox.clear_faults()
    assert result.exit_code == 1
    assert sum(line.startswith("  failed   ") for line in result.stdout.splitlines()) == 1
    assert result.stderr.startswith("error: creating the label ")


def test_a_rename_that_makes_no_sense_is_wrong_usage(
    copy: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk(sandbox, monkeypatch)
    result = sync("--labels", "--rename", "old=sla/breach")
    assert result.exit_code == 2
    assert "did you mean `sla/breached`" in " ".join(result.stderr.split())


def test_it_works_from_a_folder_below(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = Path("a/b")
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert sync("--forms").exit_code == 0
    assert not (Path.cwd() / ".github").exists()
