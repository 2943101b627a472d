"""`respondby postmortem`: files found and refused, every output, what is written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from respondby.cli.main import main
from respondby.postmortems.rule import SECTIONS

NAME = "docs/incidents/2026-11-30-41-orders-fail.md"
GOOD = (
    "---\nincident: https://github.com/acme/shop/issues/41\nproduct: shop\nseverity: P1\n"
    "started: 2026-11-30T09:50+01:00\ndetected: 2026-11-30T09:54+01:00\nresolved: 2026-11-30T11:20+01:00\n"
    "cause: configuration\nauthors: [ann]\nstatus: review\n---\n# Orders fail | all of them\n\n"
    + "".join(f"## {title}\n\nWords.\n\n" for title in SECTIONS if title != "Action items")
    + "## Action items\n\n| What | Owner | Due | Kind | State | Issue |\n| --- | --- | --- | --- | --- | --- |\n"
    "| Alert on the queue | @ann | 2026-12-15 | detect | agreed | |\n| Two pages | | | | proposed | |\n"
)


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one good post-mortem and its index."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs/incidents").mkdir(parents=True)
    (tmp_path / NAME).write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    run("index")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["postmortem", *arguments])


def problems(*arguments: str) -> list[tuple[str, int, str]]:
    ran = run("check", "--json", *arguments)
    return [(one["path"], one["line"], one["message"]) for one in json.loads(ran.stdout)["problems"]]


def test_a_good_one_is_fine_from_any_folder(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run("check")
    assert (ran.exit_code, ran.output) == (0, "Nothing wrong in 1 post-mortem.\n")
    monkeypatch.chdir(repository / "docs")
    assert run("check").output == "Nothing wrong in 1 post-mortem.\n"


def test_what_is_wrong_is_said_with_its_place_and_its_rule(repository: Path) -> None:
    (repository / NAME).write_text(GOOD.replace("@ann", ""))
    ran = run("check", NAME)
    assert ran.exit_code == 1
    assert ran.output == (
        f"{NAME}:42:3: error: The item “Alert on the queue” was agreed and has no owner. [incomplete-item]\n"
        "    Name one person: `@login`. What nobody takes on is `proposed`.\n"
        "1 error in 1 post-mortem.\n"
    )


def test_somebody_elses_document_has_warnings_and_no_error(repository: Path) -> None:
    (repository / "notes.md").write_text("# Down\n\n**Duration:** 21:45 to 23:28 UTC (13 minutes)\n")
    ran = run("check", "notes.md")
    assert ran.exit_code == 0
    assert (
        "notes.md:3:35: warning: “13 minutes” contradicts the times beside it: 21:45 to 23:28 UTC is 1 h 43 min."
        in ran.output
    )


def test_a_link_that_leaves_the_folder_is_not_read(repository: Path) -> None:
    secret = repository / "secret.txt"
    secret.write_text("the key")
    link = repository / "docs/incidents/2026-11-30-42-key.md"
    link.symlink_to(secret)
    assert problems() == [
        ("docs/incidents/2026-11-30-42-key.md", 1, "This is a link that leaves docs/incidents, and was not read.")
    ]
    assert "the key" not in run("check").output
    link.unlink()
    link.symlink_to(repository / "nowhere")
    assert [message for _, _, message in problems("docs/incidents/2026-11-30-42-key.md")] == [
        "This is a link that leaves docs/incidents, and was not read."
    ]


def test_a_link_to_itself_leads_to_no_file(repository: Path) -> None:
    link = repository / "circle.md"
    link.symlink_to(link)
    assert problems("circle.md") == [("circle.md", 1, "This link leads to no file.")]


def test_a_large_file_and_one_of_bytes_are_told_of_and_the_others_read(repository: Path) -> None:
    (repository / "docs/incidents/2026-11-30-42-log.md").write_text("x" * 2_000_000)
    (repository / "docs/incidents/2026-11-30-43-bytes.md").write_bytes(b"# a\n\xff\n")
    assert [(path.rpartition("/")[2], line) for path, line, _ in problems()] == [
        ("2026-11-30-42-log.md", 1),
        ("2026-11-30-43-bytes.md", 2),
    ]


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    ran = run("check", "nothing.md")
    assert ran.exit_code == 2
    assert "there is no file nothing.md" in ran.output


def test_fix_mends_what_needs_no_judgement_and_says_so(repository: Path) -> None:
    text = "\ufeff" + GOOD.replace("## Impact\n\nWords.\n\n", "")
    (repository / NAME).write_text(text)
    ran = run("check", "--fix", NAME)
    assert f"Mended {NAME}." in ran.output
    assert "## Impact\n\n_Say who was affected" in (repository / NAME).read_text()
    assert not (repository / NAME).read_text().startswith("\ufeff")
    assert [message for _, _, message in problems()] == [
        "A prompt of the template was left standing (that of docs/incidents/TEMPLATE.md)."
    ]


def test_sarif_is_sarif(repository: Path) -> None:
    (repository / NAME).write_text(GOOD.replace("@ann", ""))
    told = json.loads(run("check", "--sarif", NAME).stdout)
    [result] = told["runs"][0]["results"]
    assert result["ruleId"] == "incomplete-item"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": NAME, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 42, "startColumn": 3},
    }
    assert result["ruleId"] in {rule["id"] for rule in told["runs"][0]["tool"]["driver"]["rules"]}


def test_in_a_runner_problems_are_annotations_and_a_summary(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("respondby.runner.log.guard_standard_streams", lambda: None)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(repository / "summary.md"))
    (repository / NAME).write_text(GOOD.replace("@ann", ""))
    ran = run("check", NAME)
    assert f"::error file={NAME},line=42,col=3,title=incomplete-item::The item" in ran.output
    assert "**1 error in 1 post-mortem.**" in (repository / "summary.md").read_text()


def test_on_a_forks_pull_request_the_check_needs_no_token_and_says_each_thing_at_its_line(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("respondby.runner.log.guard_standard_streams", lambda: None)
    for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_API_URL"):
        monkeypatch.delenv(name, raising=False)
    event = {"pull_request": {"head": {"repo": {"fork": True}}}}
    (repository / "event.json").write_text(json.dumps(event))
    (repository / "docs/incidents/2026-11-30-42-more.md").symlink_to("/etc/hostname")
    (repository / NAME).write_text(GOOD.replace("@ann", "").replace("resolved: 2026", "resolved: 22026"))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(repository / "event.json"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(repository / "summary.md"))
    before = (repository / NAME).read_text()
    ran = CliRunner().invoke(main, ["postmortem", "check"])
    assert ran.exit_code == 1
    said = re.findall(r"^::error file=([^,]+),line=(\d+)(?:,col=\d+)?,title=([^:]+)::", ran.output, re.MULTILINE)
    assert {(path.rpartition("/")[2], int(line), rule) for path, line, rule in said} >= {
        (NAME.rpartition("/")[2], 7, "front-matter"),
        (NAME.rpartition("/")[2], 42, "incomplete-item"),
        ("2026-11-30-42-more.md", 1, "unreadable"),
    }
    summary = (repository / "summary.md").read_text()
    assert "in 1 post-mortem" in summary
    assert (repository / NAME).read_text() == before


def test_the_index_drifts_and_is_written_anew_around_what_people_wrote(repository: Path) -> None:
    index = repository / "docs/incidents/README.md"
    index.write_text(index.read_text().replace("# Post-mortems", "# Ours"))
    (repository / NAME).write_text(GOOD.replace("severity: P1", "severity: P0"))
    assert problems() == [("docs/incidents/README.md", 6, "The index does not list what the documents say.")]
    assert run("index").output == "Wrote docs/incidents/README.md: 1 post-mortems.\n"
    assert problems() == []
    assert index.read_text().startswith("# Ours")
    assert "| 2026-11-30 | [Orders fail \\| all of them](2026-11-30-41-orders-fail.md) | " in index.read_text()
    assert run("index").output == "docs/incidents/README.md is up to date.\n"


def test_a_folder_elsewhere_says_nothing_about_the_index(repository: Path) -> None:
    (repository / "notes").mkdir()
    (repository / "notes/one.md").write_text("# Down\n")
    assert problems("notes") == []
    (repository / "docs/incidents/README.md").unlink()
    assert problems("notes") == []
    assert problems("docs") == [("docs/incidents/README.md", 1, "There is no index of the post-mortems.")]


def test_a_missing_index_and_one_with_an_unfinished_merge_are_errors_until_it_is_written(repository: Path) -> None:
    index = repository / "docs/incidents/README.md"
    whole = index.read_text()
    index.unlink()
    assert problems() == [("docs/incidents/README.md", 1, "There is no index of the post-mortems.")]
    index.write_text(whole.replace("\n## By month", "\n<<<<<<< HEAD\n## By month\n=======\n## By moon\n>>>>>>> main"))
    [(path, _, message)] = problems()
    assert (path, message) == ("docs/incidents/README.md", "A merge was left unfinished in the index.")
    run("index")
    assert index.read_text() == whole


def test_follow_up_lists_what_is_open_by_age_owner_and_incident(repository: Path) -> None:
    text = GOOD.replace("issues/41", "issues/40").replace("2026-11-30", "2026-10-30")
    text = text.replace("@ann", "@bob").replace("2026-12-15", "2026-11-15")
    (repository / "docs/incidents/2026-10-30-40-mail.md").write_text(text)
    ran = run("follow-up", "--at", "2026-12-14")
    assert ran.output == (
        "2026-11-15  29 days late    bob                       45 days old\n"
        "  Alert on the queue (docs/incidents/2026-10-30-40-mail.md:42)\n"
        "2026-12-15  in 1 day        ann                       14 days old\n"
        f"  Alert on the queue ({NAME}:42)\n"
        "2 open action items, 1 past due.\n"
    )
    assert [
        item["age"] for item in json.loads(run("follow-up", "--json", "--by", "age", "--at", "2026-12-14").stdout)
    ] == [
        45,
        14,
    ]
    assert [item["owner"] for item in json.loads(run("follow-up", "--json", "--owner", "@Ann").stdout)] == ["ann"]
    assert [item["owner"] for item in json.loads(run("follow-up", "--json", "--incident", "40").stdout)] == ["bob"]
    assert [item["owner"] for item in json.loads(run("follow-up", "--json", "--by", "owner").stdout)] == ["ann", "bob"]


def test_rules_are_listed() -> None:
    assert "| [`no-zone`](#no-zone) | warning | warning |" in run("rules").output


def test_the_published_schema_is_one() -> None:
    schema = json.loads((Path(__file__).parents[2] / "schemas/post-mortem.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)


def test_check_of_the_repository_looks_at_its_post_mortems_too(repository: Path) -> None:
    (repository / ".github").mkdir()
    (repository / ".github/support.yml").write_text("version: 1\ndesk: Shop\n")
    (repository / NAME).write_text(GOOD.replace("@ann", ""))
    ran = CliRunner().invoke(main, ["check", "--json", "--at", "2026-11-30T12:00Z"])
    told = json.loads(ran.stdout)
    assert told["files"] == [".github/support.yml", NAME]
    assert (NAME, "incomplete-item") in {(one["path"], one["rule"]) for one in told["problems"]}


def test_the_policy_says_which_sections_there_are_and_who_the_people_are(repository: Path) -> None:
    (repository / ".github").mkdir()
    (repository / ".github/support.yml").write_text(
        "version: 1\ndesk: Shop\npeople: { ann: {} }\nfields: { type: { label: type/ } }\n"
        "forms: { problem: { name: Problem, about: It broke., ask: { what: What? } } }\n"
        "incidents: { when: { type: problem }, post-mortem: { sections: [Impact, Next time, Action items] } }\n"
    )
    assert [message for _, _, message in problems(NAME)] == ["The section “Next time” is missing."]
    (repository / NAME).write_text(GOOD.replace("@ann", "@anna"))
    assert "The item “Alert on the queue” belongs to `anna`, whom the policy does not know." in [
        message for _, _, message in problems(NAME)
    ]
