"""Every type and field of the schema can be asked for and is answered; every kind of timeline item is produced."""

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    print_schema,
    validate_schema,
)
from tests.sandbox.calls import move
from tests.sandbox.desk import REPO, People
from tests.sandbox.projecting import fill_project
from tests.sandbox.pulling import fill_pull

from respondby.sandbox.graph.schema import schema, text
from respondby.sandbox.server import Sandbox
from respondby.sandbox.store.timeline import TYPE_NAMES

ARGUMENTS = {
    "issue": "(number: 1)",
    "issueOrPullRequest": "(number: 1)",
    "pullRequest": "(number: 4)",
    "label": '(name: "late")',
    "object": '(expression: "HEAD:README.md")',
    "ref": '(qualifiedName: "refs/heads/main")',
    "team": '(slug: "on-call")',
    "file": '(path: "README.md")',
    "compare": '(headRef: "lively")',
    "field": '(name: "Due")',
    "fieldValueByName": '(name: "Due")',
    "projectV2": "(number: 1)",
    "release": '(tagName: "v1")',
    "suggestedActors": "(capabilities: [CAN_BE_ASSIGNED], first: 5)",
}


def _everything(kind: object, depth: int) -> str:
    """A selection of every field below a type; two fields of one name get the type's name as an alias."""
    if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
        found = schema().get_possible_types(kind)
        return "__typename " + " ".join(f"... on {one.name} {{ {_everything(one, depth)} }}" for one in found)
    assert isinstance(kind, GraphQLObjectType)
    parts = ["__typename"]
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        alias = f"{kind.name}_{name}: {name}"
        arguments = ARGUMENTS.get(name, "(first: 5)" if "first" in field.args else "") if field.args else ""
        if not isinstance(inner, GraphQLObjectType | GraphQLUnionType | GraphQLInterfaceType):
            parts.append(alias)
        elif depth > 0:
            parts.append(f"{alias}{arguments} {{ {_everything(inner, depth - 1)} }}")
    return " ".join(parts)


def test_the_schema_is_a_valid_one_and_is_served_as_it_is_written() -> None:
    written = build_schema(text())
    assert validate_schema(written) == []
    assert print_schema(schema()) == print_schema(written)


