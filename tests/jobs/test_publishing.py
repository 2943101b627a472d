"""`respondby publish` over HTTP: a page from the issues alone, in a folder that is nobody else's."""

from __future__ import annotations

import json
from pathlib import Path

import feedparser
import pytest
from click.testing import CliRunner, Result
from tests.jobs.desk import POLICY, Repository

from respondby.cli.main import main
from respondby.jobs.report_facts import report_input
from respondby.jobs.reporting import Asked, month_report
from respondby.sandbox.server import Sandbox

PUBLISH = """
publish:
  title: Status of help
  url: https://status.example/
  products: { shop: Web shop }
  show: [uptime, incidents, updates, attainment]
"""
DESK = POLICY.replace(
    "fields:\n",
    "products: { shop: { name: Web shop, uptime: 99.9%, timezone: Europe/Brussels } }\n"
    "customers: { acme-corp: { members: [carla] } }\n"
    "incidents: { when: { priority: high } }\nuptime: { by: product }\n"
    "fields:\n  product: { label: product/, set-by: staff }\n",
    1,
).replace("  /close: {", "  /update: { by: staff, takes: { text: text } }\n  /public-title: { by: staff }\n  /close: {")
TITLE = "Acme Corp <b>cannot</b> pay | secret"


@pytest.fixture
def desk(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository.make(sandbox, DESK + PUBLISH)
    made.at("2026-01-05T09:30:00Z")
    made.opens("carla", TITLE)
    made.triage()
    made.act("ann", "POST", "/issues/1/labels", {"labels": ["product/shop"]})
    made.says("ann", "/priority high")
    made.says("ann", "/public-title Payments <i>fail</i>")
    made.at("2026-01-05T09:40:00Z")
    made.says("ann", "/update We look for the cause.\nMore at ten.")
    made.says("ann", "/update Acme Corp is told.")
    for name, value in (("API_URL", sandbox.url), ("REPOSITORY", made.name), ("TOKEN", made.bot)):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    return made


def publish(*args: str) -> Result:
    return CliRunner().invoke(main, ["publish", *args])


def test_a_page_is_written_and_says_what_was_left_out(desk: Repository, tmp_path: Path) -> None:
    done = publish(str(tmp_path / "site"))
    assert done.exit_code == 0, done.output
    assert "major outage" in done.stdout
    assert f"{desk.name}#1: what was said for the public is left out, because it names the customer acme-corp" in (
        done.stderr
    )
    page = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert "Payments &lt;i&gt;fail&lt;/i&gt;" in page
    assert "<p>We look for the cause.<br>More at ten.</p>" in page
    for file in (tmp_path / "site").rglob("*.*"):
        text = file.read_text(encoding="utf-8").lower()
        assert not any(word in text for word in ("acme", "carla", "secret", desk.name)), file


def test_the_feed_is_one_that_feed_readers_read(desk: Repository, tmp_path: Path) -> None:
    desk.at("2026-01-05T10:00:00Z")
    desk.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    publish(str(tmp_path / "site"))
    found = feedparser.parse((tmp_path / "site/history.atom").read_bytes())
    assert not found.bozo
    assert (found.version, found.feed.title) == ("atom10", "Status of help")
    (entry,) = found.entries
    assert entry.title == "Payments <i>fail</i>"
    assert entry.link == entry.id.replace("#", "incidents/") + ".html"
    assert (tmp_path / "site" / entry.link.removeprefix("https://status.example/")).is_file()
    assert entry.updated == "2026-01-05T10:00:00Z"
    assert "We look for the cause." in entry.content[0].value
    assert "Resolved" in entry.content[0].value


def test_the_page_and_the_report_of_the_month_agree_to_the_second(desk: Repository, tmp_path: Path) -> None:
    desk.at("2026-01-05T10:13:07Z")
    desk.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    desk.at("2026-02-02T08:00:00Z")
    publish(str(tmp_path / "site"))
    (shop,) = json.loads(month_report(report_input(desk.desk()), Asked(), "2026-01").texts["json"])["uptime"]
    days = (tmp_path / "site/days-shop.html").read_text(encoding="utf-8")
    minutes, seconds = divmod(shop["down"], 60)
    assert f"{minutes} min {seconds} s" in days
    assert shop["share"][:5] + " %" in (tmp_path / "site/index.html").read_text(encoding="utf-8")


def test_what_was_taken_back_is_gone_with_the_next_run(desk: Repository, tmp_path: Path) -> None:
    publish(str(tmp_path))
    (old,) = (tmp_path / "incidents").iterdir()
    last = desk.act("ann", "GET", "/issues/1/comments?per_page=100")
    (update,) = [one for one in last if "look for the cause" in one["body"]]
    desk.act("ann", "PATCH", f"/issues/comments/{update['id']}", {"body": "Never mind"})
    publish(str(tmp_path))
    assert not any("look for" in file.read_text(encoding="utf-8") for file in tmp_path.rglob("*.*"))
    desk.says("ann", "/priority normal")  # it was no incident after all
    publish(str(tmp_path))
    assert not old.exists()


def test_a_folder_of_somebody_else_is_left_alone(desk: Repository, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    done = publish(str(tmp_path))
    assert done.exit_code == 2
    assert "holds other files" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["index.html"]


def test_a_program_is_told_in_json_and_a_job_in_its_outputs(
    desk: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    told = json.loads(publish(str(tmp_path / "site"), "--json").stdout)
    assert (told["state"], told["deploy"], told["missing"]) == ("major_outage", True, [])
    assert set(told["files"]) == {
        path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*") if path.is_file()
    }
    output = (tmp_path / "output").read_text(encoding="utf-8")
    assert "deploy<<" in output
    assert "\ntrue\n" in output


def test_what_cannot_be_read_is_counted_on_the_page_and_named_to_the_maintainers(
    desk: Repository, tmp_path: Path
) -> None:
    desk.triage()
    card = next(comment for comment in desk.case(1).cards)
    body = next(text for _, text in desk.comments(1) if "respondby:" in text)
    desk.sandbox.call(
        "PATCH", f"/repos/{desk.name}/issues/comments/{card.id}", desk.bot, {"body": body.replace('"kind"', '"kind')}
    )
    done = publish(str(tmp_path / "site"))
    assert done.exit_code == 1
    assert f"{desk.name}#1 could not be read, and is in no figure: " in done.stderr
    page = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert "<strong>1 case could not be read and is in no figure.</strong>" in page
    assert desk.name not in page


@pytest.mark.parametrize("mode", ["shadow", "off"])
def test_a_desk_that_is_not_live_deploys_nothing(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    made = Repository.make(sandbox, DESK.replace("version: 1", f"version: 1\nmode: {mode}") + PUBLISH)
    for name, value in (("API_URL", sandbox.url), ("REPOSITORY", made.name), ("TOKEN", made.bot)):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    told = json.loads(publish(str(tmp_path / "site"), "--json").stdout)
    assert told["deploy"] is False


def test_a_policy_that_publishes_nothing_says_what_to_write_and_a_job_of_it_ends_well(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Repository.make(sandbox, DESK)
    for name, value in (("API_URL", sandbox.url), ("REPOSITORY", made.name), ("TOKEN", made.bot)):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    done = publish(str(tmp_path / "site"))
    assert done.exit_code == 2
    assert "publish:\n  title: " in done.stderr
    monkeypatch.setenv("RESPONDBY_IF_PUBLISHED", "true")
    done = publish(str(tmp_path / "site"))
    assert done.exit_code == 0
    assert done.stderr == "The policy publishes nothing, so there is no status page.\n"
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    "old, new, says",
    [
        (
            "Status of help",
            "Help of Acme Corp",
            "`publish.title: Help of Acme Corp`, for it names the customer acme-corp",
        ),
        ("Web shop }", "Shop of Carla }", "`publish.products.shop: Shop of Carla`, for it names carla, who is of"),
        ("  show:", "  about: Ask @ann\n  show:", "`publish.about: Ask @ann`, for it mentions @ann"),
        ("shop: Web", "acmecorp: Web", "`publish.products: acmecorp`, for it names the customer acme-corp"),
    ],
)
def test_a_policy_that_nobody_has_checked_names_nobody_on_the_page(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, says: str
) -> None:
    assert old in PUBLISH
    policy = DESK.replace("products: { shop: {", "products: { acmecorp: {}, shop: {") + PUBLISH.replace(old, new)
    made = Repository.make(sandbox, policy)
    for name, value in (("API_URL", sandbox.url), ("REPOSITORY", made.name), ("TOKEN", made.bot)):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    for job in ("", "true"):
        monkeypatch.setenv("RESPONDBY_IF_PUBLISHED", job)
        done = publish(str(tmp_path / "site"))
        assert done.exit_code == 2
        assert says in done.stderr
        assert "No page is made" in done.stderr
        assert not (tmp_path / "site").exists()


def test_a_run_that_was_killed_between_two_files_leaves_a_folder_that_the_next_one_knows(
    desk: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, write = tmp_path / "site", Path.write_text
    left = 0

    def killed(path: Path, *args: str, **named: str) -> int:
        nonlocal left
        if folder in path.parents and left == 0:
            raise KeyboardInterrupt
        left -= folder in path.parents
        return write(path, *args, **named)

    for written in range(4):
        left = written
        monkeypatch.setattr(Path, "write_text", killed)
        assert publish(str(folder)).exit_code == 130
        monkeypatch.setattr(Path, "write_text", write)
    assert publish(str(folder)).exit_code == 0
    publish(str(tmp_path / "other"))
    assert {p.name: p.read_bytes() for p in folder.rglob("*.*")} == {
        p.name: p.read_bytes() for p in (tmp_path / "other").rglob("*.*")
    }


def test_a_page_without_an_earlier_one_may_lie_beside_what_a_killed_run_left_alone(
    desk: Repository, tmp_path: Path
) -> None:
    (tmp_path / "index.html.new").write_text("<!doc")
    assert publish(str(tmp_path)).exit_code == 0
    assert not (tmp_path / "index.html.new").exists()


@pytest.mark.parametrize(
    "said, shown",
    [
        ("/update We look <!-- for whom: joe --> for it.", "<p>We look for it.</p>"),
        ("/update We look\n<!-- for whom:\njoe -->\nfor it.", "<p>We look</p><p>for it.</p>"),
        ("/update We look <!-- for whom: joe", "<p>We look</p>"),
        ("/update We look for it.\n> My name is joe, and nothing works", "<p>We look for it.</p>"),
        ("/update 3 > 2", "<p>3 &gt; 2</p>"),
    ],
)
def test_what_the_issue_hides_or_quotes_is_not_said_for_everybody(
    desk: Repository, tmp_path: Path, said: str, shown: str
) -> None:
    desk.at("2026-01-05T09:50:00Z")
    desk.says("ann", said)
    desk.says("ann", "/public-title Payments <!-- joe -->")
    publish(str(tmp_path))
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert shown in text
    assert ">Payments</a>" in text
    assert not any("joe" in file.read_text(encoding="utf-8") for file in tmp_path.rglob("*.*"))
