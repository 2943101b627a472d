"""`respondby queue` over HTTP: what stands at the forge, as text for narrow and wide terminals and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from tests.jobs.desk import POLICY, Repository

from respondby.cli.main import main
from respondby.sandbox.server import Sandbox

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/report.schema.json").read_text(encoding="utf-8"))
DESK = (
    POLICY.replace(
        "fields:\n",
        """products: { shop: { name: Web shop } }
customers: { acme: { members: [carla] } }
duties:
  review: { schedule: { every: 1 week, at: monday 09:35, from: 2026-01-05 }, owner: first, target: 1 day }
fields:
  product: { label: product/ }
""",
    )
    .replace(
        "  /close: {",
        "  /wait: { by: staff }\n  /close: {",
    )
    .replace("stop: comment by staff\n", "stop: [comment by staff, closed]\n    pause: waiting\n")
)
DESK = DESK.replace("roles: {", 'roles: { bots: { people: ["github-actions[bot]"] },')


@pytest.fixture
def desk(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository.make(sandbox, DESK)
    made.at("09:00")
    made.opens(
        "carla", "Nothing works, and \x1b[31mnobody\x1b[0m <b>answers</b> | =1+1 although the shop is down since noon"
    )
    made.at("09:30")
    made.opens("carla", "A question")
    made.sweep()
    made.act("ann", "POST", "/issues/2/assignees", {"assignees": ["ann"]})
    made.act("ann", "POST", "/issues/2/labels", {"labels": ["product/shop"]})
    made.at("09:40")
    made.opens("mallory", "Which version?")
    made.says("bob", "/wait", 4)
    made.sweep()
    made.at("10:05")
    monkeypatch.setenv("GITHUB_API_URL", sandbox.url)
    monkeypatch.setenv("GITHUB_REPOSITORY", made.name)
    monkeypatch.setenv("GITHUB_TOKEN", made.bot)
    monkeypatch.setenv("COLUMNS", "80")
    return made


def asked(*args: str) -> Result:
    return CliRunner().invoke(main, ["queue", *args])


def test_it_says_what_to_answer_next_with_due_owner_turn_and_pause(desk: Repository) -> None:
    told = asked()
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines() == [
        "Help desk, as of Mon 5 Jan 2026, 10:05 (UTC)",
        "",
        "To answer (3)",
        "      5 min late  #1 Nothing works, and [31mnobody[0m <b>answers</b> | =1+1",
        "                  although the shop is down since noon",
        "                  first-response due 10:00 · nobody’s · acme",
        "          25 min  #2 A question",
        "                  first-response due 10:30 · ann · shop · acme",
        "     23 h 30 min  #5 Review: Mon 5 Jan 2026",
        "                  review due Tue 6 Jan 2026, 09:35 · ann",
        "",
        "Waits for somebody else (1)",
        "      25 min ago  #4 Which version?",
        "                  first-response paused since 09:40 · waits for the customer ·",
        "                  nobody’s",
    ]


def test_a_narrow_terminal_gets_no_line_that_is_wider(desk: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = asked().stdout.splitlines()
    assert max(map(len, lines)) <= 40
    assert "  25 min  #2 A question" in lines


def test_json_is_as_its_schema_says_and_nothing_else_is_printed(desk: Repository) -> None:
    told = asked("--json")
    output = json.loads(told.stdout)
    Draft202012Validator(SCHEMA).validate(output)
    assert told.stderr == ""
    assert [(row["case"].rpartition("#")[2], row["part"], row["waits_for"]) for row in output["queue"]] == [
        ("1", "owed", "us"),
        ("2", "owed", "us"),
        ("5", "owed", "us"),
        ("4", "waiting", "customer"),
    ]
    assert [row["promise"]["left"] for row in output["queue"][:2]] == [-300, 1500]
    assert output["queue"][3]["paused"] == [{"clock": "first-response", "since": "2026-01-05T09:40:00Z"}]
    assert output["queue"][2]["duty"] == "review"


def test_a_person_with_a_token_of_their_own_sees_the_same(desk: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's own issues are known by the bot that the policy names."""
    ours = json.loads(asked("--json").stdout)
    monkeypatch.setenv("GITHUB_TOKEN", desk.sandbox.token("ann"))
    assert json.loads(asked("--json").stdout) == ours


@pytest.mark.parametrize(
    "args, numbers",
    [
        (["--person", "ANN"], ["2", "5"]),
        (["--unassigned"], ["1", "4"]),
        (["--product", "shop"], ["2"]),
        (["--customer", "acme"], ["1", "2"]),
        (["--customer", "acme", "--person", "ann"], ["2"]),
        (["--person", "zoe"], []),
    ],
)
def test_it_is_narrowed_by_person_product_and_customer(desk: Repository, args: list[str], numbers: list[str]) -> None:
    output = json.loads(asked("--json", *args).stdout)
    assert [row["case"].rpartition("#")[2] for row in output["queue"]] == numbers


@pytest.mark.parametrize(
    "args, said",
    [
        (["--product", "moon"], "the policy has no `moon`; it has shop"),
        (["--customer", "globex"], "the policy has no `globex`; it has acme"),
        (["--person", ""], "name a login, or ask for `--unassigned`"),
        (["--person", "ann", "--unassigned"], "do not go together"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(desk: Repository, args: list[str], said: str) -> None:
    told = asked(*args)
    assert (told.exit_code, told.stdout) == (2, "")
    assert said in told.stderr


def test_an_empty_desk_says_that_nothing_is_open(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", repository.sandbox.url)
    monkeypatch.setenv("GITHUB_REPOSITORY", repository.name)
    monkeypatch.setenv("GITHUB_TOKEN", repository.bot)
    assert asked().stdout.splitlines()[-1] == "Nothing is open."


def test_what_cannot_be_read_is_named_and_the_rest_is_told(desk: Repository) -> None:
    """A record of ours that is damaged: the case is in no queue, and nobody takes that for an empty one."""
    card = next(comment for comment in desk.case(2).cards)
    body = next(text for author, text in desk.comments(2) if "respondby:" in text)
    status, _ = desk.sandbox.call(
        "PATCH", f"/repos/{desk.name}/issues/comments/{card.id}", desk.bot, {"body": body.replace('"kind"', '"kind')}
    )
    assert status == 200
    told = asked()
    assert told.exit_code == 1
    assert "#2 A question" not in told.stdout
    assert f"{desk.name}#2 could not be read, and is not in the queue: " in told.stderr
