"""What goes wrong in the first hour is said in a sentence: no token, one that may not, a policy full of mistakes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.jobs.desk import POLICY as DESK
from tests.jobs.desk import Repository

from respondby.cli.main import main
from respondby.sandbox.server import Sandbox
from respondby.setup.choices import Choices, Source
from respondby.setup.starting import POLICY, start_from_choices

CHOICES = Choices("Ours", "UTC", "mon-fri", ("09:00-17:00",), ("ann", "bob"), "ann", "mention", date(2026, 11, 30))
START = start_from_choices(CHOICES, Source("acme", "f" * 40, "1.0"))

#: Commands that ask the repository, and what they need there beyond reading, which anybody may in a public one.
ASKING = {
    "explain": (["explain", "1"], ""),
    "related": (["related", "1"], ""),
    "duty": (["duty"], ""),
    "enforce": (["enforce"], "issues: write"),
    "sync": (["sync", "--labels", "--apply"], "issues: write"),
    "page": (["page", "--test", "ann"], "issues: write"),
    "init": (["init", "--actions", f"acme@{'f' * 40}", "--people", "ann", "--pull-request"], "contents: write"),
}


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    with Sandbox() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GITHUB_ACTIONS", "GITHUB_REPOSITORY", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RESPONDBY_PACE", "off")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(arguments: list[str]) -> Result:
    return CliRunner().invoke(main, arguments, input="")


def write(folder: Path, policy: str) -> None:
    for path, text in {**START.files, POLICY: policy}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def last_line(result: Result) -> str:
    """What was said; questions that found nobody to answer them stand before it."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize(
    "given, missing", [({}, "GITHUB_REPOSITORY"), ({"GITHUB_REPOSITORY": "acme/desk"}, "GITHUB_TOKEN")]
)
def test_without_a_token_or_repository_the_variable_is_named(
    name: str, given: dict[str, str], missing: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "sync":
        write(folder, START.files[POLICY])
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    result = run(ASKING[name][0])
    assert result.exit_code == 2
    assert missing in last_line(result)


@pytest.mark.parametrize("name", [name for name, (_, needed) in ASKING.items() if needed])
def test_a_token_without_permission_is_told_which_it_lacks(
    name: str, sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, needed = ASKING[name]
    repository = Repository.make(sandbox)
    repository.opens()
    if name == "init":
        sha = repository.act("ann", "GET", f"/contents/{POLICY}")["sha"]
        repository.act("ann", "DELETE", f"/contents/{POLICY}", {"message": "Begin anew", "sha": sha})
    if name == "sync":
        write(folder, START.files[POLICY])
    monkeypatch.setenv("GITHUB_API_URL", sandbox.url)
    monkeypatch.setenv("GITHUB_REPOSITORY", repository.name)
    monkeypatch.setenv("GITHUB_TOKEN", sandbox.workflow_token(repository.name, {"contents": "read"}))
    result = run(arguments)
    assert result.exit_code == 1
    assert needed in result.output
    assert "Traceback" not in result.output


def test_an_unknown_token_is_said_to_be_one(sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", sandbox.url)
    monkeypatch.setenv("GITHUB_REPOSITORY", Repository.make(sandbox).name)
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_nobody_knows_this_one_at_all_0123456")
    result = run(["duty"])
    assert result.exit_code == 1
    assert "token" in last_line(result)


#: Mistakes that people make, one after the other, in every second line that they fit.
MISTAKES = (
    (re.compile(r"^( *)([a-z-]{4,}):"), r"\1\2x:"),  # a key that is misspelt
    (re.compile(r": (\d+)m\b"), r": \1 minutos"),
    (re.compile(r"\[(\w+), (\w+)"), r"[\1 \2"),
    (re.compile(r"staff"), "staf"),
)


def mistaken() -> tuple[str, int]:
    """The policy that `init` writes with a mistake in every second line, and how many there are."""
    lines, made = START.files[POLICY].splitlines(), 0
    for number in range(1, len(lines), 2):
        if lines[number].lstrip().startswith("#"):
            continue
        for turn in range(len(MISTAKES)):
            pattern, wrong = MISTAKES[(number // 2 + turn) % len(MISTAKES)]
            changed = pattern.sub(wrong, lines[number], count=1)
            if changed != lines[number]:
                lines[number], made = changed, made + 1
                break
    return "\n".join(lines) + "\n", made


def test_a_policy_with_a_mistake_in_every_second_line_is_told_of_them_in_sentences(folder: Path) -> None:
    text, made = mistaken()
    assert made > 40
    write(folder, text)
    result = run(["check"])
    assert result.exit_code == 1
    told = [line for line in result.output.splitlines() if line.startswith(POLICY)]
    assert len(told) >= 10
    for line in told:
        # path:line:column: error: a sentence. [rule]
        assert re.fullmatch(rf"{re.escape(POLICY)}:\d+:\d+: (error|warning): .+[.:] \[[\w-]+\]", line), line
    for line in result.output.splitlines():
        assert line.startswith((POLICY, "    ", "…", ".github/")) or re.match(r"\d+ errors?", line), line
    assert "Traceback" not in result.output
    wrong = {int(line.split(":")[1]) for line in told}
    right = {number + 1 for number in range(0, len(text.splitlines()), 2)}
    assert wrong - right, "what is named are the lines that are wrong"


@pytest.mark.parametrize("command", ["try", "oncall", "sync", "swap", "rehearse"])
def test_other_commands_say_the_same_of_such_a_policy(command: str, folder: Path) -> None:
    write(folder, mistaken()[0])
    more = {"sync": ["--forms"], "swap": ["ann", "bob"], "rehearse": [".github/scenarios"]}
    result = run([command, *more.get(command, [])])
    assert result.exit_code == 2
    assert POLICY in result.stderr
    assert "Traceback" not in result.output


PROCESS = str(Path(__file__).parents[2] / "docs/processes/priorities-and-help")


@pytest.mark.parametrize(
    "args",
    [
        ["report", "--month", "2026-01", "--into", "file/out"],
        ["publish", "file/out"],
        ["promises", PROCESS, "--write", "file/out"],
        ["postmortem", "index"],
        ["sync", "--forms"],
    ],
    ids=lambda args: args[0],
)
def test_a_place_that_cannot_be_written_is_named(
    args: list[str], sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = 'publish: { title: Status, url: "https://x.example/", products: { shop: Shop }, show: [uptime] }'
    policy = DESK.replace("fields:\n", "fields:\n  product: { label: product/ }\n")
    policy = f"{policy}products: {{ shop: {{}} }}\nuptime: {{ by: product }}\n{shown}\n"
    (folder / ".github").mkdir()
    (folder / POLICY).write_text(policy, encoding="utf-8")
    for name in ("file", "docs", ".github/ISSUE_TEMPLATE"):
        (folder / name).write_text("a file", encoding="utf-8")
    made = Repository.make(sandbox, policy)
    for name, value in (("API_URL", sandbox.url), ("REPOSITORY", made.name), ("TOKEN", made.bot)):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    result = run(args)
    assert result.exit_code == 2, result.output
    assert re.search(r"Error: \S+ cannot be written: (Not a directory|File exists)$", last_line(result)), result.output
