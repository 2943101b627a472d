"""One small story, told through the API and read back through each of its windows."""

from tests.sandbox.desk import REPO, People

from respondby.sandbox.server import Sandbox

QUERY = """
query Case { repository(owner: "acme", name: "desk") { issue(number: 1) {
  state author { login } labels(first: 5) { nodes { name } } assignees(first: 5) { nodes { login } }
  timelineItems(first: 20) { nodes { __typename
    ... on IssueComment { body viewerDidAuthor author { __typename login } authorAssociation }
    ... on LabeledEvent { createdAt actor { login } label { name } }
  } }
} } }
"""


def test_what_people_do_is_in_the_timeline_in_the_order_in_which_they_did_it(sandbox: Sandbox, people: People) -> None:
    sandbox.call("POST", f"{REPO}/issues", people.carla, {"title": "Printer on fire", "body": "Help"})
    sandbox.call("POST", f"{REPO}/issues/1/labels", people.workflow, {"labels": ["priority: high"]})
    sandbox.call("POST", f"{REPO}/issues/1/comments", people.workflow, {"body": "We will answer by noon"})
    sandbox.clock("2026-01-05T10:00:00Z")
    sandbox.call("POST", f"{REPO}/issues/1/comments", people.ann, {"body": "On my way"})
    sandbox.call("PATCH", f"{REPO}/issues/1", people.ann, {"assignees": ["ann"], "state": "closed"})

    _, answer = sandbox.call("POST", "/graphql", people.workflow, {"query": QUERY})

    assert answer["data"]["repository"]["issue"] == {
        "state": "CLOSED",
        "author": {"login": "carla"},
        "labels": {"nodes": [{"name": "priority: high"}]},
        "assignees": {"nodes": [{"login": "ann"}]},
        "timelineItems": {
            "nodes": [
                {
                    "__typename": "LabeledEvent",
                    "createdAt": "2026-01-05T09:00:00Z",
                    "actor": {"login": "github-actions"},
                    "label": {"name": "priority: high"},
                },
                {
                    "__typename": "IssueComment",
                    "body": "We will answer by noon",
                    "viewerDidAuthor": True,
                    "author": {"__typename": "Bot", "login": "github-actions"},
                    "authorAssociation": "NONE",
                },
                {
                    "__typename": "IssueComment",
                    "body": "On my way",
                    "viewerDidAuthor": False,
                    "author": {"__typename": "User", "login": "ann"},
                    "authorAssociation": "MEMBER",
                },
                {"__typename": "AssignedEvent"},
                {"__typename": "ClosedEvent"},
            ]
        },
    }


def test_each_happening_is_delivered_once_and_a_workflows_own_are_marked(sandbox: Sandbox, people: People) -> None:
    sandbox.call("POST", f"{REPO}/issues", people.carla, {"title": "Printer on fire", "body": "Help"})
    sandbox.call("POST", f"{REPO}/issues/1/comments", people.workflow, {"body": "We will answer by noon"})

    found = [(item["event"], item["action"], item["actor"], item["by_workflow_token"]) for item in sandbox.deliveries()]

    assert found == [
        ("issues", "opened", "carla", False),
        ("issue_comment", "created", "github-actions[bot]", True),
    ]
