"""What is too much, too long, unreadable or not there, over HTTP as a client meets it."""

from http.client import HTTPConnection

import pytest
from tests.sandbox.desk import REPO, Ask, People

from respondby.sandbox.server import Sandbox
from respondby.sandbox.store import timeline

PLACES = [
    ("POST", f"{REPO}/issues"),
    ("PATCH", f"{REPO}/issues/1"),
    ("POST", f"{REPO}/pulls"),
    ("PUT", f"{REPO}/pulls/1/merge"),
    ("POST", f"{REPO}/milestones"),
    ("POST", f"{REPO}/statuses/HEAD"),
    ("POST", "/graphql"),
    ("POST", "/_sandbox/limits"),
]


@pytest.mark.parametrize("method, path", PLACES)
@pytest.mark.parametrize("body", [b"title=x&body=y", b'{"title": "x"', b"<html></html>", b"\xff\xfe", b'"text"'])
def test_a_body_that_is_no_json_object_is_refused_with_400(
    body: bytes, method: str, path: str, sandbox: Sandbox, people: People
) -> None:
    connection = HTTPConnection(sandbox.url.removeprefix("http://"))
    connection.request(method, path, body, {"Authorization": f"Bearer {people.ann}"})
    response = connection.getresponse()

    assert (response.status, b"Problems parsing JSON" in (said := response.read()) or b"JSON object" in said) == (
        400,
        True,
    )
    connection.close()


@pytest.mark.parametrize(
    "path", ["", "/issues", "/issues/1", "/pulls", "/contents/README.md", "/milestones", "/labels"]
)
def test_a_repository_that_is_not_there_is_404_whatever_is_asked_of_it(
    path: str, sandbox: Sandbox, people: People, ask: Ask
) -> None:
    status, value = sandbox.call("GET", f"/repos/acme/nowhere{path}", people.ann)

    assert (status, value["message"]) == (404, "Not Found")
    query = 'query { repository(owner: "acme", name: "nowhere") { id } }'
    assert ask(query)["errors"][0]["message"].startswith("Could not resolve to a Repository with the name")


def test_an_issue_with_3000_items_is_read_by_pages(sandbox: Sandbox, people: People, ask: Ask) -> None:
    sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "Long"})
    world = sandbox._world  # one by one through the API they would take ten seconds
    with world.transaction():
        issue = world.one("SELECT * FROM issues")
        assert issue is not None
        for _ in range(1500):
            timeline.happened(world, issue["id"], "locked", issue["author_id"], lock_reason=None)
            timeline.happened(world, issue["id"], "unlocked", issue["author_id"])

    status, headers, _ = sandbox.exchange("GET", f"{REPO}/issues/1/timeline?per_page=100", people.ann)
    assert (status, "page=30>" in headers["link"]) == (200, True)
    last = sandbox.call("GET", f"{REPO}/issues/1/timeline?per_page=100&page=30", people.ann)[1]
    query = """query($after: String) { repository(owner: "acme", name: "desk") { issue(number: 1) {
        timelineItems(first: 100, after: $after) { totalCount nodes { __typename }
            pageInfo { hasNextPage endCursor } } } } }"""
    seen, after, more = 0, None, True
    while more:
        page = ask(query, after=after)["data"]["repository"]["issue"]["timelineItems"]
        seen, after, more = seen + len(page["nodes"]), page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert (len(last), seen, page["totalCount"]) == (100, 3000, 3000)


def test_a_repository_of_250_labels_is_read_by_pages_and_an_issue_takes_100(
    sandbox: Sandbox, people: People, ask: Ask
) -> None:
    sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "x"})
    for number in range(250):
        assert sandbox.call("POST", f"{REPO}/labels", people.ann, {"name": f"label {number:03}"})[0] == 201
    names = [f"label {number:03}" for number in range(250)]

    read = [sandbox.call("GET", f"{REPO}/labels?per_page=100&page={page}", people.ann)[1] for page in (1, 2, 3)]
    assert [label["name"] for labels in read for label in labels] == names
    assert sandbox.call("PUT", f"{REPO}/issues/1/labels", people.ann, {"labels": names})[0] == 422
    assert len(sandbox.call("PUT", f"{REPO}/issues/1/labels", people.ann, {"labels": names[:100]})[1]) == 100
    counted = ask("labels(first: 100) { totalCount pageInfo { hasNextPage } }")["data"]["repository"]["labels"]
    assert counted == {"totalCount": 250, "pageInfo": {"hasNextPage": True}}