def test_every_field_of_every_type_is_answered(sandbox: Sandbox, people: People) -> None:
    for title in ("One", "Two"):
        body = {"title": title, "body": "Text", "labels": ["late"], "assignees": ["ann"]}
        sandbox.call("POST", f"{REPO}/issues", people.ann, body)
    comment = sandbox.call("POST", f"{REPO}/issues/1/comments", people.ann, {"body": "Duplicate of #2"})[1]["id"]
    deleted = sandbox.call("POST", f"{REPO}/issues/1/comments", people.carla, {"body": "x"})[1]["id"]
    for method, path, change in (
        ("PATCH", f"/issues/comments/{comment}", {"body": "Edited"}),
        ("DELETE", f"/issues/comments/{deleted}", None),
        ("PATCH", "/issues/1", {"title": "New", "labels": [], "assignees": [], "state": "closed"}),
        ("PATCH", "/issues/1", {"state": "open"}),
        ("PUT", "/issues/1/lock", {}),
        ("DELETE", "/issues/1/lock", None),
        ("POST", "/issues", {"title": "See #1"}),
    ):
        assert sandbox.call(method, REPO + path, people.ann, change)[0] < 300
    first, second = (sandbox.call("GET", f"{REPO}/issues/{number}", people.ann)[1]["node_id"] for number in (1, 2))
    undo = f'unmarkIssueAsDuplicate(input: {{duplicateId: "{first}", canonicalId: "{second}"}}) {{ clientMutationId }}'
    assert "errors" not in sandbox.call("POST", "/graphql", people.ann, {"query": f"mutation {{ {undo} }}"})[1]
    for act in ("pinIssue", "unpinIssue", "pinIssue"):
        pinned = f'{act}(input: {{issueId: "{first}"}}) {{ clientMutationId }}'
        assert "errors" not in sandbox.call("POST", "/graphql", people.ann, {"query": f"mutation {{ {pinned} }}"})[1]
    sandbox.member("acme/desk", "bob", "MEMBER")
    sandbox.team("acme", "On call", ["ann"])
    number = fill_pull(sandbox, people.ann, sandbox.token("bob"))
    sandbox.call("POST", f"{REPO}/milestones", people.owner, {"title": "1.0"})
    fields = {"Due": "DATE", "Size": "NUMBER", "Note": "TEXT", "State": ["New", "Done"]}
    fill_project(sandbox, people.ann, sandbox.project("acme", "Follow-up", fields), first)
    one, two = (sandbox.call("GET", f"{REPO}/issues/{place}", people.ann)[1]["id"] for place in (1, 2))
    for place, child in ((1, two), (2, one)):  # each comes and goes
        for method, path in (("POST", "sub_issues"), ("DELETE", "sub_issue")):
            body = {"sub_issue_id": child}
            assert sandbox.call(method, f"{REPO}/issues/{place}/{path}", people.ann, body)[0] < 300
    for path, body in (("2/sub_issues", {"sub_issue_id": one}), ("1/dependencies/blocked_by", {"issue_id": two})):
        assert sandbox.call("POST", f"{REPO}/issues/{path}", people.ann, body)[0] == 201
    sandbox.repo("acme", "elsewhere")
    sandbox.member("acme/elsewhere", "ann", "MEMBER")
    moved = sandbox.call("POST", "/repos/acme/elsewhere/issues", people.ann, {"title": "Moved"})[1]["node_id"]
    move(sandbox, people.ann, moved)
    for kept in (1, None):
        for changed in (1, number, 6):
            body = {"milestone": kept}
            assert sandbox.call("PATCH", f"{REPO}/issues/{changed}", people.ann, body)[0] == 200
    sandbox.call("PATCH", f"{REPO}/issues/6", people.ann, {"milestone": 1})
    found = _everything(schema().type_map["SearchResultItemConnection"], 1)
    issue = _everything(schema().type_map["Issue"], 1)
    pull = _everything(schema().type_map["PullRequestTimelineItems"], 1)
    timeline = _everything(schema().type_map["IssueTimelineItems"], 1)
    organization = _everything(schema().type_map["Organization"], 2)
    repository = _everything(schema().type_map["Repository"], 2)
    query = (
        f'{{ viewer {{ login }} rateLimit {{ remaining }} organization(login: "acme") {{ {organization} }}'
        f' search(query: "is:issue", type: ISSUE, first: 3) {{ {found} }}'
        f' repository(owner: "acme", name: "desk") {{ {repository}'
        f" one: issue(number: 1) {{ {issue} all: timelineItems(first: 50) {{ nodes {{ {timeline} }} }} }}"
        f" six: issue(number: 6) {{ all: timelineItems(first: 50) {{ nodes {{ {timeline} }} }} }}"
        f" pull: pullRequest(number: {number}) {{ all: timelineItems(first: 50) {{ nodes {{ {pull} }} }} }} }} }}"
    )

    status, answer = sandbox.call("POST", "/graphql", people.ann, {"query": query})

    assert (status, answer.get("errors")) == (200, None)
    for keys, union in ((("one", "six"), "IssueTimelineItems"), (("pull",), "PullRequestTimelineItems")):
        nodes = [node for key in keys for node in answer["data"]["repository"][key]["all"]["nodes"]]
        assert {node["__typename"] for node in nodes} == _kinds(union)


def test_the_schema_lists_just_the_kinds_of_timeline_items_that_are_produced() -> None:
    assert _kinds("IssueTimelineItems") | _kinds("PullRequestTimelineItems") == set(TYPE_NAMES.values())


def _kinds(name: str) -> set[str]:
    union = schema().type_map[name]
    assert isinstance(union, GraphQLUnionType)
    return {kind.name for kind in union.types}
