"""Projects: an action item that is added with its due date, and which tokens reach a project at all."""

from typing import Any

import pytest
from tests.sandbox.desk import REPO, People
from tests.sandbox.projecting import add, graph, project_of, set_value

from respondby.sandbox.server import Sandbox

FIELDS: dict[str, Any] = {"Due": "DATE", "Note": "TEXT", "Size": "NUMBER", "State": ["New", "Done"]}
READ = """query($id: ID!) { node(id: $id) { ... on Issue { projectItems(first: 9) { nodes { project { title }
  due: fieldValueByName(name: "due") { ... on ProjectV2ItemFieldDateValue { date } }
  state: fieldValueByName(name: "State") { ... on ProjectV2ItemFieldSingleSelectValue { name } } } } } } }"""


@pytest.fixture
def issue(sandbox: Sandbox, people: People) -> str:
    return str(sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "Follow up"})[1]["node_id"])


@pytest.fixture
def number(sandbox: Sandbox) -> int:
    return sandbox.project("acme", "Action items", FIELDS)


def test_an_action_item_is_added_once_with_its_due_date(
    sandbox: Sandbox, people: People, issue: str, number: int
) -> None:
    project, fields = project_of(sandbox, people.ann, number)
    items = [add(sandbox, people.ann, project, issue)["data"]["addProjectV2ItemById"]["item"]["id"] for _ in range(2)]
    done = next(option["id"] for option in fields["State"]["options"] if option["name"] == "Done")
    set_value(sandbox, people.ann, project, items[0], fields["Due"]["id"], {"date": "2026-02-01"})
    set_value(sandbox, people.ann, project, items[0], fields["Due"]["id"], {"date": "2026-03-01"})
    set_value(sandbox, people.ann, project, items[0], fields["State"]["id"], {"singleSelectOptionId": done})

    shown = graph(sandbox, people.ann, READ, id=issue)["data"]["node"]["projectItems"]["nodes"]
    assert items[0] == items[1]
    assert shown == [{"project": {"title": "Action items"}, "due": {"date": "2026-03-01"}, "state": {"name": "Done"}}]
    assert [field["dataType"] for field in fields.values()] == ["TITLE", "DATE", "TEXT", "NUMBER", "SINGLE_SELECT"]


def test_an_item_is_cleared_and_taken_out(sandbox: Sandbox, people: People, issue: str, number: int) -> None:
    project, fields = project_of(sandbox, people.ann, number)
    item = add(sandbox, people.ann, project, issue)["data"]["addProjectV2ItemById"]["item"]["id"]
    set_value(sandbox, people.ann, project, item, fields["Due"]["id"], {"date": "2026-02-01"})
    given = f'projectId: "{project}", itemId: "{item}"'
    clear = f'clearProjectV2ItemFieldValue(input: {{{given}, fieldId: "{fields["Due"]["id"]}"}})'
    graph(sandbox, people.ann, f"mutation {{ {clear} {{ clientMutationId }} }}")
    cleared = graph(sandbox, people.ann, READ, id=issue)["data"]["node"]["projectItems"]["nodes"][0]["due"]
    gone = graph(sandbox, people.ann, f"mutation {{ deleteProjectV2Item(input: {{{given}}}) {{ deletedItemId }} }}")

    assert (cleared, gone["data"]["deleteProjectV2Item"]) == (None, {"deletedItemId": item})
    assert graph(sandbox, people.ann, READ, id=issue)["data"]["node"]["projectItems"]["nodes"] == []


