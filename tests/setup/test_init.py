"""`respondby init`: a desk that passes its own check and plays its own story, written over nothing."""

from __future__ import annotations

import json
import re
import subprocess
import warnings
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.jobs.desk import Repository

from respondby.cli.main import main
from respondby.policy.repository.watch_workflows import watch_problems
from respondby.policy.repository.workflow_steps import desk_steps
from respondby.rehearsal.play import Played
from respondby.rehearsal.rehearse import open_house, rehearse
from respondby.rehearsal.running import in_process
from respondby.sandbox.server import Sandbox
from respondby.setup import choices
from respondby.setup.choices import Choices, Source, WrongChoice
from respondby.setup.costs import Scheduled, cost
from respondby.setup.starting import POLICY, processes, start_from_choices, start_from_process, workflow_text
from respondby.setup.sweep_hours import needs

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SOURCE = Source("acme", COMMIT, "1.2")
ACTIONS = ("--actions", f"acme/respondby@{COMMIT}")
SAID = ("--people", "ann,bob", "--lead", "tess", "--timezone", "Europe/Brussels", "--since", "2026-11-30")
USUAL = Choices(
    "Acme support", "Europe/Brussels", "mon-fri", ("09:00-17:00",), ("ann", "bob"), "tess", "chat", date(2026, 11, 30)
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, outside of any runner."""
    for name in ("GITHUB_ACTIONS", "GITHUB_REPOSITORY", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def respondby(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, list(arguments), input=answers)


def init(*arguments: str, answers: str = "") -> Result:
    return respondby("init", *ACTIONS, *arguments, answers=answers)


def played_in(folder: Path, stories: list[Path]) -> list[Played]:
    """The stories, played in this process: that comes to the same as in others, and sooner."""

    def run(arguments: list[str]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Apprise's
            main.main(arguments, prog_name="respondby")

    with open_house(folder / "runs", start=in_process(run)) as house:
        return list(rehearse(stories, house))


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


@pytest.mark.parametrize("kind", ["empty", "with files", "with git"])
def test_a_desk_passes_its_own_check_and_plays_its_own_story(kind: str, folder: Path) -> None:
    if kind == "with files":
        (folder / "README.md").write_text("Ours.\n")
    if kind == "with git":
        subprocess.run(["git", "init", "-q", str(folder)], check=True)
    done = init(*SAID)
    assert done.exit_code == 0, done.output
    checked = respondby("check")
    assert (checked.output, checked.exit_code) == ("Nothing wrong in 2 files.\n", 0)
    stories = sorted(Path(".github/scenarios").glob("*.yml"))
    assert [played.kept for played in played_in(folder, stories)] == [True]


@pytest.mark.parametrize(
    "changed",
    [
        {"people": ("ann",), "lead": "ann"},
        {"reach": "mention"},
        {"reach": "pagerduty", "timezone": "America/Sao_Paulo", "country": "BR"},
        {"days": "mon", "windows": ("09:00-12:00", "13:00-18:00")},
        {"days": "sat-sun", "windows": ("22:00-06:00",), "timezone": "Asia/Kathmandu", "country": "NP"},
        {"desk": '“Help!”: a "desk" \\ {x}', "people": ("carla", "chris"), "lead": "a-b"},
        {"timezone": "Europe/London", "country": "GB"},
        {"country": "XX"},
    ],
    ids=lambda changed: " ".join(changed),
)
def test_whatever_was_answered_the_story_comes_true(changed: Mapping[str, object], folder: Path) -> None:
    start = start_from_choices(replace(USUAL, **changed), SOURCE)  # type: ignore[arg-type]  # a row of the table
    for path, text in start.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    checked = respondby("check", "--at", "2026-11-30T12:00Z")
    assert "error" not in checked.output
    assert checked.exit_code == 0
    [played] = played_in(folder, [folder / ".github/scenarios/nobody-answers.yml"])
    assert played.kept, [one for one in played.checked if not one.kept]


@pytest.mark.parametrize("name", processes())
def test_each_process_is_a_desk_with_its_stories(name: str, folder: Path) -> None:
    assert init("--process", name).exit_code == 0
    checked = respondby("check")
    assert checked.exit_code == 0, checked.output
    assert len(list((folder / ".github/scenarios").glob("*.yml"))) >= 5


def test_a_desk_that_publishes_gets_the_workflow_that_deploys_its_page(folder: Path) -> None:
    assert init("--process", "msp-handoff").exit_code == 0
    text = (folder / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    assert re.search(r"uses: \w+/respondby/actions/publish@[0-9a-f]{40} # v", text)
    assert len(re.findall(r"uses: actions/[\w-]+@[0-9a-f]{40} # v\d", text)) == 3
    assert "SUITEDASH_URL: ${{ secrets.SUITEDASH_URL }}" in text
    assert "SIGNING" not in text
    other = dict(start_from_process("priorities-and-help", SOURCE, None, {}).files)
    assert ".github/workflows/publish.yml" not in other


def test_what_a_page_costs_is_counted() -> None:
    paged = dict(start_from_process("msp-handoff", SOURCE, None, {}).files)
    workflows = {path: text for path, text in paged.items() if path.startswith(".github/workflows/")}
    without = {path: text for path, text in workflows.items() if not path.endswith("publish.yml")}
    more, less = cost(workflows, 100), cost(without, 100)
    assert (more.answering - less.answering, more.sweeping - less.sweeping) == (500, 744)
    # of each request the form's label, three comments with a command, and the closing


def test_a_process_gets_other_people(folder: Path) -> None:
    assert init("--process", "priorities-and-help", "--rename", "ann=octocat", "--desk", "Our desk").exit_code == 0
    text = (folder / POLICY).read_text()
    assert "  octocat: { timezone" in text
    assert "\ndesk: Our desk\n" in text
    assert not [path for path in folder.rglob("*.yml") if " ann:" in path.read_text() or "[ann" in path.read_text()]
    assert respondby("check").exit_code == 0


def test_six_questions_are_asked_and_nonsense_is_asked_again(folder: Path) -> None:
    done = init(answers="Acme\nann, @bob\n\nMars/Phobos\nEurope/Brussels\nnever\nmon-sat 10:00-18:00\nchat\n")
    assert done.exit_code == 0, done.output
    assert done.stderr.count("> ") == 6 + 2
    assert "Mars/Phobos" in done.stderr
    text = (folder / POLICY).read_text()
    assert "desk: Acme\n" in text
    assert 'hours: { mon-sat: ["10:00-18:00"] }' in text
    assert "lead: bob" in text
    assert "holidays: { country: BE }" in text


def test_a_dry_run_shows_the_tree_and_writes_nothing(folder: Path) -> None:
    done = init(*SAID, "--dry-run")
    assert done.exit_code == 0
    assert files_below(folder) == set()
    assert "      nobody-answers.yml" in done.stdout
    assert max(map(len, done.stdout.splitlines()[1:])) <= 80  # the first line names the folder


def test_what_is_there_stays_as_it_is(folder: Path) -> None:
    ours = {
        ".github/workflows/check.yml": "name: ours\n",
        ".github/ISSUE_TEMPLATE/config.yml": "blank_issues_enabled: true\n",
        "CODEOWNERS": "* @boss\n",
        "docs/incidents/README.md": "# Ours\n",
    }
    for path, text in ours.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    done = init(*SAID, "--json")
    told = json.loads(done.stdout)
    assert {path: (folder / path).read_text() for path in ours} == ours
    assert told["left"] == [".github/ISSUE_TEMPLATE/config.yml", "CODEOWNERS", "docs/incidents/README.md"]
    assert ".github/workflows/respondby-check.yml" in told["files"]
    assert files_below(folder) == {*ours, *told["files"]}


def test_a_second_init_says_that_there_is_a_desk(folder: Path) -> None:
    assert init(*SAID).exit_code == 0
    before = {path: (folder / path).read_text() for path in files_below(folder)}
    again = init(*SAID)
    assert again.exit_code == 1
    assert again.stderr == (
        f"respondby: There is a desk here already: {folder / POLICY}. Nothing was written. Change that file and run"
        " `respondby check`; to begin anew, remove it first.\n"
    )
    assert {path: (folder / path).read_text() for path in files_below(folder)} == before


def test_in_a_folder_below_the_repository_is_meant(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / "some/where").mkdir(parents=True)
    monkeypatch.chdir(folder / "some/where")
    assert init(*SAID).exit_code == 0
    assert (folder / POLICY).is_file()
    assert files_below(folder / "some") == set()


@pytest.mark.parametrize(
    "arguments, said",
    [
        ((), "nobody answers here: say --people"),
        (("--people", "an n"), None),
        (("--people", "a_b_c"), "`a_b_c` is not a GitHub login"),
        (("--people", "ann", "--timezone", "Mars/Phobos"), "Mars/Phobos"),
        (("--people", "ann", "--timezone", "UTC", "--hours", "nine to five"), "`nine to five` are no hours"),
        (("--people", "ann", "--timezone", "UTC", "--reach", "pigeon"), "`pigeon` is none of mention, chat, pagerduty"),
        (("--people", "ann", "--since", "yesterday"), "--since: "),
        (("--process", "nothing"), "there is no process `nothing`; there are client-front-door, "),
        (("--process", "msp-handoff", "--people", "ann"), "leave --people out"),
        (("--process", "msp-handoff", "--rename", "zoe=ann"), "has nobody called zoe"),
        (("--rename", "ann=bob"), "say --process too"),
        (("--actions", "acme@main"), "`acme@main` is not a copy and commit"),
        (("--actions", "ac me"), "is not a copy and commit"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(arguments: tuple[str, ...], said: str | None, folder: Path) -> None:
    done = init(*arguments)
    if said is None:
        assert done.exit_code == 0
        return
    assert done.exit_code == 2
    assert said in done.stderr
    assert files_below(folder) == set()


def test_a_file_where_a_folder_has_to_be_is_named_and_nothing_is_written(folder: Path) -> None:
    (folder / "docs").write_text("")
    done = init(*SAID)
    assert done.exit_code == 1
    assert f"{folder / 'docs'} is not a folder" in done.stderr
    assert files_below(folder) == {"docs"}


@pytest.mark.parametrize("name", ["check", "comment", "enforce", "page", "postmortem", "receive", "triage"])
def test_a_workflow_is_pinned_and_passes_the_secrets(name: str) -> None:
    text = workflow_text(name, SOURCE, ["CHAT_URL"])
    assert f"uses: acme/respondby/actions/{name}@{COMMIT} # v1.2\n" in text
    assert "$/" not in text
    steps = desk_steps("a.yml", text)
    assert name == "check" or {"CHAT_URL", "RESPONDBY_KEY"} <= steps[0].given
    assert "PAGERDUTY_ROUTING_KEY" not in text


def test_a_desk_of_ones_own_stays_awake_for_what_is_urgent_in_place_of_a_sweep_each_five_minutes() -> None:
    start = start_from_choices(USUAL, SOURCE)
    workflows = {path: text for path, text in start.files.items() if path.startswith(".github/workflows/")}
    assert ".github/workflows/watch.yml" in workflows
    assert list(watch_problems(start.policy, workflows)) == []
    month = cost(workflows, 50, start.policy)
    (sweeps,) = [one.minutes for one in month.scheduled if one.name == "enforce.yml"]
    assert sweeps + month.watching <= 31 * 288 / 3
    assert month.watching == 10 * (30 + 60) // 2 // 4  # one in five, half an hour or one, a quarter of it
    assert cost(workflows, 100_000, start.policy).watching == 60 * 60  # never more than the policy allows
    awake_for = [need.why for need in needs(start.policy) if need.watched]
    assert awake_for == ["First answer: 30m", "First answer: 1 business hour"]
    without = dict(start_from_process("priorities-and-help", SOURCE, None, {}).files)
    assert "actions: write" not in without[".github/workflows/triage.yml"]


@pytest.mark.parametrize(
    "cron, minutes",
    [("7 * * * *", 744), ("7 9 1 * *", 1), ("7 9 * * MON", 4), ("7 9 1 JAN *", 0), ("7 9 1,15 * *", 2), ("7 9 * *", 0)],
)
def test_a_line_of_a_schedule_costs_what_it_comes_to_in_a_month(cron: str, minutes: int) -> None:
    text = f"on: {{ schedule: [{{ cron: '{cron}' }}] }}\njobs: {{ a: {{ steps: [{{ uses: $/actions/enforce }}] }} }}\n"
    assert cost({"enforce.yml": text}, 0).minutes == minutes


@pytest.mark.parametrize(
    "on, condition, runs",
    [
        ("issues", "", 3),
        ("[issues, issue_comment]", "", 7),
        ("{ issues: { types: [opened] }, issue_comment: { types: created } }", "", 5),
        ("{ issue_comment: { types: [created] } }", "contains(github.event.comment.body, '/')", 3),
        ("repository_dispatch", "", 0),
    ],
)
def test_a_request_costs_the_runs_that_the_workflows_ask_for(on: str, condition: str, runs: int) -> None:
    job = f'{{ if: "{condition}", steps: [{{ uses: $/actions/triage }}] }}'
    assert cost({"triage.yml": f"on: {on}\njobs: {{ a: {job} }}\n"}, 10).answering == 10 * runs


def test_where_the_desk_closes_a_request_nothing_hears_of_that() -> None:
    text = "on: issues\njobs: { a: { steps: [{ uses: $/actions/triage }] } }\n"
    policy = start_from_choices(USUAL, SOURCE).policy
    closing, other = cost({"triage.yml": text}, 10, policy), replace(policy, commands={})
    assert (closing.answering, cost({"triage.yml": text}, 10, other).answering) == (20, 30)


def test_a_month_s_minutes_are_counted_from_the_schedules() -> None:
    workflows = dict(start_from_process("priorities-and-help", SOURCE, None, {}).files)
    workflows = {path: text for path, text in workflows.items() if "/workflows/" in path}
    month = cost(workflows | {"other.yml": "on: { schedule: [{ cron: '* * * * *' }] }\njobs: {}\n"}, requests=10)
    assert month.scheduled == (Scheduled("enforce.yml", 1461 * 288), Scheduled("postmortem.yml", 1461 * 24))
    assert month.minutes == 31 * (288 + 24) + 80  # opened, labelled, four comments, closed; the closing is told twice
    assert month.dollars(included=month.minutes - 100) == pytest.approx(0.6)
    assert month.dollars(included=50_000) == 0


@pytest.mark.parametrize(
    "text, read",
    [
        ("09:00-17:00", ("mon-fri", ("09:00-17:00",))),
        ("mon-sat 09:00-12:00, 13:00-17:00", ("mon-sat", ("09:00-12:00", "13:00-17:00"))),
        ("Sun 22:00-06:00", ("sun", ("22:00-06:00",))),
    ],
)
def test_hours_are_read(text: str, read: tuple[str, tuple[str, ...]]) -> None:
    assert choices.read_hours(text) == read


@pytest.mark.parametrize(
    "text, commit, owner",
    [
        (f"acme/respondby@{COMMIT}", None, "acme"),
        (f"acme@{COMMIT}", "f" * 40, "acme"),
        ("acme", COMMIT, "acme"),
        ("acme/respondby", COMMIT, "acme"),
    ],
)
def test_a_copy_is_named_with_its_commit_or_has_this_one_s(text: str, commit: str | None, owner: str) -> None:
    assert choices.read_source(text, "1.2", commit) == Source(owner, COMMIT, "1.2")


def test_hours_of_no_day_are_refused() -> None:
    with pytest.raises(WrongChoice):
        choices.read_hours("fun 09:00-17:00")


class TestProposed:
    """`--pull-request`, against the sandbox."""

    @pytest.fixture
    def repository(self, sandbox: Sandbox) -> Repository:
        made = Repository.make(sandbox)
        sha = made.act("ann", "GET", "/contents/.github/support.yml")["sha"]
        made.act("ann", "DELETE", "/contents/.github/support.yml", {"message": "Begin anew", "sha": sha})
        return made

    def propose(
        self, repository: Repository, monkeypatch: pytest.MonkeyPatch, *more: str, token: str | None = None
    ) -> Result:
        monkeypatch.setenv("GITHUB_API_URL", repository.sandbox.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", repository.name)
        monkeypatch.setenv("GITHUB_TOKEN", token or repository.sandbox.token("ann"))
        monkeypatch.setenv("RESPONDBY_PACE", "off")
        return init(*SAID, "--pull-request", *more)

    def test_it_says_what_will_happen_and_changes_nothing_before_the_merge(
        self, repository: Repository, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done = self.propose(repository, monkeypatch)
        assert done.exit_code == 0, done.output
        assert files_below(folder) == set()
        [pull] = repository.act("ann", "GET", "/pulls")
        assert pull["html_url"] in done.stdout
        assert pull["head"]["ref"] == "respondby/init"
        assert "Nothing happens until it is merged." in pull["body"]
        assert "## When it is merged" in pull["body"]
        assert "Nothing: GitHub's usual runners are free for public repositories." in pull["body"]
        files = {
            file["filename"] for file in repository.act("ann", "GET", f"/pulls/{pull['number']}/files?per_page=99")
        }
        assert {POLICY, ".github/workflows/enforce.yml", ".github/CODEOWNERS"} <= files
        repository.act("ann", "GET", f"/contents/{POLICY}", status=404)

    def test_a_second_one_says_that_its_branch_is_there(
        self, repository: Repository, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.propose(repository, monkeypatch).exit_code == 0
        again = self.propose(repository, monkeypatch)
        assert again.exit_code == 1
        assert "has a branch respondby/init already" in again.stderr

    def test_a_dry_run_shows_the_text(
        self, repository: Repository, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done = self.propose(repository, monkeypatch, "--dry-run")
        assert "## Before you merge" in done.stdout
        assert repository.act("ann", "GET", "/pulls") == []

    def test_a_repository_with_a_desk_is_left_alone(
        self, sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done = self.propose(Repository.make(sandbox), monkeypatch)
        assert done.exit_code == 1
        assert "has a desk already" in done.stderr

    def test_without_a_token_it_says_which_variable_to_set(
        self, repository: Repository, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GITHUB_REPOSITORY", repository.name)
        done = init(*SAID, "--pull-request")
        assert done.exit_code == 2
        assert "GITHUB_TOKEN" in done.stderr

    def test_a_token_without_permission_says_which_is_needed(
        self, repository: Repository, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token = repository.sandbox.workflow_token(repository.name, {"contents": "read"})
        done = self.propose(repository, monkeypatch, token=token)
        assert done.exit_code == 1
        assert "contents: write" in done.stderr
        assert done.stderr.splitlines()[-1].startswith("respondby: ")
