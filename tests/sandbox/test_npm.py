"""GitHub's own schema and GitHub's own JavaScript client, both npm packages that are locked in `npm/`.

The package of the schema stands still since early 2025: it lacks what GitHub has added since (`newer.graphql` has that,
as far as it is served here), and defines two fields of one type twice, alike, which changes nothing for a judge.

Where npm is missing these tests are skipped, unless RESPONDBY_REQUIRE_NPM is 1, as in `.ci/run`.
"""

import inspect
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    GraphQLSchema,
    TypeDefinitionNode,
    TypeExtensionNode,
    build_ast_schema,
    build_schema,
    extend_schema,
    find_breaking_changes,
    parse,
    print_ast,
    print_schema,
    validate,
)
from tests.npm import packages
from tests.sandbox.desk import People

from respondby.forge import queries
from respondby.sandbox.graph.schema import schema
from respondby.sandbox.server import Sandbox

PACKAGE = Path(__file__).parent / "npm"
NEWER = parse((Path(__file__).parent / "newer.graphql").read_text(encoding="utf-8"))
MANY = {name: make(2) for name, make in vars(queries).items() if inspect.isfunction(make) and name[0] != "_"}
OURS = {
    name: text for name, text in vars(queries).items() if isinstance(text, str) and text.lstrip().startswith("query")
}


#: In one process, which makes GitHub's schema once.
pytestmark = pytest.mark.xdist_group("npm")


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the story and the packages that it needs."""
    folder = tmp_path_factory.mktemp("npm")
    shutil.copy(PACKAGE / "story.mjs", folder)
    (folder / "node_modules").symlink_to(packages(PACKAGE / "package-lock.json"))
    return folder


@pytest.fixture(scope="module")
def packaged(modules: Path) -> DocumentNode:
    """GitHub's own schema, as npm has it."""
    return parse((modules / "node_modules/@octokit/graphql-schema/schema.graphql").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def github(packaged: DocumentNode) -> GraphQLSchema:
    """GitHub's own schema, with what is newer than npm's package of it."""
    return extend_schema(build_ast_schema(packaged, assume_valid=True), NEWER, assume_valid=True)


def _parts(document: DocumentNode) -> set[str]:
    """Every type that a document defines, and every field, value and input field of a type."""
    found: set[str] = set()
    for definition in document.definitions:
        if not isinstance(definition, TypeDefinitionNode | TypeExtensionNode):
            continue
        if isinstance(definition, TypeDefinitionNode):
            found.add(definition.name.value)
        inner = getattr(definition, "fields", None) or getattr(definition, "values", None) or ()
        found |= {f"{definition.name.value}.{part.name.value}" for part in inner}
    return found


def test_what_is_newer_is_only_what_the_package_lacks_and_all_of_it_is_served(packaged: DocumentNode) -> None:
    newer, ours = _parts(NEWER), _parts(parse(print_schema(schema())))

    assert sorted(newer & _parts(packaged)) == []
    assert sorted(newer - ours) == []


def test_what_the_package_defines_twice_is_alike_both_times(packaged: DocumentNode) -> None:
    for definition in packaged.definitions:
        known: dict[str, str] = {}
        for part in getattr(definition, "fields", None) or ():
            text = print_ast(part.type)
            assert known.setdefault(part.name.value, text) == text


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
