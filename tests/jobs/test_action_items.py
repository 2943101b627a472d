"""Action items at work: each agreed one becomes one issue, which comes back once a week, and nothing is guessed."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.jobs.desk import Repository
from tests.jobs.test_merges import POLICY, with_incident
from tests.jobs.test_post_mortems import rewrite, run, text_on

from respondby.calendars.instants import iso, parse_time
from respondby.cli.main import main
from respondby.forge.errors import ForgeError
from respondby.jobs.explaining import explained
from respondby.jobs.loop.report import Report
from respondby.jobs.queueing import queue_input
from respondby.jobs.report_facts import report_input
from respondby.sandbox.server import Sandbox

DOCUMENT = "docs/incidents/2026-01-05-1-down.md"
WEEK, NEXT_WEEK = "respondby/action-items-2026-w02", "respondby/action-items-2026-w03"
LADDER = "[{ at: due-1 day, notify: assignee }, { at: due, label: late, notify: [assignee, first] }]"
FOLLOWED = POLICY.replace(
    "reviewers: first }", f"reviewers: first, actions: {{ target: 30 days, ladder: {LADDER} }} }}"
)
HEAD = "| What | Owner | Due | Kind | State | Issue |\n| --- | --- | --- | --- | --- | --- |\n"
ALERT = "| Alert on the queue | @ann | 2026-01-16 | detect | agreed |  |\n"
PAGE = "| Show a page | @bob | 2026-01-20 | mitigate | agreed |  |\n"
IDEA = "| Double the pool |  |  | mitigate | proposed |  |\n"


def document(repository: Repository, rows: str) -> str:
    top = f"---\nincident: {repository.case().url}\nproduct: shop\ndetected: 2026-01-05T09:00Z\nstatus: review\n---\n"
    return f"{top}# The shop is down\n\n## Action items\n\n{HEAD}{rows}"


@pytest.fixture
def repository(sandbox: Sandbox) -> Repository:
    """An incident whose post-mortem is on the default branch: two items were agreed, one is an idea."""
    repository = with_incident(sandbox, FOLLOWED)
    write(repository, ALERT + PAGE + IDEA)
    return repository


def write(repository: Repository, rows: str) -> None:
    """What the document on the default branch says from now on."""
    repository.sandbox.files(repository.name, {DOCUMENT: document(repository, rows)})


def issues(repository: Repository) -> dict[int, dict[str, Any]]:
    """The issues of items, by number."""
    found = repository.act("ann", "GET", "/issues?state=all&per_page=100")
    ours = (one for one in found if "pull_request" not in one and "respondby:begin item" in (one["body"] or ""))
    return {one["number"]: one for one in sorted(ours, key=lambda one: one["number"])}


def pulls(repository: Repository) -> list[tuple[int, str, str]]:
    found = repository.act("ann", "GET", "/pulls?state=all")
    ours = [one for one in found if one["head"]["ref"].startswith("respondby/action-items")]
    return sorted((one["number"], one["head"]["ref"], one["state"]) for one in ours)


def rows_on(repository: Repository, branch: str) -> list[tuple[str, str, str]]:
    """What, state and issue of each row."""
    lines = [line for line in text_on(repository, branch, DOCUMENT).split("\n") if line.startswith("| ")][2:]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [(row[0], row[4], row[5].rpartition("/")[2]) for row in cells]


def merge(repository: Repository, number: int) -> None:
    repository.act("ann", "PUT", f"/pulls/{number}/merge", {})


def close(repository: Repository, number: int, reason: str = "completed", who: str = "ann") -> None:
    repository.act(who, "PATCH", f"/issues/{number}", {"state": "closed", "state_reason": reason})


def said(repository: Repository, number: int) -> list[str]:
    """What the desk said on an issue, without its card and its markers."""
    texts = [text.partition("\n\n<!--")[0] for _, text in repository.comments(number)]
    return [text for text in texts if "**Action item**" not in text]


def did(report: Report) -> list[str]:
    assert report.failed == []
    return [f"#{one.number} {what}" for one in report.cases for what in one.done]


def clocks(repository: Repository, number: int) -> list[tuple[str, str, str]]:
    """The clocks of an issue: which, how it stands, when it is due."""
    return [(one["clock"], one["state"], one["due"]) for one in explained(repository.desk(), number)["clocks"]]


@pytest.fixture
def linked(repository: Repository) -> Repository:
    """The same, a day on: both issues are open and the rows name them."""
    run(repository)
    [(number, _, _)] = pulls(repository)
    merge(repository, number)
    repository.at("2026-01-06T09:00:00Z")
    run(repository)
    return repository


def test_each_agreed_item_becomes_one_issue_and_its_row_names_it_by_pull_request(repository: Repository) -> None:
    report = run(repository)
    numbers = list(issues(repository))
    assert [one["title"] for one in issues(repository).values()] == ["Alert on the queue", "Show a page"]
    assert pulls(repository) == [(max(numbers) + 2, WEEK, "open")]
    assert rows_on(repository, WEEK) == [
        ("Alert on the queue", "agreed", str(numbers[0])),
        ("Show a page", "agreed", str(numbers[1])),
        ("Double the pool", "proposed", ""),
    ]
    body = issues(repository)[numbers[0]]["body"]
    assert f"({repository.case().url.rpartition('/issues')[0]}/blob/main/{DOCUMENT})" in body
    assert f"post-mortem of {repository.case().url}." in body
    assert "| Due | Fri 16 Jan 2026 |" in body
    assert "Open action items" in text_on(repository, WEEK, "docs/incidents/README.md")
    assert f"pull request #{max(numbers) + 2}" in did(report)[-1]
    asked = repository.act("ann", "GET", f"/pulls/{max(numbers) + 2}")["requested_reviewers"]
    assert [person["login"] for person in asked] == ["ann"]


def test_a_second_run_a_minute_or_a_month_later_has_nothing_to_do(repository: Repository) -> None:
    run(repository)
    assert did(run(repository)) == []
    repository.at("2026-02-05T10:00:00Z")
    report = run(repository)
    assert did(report) == []
    # The cases, the documents, what is open of ours, and what stands on its branch.
    assert report.requests <= 6
    assert (len(issues(repository)), len(pulls(repository))) == (2, 1)


def test_a_report_promises_what_the_queue_and_the_explanation_do_also_before_a_sweep(repository: Repository) -> None:
    run(repository)
    for given in (report_input(repository.desk()), queue_input(repository.desk())):
        found = {case.number: [(one.clock, one.state) for one in case.runs] for case in given.facts.cases}
        for number in issues(repository):
            assert found[number] == [clock[:2] for clock in clocks(repository, number)] == [("action-item", "running")]


def test_where_all_is_said_a_run_costs_the_cases_with_their_edits_and_the_documents(linked: Repository) -> None:
    assert run(linked).requests <= 4


def test_the_owner_is_assigned_and_reminded_until_the_issue_is_closed(linked: Repository) -> None:
    close(linked, 1)
    linked.sweep()
    number = next(iter(issues(linked)))
    assert [one["login"] for one in issues(linked)[number]["assignees"]] == ["ann"]
    assert clocks(linked, number) == [("action-item", "running", "2026-01-17T00:00:00Z")]
    linked.at("2026-01-16T00:01:00Z")
    linked.sweep()
    assert "@ann" in said(linked, number)[-1]
    linked.at("2026-01-17T00:01:00Z")
    linked.sweep()
    assert "late" in linked.labels(number)
    close(linked, number)
    linked.triage(number)
    assert clocks(linked, number) == [("action-item", "late", "2026-01-17T00:00:00Z")]


def test_what_was_closed_comes_back_with_the_next_weeks_pull_request_and_once(linked: Repository) -> None:
    alert, page = issues(linked)
    close(linked, alert)
    close(linked, page, "not_planned")
    report = run(linked)
    assert (did(report), iso(report.next) if report.next else None) == ([], "2026-01-12T00:00:00Z")
    linked.at("2026-01-12T00:01:00Z")
    run(linked)
    assert [branch for _, branch, _ in pulls(linked)] == [WEEK, NEXT_WEEK]
    assert rows_on(linked, NEXT_WEEK)[:2] == [
        ("Alert on the queue", "done", str(alert)),
        ("Show a page", f"won't do, because #{page} was closed as not planned", str(page)),
    ]
    number = pulls(linked)[-1][0]
    told = linked.act("ann", "GET", f"/pulls/{number}")["body"]
    assert f"- #{alert} was closed: “Alert on the queue” is done." in told
    assert "please write in the row why “Show a page” will not be done" in told
    merge(linked, number)
    linked.at("2026-01-26T00:01:00Z")
    assert did(run(linked)) == []


def test_an_open_pull_request_is_kept_up_to_date_and_no_second_one_comes_beside_it(
    repository: Repository,
) -> None:
    run(repository)
    [(number, _, _)] = pulls(repository)
    rewrite(repository, text_on(repository, WEEK, DOCUMENT).replace("# The shop is down", "# Ours"), WEEK, DOCUMENT)
    repository.at("2026-01-13T09:00:00Z")
    close(repository, next(iter(issues(repository))))
    assert did(run(repository)) == [f"#{number} pull request #{number} brought up to date"]
    assert rows_on(repository, WEEK)[0][1] == "done"
    assert "# Ours" in text_on(repository, WEEK, DOCUMENT)
    assert "is done" in repository.act("ann", "GET", f"/pulls/{number}")["body"]
    assert len(pulls(repository)) == 1


def test_one_that_was_closed_unmerged_comes_again_next_week_and_not_before(repository: Repository) -> None:
    run(repository)
    [(number, _, _)] = pulls(repository)
    repository.act("ann", "PATCH", f"/pulls/{number}", {"state": "closed"})
    assert did(run(repository)) == []
    repository.at("2026-01-13T09:00:00Z")
    run(repository)
    assert [branch for _, branch, state in pulls(repository) if state == "open"] == [NEXT_WEEK]


def test_what_was_closed_and_forgotten_before_its_row_named_it_is_not_opened_again(repository: Repository) -> None:
    run(repository)
    [(number, _, _)] = pulls(repository)
    repository.act("ann", "PATCH", f"/pulls/{number}", {"state": "closed"})
    alert = next(iter(issues(repository)))
    close(repository, alert)
    repository.at("2026-03-02T09:00:00Z")
    run(repository)
    assert len(issues(repository)) == 2
    assert rows_on(repository, "respondby/action-items-2026-w10")[0][1:] == ("done", str(alert))


def standing(repository: Repository) -> str:
    return text_on(repository, "main", DOCUMENT)


def edits(repository: Repository, old: str, new: str) -> None:
    """A person changes the document on the default branch."""
    text = standing(repository)
    assert old in text
    rewrite(repository, text.replace(old, new), "main", DOCUMENT)


#: What somebody changes in the document of linked items, and what is said on the issue of the first one.
EDITS: dict[str, tuple[str, str, list[str]]] = {
    "other words": (
        "Alert on the queue",
        "Alert on the queue's age",
        ["The post-mortem now calls this “Alert on the queue's age”. It was “Alert on the queue” before."],
    ),
    "another day": (
        "2026-01-16",
        "2026-01-30",
        ["The post-mortem now wants this by Fri 30 Jan 2026. It was Fri 16 Jan 2026 before."],
    ),
    "another owner": ("@ann", "@bob", ["The post-mortem now names bob as the owner. It was ann before."]),
    "nobody": ("@ann", "", ["@ann\n\nThe post-mortem names nobody who does this. Please name one person there."]),
    "proposed again": (
        "detect | agreed",
        "detect | proposed",
        [
            (
                "@ann\n\nThe post-mortem says “proposed” of this again. Close this issue where nobody does it; "
                "write “agreed” there where somebody does."
            )
        ],
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_the_document_says_anew_is_told_once_and_the_issue_follows(linked: Repository, name: str) -> None:
    old, new, words = EDITS[name]
    alert = next(iter(issues(linked)))
    edits(linked, old, new)
    run(linked)
    assert said(linked, alert) == words
    run(linked)
    assert said(linked, alert) == words
    assert len(issues(linked)) == 2


def test_another_day_is_another_promise_and_another_owner_is_assigned(linked: Repository) -> None:
    linked.sweep()
    alert = next(iter(issues(linked)))
    edits(linked, "| @ann | 2026-01-16", "| @bob | 2026-01-30")
    run(linked)
    linked.sweep()
    assert {one["login"] for one in issues(linked)[alert]["assignees"]} == {"ann", "bob"}
    assert [due for _, _, due in clocks(linked, alert)] == ["2026-01-31T00:00:00Z"]
    linked.at("2026-01-17T00:01:00Z")
    linked.sweep()
    assert "late" not in linked.labels(alert)
    linked.at("2026-01-31T00:01:00Z")
    linked.sweep()
    assert "late" in linked.labels(alert)


def test_a_reminder_comes_anew_for_the_day_to_which_an_item_was_moved(linked: Repository) -> None:
    alert = next(iter(issues(linked)))
    linked.at("2026-01-17T00:01:00Z")
    linked.sweep()
    assert "“Action item” was due Sat 17 Jan 2026, 00:00 (UTC)." in said(linked, alert)[-1]
    edits(linked, "2026-01-16", "2026-01-30")
    run(linked)
    linked.sweep()
    assert clocks(linked, alert) == [("action-item", "running", "2026-01-31T00:00:00Z")]
    assert len(said(linked, alert)) == 2
    linked.at("2026-01-31T00:01:00Z")
    linked.sweep()
    assert "“Action item” was due Sat 31 Jan 2026, 00:00 (UTC)." in said(linked, alert)[-1]


def test_an_item_that_was_removed_is_told_and_its_issue_stays(linked: Repository) -> None:
    alert = next(iter(issues(linked)))
    text = standing(linked)
    row = next(line for line in text.split("\n") if line.startswith("| Alert"))
    edits(linked, f"{row}\n", "")
    run(linked)
    run(linked)
    [told] = said(linked, alert)
    assert told.startswith(f"@ann\n\n`{DOCUMENT}` does not list this any more.")
    assert issues(linked)[alert]["state"] == "open"


def test_reworded_before_its_row_named_the_issue_it_is_asked_and_no_second_issue_is_opened(
    repository: Repository,
) -> None:
    run(repository)
    alert = next(iter(issues(repository)))
    edits(repository, "Alert on the queue", "Page for a long queue")
    report = run(repository)
    assert report.remarks == [f"{DOCUMENT}:13: no issue is opened until it is known whether #{alert} is this item's"]
    [told] = said(repository, alert)
    assert f"Is it one of these? Then put #{alert} into its row." in told
    assert "“Page for a long queue”" in told
    assert len(issues(repository)) == 2
    edits(repository, "detect | agreed |  |", f"detect | agreed | #{alert} |")
    run(repository)
    assert "now calls this “Page for a long queue”" in said(repository, alert)[-1]
    assert len(issues(repository)) == 2


def test_when_that_issue_is_closed_the_new_words_get_their_own(repository: Repository) -> None:
    run(repository)
    alert = next(iter(issues(repository)))
    edits(repository, "Alert on the queue", "Page for a long queue")
    run(repository)
    close(repository, alert, "not_planned")
    run(repository)
    assert [one["title"] for one in issues(repository).values()][-1] == "Page for a long queue"


@pytest.mark.parametrize(
    "state, reason, words",
    [
        ("done", "completed", "The post-mortem says that this is done."),
        (
            "won't do, because two are enough",
            "not_planned",
            "The post-mortem says that this will not be done. Its reason: two are enough",
        ),
    ],
)
def test_what_the_document_says_is_done_to_the_issue_once(
    linked: Repository, state: str, reason: str, words: str
) -> None:
    alert = next(iter(issues(linked)))
    edits(linked, "detect | agreed", f"detect | {state}")
    run(linked)
    found = issues(linked)[alert]
    assert (found["state"], found["state_reason"], said(linked, alert)) == ("closed", reason, [words])
    linked.act("ann", "PATCH", f"/issues/{alert}", {"state": "open"})
    linked.at("2026-01-13T09:00:00Z")
    run(linked)
    assert issues(linked)[alert]["state"] == "open"
    assert rows_on(linked, NEXT_WEEK)[0][1] == "agreed"


def test_an_owner_who_left_and_one_who_handed_it_over(linked: Repository) -> None:
    linked.sweep()
    alert, page = issues(linked)
    linked.act("ann", "POST", f"/issues/{alert}/assignees", {"assignees": ["bob"]})
    linked.act("ann", "DELETE", f"/issues/{alert}/assignees", {"assignees": ["ann"]})
    edits(linked, "@bob", "@zoe")
    linked.at("2026-01-12T09:00:00Z")
    run(linked)
    run(linked)
    assert said(linked, page)[-1] == (
        "@ann\n\nThe post-mortem names zoe, who is not among the people of this desk. Please name somebody else there."
    )
    assert "| Alert on the queue | @bob |" in text_on(linked, NEXT_WEEK, DOCUMENT)


def test_a_duplicate_and_an_item_without_an_owner_are_told(linked: Repository) -> None:
    alert, _ = issues(linked)
    close(linked, alert, "duplicate")
    write(linked, standing(linked).partition(HEAD)[2] + "| Tell customers |  |  | process | agreed |  |\n")
    run(linked)
    run(linked)
    assert "closed as a duplicate" in said(linked, alert)[-1]
    new = list(issues(linked))[-1]
    assert said(linked, new) == ["@ann\n\nThe post-mortem names nobody who does this. Please name one person there."]
    linked.sweep()
    due = iso(parse_time(issues(linked)[new]["created_at"], None) + 30 * 86_400)
    assert [due for _, _, due in clocks(linked, new)] == [due]


def test_a_persons_own_issue_in_a_row_is_read_and_left_alone(repository: Repository) -> None:
    own = repository.opens("bob", "My own", "Mine")
    write(repository, ALERT.replace("agreed |  |", f"agreed | #{own} |"))
    run(repository)
    close(repository, own, who="bob")
    repository.at("2026-01-13T09:00:00Z")
    run(repository)
    assert issues(repository) == {}
    assert rows_on(repository, WEEK)[0][1:] == ("done", f"#{own}")
    assert said(repository, own) == []


def test_two_runs_that_meet_leave_one_issue_and_one_pull_request(repository: Repository) -> None:
    """Each decides before the other has written: the younger issue is closed by whoever reads again."""
    first = run(repository)
    assert first.failed == []
    twin = issues(repository)[min(issues(repository))]
    token = repository.sandbox.workflow_token(repository.name, {"issues": "write"})
    body = {"title": twin["title"], "body": twin["body"]}
    status, made = repository.sandbox.call("POST", f"/repos/{repository.name}/issues", token, body)
    assert status == 201
    run(repository)
    assert issues(repository)[made["number"]]["state"] == "closed"
    run(repository)
    assert [one["state"] for one in issues(repository).values()] == ["open", "open", "closed"]


@pytest.mark.parametrize("last", range(2, 20))
def test_a_run_that_dies_after_any_of_its_requests_is_made_good_by_the_next(repository: Repository, last: int) -> None:
    """The answer to the last one never comes, though it took effect; nothing goes through after it."""
    dies = [
        {"match": {"nth": last}, "when": "after", "do": {"cut": True}},
        {"match": {"from": last}, "do": {"cut": True}},
    ]
    repository.sandbox.faults(dies)
    with suppress(ForgeError):
        run(repository)
    repository.sandbox.clear_faults()
    run(repository)
    run(repository)
    assert sorted(one["title"] for one in issues(repository).values() if one["state"] == "open") == [
        "Alert on the queue",
        "Show a page",
    ]
    assert [state for _, _, state in pulls(repository)] == ["open"]
    assert [state for _, state, _ in rows_on(repository, WEEK)] == ["agreed", "agreed", "proposed"]
    still = {str(number) for number, one in issues(repository).items() if one["state"] == "open"}
    assert {number for _, _, number in rows_on(repository, WEEK)} == {"", *still}
    [(pull, _, _)] = pulls(repository)
    asked = repository.act("ann", "GET", f"/pulls/{pull}")["requested_reviewers"]
    assert [person["login"] for person in asked] == ["ann"]


def test_follow_up_says_how_each_items_issue_stands(
    linked: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert, page = issues(linked)
    close(linked, alert)
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs/incidents").mkdir(parents=True)
    (tmp_path / DOCUMENT).write_text(standing(linked))
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "GITHUB_API_URL": linked.sandbox.url,
        "GITHUB_GRAPHQL_URL": f"{linked.sandbox.url}/graphql",
        "GITHUB_REPOSITORY": linked.name,
        "GITHUB_TOKEN": linked.sandbox.token("ann"),
    }.items():
        monkeypatch.setenv(name, value)
    ran = CliRunner().invoke(main, ["postmortem", "follow-up", "--online", "--at", "2026-01-18"])
    url = linked.case().url.rpartition("/")[0]
    assert [line.strip() for line in ran.output.split("\n") if "(" in line] == [
        f"Alert on the queue ({url}/{alert}, closed)",
        f"Show a page ({url}/{page}, open)",
    ]
    assert "2026-01-16  2 days late     ann                       13 days old" in ran.output


BAD_PATH = "docs/incidents/2026-01-06-2-other.md"


def bad(repository: Repository, how: str) -> str:
    """Another document, in a state in which nobody should leave it."""
    good = document(repository, "| Other | @bob | 2026-01-30 | detect | agreed |  |\n")
    good = good.replace("issues/1\n", "issues/1\n")
    match how:
        case "no front matter":
            return good.partition("---\n# ")[2]
        case "two front matters":
            return good.replace("# The shop", "---\nstatus: draft\n---\n# The shop", 1)
        case "no YAML":
            return good.replace("product: shop", "product: [")
        case "a year of five digits":
            return good.replace("2026-01-30", "22026-01-30").replace("2026-01-05T", "22026-01-05T")
        case "too large":
            return good + "x" * 2_000_000
        case "HTML":
            return f"<!doctype html>\n<h1>Down</h1>\n{good}"
        case "a title with a bar":
            return good.replace("# The shop is down", "# The shop | is <!-- down")
        case "a missing column":
            return good.replace(" State |", " |", 1)
        case "no such incident":
            return good.replace("issues/1\n", "issues/777\n")
        case "three incidents":
            url = repository.case().url
            return good.replace(f"incident: {url}", f"incident: [{url}, {url}1, {url}2]")
        case "a merge left unfinished":
            return good.replace("## Action", "<<<<<<< HEAD\nOne\n=======\nTwo\n>>>>>>> main\n\n## Action")
        case "CRLF":
            return good.replace("\n", "\r\n")
        case "a mark":
            return f"\ufeff{good}"
        case _:
            return good


#: Of which documents an item can be read, so that it gets its issue and its row its address.
FOLLOWED_ALL_THE_SAME = (
    "two front matters", "a title with a bar", "no such incident", "three incidents", "a merge left unfinished", "CRLF",
    "a mark", "two documents for one incident", "a year of five digits",
)  # fmt: skip


@pytest.mark.parametrize(
    "how",
    [*FOLLOWED_ALL_THE_SAME, "no front matter", "no YAML", "too large", "HTML", "a missing column"],
)
def test_a_bad_document_stops_no_other_and_loses_nothing(repository: Repository, how: str) -> None:
    text = bad(repository, how)
    repository.sandbox.files(repository.name, {BAD_PATH: text, "docs/incidents/README.md": "<<<<<<< a\n# Ours\n"})
    report = run(repository)
    assert report.failed == []
    titles = ["Alert on the queue", "Show a page"]
    followed = how in FOLLOWED_ALL_THE_SAME
    assert sorted(one["title"] for one in issues(repository).values()) == sorted([*titles, *(["Other"] * followed)])
    written = text_on(repository, WEEK, BAD_PATH) if how != "too large" else text
    if followed:
        [number] = [number for number, one in issues(repository).items() if one["title"] == "Other"]
        url = issues(repository)[number]["html_url"]
        assert written == text.replace("| agreed |  |", f"| agreed | {url} |")
    else:
        assert written == text
    listed = text_on(repository, WEEK, "docs/incidents/README.md")
    assert "# Ours" in listed
    assert "<<<<<<<" not in listed
    assert did(run(repository)) == []


def test_a_link_that_leaves_the_folder_is_followed_nowhere(repository: Repository) -> None:
    """GitHub shows a symbolic link's text, the path that it holds, which is no document."""
    repository.sandbox.files(repository.name, {BAD_PATH: "../../../../etc/passwd"})
    assert run(repository).failed == []
    assert len(issues(repository)) == 2
