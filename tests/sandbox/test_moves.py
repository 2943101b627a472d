"""Renamed repositories, moved issues, GitHub Enterprise's addresses: the old ones lead to the new."""

from typing import Any

import pytest
from github import Auth, Github
from tests.sandbox.calls import move
from tests.sandbox.desk import REPO, Ask, People

from respondby.sandbox.server import Sandbox


@pytest.fixture
def issue(sandbox: Sandbox, people: People) -> dict[str, Any]:
    """Issue 1 with two labels, an assignee and a comment."""
    body = {"title": "One", "body": "Text", "labels": ["late", "here"], "assignees": ["ann"]}
    made: dict[str, Any] = sandbox.call("POST", f"{REPO}/issues", people.ann, body)[1]
    sandbox.call("POST", f"{REPO}/issues/1/comments", people.carla, {"body": "Please"})
    sandbox.repo("acme", "billing")
    sandbox.member("acme/billing", "ann", "MEMBER")
    sandbox.call("POST", "/repos/acme/billing/labels", people.ann, {"name": "late"})
    return made


@pytest.mark.usefixtures("issue")
def test_an_old_name_redirects_reads_and_writes_by_number(sandbox: Sandbox, people: People) -> None:
    number = sandbox.call("GET", REPO)[1]["id"]
    assert sandbox.call("PATCH", REPO, people.owner, {"name": "help"})[1]["full_name"] == "acme/help"

    status, headers, value = sandbox.exchange("GET", f"{REPO}/issues/1?per_page=5", people.ann)
    assert (status, value["message"]) == (301, "Moved Permanently")
    assert headers["location"] == value["url"] == f"{sandbox.url}/repositories/{number}/issues/1?per_page=5"
    assert sandbox.exchange("POST", f"{REPO}/issues", people.ann, {"title": "x"})[0] == 307
    assert sandbox.call("GET", f"/repositories/{number}/issues/1", people.ann)[1]["title"] == "One"
    assert sandbox.call("GET", f"/repositories/{number}", people.ann)[1]["full_name"] == "acme/help"
    assert sandbox.call("GET", "/repositories/999", people.ann)[0] == 404


@pytest.mark.usefixtures("issue")
def test_pygithub_follows_a_renamed_repository(sandbox: Sandbox, people: People) -> None:
    sandbox.call("PATCH", REPO, people.owner, {"name": "help"})
    with Github(auth=Auth.Token(people.ann), base_url=sandbox.url, retry=None) as client:
        assert client.get_repo("acme/desk").full_name == "acme/help"
        assert client.get_repo("acme/desk").get_issue(1).title == "One"


@pytest.mark.usefixtures("issue")
def test_a_name_that_another_repository_took_is_its_own(sandbox: Sandbox, people: People, ask: Ask) -> None:
    sandbox.call("PATCH", REPO, people.owner, {"name": "help"})
    query = """query($follow: Boolean!) {
        repository(owner: "acme", name: "desk", followRenames: $follow) { nameWithOwner } }"""
    assert ask(query, people.ann, follow=True)["data"]["repository"] == {"nameWithOwner": "acme/help"}
    assert ask(query, people.ann, follow=False)["errors"][0]["type"] == "NOT_FOUND"
    assert sandbox.call("PATCH", "/repos/acme/help", people.ann, {"name": "mine"})[0] == 403
    assert sandbox.call("PATCH", "/repos/acme/help", people.owner, {"name": "billing"})[0] == 422

    sandbox.repo("acme", "desk")
    assert sandbox.call("GET", f"{REPO}/issues/1", people.ann)[0] == 404


def test_a_moved_issue_is_a_new_one_that_keeps_what_was_said(
    sandbox: Sandbox, people: People, issue: dict[str, Any], ask: Ask
) -> None:
    move(sandbox, people.ann, issue["node_id"], "/repos/acme/billing")

    status, headers, _ = sandbox.exchange("GET", f"{REPO}/issues/1", people.ann)
    assert (status, headers["location"].rpartition("/")[2]) == (301, "1")
    assert sandbox.call("POST", f"{REPO}/issues/1/comments", people.ann, {"body": "x"})[0] == 307
    new = sandbox.call("GET", "/repos/acme/billing/issues/1", people.ann)[1]
    assert (new["title"], new["user"]["login"], [label["name"] for label in new["labels"]]) == ("One", "ann", ["late"])
    assert new["node_id"] != issue["node_id"]
    comments = sandbox.call("GET", "/repos/acme/billing/issues/1/comments", people.ann)[1]
    assert [comment["body"] for comment in comments] == ["Please"]
    assert sandbox.call("GET", f"{REPO}/issues?state=all", people.ann)[1] == []
    told = [(item["action"], item["repository"]) for item in sandbox.deliveries() if item["event"] == "issues"][-2:]
    assert told == [("transferred", "acme/desk"), ("opened", "acme/billing")]
    gone = ask("query($id: ID!) { node(id: $id) { id } }", people.ann, id=issue["node_id"])
    assert gone["errors"][0]["type"] == "NOT_FOUND"


@pytest.mark.parametrize("who", ["carla", "workflow"])
def test_an_issue_is_moved_only_by_who_may_write_in_both(
    who: str, sandbox: Sandbox, people: People, issue: dict[str, Any]
) -> None:
    with pytest.raises(AssertionError, match="FORBIDDEN"):
        move(sandbox, getattr(people, who), issue["node_id"], "/repos/acme/billing")
    assert sandbox.call("GET", f"{REPO}/issues/1", people.ann)[0] == 200


@pytest.mark.usefixtures("issue")
def test_the_addresses_of_github_enterprise_are_served(sandbox: Sandbox, people: People) -> None:
    assert sandbox.call("GET", f"/api/v3{REPO}/issues/1", people.ann)[1]["title"] == "One"
    assert sandbox.call("GET", "/api/v3", people.ann)[1]["user_url"].startswith(f"{sandbox.url}/api/v3/users/")
    assert sandbox.call("GET", REPO, people.ann)[1]["url"] == sandbox.url + REPO
    query = {"query": "{ viewer { login } }"}
    assert sandbox.call("POST", "/api/graphql", people.ann, query)[1]["data"]["viewer"]["login"] == "ann"
    with Github(auth=Auth.Token(people.ann), base_url=f"{sandbox.url}/api/v3", retry=None) as client:
        assert client.get_repo("acme/desk").get_issue(1).create_comment("Hi").body == "Hi"
