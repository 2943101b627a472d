"""A file that a policy names is one of the repository, wherever links lead."""

import pytest
from click.testing import CliRunner

from respondby.cli.check import command

POLICY = """version: 1
desk: Help desk
people: { ann: {} }
rotas:
  week:
    timezone: UTC
    handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }
    members: [ann]
    overrides: rota/week.yml
roles: { first: { rota: week } }
"""


def checked(repository, leads_to):
    (repository / ".github").mkdir(parents=True)
    (repository / ".github/support.yml").write_text(POLICY)
    (repository / "rota").mkdir()
    (repository / "rota/week.yml").symlink_to(leads_to)
    return CliRunner().invoke(command, [str(repository / ".github/support.yml")]).output


@pytest.mark.parametrize("place", ["outside.yml", "repository/.git/config.yml"])
def test_a_link_out_of_the_repository_is_not_read_and_nothing_there_is_quoted(tmp_path, place):
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / place).write_text("- { from: confidential, until: 2026-01-02, on: ann }\n")

    output = checked(tmp_path / "repository", tmp_path / place)

    assert "confidential" not in output
    assert "This file is not in the repository." in output


def test_a_link_inside_the_repository_is_followed(tmp_path):
    (tmp_path / "others").mkdir()
    (tmp_path / "others/week.yml").write_text("- { from: soon, until: 2026-01-02, on: ann }\n")

    assert "“soon” is not a time." in checked(tmp_path, "../others/week.yml")


def test_a_policy_that_is_a_link_out_of_the_repository_is_not_read(tmp_path):
    (tmp_path / "outside.yml").write_text("confidential: 1\n")
    policy = tmp_path / "repository/.github/support.yml"
    policy.parent.mkdir(parents=True)
    policy.symlink_to(tmp_path / "outside.yml")

    output = CliRunner().invoke(command, [str(policy)]).output

    assert "confidential" not in output
    assert "support.yml:1:1: error: This is a link that leaves the repository, and was not read." in output
