"""GitHub's own schema and GitHub's own JavaScript client, both npm packages that are locked in `npm/`.

Where npm is missing these tests are skipped, unless RESPONDBY_REQUIRE_NPM is 1, as in `.ci/run`.
"""

import inspect
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, find_breaking_changes, parse, validate
from tests.sandbox.desk import People

from respondby.forge import queries
from respondby.sandbox.graph.schema import schema
from respondby.sandbox.server import Sandbox

PACKAGE = Path(__file__).parent / "npm"
MANY = {name: make(2) for name, make in vars(queries).items() if inspect.isfunction(make) and name[0] != "_"}
OURS = {
    name: text for name, text in vars(queries).items() if isinstance(text, str) and text.lstrip().startswith("query")
}


def missing() -> bool:
    if shutil.which("npm") and shutil.which("node"):
        return False
    assert os.environ.get("RESPONDBY_REQUIRE_NPM") != "1", "npm and node are needed here, and are not installed"
    return True


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the story and the packages that it needs."""
    if missing():
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("npm")
    for name in ("package.json", "package-lock.json", "story.mjs"):
        shutil.copy(PACKAGE / name, folder)
    install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(install, cwd=folder, check=True, capture_output=True, text=True)
    return folder


@pytest.fixture(scope="module")
def github(modules: Path) -> GraphQLSchema:
    """GitHub's own schema."""
    text = (modules / "node_modules/@octokit/graphql-schema/schema.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid=True)


def test_our_schema_is_a_part_of_githubs(github: GraphQLSchema) -> None:
    assert [change.description for change in find_breaking_changes(schema(), github)] == []


def test_what_githubs_schema_lacks_would_be_found(github: GraphQLSchema) -> None:
    invented = build_schema("type Query { viewer: Int weather: String }")

    found = [change.description for change in find_breaking_changes(invented, github)]

    assert sorted(found) == ["Field Query.viewer changed type from Int to User!.", "Field Query.weather was removed."]


@pytest.mark.parametrize("name", [*OURS, *MANY])
def test_our_queries_are_valid_against_githubs_own_schema(name: str, github: GraphQLSchema) -> None:
    assert [error.message for error in validate(github, parse((OURS | MANY)[name]))] == []


def test_octokit_works_a_case_unchanged(modules: Path, sandbox: Sandbox, people: People) -> None:
    for number in range(1, 5):
        sandbox.open_by_form("acme/desk", "ann", f"Issue {number}", "")
    command = ["node", "story.mjs", sandbox.url, people.ann]
    done = subprocess.run(command, cwd=modules, check=False, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "login": "ann",
        "issues": [5, 4, 3, 2, 1],
        "timeline": ["commented", "assigned", "closed"],
        "merged": True,
        "second": "closed",
        "states": ["1 CLOSED", "2 CLOSED", "3 OPEN", "4 OPEN", "5 OPEN"],
        "refused": "404 Not Found",
    }
