"""A project with an issue in it that has a value in each of its fields."""

from typing import Any

from respondby.sandbox.server import Sandbox

PROJECT = """query($owner: String!, $number: Int!) { repositoryOwner(login: $owner) { ... on ProjectV2Owner {
  projectV2(number: $number) { id title fields(first: 20) { nodes {
    ... on ProjectV2FieldCommon { id name dataType }
    ... on ProjectV2SingleSelectField { options { id name } } } } } } } }"""
ADD = """mutation($project: ID!, $content: ID!) {
  addProjectV2ItemById(input: {projectId: $project, contentId: $content}) { item { id } } }"""
SET = """mutation($project: ID!, $item: ID!, $field: ID!, $value: ProjectV2FieldValue!) { updateProjectV2ItemFieldValue(
  input: {projectId: $project, itemId: $item, fieldId: $field, value: $value}) { projectV2Item { id } } }"""


def graph(running: Sandbox, token: str, query: str, **variables: Any) -> Any:
    """The whole answer to a query."""
    return running.call("POST", "/graphql", token, {"query": query, "variables": variables})[1]


def project_of(running: Sandbox, token: str, number: int, owner: str = "acme") -> tuple[str, dict[str, Any]]:
    """A project's id, and its fields by name."""
    answer = graph(running, token, PROJECT, owner=owner, number=number)
    found = answer["data"]["repositoryOwner"]["projectV2"]
    return found["id"], {field["name"]: field for field in found["fields"]["nodes"]}


def add(running: Sandbox, token: str, project: str, content: str) -> Any:
    """The answer to adding something to a project."""
    return graph(running, token, ADD, project=project, content=content)


def set_value(running: Sandbox, token: str, project: str, item: str, field: str, value: dict[str, Any]) -> Any:
    """The answer to giving an item a value."""
    return graph(running, token, SET, project=project, item=item, field=field, value=value)


def fill_project(running: Sandbox, token: str, number: int, issue: str) -> None:
    """Adds an issue and gives it a value in each field."""
    project, fields = project_of(running, token, number)
    item = add(running, token, project, issue)["data"]["addProjectV2ItemById"]["item"]["id"]
    values: dict[str, dict[str, Any]] = {"Due": {"date": "2026-02-01"}, "Size": {"number": 3}, "Note": {"text": "n"}}
    values["State"] = {"singleSelectOptionId": fields["State"]["options"][0]["id"]}
    for name, value in values.items():
        answer = set_value(running, token, project, item, fields[name]["id"], value)
        assert "errors" not in answer, answer