@pytest.mark.parametrize(
    "field, value",
    [
        ("Due", {"text": "soon"}),
        ("Due", {"date": "soon"}),
        ("Due", {"date": "2026-02-30"}),
        ("Due", {}),
        ("Size", {"text": "3"}),
        ("State", {"singleSelectOptionId": "nothing"}),
        ("Title", {"text": "Another"}),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused(
    field: str, value: dict[str, Any], sandbox: Sandbox, people: People, issue: str, number: int
) -> None:
    project, fields = project_of(sandbox, people.ann, number)
    item = add(sandbox, people.ann, project, issue)["data"]["addProjectV2ItemById"]["item"]["id"]
    answer = set_value(sandbox, people.ann, project, item, fields[field]["id"], value)

    assert [error["type"] for error in answer["errors"]] == ["UNPROCESSABLE"]


@pytest.mark.parametrize(
    "scopes, reads, writes",
    [
        (["repo"], "INSUFFICIENT_SCOPES", "INSUFFICIENT_SCOPES"),
        (["repo", "read:project"], None, "INSUFFICIENT_SCOPES"),
        (["repo", "project"], None, None),
    ],
)
def test_a_classic_token_needs_the_scope(
    scopes: list[str], reads: str | None, writes: str | None, sandbox: Sandbox, people: People, issue: str, number: int
) -> None:
    project, _ = project_of(sandbox, people.ann, number)
    token = sandbox.token("ann", scopes=scopes)
    read = graph(sandbox, token, "query($id: ID!) { node(id: $id) { id } }", id=project)
    written = add(sandbox, token, project, issue)

    for answer, kind in ((read, reads), (written, writes)):
        assert [error["type"] for error in answer.get("errors", [])] == ([] if kind is None else [kind])
        assert kind is None or "has not been granted the required scopes" in answer["errors"][0]["message"]


def test_a_workflows_own_token_reaches_no_project(sandbox: Sandbox, people: People, issue: str, number: int) -> None:
    project, _ = project_of(sandbox, people.ann, number)
    token = sandbox.workflow_token("acme/desk", {"issues": "write", "organization-projects": "write"})
    answer = add(sandbox, token, project, issue)
    add(sandbox, people.ann, project, issue)

    assert answer["errors"][0]["message"] == "Resource not accessible by integration"
    assert graph(sandbox, token, READ, id=issue)["data"]["node"]["projectItems"]["nodes"] == []


@pytest.mark.parametrize("level, works", [("write", True), ("read", False), (None, False)])
def test_an_apps_token_needs_the_organisations_permission(
    level: str | None, works: bool, sandbox: Sandbox, people: People, issue: str, number: int
) -> None:
    sandbox.user("planner", "Bot")
    permissions = {"issues": "write"} | ({} if level is None else {"organization_projects": level})
    token = sandbox.token("planner[bot]", permissions, "acme/desk")
    project, _ = project_of(sandbox, people.ann, number)

    assert ("errors" not in add(sandbox, token, project, issue)) == works


def test_others_see_only_public_projects_and_change_none(
    sandbox: Sandbox, people: People, issue: str, number: int
) -> None:
    project, _ = project_of(sandbox, people.ann, number)
    public, _ = project_of(sandbox, people.ann, sandbox.project("acme", "Roadmap", public=True))

    assert add(sandbox, people.carla, project, issue)["errors"][0]["type"] == "NOT_FOUND"
    assert graph(sandbox, people.carla, "query($id: ID!) { node(id: $id) { id } }", id=public)["data"]["node"]
    assert add(sandbox, people.carla, public, issue)["errors"][0]["type"] == "FORBIDDEN"
    assert "errors" not in add(sandbox, people.ann, public, issue)


def test_an_archived_item_takes_no_value_and_a_project_is_closed_by_who_may_write_to_it(
    sandbox: Sandbox, people: People, issue: str
) -> None:
    number = sandbox.project("acme", "Archive", FIELDS, number=4711)
    project, fields = project_of(sandbox, people.ann, number)
    item = add(sandbox, people.ann, project, issue)["data"]["addProjectV2ItemById"]["item"]["id"]
    given = f'projectId: "{project}", itemId: "{item}"'
    due = {"date": "2026-02-01"}
    for mutation, archived in (("archiveProjectV2Item", True), ("unarchiveProjectV2Item", False)):
        answer = graph(
            sandbox, people.ann, f"mutation {{ {mutation}(input: {{{given}}}) {{ item {{ isArchived }} }} }}"
        )
        assert answer["data"][mutation]["item"] == {"isArchived": archived}
        refused = set_value(sandbox, people.ann, project, item, fields["Due"]["id"], due).get("errors", [])
        assert [error["message"] for error in refused] == ["The item is archived and cannot be updated."] * archived
    closing = f'updateProjectV2(input: {{ projectId: "{project}", closed: true }})'
    close = f"mutation {{ {closing} {{ projectV2 {{ number closed }} }} }}"
    assert graph(sandbox, people.ann, close)["data"]["updateProjectV2"]["projectV2"] == {"number": 4711, "closed": True}
    assert graph(sandbox, sandbox.token("carla"), close)["errors"][0]["type"] in ("FORBIDDEN", "NOT_FOUND")
