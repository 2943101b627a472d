"""What `fleet.yml` says, and what is told of one that says something else."""

from __future__ import annotations

import pytest

from respondby.fleet.document import Pin, Query, read_fleet
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.shape import shape_problems
from respondby.policy.text.yaml_text import read

COMMIT = "3f2c1a4b5d6e7f8091a2b3c4d5e6f708192a3b4c"

WHOLE = f"""
version: 1
extends: acme/desk@{COMMIT}
overrides:
  all: {{ timezone: Europe/Brussels }}
  acme/Web: {{ clocks: {{ first-response: {{ target: 2h }} }} }}
repositories: [acme/api, acme/web]
queries:
  - {{ owner: acme, topic: support, except: [acme/Old] }}
shards: 5
"""


def test_a_fleet_is_read() -> None:
    fleet = read_fleet(WHOLE)
    assert fleet.pin == Pin("acme/desk", COMMIT, ".github/support.yml")
    assert (fleet.repositories, fleet.shards) == (("acme/api", "acme/web"), 5)
    assert fleet.queries == (Query("acme", "support", frozenset({"acme/old"})),)
    assert [name for name, _ in fleet.changes_of("ACME/web")] == ["all", "acme/web"]
    assert [name for name, _ in fleet.changes_of("acme/api")] == ["all"]
    assert shape_problems(read(WHOLE, path="fleet.yml"), "schemas/fleet.schema.json", path="fleet.yml") == ()


def test_the_policy_may_lie_anywhere_in_its_repository() -> None:
    fleet = read_fleet(f"version: 1\nextends: acme/desk/policies/support.yml@{COMMIT}\nrepositories: [acme/a]\n")
    assert fleet.pin == Pin("acme/desk", COMMIT, "policies/support.yml")


WRONG = [
    ("repositories: [acme/api]", "`version` is missing"),
    ("version: 2\nrepositories: [acme/api]", "reads version 1"),
    ("version: 1", "no repositories"),
    ("version: 1\nrepositories: [api]", "not a repository"),
    ("version: 1\nrepositories: acme/api", "A list"),
    ("version: 1\nrepositorys: [acme/api]", "Did you mean `repositories`?"),
    ("version: 1\nqueries: [{ topic: support }]", "`owner` is missing"),
    ("version: 1\nqueries: [{ owner: acme, topic: Support }]", "not a topic"),
    ("version: 1\nqueries: [{ owner: acme/api }]", "not an account"),
    ("version: 1\nextends: acme/desk\nrepositories: [acme/api]", "at a commit"),
    ("version: 1\nextends: acme/desk@main\nrepositories: [acme/api]", "`main` may be another policy tomorrow"),
    ("version: 1\nextends: acme/desk@v1.2.0\nrepositories: [acme/api]", "git ls-remote https://github.com/acme/desk"),
    ("version: 1\nextends: acme/desk@3f2c1a4\nrepositories: [acme/api]", "Write the whole commit"),
    (f"version: 1\nextends: acme/desk@{COMMIT.upper()}\nrepositories: [acme/api]", "whole commit"),
    ("version: 1\noverrides: { all: { timezone: UTC } }\nrepositories: [acme/api]", "no policy is inherited"),
    (f"version: 1\nextends: a/b@{COMMIT}\noverrides: {{ everyone: {{}} }}\nrepositories: [acme/api]", "Write `all`"),
    (f"version: 1\nextends: a/b@{COMMIT}\noverrides: {{ all: UTC }}\nrepositories: [acme/api]", "policy's keys"),
    (f"version: 1\nextends: a/b@{COMMIT}\noverrides: {{ all: {{ version: 2 }} }}\nrepositories: [a/b]", "stays as it"),
    ("version: 1\nrepositories: [acme/api]\nshards: 0", "whole number"),
    ("version: 1\nrepositories: [acme/api]\nshards: 300", "256 jobs"),
    ("[acme/api]", "mapping"),
]


@pytest.mark.parametrize("text, says", WRONG)
def test_what_is_no_fleet_is_refused_with_its_place_and_a_way_out(text: str, says: str) -> None:
    with pytest.raises(PolicyError) as found:
        read_fleet(text)
    assert says in str(found.value)
    assert ".github/fleet.yml:" in str(found.value)


@pytest.mark.parametrize("text, says", WRONG)
def test_the_schema_refuses_what_is_no_fleet(text: str, says: str) -> None:
    assert shape_problems(read(text, path="fleet.yml"), "schemas/fleet.schema.json", path="fleet.yml"), says


def test_a_repository_that_is_named_twice_is_told() -> None:
    with pytest.raises(PolicyError, match="named twice"):
        read_fleet("version: 1\nrepositories: [acme/api, acme/API]\n")


def test_a_path_that_leaves_the_repository_is_refused() -> None:
    with pytest.raises(PolicyError, match="cannot be read inside a repository"):
        read_fleet(f"version: 1\nextends: acme/desk/../x.yml@{COMMIT}\nrepositories: [acme/api]\n")
