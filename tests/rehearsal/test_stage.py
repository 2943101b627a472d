"""What a scenario is played on."""

from pathlib import Path

import pytest
from tests.rehearsal.house import BODY_FILE, HEAD, POLICY

from respondby.policy.loading.loader import load
from respondby.policy.text.problems import PolicyError
from respondby.rehearsal.ground import DESK, REPOSITORY
from respondby.rehearsal.reading import parse_scenario
from respondby.rehearsal.sense import read_policy
from respondby.rehearsal.stage import Stage

ROTA = "- { from: 2026-01-05T10:00, until: 2026-01-06T10:00, on: ann }\n"
WITH_FILES = POLICY + (
    "rotas: { night: { timezone: UTC, handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 },"
    " members: [ann], overrides: rota/night.yml } }\n"
)


@pytest.mark.parametrize("policy,root", [("support.yml", "."), (".github/support.yml", ".")])
def test_a_policy_is_read_with_the_files_that_it_names(tmp_path: Path, policy: str, root: str) -> None:
    (tmp_path / root / "rota").mkdir(parents=True)
    (tmp_path / root / "rota" / "night.yml").write_text(ROTA)
    (tmp_path / root / "hook.json").write_text(BODY_FILE)
    (tmp_path / policy).parent.mkdir(exist_ok=True)
    (tmp_path / policy).write_text(WITH_FILES)
    read, text, files = read_policy(tmp_path / policy)
    assert read.desk == "Help desk"
    assert text == WITH_FILES
    assert files == {"rota/night.yml": ROTA, "hook.json": BODY_FILE}


def test_a_policy_without_its_files_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_text(WITH_FILES)
    with pytest.raises(PolicyError, match=r"support\.yml:"):
        read_policy(tmp_path / "support.yml")


def test_people_stand_where_the_policy_and_the_scenario_put_them(tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_text(POLICY)
    scenario = parse_scenario(HEAD + "  - { at: 09:00, who: carla, opens: , title: T }\n", "s.yml", tmp_path)
    files = {"hook.json": BODY_FILE}
    found = {}
    with Stage(scenario, load(POLICY, files=files), POLICY, files) as stage:
        for login in ("ann", "mia", "carla", "mallory"):
            _, issue = stage.call(login, "POST", "/issues", {"title": login})
            found[login] = issue["author_association"]
        _, forms = stage.call("carla", "GET", "/contents/.github/ISSUE_TEMPLATE")
        desk = stage.forge.workflow_token(REPOSITORY, {"issues": "write"})
        _, mine = stage.forge.call("POST", f"/repos/{REPOSITORY}/issues", desk, {"title": "ours"})
        assert stage.forge.now() == "2026-01-05T09:00:00Z"
    assert found == {"ann": "MEMBER", "mia": "MEMBER", "carla": "NONE", "mallory": "NONE"}
    assert [form["name"] for form in forms] == ["config.yml", "question.yml"]
    assert mine["user"]["login"] == DESK
