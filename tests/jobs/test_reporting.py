"""Reports of a whole repository: over HTTP, beyond any page, from the issues alone."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from tests.jobs.desk import BODY, POLICY, Repository

from respondby.calendars.instants import UTC, parse_time
from respondby.jobs.report_facts import report_input
from respondby.jobs.reporting import Asked, meeting_report, month_report
from respondby.sandbox.server import Sandbox

UPTIME = POLICY.replace(
    "fields:\n",
    "products: { shop: { name: Web shop, uptime: 99.9%, timezone: Europe/Brussels } }\n"
    "incidents: { when: { priority: high } }\nuptime: { by: product }\n"
    "fields:\n  product: { label: product/ }\n",
    1,
)


@pytest.fixture
def repository(sandbox: Sandbox) -> Repository:
    made = Repository.make(sandbox, UPTIME)
    made.at("2026-01-05T09:00:00Z")
    made.act("carla", "POST", "/issues", {"title": '=HYPERLINK("x") | <b>one</b>', "body": BODY})
    made.at("2026-01-05T09:30:00Z")
    made.act("ann", "POST", "/issues/1/comments", {"body": "Hello"})
    made.act("ann", "POST", "/issues", {"title": "Down", "body": BODY})
    made.act("ann", "POST", "/issues/2/labels", {"labels": ["product/shop"]})
    made.act("ann", "POST", "/issues/2/comments", {"body": "/priority high"})
    made.at("2026-01-05T09:40:00Z")
    made.act("ann", "PATCH", "/issues/2", {"state": "closed"})
    made.at("2026-02-03T09:00:00Z")
    return made


def test_a_report_is_made_from_the_issues_alone(repository: Repository) -> None:
    given = report_input(repository.desk())
    told = json.loads(month_report(given, Asked(), "2026-01").texts["json"])
    (shop,) = told["uptime"]
    assert (shop["down"], shop["target"], shop["kept"]) == (600, "99.9%", True)
    assert shop["period"]["from"] == "2025-12-31T23:00:00Z"
    assert told["period"]["from"] == "2026-01-01T00:00:00Z"
    (first,) = [row for row in told["attainment"] if row["clock"] == "first-response"]
    assert first["counts"]["met"] == 1
    assert [row["case"] for row in told["incidents"]] == [f"{repository.name}#2"]


def test_a_month_that_is_over_gives_the_same_bytes_whenever_it_is_asked(repository: Repository) -> None:
    first = month_report(report_input(repository.desk()), Asked(), "2026-01")
    repository.at("2026-03-15T12:34:56Z")
    assert month_report(report_input(repository.desk()), Asked(), "2026-01").texts == first.texts


def test_every_form_shows_a_hostile_title_as_text(repository: Repository) -> None:
    texts = meeting_report(report_input(repository.desk()), Asked(), "2026-01-01").texts
    assert "&lt;b&gt;one&lt;/b&gt;" in texts["html"]
    assert "<b>one" not in texts["html"] + texts["md"]
    assert r"\| &lt;b&gt;one" in texts["md"]
    cells = [cell for row in csv.reader(io.StringIO(texts["csv"])) for cell in row]
    assert any("=HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_the_numbers_of_requests_grow_with_pages_alone(sandbox: Sandbox) -> None:
    made = Repository.make(sandbox, UPTIME)
    for number in range(230):
        made.act("carla", "POST", "/issues", {"title": f"Request {number}", "body": BODY})
    desk = made.desk()
    given = report_input(replace(desk))
    assert len(given.facts.cases) == 230
    assert desk.client.requests <= 3 + 5


def test_what_was_deleted_is_gone_and_the_report_says_that_such_issues_are(repository: Repository) -> None:
    repository.sandbox.member(repository.name, "olga", "OWNER", "admin")
    issue = repository.act("olga", "GET", "/issues/2")
    query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { clientMutationId } }"
    repository.sandbox.call(
        "POST", "/graphql", repository.sandbox.token("olga"), {"query": query, "variables": {"id": issue["node_id"]}}
    )
    written = month_report(report_input(repository.desk()), Asked(), "2026-01")
    assert json.loads(written.texts["json"])["incidents"] == []
    assert "deleted or moved to another repository" in written.texts["md"]


@pytest.mark.parametrize(
    "month, said",
    [("2025-11", "no data: nobody looked then"), ("2026-02", "told up to"), ("2026-03", "has not begun")],
    ids=["before the first issue", "not over", "still to come"],
)
def test_where_a_month_has_no_figures_it_says_why(repository: Repository, month: str, said: str) -> None:
    assert said in month_report(report_input(repository.desk()), Asked(), month).texts["md"]


def test_a_customer_that_spreadsheets_would_run_is_harmless(repository: Repository) -> None:
    texts = month_report(report_input(repository.desk()), replace(Asked(), kind="requests"), "2026-01").texts
    rows = list(csv.reader(io.StringIO(texts["csv"])))
    (title,) = [row[0] for row in rows if row and "HYPERLINK" in row[0]]
    assert title.startswith("#1 =HYPERLINK")  # what it begins with is ours


def renamed(repository: Repository, **product: str) -> dict[str, object]:
    """The report of January once the product has another name."""
    told = ", ".join(f"{key.replace('_', '-')}: {value}" for key, value in product.items())
    change = UPTIME.replace("{ shop: { name: Web shop,", f"{{ store: {{ {told},")
    repository.sandbox.files(repository.name, {".github/support.yml": change})
    return dict(json.loads(month_report(report_input(repository.desk()), Asked(), "2026-01").texts["json"]))


def test_a_product_that_was_renamed_keeps_what_weighed_on_it(repository: Repository) -> None:
    """The desk has read the case under the old name, and nobody has renamed the label."""
    repository.triage(2)
    told = renamed(repository, name="Store", was="shop")
    assert [(row["product"], row["down"]) for row in told["uptime"]] == [("store", 600)]  # type: ignore[attr-defined]
    assert told["unplaced"] == []
    assert [row["product"] for row in told["incidents"]] == ["store"]  # type: ignore[attr-defined]
    scoped = month_report(report_input(repository.desk()), Asked(product="store"), "2026-01").texts["json"]
    assert [row["case"] for row in json.loads(scoped)["incidents"]] == [f"{repository.name}#2"]


def test_a_product_that_has_another_name_and_does_not_say_which_it_had_is_named_with_its_time(
    repository: Repository,
) -> None:
    repository.triage(2)
    told = renamed(repository, name="Store")
    assert [(row["product"], row["down"]) for row in told["uptime"]] == [("store", 0)]  # type: ignore[attr-defined]
    assert [row["case"] for row in told["unplaced"]] == [f"{repository.name}#2"]  # type: ignore[attr-defined]


def test_an_issue_that_was_moved_away_is_gone_and_one_that_came_begins_when_it_came(repository: Repository) -> None:
    """Both within the month: what moved away is in no figure, what came counts from then on, and the report says so."""
    sandbox = repository.sandbox
    sandbox.clock("2026-01-10T09:00:00Z")
    owner, short = "acme", f"{repository.name.partition('/')[2]}-elsewhere"
    sandbox.repo(owner, short)
    sandbox.member(f"{owner}/{short}", "ann", "MEMBER")
    token = sandbox.token("ann")
    _, theirs = sandbox.call("POST", f"/repos/{owner}/{short}/issues", token, {"title": "Theirs", "body": BODY})

    def move(issue: str, to: str) -> None:
        target = sandbox.call("GET", f"/repos/{to}", token)[1]["node_id"]
        given = f'{{issueId: "{issue}", repositoryId: "{target}"}}'
        query = f"mutation {{ transferIssue(input: {given}) {{ clientMutationId }} }}"
        assert "errors" not in sandbox.call("POST", "/graphql", token, {"query": query})[1]

    sandbox.clock("2026-01-20T09:00:00Z")
    move(repository.act("ann", "GET", "/issues/2")["node_id"], f"{owner}/{short}")
    move(theirs["node_id"], repository.name)
    sandbox.clock("2026-02-03T09:00:00Z")
    given = report_input(repository.desk())
    came = parse_time("2026-01-20T09:00Z", UTC)
    assert [(case.title, case.opened) for case in given.facts.cases][1:] == [("Theirs", came)]
    written = month_report(given, Asked(), "2026-01")
    told = json.loads(written.texts["json"])
    assert told["incidents"] == []
    assert [row["down"] for row in told["uptime"]] == [0]
    assert len(told["flow"]["opened"]) == 2
    assert "deleted or moved to another repository" in written.texts["md"]
